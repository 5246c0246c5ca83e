"""Another time for appointments that nobody can receive (R-14)."""

import datetime as dt
import uuid
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from casework.appointments.actions.booking import move
from casework.appointments.models import Appointment, ToldHow
from casework.core.models import User
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.counsellors.models import Counsellor
from casework.places.models import Location


@dataclass(frozen=True)
class Replacement:
    """The time that somebody chose for an appointment; `version`: of the appointment as it was shown (R-19)."""

    appointment: Appointment
    version: int
    counsellor: Counsellor
    location: Location
    start: dt.datetime


@dataclass
class Replanned:
    """What became of each: the successors, and per appointment why it stays where it is."""

    done: list[Appointment] = field(default_factory=list)
    refused: dict[int, Refused] = field(default_factory=dict)


def replan(
    *, replacements: list[Replacement], form_token: uuid.UUID, place_confirmed: bool = False, by: User, now: dt.datetime
) -> Replanned:
    """Move each to the time that was chosen for it, each in a transaction of its own (R-15): one refusal keeps no other back.

    Residents hear of a new time only now that there is one (*gewijzigd*). Per row it refuses what `move` refuses.
    Repeatable with the same token: what was moved by it is returned again (R-17).
    """
    result = Replanned()
    for one in replacements:
        try:
            result.done.append(
                move(
                    appointment=one.appointment, counsellor=one.counsellor, location=one.location, start=one.start,
                    told_at=now, told_how=ToldHow.OTHER, version=one.version, place_confirmed=place_confirmed,
                    form_token=uuid.uuid5(form_token, str(one.appointment.pk)), by=by, now=now,
                )
            )  # fmt: skip
        except ChangedMeanwhile:
            result.refused[one.appointment.pk] = Refused(
                _("A colleague changed this appointment meanwhile. Choose again.")
            )
        except Refused as refused:
            result.refused[one.appointment.pk] = refused
    return result
