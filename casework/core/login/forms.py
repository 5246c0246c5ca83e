"""Codes of a second factor: guesses count as failed logins of that name (R-98)."""

from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.login import events, lockout
from casework.core.login.adapters import shut_until

WRONG_CODE = _("This code is not right. Try the next one.")


def _code_field() -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "form-control"})
    return forms.CharField(label=_("Code"), max_length=20, widget=widget)


class _Counted:
    """Each wrong code takes one of the five; a right one takes none."""

    def clean_code(self):
        request = context.request
        attempt = lockout.Attempt(name=self.user.username, address=events.network_address(request), now=clock.now())
        try:
            attempt.begin()
        except lockout.Locked as locked:
            raise shut_until(locked) from locked
        try:
            code = super().clean_code()
        except forms.ValidationError as error:
            events.failed(request, self.user, how="code", shut=attempt.fail())
            raise forms.ValidationError(WRONG_CODE) from error
        attempt.succeed()
        return code


class CodeForm(_Counted, AuthenticateForm):
    code = _code_field()


class ConfirmCodeForm(_Counted, ReauthenticateForm):
    code = _code_field()


class SetUpAppForm(ActivateTOTPForm):
    """Guessing helps nobody here: the secret is on the screen."""

    code = _code_field()

    def clean_code(self):
        try:
            return super().clean_code()
        except forms.ValidationError as error:
            raise forms.ValidationError(WRONG_CODE) from error
