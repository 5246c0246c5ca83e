"""E-mail through Django's backend: over SMTP, or by the API of a provider that anymail knows (decision 0064)."""

import re
import smtplib
import socket
from email.utils import parseaddr

from anymail.exceptions import (
    AnymailAPIError,
    AnymailError,
    AnymailInvalidAddress,
    AnymailRecipientsRefused,
)
from django.conf import settings
from django.core.mail import EmailMessage
from requests.exceptions import ConnectTimeout
from urllib3.exceptions import NewConnectionError

from casework.messaging.channels.protocol import ChannelError, OneWay
from casework.messaging.models import Message

# Under this name our id goes along with what a provider keeps of a message.
REFERENCE = "reference"
# Never reached, or not let in: nothing was handed over, and it is no fault of this message. A connection that breaks later
# may have delivered.
_NOT_REACHED = (
    ConnectionRefusedError, socket.gaierror, smtplib.SMTPConnectError, smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
)  # fmt: skip
# What a server says of an address that it does not have (RFC 5321); 5.7 is about its policy, not about the address (RFC 3463).
_NO_SUCH_ADDRESS, _POLICY = {550, 551, 553}, re.compile(rb"5\.7\.")
_FROM_4XX, _FROM_5XX = 400, 500
# What an API says of a message that is wrong; 401, 403 and 429 are no fault of the message.
_WRONG = {400, 406, 413, 422}


class EmailChannel(OneWay):
    """Our id goes along as a header, and as what the provider keeps of a message."""

    def send(self, message: Message) -> str:
        mail = _mail(message)
        try:
            mail.send()
        except _NOT_REACHED as error:
            raise ChannelError(type(error).__name__) from error
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPResponseException, smtplib.SMTPNotSupportedError) as error:
            raise _refused(error) from error
        except AnymailError as error:
            if refused := _refused_by_api(error):
                raise refused from error
            raise
        return _reference_of(mail)


def _mail(message: Message) -> EmailMessage:
    """Nothing in the headers says who somebody is or why we write; a reply names our id."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    mail = EmailMessage(message.subject, message.text, to=[message.recipient])
    mail.extra_headers |= {
        "X-ETF-Reference": str(message.pk), "Message-ID": f"<{message.pk}@{domain}>", "Auto-Submitted": "auto-generated",
    }  # fmt: skip
    if settings.ETF_MAIL["provider"]:
        mail.metadata = {REFERENCE: str(message.pk)}
    return mail


def _reference_of(mail: EmailMessage) -> str:
    """The provider's own, where one took it. Some answers that are no yes are none of anymail's errors."""
    status = getattr(mail, "anymail_status", None)
    if status is None:
        return "email"
    code = getattr(status.esp_response, "status_code", 0)
    if code >= _FROM_4XX:
        raise ChannelError(f"AnymailStatus {code}", permanent=code in _WRONG)
    return str(status.message_id or "email")[:120]


def _refused(error: Exception) -> ChannelError:
    """The server said no: 4xx for now, 5xx for good."""
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return ChannelError(type(error).__name__, permanent=True)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        (code, words), *_more = error.recipients.values()
        dead = code in _NO_SUCH_ADDRESS and not _POLICY.match(words)
    else:
        code, dead = error.smtp_code, False
    return ChannelError(f"{type(error).__name__} {code}", permanent=code >= _FROM_5XX, dead=dead)


def _refused_by_api(error: AnymailError) -> ChannelError | None:
    """None where nobody knows whether the provider took it: 5xx, or no answer."""
    name = type(error).__name__
    if isinstance(error, AnymailRecipientsRefused | AnymailInvalidAddress):
        return ChannelError(name, permanent=True, dead=True)
    if not isinstance(error, AnymailAPIError):
        # Something that this provider cannot do, or that is not set: nothing was handed over.
        return ChannelError(name)
    if error.status_code is None:
        return ChannelError(name) if _never_reached(error) else None
    refused = _FROM_4XX <= error.status_code < _FROM_5XX
    return ChannelError(f"{name} {error.status_code}", permanent=error.status_code in _WRONG) if refused else None


def _never_reached(error: Exception) -> bool:
    """No connection was made at all."""
    cause = error.__cause__
    why = getattr(cause.args[0], "reason", None) if cause and cause.args else None
    return isinstance(cause, ConnectTimeout) or isinstance(why, NewConnectionError)
