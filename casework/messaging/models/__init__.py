"""The outbox, and the words of what goes out."""

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
    "DUTCH",
    "MOVES",
    "PLACEHOLDERS",
    "TEXT_LANGUAGES",
    "TO_CALL",
    "Channel",
    "ForbiddenWord",
    "Message",
    "MessageKind",
    "MessageQuerySet",
    "MessageState",
    "MessageText",
    "Placeholder",
    "TextForm",
    "TextKind",
    "TextState",
    "WithdrawnReason",
    "states_of",
    "text_forms",
]
