"""What may never leave, looked for in everything that any test sends or logs (messages.md 4.1, R-43).

The list of words is a copy of its own: a word that falls out of the product's list is still found here.
"""

import logging
import re

from casework.messaging.channels import MessageChannel, channel_for
from casework.messaging.models import Message

_WHOLE_WORDS = "KBR|MAIT|JPF|ETF|BSN"
_PARTS = (
    "schuld|geldzorgen|geldproblemen|financi|kredietbank|expertiseteam|bewind|deurwaarder|incasso|uitkering|dossier"
    "|wanbetaler|ontruiming|afsluiting"
)
BETRAYS = re.compile(rf"\b(?:{_WHOLE_WORDS})\b|{_PARTS}", re.IGNORECASE)
CASE_NUMBER = re.compile(r"ETF-\d{4}-\d+")
# Numbers and addresses as the tests use them.
OF_A_PERSON = re.compile(r"\+31\d{9}|\b9999\d{5}\b|[\w.]+@example\.org")
_WORD = re.compile(r"[^\W\d_]\w{3,}")


def in_message(message: Message) -> list[str]:
    """The words of an outgoing message, or of its reference, that say who somebody is or why she comes."""
    sent = f"{message.subject}\n{message.text}\n{message.pk}"
    found = [one[0] for pattern in (BETRAYS, CASE_NUMBER) for one in pattern.finditer(sent)]
    names = _WORD.findall(message.household.display_name)
    return found + [name for name in names if re.search(rf"\b{re.escape(name)}\b", sent, re.IGNORECASE)]


class Watched:
    """A channel that looks at what goes through it."""

    def __init__(self, channel: MessageChannel, found: list[str]):
        self._channel, self._found = channel, found

    def __getattr__(self, name):
        return getattr(self._channel, name)

    def send(self, message: Message) -> str:
        self._found += [f"a message says: {word}" for word in in_message(message)]
        return self._channel.send(message)


def watching(found: list[str]):
    """In place of `channel_for`."""
    return lambda name: Watched(channel_for(name), found)


class LogScan(logging.Handler):
    """Reads each line as it would be written."""

    def __init__(self, formatter: logging.Formatter):
        super().__init__()
        self.formatter, self.found = formatter, []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        self.found += [f"the log says: {one[0]}" for one in OF_A_PERSON.finditer(line)]
