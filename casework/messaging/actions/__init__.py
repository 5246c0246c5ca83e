"""What may happen to messages: planned, sent, printed, answered."""

from casework.messaging.actions.callbacks import record_receipt
from casework.messaging.actions.calls import CallResult, settle_call
from casework.messaging.actions.letters import MOST_LETTERS, document_of, make_batch, post_batch, print_again
from casework.messaging.actions.planning import (
    change_facts,
    plan_cancelled,
    plan_for_booking,
    plan_missed,
    withdraw,
    withdraw_household,
)
from casework.messaging.actions.received import note_received, settle_received
from casework.messaging.actions.sending import choose_channel, send_due, settle_leftovers

__all__ = [
    "MOST_LETTERS",
    "CallResult",
    "change_facts",
    "choose_channel",
    "document_of",
    "make_batch",
    "note_received",
    "plan_cancelled",
    "plan_for_booking",
    "plan_missed",
    "post_batch",
    "print_again",
    "record_receipt",
    "send_due",
    "settle_call",
    "settle_leftovers",
    "settle_received",
    "withdraw",
    "withdraw_household",
]
