"""What every channel can do, and what a provider may answer when it is asked for a message."""

from dataclasses import dataclass
from typing import Protocol

from casework.messaging.models import Message


class ChannelError(Exception):
    """The provider certainly did not take the message. `permanent`: trying again is of no use (R-42).

    Any other exception means that nobody knows: such a message is only sent again when the provider, asked by our
    reference, says that it does not have it (R-36).
    """

    def __init__(self, reason: str, *, permanent: bool = False):
        super().__init__(reason)
        self.permanent = permanent


@dataclass(frozen=True)
class Found:
    """The provider has it; `reference` is its own."""

    reference: str


@dataclass(frozen=True)
class NotFound:
    """The provider says that it never got it."""


@dataclass(frozen=True)
class Unknown:
    """The provider could not be asked now, or cannot be asked at all."""


class MessageChannel(Protocol):
    # Whether the provider can be asked for a message by our reference.
    can_be_asked: bool

    def send(self, message: Message) -> str:
        """Hand the message over; the provider's own reference. Raises ChannelError."""

    def lookup(self, reference: str) -> Found | NotFound | Unknown:
        """Whether the provider has the message of this row id. Never raises; repeatable."""


class OneWay:
    """A channel that cannot be asked what became of a message."""

    can_be_asked = False

    def lookup(self, reference: str) -> Unknown:
        return Unknown()
