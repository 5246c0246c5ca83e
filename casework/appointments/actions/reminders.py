"""What appointments tell the outbox, and what the outbox asks of appointments before it sends."""

import datetime as dt
import os
import socket
from uuid import UUID

from casework.appointments.models import (
    MOVED,
    Appointment,
    CancelCode,
    Outcome,
    TypeChannel,
    moments_of,
    new_code,
    new_token,
)
from casework.messaging import actions as messaging
from casework.messaging.models import Message, MessageKind, WithdrawnReason


def message_facts(appointment: Appointment) -> dict:
    """What a text to the resident may need; frozen when the message is planned. No name, no reason of the talk."""
    return {
        "location": appointment.location.name,
        "address": appointment.location.address,
        "directions": appointment.location.directions,
        "first_name": appointment.counsellor.first_name,
        "channel": "phone" if appointment.type.channel == TypeChannel.PHONE else "place",
    }


def reminder_facts(appointment: Appointment, *, now: dt.datetime) -> dict:
    """With what the resident needs to cancel, where a location has that; a talk by telephone has no such page.

    Repeatable: of one appointment and start the code stays the same. Two queries more, and only at such a location.
    """
    facts = message_facts(appointment)
    if not appointment.location.self_cancel or facts["channel"] == "phone":
        return facts
    code, _made = CancelCode.objects.get_or_create(
        appointment=appointment, starts_at=appointment.starts_at,
        defaults={"token": new_token(), "code": new_code(), "made_at": now},
    )  # fmt: skip
    return facts | {"code": code.code, "link": code.address}


def plan_messages(appointment: Appointment, *, moved: bool, now: dt.datetime) -> None:
    """Confirmation (or changed) and reminders of a booked appointment (R-31 to R-34); a walk-in gets none."""
    if appointment.walk_in:
        return
    messaging.plan_for_booking(
        household=appointment.household,
        appointment_key=appointment.pk,
        starts_at=appointment.starts_at,
        facts=reminder_facts(appointment, now=now),
        moments=moments_of(appointment.type_id, now),
        moved=moved,
        booked_at=appointment.booked_at,
        now=now,
    )


def plan_missed_message(appointment: Appointment, *, now: dt.datetime) -> None:
    """The friendly *missed* message (R-26): after N, unless a next appointment already stands or none is wanted."""
    if not moments_of(appointment.type_id, now).missed or _has_future_appointment(appointment, now):
        return
    messaging.plan_missed(
        household=appointment.household,
        appointment_key=appointment.pk,
        starts_at=appointment.starts_at,
        facts=message_facts(appointment),
        now=now,
    )


def _has_future_appointment(appointment: Appointment, now: dt.datetime) -> bool:
    return Appointment.objects.standing(now).filter(household_id=appointment.household_id).exists()


def withdraw_missed_messages(appointment: Appointment, *, now: dt.datetime) -> None:
    """A new appointment makes an unsent *missed* message of this household untrue (R-26)."""
    keys = Appointment.objects.filter(household_id=appointment.household_id, outcome=Outcome.NO_SHOW)
    for key in keys.values_list("pk", flat=True):
        messaging.withdraw(
            appointment_key=key, reason=WithdrawnReason.NEW_APPOINTMENT, now=now, kinds=[MessageKind.MISSED]
        )


def no_longer_wanted(messages: list[Message]) -> dict[UUID, WithdrawnReason]:
    """Which messages are untrue by now, and why (R-37). Two queries for the whole list."""
    keys = {message.appointment_key for message in messages}
    rows = Appointment.objects.in_bulk(keys)
    missed = {message.household_id for message in messages if message.kind == MessageKind.MISSED}
    newest = {}
    if missed:
        pairs = Appointment.objects.filter(household__in=missed, outcome="").values_list("household_id", "starts_at")
        for household_id, starts_at in pairs:
            newest[household_id] = max(starts_at, newest.get(household_id, starts_at))
    found = {}
    for message in messages:
        appointment = rows.get(message.appointment_key)
        reason = _why_untrue(message, appointment, newest.get(message.household_id))
        if reason:
            found[message.pk] = reason
    return found


def _why_untrue(
    message: Message, appointment: Appointment | None, newest: dt.datetime | None
) -> WithdrawnReason | None:
    if appointment is None:
        return WithdrawnReason.CANCELLED
    if message.kind == MessageKind.CANCELLED:
        return None
    if message.kind == MessageKind.MISSED:
        if appointment.outcome != Outcome.NO_SHOW:
            return WithdrawnReason.CORRECTED
        return WithdrawnReason.NEW_APPOINTMENT if newest and newest > appointment.starts_at else None
    if appointment.outcome in MOVED or appointment.starts_at != message.planned_start:
        return WithdrawnReason.MOVED
    if appointment.outcome in {Outcome.CANCELLED_IN_TIME, Outcome.CANCELLED_LATE, Outcome.CANCELLED_BY_ETF}:
        return WithdrawnReason.CANCELLED
    return WithdrawnReason.RECORDED if appointment.outcome else None


def send_due_messages(*, now: dt.datetime) -> int:
    """One sweep of the outbox: what is due and still true goes out. Safe to repeat and to run in parallel (R-36)."""
    worker = f"{socket.gethostname()}:{os.getpid()}"
    return messaging.send_due(now=now, worker=worker, still_true=no_longer_wanted)
