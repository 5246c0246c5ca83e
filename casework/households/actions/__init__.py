"""What may happen to a household."""

from casework.households.actions.access import give_access_reason, given_reason, is_own, needs_reason
from casework.households.actions.closing import HouseholdClosed, close_household
from casework.households.actions.contact import CONTACT_FIELDS, ChangedMeanwhile, change_contact
from casework.households.actions.duplicates import Duplicates, PossibleDuplicate, find_duplicates
from casework.households.actions.members import BsnKnown, NewMember, add_member, describe, make_member
from casework.households.actions.owners import OwnedAlready, allocate_household
from casework.households.actions.registering import NewThreat, register_household
from casework.households.actions.terms import (
    meet_term,
    open_decision_term,
    recompute_terms,
    record_threat,
    reopen_term,
    withdraw_decision_term,
)

__all__ = [
    "CONTACT_FIELDS", "BsnKnown", "ChangedMeanwhile", "Duplicates", "HouseholdClosed", "NewMember", "NewThreat",
    "OwnedAlready", "PossibleDuplicate", "add_member", "allocate_household", "change_contact", "close_household",
    "describe", "find_duplicates", "give_access_reason", "given_reason", "is_own", "make_member", "meet_term",
    "needs_reason", "open_decision_term", "recompute_terms", "record_threat", "register_household", "reopen_term",
    "withdraw_decision_term",
]  # fmt: skip
