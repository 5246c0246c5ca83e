"""When a letter is still in time (R-39, decision 0063). Pure functions over local dates."""

import datetime as dt

from casework.core import clock
from casework.core.thresholds import Threshold
from casework.messaging.models import Message, MessageKind
from casework.places.models import WorkingCalendar

# a letter needs this many working days strictly between booking and appointment.
WORKING_DAYS_FOR_LETTER = 5


def may_be_a_letter(message: Message, calendar: WorkingCalendar, now: dt.datetime) -> bool:
    """Whether R-39 lets a letter go out now; the five days are asked of what is about a talk to come."""
    if message.kind != MessageKind.MISSED:
        booked = clock.local_date(message.created_at)
        between = calendar.working_days_between(booked, clock.local_date(message.planned_start))
        if between < WORKING_DAYS_FOR_LETTER:
            return False
    return arrives(message, calendar, posted=clock.local_date(now))


def arrives(message: Message, calendar: WorkingCalendar, *, posted: dt.date) -> bool:
    """Whether a letter that is posted then is there before the day on which it is needed."""
    takes = Threshold.LETTER_TAKES.number(posted)
    return calendar.working_days_between(posted, _needed_on(message)) >= takes


def last_posting_day(message: Message, calendar: WorkingCalendar, today: dt.date) -> dt.date:
    """The last working day on which posting is in time; today where none is left."""
    day = _needed_on(message)
    while day > today and not (calendar.is_working_day(day) and arrives(message, calendar, posted=day)):
        day -= dt.timedelta(days=1)
    return day


def _needed_on(message: Message) -> dt.date:
    """The day of the talk; of a talk that was missed, until when it is of use to say so."""
    missed = message.kind == MessageKind.MISSED
    return clock.local_date(message.expires_at if missed else message.planned_start)
