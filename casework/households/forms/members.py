"""A person in a household."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.core.forms import BsnField, DutchDateField, plain_helper
from casework.households.actions import NewMember
from casework.households.forms.parts import with_prefix
from casework.households.models import MemberRole


class MemberForm(forms.Form):
    """Somebody who lives in the household (S06: "later is fine too")."""

    given_names = forms.CharField(
        label=_("First name"), max_length=80, error_messages={"required": _("Enter the first name.")}
    )
    prefix = forms.CharField(label=_("Prefix (not required)"), max_length=20, required=False)
    surname = forms.CharField(label=_("Surname (not required)"), max_length=80, required=False)
    born = DutchDateField(
        label=_("Date of birth (not required)"), required=False, birth=True, help_text=_("For example 17 5 1984.")
    )
    role = forms.ChoiceField(label=_("Role"), choices=MemberRole.choices[1:], initial=MemberRole.PARTNER)
    bsn = BsnField(label=_("BSN (not required)"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def person(self) -> NewMember:
        return NewMember(**with_prefix(self.cleaned_data))
