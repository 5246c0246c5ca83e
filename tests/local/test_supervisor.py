"""The supervisor of `./run`: shows the logs, ends all when one ends, leaves nothing behind. With real processes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from etf.local.supervisor import Supervisor

BASE = Path(__file__).resolve().parents[2]
STAYS = [sys.executable, "-c", "import time; time.sleep(120)"]
# Does not hear SIGTERM, and says when it is ready.
STUBBORN = [
    sys.executable, "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(120)",
]  # fmt: skip


def until(condition, seconds: float = 30):
    """Look at real processes until it is so."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)
    return found


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.fixture
def supervisor(tmp_path):
    made = Supervisor(tmp_path / "processes.json")
    yield made
    made.stop(1)


def test_each_line_says_whose_it_is(supervisor, capfd):
    supervisor.add("web", [sys.executable, "-c", "print('good morning')"], os.environ)
    supervisor.add("worker", [sys.executable, "-c", "import sys; print('an error', file=sys.stderr)"], os.environ)
    seen = []

    def both_seen():
        seen.append(capfd.readouterr().out)
        return "web    | good morning\n" in "".join(seen) and "worker | an error\n" in "".join(seen)

    until(both_seen)


def test_when_one_ends_it_is_named_and_all_end(supervisor, capfd):
    supervisor.add("web", STAYS, os.environ)
    supervisor.add("worker", [sys.executable, "-c", "raise SystemExit(3)"], os.environ)
    assert supervisor.wait() == 1
    assert "worker ended with code 3." in capfd.readouterr().out
    web = supervisor.processes["web"].pid
    supervisor.stop()
    assert not lives(web)
    assert not supervisor.state.exists()


def test_even_an_end_without_error_is_an_error(supervisor):
    supervisor.add("beat", [sys.executable, "-c", ""], os.environ)
    assert supervisor.wait() == 1


def test_who_does_not_listen_is_killed(supervisor, capfd):
    supervisor.add("web", STUBBORN, os.environ)
    until(lambda: "ready" in capfd.readouterr().out)
    supervisor.stop(0.2)
    assert supervisor.processes["web"].returncode == -signal.SIGKILL


def killed_run(state: Path) -> list[int]:
    """A supervisor in a process of its own, killed with kill -9; the processes that it had started."""
    script = (
        "import os, sys, time\nfrom pathlib import Path\nfrom etf.local.supervisor import Supervisor\n"
        "one = Supervisor(Path(sys.argv[1]))\none.add('web', eval(sys.argv[2]), os.environ)\n"
        "print('started', flush=True)\ntime.sleep(120)"
    )
    process = subprocess.Popen([sys.executable, "-c", script, str(state), repr(STUBBORN)], cwd=BASE, text=True,
                               stdout=subprocess.PIPE)  # fmt: skip
    assert {process.stdout.readline(), process.stdout.readline()} == {"started\n", "web    | ready\n"}
    process.kill()
    process.wait()
    return [int(pid) for pid in json.loads(state.read_text())]


def test_what_a_killed_run_left_is_ended_at_the_next_start(supervisor):
    left = killed_run(supervisor.state)
    assert [lives(pid) for pid in left] == [True]
    # Stubborn, so that the end that the kernel announces to it does not do the work for us; then it must be killed.
    assert supervisor.clear_leftovers(patience=0.2) == 1
    until(lambda: not any(lives(pid) for pid in left))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent died")
def test_on_linux_the_processes_of_a_killed_run_end_by_themselves(tmp_path):
    script = (
        "import os, sys, time\nfrom pathlib import Path\nfrom etf.local.supervisor import Supervisor\n"
        "one = Supervisor(Path(sys.argv[1]))\none.add('web', eval(sys.argv[2]), os.environ)\ntime.sleep(120)"
    )
    state = tmp_path / "processes.json"
    process = subprocess.Popen([sys.executable, "-c", script, str(state), repr(STAYS)], cwd=BASE)
    (left,) = until(lambda: state.exists() and state.read_text() and json.loads(state.read_text()))
    process.kill()
    process.wait()
    until(lambda: not lives(int(left)))


def test_a_number_that_went_to_another_process_is_left_alone(supervisor):
    """After a restart of the machine the file may name a process of somebody else."""
    other = subprocess.Popen(STAYS)
    try:
        supervisor.state.write_text(json.dumps({other.pid: psutil.Process(other.pid).create_time() - 60}))
        assert supervisor.clear_leftovers() == 0
        assert lives(other.pid)
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize("content", ["", "{", None])
def test_a_broken_file_of_an_earlier_run_is_no_reason_not_to_start(supervisor, content):
    if content is not None:
        supervisor.state.write_text(content)
    assert supervisor.clear_leftovers() == 0
