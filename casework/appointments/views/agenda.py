"""The agenda as times or as a list (S10)."""

import datetime as dt

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.appointments import actions
from casework.appointments.filters import AgendaForm
from casework.appointments.models import OCCUPIES_TIME, Appointment, Grid, Slot, counsellor_grid, day_grid, week_of
from casework.appointments.views.doors import allowed
from casework.core import clock
from casework.core.access import Right, may
from casework.core.models import Role, User
from casework.counsellors.models import Counsellor, location_of
from casework.households.actions import note_search
from casework.households.models import MOST_COUNTED, Household, SearchTerm, quick_find, typed_text
from casework.places.models import CalendarDay, Location


def _days(rows: QuerySet[Appointment], dates: list[dt.date], *, user: User, now: dt.datetime) -> list[dict]:
    """One entry per local date, also the empty ones, with what makes a day special."""
    special = {day.date: day for day in CalendarDay.objects.filter(date__in=dates)}
    by_date: dict[dt.date, list[dict]] = {date: [] for date in dates}
    for row in rows:
        by_date[clock.local_date(row.starts_at)].append(
            {
                "appointment": row,
                "can_check_in": allowed(actions.check_can_check_in, row, by=user, place_confirmed=True, now=now),
            }
        )
    return [{"date": date, "rows": by_date[date], "special": special.get(date)} for date in dates]


@may(Right.SEE_AGENDA)
@require_GET
def agenda(request: HttpRequest) -> HttpResponse:
    """A day or week of a location or a counsellor, as times or as a list; without a choice that of who looks (S10)."""
    given = request.GET.copy()
    if not set(given) & {"location", "counsellor", "span"}:
        given.update(_own_agenda(request.user))
    form, now = AgendaForm(given), clock.now()
    form.is_valid()
    asked = form.cleaned_data
    date = asked.get("date") or clock.local_date(now)
    week = asked.get("span") == AgendaForm.WEEK
    dates = week_of(date) if week else [date]
    as_list = asked.get("weergave") == AgendaForm.LIST
    grid = None if as_list else _grid(dates, asked.get("counsellor"), asked.get("location"), now)
    context = {
        "filter_form": form,
        "grid": grid,
        "days": [] if grid else _list(request.user, dates, asked, now),
        "left_out": _left_out(dates, asked) if grid else 0,
        "may_check_in": _to_check_in(grid, request.user, now) if grid else (),
        "now": now,
        "week": week,
        "one_column": bool(asked.get("counsellor")),
        "first": dates[0],
        "last": dates[-1],
        "before": dates[0] - dt.timedelta(days=len(dates)),
        "after": dates[0] + dt.timedelta(days=len(dates)),
        "ignored": bool(form.errors),
        "own_feed": request.user.role == Role.COUNSELLOR,
    }
    return render(request, "appointments/agenda.html", context)


def _grid(dates: list[dt.date], counsellor: Counsellor | None, location: Location | None, now: dt.datetime):
    """The table of times, where one fits: of one counsellor, or of one day at a location. Otherwise a list."""
    if counsellor:
        return counsellor_grid(dates, counsellor, now=now)
    return day_grid(dates[0], location, now=now) if location and len(dates) == 1 else None


def _to_check_in(grid: Grid, user: User, now: dt.datetime) -> set[int]:
    """Whom one can check in now, by the same rule as the action."""
    rows = [one for column in grid.columns for one in column.appointments]
    return {one.pk for one in rows if allowed(actions.check_can_check_in, one, by=user, place_confirmed=True, now=now)}


def _rows_of(dates: list[dt.date], asked: dict) -> QuerySet[Appointment]:
    rows = Appointment.objects.between(clock.day_bounds(dates[0])[0], clock.day_bounds(dates[-1])[1])
    if counsellor := asked.get("counsellor"):
        rows = rows.of(counsellor)
    return rows.filter(location=asked["location"]) if asked.get("location") else rows


def _list(user: User, dates: list[dt.date], asked: dict, now: dt.datetime) -> list[dict]:
    rows = _rows_of(dates, asked).visible_to(user).for_list()
    return _days(rows.order_by("starts_at", "counsellor__sort_name", "pk"), dates, user=user, now=now)


def _left_out(dates: list[dt.date], asked: dict) -> int:
    """What no longer takes up time and so stands in the list only."""
    return _rows_of(dates, asked).exclude(OCCUPIES_TIME).count()


@may(Right.BOOK)
@require_GET
def agenda_time(request: HttpRequest) -> HttpResponse:
    """A free time of the agenda: for whom is it? Then the finder opens with it (S10)."""
    picked = Slot.read_key(request.GET.get("slot", ""))
    counsellor = Counsellor.objects.filter(active=True, pk=picked[1]).select_related("user").first() if picked else None
    if not counsellor:
        raise Http404
    typed = typed_text(request.GET.get("q", ""))
    terms = SearchTerm.all_from(typed, today=clock.today(), by_bsn=request.user.may(Right.SEE_BSN))
    found = quick_find(terms)
    # As in quick find (S05): the best first, so that a whole name comes before a part of one; closed ones come last.
    known = Household.objects.visible_to(request.user).open().filter(pk__in=found.keys).with_identity().in_bulk()
    rows = [known[key] for key in found.keys if key in known]
    if terms:
        number = min(found.number, MOST_COUNTED)
        note_search(typed=typed, hits=number, is_more=found.is_more, by=request.user, now=clock.now())
    context = {
        "start": picked[0], "counsellor": counsellor, "typed": typed, "rows": rows,
        "more": found.number > len(found.keys), "slot": request.GET["slot"],
    }  # fmt: skip
    return render(request, "appointments/time.html", context)


def _own_agenda(user: User) -> dict:
    if hasattr(user, "counsellor"):
        return {"counsellor": user.counsellor.pk, "span": AgendaForm.WEEK}
    place = location_of(user)
    return {"location": place.code} if place else {}
