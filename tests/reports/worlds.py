"""Worlds with exact numbers, from the worked examples of the figures."""

import datetime as dt

from casework.appointments.models import Appointment
from casework.core import clock
from casework.counsellors.models import Counsellor
from tests import make

# W1: one location, one month.
W1 = {"V": 176, "L": 4, "N": 20, "X": 4, "A1": 14, "A2": 9, "E": 5, "R1": 9, "R2": 3, "": 6}


def appointments(
    counsellor: Counsellor, numbers: dict[str, int], *, first: str = "2026-10-01", households: int = 20, **fields
) -> list[Appointment]:
    """So many appointments of each outcome, one after the other, ten a day."""
    known = [make.household(location=counsellor.location, owner=counsellor) for _number in range(households)]
    outcomes = [outcome for outcome, number in numbers.items() for _number in range(number)]
    start = clock.at(dt.date.fromisoformat(first), dt.time(8))
    kind = fields.pop("type", None) or make.appointment_type()
    return Appointment.objects.bulk_create(
        make.unsaved_appointment(
            household=known[place % households], counsellor=counsellor, type=kind, outcome=outcome,
            start=(start + dt.timedelta(days=place // 10, hours=place % 10)).isoformat(), **fields,
        )
        for place, outcome in enumerate(outcomes)
    )  # fmt: skip
