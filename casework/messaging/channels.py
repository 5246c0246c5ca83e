"""How a message leaves. A channel has one method, `send`; settings name the class per kind of channel.

A channel is called outside any transaction, with the row's id as the provider's reference.
"""

import smtplib
import socket
from typing import Protocol

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.module_loading import import_string

from casework.messaging.models import Message


class ChannelError(Exception):
    """The provider certainly did not take the message. `permanent`: trying again is of no use (R-42).

    Any other exception means that nobody knows: such a message is never sent again by itself (R-36).
    """

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


# The server said no, or was never reached. A connection that breaks later may have delivered.
_REFUSED = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, ConnectionRefusedError, socket.gaierror)


class EmailChannel:
    """E-mail through Django's backend; our id goes along as a header."""

    def send(self, message: Message) -> str:
        mail = EmailMessage(message.subject, message.text, to=[message.recipient])
        mail.extra_headers["X-ETF-Reference"] = str(message.pk)
        try:
            mail.send()
        except _REFUSED as error:
            raise ChannelError(type(error).__name__) from error
        return "email"


def channel_for(name: str) -> MessageChannel:
    """The channel that settings name for `sms`, `email` or `letter`."""
    return import_string(settings.ETF_CHANNELS[name])()
