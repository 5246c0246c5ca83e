"""Today, per role (S02 to S04)."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from casework.appointments.actions import choices_of
from casework.appointments.models import CHECK_IN_FROM, Appointment
from casework.core import clock
from casework.core.access import Right, everyone_logged_in
from casework.core.models import Role
from casework.counsellors.models import location_of
from casework.households.models import Household
from casework.overview import reads


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


def _rows(rows, now: dt.datetime) -> list[dict]:
    """Rows with whether they can be checked in now; the same rule as the action asks."""
    return [
        {
            "appointment": one,
            "can_check_in": not one.outcome
            and not one.arrived_at
            and one.starts_at - CHECK_IN_FROM <= now <= one.ends_at,
            "choices": choices_of(one, now),
        }
        for one in rows
    ]


def _today_desk(request: HttpRequest) -> HttpResponse:
    now, place = clock.now(), location_of(request.user)
    here = Appointment.objects.filter(location=place) if place else Appointment.objects.all()
    rows = reads.appointments_today(now)
    rows = list(rows.filter(location=place) if place else rows)
    context = {
        "now": now,
        "location": place,
        "rows": _rows(rows, now),
        "next": None if rows else reads.next_appointment(here, now),
        "to_call": reads.to_call(place),
        "absent": reads.absent_with_appointments(now),
        "counts": reads.day_counts(rows) if place and request.user.may(Right.SEE_DAY_COUNTS) else None,
    }
    return render(request, "overview/today_desk.html", context)


def _today_counsellor(request: HttpRequest) -> HttpResponse:
    now, own = clock.now(), getattr(request.user, "counsellor", None)
    mine = Appointment.objects.filter(counsellor=own)
    rows = list(reads.appointments_today(now).filter(counsellor=own))
    context = {
        "now": now,
        "next": reads.next_appointment(mine, now),
        "terms": list(reads.terms_now(now, own)) if own else [],
        "now_date": clock.local_date(now),
        "rows": _rows(rows, now),
        "unrecorded": list(mine.unrecorded(now).for_list().order_by("starts_at", "pk")[:20]),
        "active": Household.objects.open().filter(owner=own).count(),
    }
    return render(request, "overview/today_counsellor.html", context)


def _today_supervisor(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    context = {
        "now": now,
        "terms": list(reads.terms_now(now)[:50]),
        "now_date": clock.local_date(now),
        "long_unrecorded": reads.long_unrecorded(now),
        "absent": reads.absent_with_appointments(now),
        "to_call": reads.to_call(),
        "balance": list(reads.balance()),
        "to_decide": reads.to_decide(),
        "without_owner": Household.objects.open().filter(owner=None).count(),
    }
    return render(request, "overview/today_supervisor.html", context)


def _today_plain(request: HttpRequest) -> HttpResponse:
    return render(request, "overview/today_plain.html", {"now": clock.now()})
