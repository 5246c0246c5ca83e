"""What a provider of e-mail calls back: what became of a message, and replies, in the words of anymail (decision 0064)."""

import base64
import datetime as dt
import uuid
from uuid import UUID

from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.signals import EventType, RejectReason
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string

from casework.messaging.channels.mail import REFERENCE
from casework.messaging.channels.notify_callbacks import storable
from casework.messaging.channels.protocol import Malformed, NotTheProvider, Receipt, Received
from casework.messaging.models import Delivery, ReceivedText

# The address does not exist; every other reason may pass.
_FOR_GOOD = {RejectReason.BOUNCED, RejectReason.INVALID}
_ENDS = {
    EventType.DELIVERED: Delivery.DELIVERED,
    # Who calls it spam got it. Later messages are refused by the provider, and stand on the call list.
    EventType.COMPLAINED: Delivery.DELIVERED,
    EventType.FAILED: Delivery.TEMPORARY,
}
# Of a reply so much is kept.
MOST = 5000


def receipts(request: HttpRequest) -> list[Receipt]:
    """What became of messages. Raises NotTheProvider and Malformed."""
    return [one for one in map(_receipt, _events(request, "Tracking")) if one]


def received(request: HttpRequest, *, now: dt.datetime) -> list[Received]:
    """Replies that people wrote. Raises NotTheProvider and Malformed."""
    return [one for event in _events(request, "Inbound") if (one := _reply(event, now))]


def _events(request: HttpRequest, kind: str) -> list:
    """As anymail reads them for this provider, which also checks the signature of those that sign."""
    if not _knows_the_secret(request):
        raise NotTheProvider
    view = _view(kind)
    try:
        view.run_validators(request)
        return view.parse_events(request)
    except AnymailWebhookValidationFailure as error:
        raise NotTheProvider from error
    # What is not what the provider says that it sends breaks the reading of it in many ways.
    except Exception as error:
        raise Malformed from error


def _view(kind: str) -> AnymailBaseWebhookView:
    name = settings.ETF_MAIL["provider"]
    module = f"anymail.webhooks.{name}"
    title = {"mailgun": "Mailgun", "mailjet": "Mailjet", "sparkpost": "SparkPost"}.get(name, name.title())
    return import_string(f"{module}.{title}{kind}WebhookView")()


def _knows_the_secret(request: HttpRequest) -> bool:
    """HTTP basic authentication, compared in constant time; without a secret in the settings nobody knows it."""
    kind, _space, shown = request.headers.get("Authorization", "").partition(" ")
    secret = settings.ETF_MAIL["callback_secret"]
    try:
        shown = base64.b64decode(shown, validate=True)
    except ValueError:
        return False
    return bool(secret) and kind.lower() == "basic" and constant_time_compare(shown, secret.encode())


def _receipt(event) -> Receipt | None:
    """None for what is no end: on its way, put off, opened."""
    delivery = _ENDS.get(event.event_type)
    if event.event_type in {EventType.BOUNCED, EventType.REJECTED}:
        for_good = event.reject_reason in _FOR_GOOD and not _is_soft(event.esp_event)
        delivery = Delivery.PERMANENT if for_good else Delivery.TEMPORARY
    if delivery is None:
        return None
    return Receipt(_ours(event.metadata), str(event.message_id or "")[:120], delivery)


def _is_soft(said) -> bool:
    """Postmark calls both a bounce; after a soft one it tries again, and says *hard* when that comes to nothing."""
    return isinstance(said, dict) and said.get("Type") == "SoftBounce"


def _ours(metadata) -> UUID | None:
    """Of another program that uses the same account the reference may be anything."""
    try:
        return UUID(str((metadata or {}).get(REFERENCE, "")))
    except (ValueError, AttributeError):
        return None


def _reply(event, now: dt.datetime) -> Received | None:
    """None for what a machine answered: that somebody is away asks nothing of the desk (RFC 3834)."""
    message = event.message
    if str(message.get("Auto-Submitted", "no")).lower() != "no":
        return None
    sender = message.from_email.addr_spec if message.from_email else message.envelope_sender or ""
    key = event.event_id or message.get("Message-ID") or uuid.uuid4()
    return Received(
        provider_id=uuid.uuid5(uuid.NAMESPACE_URL, f"mail:{key}"),
        sender=storable(sender).strip()[: ReceivedText._meta.get_field("sender").max_length],
        text=storable(message.stripped_text or message.text or "").strip()[:MOST],
        received_at=event.timestamp or now,
    )
