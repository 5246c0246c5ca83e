"""NotifyNL on this machine, honest by default and in trouble in whatever way a test asks.

By hand: `python -m tests.messaging.notify_simulator 8055 http://127.0.0.1:8000` answers on that port with the key and the
token that it prints, and tells ETF at the other address what became of each message: late, twice, and once with a wrong
token. A number that ends in 3 does not exist, of one that ends in 4 the telephone is off. A line typed here such as
`0612345678 Ik kom later` comes in as a text message.
"""

import json
import sys
import threading
import time
import uuid
from contextlib import AbstractContextManager
from urllib.parse import parse_qs, urlsplit

import jwt
import requests

from tests.messaging.answering import Answer, answering

SERVICE, SECRET = "5d8b6e1c-7a53-4a0f-9d6e-2f7c3f0f3a11", "0f5b1a52-2a51-4d0e-8f0c-6d1f4f6f1c22"
KEY = f"etf-{SERVICE}-{SECRET}"
TOKEN = "callback-token-of-the-simulator"
RECEIPTS, TEXTS = "/notify/bezorging/", "/notify/ontvangen/"
# How long a token may be old, in seconds.
FRESH = 30


class Simulator:
    """`got` is what it took, by reference, in order. `troubles` are met one by one, each by one sending:

    a status, which refuses with that status; `"number"`, which says that the number is wrong; `"lost"`, which takes the message and never answers; `"shut"`, which takes
    nothing and breaks the line.
    """

    def __init__(self):
        self.got: list[dict] = []
        # Path, headers and body of each sending, as they came.
        self.heard: list[tuple[str, dict, bytes]] = []
        self.troubles: list[int | str] = []
        self.deaf = False
        self.asked: list[str] = []

    def references(self) -> list[str]:
        return [one["reference"] for one in self.got]

    def take(self, kind: str, sent: dict) -> tuple[int, dict] | None:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble == "shut":
            return None
        if trouble == "number":
            errors = [{"error": "ValidationError", "message": "phone_number Not enough digits"}]
            return 400, {"status_code": 400, "errors": errors}
        if isinstance(trouble, int):
            errors = [{"error": "ValidationError" if trouble == 400 else "Error", "message": f"not {sent}"}]
            return trouble, {"status_code": trouble, "errors": errors}
        self.got.append(sent | {"id": str(uuid.uuid4()), "type": kind})
        return None if trouble == "lost" else (201, {"id": self.got[-1]["id"], "reference": sent["reference"]})

    def find(self, reference: str) -> tuple[int, dict]:
        self.asked.append(reference)
        if self.deaf:
            return 503, {"errors": []}
        return 200, {"notifications": [one for one in self.got if one["reference"] == reference], "links": {}}

    def knows(self, token: str) -> bool:
        try:
            said = jwt.decode(token, SECRET, algorithms=["HS256"], options={"verify_iat": False})
        except jwt.InvalidTokenError:
            return False
        return said["iss"] == SERVICE and abs(time.time() - said["iat"]) <= FRESH

    def serving(self, port: int = 0) -> AbstractContextManager[str]:
        """Its address, as long as it answers."""
        return answering(self._hear, port)

    def _hear(self, method: str, path: str, headers: dict, body: bytes) -> Answer:
        if method == "POST":
            self.heard.append((path, headers, body))
        if not self.knows(headers.get("Authorization", "").removeprefix("Bearer ")):
            return 403, {"errors": [{"error": "AuthError", "message": "Invalid token"}]}
        if method == "POST":
            return self.take(path.rpartition("/")[2], json.loads(body))
        return self.find(parse_qs(urlsplit(path).query)["reference"][0])


def receipt(reference: str | None, status: str = "delivered", **more) -> dict:
    """What NotifyNL tells of a message."""
    return {
        "id": str(uuid.uuid4()), "reference": reference, "to": "+31612345678", "status": status,
        "created_at": "2026-11-02T08:00:00.000000Z", "completed_at": "2026-11-02T08:00:05.000000Z",
        "sent_at": "2026-11-02T08:00:01.000000Z", "notification_type": "sms",
        "template_id": "5d8b6e1c-7a53-4a0f-9d6e-2f7c3f0f3a12", "template_version": 1,
    } | more  # fmt: skip


def text_from(number: str, text: str, **more) -> dict:
    """What NotifyNL hands over when somebody sends a text message; it leaves out the plus of a number."""
    return {
        "id": str(uuid.uuid4()), "source_number": number.removeprefix("+"), "destination_number": "31970000000",
        "message": text, "date_received": "2026-11-02T07:59:00.000000Z",
    } | more  # fmt: skip


def call_back(etf: str, path: str, said: dict, *, token: str = TOKEN, times: int = 1, wait: float = 0) -> list[int]:
    """Tell ETF, perhaps late and more than once; the answers."""
    answers = []
    for _time in range(times):
        time.sleep(wait)
        answer = requests.post(etf + path, json=said, headers={"Authorization": f"Bearer {token}"}, timeout=10)
        answers.append(answer.status_code)
    return answers


def _tell_of(message: dict, etf: str) -> None:
    to = message.get("phone_number") or message.get("email_address", "")
    status = {"3": "permanent-failure", "4": "temporary-failure"}.get(to[-1:], "delivered")
    said = receipt(message["reference"], status, id=message["id"], to=to, notification_type=message["type"])
    wrong = call_back(etf, RECEIPTS, said, token="somebody-else-altogether")
    print(f"{message['reference']} {status}: {wrong + call_back(etf, RECEIPTS, said, times=2, wait=2)}", flush=True)


def _read_texts(etf: str) -> None:
    for line in sys.stdin:
        number, _space, text = line.strip().partition(" ")
        print(call_back(etf, TEXTS, text_from(number, text), times=2), flush=True)


def _by_hand(port: int, etf: str) -> None:
    one, seen = Simulator(), 0
    with one.serving(port) as address:
        print(f"ETF_NOTIFY_URL={address}\nETF_NOTIFY_KEY={KEY}\nETF_NOTIFY_CALLBACK_TOKEN={TOKEN}", flush=True)
        if etf:
            threading.Thread(target=_read_texts, args=[etf], daemon=True).start()
        while True:
            time.sleep(0.5)
            for message in one.got[seen:]:
                print(json.dumps(message, ensure_ascii=False), flush=True)
                if etf:
                    threading.Thread(target=_tell_of, args=[message, etf], daemon=True).start()
                seen += 1


if __name__ == "__main__":
    _by_hand(int(sys.argv[1]) if len(sys.argv) > 1 else 8055, sys.argv[2] if len(sys.argv) > 2 else "")
