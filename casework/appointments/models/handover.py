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
    """The same in order. One query per length and place of the appointments."""
    found, busy = {}, {}
    for one in appointments:
        busy.setdefault(one.household_id, []).append(one)
        found.setdefault((one.ends_at - one.starts_at, one.location_id), []).append(one)
    starts = {key: _free_starts(key, rows, to, now) for key, rows in found.items()}
    return [
        _handover(one, starts[one.ends_at - one.starts_at, one.location_id], busy[one.household_id])
        for one in appointments
    ]


def _free_starts(key: tuple, rows: list[Appointment], to: Counsellor, now: dt.datetime) -> list[Slot]:
    length, location_id = key
    last = max(one.starts_at for one in rows) + LOOK_AHEAD
    area = SearchArea(
        length=length, earliest=now, latest_date=clock.local_date(last), counsellor_id=to.pk, location_id=location_id
    )
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
