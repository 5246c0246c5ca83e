"""When a message may go out, and when it should (R-30 to R-35). Pure functions over local dates."""

import datetime as dt
from dataclasses import dataclass

from casework.core import clock
from casework.messaging.models import MessageKind

OPENS, CLOSES = dt.time(8), dt.time(20)
SUNDAY = 7
# a reminder sooner than this after the booking would only repeat the confirmation.
APART_FROM_BOOKING = dt.timedelta(hours=12)


@dataclass(frozen=True)
class Moments:
    """What is sent about an appointment and when; untouched, as R-31 to R-33 say (decision 0065)."""

    confirmation: bool = True
    reminder: bool = True
    days_before: int = 2
    reminder_at: dt.time = dt.time(10)
    same_day: bool = True
    same_day_at: dt.time = OPENS
    # Starts before this are reminded the evening before.
    early_before: dt.time = dt.time(10)
    evening_at: dt.time = dt.time(17)
    missed: bool = True


AS_RULED = Moments()


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

    def two_days_before(self, start: dt.datetime, moments: Moments = AS_RULED) -> dt.datetime:
        """10:00 on the second calendar day before, or on the nearest earlier day with a window (R-32).

        Of how many days before and at what time, a city may choose.
        """
        date = clock.local_date(start) - dt.timedelta(days=moments.days_before)
        while not self.has(date):
            date -= dt.timedelta(days=1)
        return clock.at(date, moments.reminder_at)

    def same_day(self, start: dt.datetime, moments: Moments = AS_RULED) -> dt.datetime | None:
        """08:00 that day, or 17:00 the day before for an early start; None when that day has no window (R-33)."""
        local = clock.local(start)
        if local.time() >= moments.early_before:
            return clock.at(local.date(), moments.same_day_at) if self.has(local.date()) else None
        date = local.date() - dt.timedelta(days=1)
        return clock.at(date, moments.evening_at) if self.has(date) else None

    def reminders(self, start: dt.datetime, moments: Moments) -> dict[MessageKind, dt.datetime]:
        """The reminders that an appointment has, with their moments (R-32, R-33)."""
        found = {
            MessageKind.TWO_DAYS_BEFORE: self.two_days_before(start, moments) if moments.reminder else None,
            MessageKind.SAME_DAY: self.same_day(start, moments) if moments.same_day else None,
        }
        return {kind: due for kind, due in found.items() if due}


def expires_at(kind: str, start: dt.datetime, due: dt.datetime) -> dt.datetime:
    """After this moment a message is of no use any more (R-35); never before its own moment."""
    ends = {
        # One for the day before has the rest of its day; any other is well before the 24 hours by then.
        MessageKind.TWO_DAYS_BEFORE: max(start - dt.timedelta(hours=24), clock.at(clock.local_date(due), CLOSES)),
        MessageKind.SAME_DAY: start - dt.timedelta(minutes=60),
        MessageKind.CONFIRMATION: start,
        MessageKind.CHANGED: start,
        MessageKind.CANCELLED: start,
        MessageKind.MISSED: start + dt.timedelta(days=14),
    }
    return max(ends[kind], due)
