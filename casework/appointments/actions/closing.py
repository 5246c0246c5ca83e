"""Changes of a household that touch its appointments and messages, in one transaction (R-38, R-62)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.appointments.models import Appointment
from casework.core.models import User
from casework.core.refusals import Refused
from casework.households import actions as households
from casework.households.models import ExitReason, Household
from casework.messaging import actions as messaging
from casework.messaging.models import WithdrawnReason


class StandingAppointments(Refused):
    """Future appointments stand: cancel them first or say that closing cancels them (R-62)."""


@transaction.atomic
def change_contact(*, household: Household, values: dict, version: int, by: User, now: dt.datetime) -> Household:
    """Change how a household is reached; an opt-out withdraws what is planned, from this second (R-38).

    Refuses what `households.actions.change_contact` refuses. Repeatable: the same values change nothing.
    """
    changed = households.change_contact(household=household, values=values, version=version, by=by, now=now)
    if not changed.wants_messages:
        messaging.withdraw_household(household=changed, reason=WithdrawnReason.OPTED_OUT, now=now)
    return changed


@transaction.atomic
def close_household(
    *, household: Household, reason: ExitReason, on: dt.date, by: User | None, now: dt.datetime
) -> Household:
    """Close a household and withdraw its unsent messages (R-62). Refuses while future appointments stand."""
    if Appointment.objects.standing(now).filter(household=household).exists():
        raise StandingAppointments(_("Cancel the future appointments of this household first."))
    closed = households.close_household(household=household, reason=reason, on=on, by=by, now=now)
    messaging.withdraw_household(household=household, reason=WithdrawnReason.CLOSED, now=now)
    return closed
