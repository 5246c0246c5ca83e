"""Households, their members, what happens to them, what they agreed to, and their legal terms."""

from casework.households.models.access import AccessReason, AccessReasonKind
from casework.households.models.attempts import AttemptKind, AttemptResult, ContactAttempt
from casework.households.models.belonging import rows_about, way_to_household
from casework.households.models.consents import (
    Agreement,
    AgreementHow,
    AgreementWith,
    ChannelConsent,
    ConsentChannel,
    ConsentSource,
    SharedField,
)
from casework.households.models.events import (
    Helper,
    LifeEvent,
    LifeEventKind,
    Note,
    NoteKind,
    Programme,
    ProgrammeLabel,
)
from casework.households.models.household import (
    CAME,
    NO_SHOW,
    AdministratorKind,
    CameThrough,
    Composition,
    ContactChannel,
    ExitReason,
    Household,
    HouseholdQuerySet,
    PreferredPhone,
    missed_in_a_row,
)
from casework.households.models.members import BornKnown, Gender, Member, MemberRole
from casework.households.models.merges import UNDO_DAYS, Merge, MergeState, MergeStep
from casework.households.models.proposals import ProposalState, TransferProposal
from casework.households.models.quick import MOST_COUNTED, MOST_SHOWN, Found, quick_find
from casework.households.models.search import LONGEST_SEARCH, MOST_TERMS, Rank, SearchTerm, typed_text
from casework.households.models.tasks import (
    OUTLIVES_HELP,
    UNDO_FOR,
    Move,
    Task,
    TaskKind,
    TaskQuerySet,
    TaskState,
)
from casework.households.models.terms import Term, TermKind, TermQuerySet, Threat, ThreatKind
from casework.households.models.words import SearchWord

__all__ = [
    "CAME",
    "LONGEST_SEARCH",
    "MOST_COUNTED",
    "MOST_SHOWN",
    "MOST_TERMS",
    "NO_SHOW",
    "OUTLIVES_HELP",
    "UNDO_DAYS",
    "UNDO_FOR",
    "AccessReason",
    "AccessReasonKind",
    "AdministratorKind",
    "Agreement",
    "AgreementHow",
    "AgreementWith",
    "AttemptKind",
    "AttemptResult",
    "BornKnown",
    "CameThrough",
    "ChannelConsent",
    "Composition",
    "ConsentChannel",
    "ConsentSource",
    "ContactAttempt",
    "ContactChannel",
    "ExitReason",
    "Found",
    "Gender",
    "Helper",
    "Household",
    "HouseholdQuerySet",
    "LifeEvent",
    "LifeEventKind",
    "Member",
    "MemberRole",
    "Merge",
    "MergeState",
    "MergeStep",
    "Move",
    "Note",
    "NoteKind",
    "PreferredPhone",
    "Programme",
    "ProgrammeLabel",
    "ProposalState",
    "Rank",
    "SearchTerm",
    "SearchWord",
    "SharedField",
    "Task",
    "TaskKind",
    "TaskQuerySet",
    "TaskState",
    "Term",
    "TermKind",
    "TermQuerySet",
    "Threat",
    "ThreatKind",
    "TransferProposal",
    "missed_in_a_row",
    "quick_find",
    "rows_about",
    "typed_text",
    "way_to_household",
]  # fmt: skip
