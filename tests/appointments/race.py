"""One client of the race: a process of its own that books the same slots as all the others.

`python -m tests.appointments.race CLIENT SLOTS GUARD`: says `ready`, waits for a line, books, and prints one JSON line
with what it got and its longest wait. So all clients book at once, and nobody's start counts as somebody's waiting.
"""

import datetime as dt
import json
import os
import random
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "etf.settings")


def main(client: int, slots: int, guard: str) -> None:
    django.setup()
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
    now = first - dt.timedelta(days=7)
    got, longest, errors, refused = 0, 0.0, [], set()

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
    household = Household.objects.order_by("pk")[client]
    print("ready", flush=True)
    sys.stdin.readline()
    for number in random.Random(client).sample(range(slots), slots):
        start = first + number * dt.timedelta(minutes=15)
        began = time.monotonic()
        try:
            book(household, start)
            got += 1
        except Refused as why:
            refused.add(type(why).__name__)
        except OperationalError as error:
            errors.append(type(error.__cause__).__name__)
        longest = max(longest, time.monotonic() - began)
    print(json.dumps({"got": got, "longest": longest, "errors": errors, "refused": sorted(refused)}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
