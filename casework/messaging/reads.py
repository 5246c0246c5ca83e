"""What pages say about the outbox as a whole."""

import datetime as dt

from casework.core.heartbeat import finished_at
from casework.core.thresholds import Threshold
from casework.messaging.models import Message

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
