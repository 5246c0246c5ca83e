"""What stands between a request and a page: the idle limit, the login page, the second factor (S01, R-98)."""

from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.sessions.models import Session
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from casework.core.login import concepts, events, idle

# What a script asks by itself, also when the warning takes the focus out of a field: no sign that anybody is there.
_BY_SCRIPT = ("keep_concept", "look_alike")


class IdleMiddleware:
    """A session ends after 30 minutes without a sign of its user (R-98)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.session_ended = False
        if request.user.is_authenticated:
            if idle.is_over(request.session):
                self._end(request)
            elif request.path not in map(reverse, _BY_SCRIPT):
                idle.see(request.session)
        return self.get_response(request)

    @staticmethod
    def _end(request) -> None:
        user = request.user
        logout(request)
        request.session_ended = True
        events.went_out(request, user, "session_expired")


class LoginDoor(LoginRequiredMiddleware):
    """To the login page, which says why, and afterwards back to a page that can be opened."""

    def handle_no_permission(self, request, view_func):
        query = {"next": self._page(request)}
        if request.session_ended or self._has_run_out(request):
            query["ended"] = "1"
        return redirect(f"{resolve_url(self.get_login_url(view_func))}?{urlencode(query, safe='/')}")

    @staticmethod
    def _page(request) -> str:
        """For a form that was sent: the page it stood on; what only takes forms cannot be opened afterwards."""
        if request.method in {"GET", "HEAD"}:
            return request.get_full_path()
        came_from = request.headers.get("Referer", "")
        if url_has_allowed_host_and_scheme(came_from, allowed_hosts={request.get_host()}):
            return urlsplit(came_from).path or "/"
        return "/"

    @staticmethod
    def _has_run_out(request) -> bool:
        """A session that timed out still has its row; one that was ended has none."""
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        return key.isalnum() and request.session.is_empty() and Session.objects.filter(session_key=key[:40]).exists()


# What somebody without a second factor needs to set one up, or to leave.
_OPEN_WITHOUT = {
    "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "account_logout", "set_language",
    "keep_session", "keep_concept", "healthz", "readyz", "pumpz", "account_inactive", "account_reset_password",
}  # fmt: skip


class SecondFactorMiddleware:
    """Where it is required, a local account without a second factor gets to nothing but setting one up."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        found = request.resolver_match
        if not settings.ETF_REQUIRE_SECOND_FACTOR or (found.url_name in _OPEN_WITHOUT and not found.namespace):
            return None
        return redirect("mfa_index") if lacks_second_factor(request) else None


def lacks_second_factor(request) -> bool:
    """Not asked of who came in through the organisation's own login: that one asks for it."""
    user = request.user
    if not user.is_authenticated:
        return False
    if any(record["method"] == "socialaccount" for record in get_authentication_records(request, user)):
        return False
    return not is_mfa_enabled(user, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])


class SentFormMiddleware:
    """A form that was sent and taken needs no draft any more."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        taken = request.method == "POST" and response.status_code in {302, 303}
        if taken and request.user.is_authenticated and concepts.noted(request, request.path):
            concepts.forget(user=request.user, page=request.path)
            concepts.note(request, request.path, None)
        return response
