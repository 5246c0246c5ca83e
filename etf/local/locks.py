"""Who uses the servers of a folder: one `./run` at a time, and whoever leaves last stops them.

The locks are the kernel's (`flock`), so a `kill -9` gives them back by itself.
"""

import fcntl
from pathlib import Path


class RunLock:
    """Held for as long as `./run` lives; its file says where ETF answers."""

    def __init__(self, folder: Path):
        self.file = open(folder / "run.lock", "a+")  # noqa: SIM115

    def take(self) -> bool:
        """Whether the lock is ours now; False when another `./run` has it."""
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self.note("")
        return True

    def note(self, text: str) -> None:
        self.file.truncate(0)
        self.file.write(text)
        self.file.flush()

    def read(self) -> str:
        """What the `./run` that has the lock noted."""
        self.file.seek(0)
        return self.file.read()


class ServersInUse:
    """Shared by `./run` and every `./run manage` of the same folder."""

    def __init__(self, folder: Path):
        self.file = open(folder / "servers.lock", "a")  # noqa: SIM115
        # Waits while somebody who leaves is stopping them.
        fcntl.flock(self.file, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Whether nobody else uses the servers any more. Then they may be stopped, and newcomers wait for that."""
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
