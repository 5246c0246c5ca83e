"""Doors of logging in that are ETF's own: second factors, running sessions, the idle limit, drafts (S01, S28)."""

import json
import re

from allauth.account import views as account
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.core import clock
from casework.core.access import everyone_logged_in
from casework.core.actions import audit
from casework.core.login import concepts, idle, landing
from casework.core.login.middleware import lacks_second_factor
from casework.core.models import AuditKind, User


class LoginPage(account.LoginView):
    def get_context_data(self, **kwargs):
        sso = settings.ETF_OIDC["name"] if settings.ETF_OIDC else ""
        return super().get_context_data(**kwargs) | {"single_sign_on": sso}


login = LoginPage.as_view()


@everyone_logged_in
@require_GET
def second_factors(request: HttpRequest) -> HttpResponse:
    """Where allauth sends people when a second factor has changed; who must set one up is led through it here."""
    if settings.ETF_REQUIRE_SECOND_FACTOR and lacks_second_factor(request):
        return render(request, "account/second_factor_required.html")
    return redirect("profile")


def factors_of(user: User) -> dict:
    """For the profile page: what somebody has set up."""
    found = list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))
    of_type = {kind: [one for one in found if one.type == kind] for kind in Authenticator.Type}
    codes = of_type[Authenticator.Type.RECOVERY_CODES]
    return {
        "app": next(iter(of_type[Authenticator.Type.TOTP]), None),
        "passkeys": of_type[Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes[0].wrap().get_unused_codes()) if codes else 0,
    }


# Running sessions


def sessions_of(request: HttpRequest) -> list[dict]:
    """For the profile page, newest first."""
    running = [one for one in UserSession.objects.purge_and_list(request.user) if not idle.has_run_out(one.session_key)]
    found = sorted(running, key=lambda one: one.created_at, reverse=True)
    return [
        {"browser": browser(one.user_agent), "address": one.ip, "since": one.created_at, "this": one.is_current()}
        for one in found
    ]


# Edge and Opera call themselves Chrome too, and Chrome calls itself Safari: the first that fits.
_BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone|iPad", "iOS"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def browser(user_agent: str) -> str:
    """`Firefox, Windows`, or as much of it as can be told."""
    found = [next((name for sign, name in known if re.search(sign, user_agent)), "") for known in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found)) or _("Unknown browser")


@everyone_logged_in
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    others = UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key)
    ended = [one.end() for one in others.order_by("pk")]
    audit(by=request.user, now=clock.now(), action="end_sessions", on=request.user, kind=AuditKind.LOGIN,
          details={"number": len(ended)})  # fmt: skip
    text = ngettext("%(number)d other session is ended.", "%(number)d other sessions are ended.", len(ended))
    messages.success(request, text % {"number": len(ended)})
    return redirect("profile")


# The idle limit and drafts


@everyone_logged_in
@require_POST
def keep_session(request: HttpRequest) -> HttpResponse:
    """`I am still here`: like any request, this one starts the half hour again."""
    return HttpResponse(status=204)


@everyone_logged_in
@require_http_methods(["GET", "POST"])
def keep_concept(request: HttpRequest) -> HttpResponse:
    """Keeps what stands in the form of a page (POST), or hands it back to that page (GET)."""
    if request.method == "GET":
        fields = concepts.find(user=request.user, page=request.GET.get("page", ""), now=clock.now())
        return JsonResponse({"fields": fields}) if fields else HttpResponse(status=204)
    asked = _read_concept(request)
    if not asked or not landing.may_open(request.user, asked[0]):
        return HttpResponse(status=400)
    page, fields = asked
    concept = concepts.keep(user=request.user, page=page, fields=fields, now=clock.now())
    concepts.note(request, page, concept.saved_at if concept else None)
    return HttpResponse(status=204)


def _read_concept(request: HttpRequest) -> tuple[str, dict[str, list[str]]] | None:
    """Page and fields, or None for anything that our own script would not send."""
    try:
        asked = json.loads(request.POST.get("concept", ""))
        page, fields = asked["page"], asked["fields"]
        texts = [text for name, found in fields.items() for text in (name, *found)]
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    lists = all(isinstance(found, list) for found in fields.values()) and len(fields) <= concepts.MOST_FIELDS
    if not lists or not all(isinstance(text, str) for text in (page, *texts)) or not 0 < len(page) <= 300:
        return None
    small = sum(map(len, texts)) <= concepts.LONGEST and "\x00" not in page + "".join(texts)
    return (page, fields) if small else None


@everyone_logged_in
@require_POST
def drop_concept(request: HttpRequest) -> HttpResponse:
    """Somebody does not want their draft back."""
    page = request.POST.get("page", "")
    concepts.forget(user=request.user, page=page.replace("\x00", ""))
    concepts.note(request, page, None)
    return redirect(page if landing.may_open(request.user, page) else reverse("today"))
