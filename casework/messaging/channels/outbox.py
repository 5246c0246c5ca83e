"""Nothing leaves the machine."""

from casework.messaging.channels.protocol import OneWay
from casework.messaging.models import Message


class DevelopmentOutbox(OneWay):
    """The row, shown on the page of messages, is the delivery."""

    def send(self, message: Message) -> str:
        return "outbox"
