"""M1 no-show, M2 show-up per registration, M4 unrecorded, M4b lost slots, and the total of M3 (figures.md 3.3).

Each is one SQL statement, and one more for the median of M4: total and slices come from the same rows by GROUPING SETS, so that they always add up.
"""

import dataclasses
import datetime as dt
from dataclasses import dataclass, field

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from casework.core import clock, dates
from casework.core.thresholds import Threshold
from casework.reports.reads.statistics import FEW, TOO_FEW, Interval, percentage, wilson

# M1 carries *provisional* above this share of unrecorded appointments.
PROVISIONAL_ABOVE = 0.05
# M2: who came within so many days of registration; registrations younger than that are not ripe.
RIPE_DAYS = 60


@dataclass(frozen=True)
class Scope:
    """What a figure is about: local dates (both included) and, when given, one location, type or counsellor."""

    first: dt.date
    last: dt.date
    location_id: int | None = None
    type_id: int | None = None
    counsellor_id: int | None = None
    first_talks: bool = False

    def parameters(self, now: dt.datetime) -> dict:
        return {
            "first": clock.day_bounds(self.first)[0],
            "after": clock.day_bounds(self.last)[1],
            "location": self.location_id,
            "type": self.type_id,
            "counsellor": self.counsellor_id,
            "first_talks": self.first_talks,
            "zone": clock.LOCAL.key,
            "unrecorded_before": now - Threshold.UNRECORDED_AFTER.span(now),
            "first_date": self.first,
            "last_date": self.last,
            "report_date": clock.local_date(now),
            "ripe": RIPE_DAYS,
        }


@dataclass(frozen=True)
class Slice:
    """One row of a figure: a month, location, type or counsellor, or the total."""

    label: str
    numerator: int
    denominator: int
    key: str = ""
    complete: bool = True

    @property
    def interval(self) -> Interval | None:
        return wilson(self.numerator, self.denominator) if self.denominator else None

    @property
    def few(self) -> bool:
        return TOO_FEW <= self.denominator < FEW

    @property
    def text(self) -> str:
        """`11,8% (8,0–16,9) · 24 van 204`, or without a percentage below ten (C2, C4)."""
        numbers = {"numerator": self.numerator, "denominator": self.denominator}
        if self.denominator < TOO_FEW:
            return _("too few (%(numerator)s of %(denominator)s)") % numbers
        shown = self.interval
        share = f"{percentage(shown.value)}% ({percentage(shown.low)}–{percentage(shown.high)})"
        return share + " · " + _("%(numerator)s of %(denominator)s") % numbers


@dataclass(frozen=True)
class Figure:
    """A figure with everything the page, the JSON and the CSV show."""

    code: str
    name: str
    definition: str
    limits: str
    scope: Scope
    moment: dt.datetime
    total: Slice
    months: list[Slice]
    locations: list[Slice]
    types: list[Slice]
    counsellors: list[Slice]
    excluded: dict[str, int] = field(default_factory=dict)
    households: int | None = None
    unrecorded: int = 0
    excused: int = 0
    median_days: float | None = None
    # Of M3: by what happened to the reminder.
    parts: list[Slice] = field(default_factory=list)

    @property
    def provisional(self) -> bool:
        whole = self.total.denominator + self.unrecorded
        return self.code == "m1" and whole > 0 and self.unrecorded / whole > PROVISIONAL_ABOVE

    @property
    def bounds(self) -> tuple[float, float] | None:
        """What M1 would be if nobody, or everybody, of the unrecorded appointments had missed it."""
        whole = self.total.denominator + self.unrecorded
        if self.code != "m1" or not self.unrecorded:
            return None
        return self.total.numerator / whole, (self.total.numerator + self.unrecorded) / whole

    @property
    def appeared(self) -> Slice | None:
        """The other side of M1: who came, of the same appointments."""
        if self.code != "m1":
            return None
        return Slice("", self.total.denominator - self.total.numerator, self.total.denominator)

    def as_json(self) -> dict:
        """Unrounded numbers, for machines (testability contract 5.13)."""
        return {
            "figure": self.code,
            "name": self.name,
            "period": {"from": self.scope.first.isoformat(), "to": self.scope.last.isoformat()},
            "moment": self.moment.isoformat(),
            **slice_json(self.total),
            "excluded": self.excluded,
            "unrecorded": self.unrecorded,
            "excused": self.excused,
            "bounds": self.bounds,
            "households": self.households,
            "median_working_days": self.median_days,
            "provisional": self.provisional,
            "per_month": [slice_json(one) for one in self.months],
            "per_location": [slice_json(one) for one in self.locations],
            "per_type": [slice_json(one) for one in self.types],
            "per_counsellor": [slice_json(one) for one in self.counsellors],
            **({"per_reminder": [slice_json(one) for one in self.parts]} if self.code == "m3" else {}),
            "definition": self.definition,
        }


def slice_json(one: Slice) -> dict:
    shown = one.interval
    return {
        "label": one.label, "key": one.key, "numerator": one.numerator, "denominator": one.denominator,
        "value": shown and shown.value, "low": shown and shown.low, "high": shown and shown.high,
        "complete": one.complete,
    }  # fmt: skip


_IN_SCOPE = """
      a.starts_at >= %(first)s and a.starts_at < %(after)s
      and (%(location)s::bigint is null or a.location_id = %(location)s)
      and (%(type)s::bigint is null or a.type_id = %(type)s)
      and (%(counsellor)s::bigint is null or a.counsellor_id = %(counsellor)s)
      and (not %(first_talks)s or a.type_id in (select id from casework_appointmenttype where first_talk))
"""
# The class of figures 3.2; walk-ins apart (W), since nobody promised to come.
_CLASS = """
      case when a.walk_in then 'W'
           when a.outcome <> '' then a.outcome
           when a.ends_at < %(unrecorded_before)s then 'U'
           else 'T' end
"""
_CLASSES = ("V", "L", "N", "X", "A1", "A2", "E", "R1", "R2", "U", "T", "W")
# Counted first and named afterwards: the counting reads nothing but the index of the figures.
_BY_CLASS = f"""
with classed as (
  select to_char(a.starts_at at time zone %(zone)s, 'YYYY-MM') as month, a.location_id, a.type_id, a.counsellor_id,
         {_CLASS} as class
  from casework_appointment a where {_IN_SCOPE}
), counted as (
  select grouping(month, location_id, type_id, counsellor_id) as level, month, location_id, type_id, counsellor_id,
         {", ".join(f"count(*) filter (where class = '{one}') as {one}" for one in _CLASSES)}
  from classed
  group by grouping sets ((), (month), (location_id), (type_id), (counsellor_id))
)
select c.level, c.month, c.location_id, c.type_id, c.counsellor_id, l.name, t.name, u.full_name,
       (select count(distinct a.household_id) from casework_appointment a
        where {_IN_SCOPE} and {_CLASS} = any(%(numerator)s)),
       {", ".join(f"c.{one}" for one in _CLASSES)}
from counted c
left join casework_location l on l.id = c.location_id
left join casework_appointmenttype t on t.id = c.type_id
left join casework_counsellor k on k.id = c.counsellor_id
left join casework_user u on u.id = k.user_id
order by c.level desc, c.month, l.name, t.name, k.sort_name, c.location_id, c.type_id, c.counsellor_id
"""
# Working days are numbered once, so that the days between an end and its recording are a subtraction.
_MEDIAN_DAYS = f"""
with numbered as (
  select d::date as date, count(*) filter (where extract(isodow from d) < 6 and not exists (
           select from casework_calendarday x where x.date = d::date and not x.working_day)) over (order by d) as number
  from generate_series(%(first_date)s::date::timestamp, greatest(%(report_date)s::date, %(last_date)s::date + 1),
                       interval '1 day') as d
)
select percentile_cont(0.5) within group (order by greatest(recorded.number - ended.number, 0))
from casework_appointment a
join numbered ended on ended.date = (a.ends_at at time zone %(zone)s)::date
join numbered recorded on recorded.date = (a.recorded_at at time zone %(zone)s)::date
where {_IN_SCOPE} and not a.walk_in and a.outcome in ('V', 'L', 'N', 'X')
"""
# What grouping() answers for each set: a bit per column that is not in it.
_TOTAL, _MONTH, _LOCATION, _TYPE, _COUNSELLOR = 0b1111, 0b0111, 0b1011, 0b1101, 0b1110


@dataclass(frozen=True)
class _Recipe:
    code: str
    name: object
    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    definition: object
    limits: object


_M1 = _Recipe(
    "m1", gettext_lazy("No-show"), ("N", "X"), ("V", "L", "N", "X"),
    gettext_lazy("Numerator: did not appear, excused or not (N + X). Denominator: appeared, too late, did not appear "
                 "(V + L + N + X). Left out: cancelled, moved, not yet recorded, planned and walk-ins."),
    gettext_lazy("One household that misses six times is not six people. Types of talks differ: compare like with like."),
)  # fmt: skip
_M3 = _Recipe(
    "m3", gettext_lazy("Messages and no-show"), ("N", "X"), ("V", "L", "N", "X"),
    gettext_lazy("No-show (N + X of V + L + N + X) by what happened to the reminder in advance. A text message counts as sent "
                 "unless the provider told that it did not arrive. Who has no reminder and wants no messages now counts as "
                 "that; a reminder that was withdrawn for another reason was not due."),
    gettext_lazy("No effect of messages: people without a mobile differ from people with one. Only a trial, in which lots "
                 "decide who gets which text, tells a difference by text."),
)  # fmt: skip
_M4 = _Recipe(
    "m4", gettext_lazy("Unrecorded"), ("U",), ("V", "L", "N", "X", "U"),
    gettext_lazy("Numerator: appointments without outcome %(long)s after their end (U). Denominator: V + L + N + X + U. "
                 "Left out: cancelled, moved, planned and walk-ins."),
    gettext_lazy("This is about our own data, not about residents. Unrecorded appointments hide no-shows."),
)  # fmt: skip
_M4B = _Recipe(
    "m4b", gettext_lazy("Lost slots"), ("N", "X", "A2", "R2"), ("V", "L", "N", "X", "A2", "R2"),
    gettext_lazy("Numerator: did not appear, cancelled late, moved late (N + X + A2 + R2). "
                 "Denominator: V + L + N + X + A2 + R2. Left out: the other classes."),
    gettext_lazy("For talks about capacity only."),
)  # fmt: skip


APPOINTMENT_RECIPES = {one.code: one for one in (_M1, _M3, _M4, _M4B)}


def _by_class(recipe: _Recipe, scope: Scope, now: dt.datetime) -> Figure:
    with connection.cursor() as cursor:
        cursor.execute(_BY_CLASS, scope.parameters(now) | {"numerator": list(recipe.numerator)})
        found = cursor.fetchall()
    slices: dict[int, list[Slice]] = {level: [] for level in (_TOTAL, _MONTH, _LOCATION, _TYPE, _COUNSELLOR)}
    for level, month, location, kind, counsellor, *rest in found:
        names, households, numbers = rest[:3], rest[3], dict(zip(_CLASSES, rest[4:], strict=True))
        slices[level].append(
            Slice(
                label=_label(level, month, *names),
                key=str({_MONTH: month, _LOCATION: location, _TYPE: kind, _COUNSELLOR: counsellor}.get(level, "")),
                numerator=sum(numbers[one] for one in recipe.numerator),
                denominator=sum(numbers[one] for one in recipe.denominator),
                complete=level != _MONTH or month < f"{clock.local_date(now):%Y-%m}",
            )
        )
        if level == _TOTAL:
            whole, households_of_all = numbers, households
    return Figure(
        code=recipe.code,
        name=str(recipe.name),
        definition=str(recipe.definition) % {"long": Threshold.UNRECORDED_AFTER.words(now)},
        limits=str(recipe.limits),
        scope=scope,
        moment=now,
        total=slices[_TOTAL][0],
        months=_without_gaps(slices[_MONTH]),
        locations=slices[_LOCATION],
        types=slices[_TYPE],
        counsellors=slices[_COUNSELLOR],
        excluded={one: number for one, number in whole.items() if one not in recipe.denominator},
        households=households_of_all,
        unrecorded=whole["U"],
        excused=whole["X"],
    )


def _without_gaps(months: list[Slice]) -> list[Slice]:
    """A month in which nothing happened stands between its neighbours as 0 of 0."""
    if not months:
        return []
    known = {one.key: one for one in months}
    year, month = map(int, months[0].key.split("-"))
    filled = []
    while (key := f"{year:04}-{month:02}") <= months[-1].key:
        filled.append(known.get(key) or Slice(month_name(key), 0, 0, key))
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return filled


def _label(level: int, month: str | None, location: str, kind: str, counsellor: str) -> str:
    if level == _MONTH:
        return month_name(month)
    return {_LOCATION: location, _TYPE: kind, _COUNSELLOR: counsellor}.get(level, "")


def month_name(month: str) -> str:
    """`nov 2026` for `2026-11`."""
    date = dt.date.fromisoformat(month + "-01")
    return dates.short_date(date).split(" ", 2)[2] + f" {date.year}"


def no_show(scope: Scope, *, now: dt.datetime) -> Figure:
    """M1: no-show per appointment, by local date of the planned start."""
    return _by_class(_M1, scope, now)


def no_show_of_m3(scope: Scope, *, now: dt.datetime) -> Figure:
    """The total of M3, as M1 has it; `reads.reminders` splits it."""
    return _by_class(_M3, scope, now)


def unrecorded(scope: Scope, *, now: dt.datetime) -> Figure:
    """M4: appointments that still lack an outcome, with the median working days from end to record. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(_MEDIAN_DAYS, scope.parameters(now))
        (median,) = cursor.fetchone()
    return dataclasses.replace(_by_class(_M4, scope, now), median_days=median)


def lost_slots(scope: Scope, *, now: dt.datetime) -> Figure:
    """M4b: time that was kept and not used."""
    return _by_class(_M4B, scope, now)


# M2: registrations of the scope by what became of them. They belong to the counsellor of the first talk that was planned
# first, so that a later transfer changes nothing (C11); to the owner as long as no first talk was ever planned.
REGISTERED = """
with registered as (
  select h.id, h.location_id, (h.registered_at at time zone %(zone)s)::date as on_date, h.closed_on, h.exit_reason,
         coalesce((select a.counsellor_id
                   from casework_appointment a join casework_appointmenttype t on t.id = a.type_id
                   where a.household_id = h.id and t.first_talk order by a.starts_at, a.id limit 1),
                  h.owner_id) as counsellor_id
  from casework_household h
  where h.registered_at >= %(first)s and h.registered_at < %(after)s
    -- Who was registered twice and merged is one person (3.3, R-53).
    and h.merged_into_id is null
    and (%(location)s::bigint is null or h.location_id = %(location)s)
), classed as (
  select r.*, to_char(r.on_date, 'YYYY-MM') as month,
         case when r.on_date > %(report_date)s::date - %(ripe)s then 'unripe'
              when r.exit_reason in ('Overleden', 'Verhuisd') and r.closed_on <= r.on_date + %(ripe)s then 'left'
              when exists (select from casework_appointment a join casework_appointmenttype t on t.id = a.type_id
                           where a.household_id = r.id and t.first_talk and a.outcome in ('V', 'L')
                             and (a.starts_at at time zone %(zone)s)::date between r.on_date and r.on_date + %(ripe)s)
              then 'came' else 'not_came' end as class
  from registered r
  where %(counsellor)s::bigint is null or r.counsellor_id = %(counsellor)s
)
"""
_SHOW_UP = (
    REGISTERED
    + """, counted as (
  select grouping(month, location_id, counsellor_id) as level, month, location_id, counsellor_id,
         count(*) filter (where class = 'came') as came, count(*) filter (where class in ('came', 'not_came')) as ripe,
         count(*) filter (where class = 'unripe') as unripe, count(*) filter (where class = 'left') as gone
  from classed
  group by grouping sets ((), (month), (location_id), (counsellor_id))
)
select c.level, c.month, c.location_id, c.counsellor_id, l.name, u.full_name, c.came, c.ripe, c.unripe, c.gone
from counted c
left join casework_location l on l.id = c.location_id
left join casework_counsellor k on k.id = c.counsellor_id
left join casework_user u on u.id = k.user_id
order by c.level desc, c.month, l.name, k.sort_name, c.location_id, c.counsellor_id
"""
)


def show_up(scope: Scope, *, now: dt.datetime) -> Figure:
    """M2: registered households with a first talk held within 60 days, by local date of registration."""
    with connection.cursor() as cursor:
        cursor.execute(_SHOW_UP, scope.parameters(now))
        found = cursor.fetchall()
    slices: dict[int, list[Slice]] = {level: [] for level in (0b111, 0b011, 0b101, 0b110)}
    excluded = {"unripe": 0, "left": 0}
    for level, month, location, counsellor, location_name, counsellor_name, came, ripe, unripe, left in found:
        label = {0b011: month and month_name(month), 0b101: location_name, 0b110: counsellor_name}.get(level)
        key = {0b011: month, 0b101: location, 0b110: counsellor}.get(level)
        complete = level != 0b011 or not unripe
        name = "" if level == 0b111 else label or _("unknown")
        slices[level].append(Slice(name, came, ripe, str(key or ""), complete))
        if level == 0b111:
            excluded = {"unripe": unripe, "left": left}
    return Figure(
        code="m2",
        name=_("Show-up per registration"),
        definition=_(
            "Numerator: households with a first talk held within 60 days of registration. Denominator: households "
            "registered at least 60 days ago. Left out: not yet ripe, and who died or moved away within 60 days."
        ),
        limits=_("Not to be compared with the no-show figure: this one counts households, not appointments."),
        scope=scope,
        moment=now,
        total=slices[0b111][0],
        months=_without_gaps(slices[0b011]),
        locations=slices[0b101],
        types=[],
        counsellors=slices[0b110],
        excluded=excluded,
        households=slices[0b111][0].numerator,
    )
