"""What a person does about a message that did not go by itself: the call list (S03)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.messaging.models import (
    MOVES,
    Message,
    MessageState,
)


class CallResult:
    """How a call from the call list ended."""

    SPOKEN, VOICEMAIL, NO_ANSWER = "spoken", "voicemail", "no_answer"
    LABELS = ((SPOKEN, _("Spoken")), (VOICEMAIL, _("Voicemail")), (NO_ANSWER, _("No answer")))


@transaction.atomic
def settle_call(*, message: Message, result: str, by: User, now: dt.datetime) -> Message:
    """Record a call from the call list. Spoken or voicemail takes it off the list; no answer leaves it there.

    Refuses a row that is not on the list any more, a voicemail where none may be left, and an unknown result.
    """
    row = Message.objects.select_for_update(of=("self",), no_key=True).select_related("household").get(pk=message.pk)
    if result not in dict(CallResult.LABELS):
        raise Refused(_("Choose how the call ended."))
    if row.state not in {MessageState.CALL, MessageState.FAILED, MessageState.UNCERTAIN}:
        raise Refused(_("A colleague already handled this call."))
    if result == CallResult.VOICEMAIL and row.household.no_voicemail:
        raise Refused(_("Do not leave a voicemail for this household. Try again later."))
    if result != CallResult.NO_ANSWER:
        if MessageState.CALLED not in MOVES[row.state]:
            raise Refused(_("A colleague already handled this call."))
        row.state = MessageState.CALLED
        row.save(update_fields=["state"])
    audit(by=by, now=now, action="settle_call", on=row.household, details={"message": str(row.pk), "result": result})
    return row
