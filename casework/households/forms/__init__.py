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
from casework.households.forms.parts import row_of
from casework.households.forms.registering import AlikeForm, RegisterForm, compare
from casework.households.forms.reopening import ReopenForm
from casework.households.forms.tasks import ChangeTaskForm, TaskForm

__all__ = [
    "AccessReasonForm",
    "AgreementForm",
    "AlikeForm",
    "AllocateForm",
    "ChangeHelperForm",
    "ChangeLifeEventForm",
    "ChangeMemberForm",
    "ChangeProgrammeForm",
    "ChangeTaskForm",
    "ConsentForm",
    "ContactAttemptForm",
    "ContactFields",
    "ContactForm",
    "HelperForm",
    "LifeEventForm",
    "MemberForm",
    "NoteForm",
    "ProgrammeForm",
    "RegisterForm",
    "ReopenForm",
    "TaskForm",
    "ThreatForm",
    "compare",
    "row_of",
]
