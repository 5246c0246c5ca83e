"""Whether the first talks that the law asks for still fit: open terms against free time, per location and week (R-05, R-06)."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import DateField, Exists, F, Func, OuterRef, Q, QuerySet, Value

from casework.appointments.models.appointments import Appointment, AppointmentType
from casework.appointments.models.slots import SearchArea, capacity
from casework.core import clock
from casework.households.models import Term, TermKind
from casework.places.models import Location

WEEKS = 5
USUAL_LENGTH = dt.timedelta(minutes=60)


@dataclass(frozen=True)
class Week:
    """`needed` talks whose term ends in this week, `room` talks that fit, `short` what lacks up to and including it."""

    monday: dt.date
    needed: int
    room: int
    short: int


@dataclass(frozen=True)
class Outlook:
    """The coming weeks of one location; None is whoever came in without one."""

    location: Location | None
    weeks: list[Week] = field(default_factory=list)

    @property
    def short(self) -> int:
        return max((week.short for week in self.weeks), default=0)


def _local_date(name: str) -> Func:
    return Func(
        F(name), Value(clock.LOCAL.key), template="(%(expressions)s)::date", arg_joiner=" at time zone ",
        output_field=DateField(),
    )  # fmt: skip


def talks_to_plan() -> QuerySet[Term]:
    """Per household the first open term of a first talk for which no talk stands that would meet it."""
    kinds = [TermKind.FIRST_TALK, TermKind.URGENT]
    rows = Term.objects.open().filter(kind__in=kinds, household__closed_on=None, household__merged_into=None)
    # Urgent and ordinary terms of one household ask for one talk: by the first of them.
    sooner = Q(deadline__lt=OuterRef("deadline")) | Q(deadline=OuterRef("deadline"), pk__lt=OuterRef("pk"))
    twin = Term.objects.open().filter(sooner, household=OuterRef("household"), kind__in=kinds)
    talks = Appointment.objects.planned().filter(household=OuterRef("household"), type__first_talk=True)
    in_time = talks.annotate(on=_local_date("starts_at")).filter(on__lte=OuterRef("deadline"))
    return rows.exclude(Exists(in_time)).exclude(Exists(twin))


def outlook(*, now: dt.datetime) -> list[Outlook]:
    """Per location the coming weeks, by name; what is overdue is needed this week. Four queries."""
    today = clock.local_date(now)
    mondays = [today - dt.timedelta(days=today.weekday()) + dt.timedelta(weeks=number) for number in range(WEEKS)]
    needed: dict[tuple[int | None, dt.date], int] = defaultdict(int)
    for place, deadline in talks_to_plan().values_list("household__location", "deadline"):
        needed[place, max(mondays[0], deadline - dt.timedelta(days=deadline.weekday()))] += 1
    kind = AppointmentType.objects.filter(active=True, first_talk=True).order_by("minutes", "pk").first()
    area = SearchArea(kind.length if kind else USUAL_LENGTH, now, mondays[-1] + dt.timedelta(days=6))
    room = capacity(area, now=now)
    places: list[Location | None] = list(Location.objects.filter(active=True).order_by("name", "pk"))
    if any(place is None for place, _monday in needed):
        places.append(None)
    return [Outlook(place, _weeks(place.pk if place else None, mondays, needed, room)) for place in places]


def _weeks(place: int | None, mondays: list[dt.date], needed: dict, room: dict) -> list[Week]:
    """Free time of a week that nobody needed does not come back later; what lacked does."""
    weeks, short = [], 0
    for monday in mondays:
        asked, fits = needed.get((place, monday), 0), room.get((place, monday), 0)
        short = max(0, short + asked - fits)
        weeks.append(Week(monday, asked, fits, short))
    return weeks
