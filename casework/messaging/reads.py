"""What pages say about the outbox as a whole, and around what residents send back."""

import datetime as dt

from django.db.models import Count, Q, Window

from casework.core.heartbeat import finished_at
from casework.core.models import User
from casework.core.thresholds import Threshold
from casework.messaging.models import BatchState, Channel, LetterBatch, Message, MessageState, ReceivedText
from casework.messaging.post import last_posting_day
from casework.places.models import CalendarDay

# The task whose moments count.
SWEEP = "etf.send_due_messages"


def silent_since(now: dt.datetime) -> dt.datetime | None:
    """Since when nobody looked at the outbox, if that is too long ago; None while all is well (decision 0062).

    Where no sweep ever finished, nothing is wrong before a message has been due for as long. Two queries at most.
    """
    before = now - Threshold.OUTBOX_SILENT_AFTER.span(now)
    last = finished_at(SWEEP)
    if last is None:
        last = Message.objects.due(before).order_by("due_at", "id").values_list("due_at", flat=True).first()
    return last if last and last <= before else None


# So many texts of nobody we know stand on the call list; the oldest first, so that none is forgotten.
MOST_STRANGERS = 25


def strangers(user: User) -> dict:
    """The text messages of numbers that no open household has, and how many there are. One query."""
    rows = ReceivedText.objects.visible_to(user).from_strangers().annotate(of_all=Window(Count("pk")))
    found = list(rows.order_by("received_at", "id")[:MOST_STRANGERS])
    return {"strangers": found, "strangers_number": found[0].of_all if found else 0}


def sent_before(received: ReceivedText) -> Message | None:
    """What was last sent in the same way to this household before it wrote. One query."""
    channel = Channel.EMAIL if received.by_mail else Channel.SMS
    rows = Message.objects.filter(household=received.household_id, channel=channel)
    return rows.filter(sent_at__lte=received.received_at).order_by("-sent_at", "-id").first()


def with_last_posting_day(rows: list[Message], today: dt.date) -> list[Message]:
    """Letters with `post_by`, the last day on which posting is in time, and `is_last_day`. One query, none for no letters."""
    calendar = CalendarDay.objects.working_calendar() if rows else None
    for one in rows:
        one.post_by = last_posting_day(one, calendar, today)
        one.is_last_day = one.post_by <= today
    return rows


# So many stacks that are over stay in sight.
MOST_STACKS = 10


def stacks(user: User) -> dict[str, list[LetterBatch]]:
    """Stacks of paper that are still to be posted, the oldest first, and the last ones that are over. Two queries."""
    rows = LetterBatch.objects.visible_to(user).select_related("made_by", "settled_by")
    stand = Q(letters__state__in=[MessageState.PRINT, MessageState.SENT])
    rows = rows.annotate(number=Count("letters", filter=stand), gone=Count("letters", filter=~stand))
    to_post = rows.filter(state=BatchState.TO_POST).order_by("made_at", "pk")
    over = rows.exclude(state=BatchState.TO_POST).order_by("-settled_at", "-pk")
    return {"to_post": list(to_post), "over": list(over[:MOST_STACKS])}


def letters_of(batch: LetterBatch) -> list[Message]:
    """The letters of a stack, in the order of the paper; one query.

    `stands`: it goes, or went, to the post. `has_moved`: somebody who was on the envelope lives elsewhere by now.
    """
    rows = list(batch.letters.select_related("household").order_by("due_at", "pk"))
    for one in rows:
        one.stands = one.state in {MessageState.PRINT, MessageState.SENT}
        waits = one.state == MessageState.PRINT
        one.has_moved = waits and one.recipient != "\n".join(one.household.postal_lines)
    return rows
