"""What somebody is asked whenever a file begins: for the first time (S06), or again (R-62)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.forms import DutchDateField, TokenField
from casework.households.actions import NewThreat
from casework.households.models import CameThrough, ThreatKind


class ArrivingFields(forms.Form):
    """How somebody came here, what threatens, and why they are not who they look like (R-05, R-52)."""

    token = TokenField()
    came_through = forms.ChoiceField(
        label=_("How did you get here?"), choices=CameThrough.choices, initial=CameThrough.SELF
    )
    threats = forms.MultipleChoiceField(
        label=_("Does something threaten? (not required)"),
        choices=ThreatKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Then the first talk must be within 3 working days."),
    )
    threat_date = DutchDateField(label=_("When does it happen? (not required)"), required=False)
    duplicate_reason = forms.CharField(
        label=_("Why is this somebody else?"), max_length=200, required=False, widget=forms.HiddenInput
    )

    def new_threats(self) -> list[NewThreat]:
        now = clock.now()
        return [NewThreat(kind, now, self.cleaned_data["threat_date"]) for kind in self.cleaned_data["threats"]]
