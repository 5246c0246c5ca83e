"""Doors that belong to no feature: health, language, profile, and the pages for when something is wrong (S28, S29)."""

import redis
import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token
from django.views.decorators.http import require_GET, require_http_methods

from casework.core import clock
from casework.core.access import everyone_logged_in
from casework.core.actions import audit
from casework.core.forms import ProfileForm
from casework.core.help import topics_of
from casework.core.login.views import factors_of, sessions_of
from casework.core.models import AuditEntry, AuditKind


@login_not_required
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """Whether this process answers at all."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether everything this process needs is there; 503 names what is not."""
    checks = {"database": _database_ready, "migrations": _migrations_ready, "broker": _broker_ready}
    found = {name: check() for name, check in checks.items()}
    return JsonResponse(found, status=200 if all(found.values()) else 503)


def _database_ready() -> bool:
    try:
        with connection.cursor() as cursor:
            # A cluster made with locale C has no idea of É: searching names would silently fail.
            cursor.execute("select lower('É') = 'é'")
            return cursor.fetchone()[0]
    except DatabaseError:
        return False


def _migrations_ready() -> bool:
    try:
        executor = MigrationExecutor(connection)
        return not executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return False


def _broker_ready() -> bool:
    try:
        with redis.Redis.from_url(settings.CACHES["default"]["LOCATION"], socket_timeout=2) as broker:
            return broker.ping()
    except redis.RedisError:
        return False


@everyone_logged_in
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your profile is saved."))
        return redirect("profile")
    context = {"form": form, "factors": factors_of(request.user), "sessions": sessions_of(request)}
    return render(request, "core/profile.html", context)


@everyone_logged_in
@require_GET
def help_page(request: HttpRequest) -> HttpResponse:
    """What ETF does and how, for one's own role; `q` leaves the topics with these words (S30)."""
    typed = " ".join("".join(ch if ch.isprintable() else " " for ch in request.GET.get("q", "")).split())[:100]
    found = topics_of(request.user.role, language=get_language(), typed=typed)
    return render(request, "help/help.html", {"topics": found, "typed": typed})


@login_not_required
@require_GET
def forgotten_password(request: HttpRequest) -> HttpResponse:
    return render(request, "account/help.html", {"administrator_phone": settings.ADMINISTRATOR_PHONE})


def _error(request: HttpRequest, status: int, title: str, advice: str) -> HttpResponse:
    return render(request, "errors/error.html", {"title": title, "advice": advice, "status": status}, status=status)


def bad_request(request, exception=None):
    return _error(
        request, 400, _("This request is not understood"), _("Go back, open the page again and try once more.")
    )


def forbidden(request, exception=None):
    """Refused access leaves a line of its own (R-92)."""
    if request.user.is_authenticated:
        address = f"address:{request.path}"[: AuditEntry._meta.get_field("object_key").max_length]
        audit(by=request.user, now=clock.now(), action="refuse_access", on=address, kind=AuditKind.REFUSED)
    return _error(request, 403, _("You have no access"), _("You have no access to this page. Ask your supervisor."))


def not_found(request, exception=None):
    return _error(
        request,
        404,
        _("Page not found"),
        _("This page does not exist, or no longer. Check the address or search again."),
    )


@requires_csrf_token
def csrf_failure(request, reason=""):
    return _error(
        request,
        403,
        _("This form is too old"),
        _("Go back, open the page again and send the form once more. Nothing was saved."),
    )


@requires_csrf_token
def server_error(request):
    """Never fails itself: no session, no user, no database. The reference is the request id of the logs."""
    reference = structlog.contextvars.get_contextvars().get("request_id", "")[:8]
    page = render_to_string("errors/500.html", {"reference": reference, "moment": clock.now()})
    return HttpResponse(page, status=500)
