"""How a message leaves. A channel has one method, `send`; settings name the class per kind of channel.

A channel is called outside any transaction, with the row's id as the provider's reference.
"""

from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from casework.messaging.models import Message


class ChannelError(Exception):
    """The provider did not take the message. `permanent`: trying again is of no use (R-42)."""

    def __init__(self, reason: str, *, permanent: bool = False):
        super().__init__(reason)
        self.permanent = permanent


class MessageChannel(Protocol):
    def send(self, message: Message) -> str:
        """Hand the message over; the provider's own reference. Raises ChannelError."""


class DevelopmentOutbox:
    """Nothing leaves the machine: the row, shown on the page of messages, is the delivery."""

    def send(self, message: Message) -> str:
        return "outbox"


class EmailChannel:
    """E-mail through Django's backend; our id goes along as a header."""

    def send(self, message: Message) -> str:
        mail = EmailMessage(message.subject, message.text, to=[message.recipient])
        mail.extra_headers["X-ETF-Reference"] = str(message.pk)
        try:
            mail.send()
        except OSError as error:
            raise ChannelError(type(error).__name__) from error
        return "email"


def channel_for(name: str) -> MessageChannel:
    """The channel that settings name for `sms`, `email` or `letter`."""
    return import_string(settings.ETF_CHANNELS[name])()
