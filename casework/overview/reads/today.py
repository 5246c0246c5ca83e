"""Blocks of the first page per role (S02 to S04); one query each, two where it says so."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from casework.appointments.models import (
    APPEARED,
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
from casework.core.thresholds import Threshold
from casework.counsellors.models import Counsellor
from casework.households.models import ContactAttempt, Household, Note, Task
from casework.places.models import Location

# So many rows of a block stand on the first page; the rest is behind its link.
SHOWN = 5


def my_tasks(user: User) -> list[Task]:
    """Open tasks of this person or role, overdue first."""
    return list(Task.objects.open().of(user).select_related("household").order_by("due_on", "pk")[:20])


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


def silent_households(owner: Counsellor, now: dt.datetime) -> QuerySet[Household]:
    """Open households of a counsellor without a talk, note or attempt for 30 days, or what was chosen instead, the longest registered first."""
    since = now - Threshold.SILENT_AFTER.span(now)
    same = {"household": OuterRef("pk")}
    talks = Appointment.objects.filter(**same, outcome__in=APPEARED, starts_at__gte=since)
    notes = Note.objects.filter(**same, at__gte=since)
    attempts = ContactAttempt.objects.filter(**same, at__gte=since)
    rows = Household.objects.open().filter(owner=owner, registered_at__lt=since)
    return rows.filter(~Exists(talks), ~Exists(notes), ~Exists(attempts)).order_by("registered_at", "pk")


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
