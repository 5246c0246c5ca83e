"""Which models have a history of changes, and which have none and why. A consistency test wants each in one of the two.

A model that is added here, or a tracked one that changes, wants a migration: `makemigrations`, and for a new one also
`migrations.RunSQL("select casework_keep_history('casework_…change')")`, which a test asks for.
"""

from casework.appointments.models import Appointment, CorrectionProposal, FollowUp, PhoneAttempt, WaitingEntry
from casework.core import history
from casework.debts.models import Creditor, Debt, DebtFile, JournalEntry, Phase
from casework.households import models as households
from casework.privacy.models import DataRequest
from casework.retention.models import LegalHold

# About residents and their case.
TRACKED = (
    households.Household,
    households.Member,
    households.Threat,
    households.Term,
    households.ChannelConsent,
    households.Agreement,
    households.LifeEvent,
    households.Helper,
    households.ProgrammeLabel,
    households.Note,
    households.ContactAttempt,
    households.Task,
    households.TransferProposal,
    households.Merge,
    Appointment,
    PhoneAttempt,
    CorrectionProposal,
    FollowUp,
    WaitingEntry,
    DebtFile,
    DebtFile.clients.through,
    Phase,
    Creditor,
    Debt,
    JournalEntry,
    LegalHold,
    DataRequest,
)

_SETTINGS = "a setting: its line in the audit trail holds what was changed"
_STAFF = "about staff, not residents: its line in the audit trail holds what was changed"
_WRITTEN_ONCE = "written once and never changed: it is a record itself"
_OWN_RECORD = "a row of the machinery: its own columns say what happened and when"
NOT_TRACKED = {
    "casework.user": _STAFF,
    "casework.user_groups": "not used: each user has one role",
    "casework.user_user_permissions": "not used: each user has one role",
    "casework.auditentry": "the audit trail itself, which nobody changes",
    "casework.auditlink": "the audit trail itself, which nobody changes",
    "casework.concept": "gone after a day: half filled-in forms are no record",
    "casework.area": _SETTINGS,
    "casework.neighbourhood": _SETTINGS,
    "casework.location": _SETTINGS,
    "casework.openinghours": _SETTINGS,
    "casework.calendarday": _SETTINGS,
    "casework.team": _SETTINGS,
    "casework.posting": _STAFF,
    "casework.counsellor": _STAFF,
    "casework.workinghours": _STAFF,
    "casework.absence": _STAFF,
    "casework.cancelcode": "a secret of a resident; what it did stands in the appointment",
    "casework.calendarfeed": "a secret of a counsellor, and no record",
    "casework.unrecordednotice": _WRITTEN_ONCE,
    "casework.occupancy": "a copy of the times of appointments, kept by a trigger",
    "casework.searchword": "a copy of names for searching, kept by a trigger",
    "casework.accessreason": _WRITTEN_ONCE,
    "casework.mergestep": _WRITTEN_ONCE,
    "casework.message": _OWN_RECORD,
    "casework.letterbatch": _OWN_RECORD,
    "casework.messagetext": "a setting of which a version is never changed once it is approved",
    "casework.forbiddenword": _SETTINGS,
    "casework.wordingtrial": "a setting that is never changed once it is approved, but ended earlier",
    "casework.receivedtext": _OWN_RECORD,
    "casework.heartbeat": _OWN_RECORD,
    "casework.appointmenttype": _SETTINGS,
    "casework.missedreason": _SETTINGS,
    "casework.remindermoments": "a setting of which rows are only ever added",
    "casework.retentionterm": _SETTINGS,
    "casework.thresholdvalue": "a setting of which rows are only ever added",
    "casework.destruction": "the destruction log, which nobody changes",
    # Partners: nothing about residents yet.
    "partners.organisation": _SETTINGS,
    "partners.membership": _STAFF,
}

for _model in TRACKED:
    history.keep(_model, tracked=TRACKED)
