"""Messages of the demonstration city: what went out lately, and what is planned."""

import datetime as dt

from casework.appointments.actions.reminders import message_facts
from casework.appointments.models import APPEARED, MISSED, Appointment, moments_of
from casework.core import clock
from casework.exchange.actions.demo.city import City
from casework.messaging import actions as messaging
from casework.messaging import texts
from casework.messaging.models import Channel, Message, MessageKind, MessageState
from casework.messaging.post import may_be_a_letter
from casework.messaging.window import APART_FROM_BOOKING
from casework.places.models import CalendarDay

_LATELY = dt.timedelta(days=14)


def build_messages(city: City, rows: list[Appointment]) -> int:
    """How many messages there are: sent in the last two weeks, and planned for appointments to come."""
    number = 0
    for row in rows:
        if not row.outcome and row.starts_at > city.now:
            number += len(messaging.plan_for_booking(
                household=row.household, appointment_key=row.pk, starts_at=row.starts_at, facts=message_facts(row),
                moments=moments_of(row.type_id, city.now), booked_at=row.booked_at, now=city.now,
            ))  # fmt: skip
    # The outbox of a city that was made this moment did not stand still since yesterday.
    Message.objects.due(city.now).filter(expires_at__gte=city.now).update(due_at=city.now)
    _leave_letters(city)
    sent = [_sent(row) for row in rows if _was_reminded(city, row)]
    Message.objects.bulk_create(sent, batch_size=2000)
    return number + len(sent)


def _leave_letters(city: City) -> None:
    """What a letter says stands ready to be printed, also at night, when the outbox sends nothing."""
    calendar = CalendarDay.objects.working_calendar()
    rows = Message.objects.unsent().filter(kind=MessageKind.CONFIRMATION).select_related("household")
    letters = []
    for message in rows:
        in_time = may_be_a_letter(message, calendar, city.now)
        message.channel, message.recipient = messaging.choose_channel(
            message.household, message, letter_in_time=in_time
        )
        if message.channel == Channel.LETTER:
            texts.fill(message, preferred=message.household.language, on=city.today)
            message.state = MessageState.PRINT
            letters.append(message)
    written = ["channel", "recipient", "language", "wording", "trial", "variant", "subject", "text", "state"]
    Message.objects.bulk_update(letters, written, batch_size=500)


def _was_reminded(city: City, row: Appointment) -> bool:
    """Whether the reminder of two days before went out, by text message (R-32, R-34)."""
    lately = city.now - _LATELY < row.starts_at <= city.now
    stood = row.outcome in {*APPEARED, *MISSED}
    in_time = row.booked_at + APART_FROM_BOOKING <= _reminded_at(row)
    return lately and stood and in_time and bool(row.household.mobile) and row.household.wants_messages


def _reminded_at(row: Appointment) -> dt.datetime:
    return clock.at(clock.local_date(row.starts_at) - dt.timedelta(days=2), dt.time(10))


def _sent(row: Appointment) -> Message:
    moment = _reminded_at(row)
    message = Message(
        household=row.household, appointment_key=row.pk, kind=MessageKind.TWO_DAYS_BEFORE, planned_start=row.starts_at,
        facts=message_facts(row), due_at=moment, expires_at=row.starts_at, created_at=row.booked_at, attempts=1,
        state=MessageState.SENT, sent_at=moment + dt.timedelta(seconds=7), claimed_at=moment, channel=Channel.SMS,
        recipient=row.household.mobile,
    )  # fmt: skip
    texts.fill(message, preferred=row.household.language, on=clock.local_date(moment))
    return message
