"""What NotifyNL calls back: delivery receipts and received text messages, in the wire format of GOV.UK Notify."""

import datetime as dt
import json
from collections.abc import Callable
from uuid import UUID

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare

from casework.core import values
from casework.messaging.channels.protocol import Malformed, NotTheProvider, Receipt, Received
from casework.messaging.models import Delivery, ReceivedText

# Bytes: more than the longest text message and everything about it.
MOST = 64 * 1024
# A technical failure is one of NotifyNL or of a telephone company: the number is not to blame.
_DELIVERIES = {
    "delivered": Delivery.DELIVERED,
    "permanent-failure": Delivery.PERMANENT,
    "temporary-failure": Delivery.TEMPORARY,
    "technical-failure": Delivery.TEMPORARY,
}


def parse(request: HttpRequest) -> Receipt | Received:
    """A receipt has a status, a received text a message. Raises NotTheProvider and Malformed."""
    if not _knows_the_token(request):
        raise NotTheProvider
    said = _said(request)
    return _receipt(said) if "status" in said else _received(said)


def _knows_the_token(request: HttpRequest) -> bool:
    """Compared in constant time; without a token in the settings nobody knows it."""
    kind, _space, shown = request.headers.get("Authorization", "").partition(" ")
    token = (settings.ETF_NOTIFY or {}).get("callback_token", "")
    return bool(token) and kind.lower() == "bearer" and constant_time_compare(shown, token)


def _said(request: HttpRequest) -> dict:
    try:
        # The length stands in a header, so that what is too much is not even read.
        if request.content_type != "application/json" or int(request.headers.get("Content-Length") or 0) > MOST:
            raise Malformed
        said = json.loads(request.body)
    # Not UTF-8 or no JSON, nested too deep, or a line that broke.
    except (ValueError, RecursionError, OSError, SuspiciousOperation) as error:
        raise Malformed from error
    if not isinstance(said, dict):
        raise Malformed
    return said


def _receipt(said: dict) -> Receipt:
    reference = said.get("reference")
    try:
        delivery = _DELIVERIES[_text(said, "status")]
    except KeyError as error:
        raise Malformed from error
    if reference is not None and not isinstance(reference, str):
        raise Malformed
    # Of another program that uses the same service the reference may be anything.
    ours = _as_uuid(reference) if reference else None
    return Receipt(ours, str(_read(said, "id", UUID)), delivery)


def _received(said: dict) -> Received:
    return Received(
        provider_id=_read(said, "id", UUID),
        sender=_number(_text(said, "source_number")),
        text=_text(said, "message").strip(),
        received_at=_read(said, "date_received", _moment),
    )


def _text(said: dict, name: str) -> str:
    found = said.get(name)
    if not isinstance(found, str):
        raise Malformed
    return storable(found)


def storable(text: str) -> str:
    """Without what PostgreSQL does not store: NUL, and halves of a pair of surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _read(said: dict, name: str, read: Callable):
    try:
        return read(_text(said, name))
    except (ValueError, OverflowError) as error:
        raise Malformed from error


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _moment(text: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(dt.UTC)


def _number(sender: str) -> str:
    """E.164, since NotifyNL leaves out the plus; a name instead of a number stays as it is."""
    typed = sender.strip()
    try:
        return values.read_phone(typed if typed.startswith(("+", "0")) else f"+{typed}")
    except ValueError:
        return typed[: ReceivedText._meta.get_field("sender").max_length]
