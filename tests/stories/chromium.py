"""Which browser the stories use: the machine's own Chromium, else one that can be installed, else none."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_A_MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
SECONDS_TO_INSTALL = 300
SKIPPED = (
    "no Chromium found and none could be installed: the browser stories did not run. "
    "Install it (Debian: apt-get install chromium) or set CHROMIUM=/path/to/chromium."
)


def find() -> str | None:
    """$CHROMIUM decides alone when it is set; otherwise the usual names and places."""
    if chosen := os.environ.get("CHROMIUM"):
        return shutil.which(chosen)
    found = [shutil.which(name) for name in NAMES] + [path for path in ON_A_MAC if Path(path).exists()]
    return next((path for path in found if path), None)


@functools.cache
def obtain() -> str | None:
    """The path of a browser; when there is none, one attempt to install it."""
    return find() or (None if os.environ.get("CHROMIUM") else _install())


def _install() -> str | None:
    """Debian's own package when we may, otherwise Playwright's download into the cache of this user."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _try("apt-get", "update", "-qq")
        _try("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
        if found := find():
            return found
    if _try(sys.executable, "-m", "playwright", "install", "chromium-headless-shell"):
        shells = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright")
        return next(
            (str(path) for path in sorted(shells.glob("chromium_headless_shell-*/*/*shell"), reverse=True)), None
        )
    return None


def _try(*words: str) -> bool:
    """Whether a command went well; the network or the right to do it may be missing."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(
            words, env=environment, timeout=SECONDS_TO_INSTALL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def switches() -> list[str]:
    """No calls home, no crash of the tab where /dev/shm is small; the sandbox goes only where root cannot have one."""
    quiet = [
        "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--no-first-run",
    ]  # fmt: skip
    return quiet + (["--no-sandbox"] if os.geteuid() == 0 else [])
