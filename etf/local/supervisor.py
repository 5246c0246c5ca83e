"""Runs several processes as one job: prefixed logs, one Ctrl-C, nothing left behind."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

_PR_SET_PDEATHSIG = 1


def _end_with_parent() -> None:
    """In the child, on Linux: end when the supervisor is killed. Elsewhere the state file does it at the next start."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def _born(pid: int) -> float | None:
    """When a process started, to tell it from another one that got the same number; None when it is gone."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else process.create_time()
    except psutil.Error:
        return None


class Supervisor:
    """Starts processes, shows their output, ends them together. `state` remembers them for after a kill -9."""

    def __init__(self, state: Path):
        self.state = state
        self.processes: dict[str, subprocess.Popen] = {}

    def clear_leftovers(self, patience: float = 8) -> int:
        """End what an earlier run left behind; the number of processes ended."""
        try:
            known = json.loads(self.state.read_text())
        except (OSError, ValueError):
            return 0
        left = {int(pid): born for pid, born in known.items() if born and _born(int(pid)) == born}

        def alive() -> list[int]:
            return [pid for pid, born in left.items() if _born(pid) == born]

        for sign, seconds in ((signal.SIGTERM, patience), (signal.SIGKILL, 2)):
            for pid in alive():
                _signal(pid, sign)
            end = time.monotonic() + seconds
            while alive() and time.monotonic() < end:
                time.sleep(0.05)
        return len(left)

    def add(self, name: str, command: list, environment: dict) -> None:
        process = subprocess.Popen(
            [str(word) for word in command], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", process_group=0, preexec_fn=_end_with_parent,
        )  # fmt: skip
        self.processes[name] = process
        self.state.write_text(json.dumps({one.pid: _born(one.pid) for one in self.processes.values()}))
        threading.Thread(target=_show, args=(name, process), daemon=True).start()

    def ended(self) -> str:
        """The name of one that is not alive any more, if any."""
        return next((name for name, process in self.processes.items() if process.poll() is not None), "")

    def wait(self) -> int:
        """Until one of them ends, which none should do by itself: therefore 1, an error."""
        while not (name := self.ended()):
            time.sleep(0.2)
        print(f"{name} ended with code {self.processes[name].returncode}.", flush=True)
        return 1

    def stop(self, seconds: float = 10) -> None:
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + seconds
        for process in self.processes.values():
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.state.unlink(missing_ok=True)


def _signal(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return


def _show(name: str, process: subprocess.Popen) -> None:
    for line in process.stdout:
        print(f"{name:6} | {line}", end="", flush=True)
