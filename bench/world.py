"""What every bench stands on: a throw-away PostgreSQL with ETF's tables, people with work, and a stopwatch."""

import contextlib
import datetime as dt
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from etf.local import folders
from etf.local.postgres import Postgres


@contextlib.contextmanager
def database() -> Iterator[None]:
    """An empty ETF on a PostgreSQL of its own, durable as a real one; everything is gone afterwards."""
    root = Path(tempfile.mkdtemp(prefix="etf-bench-"))
    root.chmod(0o755)
    server = Postgres(root)
    os.environ |= {"ETF_ENV": "test", "ETF_LOG_LEVEL": "ERROR", "DATABASE_URL": server.start()}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etf.settings")
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        yield
    finally:
        from django.db import connections

        connections.close_all()
        server.stop()
        shutil.rmtree(folders.sockets(root), ignore_errors=True)
        shutil.rmtree(root, ignore_errors=True)


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median(work: Callable[[], object], rounds: int = 15) -> float:
    """Seconds, the middle one of several rounds after one that warms up."""
    work()
    return statistics.median(seconds(work) for _round in range(rounds))


def people(number: int) -> list:
    """So many counsellors at four locations."""
    from tests import make

    places = [make.location() for _place in range(4)]
    return [make.counsellor(at=places[one % 4]) for one in range(number)]


def households(number: int) -> list:
    from casework.households.models import Household
    from tests import make

    registered = make.moment("2026-11-02 09:00")
    return Household.objects.bulk_create(
        Household(case_number=f"ETF-2026-{one:06}", registered_at=registered, mobile=f"+316{one:08}",
                  display_name=f"Proef {one}", sort_name=f"proef {one}", search_name=f"proef {one}")
        for one in range(number)
    )  # fmt: skip


def book_up(counsellors: list, moments: list[dt.datetime]) -> list:
    """An hour's appointment for every counsellor at every moment, each with a household of its own."""
    from casework.appointments.models import Appointment
    from tests import make

    kind = make.appointment_type()
    pairs = [(counsellor, moment) for moment in moments for counsellor in counsellors]
    return Appointment.objects.bulk_create(
        Appointment(household=household, counsellor=counsellor, location=counsellor.location, type=kind,
                    starts_at=moment, ends_at=moment + kind.length, booked_at=moment - dt.timedelta(days=7),
                    booked_by=counsellor.user)
        for household, (counsellor, moment) in zip(households(len(pairs)), pairs, strict=True)
    )  # fmt: skip
