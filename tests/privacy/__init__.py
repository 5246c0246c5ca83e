"""What privacy officer and supervisor see of the audit trail, and what residents ask about their own data."""
