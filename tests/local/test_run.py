"""`./run` from start to end: real servers and processes in a data folder of its own, used, broken off, killed."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import psycopg
import pytest

from etf.local import folders
from etf.local.__main__ import free_port
from etf.local.postgres import Postgres
from etf.local.valkey import Valkey

BASE = Path(__file__).resolve().parents[2]
PATIENCE = 120


class Run:
    """One `./run`, from the moment after its packages are there; its output is read along."""

    def __init__(self, root: Path, *words: str, **variables: str):
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "etf.local", *words], cwd=BASE, text=True, start_new_session=True,
            env=kept | {"ETF_VAR": str(root), "ETF_ENV": "local"} | variables, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self) -> None:
        self.lines.extend(iter(self.process.stdout.readline, ""))

    @property
    def output(self) -> str:
        return "".join(self.lines)

    def until(self, condition):
        end = time.monotonic() + PATIENCE
        while not (found := condition()):
            assert time.monotonic() < end, self.output
            time.sleep(0.05)
        return found

    def address(self) -> str:
        """Where it answers, as soon as everything is up and the logins are printed."""
        self.until(lambda: "Ctrl-C stops everything" in self.output or self.process.poll() is not None)
        assert self.process.poll() is None, self.output
        return re.search(r"ETF runs at (http://\S+)", self.output)[1]

    def end(self, sign: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(sign)
        code = self.process.wait(PATIENCE)
        if sign != signal.SIGKILL:
            self.reader.join(PATIENCE)
        return code

    def child(self, words: str) -> psutil.Process:
        children = psutil.Process(self.process.pid).children()
        return next(one for one in children if words in " ".join(one.cmdline()))


def still_there(root: Path) -> list[str]:
    """Processes that have this folder, or its sockets, among their words or in their environment."""
    found = []
    for process in psutil.process_iter():
        try:
            known = " ".join(process.cmdline()) + process.environ().get("ETF_VAR", "") + "\n"
        except psutil.Error:
            continue
        if str(root) in known or folders.label(root) in known:
            found.append(known)
    return found


def page(address: str, path: str = "") -> str:
    with urllib.request.urlopen(address + path, timeout=20) as answer:
        assert answer.status == 200
        return answer.read().decode()


def households(root: Path) -> list[str]:
    with psycopg.connect(f"postgresql://etf@/etf?host={Postgres(root).run}") as connection:
        return [row[0] for row in connection.execute("select case_number from casework_household order by 1")]


@pytest.fixture
def folder(root):
    yield root
    Postgres(root).stop()
    Valkey(root).stop()


@pytest.mark.slow
def test_start_stop_start_again_and_start_after_kill_9(folder):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = busy.getsockname()[1]
        first = Run(folder, PORT=str(taken))
        address = first.address()
        assert f"Port {taken} is busy: using {address.rpartition(':')[2].strip('/')} instead." in first.output
    assert "Inloggen" in page(address)
    assert '"broker": true' in page(address, "readyz")
    assert re.search(r"^ +joris +desk", first.output, re.MULTILINE)
    known = households(folder)
    assert len(known) == 300

    second = Run(folder)
    assert second.process.wait(PATIENCE) == 1
    second.reader.join(PATIENCE)
    assert f"ETF already runs from this folder at {address}" in second.output
    command = Run(folder, "manage", "etf_demo", "--logins")
    assert command.process.wait(PATIENCE) == 0
    assert "Inloggen" in page(address), "the second start or the command took the servers along"

    assert first.end() == 0
    assert first.output.endswith("Stopped.\n")
    assert "Traceback" not in first.output
    assert still_there(folder) == []

    killed = Run(folder, PORT="0")
    killed.address()
    assert households(folder) == known
    killed.end(signal.SIGKILL)

    last = Run(folder, PORT="0")
    assert "Inloggen" in page(last.address())
    assert households(folder) == known
    # One of them ends: so do all, and it is said which.
    last.child(" beat ").kill()
    assert last.process.wait(PATIENCE) == 1
    last.reader.join(PATIENCE)
    assert "beat ended with code -9." in last.output
    assert still_there(folder) == []


@pytest.mark.slow
def test_ctrl_c_in_the_middle_of_the_start_leaves_nothing(folder):
    run = Run(folder)
    run.until(lambda: (folder / "pgdata" / "postmaster.pid").exists() or run.process.poll() is not None)
    assert run.end() == 0
    assert run.output.endswith("Stopped.\n")
    assert "Traceback" not in run.output
    assert still_there(folder) == []


@pytest.mark.slow
def test_a_production_server_is_not_started_this_way(folder):
    """It would make up secrets and people. What the settings lack is named."""
    run = Run(folder, ETF_ENV="production")
    assert run.process.wait(PATIENCE) == 1
    run.reader.join(PATIENCE)
    assert "Set the environment variable ETF_SECRET_KEY" in run.output
    assert "A production server is started without it." in run.output
    assert list(folder.iterdir()) == []


@pytest.mark.slow
def test_a_port_that_is_no_number_is_named(folder):
    run = Run(folder, PORT="acht")
    assert run.process.wait(PATIENCE) == 1
    run.reader.join(PATIENCE)
    assert "PORT must be a number up to 65535, not 'acht'." in run.output
    assert "Traceback" not in run.output


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can make a file of somebody else")
def test_the_data_of_another_user_is_left_alone(folder):
    """`sudo ./run` once must not take the data away from who runs it every day."""
    (folder / "secrets.json").write_text("{}")
    os.chown(folder / "secrets.json", 65534, 65534)
    run = Run(folder)
    assert run.process.wait(PATIENCE) == 1
    run.reader.join(PATIENCE)
    assert "start ETF as nobody, or set ETF_VAR to another folder." in run.output
    assert [one.name for one in folder.iterdir()] == ["secrets.json"]


def test_a_free_port_is_used_and_a_busy_one_is_not():
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        taken = busy.getsockname()[1]
        busy.listen()
        other = free_port(taken)
        assert other != taken
    assert free_port(other) == other


@pytest.fixture
def checkout(tmp_path):
    """The start script and its pins, without the rest and without packages."""
    for name in ("run", "requirements.txt", "requirements-dev.txt"):
        shutil.copy(BASE / name, tmp_path / name)
    return tmp_path


def script(checkout: Path, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "run", *words], cwd=checkout, capture_output=True, text=True, timeout=60)


def test_help_and_a_word_it_does_not_know_install_nothing(checkout):
    assert "./run test" in script(checkout, "--help").stdout
    wrong = script(checkout, "tset")
    assert wrong.returncode == 1
    assert "ETF does not know ./run tset." in wrong.stderr
    assert not (checkout / ".venv").exists()


def test_packages_are_installed_again_only_when_the_pins_changed(checkout):
    """A venv that says it was made for these pins is used; another one is set up anew, here without any installer."""
    import importlib.machinery
    import importlib.util

    loader = importlib.machinery.SourceFileLoader("etf_run", str(checkout / "run"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("etf_run", loader))
    loader.exec_module(module)
    done = []

    def install(files):
        done.append(files)
        module.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        module.PYTHON.touch()

    module.install = install
    module.prepare(module.RUN_FILES)
    module.prepare(module.RUN_FILES)
    assert done == [module.RUN_FILES]
    module.prepare(module.TEST_FILES)
    module.prepare(module.RUN_FILES)
    assert done == [module.RUN_FILES, module.TEST_FILES]
    pins = (checkout / "requirements.txt").read_text()
    (checkout / "requirements.txt").write_text(pins + "# another pin\n")
    module.prepare(module.RUN_FILES)
    (checkout / "requirements.txt").write_text(pins)
    module.prepare(module.RUN_FILES)
    assert len(done) == 4, "going back to older pins needs them installed again"
