"""What threatens, who owns it, and why somebody looks."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.core.forms import DutchDateField, TokenField, plain_helper
from casework.counsellors.models import Counsellor
from casework.households.models import AccessReasonKind, ThreatKind


class ThreatForm(forms.Form):
    token = TokenField()
    kind = forms.ChoiceField(
        label=_("What threatens?"), choices=ThreatKind.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose what threatens.")},
    )  # fmt: skip
    happens_on = DutchDateField(label=_("When does it happen? (not required)"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class AllocateForm(forms.Form):
    owner = forms.ModelChoiceField(
        label=_("Counsellor"), queryset=Counsellor.objects.filter(active=True).select_related("user"),
        error_messages={"required": _("Choose a counsellor.")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class AccessReasonForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("Why do you open it?"), choices=AccessReasonKind.choices, widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason.")},
    )  # fmt: skip
    text = forms.CharField(label=_("Explanation (not required)"), max_length=200, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("kind") == AccessReasonKind.OTHER and not cleaned.get("text"):
            self.add_error("text", gettext("Say what the reason is."))
        return cleaned
