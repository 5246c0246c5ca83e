"""NotifyNL, for text messages, e-mail and letters: the wire format of GOV.UK Notify (docs.notifynl.nl).

NotifyNL keeps one template per channel, with nothing in it but `((text))` and, for e-mail and letter, the subject
`((subject))`; a letter has the lines of its address in `((address_line_1))` to `((address_line_7))`. The
words are ETF's own. The reference is the id of our row, which says nothing about anybody.
"""

import time

import jwt
import requests
from django.conf import settings
from django.http import HttpRequest
from urllib3.exceptions import NewConnectionError

from casework.messaging.channels import notify_callbacks
from casework.messaging.channels.protocol import ChannelError, Found, NotFound, Receipt, Received, Unknown
from casework.messaging.models import Channel, Message

# Seconds to connect and to wait for an answer; together well below the lease of a claim.
PATIENCE = (5, 15)
_TAKEN, _WRONG, _NOT_US, _TOO_MANY = 201, 400, 403, 429


class Unclear(Exception):
    """The provider answered something from which nobody can tell whether it took the message."""


class NotifyChannel:
    can_be_asked = True
    on_paper = False

    def send(self, message: Message) -> str:
        """Hand one message over; NotifyNL's id. Refused for good: what it calls wrong (400), such as a number.

        Not reached, not allowed (403) or too much at once (429) is tried again; an answer that did not come, or 5xx,
        leaves open whether it was taken.
        """
        kind = Channel(message.channel)
        try:
            answer = _call("post", f"/v2/notifications/{kind}", json=_body(message, kind))
        except _NeverReached as error:
            raise ChannelError("NotReached") from error
        if answer.status_code == _TAKEN:
            return str(answer.json()["id"])
        if answer.status_code in {_WRONG, _NOT_US, _TOO_MANY}:
            wrong = answer.status_code == _WRONG
            dead = wrong and kind in _TO and _is_about(_TO[kind], answer)
            raise ChannelError(_error_of(answer), permanent=wrong, dead=dead)
        raise Unclear(str(answer.status_code))

    def lookup(self, reference: str) -> Found | NotFound | Unknown:
        try:
            answer = _call("get", "/v2/notifications", params={"reference": reference})
            answer.raise_for_status()
            found = answer.json()["notifications"]
        except (requests.exceptions.RequestException, _NeverReached, ValueError, KeyError):
            return Unknown()
        return Found(str(found[0]["id"])) if found else NotFound()

    def parse_webhook(self, request: HttpRequest) -> Receipt | Received:
        return notify_callbacks.parse(request)


class _NeverReached(Exception):
    """No connection was made: nothing was handed over."""


_TO = {Channel.SMS: "phone_number", Channel.EMAIL: "email_address"}


def _body(message: Message, kind: Channel) -> dict:
    personal = {"text": message.text}
    if kind != Channel.SMS:
        personal["subject"] = message.subject
    if kind == Channel.LETTER:
        lines = enumerate(message.recipient.split("\n"), start=1)
        personal |= {f"address_line_{number}": line for number, line in lines}
    to = {} if kind == Channel.LETTER else {_TO[kind]: message.recipient}
    template = settings.ETF_NOTIFY["templates"][kind]
    return to | {"template_id": template, "personalisation": personal, "reference": str(message.pk)}


def _call(method: str, path: str, **more) -> requests.Response:
    known = settings.ETF_NOTIFY
    token = jwt.encode({"iss": known["service"], "iat": int(time.time())}, known["secret"], algorithm="HS256")
    try:
        return requests.request(
            method, known["url"] + path, timeout=PATIENCE, headers={"Authorization": f"Bearer {token}"},
            allow_redirects=False, **more,
        )  # fmt: skip
    except requests.exceptions.ConnectionError as error:
        # No connection at all, or one that broke when the message may have been there already.
        why = getattr(error.args[0], "reason", None) if error.args else None
        if isinstance(error, requests.exceptions.ConnectTimeout) or isinstance(why, NewConnectionError):
            raise _NeverReached from error
        raise


def _error_of(answer: requests.Response) -> str:
    """The kind of error only: the words may repeat a number (R-43)."""
    try:
        return str(answer.json()["errors"][0]["error"])[:60]
    except (ValueError, LookupError, TypeError):
        return f"HTTP {answer.status_code}"


def _is_about(field: str, answer: requests.Response) -> bool:
    """Whether NotifyNL calls the telephone number or e-mail address itself wrong, and not, say, the template."""
    try:
        return any(
            one["error"] == "ValidationError" and str(one["message"]).startswith(field)
            for one in answer.json()["errors"]
        )
    except (ValueError, LookupError, TypeError):
        return False
