"""Letters that people print and post: nothing is handed over to a provider (decision 0063)."""

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext, override

from casework.core import clock
from casework.core.typeset import CannotBeTypeset, Letter, pdf_of
from casework.messaging.channels.protocol import ChannelError, OneWay
from casework.messaging.models import Message


class PrintBatch(OneWay):
    """A letter waits until somebody prints the stack that it comes in."""

    on_paper = True

    def send(self, message: Message) -> str:
        """Whether it can be put on paper: what cannot must not hold up a whole stack, so a person calls."""
        try:
            letters_as_pdf([message], on=clock.local_date(message.due_at))
        except CannotBeTypeset as error:
            raise ChannelError("CannotBeTypeset", permanent=True) from error
        return ""


def letters_as_pdf(messages: Sequence[Message], *, on: dt.date) -> bytes:
    """The letters as they stand in their rows, dated `on`. Raises CannotBeTypeset."""
    with override("nl"):
        title = messages[0].subject if len(messages) == 1 else gettext("Letters")
    language = messages[0].language if len(messages) == 1 else "nl"
    return pdf_of([_letter(one) for one in messages], title=title, language=language, on=on)


def _letter(message: Message) -> Letter:
    return Letter(
        language=message.language, address=tuple(message.recipient.split("\n")), subject=message.subject,
        text=message.text,
    )  # fmt: skip
