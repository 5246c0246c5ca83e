"""E-mail through Django's backend."""

import smtplib
import socket

from django.core.mail import EmailMessage

from casework.messaging.channels.protocol import ChannelError, OneWay
from casework.messaging.models import Message

# The server said no, or was never reached. A connection that breaks later may have delivered.
_REFUSED = (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused, ConnectionRefusedError, socket.gaierror)


class EmailChannel(OneWay):
    """Our id goes along as a header."""

    def send(self, message: Message) -> str:
        mail = EmailMessage(message.subject, message.text, to=[message.recipient])
        mail.extra_headers["X-ETF-Reference"] = str(message.pk)
        try:
            mail.send()
        except _REFUSED as error:
            raise ChannelError(type(error).__name__) from error
        return "email"
