"""One throw-away PostgreSQL and Valkey per test run, started before Django reads its settings.

Real servers in DATABASE_URL and REDIS_URL are used instead when they are given. Parallel workers share the PostgreSQL,
with a database each, and have a Valkey each: between tests it is emptied.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

# Set where the Valkey is of this run, and not somebody's real one.
OWN_VALKEY = "ETF_TEST_OWN_VALKEY"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config, parser, args):
    os.environ["ETF_ENV"] = "test"
    os.environ.setdefault("ETF_LOG_LEVEL", "WARNING")
    wanted = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
    if os.environ.get("PYTEST_XDIST_WORKER"):
        wanted = ["REDIS_URL"] if OWN_VALKEY in os.environ else []
    if not wanted:
        return
    from etf.local.postgres import Postgres
    from etf.local.valkey import Valkey

    root = Path(tempfile.mkdtemp(prefix="etf-test-"))
    root.chmod(0o755)
    servers = {"DATABASE_URL": Postgres(root, durable=False), "REDIS_URL": Valkey(root, durable=False)}
    for name in wanted:
        os.environ[name] = servers[name].start()
    if "REDIS_URL" in wanted:
        os.environ[OWN_VALKEY] = "1"

    def stop():
        for name in wanted:
            servers[name].stop()
            os.environ.pop(name, None)
        shutil.rmtree(servers["REDIS_URL"].run, ignore_errors=True)
        shutil.rmtree(root, ignore_errors=True)
        if servers["DATABASE_URL"].data.parent != root:
            shutil.rmtree(servers["DATABASE_URL"].data.parent, ignore_errors=True)

    early_config.add_cleanup(stop)


def pytest_terminal_summary(terminalreporter):
    """Stories that could not run are named loudly: a green run without a browser is not the whole run."""
    from tests.stories.chromium import SKIPPED

    number = sum(SKIPPED in str(report.longrepr) for report in terminalreporter.stats.get("skipped", []))
    if number:
        terminalreporter.write_line(f"!!! {number} STORIES SKIPPED: {SKIPPED}", red=True, bold=True)
