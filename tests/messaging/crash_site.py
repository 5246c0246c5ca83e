"""The test's side of the crash test: real workers and a real beat, with a Valkey of their own, started and killed."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import redis
from celery import Celery
from django.db import connection

from etf.local import folders
from etf.local.postgres import USER, Postgres
from etf.local.valkey import Valkey

BASE = Path(__file__).resolve().parents[2]
QUIET = ["--without-gossip", "--without-mingle", "-l", "ERROR"]


def database_of_this_test() -> str:
    """The address of the database of this test, for processes of their own."""
    head, _mark, query = os.environ["DATABASE_URL"].partition("?")
    return f"{head.rpartition('/')[0]}/{connection.settings_dict['NAME']}?{query}"


class OwnPostgres:
    """A PostgreSQL of the test's own, with a copy of the database of this test: it can be taken down without harm to others.

    It writes to disk as in use. Between `__enter__` and `__exit__` this process and those it starts use it.
    """

    def __init__(self):
        self.root = Path(tempfile.mkdtemp(prefix="etf-crash-"))
        self.root.chmod(0o755)
        self.server, self.before = Postgres(self.root), None

    def __enter__(self):
        source, address = database_of_this_test(), self.server.start()
        dump = [self.server.bin / "pg_dump", "--no-owner", source]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as dumped:
            load = [self.server.bin / "psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", address]
            subprocess.run(load, stdin=dumped.stdout, stdout=subprocess.DEVNULL, check=True)
        assert dumped.returncode == 0
        connection.close()
        self.before = connection.settings_dict, os.environ["DATABASE_URL"]
        connection.settings_dict = self.before[0] | {
            "HOST": str(self.server.run),
            "USER": USER,
            "NAME": "etf",
            "PORT": "",
        }
        os.environ["DATABASE_URL"] = address
        return self

    def __exit__(self, *_error):
        connection.close()
        connection.settings_dict, os.environ["DATABASE_URL"] = self.before
        self.server.stop()
        shutil.rmtree(folders.sockets(self.root), ignore_errors=True)
        shutil.rmtree(self.root, ignore_errors=True)

    def crash_and_start(self) -> None:
        """Every connection breaks and nothing is written in order; then it comes back from its write-ahead log."""
        connection.close()
        self.server.process.send_signal(signal.SIGQUIT)
        self.server.process.wait()
        self.server.start()


class Site:
    """Two workers of two processes each, and beat when it is asked for. `now` is the moment it starts; a second then counts for `speed`."""

    def __init__(
        self,
        root: Path,
        *,
        now: str,
        speed: float,
        deadly: list[str],
        guard: str = "",
        pause: float = 0.008,
        provider: str = "Ledger",
    ):
        self.root, self.ledger = root, root / "ledger"
        self.valkey = Valkey(root, durable=False)
        self.processes: dict[str, subprocess.Popen] = {}
        self.kills = 0
        self.environment = os.environ | {
            "ETF_ENV": "test", "ETF_LOG_LEVEL": "CRITICAL", "DATABASE_URL": database_of_this_test(),
            "REDIS_URL": self.valkey.start(), "ETF_CHANNEL_SMS": f"tests.messaging.crash.{provider}",
            "CRASH_LEDGER": str(self.ledger), "CRASH_DEADLY": " ".join(deadly), "CRASH_PAUSE": str(pause),
            "CRASH_NOW": now, "CRASH_SPEED": str(speed), "CRASH_ORIGIN": str(time.time()), "CRASH_GUARD": guard,
        }  # fmt: skip

    def __enter__(self):
        for name in ("one", "two"):
            self.start_worker(name)
        return self

    def start_beat(self) -> None:
        schedule = ["-S", "tests.messaging.crash.QuickScheduler", "-s", str(self.root / "beat"), "--pidfile="]
        self._start("beat", "beat", *schedule, "-l", "ERROR")

    def __exit__(self, *_error):
        for process in self.processes.values():
            self._kill(process)
        self.valkey.stop()
        shutil.rmtree(self.valkey.run, ignore_errors=True)

    def start_worker(self, name: str) -> None:
        self._start(name, "worker", "-c", "2", "-n", f"{name}@crash", "-I", "tests.messaging.crash", *QUIET)

    def _start(self, name: str, *words: str) -> None:
        with open(self.root / f"{name}.log", "ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "etf", *words], cwd=BASE, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, process_group=0,
            )  # fmt: skip

    def kill_worker(self, name: str) -> None:
        """The whole worker at once, its children too; and a new one in its place."""
        self._kill(self.processes[name])
        self.kills += 1
        self.start_worker(name)

    def raise_the_dead(self) -> None:
        """A worker that a deadly message took down is started again, as an operator's machine would do."""
        for name in ("one", "two"):
            if self.processes[name].poll() is not None:
                self.kill_worker(name)

    @staticmethod
    def _kill(process: subprocess.Popen) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def lines(self) -> list[list[str]]:
        text = self.ledger.read_text() if self.ledger.exists() else ""
        return [line.split() for line in text.splitlines()]

    def received(self) -> Counter:
        """How many times the provider got each message."""
        return Counter(message for message, _worker in self.lines())

    def sent_by(self, name: str) -> int:
        """How many the worker that runs now under this name has handed over."""
        return sum(worker == str(self.processes[name].pid) for _message, worker in self.lines())

    def wake(self) -> None:
        """One sweep, as beat would ask for it."""
        with Celery(broker=self.environment["REDIS_URL"], set_as_current=False) as beat:
            beat.send_task("etf.send_due_messages", ignore_result=True)

    def flush_redis(self) -> None:
        with redis.Redis(unix_socket_path=str(self.valkey.socket)) as client:
            client.flushall()

    def logs(self) -> str:
        return "\n".join(f"{path.name}:\n{path.read_text()[-1500:]}" for path in sorted(self.root.glob("*.log")))
