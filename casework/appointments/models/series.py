"""A talk every so many weeks: at which of its dates it fits, and what is near where it does not (R-01)."""

import datetime as dt
from dataclasses import dataclass, field, replace

from casework.appointments.models.slots import SearchArea, Slot, free_slots
from casework.core import clock

# So many other times are offered for a date that does not fit, one per half-day of the same week.
TIMES_OFFERED = 6


@dataclass(frozen=True)
class Occurrence:
    """One date of a series. `slot` is None where the talk does not fit at its own time; then `others` are near."""

    date: dt.date
    slot: Slot | None
    others: list[Slot] = field(default_factory=list)


def occurrences(area: SearchArea, start: dt.datetime, *, weeks: int, times: int, now: dt.datetime) -> list[Occurrence]:
    """`times` dates from that of `start` on, `weeks` apart, at its wall time (R-01). One query.

    `area` names the one counsellor and location that the series is of.
    """
    first = clock.local(start)
    dates = [first.date() + dt.timedelta(weeks=weeks * number) for number in range(times)]
    sunday = dates[-1] + dt.timedelta(days=6 - dates[-1].weekday())
    whole = replace(area, earliest=clock.day_bounds(dates[0])[0], latest_date=sunday)
    by_week: dict[dt.date, list[Slot]] = {}
    for slot in free_slots(whole, now=now):
        by_week.setdefault(_monday(slot.date), []).append(slot)
    return [_occurrence(date, first.time(), by_week.get(_monday(date), [])) for date in dates]


def _monday(date: dt.date) -> dt.date:
    return date - dt.timedelta(days=date.weekday())


def _occurrence(date: dt.date, time: dt.time, slots: list[Slot]) -> Occurrence:
    own = next((slot for slot in slots if slot.date == date and clock.local(slot.start).time() == time), None)
    if own:
        return Occurrence(date, own)
    wanted = dt.datetime.combine(date, time)
    first_of_half_day: dict[tuple, Slot] = {}
    for slot in sorted(slots, key=lambda one: abs(clock.local(one.start).replace(tzinfo=None) - wanted)):
        first_of_half_day.setdefault((slot.date, clock.local(slot.start).hour >= 12), slot)
    near = list(first_of_half_day.values())[:TIMES_OFFERED]
    return Occurrence(date, None, sorted(near, key=lambda slot: slot.start))
