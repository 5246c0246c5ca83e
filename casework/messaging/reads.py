"""What pages say about the outbox as a whole, and around what residents send back."""

import datetime as dt

from django.db.models import Count, Window

from casework.core.heartbeat import finished_at
from casework.core.models import User
from casework.core.thresholds import Threshold
from casework.messaging.models import Channel, Message, ReceivedText

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
    """What was last sent by text message to this household before it wrote. One query."""
    rows = Message.objects.filter(household=received.household_id, channel=Channel.SMS)
    return rows.filter(sent_at__lte=received.received_at).order_by("-sent_at", "-id").first()
