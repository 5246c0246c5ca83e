"""Households, their members, threats and legal terms."""

from casework.households.models.access import AccessReason, AccessReasonKind
from casework.households.models.household import CameThrough, ContactChannel, ExitReason, Household, HouseholdQuerySet
from casework.households.models.members import Gender, Member, MemberRole
from casework.households.models.search import MOST_TERMS, SearchTerm
from casework.households.models.terms import Term, TermKind, TermQuerySet, Threat, ThreatKind

__all__ = [
    "MOST_TERMS", "AccessReason", "AccessReasonKind", "CameThrough", "ContactChannel", "ExitReason", "Gender",
    "Household", "HouseholdQuerySet", "Member", "MemberRole", "SearchTerm", "Term", "TermKind", "TermQuerySet",
    "Threat", "ThreatKind",
]  # fmt: skip
