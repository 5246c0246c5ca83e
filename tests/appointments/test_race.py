"""Many clients, the same slots: real processes, real PostgreSQL (R-18). With its negative control."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection

from casework.appointments.models import Appointment
from tests import make

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
CLIENTS, SLOTS = 50, 60


def race(guard: str, clients: int) -> list[dict]:
    """Run the clients at once, each in its own process, and collect what they say."""
    place = make.location("FEI", opens="00:00", closes="23:59")
    make.counsellor(at=place, hours=(("00:00", "23:59"),))
    make.appointment_type("KORT", minutes=15)
    # At the own location nothing has to be confirmed (R-90d).
    make.user(username="joris", location=place)
    for _number in range(clients):
        make.household()
    name = connection.settings_dict["NAME"]
    url = os.environ["DATABASE_URL"]
    head, _slash, tail = url.partition("?")
    environment = os.environ | {
        "DATABASE_URL": head.rsplit("/", 1)[0] + f"/{name}?" + tail, "RACE_START": make.moment("2026-11-10 06:00").isoformat(),
    }  # fmt: skip
    words = [sys.executable, "-m", "tests.appointments.race", str(clients), str(SLOTS), guard]
    printed = subprocess.run(words, env=environment, stdout=subprocess.PIPE, text=True, timeout=300, check=True).stdout
    return [json.loads(line) for line in printed.splitlines()]


def test_fifty_clients_sixty_slots_one_appointment_each():
    said = race("guarded", CLIENTS)
    refused = {name for one in said for name in one["refused"]}
    assert refused == {"SlotTaken"}
    assert Appointment.objects.count() == SLOTS == sum(one["got"] for one in said)
    assert Appointment.objects.values("starts_at").distinct().count() == SLOTS
    assert [one["errors"] for one in said if one["errors"]] == []
    # Nobody stood in a deadlock, which took the constraints alone 40 s. Other tests run beside this one; alone it is
    # within 3 s.
    assert max(one["longest"] for one in said) < 10


def test_without_the_guard_the_same_race_books_twice():
    with connection.cursor() as cursor:
        cursor.execute("alter table casework_appointment drop constraint appointment_counsellor_free")
        cursor.execute("alter table casework_occupancy drop constraint occupancy_counsellor_free")
        cursor.execute("alter table casework_appointment drop constraint appointment_household_free")
    try:
        race("naive", 8)
        assert Appointment.objects.count() > Appointment.objects.values("starts_at").distinct().count()
    finally:
        Appointment.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute(
                "alter table casework_occupancy add constraint occupancy_counsellor_free exclude using gist "
                "(counsellor_id with =, during with &&)"
            )
            for who in ("counsellor", "household"):
                cursor.execute(
                    f"alter table casework_appointment add constraint appointment_{who}_free exclude using gist "
                    f"(tstzrange(starts_at, ends_at, '[)') with &&, {who}_id with =) where (outcome = '' or outcome in ('V', 'L'))"
                )
