"""Another counsellor for a household: proposing, declining, and the change itself (R-60, R-90h)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.counsellors.models import Counsellor
from casework.households.actions.closing import HouseholdClosed
from casework.households.actions.locking import lock_household
from casework.households.models import Household, ProposalState, TransferProposal


class ProposedAlready(Refused):
    """A transfer of this household waits for the supervisor."""


class SettledAlready(Refused):
    """A colleague decided meanwhile."""


@transaction.atomic
def propose_transfer(
    *, household: Household, to: Counsellor, reason: str, by: User, now: dt.datetime
) -> TransferProposal:
    """Ask a supervisor to give a household to a colleague (R-90h).

    Refuses HouseholdClosed, the counsellor who owns it already, and ProposedAlready when another transfer waits.
    Repeatable: the same proposal stays as it is.
    """
    row = lock_household(household.pk)
    _check_can_go(row, to)
    if waiting := TransferProposal.objects.filter(household=row, state=ProposalState.OPEN).first():
        if waiting.to_id == to.pk:
            return waiting
        raise ProposedAlready(_("A transfer of this household is proposed already."))
    made = TransferProposal.objects.create(household=row, to=to, reason=reason, proposed_at=now, proposed_by=by)
    audit(by=by, now=now, action="propose_transfer", on=row, details={"proposal": made.pk, "to": to.pk})
    return made


@transaction.atomic
def decline_transfer(*, proposal: TransferProposal, by: User, now: dt.datetime) -> TransferProposal:
    """The household stays where it is. Refuses SettledAlready; declining twice changes nothing."""
    row = (
        TransferProposal.objects.select_for_update(of=("self",), no_key=True)
        .select_related("household")
        .get(pk=proposal.pk)
    )
    if row.state == ProposalState.DECLINED:
        return row
    if row.state != ProposalState.OPEN:
        raise SettledAlready(_("A colleague decided on this already."))
    row.state, row.settled_at, row.settled_by = ProposalState.DECLINED, now, by
    row.save(update_fields=["state", "settled_at", "settled_by"])
    audit(by=by, now=now, action="decline_transfer", on=row.household, details={"proposal": row.pk})
    return row


def change_owner(*, household: Household, to: Counsellor, by: User, now: dt.datetime) -> Household:
    """The household is from now on of this counsellor, and what was proposed is decided.

    Wants a locked row. Refuses HouseholdClosed. Repeatable: the same counsellor changes nothing.
    """
    if household.is_closed:
        raise HouseholdClosed(_("This household is closed."))
    waiting = TransferProposal.objects.filter(household=household, state=ProposalState.OPEN)
    waiting.filter(to=to).update(state=ProposalState.APPROVED, settled_at=now, settled_by=by)
    waiting.update(state=ProposalState.DECLINED, settled_at=now, settled_by=by)
    if household.owner_id != to.pk:
        details = {"from": household.owner_id, "to": to.pk}
        household.owner = to
        household.version += 1
        household.save(update_fields=["owner", "version"])
        audit(by=by, now=now, action="transfer_household", on=household, details=details)
    return household


def _check_can_go(household: Household, to: Counsellor) -> None:
    if household.is_closed:
        raise HouseholdClosed(_("This household is closed."))
    if household.owner_id == to.pk:
        raise Refused(_("This household belongs to %(name)s already.") % {"name": to}, field="to")
