"""A counsellor's own calendar (S10)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from casework.appointments.models import feed_of
from casework.core import clock
from casework.core.access import Right, may
from casework.counsellors import actions as counsellors
from casework.counsellors.models import CalendarFeed, Counsellor


@may(Right.SEE_AGENDA)
@require_http_methods(["GET", "POST"])
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """A counsellor makes, renews or stops the secret address of the own calendar; it is shown once (S10)."""
    counsellor = getattr(request.user, "counsellor", None)
    if counsellor is None:
        raise PermissionDenied
    address, now = "", clock.now()
    if request.method == "POST" and request.POST.get("do") == "revoke":
        counsellors.revoke_feed(counsellor=counsellor, by=request.user, now=now)
        messages.success(request, _("The address answers no more."))
        return redirect("calendar_feed")
    if request.method == "POST":
        token = counsellors.make_feed(counsellor=counsellor, by=request.user, now=now)
        address = request.build_absolute_uri(reverse("read_feed", args=[token]))
    feed = CalendarFeed.objects.filter(counsellor=counsellor).first()
    return render(request, "appointments/feed.html", {"feed": feed, "address": address})


@login_not_required
@require_GET
def read_feed(request: HttpRequest, token: str) -> HttpResponse:
    """For a calendar program, which cannot log in: whoever has the secret reads when somebody is taken."""
    counsellor = get_object_or_404(
        Counsellor, calendar_feed__token_hash=CalendarFeed.hash_of(token), active=True, user__is_active=True
    )
    answer = HttpResponse(feed_of(counsellor, now=clock.now()), content_type="text/calendar; charset=utf-8")
    patch_cache_control(answer, no_store=True, private=True)
    return answer
