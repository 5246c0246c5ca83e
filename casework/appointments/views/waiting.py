"""The waiting list: who wants to come earlier, and the desk that offers them what became free."""

import datetime as dt

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.appointments import actions
from casework.appointments.filters import WaitingFilter
from casework.appointments.forms import EndWaitingForm, WaitingForm
from casework.appointments.models import Appointment, Fit, Slot, WaitingEnd, WaitingEntry, fits
from casework.appointments.views.doors import refuse
from casework.core import clock, dates
from casework.core.access import Right, may
from casework.core.models import Role
from casework.core.refusals import Refused
from casework.counsellors.models import Counsellor, location_of
from casework.households.models import Household
from casework.households.views import household_of, reason_first
from casework.places.models import Location

# More than this a desk does not call in a morning; a location narrows the list.
MOST_SHOWN = 100
# And so many of those who wait no longer.
MOST_ENDED = 20
# Until when one waits, unless somebody says otherwise or an appointment stands before.
USUALLY_UNTIL = dt.timedelta(days=28)


@may(Right.BOOK)
@require_http_methods(["GET", "POST"])
def wait_for_earlier(request: HttpRequest, case_number: str) -> HttpResponse:
    household = household_of(Household.objects.visible_to(request.user).select_related("owner__user"), case_number)
    if stop := reason_first(request, household):
        return stop
    form = WaitingForm(request.POST or None, initial=_usual(request, household))
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            actions.wait_for_earlier(
                household=household, kind=asked["kind"], locations=list(asked["locations"]), half_days=asked["half_days"],
                until=asked["until"], form_token=asked["token"], by=request.user, now=clock.now(),
            )  # fmt: skip
            messages.success(request, _("%(name)s stands on the waiting list.") % {"name": household})
            return redirect("household", case_number=household.case_number)
        except Refused as refused:
            refuse(form, refused)
    return render(request, "appointments/wait.html", {"household": household, "form": form})


def _usual(request: HttpRequest, household: Household) -> dict:
    """What stands with the wishes that are known; otherwise until the day before what stands."""
    kind = request.GET.get("kind", "")
    standing = Appointment.objects.standing(clock.now()).filter(household=household).order_by("starts_at", "pk")
    first = standing.select_related("type").first()
    until = clock.local_date(first.starts_at) if first else clock.today() + USUALLY_UNTIL
    return {"kind": kind or (first.type.code if first else ""), "until": until}


@may(Right.BOOK)
@require_GET
def waiting_list(request: HttpRequest) -> HttpResponse:
    """Who waits, longest first, each with the first time that suits; or who suits a time that became free."""
    given = request.GET.copy()
    if place := location_of(request.user) if request.user.role == Role.DESK else None:
        given.setdefault("location", place.code)
    form, now = WaitingFilter(given), clock.now()
    form.is_valid()
    location, freed = form.cleaned_data.get("location"), _freed(request.GET.get("slot", ""), request.GET.get("end", ""))
    if freed:
        location = None
    rows = WaitingEntry.objects.filter(household__in=Household.objects.visible_to(request.user))
    rows = rows.select_related("household", "type", "added_by", "ended_by")
    if location:
        rows = rows.filter(_could_be_at(location))
    entries = list(rows.waiting(clock.today()).order_by("added_at", "pk")[: MOST_SHOWN + 1])
    shown = fits(entries[:MOST_SHOWN], now=now, freed=freed)
    if freed:
        shown = [one for one in shown if one.slot]
    context = {
        "filter_form": form, "ignored": bool(form.errors), "freed": freed, "chips": [], "kept": [],
        "rows": [{"fit": one, "address": _address(one), "places": _places(one, form)} for one in shown],
        "more": len(entries) > MOST_SHOWN, "ends": EndWaitingForm().fields["reason"].choices,
        "ended": [] if freed else list(rows.ended_lately(now)[:MOST_ENDED]),
    }  # fmt: skip
    return render(request, "appointments/waiting.html", context)


def _could_be_at(location: Location) -> Q:
    return Q(locations=[]) | Q(locations__contains=[location.code])


def _places(one: Fit, form: WaitingFilter) -> list[str]:
    known = {row.code: row.short_name for row in form.fields["location"].queryset}
    return [known.get(code, code) for code in one.entry.locations]


def _address(one: Fit) -> str:
    """The finder with this time chosen: to move what stands, or to book."""
    if not one.slot:
        return ""
    if one.standing:
        return reverse("move", args=[one.standing.pk]) + f"?slot={one.slot.key}"
    return reverse("book", args=[one.entry.household.case_number]) + f"?slot={one.slot.key}&kind={one.entry.type.code}"


def _freed(key: str, end: str) -> Slot | None:
    """The stretch of time that an address names; None for any other text."""
    read, until = Slot.read_key(key), Slot.read_key(f"{end}.1.1")
    if not read or not until or not read[0] < until[0] <= read[0] + dt.timedelta(days=1):
        return None
    counsellor = Counsellor.objects.filter(pk=read[1]).select_related("user").first()
    place = Location.objects.filter(pk=read[2]).first()
    if not counsellor or not place:
        return None
    return Slot(read[0], until[0] - read[0], counsellor.pk, str(counsellor), place.pk, place.name)


def say_who_waits_for(request: HttpRequest, gone: Appointment) -> None:
    """After a time became free: to how many who wait it could be offered, with the way there. Nothing is sent."""
    now = clock.now()
    whole = (gone.ends_at + gone.travel) - (gone.starts_at - gone.travel)
    freed = Slot(gone.starts_at - gone.travel, whole, gone.counsellor_id, str(gone.counsellor), gone.location_id, "")
    if freed.end <= now:
        return
    entries = WaitingEntry.objects.waiting(clock.today()).exclude(household=gone.household_id)
    entries = list(entries.select_related("household", "type").order_by("added_at", "pk")[:MOST_SHOWN])
    number = sum(1 for one in fits(entries, now=now, freed=freed) if one.slot)
    if number:
        at = clock.local(gone.starts_at)
        when = f"{dates.short_date(at.date())} {dates.clock_time(at)}"
        text = ngettext(
            "Time that became free: %(when)s suits %(number)d person who waits.",
            "Time that became free: %(when)s suits %(number)d people who wait.",
            number,
        ) % {"when": when, "number": number}
        address = f"{reverse('waiting_list')}?slot={freed.key}&end={freed.end.astimezone(dt.UTC):%Y%m%dT%H%MZ}"
        messages.info(request, format_html('{} <a href="{}">{}</a>', text, address, _("Open the waiting list")))


@may(Right.BOOK)
@require_POST
def end_waiting(request: HttpRequest, pk: int) -> HttpResponse:
    visible = Household.objects.visible_to(request.user)
    entry = get_object_or_404(WaitingEntry.objects.filter(household__in=visible).select_related("household"), pk=pk)
    form = EndWaitingForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose why this person waits no longer."))
        return redirect("waiting_list")
    try:
        actions.end_waiting(
            entry=entry, reason=WaitingEnd(form.cleaned_data["reason"]), by=request.user, now=clock.now()
        )
        messages.success(request, _("%(name)s waits no longer.") % {"name": entry.household})
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("waiting_list")
