"""When a message may go out, and when it should (R-30 to R-35). Pure functions over local dates."""

import datetime as dt
from dataclasses import dataclass

from casework.core import clock
from casework.messaging.models import MessageKind

OPENS, CLOSES = dt.time(8), dt.time(20)
SUNDAY = 7
TEN = dt.time(10)
REMIND_AT = dt.time(10)
EVENING = dt.time(17)
# a reminder sooner than this after the booking would only repeat the confirmation.
APART_FROM_BOOKING = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Window:
    """Mondays to Saturdays from 08:00 to 20:00 local, not on closed days (R-30)."""

    closed: frozenset[dt.date]

    def has(self, date: dt.date) -> bool:
        return date.isoweekday() != SUNDAY and date not in self.closed

    def is_open(self, moment: dt.datetime) -> bool:
        local = clock.local(moment)
        return self.has(local.date()) and OPENS <= local.time() < CLOSES

    def next_opening(self, moment: dt.datetime) -> dt.datetime:
        """The moment itself inside the window, otherwise the next opening."""
        local = clock.local(moment)
        if self.has(local.date()) and local.time() < CLOSES:
            return max(moment, clock.at(local.date(), OPENS))
        date = local.date() + dt.timedelta(days=1)
        while not self.has(date):
            date += dt.timedelta(days=1)
        return clock.at(date, OPENS)

    def two_days_before(self, start: dt.datetime) -> dt.datetime:
        """10:00 on the second calendar day before, or on the nearest earlier day with a window (R-32)."""
        date = clock.local_date(start) - dt.timedelta(days=2)
        while not self.has(date):
            date -= dt.timedelta(days=1)
        return clock.at(date, REMIND_AT)

    def same_day(self, start: dt.datetime) -> dt.datetime | None:
        """08:00 that day, or 17:00 the day before for an early start; None when that day has no window (R-33)."""
        local = clock.local(start)
        if local.time() >= TEN:
            return clock.at(local.date(), OPENS) if self.has(local.date()) else None
        date = local.date() - dt.timedelta(days=1)
        return clock.at(date, EVENING) if self.has(date) else None


def expires_at(kind: str, start: dt.datetime, due: dt.datetime) -> dt.datetime:
    """After this moment a message is of no use any more (R-35); never before its own moment."""
    ends = {
        MessageKind.TWO_DAYS_BEFORE: start - dt.timedelta(hours=24),
        MessageKind.SAME_DAY: start - dt.timedelta(minutes=60),
        MessageKind.CONFIRMATION: start,
        MessageKind.CHANGED: start,
        MessageKind.CANCELLED: start,
        MessageKind.MISSED: start + dt.timedelta(days=14),
    }
    return max(ends[kind], due)
