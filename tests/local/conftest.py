"""A folder for servers of a test's own, which every account on the machine may enter."""

import shutil
import tempfile
from pathlib import Path

import pytest

from etf.local import folders


@pytest.fixture
def root():
    made = Path(tempfile.mkdtemp(prefix="etf-local-"))
    made.chmod(0o755)
    yield made
    shutil.rmtree(folders.sockets(made), ignore_errors=True)
    shutil.rmtree(made, ignore_errors=True)
