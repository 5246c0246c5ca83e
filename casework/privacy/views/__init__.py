"""Doors to the audit trail and to what residents ask about their own data."""

from casework.privacy.views.requests import add_data_request, answer_data_request, data_requests, export_inspection
from casework.privacy.views.trail import audit_line, export_audit, odd_looks, trail, who_looked

__all__ = [
    "add_data_request", "answer_data_request", "audit_line", "data_requests", "export_audit", "export_inspection",
    "odd_looks", "trail", "who_looked",
]  # fmt: skip
