"""Why a household is kept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.core.forms import plain_helper


class LegalHoldForm(forms.Form):
    reason = forms.CharField(
        label=_("Why must this household be kept?"), max_length=200,
        error_messages={"required": _("Say why this household must be kept.")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
