"""The one clock of ETF, and local time.

Stored moments are UTC; people see and type wall time in Europe/Amsterdam (R-01).
"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

LOCAL = ZoneInfo("Europe/Amsterdam")


class NoSuchLocalTime(ValueError):
    """A wall time that a clock change skips, such as 02:30 on 29 March 2026."""


def now() -> dt.datetime:
    """The present moment, aware; outside production `ETF_NOW` (ISO 8601, without offset = wall time) freezes it."""
    if settings.ETF_NOW:
        return moment(settings.ETF_NOW)
    return timezone.now()


def today() -> dt.date:
    return local_date(now())


def moment(text: str) -> dt.datetime:
    """Read ISO 8601; without an offset it is wall time in Amsterdam. Refuses what is not a moment."""
    value = dt.datetime.fromisoformat(text)
    return value if value.tzinfo else at(value.date(), value.time())


def at(date: dt.date, time: dt.time) -> dt.datetime:
    """The moment of a local date and wall time (R-01).

    A time that exists twice means the first. A time that does not exist raises NoSuchLocalTime.
    """
    wall = dt.datetime.combine(date, time, tzinfo=LOCAL).replace(fold=0)
    if local(wall.astimezone(dt.UTC)).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise NoSuchLocalTime(f"{date} {time:%H:%M} does not exist: the clock goes forward then.")
    return wall.astimezone(dt.UTC)


def local(value: dt.datetime) -> dt.datetime:
    return value.astimezone(LOCAL)


def local_date(value: dt.datetime) -> dt.date:
    return local(value).date()


def day_bounds(date: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The moments at which a local date starts and ends; 23, 24 or 25 hours apart."""
    return at(date, dt.time()), at(date + dt.timedelta(days=1), dt.time())
