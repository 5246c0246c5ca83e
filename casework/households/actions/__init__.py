"""What may happen to a household."""

from casework.households.actions.access import give_access_reason, given_reason, is_own, needs_reason
from casework.households.actions.attempts import log_contact_attempt
from casework.households.actions.closing import HouseholdClosed, close_household
from casework.households.actions.consents import NewAgreement, give_agreement, record_consent, withdraw_agreement
from casework.households.actions.contact import CONTACT_FIELDS, change_contact
from casework.households.actions.duplicates import Duplicates, PossibleDuplicate, find_duplicates
from casework.households.actions.events import (
    add_helper,
    add_life_event,
    add_programme,
    change_helper,
    change_life_event,
    change_programme,
    write_note,
)
from casework.households.actions.finding import note_search
from casework.households.actions.locking import MergedMeanwhile, lock_household
from casework.households.actions.members import (
    BsnKnown,
    NewMember,
    add_member,
    change_member,
    describe,
    make_member,
)
from casework.households.actions.merging import (
    CONTACT_CHOICES,
    PROTECTIVE,
    WAYS,
    CannotMerge,
    absorb,
    check_can_merge,
    decline_merge,
    differing,
    in_order,
    is_same_person,
    lock_two,
    pointing_at_a_household,
    propose_merge,
    undo_merge,
    usual_takes,
)
from casework.households.actions.owners import OwnedAlready, allocate_household
from casework.households.actions.registering import NewThreat, register_household
from casework.households.actions.reopening import (
    CannotReopen,
    ReopenedAlready,
    check_can_reopen,
    reopen_household,
)
from casework.households.actions.terms import (
    end_threat,
    meet_term,
    open_decision_term,
    recompute_terms,
    record_threat,
    reopen_term,
    withdraw_decision_term,
)
from casework.households.actions.transfer import (
    ProposedAlready,
    SettledAlready,
    change_owner,
    decline_transfer,
    propose_transfer,
)

__all__ = [
    "CONTACT_CHOICES",
    "CONTACT_FIELDS",
    "PROTECTIVE",
    "WAYS",
    "BsnKnown",
    "CannotMerge",
    "CannotReopen",
    "Duplicates",
    "HouseholdClosed",
    "MergedMeanwhile",
    "NewAgreement",
    "NewMember",
    "NewThreat",
    "OwnedAlready",
    "PossibleDuplicate",
    "ProposedAlready",
    "ReopenedAlready",
    "SettledAlready",
    "absorb",
    "add_helper",
    "add_life_event",
    "add_member",
    "add_programme",
    "allocate_household",
    "change_contact",
    "change_helper",
    "change_life_event",
    "change_member",
    "change_owner",
    "change_programme",
    "check_can_merge",
    "check_can_reopen",
    "close_household",
    "decline_merge",
    "decline_transfer",
    "describe",
    "differing",
    "end_threat",
    "find_duplicates",
    "give_access_reason",
    "give_agreement",
    "given_reason",
    "in_order",
    "is_own",
    "is_same_person",
    "lock_household",
    "lock_two",
    "log_contact_attempt",
    "make_member",
    "meet_term",
    "needs_reason",
    "note_search",
    "open_decision_term",
    "pointing_at_a_household",
    "propose_merge",
    "propose_transfer",
    "recompute_terms",
    "record_consent",
    "record_threat",
    "register_household",
    "reopen_household",
    "reopen_term",
    "undo_merge",
    "usual_takes",
    "withdraw_agreement",
    "withdraw_decision_term",
    "write_note",
]  # fmt: skip
