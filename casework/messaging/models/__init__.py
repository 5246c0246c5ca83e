"""The outbox."""

from casework.messaging.models.outbox import (
    MOVES,
    TO_CALL,
    Channel,
    Message,
    MessageKind,
    MessageQuerySet,
    MessageState,
    WithdrawnReason,
)

__all__ = [
    "MOVES",
    "TO_CALL",
    "Channel",
    "Message",
    "MessageKind",
    "MessageQuerySet",
    "MessageState",
    "WithdrawnReason",
]
