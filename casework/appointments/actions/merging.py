"""Merging looks at appointments and debt files first: what cannot stand twice is settled by a person (R-53)."""

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.appointments.actions.followups import keep_follow_ups
from casework.appointments.models import OCCUPIES_TIME, Appointment
from casework.core.models import User
from casework.debts.models import DebtFile
from casework.households import actions as households
from casework.households.actions import CannotMerge
from casework.households.models import Household, Merge, MergeState
from casework.messaging import actions as messaging
from casework.messaging.models import WithdrawnReason


@dataclass(frozen=True)
class Obstacles:
    """What must be settled before two households can be one; each names what to do."""

    doubles: list[tuple[Appointment, Appointment]] = field(default_factory=list)
    open_files: list[DebtFile] = field(default_factory=list)
    same_day_files: list[DebtFile] = field(default_factory=list)

    def __bool__(self):
        return bool(self.doubles or self.open_files or self.same_day_files)


def obstacles(one: Household, other: Household) -> Obstacles:
    """Two queries."""
    rows = Appointment.objects.filter(OCCUPIES_TIME, household__in=[one, other]).for_list().order_by("starts_at", "pk")
    of_one, of_other = ([row for row in rows if row.household_id == home.pk] for home in (one, other))
    doubles = [(a, b) for a in of_one for b in of_other if a.starts_at < b.ends_at and b.starts_at < a.ends_at]
    files = list(DebtFile.objects.filter(household__in=[one, other]).order_by("opened_on", "pk"))
    opened = [file for file in files if not file.is_closed]
    days = {file.opened_on for file in files if file.household_id == one.pk}
    same_day = [file for file in files if file.household_id == other.pk and file.opened_on in days]
    return Obstacles(doubles, opened if len(opened) > 1 else [], same_day)


@transaction.atomic
def merge_households(
    *, one: Household, other: Household, takes: list[str], reason: str, by: User, now: dt.datetime
) -> Merge:
    """A supervisor makes one of two at once; the older case number survives (R-53).

    Refuses CannotMerge: one of them closed or merged already, appointments at the same time, two open debt files.
    """
    merge = households.propose_merge(one=one, other=other, takes=takes, reason=reason, by=by, now=now)
    return approve_merge(merge=merge, takes=takes, by=by, now=now)


@transaction.atomic
def approve_merge(*, merge: Merge, takes: list[str], by: User, now: dt.datetime) -> Merge:
    """What was proposed happens, with what the supervisor takes over. Refuses what `merge_households` refuses."""
    surviving, absorbed = households.lock_two(merge.surviving, merge.absorbed)
    row = Merge.objects.select_for_update(of=("self",), no_key=True).get(pk=merge.pk)
    if row.state != MergeState.PROPOSED:
        raise CannotMerge(_("A colleague decided on this already."))
    households.check_can_merge(surviving, absorbed)
    if obstacles(surviving, absorbed):
        raise CannotMerge(_("First settle what stands twice. It is listed on this page."))
    row.takes = takes
    row.save(update_fields=["takes"])
    done = households.absorb(merge=row, by=by, now=now)
    # Who missed in one file may have come in the other.
    keep_follow_ups(household_id=surviving.pk, now=now)
    surviving.refresh_from_db()
    if not surviving.wants_messages:
        messaging.withdraw_household(household=surviving, reason=WithdrawnReason.OPTED_OUT, now=now)
    return done
