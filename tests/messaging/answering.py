"""A provider on this machine: what it is asked goes to a function, what that says goes back as JSON."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# From method, path, headers and body to a status with what is said; None breaks the line instead.
Answer = tuple[int, object] | None
Ask = Callable[[str, str, dict[str, str], bytes], Answer]


@contextmanager
def answering(ask: Ask, port: int = 0) -> Iterator[str]:
    """Its address, as long as it answers."""
    server = ThreadingHTTPServer(("127.0.0.1", port), _handler(ask))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _handler(ask: Ask) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = ask(self.command, self.path, dict(self.headers), body)
            if answer is None:
                self.close_connection = True
                return
            status, content = answer
            said = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = _answer

        def log_message(self, *_words):
            pass

    return Handler
