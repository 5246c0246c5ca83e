"""Today, per role (S02 to S04)."""

import datetime as dt
from collections.abc import Callable

import structlog
from django.contrib import messages
from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from casework.appointments.actions import choices_of
from casework.appointments.filters import ArrivalFilter
from casework.appointments.models import Appointment
from casework.core import clock
from casework.core.access import Right, everyone_logged_in, may
from casework.core.models import Role
from casework.core.paging import filters_shown
from casework.core.thresholds import Threshold
from casework.counsellors.models import location_of
from casework.households.models import Household
from casework.messaging.reads import silent_since
from casework.overview import reads
from casework.overview.reads import today as blocks

log = structlog.get_logger(__name__)

# So long is remembered when a block last loaded.
REMEMBERED = 7 * 24 * 3600


@everyone_logged_in
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The day in one look, per role (S02 to S04); roles without a day go to their own first page."""
    doors = {
        Role.DESK: _today_desk,
        Role.COUNSELLOR: _today_counsellor,
        Role.SUPERVISOR: _today_supervisor,
        Role.PARTNER: lambda request: redirect("inbox"),
        Role.ADMIN: lambda request: redirect("admin:index"),
    }
    return doors.get(request.user.role, _today_plain)(request)


class _Blocks:
    """The blocks of one page. One that cannot load says so, with since when, and the rest stands (S02, S04)."""

    def __init__(self, request: HttpRequest, now: dt.datetime):
        self.user, self.now = request.user, now
        # Name of a block that did not load → when it last did, None when that is not known.
        self.failed: dict[str, dt.datetime | None] = {}
        self._loaded: dict[str, dt.datetime] = {}

    def load(self, name: str, read: Callable, *, instead=None):
        """What `read` gives, or `instead` when the database does not."""
        key = f"today:{self.user.pk}:{name}"
        try:
            found = read()
        except DatabaseError as error:
            log.error("block_not_loaded", block=name, error=type(error).__name__)
            self.failed[name] = cache.get(key)
            return instead
        self._loaded[key] = self.now
        return found

    def page(self, request: HttpRequest, template: str, context: dict) -> HttpResponse:
        # Whether messages go out stands above everything on each of them (decision 0062).
        silent = self.load("silence", lambda: silent_since(self.now))
        cache.set_many(self._loaded, REMEMBERED)
        return render(request, template, context | {"now": self.now, "failed": self.failed, "silent_since": silent})


def _rows(rows, now: dt.datetime) -> list[dict]:
    """Rows with whether they can be checked in or recorded now; the same rules as the actions ask."""
    return [
        {
            "appointment": one,
            "can_check_in": one.can_check_in(now),
            "can_record": not one.outcome and one.starts_at - Threshold.CHECK_IN_FROM.span(now) <= now,
            "arrival": one.arrival(now),
            "choices": choices_of(one, now),
        }
        for one in rows
    ]


@may(Right.BOOK)
@require_GET
def arrival(request: HttpRequest) -> HttpResponse:
    """Who arrives at a location today, for whoever stands in at the desk (S03)."""
    return _today_desk(request, address="arrival")


def _today_desk(request: HttpRequest, address: str = "today") -> HttpResponse:
    now, own, given = clock.now(), location_of(request.user), request.GET.copy()
    if own:
        given.setdefault("location", own.code)
    form = ArrivalFilter(given)
    form.is_valid()
    place = form.cleaned_data.get("location")
    here = Appointment.objects.filter(location=place) if place else Appointment.objects.all()
    page, rows = _Blocks(request, now), reads.appointments_today(now)
    rows = page.load("rows", lambda: list(rows.filter(location=place) if place else rows), instead=[])
    coming = None if rows else page.load("next", lambda: reads.next_appointment(here, now))
    tomorrow = clock.local_date(now) + dt.timedelta(days=1)
    counted = place and place == own and request.user.may(Right.SEE_DAY_COUNTS)
    context = {
        "address": address,
        "here": request.GET.urlencode(),
        "location": place,
        "place_code": place.code if place else "",
        "rows": _rows(rows, now),
        "next": coming,
        "next_is_tomorrow": bool(coming) and clock.local_date(coming.starts_at) == tomorrow,
        # What went wrong is read first: the focus of quick find (S03) leaves it alone.
        "alarmed": any(one.level >= messages.ERROR for one in messages.get_messages(request)),
        "to_call": page.load("to_call", lambda: reads.to_call(request.user, place)),
        "to_print": page.load("to_print", lambda: reads.to_print(request.user, place)),
        "absent": page.load("absent", lambda: reads.absent_with_appointments(now, place), instead=[]),
        "urgent": page.load("urgent", lambda: blocks.urgent_today(place, now), instead=[]),
        "shown": blocks.SHOWN,
        "missed": page.load("missed", lambda: blocks.missed_to_follow_up(place=place)),
        "tasks": page.load("tasks", lambda: blocks.my_tasks(request.user), instead=blocks.Some()),
        "answers": page.load("answers", lambda: blocks.answers(request.user, now), instead=[]),
        "now_date": clock.local_date(now),
        "counts": reads.day_counts(rows) if counted else None,
        **filters_shown(form, given, ignored=bool(form.errors)),
    }
    return page.page(request, "overview/today_desk.html", context)


def _today_counsellor(request: HttpRequest) -> HttpResponse:
    now, own = clock.now(), getattr(request.user, "counsellor", None)
    # Whoever joins as the second counsellor has the talk in their day too.
    mine = Appointment.objects.of(own) if own else Appointment.objects.none()
    page, some = _Blocks(request, now), blocks.Some()
    load = page.load
    todays = load("rows", lambda: list(reads.appointments_today(now).of(own)), instead=[]) if own else []
    context = {
        "own": own,
        "next": load("next", lambda: reads.next_appointment(mine, now)),
        "terms": load("terms", lambda: list(reads.terms_now(now, own)) if own else [], instead=[]),
        "now_date": clock.local_date(now),
        "rows": _rows(todays, now),
        "unrecorded": load("unrecorded", lambda: blocks.unrecorded(own, now), instead=some) if own else some,
        "missed": load("missed", lambda: blocks.missed_to_follow_up(owner=own)) if own else 0,
        "tasks": load("tasks", lambda: blocks.my_tasks(request.user), instead=some),
        "answers": load("answers", lambda: blocks.answers(request.user, now), instead=[]),
        "active": load("active", lambda: Household.objects.open().filter(owner=own).count()) if own else 0,
        "silent": load("silent", lambda: blocks.silent_households(own, now), instead=some) if own else some,
        "risk": load("risk", lambda: blocks.at_risk(own, now), instead=some) if own else some,
        "free": load("free", lambda: blocks.free_half_days(own, now), instead=[]) if own else [],
    }
    return page.page(request, "overview/today_counsellor.html", context)


def _today_supervisor(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    page = _Blocks(request, now)
    load = page.load
    context = {
        "terms": load("terms", lambda: list(reads.terms_now(now)), instead=[]),
        "now_date": clock.local_date(now),
        "long_unrecorded": load("long_unrecorded", lambda: reads.long_unrecorded(now)),
        "late_follow_ups": load("late_follow_ups", lambda: blocks.late_follow_ups(now)),
        "absent": load("absent", lambda: reads.absent_with_appointments(now), instead=[]),
        "to_call": load("to_call", lambda: reads.to_call(request.user)),
        "balance": load("balance", lambda: blocks.balance_of(reads.balance()), instead=[]),
        "to_decide": load("to_decide", lambda: reads.to_decide()),
        "tasks": load("tasks", lambda: blocks.my_tasks(request.user), instead=blocks.Some()),
        "without_owner": load("without_owner", lambda: Household.objects.open().filter(owner=None).count()),
    }
    return page.page(request, "overview/today_supervisor.html", context)


def _today_plain(request: HttpRequest) -> HttpResponse:
    return render(request, "overview/today_plain.html", {"now": clock.now()})
