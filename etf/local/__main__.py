"""`python -m etf.local`: everything of ETF on this machine; with `manage …` one management command on its servers."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from etf.local import secrets
from etf.local.locks import RunLock, ServersInUse
from etf.local.postgres import Postgres
from etf.local.supervisor import Supervisor
from etf.local.valkey import Valkey

BASE = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
START_SECONDS = 60


def say(text: str) -> None:
    print(text, flush=True)


def free_port(wanted: int) -> int:
    """The wanted port, or one that the system picks when somebody else has it."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise RuntimeError("No free port on this machine.")


class Local:
    """The servers and processes of one checkout."""

    def __init__(self):
        self.root = Path(os.environ.get("ETF_VAR", BASE / "var"))
        self.root.mkdir(parents=True, exist_ok=True)
        self._check_owner()
        self.environment = {"ETF_ENV": "local"} | secrets.environment(self.root / "secrets.json")
        self.environment |= dict(os.environ, PYTHONUNBUFFERED="1")
        self.servers: list = []
        self.in_use: ServersInUse | None = None
        self.supervisor = Supervisor(self.root / "processes.json")

    def _check_owner(self) -> None:
        """Starting with `sudo` what one started before without would take the data away from its owner, or the reverse."""
        kept = self.root / "secrets.json"
        if kept.exists() and kept.stat().st_uid != os.geteuid():
            sys.exit(
                f"{self.root} belongs to {kept.owner()}: start ETF as {kept.owner()}, or set ETF_VAR to another folder."
            )

    def start_servers(self) -> None:
        self.in_use = ServersInUse(self.root)
        for variable, server in (("DATABASE_URL", Postgres), ("REDIS_URL", Valkey)):
            if not self.environment.get(variable):
                started = server(self.root)
                self.servers.append(started)
                self.environment[variable] = started.start()

    def stop_servers(self) -> None:
        """Unless another `./run manage` of this folder still uses them: then that one stops them."""
        if not self.in_use or not self.in_use.leave():
            return
        for server in reversed(self.servers):
            server.stop()

    def manage(self, *words: str, group: int | None = None) -> int:
        command = [sys.executable, BASE / "manage.py", *words]
        return subprocess.run(command, env=self.environment, cwd=BASE, process_group=group).returncode

    def step(self, *words: str) -> int:
        """A management command of the start, in a group of its own: Ctrl-C is ours to answer, in one word."""
        return self.manage(*words, group=0)

    def prepare(self) -> None:
        if self.step("etf_prepare"):
            raise RuntimeError("ETF could not prepare its database; see above.")

    def start_web(self, port: int) -> None:
        self.environment.setdefault("ETF_ADDRESS", f"http://127.0.0.1:{port}")
        web = self.environment | {"ETF_DB_POOL": "1"}
        bind = ["--bind", f"127.0.0.1:{port}", "--threads", "8", "--worker-tmp-dir", "/tmp", "--no-control-socket"]
        self.supervisor.add("web", [BIN / "gunicorn", "etf.wsgi", *bind], web)

    def start_clocks(self) -> None:
        """The worker and beat, after the first page: they would only slow it down."""
        celery = [BIN / "celery", "-A", "etf"]
        quiet = ["--without-gossip", "--without-mingle", "-l", "WARNING"]
        self.supervisor.add("worker", [*celery, "worker", *self._worker_pool(), *quiet], self.environment)
        schedule = ["-s", self.root / "beat", "--pidfile=", "-l", "WARNING"]
        self.supervisor.add("beat", [*celery, "beat", *schedule], self.environment)

    def _worker_pool(self) -> list[str]:
        if os.access("/dev/shm", os.W_OK) or sys.platform != "linux":
            return ["-c", "2"]
        say("/dev/shm is not writable: the worker uses threads instead of processes.")
        return ["-P", "threads", "-c", "2"]

    def wait_for_web(self, port: int) -> None:
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                if self.supervisor.ended():
                    break
                time.sleep(0.05)
        raise RuntimeError("The web server did not answer.")


def _interrupt(*_args) -> None:
    raise KeyboardInterrupt


def wanted_port() -> int:
    text = os.environ.get("PORT", "8000")
    if not text.isdecimal() or int(text) > 65535:
        raise RuntimeError(f"PORT must be a number up to 65535, not {text!r}.")
    return int(text)


def choose_port(wanted: int) -> int:
    port = free_port(wanted)
    if port != wanted:
        say(f"Port {wanted} is busy: using {port} instead.")
    return port


def refuse_production() -> int:
    """`./run` makes up secrets and people, so it never starts a real city; it names what its settings still lack."""
    checked = subprocess.run([sys.executable, "-c", "import django; django.setup()"], cwd=BASE, capture_output=True,
                             text=True, env=os.environ | {"DJANGO_SETTINGS_MODULE": "etf.settings"})  # fmt: skip
    if checked.returncode:
        say(checked.stderr.strip().splitlines()[-1].rpartition("ImproperlyConfigured: ")[2])
    say("./run is for a local start, with demonstration data. A production server is started without it.")
    return 1


def run() -> int:
    # A shell's `&` starts us with SIGINT ignored, so the handlers are ours.
    signal.signal(signal.SIGINT, _interrupt)
    signal.signal(signal.SIGTERM, _interrupt)
    if os.environ.get("ETF_ENV") == "production":
        return refuse_production()
    local = Local()
    lock = RunLock(local.root)
    if not lock.take():
        say(f"ETF already runs from this folder{lock.read()}. Stop it there with Ctrl-C, or use that one.")
        return 1
    return start(local, lock)


def start(local: Local, lock: RunLock) -> int:
    started = time.monotonic()
    code = 0
    try:
        wanted = wanted_port()
        if ended := local.supervisor.clear_leftovers():
            say(f"Ended {ended} processes that an earlier run left behind.")
        local.start_servers()
        local.prepare()
        port = choose_port(wanted)
        local.start_web(port)
        local.wait_for_web(port)
        local.start_clocks()
        address = f"http://127.0.0.1:{port}/"
        lock.note(f" at {address} (process {os.getpid()})")
        say(f"\nETF runs at {address}  (started in {time.monotonic() - started:.1f} s)\n")
        local.step("etf_demo", "--logins")
        say("\nCtrl-C stops everything. The logs follow.\n")
        code = local.supervisor.wait()
    except KeyboardInterrupt:
        say("\nStopping …")
    except RuntimeError as error:
        say(str(error))
        code = 1
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        local.supervisor.stop()
        local.stop_servers()
        say("Stopped.")
    return code


def manage(words: list[str]) -> int:
    """A management command; servers that nobody else uses stay up only for as long as it takes."""
    local = Local()
    local.start_servers()
    try:
        return local.manage(*words)
    finally:
        local.stop_servers()


if __name__ == "__main__":
    sys.exit(manage(sys.argv[2:]) if sys.argv[1:2] == ["manage"] else run())
