"""What every channel can do, and what a provider may answer when it is asked for a message."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.http import HttpRequest

from casework.messaging.models import Delivery, Message


class ChannelError(Exception):
    """The provider certainly did not take the message. `permanent`: trying again is of no use (R-42).

    `dead`: because this telephone number or e-mail address does not exist.

    Any other exception means that nobody knows: such a message is only sent again when the provider, asked by our
    reference, says that it does not have it (R-36).
    """

    def __init__(self, reason: str, *, permanent: bool = False, dead: bool = False):
        super().__init__(reason)
        self.permanent = permanent or dead
        self.dead = dead


class NotTheProvider(Exception):
    """Whoever calls back does not know the secret that the provider was given."""


class Malformed(Exception):
    """What was called back is not what the provider says that it sends. Holds nothing of it (R-43)."""


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


@dataclass(frozen=True)
class Receipt:
    """What became of a message. `reference`: the id of our row, None for one that ETF did not send."""

    reference: UUID | None
    provider_reference: str
    delivery: Delivery


@dataclass(frozen=True)
class Received:
    """A text message or e-mail from somebody. `provider_id`: the provider's own id of it."""

    provider_id: UUID
    sender: str
    text: str
    received_at: dt.datetime


class MessageChannel(Protocol):
    # Whether the provider can be asked for a message by our reference.
    can_be_asked: bool
    # Whether people print and post it: then `send` hands nothing over, and says only whether it can be printed.
    on_paper: bool

    def send(self, message: Message) -> str:
        """Hand the message over; the provider's own reference. Raises ChannelError."""

    def lookup(self, reference: str) -> Found | NotFound | Unknown:
        """Whether the provider has the message of this row id. Never raises; repeatable."""

    def parse_webhook(self, request: HttpRequest) -> Receipt | Received:
        """What the provider calls back. Raises NotTheProvider and Malformed; changes nothing."""


class OneWay:
    """A channel that cannot be asked what became of a message, and never calls back."""

    can_be_asked = False
    on_paper = False

    def lookup(self, reference: str) -> Unknown:
        return Unknown()

    def parse_webhook(self, request: HttpRequest) -> Receipt | Received:
        raise NotTheProvider
