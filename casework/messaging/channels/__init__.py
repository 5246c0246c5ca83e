"""How a message leaves: channels behind one protocol. Settings name the class per kind of channel.

A channel is called outside any transaction, with the row's id as the provider's reference.
"""

from django.conf import settings
from django.utils.module_loading import import_string

from casework.messaging.channels import mail_callbacks
from casework.messaging.channels.mail import EmailChannel
from casework.messaging.channels.notify import NotifyChannel
from casework.messaging.channels.outbox import DevelopmentOutbox
from casework.messaging.channels.paper import PrintBatch, letters_as_pdf
from casework.messaging.channels.protocol import (
    ChannelError,
    Found,
    Malformed,
    MessageChannel,
    NotFound,
    NotTheProvider,
    OneWay,
    Receipt,
    Received,
    Unknown,
)

__all__ = [
    "ChannelError",
    "DevelopmentOutbox",
    "EmailChannel",
    "Found",
    "Malformed",
    "MessageChannel",
    "NotFound",
    "NotTheProvider",
    "NotifyChannel",
    "OneWay",
    "PrintBatch",
    "Receipt",
    "Received",
    "Unknown",
    "channel_for",
    "letters_as_pdf",
    "mail_callbacks",
]


def channel_for(name: str) -> MessageChannel:
    """The channel that settings name for `sms`, `email` or `letter`."""
    return import_string(settings.ETF_CHANNELS[name])()
