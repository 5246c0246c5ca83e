"""Planning messages and withdrawing them, inside the transaction of what they are about (R-30 to R-38)."""

import datetime as dt

from casework.core import clock
from casework.core.thresholds import Threshold
from casework.households.models import Household
from casework.messaging.models import (
    Message,
    MessageKind,
    MessageState,
    WithdrawnReason,
)
from casework.messaging.window import APART_FROM_BOOKING, Moments, Window, expires_at
from casework.places.models import CalendarDay


def window_around(around: dt.datetime) -> Window:
    """The sending window with the closed days around a moment. One query."""
    date = clock.local_date(around)
    span = (date - dt.timedelta(days=30), date + dt.timedelta(days=30))
    return Window(frozenset(CalendarDay.objects.closed_dates(*span)))


def _plan(
    *, household: Household, appointment_key: int, kind: MessageKind, starts_at: dt.datetime, facts: dict,
    due_at: dt.datetime, now: dt.datetime,
) -> Message | None:  # fmt: skip
    """One row, once per appointment × kind × planned start (R-36); None when it would be of no use any more."""
    expires = expires_at(kind, starts_at, due_at)
    if expires < now or not household.wants_messages:
        return None
    message, _made = Message.objects.get_or_create(
        appointment_key=appointment_key,
        kind=kind,
        planned_start=starts_at,
        defaults={
            "household": household, "facts": facts, "due_at": due_at, "expires_at": expires, "created_at": now,
        },
    )  # fmt: skip
    return message


def plan_for_booking(
    *, household: Household, appointment_key: int, starts_at: dt.datetime, facts: dict, moments: Moments,
    booked_at: dt.datetime, moved: bool = False, now: dt.datetime,
) -> list[Message]:  # fmt: skip
    """Plan the confirmation (or *changed*) and the reminders of an appointment (R-31 to R-34).

    Takes part in the caller's transaction. May be repeated: what is planned stays as it is, also by other moments.
    """
    kind = MessageKind.CHANGED if moved else MessageKind.CONFIRMATION
    # Whatever was chosen, who has another time hears it.
    told = [(kind, window_around(now).next_opening(now))] if moved or moments.confirmation else []
    reminders = window_around(starts_at).reminders(starts_at, moments).items()
    wanted = [*told, *(one for one in reminders if one[1] >= booked_at + APART_FROM_BOOKING)]
    rows = [
        _plan(household=household, appointment_key=appointment_key, kind=one, starts_at=starts_at, facts=facts,
              due_at=due, now=now)
        for one, due in wanted
        if due < starts_at
    ]  # fmt: skip
    return [row for row in rows if row]


def plan_cancelled(
    *, household: Household, appointment_key: int, starts_at: dt.datetime, facts: dict, now: dt.datetime
) -> Message | None:
    """Tell that an appointment does not go on (R-31). Repeatable."""
    due = window_around(now).next_opening(now)
    if due >= starts_at:
        return None
    return _plan(household=household, appointment_key=appointment_key, kind=MessageKind.CANCELLED,
                 starts_at=starts_at, facts=facts, due_at=due, now=now)  # fmt: skip


def plan_missed(
    *, household: Household, appointment_key: int, starts_at: dt.datetime, facts: dict, now: dt.datetime
) -> Message | None:
    """The friendly message some while after "did not appear" was recorded, inside the window (R-26). Repeatable."""
    due = window_around(now).next_opening(now + Threshold.MISSED_AFTER.span(now))
    return _plan(household=household, appointment_key=appointment_key, kind=MessageKind.MISSED, starts_at=starts_at,
                 facts=facts, due_at=due, now=now)  # fmt: skip


def withdraw(
    *, appointment_key: int, reason: WithdrawnReason, now: dt.datetime, kinds: list[MessageKind] | None = None
) -> int:
    """Withdraw the unsent messages of an appointment, at once (R-37); how many. Repeatable."""
    rows = Message.objects.unsent().filter(appointment_key=appointment_key)
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return rows.update(state=MessageState.WITHDRAWN, reason=reason)


def change_facts(*, appointment_key: int, facts: dict) -> int:
    """What is not sent yet tells of the appointment as it is now; how many. Repeatable.

    A letter that waits to be printed is made anew; one that is on paper stays as it is, like one that was just sent.
    """
    rows = Message.objects.unsent().filter(appointment_key=appointment_key, batch=None)
    return rows.update(facts=facts, state=MessageState.PLANNED)


def withdraw_household(*, household: Household, reason: WithdrawnReason, now: dt.datetime) -> int:
    """Withdraw everything unsent of a household: opt-out or closing (R-38, R-62). Repeatable."""
    return Message.objects.unsent().filter(household=household).update(state=MessageState.WITHDRAWN, reason=reason)
