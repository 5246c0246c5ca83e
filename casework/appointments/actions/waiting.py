"""The waiting list: who wants to come earlier, and when that is over."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.appointments.models import Appointment, AppointmentType, WaitingEnd, WaitingEntry
from casework.core import clock
from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.households.actions import lock_household
from casework.households.models import Household
from casework.places.models import Location


@transaction.atomic
def wait_for_earlier(
    *,
    household: Household,
    kind: AppointmentType,
    locations: list[Location],
    half_days: list[str],
    until: dt.date,
    form_token: UUID | None = None,
    by: User,
    now: dt.datetime,
) -> WaitingEntry:
    """Note that a household wants to come earlier; who waits for this kind of talk already gets these wishes instead.

    Refuses a closed household and a date that has passed. Repeatable with the same token (R-17).
    """
    row = lock_household(household.pk)
    if row.is_closed:
        raise Refused(_("This household is closed. Register it again to make an appointment."))
    if until < clock.local_date(now):
        raise Refused(_("Choose today or a later date."), field="until")
    if form_token and (earlier := WaitingEntry.objects.filter(form_token=form_token).first()):
        return earlier
    entry = WaitingEntry.objects.filter(household=row, type=kind, ended_at=None).first()
    if entry and entry.until < clock.local_date(now):
        # The daily sweep was not here yet: who comes anew stands at the end of the list.
        _end(entry, WaitingEnd.DATE_PASSED, None, now)
        entry = None
    entry = entry or WaitingEntry(household=row, type=kind, added_at=now, added_by=by, form_token=form_token)
    entry.locations = sorted(one.code for one in locations)
    entry.half_days, entry.until = sorted(half_days), until
    entry.save()
    details = {"type": kind.pk, "until": until.isoformat(), "waiting": entry.pk}
    audit(by=by, now=now, action="wait_for_earlier", on=row, details=details)
    return entry


@transaction.atomic
def end_waiting(*, entry: WaitingEntry, reason: WaitingEnd, by: User, now: dt.datetime) -> WaitingEntry:
    """Somebody does not wait any more. Repeatable: the first reason stays."""
    lock_household(entry.household_id)
    row = WaitingEntry.objects.select_for_update(of=("self",), no_key=True).get(pk=entry.pk)
    if row.ended_at is None:
        _end(row, reason, by, now)
    return row


def end_served(appointment: Appointment, *, by: User, now: dt.datetime) -> None:
    """Who got a time before the last date that they asked for waits no longer. Wants the household locked."""
    rows = WaitingEntry.objects.filter(household=appointment.household_id, type=appointment.type_id, ended_at=None)
    for row in rows.filter(until__gte=clock.local_date(appointment.starts_at)).order_by("pk"):
        _end(row, WaitingEnd.BOOKED, by, now)


def end_with_household(household: Household, *, by: User | None, now: dt.datetime) -> None:
    """Whose help ended waits for nothing. Wants the household locked."""
    for row in WaitingEntry.objects.filter(household=household, ended_at=None).order_by("pk"):
        _end(row, WaitingEnd.HELP_ENDED, by, now)


def end_past(*, now: dt.datetime) -> int:
    """End the waiting of whose last date has passed, or whose help ended; how many. The daily job.

    One transaction and one audit line per row, as the system. Safe to repeat and to run in parallel: what has ended
    is not found again, and each household is locked.
    """
    rows = WaitingEntry.objects.over(clock.local_date(now)).order_by("household_id", "pk")
    return sum(_end_past(*keys, now) for keys in list(rows.values_list("household_id", "pk")))


@transaction.atomic
def _end_past(household_id: int, pk: int, now: dt.datetime) -> bool:
    # A row may stand with a household that was merged: that is locked as it is.
    household = Household.objects.select_for_update(of=("self",), no_key=True).filter(pk=household_id).first()
    row = WaitingEntry.objects.over(clock.local_date(now)).filter(pk=pk, household=household_id).first()
    if household is None or row is None:
        return False
    _end(row, WaitingEnd.HELP_ENDED if household.is_closed else WaitingEnd.DATE_PASSED, None, now)
    return True


def _end(row: WaitingEntry, reason: WaitingEnd, by: User | None, now: dt.datetime) -> None:
    row.ended_at, row.ended_by, row.end_reason = now, by, reason
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    details = {"waiting": row.pk, "reason": reason.value}
    audit(by=by, now=now, action="end_waiting", on=f"household:{row.household_id}", details=details)
