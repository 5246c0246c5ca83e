"""Folders for servers: short, private, and never somebody else's."""

import hashlib
import os
import pwd
import stat
import subprocess
import tempfile
from pathlib import Path


def unprivileged() -> dict:
    """Arguments for subprocess: PostgreSQL refuses to run as root, so root runs it as `nobody`."""
    if os.geteuid():
        return {}
    account = pwd.getpwnam("nobody")
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def give_to_unprivileged(folder: Path) -> None:
    if not os.geteuid():
        account = pwd.getpwnam("nobody")
        os.chown(folder, account.pw_uid, account.pw_gid)


def make_own(folder: Path, mode: int = 0o700) -> Path:
    """Make a folder in a shared place, and refuse one that somebody else put there first."""
    folder.mkdir(mode=mode, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o022:
        raise RuntimeError(f"{folder} is not ours: remove it and start again.")
    folder.chmod(mode)
    return folder


def label(root: Path) -> str:
    return f"etf-{os.geteuid()}-{hashlib.sha256(str(root.resolve()).encode()).hexdigest()[:10]}"


def sockets(root: Path) -> Path:
    """A short folder for Unix sockets, whose paths have a limit of about 100 bytes."""
    return make_own(Path(tempfile.gettempdir()) / label(root), 0o711 if not os.geteuid() else 0o700)


def public_copy(root: Path) -> Path:
    """Where root keeps what `nobody` must reach when the repository itself is closed to others."""
    return make_own(Path("/var/tmp") / label(root), 0o711)


def unprivileged_reaches(path: Path) -> bool:
    """Whether the account that runs PostgreSQL can get at `path`."""
    try:
        return subprocess.run(["test", "-x", str(path)], cwd="/", **unprivileged()).returncode == 0
    except OSError:
        return False
