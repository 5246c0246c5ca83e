"""What residents send back: stored once, and a task for the desk (messages.md 4.1, decision 0061)."""

import datetime as dt

import structlog
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.actions import audit
from casework.core.models import Role, User
from casework.core.refusals import Refused
from casework.households.actions import HouseholdClosed, MergedMeanwhile, add_task
from casework.households.models import Household, Task, TaskKind
from casework.messaging.channels import Received
from casework.messaging.models import ReceivedText
from casework.places.models import CalendarDay

log = structlog.get_logger(__name__)


class OfAHousehold(Refused):
    """A text of a household is handled by ending its task."""


def note_received(*, received: Received, now: dt.datetime) -> list[ReceivedText]:
    """Keep a text message or e-mail, with a task for the desk of each open household that has its number or address.

    Of one that no open household has it waits on the call list. Nobody is opted out by it: the desk decides.
    Repeatable: a text that comes in twice is there once, and the rows of the first time are returned.
    """
    try:
        return _earlier(received) or _note(received, now=now)
    except IntegrityError:
        # The same text at the same moment: the first one won.
        if earlier := _earlier(received):
            return earlier
        raise


def _earlier(received: Received) -> list[ReceivedText]:
    return list(ReceivedText.objects.filter(provider_id=received.provider_id).order_by("copy"))


@transaction.atomic
def _note(received: Received, *, now: dt.datetime) -> list[ReceivedText]:
    same_sender = (
        Household.objects.open().filter(_from(received.sender)) if received.sender else Household.objects.none()
    )
    due_on = CalendarDay.objects.working_calendar().working_day_on_or_after(clock.local_date(now))
    tasks = [_task(household, due_on=due_on, now=now) for household in same_sender.order_by("pk")]
    rows = [
        ReceivedText(
            provider_id=received.provider_id, copy=number, task=task, household_id=task.household_id if task else None,
            sender=received.sender, text=received.text, received_at=min(received.received_at, now), noted_at=now,
        )
        for number, task in enumerate(filter(None, tasks))
    ] or [
        ReceivedText(provider_id=received.provider_id, sender=received.sender, text=received.text,
                     received_at=min(received.received_at, now), noted_at=now)
    ]  # fmt: skip
    ReceivedText.objects.bulk_create(rows)
    log.info("text_received", households=sum(row.task_id is not None for row in rows))
    return rows


def _from(sender: str) -> Q:
    """Letters of an e-mail address are the same in any case."""
    return Q(email__iexact=sender) if "@" in sender else Q(mobile=sender)


def _task(household: Household, *, due_on: dt.date, now: dt.datetime) -> Task | None:
    """None for a household that was closed or merged this very moment."""
    # What the resident wrote stands in its own row, which goes sooner than the task.
    with override("nl"):
        text = gettext("Read the reply to our message and answer it.")
    try:
        return add_task(
            household=household, kind=TaskKind.REPLY, text=text, due_on=due_on, role=Role.DESK, by=None, now=now
        )
    except (HouseholdClosed, MergedMeanwhile):
        return None


@transaction.atomic
def settle_received(*, received: ReceivedText, by: User, now: dt.datetime) -> ReceivedText:
    """Somebody dealt with a text of nobody we know: off the list. Repeatable. Refuses OfAHousehold."""
    row = ReceivedText.objects.select_for_update(of=("self",), no_key=True).get(pk=received.pk)
    if row.household_id:
        raise OfAHousehold(_("End the task of this household instead."))
    if row.settled_at is None:
        row.settled_at, row.settled_by = now, by
        row.save(update_fields=["settled_at", "settled_by"])
        audit(by=by, now=now, action="settle_received", on=row)
    return row
