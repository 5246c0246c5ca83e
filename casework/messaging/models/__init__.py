"""The outbox, and the words of what goes out."""

from casework.messaging.models.letters import BatchState, LetterBatch
from casework.messaging.models.message_texts import (
    DUTCH,
    TEXT_LANGUAGES,
    TO_CANCEL,
    ForbiddenWord,
    MessageText,
    Placeholder,
    TextForm,
    TextKind,
    TextState,
    placeholders,
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
    "TEXT_LANGUAGES",
    "TO_CALL",
    "TO_CANCEL",
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
    "placeholders",
    "states_of",
    "text_forms",
]
