"""ETF's answers where allauth asks: who comes in, where to, in which words, and what is written down (S01, R-98)."""

import time

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.utils import get_next_redirect_url
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from casework.core import clock, dates, encryption
from casework.core.login import concepts, events, idle, landing, lockout
from casework.core.models import User

WRONG_KEY = _("This passkey is not known here. Try again, or log in another way.")

METHODS = {
    "reauthenticate": _("Use your password"),
    "mfa_reauthenticate": _("Use a code"),
    "mfa_reauthenticate:webauthn": _("Use a passkey"),
}
SAVED = {
    "totp_activated": _("The authenticator app is set up."),
    "totp_deactivated": _("The authenticator app is removed."),
    "webauthn_added": _("The passkey is saved."),
    "webauthn_removed": _("The passkey is removed."),
    "recovery_codes_generated": _("There are new recovery codes. The old ones no longer work."),
}


def shut_until(locked: lockout.Locked) -> ValidationError:
    """The refusal of R-98, with the time until which one must wait."""
    until = dates.clock_time(clock.local(locked.until))
    return ValidationError(
        _now("This went wrong five times. Wait until %(time)s, or call the administrator.") % {"time": until}
    )


class AccountAdapter(DefaultAccountAdapter):
    """Closed to strangers, shut after five failures, and every coming and going in the audit trail."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The user name or the password is not right. Try again."),
        "incorrect_password": _("The password is not right. Try again."),
        "too_many_login_attempts": _("This went wrong five times. Wait 15 minutes, or call the administrator."),
        "rate_limited": _("This went wrong five times. Wait 15 minutes, or call the administrator."),
    }

    def is_open_for_signup(self, request):
        """Accounts are made by an administrator; nobody signs up."""
        return False

    def is_safe_url(self, url):
        """Only addresses of this very site, never another host that settings happen to know."""
        request = context.request
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )

    def add_message(self, request, level, message_template=None, *args, message=None, **kwargs):
        """The sentences of ETF itself only: allauth's own are in words of its own."""
        if message:
            super().add_message(request, level, message=message)

    def pre_authenticate(self, request, **credentials):
        self._attempt = lockout.Attempt(
            name=credentials.get("username", ""), address=events.network_address(request), now=clock.now()
        )
        try:
            self._attempt.begin()
        except lockout.Locked as locked:
            raise shut_until(locked) from locked

    def _rollback_login_failed_rl_usage(self):
        self._attempt.succeed()

    def authentication_failed(self, request, **credentials):
        user = User.objects.filter(username__iexact=credentials.get("username", "")).first()
        events.failed(request, user, how="password", shut=self._attempt.fail())

    def pre_login(self, request, user, **kwargs):
        if not user.is_active:
            events.failed(request, user, how="closed account")
        return super().pre_login(request, user, **kwargs)

    def post_login(self, request, user, *, redirect_url, **kwargs):
        """To the page that was asked for, if it is ours and this user may see it; otherwise to the first page (S01)."""
        wanted = redirect_url or get_next_redirect_url(request)
        target = wanted if wanted and landing.may_open(user, wanted) else resolve_url(settings.LOGIN_REDIRECT_URL)
        response = super().post_login(request, user, redirect_url=target, **kwargs)
        idle.see(request.session)
        events.came_in(request, user)
        concepts.greet(request, user)
        return response

    def logout(self, request):
        user = request.user
        super().logout(request)
        if user.is_authenticated:
            events.went_out(request, user)

    def is_reauthentication_required(self, *, app, **kwargs):
        """Whoever logged in within the last minutes has just shown who they are."""
        request = context.request
        shown = [one["at"] for one in get_authentication_records(request, request.user)]
        just_now = shown and time.time() - max(shown) < account_settings.REAUTHENTICATION_TIMEOUT
        return not just_now and super().is_reauthentication_required(app=app, **kwargs)

    def get_reauthentication_methods(self, user):
        return [one | {"description": METHODS[one["id"]]} for one in super().get_reauthentication_methods(user)]

    def send_notification_mail(self, template_prefix, user, *args, **kwargs):
        """allauth tells the owner by mail that a second factor changed; here that is a line in the audit trail."""
        what = template_prefix.rpartition("/")[2]
        events.changed_second_factor(self.request, user, what)
        messages.success(self.request, SAVED.get(what, _("Your login is changed.")))


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are encrypted with the key ring of BSNs."""

    error_messages = DefaultMFAAdapter.error_messages | {
        # Codes have their own sentence, in casework.core.login.forms.
        "incorrect_code": WRONG_KEY,
        "cannot_generate_recovery_codes": _("Set up an authenticator app or a passkey first."),
    }

    def encrypt(self, text):
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text):
        return encryption.decrypt(encrypted_text)

    def get_totp_label(self, user):
        return user.username

    def get_totp_issuer(self):
        return "ETF"

    def generate_authenticator_name(self, user, type):
        number = user.authenticator_set.filter(type=type).count() + 1
        return _now("Passkey %(number)d") % {"number": number}
