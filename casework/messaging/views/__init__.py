"""The doors to what goes out and what comes back."""

from casework.messaging.views.letters import (
    letter_batch,
    letters,
    letters_document,
    post_letters,
    print_again,
    print_letters,
)
from casework.messaging.views.outbox import (
    call_list,
    called_back,
    mail_receipt,
    mail_received,
    message,
    notify_receipt,
    outbox,
    pumpz,
    received,
    reply,
    settle_call,
    settle_received,
)

__all__ = [
    "call_list",
    "called_back",
    "letter_batch",
    "letters",
    "letters_document",
    "mail_receipt",
    "mail_received",
    "message",
    "notify_receipt",
    "outbox",
    "post_letters",
    "print_again",
    "print_letters",
    "pumpz",
    "received",
    "reply",
    "settle_call",
    "settle_received",
]
