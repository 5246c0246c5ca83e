"""What the provider tells afterwards: whether a message arrived (R-42, decision 0061)."""

import datetime as dt

import structlog
from django.db import transaction

from casework.households.actions import flag_dead_email, flag_dead_mobile
from casework.households.models import Household
from casework.messaging.channels import Receipt
from casework.messaging.models import DELIVERY_MOVES, MOVES, Channel, Delivery, Message, MessageState

log = structlog.get_logger(__name__)


@transaction.atomic
def record_receipt(*, receipt: Receipt, now: dt.datetime) -> bool:
    """Note what became of a message; whether that was news.

    What arrived stands as sent, also when nobody recorded that it was handed over. What did not arrive, or cannot, is for
    a person to call about; of a number or address that does not exist the household is flagged (R-42). Nothing is sent again.
    Repeatable: receipts that come twice, late, or of a message that ETF does not know change nothing.
    """
    found = Message.objects.filter(pk=receipt.reference)
    if receipt.delivery == Delivery.PERMANENT:
        # The household before its messages, as every other action does.
        Household.objects.filter(outbox__in=found).select_for_update(of=("self",), no_key=True).first()
    row = found.select_for_update(of=("self",), no_key=True).first()
    if row is None or receipt.delivery not in DELIVERY_MOVES[row.delivery]:
        return False
    row.delivery, row.delivery_at = receipt.delivery, now
    changed = ["delivery", "delivery_at"]
    if state := _state_after(row, now):
        row.state = state
        row.sent_at = (row.handed_over_at or now) if state == MessageState.SENT else None
        row.provider_reference = row.provider_reference or receipt.provider_reference
        changed += ["state", "sent_at", "provider_reference"]
    row.save(update_fields=changed)
    if row.delivery == Delivery.PERMANENT:
        flag_dead(row, now=now)
    log.info("message_receipt", reference=str(row.pk), kind=row.kind, delivery=str(row.delivery))
    return True


def flag_dead(message: Message, *, now: dt.datetime) -> None:
    """The number or e-mail address that this message went to does not exist (R-42)."""
    if message.channel == Channel.SMS:
        flag_dead_mobile(household=message.household_id, number=message.recipient, now=now)
    elif message.channel == Channel.EMAIL:
        flag_dead_email(household=message.household_id, address=message.recipient, now=now)


def _state_after(row: Message, now: dt.datetime) -> MessageState | None:
    """Where a row goes by what was told of it; None where it stays.

    What could not be delivered this time is for a person only while it is still of use.
    """
    if row.delivery == Delivery.DELIVERED:
        state = MessageState.SENT
    elif row.delivery == Delivery.PERMANENT or now <= row.expires_at:
        state = MessageState.FAILED
    else:
        return None
    return state if state in MOVES[MessageState(row.state)] else None
