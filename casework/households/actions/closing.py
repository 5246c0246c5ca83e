"""Ending help (R-62)."""

import datetime as dt

from django.db import transaction

from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.households.actions.locking import lock_household
from casework.households.models import OUTLIVES_HELP, ExitReason, Household, Task, TaskState, Term


class HouseholdClosed(Refused):
    """Nothing new starts for a closed household."""


@transaction.atomic
def close_household(
    *, household: Household, reason: ExitReason, on: dt.date, by: User | None, now: dt.datetime
) -> Household:
    """Close with a reason of DDAS and end what still ran, tasks too (R-62). Repeatable: a closed household stays as it is."""
    row = lock_household(household.pk)
    if row.is_closed:
        return row
    row.closed_on, row.exit_reason = on, reason
    row.version += 1
    row.save(update_fields=["closed_on", "exit_reason", "version"])
    Term.objects.open().filter(household=row).update(ended_on=on)
    left = Task.objects.open().filter(household=row).exclude(kind__in=OUTLIVES_HELP)
    left.update(state=TaskState.DROPPED, settled_at=now, settled_by=by)
    audit(by=by, now=now, action="close_household", on=row, details={"reason": str(reason), "on": on.isoformat()})
    return row
