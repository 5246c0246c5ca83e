"""What all parts of the demonstration city share: chance, the moment, and the people and places made so far."""

import datetime as dt
import random
from dataclasses import dataclass, field

from casework.appointments.models import AppointmentType
from casework.core import clock
from casework.core.models import User
from casework.counsellors.models import Counsellor
from casework.households.models import Household, Member, Term
from casework.places.models import CalendarDay, Location, WorkingCalendar


@dataclass
class Home:
    """A household with what its story needs and its row does not keep."""

    row: Household
    members: list[Member]
    urgent: bool
    never_appears: bool
    first_talk_on: dt.date | None = None
    terms: list[Term] = field(default_factory=list)
    # The file of the same people that was closed before this one.
    earlier: "Home | None" = None

    @property
    def registered_on(self) -> dt.date:
        return clock.local_date(self.row.registered_at)


class City:
    """One source of chance for everything, so that the same seed gives the same city."""

    def __init__(self, rnd: random.Random, now: dt.datetime):
        self.rnd, self.now, self.today = rnd, now, clock.local_date(now)
        self.calendar: WorkingCalendar = CalendarDay.objects.working_calendar()
        self.locations: dict[str, Location] = {}
        self.types: dict[str, AppointmentType] = {}
        self.by_place: dict[str, list[Counsellor]] = {}
        self.free_days: dict[int, int] = {}
        self.desk: User | None = None

    @property
    def counsellors(self) -> list[Counsellor]:
        return [one for team in self.by_place.values() for one in team]
