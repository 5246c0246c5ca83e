"""What somebody asks about a household."""

from casework.households.forms.contact import ContactFields, ContactForm
from casework.households.forms.members import MemberForm
from casework.households.forms.others import AccessReasonForm, AllocateForm, ThreatForm
from casework.households.forms.registering import RegisterForm

__all__ = [
    "AccessReasonForm", "AllocateForm", "ContactFields", "ContactForm", "MemberForm", "RegisterForm", "ThreatForm",
]  # fmt: skip
