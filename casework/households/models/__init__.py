"""Households, their members, what happens to them, what they agreed to, and their legal terms."""

from casework.households.models.access import AccessReason, AccessReasonKind
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
    AdministratorKind,
    CameThrough,
    ContactChannel,
    ExitReason,
    Household,
    HouseholdQuerySet,
    PreferredPhone,
)
from casework.households.models.members import Gender, Member, MemberRole
from casework.households.models.search import MOST_TERMS, SearchTerm
from casework.households.models.terms import Term, TermKind, TermQuerySet, Threat, ThreatKind

__all__ = [
    "MOST_TERMS", "AccessReason", "AccessReasonKind", "AdministratorKind", "Agreement", "AgreementHow",
    "AgreementWith", "CameThrough", "ChannelConsent", "ConsentChannel", "ConsentSource", "ContactChannel",
    "ExitReason", "Gender", "Helper", "Household", "HouseholdQuerySet", "LifeEvent", "LifeEventKind", "Member",
    "MemberRole", "Note", "NoteKind", "PreferredPhone", "Programme", "ProgrammeLabel", "SearchTerm", "SharedField",
    "Term", "TermKind", "TermQuerySet", "Threat", "ThreatKind",
]  # fmt: skip
