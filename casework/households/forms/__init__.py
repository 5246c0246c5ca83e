"""What somebody asks about a household."""

from casework.households.forms.around import (
    AgreementForm,
    ChangeHelperForm,
    ChangeLifeEventForm,
    ChangeProgrammeForm,
    ConsentForm,
    ContactAttemptForm,
    HelperForm,
    LifeEventForm,
    NoteForm,
    ProgrammeForm,
)
from casework.households.forms.contact import ContactFields, ContactForm
from casework.households.forms.members import ChangeMemberForm, MemberForm
from casework.households.forms.others import AccessReasonForm, AllocateForm, ThreatForm
from casework.households.forms.registering import AlikeForm, RegisterForm, compare
from casework.households.forms.reopening import ReopenForm

__all__ = [
    "AccessReasonForm", "AgreementForm", "AlikeForm", "AllocateForm", "ChangeHelperForm", "ChangeLifeEventForm", "ChangeMemberForm",
    "ChangeProgrammeForm", "ConsentForm", "ContactAttemptForm", "ContactFields", "ContactForm", "HelperForm", "LifeEventForm", "MemberForm",
    "NoteForm", "ProgrammeForm", "RegisterForm", "ReopenForm", "ThreatForm", "compare",
]  # fmt: skip
