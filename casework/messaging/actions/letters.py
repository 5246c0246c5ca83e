"""Letters from the outbox to the post: what waits, stacks of paper, and what went or did not (decision 0063).

A letter that waits or is in a stack is unsent: whatever makes it untrue withdraws it. Only what still stands when somebody says
*posted* becomes sent.
"""

import datetime as dt
from collections.abc import Callable
from uuid import UUID

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.core.typeset import CannotBeTypeset
from casework.messaging.channels import letters_as_pdf
from casework.messaging.models import BatchState, LetterBatch, Message, MessageQuerySet, MessageState, WithdrawnReason
from casework.messaging.models.letters import MOVES
from casework.messaging.post import arrives
from casework.places.models import CalendarDay, Location

log = structlog.get_logger(__name__)

# In one stack: as many as somebody folds in an hour.
MOST_LETTERS = 100


class NothingToPrint(Refused):
    """No letter waits, or a colleague just printed them."""


class BatchSettled(Refused):
    """A colleague already said what became of this stack."""


class NotInBatch(Refused):
    """The letter is not in this stack any more."""


@transaction.atomic
def make_batch(*, by: User, now: dt.datetime, location: Location | None = None) -> LetterBatch | None:
    """Put the letters that wait, the oldest first, into one stack; of one location, or of all.

    Each is addressed anew, since somebody may have moved meanwhile; one that can be sent nowhere any more is for a person
    to call, and None comes back when all are. Two people at once get two different stacks. Refuses NothingToPrint.
    """
    waiting = list(_waiting(location))
    if not waiting:
        raise NothingToPrint(_("No letters wait to be printed. Perhaps a colleague just printed them."))
    letters = [one for one in waiting if _address_anew(one, now)]
    if not letters:
        return None
    batch = LetterBatch.objects.create(made_at=now, made_by=by)
    Message.objects.filter(pk__in=[one.pk for one in letters]).update(batch=batch)
    audit(by=by, now=now, action="print_letters", on=batch, details={"letters": len(letters)})
    return batch


def _waiting(location: Location | None) -> MessageQuerySet:
    rows = Message.objects.to_print().select_related("household").order_by("due_at", "id")
    if location:
        rows = rows.filter(household__location=location)
    # What somebody else has just put into a stack is among them no more after the wait for the lock.
    return rows.select_for_update(of=("self",), no_key=True)[:MOST_LETTERS]


def _address_anew(message: Message, now: dt.datetime) -> bool:
    """Whether there is somewhere to send it to; otherwise it goes to the call list."""
    before, message.recipient = message.recipient, "\n".join(message.household.postal_lines)
    if message.recipient == before:
        return True
    if there := _can_be_printed(message, now):
        message.save(update_fields=["recipient"])
    else:
        message.state, message.recipient = MessageState.CALL, message.household.call_first
        message.save(update_fields=["state", "recipient"])
    return there


def _can_be_printed(message: Message, now: dt.datetime) -> bool:
    try:
        return bool(message.recipient and letters_as_pdf([message], on=clock.local_date(now)))
    except CannotBeTypeset:
        return False


def document_of(batch: LetterBatch, letters: list[Message]) -> bytes:
    """These letters of a stack as one PDF: the same bytes as long as they are the same letters."""
    return letters_as_pdf(letters, on=clock.local_date(batch.made_at))


@transaction.atomic
def post_batch(*, batch: LetterBatch, by: User, now: dt.datetime) -> LetterBatch:
    """Every letter of the stack that still stands was posted: sent, once (R-36). Repeatable.

    What was withdrawn, or came too late, meanwhile does not become sent. Refuses BatchSettled.
    """
    row = _locked(batch)
    if row.state == BatchState.POSTED:
        return row
    sent = _still_in(row).update(state=MessageState.SENT, sent_at=now, handed_over_at=now, attempts=1)
    _settle(row, BatchState.POSTED, by=by, now=now)
    audit(by=by, now=now, action="post_letters", on=row, details={"letters": sent})
    log.info("letters_posted", batch=row.pk, number=sent)
    return row


@transaction.atomic
def print_again(*, batch: LetterBatch, by: User, now: dt.datetime, letter: Message | None = None) -> int:
    """One letter, or the whole stack, came to nothing: what still stands waits again; how many.

    A stack in which no letter is left is over. Refuses BatchSettled, and NotInBatch for a letter that is not in it any more.
    """
    row = _locked(batch)
    if not row.is_open:
        raise BatchSettled(_("A colleague already said what became of this stack."))
    back = _still_in(row)
    if letter:
        back = back.filter(pk=letter.pk)
    number = back.update(batch=None)
    if letter and not number:
        raise NotInBatch(_("This letter is not in the stack any more. Look again."))
    if letter is None or not row.letters.exists():
        _settle(row, BatchState.AGAIN, by=by, now=now)
    details = {"letters": number} | ({"message": str(letter.pk)} if letter else {})
    audit(by=by, now=now, action="print_letters_again", on=row, details=details)
    return number


def _locked(batch: LetterBatch) -> LetterBatch:
    return LetterBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)


def _still_in(batch: LetterBatch) -> MessageQuerySet:
    return Message.objects.filter(batch=batch, state=MessageState.PRINT)


def _settle(batch: LetterBatch, state: BatchState, *, by: User, now: dt.datetime) -> None:
    if state not in MOVES[BatchState(batch.state)]:
        raise BatchSettled(_("A colleague already said what became of this stack."))
    batch.state, batch.settled_at, batch.settled_by = state, now, by
    batch.save(update_fields=["state", "settled_at", "settled_by"])


def settle_letters(
    *, still_true: Callable[[list[Message]], dict[UUID, WithdrawnReason]], now: dt.datetime
) -> tuple[int, int]:
    """Letters that are not posted yet: untrue by now → withdrawn; would come too late → the call list (R-37 to R-39).

    How many of each. Also those in a stack: its page then says which to take out. Repeatable.
    """
    rows = list(Message.objects.filter(state=MessageState.PRINT).select_related("household"))
    if not rows:
        return 0, 0
    untrue = still_true(rows) | {one.pk: WithdrawnReason.OPTED_OUT for one in rows if not one.household.wants_messages}
    withdrawn = sum(_end(one, state=MessageState.WITHDRAWN, reason=untrue[one.pk]) for one in rows if one.pk in untrue)
    calendar, today = CalendarDay.objects.working_calendar(), clock.local_date(now)
    late = [one for one in rows if one.pk not in untrue and not arrives(one, calendar, posted=today)]
    called = sum(_end(one, state=MessageState.CALL) for one in late)
    if called:
        log.warning("letters_too_late", number=called)
    return withdrawn, called


def _end(message: Message, **changes) -> int:
    """Only while nobody posted or withdrew it."""
    return Message.objects.filter(pk=message.pk, state=MessageState.PRINT).update(**changes)
