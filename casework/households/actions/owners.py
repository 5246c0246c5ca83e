"""Whose household it is (R-60)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.counsellors.models import Counsellor
from casework.households.actions.closing import HouseholdClosed
from casework.households.actions.locking import lock_household
from casework.households.models import Household


class OwnedAlready(Refused):
    """Another counsellor owns it: that is a transfer, with a choice per standing appointment (R-60)."""


@transaction.atomic
def allocate_household(*, household: Household, owner: Counsellor, by: User, now: dt.datetime) -> Household:
    """Give a household without an owner to a counsellor (R-60).

    Refuses HouseholdClosed, and OwnedAlready when somebody else owns it. Repeatable: the same owner changes nothing.
    """
    row = lock_household(household.pk)
    if row.owner_id == owner.pk:
        return row
    if row.is_closed:
        raise HouseholdClosed(_("This household is closed."))
    if row.owner_id:
        raise OwnedAlready(_("This household belongs to %(name)s already.") % {"name": row.owner}, field="owner")
    row.owner = owner
    row.version += 1
    row.save(update_fields=["owner", "version"])
    audit(by=by, now=now, action="allocate_household", on=row, details={"owner": owner.pk})
    return row
