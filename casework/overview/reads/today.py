"""Blocks of the first page per role (S02 to S04); one query each, two where it says so."""

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, QuerySet, Window

from casework.appointments.models import (
    Appointment,
    AppointmentType,
    CorrectionProposal,
    FollowUp,
    SearchArea,
    Slot,
    free_slots,
    suggestions,
)
from casework.core import clock
from casework.core.models import User
from casework.counsellors.models import Counsellor
from casework.households.models import Household, Task
from casework.places.models import Location

# So many rows of a block stand on the first page; the rest is behind its link.
SHOWN = 5
MOST_TASKS = MOST_UNRECORDED = 20


@dataclass(frozen=True)
class Some:
    """The first rows of a block, and how many there are in all: that number opens the whole list."""

    rows: list = field(default_factory=list)
    number: int = 0

    @classmethod
    def of(cls, rows: QuerySet, most: int) -> "Some":
        found = list(rows.annotate(of_all=Window(Count("pk")))[:most])
        return cls(found, found[0].of_all if found else 0)


def my_tasks(user: User) -> Some:
    """Open tasks of this person or role, overdue first."""
    rows = Task.objects.visible_to(user).open().of(user).select_related("household")
    return Some.of(rows.order_by("due_on", "pk"), MOST_TASKS)


def unrecorded(own: Counsellor, now: dt.datetime) -> Some:
    """What this counsellor, first or second, must still record, the oldest first (R-21)."""
    rows = Appointment.objects.of(own).unrecorded(now).for_list()
    return Some.of(rows.order_by("starts_at", "pk"), MOST_UNRECORDED)


def missed_to_follow_up(*, owner: Counsellor | None = None, place: Location | None = None) -> int:
    """How many missed appointments are still to be followed up: of a counsellor, of a place, or of all (S12)."""
    rows = FollowUp.objects.open()
    if owner:
        rows = rows.owned_by(owner)
    if place:
        rows = rows.filter(appointment__location=place)
    return rows.count()


def answers(user: User, now: dt.datetime) -> list[CorrectionProposal]:
    """What a supervisor decided of the corrections that this person proposed, of the last two weeks (R-22)."""
    return list(CorrectionProposal.objects.answered_to(user, now).for_list()[:20])


def late_follow_ups(now: dt.datetime) -> int:
    return FollowUp.objects.late(clock.local_date(now)).count()


def silent_households(owner: Counsellor, now: dt.datetime) -> Some:
    """Open households of a counsellor without contact for longer than was agreed, the longest first (M8)."""
    return Some.of(Household.objects.silent(now).filter(owner=owner).order_by("in_touch_at", "pk"), SHOWN)


def at_risk(owner: Counsellor, now: dt.datetime) -> Some:
    """Open households of a counsellor that missed too often in a row, the most often first (R-24)."""
    return Some.of(Household.objects.at_risk(now).filter(owner=owner).order_by("-in_a_row", "sort_name", "pk"), SHOWN)


def free_half_days(own: Counsellor, now: dt.datetime) -> list[Slot]:
    """The first free hour of each half-day that a counsellor has left this week."""
    today = clock.local_date(now)
    area = SearchArea(
        length=dt.timedelta(hours=1), earliest=now, counsellor_id=own.pk,
        latest_date=today + dt.timedelta(days=7 - today.isoweekday()),
    )  # fmt: skip
    return suggestions(area, now=now, half_days=10)


def urgent_today(place: Location | None, now: dt.datetime) -> list[Slot]:
    """What is left today for who cannot wait: free starts of a first talk here, one per start. Two queries."""
    kind = AppointmentType.objects.filter(active=True, first_talk=True).order_by("code").first()
    if kind is None:
        return []
    area = SearchArea(
        length=kind.length, earliest=now, latest_date=clock.local_date(now), location_id=place.pk if place else None
    )
    by_start: dict[dt.datetime, Slot] = {}
    for slot in free_slots(area, now=now):
        by_start.setdefault(slot.start, slot)
    return list(by_start.values())


def balance_of(rows) -> list[dict]:
    """Counsellors with how full they are, for a bar of 100 wide. No query."""
    return [
        {"counsellor": one, "share": min(100, round(100 * one.number / one.capacity)) if one.capacity else 100}
        for one in rows
    ]
