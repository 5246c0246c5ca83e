"""What may become of the standing appointments of a household that goes to another counsellor (R-60, S16)."""

import datetime as dt
from dataclasses import dataclass, field

from casework.appointments.models.appointments import Appointment
from casework.appointments.models.slots import SearchArea, Slot, free_slots
from casework.core import clock
from casework.counsellors.models import Counsellor

# Other times are looked for until so long after the appointment; so many are offered, one per half-day.
LOOK_AHEAD = dt.timedelta(days=28)
TIMES_OFFERED = 8


@dataclass(frozen=True)
class Handover:
    """One standing appointment: whether the new counsellor is free then, and else which times are near."""

    appointment: Appointment
    free: bool
    times: list[Slot] = field(default_factory=list)


def handovers(appointments: list[Appointment], *, to: Counsellor, now: dt.datetime) -> list[Handover]:
    """The same in order. One query per length, place and way of the appointments, and per one that somebody joins."""
    found, busy = {}, {}
    for one in appointments:
        busy.setdefault(one.household_id, []).append(one)
        found.setdefault(_likeness(one), []).append(one)
    starts = {key: _free_starts(rows, to, now) for key, rows in found.items()}
    return [
        Handover(one, free=True) if one.second_counsellor_id == to.pk
        else _handover(one, starts[_likeness(one)], busy[one.household_id])
        for one in appointments
    ]  # fmt: skip


def _likeness(one: Appointment) -> tuple:
    """Those for which the same times are free. A second counsellor is only free of the appointment that moves itself."""
    joined = one.pk if one.second_counsellor_id else None
    return one.ends_at - one.starts_at, one.location_id, one.travel_minutes, joined


def _free_starts(rows: list[Appointment], to: Counsellor, now: dt.datetime) -> list[Slot]:
    like = rows[0]
    last = max(one.starts_at for one in rows) + LOOK_AHEAD
    if like.second_counsellor_id == to.pk:
        return []
    area = SearchArea(
        length=like.ends_at - like.starts_at, earliest=now, latest_date=clock.local_date(last), counsellor_id=to.pk,
        location_id=like.location_id, travel=like.travel, second_id=like.second_counsellor_id,
        leave_out_id=like.pk if like.second_counsellor_id else None,
    )  # fmt: skip
    return free_slots(area, now=now)


def _handover(appointment: Appointment, slots: list[Slot], own: list[Appointment]) -> Handover:
    if any(slot.start == appointment.starts_at for slot in slots):
        return Handover(appointment, free=True)
    others = [one for one in own if one.pk != appointment.pk]
    possible = [
        slot for slot in slots
        if not any(slot.start < one.ends_at and slot.start + slot.length > one.starts_at for one in others)
    ]  # fmt: skip
    first_of_half_day: dict[tuple, Slot] = {}
    for slot in possible:
        at = clock.local(slot.start)
        first_of_half_day.setdefault((at.date(), at.hour >= 12), slot)
    nearest = sorted(first_of_half_day.values(), key=lambda slot: abs(slot.start - appointment.starts_at))
    return Handover(appointment, free=False, times=sorted(nearest[:TIMES_OFFERED], key=lambda slot: slot.start))
