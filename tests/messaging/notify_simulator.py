"""NotifyNL on this machine, honest by default and in trouble in whatever way a test asks.

By hand: `python -m tests.messaging.notify_simulator 8055` answers on that port with the key it prints.
"""

import json
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt

SERVICE, SECRET = "5d8b6e1c-7a53-4a0f-9d6e-2f7c3f0f3a11", "0f5b1a52-2a51-4d0e-8f0c-6d1f4f6f1c22"
KEY = f"etf-{SERVICE}-{SECRET}"
# How long a token may be old, in seconds.
FRESH = 30


class Simulator:
    """`got` is what it took, by reference, in order. `troubles` are met one by one, each by one sending:

    a status, which refuses with that status; `"lost"`, which takes the message and never answers; `"shut"`, which takes
    nothing and breaks the line.
    """

    def __init__(self):
        self.got: list[dict] = []
        self.troubles: list[int | str] = []
        self.deaf = False
        self.asked: list[str] = []

    def references(self) -> list[str]:
        return [one["reference"] for one in self.got]

    def take(self, kind: str, sent: dict) -> tuple[int, dict] | None:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble == "shut":
            return None
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

    @contextmanager
    def serving(self, port: int = 0) -> Iterator[str]:
        """Its address, as long as it answers."""
        server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            server.server_close()


def _handler(simulator: Simulator) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(lambda: simulator.take(self.path.rpartition("/")[2], sent))

        def do_GET(self):
            self._answer(lambda: simulator.find(parse_qs(urlsplit(self.path).query)["reference"][0]))

        def _answer(self, act) -> None:
            known = simulator.knows(self.headers.get("Authorization", "").removeprefix("Bearer "))
            answer = act() if known else (403, {"errors": [{"error": "AuthError", "message": "Invalid token"}]})
            if answer is None:
                self.close_connection = True
                return
            status, content = answer
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_words):
            pass

    return Handler


if __name__ == "__main__":
    one = Simulator()
    with one.serving(int(sys.argv[1]) if len(sys.argv) > 1 else 8055) as address:
        print(f"ETF_NOTIFY_URL={address}\nETF_NOTIFY_KEY={KEY}", flush=True)
        seen = 0
        while True:
            time.sleep(0.5)
            for message in one.got[seen:]:
                print(json.dumps(message, ensure_ascii=False), flush=True)
            seen = len(one.got)
