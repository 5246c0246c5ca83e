"""The race: processes of their own that book the same slots at once.

`python -m tests.appointments.race CLIENTS SLOTS GUARD` prints one JSON line per client with what it got and its longest
wait. Django is read once and the clients are forked from it, before anything is connected: so no start takes part in it.
"""

import datetime as dt
import json
import multiprocessing
import os
import random
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etf.settings")
PATIENCE = 60


def main(clients: int, slots: int, guard: str) -> None:
    django.setup()
    from casework.appointments import actions  # noqa: F401  (read before the fork)

    forked = multiprocessing.get_context("fork")
    together, said = forked.Barrier(clients), forked.SimpleQueue()
    running = [forked.Process(target=client, args=(one, slots, guard, together, said)) for one in range(clients)]
    for process in running:
        process.start()
    for _process in running:
        print(json.dumps(said.get()), flush=True)
    for process in running:
        process.join()


def client(which: int, slots: int, guard: str, together, said) -> None:
    """Book every slot in an order of one's own; whatever goes wrong is said, so that nobody waits for it."""
    result = {"got": 0, "longest": 0.0, "errors": [], "refused": []}
    try:
        book_all(which, slots, guard, together, result)
    except Exception as error:
        result["errors"].append(f"{type(error).__name__}: {error}")
        together.abort()
    said.put(result)


def book_all(which: int, slots: int, guard: str, together, result: dict) -> None:
    from django.db import OperationalError, transaction

    from casework.appointments import actions
    from casework.appointments.models import Appointment, AppointmentType
    from casework.core.models import User
    from casework.core.refusals import Refused
    from casework.counsellors.models import Counsellor
    from casework.households.models import Household

    counsellor = Counsellor.objects.select_related("location", "user").get()
    kind, by = AppointmentType.objects.get(), User.objects.get(username="joris")
    first = dt.datetime.fromisoformat(os.environ["RACE_START"])
    now, refused = first - dt.timedelta(days=7), set()

    def book_guarded(household, start):
        actions.book(
            household=household,
            counsellor=counsellor,
            location=counsellor.location,
            kind=kind,
            start=start,
            by=by,
            now=now,
        )

    def book_naively(household, start):
        """Look, then write: what the lock and the constraint are there to prevent."""
        with transaction.atomic():
            if Appointment.objects.filter(counsellor=counsellor, starts_at=start).exists():
                raise actions.SlotTaken("taken")
            time.sleep(0.002)
            Appointment.objects.create(household=household, counsellor=counsellor, location=counsellor.location, type=kind,
                                       starts_at=start, ends_at=start + kind.length, booked_at=now, booked_by=by)  # fmt: skip

    book = book_guarded if guard == "guarded" else book_naively
    household = Household.objects.order_by("pk")[which]
    together.wait(PATIENCE)
    for number in random.Random(which).sample(range(slots), slots):
        start = first + number * dt.timedelta(minutes=15)
        began = time.monotonic()
        try:
            book(household, start)
            result["got"] += 1
        except Refused as why:
            refused.add(type(why).__name__)
        except OperationalError as error:
            result["errors"].append(type(error.__cause__).__name__)
        result["longest"] = max(result["longest"], time.monotonic() - began)
    result["refused"] = sorted(refused)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
