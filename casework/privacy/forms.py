"""What a resident asks about their own data, and how it was answered (R-64)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.forms import DutchDateField, KnownField, TokenField, plain_helper
from casework.households.models import Household, Member
from casework.privacy.models import Outcome, RequestKind

_EMPTY = ("", _("Choose"))


class DataRequestForm(forms.Form):
    token = TokenField()
    kind = forms.ChoiceField(
        label=_("What does the resident ask?"), choices=[_EMPTY, *RequestKind.choices],
        error_messages={"required": _("Choose what the resident asks.")},
    )  # fmt: skip
    member = KnownField(
        Member.objects.none(), label=_("Who asks?"), empty_label=_("Choose"),
        error_messages={"required": _("Choose who asks."), "invalid_choice": _("Choose who asks.")},
    )  # fmt: skip
    received_on = DutchDateField(
        label=_("Received on"), initial=clock.today,
        help_text=_("For example 2 11 2026. The answer is due within a month."),
        error_messages={"required": _("Enter the date.")},
    )  # fmt: skip

    def __init__(self, data=None, *, household: Household):
        super().__init__(data)
        self.fields["member"].queryset = household.members.order_by("pk")
        self.helper = plain_helper()


class AnswerForm(forms.Form):
    outcome = forms.ChoiceField(
        label=_("How was it answered?"), choices=[_EMPTY, *Outcome.choices],
        error_messages={"required": _("Choose how it was answered.")},
    )  # fmt: skip
    explanation = forms.CharField(
        label=_("Explanation"), required=False, max_length=300,
        help_text=_("Not required when it is granted. Write what you told the resident."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
