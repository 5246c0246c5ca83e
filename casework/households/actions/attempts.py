"""Attempts to reach a household (R-25)."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.core.actions import audit, made_before, obey_constraints
from casework.core.models import User
from casework.households.actions.closing import HouseholdClosed
from casework.households.actions.locking import lock_household
from casework.households.models import ContactAttempt, Household


@transaction.atomic
def log_contact_attempt(
    *, household: Household, kind: str, result: str, form_token: UUID | None = None, by: User, now: dt.datetime
) -> ContactAttempt:
    """Keep that somebody tried to reach a household, now. It is never changed afterwards.

    Refuses HouseholdClosed. Repeatable with the same `form_token` (R-17).
    """
    row = lock_household(household.pk)
    if earlier := made_before(ContactAttempt, form_token, household=row):
        return earlier
    if row.is_closed:
        raise HouseholdClosed(_("This household is closed."))
    made = ContactAttempt(household=row, at=now, by=by, kind=kind, result=result, form_token=form_token)
    obey_constraints(made, at={"contact_attempt_voicemail_by_phone": "result"})
    made.save()
    audit(by=by, now=now, action="log_contact_attempt", on=row, details={"attempt": made.pk, "kind": kind})
    return made
