"""The outbox, and the words of what goes out."""

from casework.messaging.models.letters import BatchState, LetterBatch
from casework.messaging.models.message_texts import (
    DUTCH,
    PLACEHOLDERS,
    TEXT_LANGUAGES,
    ForbiddenWord,
    MessageText,
    Placeholder,
    TextForm,
    TextKind,
    TextState,
    states_of,
    text_forms,
)
from casework.messaging.models.outbox import (
    DELIVERY_MOVES,
    MOVES,
    TO_CALL,
    Channel,
    Delivery,
    Message,
    MessageKind,
    MessageQuerySet,
    MessageState,
    WithdrawnReason,
)
from casework.messaging.models.received import ReceivedText

__all__ = [
    "DELIVERY_MOVES",
    "DUTCH",
    "MOVES",
    "PLACEHOLDERS",
    "TEXT_LANGUAGES",
    "TO_CALL",
    "BatchState",
    "Channel",
    "Delivery",
    "ForbiddenWord",
    "LetterBatch",
    "Message",
    "MessageKind",
    "MessageQuerySet",
    "MessageState",
    "MessageText",
    "Placeholder",
    "ReceivedText",
    "TextForm",
    "TextKind",
    "TextState",
    "WithdrawnReason",
    "states_of",
    "text_forms",
]
