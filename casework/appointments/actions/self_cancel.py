"""Residents who cancel by themselves, through a page or by a reply (decision 0067)."""

import datetime as dt

import structlog
from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from casework.appointments.actions.booking import end_cancelled, fresh_row, lock_rows
from casework.appointments.models import CancelCode, ToldHow, code_in
from casework.core import clock
from casework.core.models import Role
from casework.core.refusals import Refused
from casework.households.actions import HouseholdClosed, add_task
from casework.households.models import Household, TaskKind
from casework.messaging import actions as messaging
from casework.messaging.channels import Received
from casework.messaging.models import ReceivedText
from casework.places.models import CalendarDay

log = structlog.get_logger(__name__)


class CodeEnded(Refused):
    """The appointment was moved, has begun, or has an outcome already."""


@transaction.atomic
def cancel_by_code(
    *, code: CancelCode, told_how: ToldHow, told_at: dt.datetime, call_back: bool, now: dt.datetime
) -> CancelCode:
    """The resident cancels: A1 or A2 by when it was told (R-16), recorded by nobody of ours, and a task to call back.

    Refuses CodeEnded, and a household that was merged this moment. Repeatable: a code that was used changes nothing any more.
    """
    lock_rows(code.appointment.counsellor_ids, code.appointment.household_id)
    code = CancelCode.objects.select_for_update(of=("self",), no_key=True).with_everything().get(pk=code.pk)
    if code.used_at:
        return code
    row = fresh_row(code.appointment)
    if row.outcome or row.starts_at != code.starts_at or told_at >= row.starts_at:
        raise CodeEnded(_("This appointment can no longer be cancelled here."))
    end_cancelled(row, told_at=told_at, told_how=told_how, by=None, now=now)
    code.used_at = now
    code.save(update_fields=["used_at"])
    if call_back:
        _ask_to_call_back(row.household, now=now)
    log.info("cancelled_by_resident", how=str(told_how), call_back=call_back)
    return code


def _ask_to_call_back(household: Household, *, now: dt.datetime) -> None:
    with override("nl"):
        text = gettext("Call back for a new appointment: the resident cancelled through our page.")
    due_on = CalendarDay.objects.working_calendar().working_day_on_or_after(clock.local_date(now))
    try:
        add_task(
            household=household, kind=TaskKind.CALL_BACK, text=text, due_on=due_on, role=Role.DESK, by=None, now=now
        )
    except HouseholdClosed:
        log.info("nobody_to_call_back")


def take_reply(*, received: Received, now: dt.datetime) -> list[ReceivedText]:
    """Keep what a resident sent, as a task for the desk; a reply that is only a code cancels that appointment too.

    The number must be the household's own. Repeatable, as both halves are.
    """
    rows = messaging.note_received(received=received, now=now)
    if (code := code_in(received.text)) and received.sender:
        _cancel_by_reply(code, received, [row.household_id for row in rows if row.household_id], now=now)
    return rows


def _cancel_by_reply(code: str, received: Received, households: list[int], *, now: dt.datetime) -> None:
    """Where the same code stands for two appointments a person looks; so too where it has ended."""
    told_at = min(received.received_at, now)
    found = CancelCode.objects.open().filter(code=code, appointment__household__in=households, starts_at__gt=told_at)
    several = list(found.select_related("appointment")[:2])
    if len(several) != 1:
        return
    try:
        cancel_by_code(code=several[0], told_how=ToldHow.REPLY, told_at=told_at, call_back=False, now=now)
    except Refused:
        log.info("reply_came_too_late")
