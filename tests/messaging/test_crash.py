"""Workers killed with kill -9 while messages go out (R-36): real Celery, PostgreSQL and Valkey. With negative controls.

PostgreSQL goes down in between, and Redis is emptied. ETF_CRASH_ROWS=10000 runs it at another size; its figures are
printed with -s.
"""

import datetime as dt
import os
import time
from collections import Counter

import pytest

from casework.appointments import actions as appointments
from casework.appointments.models import Appointment
from casework.core.heartbeat import finished_at
from casework.core.models import Role
from casework.households.models import Household
from casework.messaging.models import Message, MessageState
from casework.messaging.reads import SWEEP, silent_since
from tests import make
from tests.messaging.crash_site import OwnPostgres, Site

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROWS = int(os.environ.get("ETF_CRASH_ROWS", "500"))
NOW = "2026-11-02 09:00"
# The lease of two minutes passes in four seconds, and the window is open for twenty minutes.
SPEED = 30
PATIENCE = 120 + ROWS / 10


def due_messages(number: int) -> list[Message]:
    """So many households, each with an appointment next week and a message about it that is due now."""
    now, kind, counsellor = make.moment(NOW), make.appointment_type(minutes=15), make.counsellor()
    households = Household.objects.bulk_create(
        Household(case_number=f"ETF-2026-{one:06}", registered_at=now, mobile=f"+316{one:08}", display_name=f"Proef {one}",
                  sort_name=f"proef {one}", search_name=f"proef {one}", location=counsellor.location)
        for one in range(number)
    )  # fmt: skip
    first = make.moment("2026-11-10 06:00")
    booked = Appointment.objects.bulk_create(
        Appointment(household=household, counsellor=counsellor, location=counsellor.location, type=kind, booked_at=now,
                    starts_at=first + number * kind.length, ends_at=first + (number + 1) * kind.length,
                    booked_by=counsellor.user)
        for number, household in enumerate(households)
    )  # fmt: skip
    return Message.objects.bulk_create(
        Message(household=one.household, appointment_key=one.pk, kind="confirmation", planned_start=one.starts_at,
                due_at=now, expires_at=one.starts_at, created_at=now,
                facts={"location": "Vraagwijzer Proef", "address": "Voorbeeldstraat 1", "first_name": "Samira"})
        for one in booked
    )  # fmt: skip


def unfinished() -> int:
    return Message.objects.filter(state__in=[MessageState.PLANNED, MessageState.CLAIMED]).count()


def wait_until(done, site: Site, *, step) -> None:
    """Do `step` again and again until it is done."""
    end = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < end, f"{unfinished()} rows not finished.\n{site.logs()}"
        step()
        time.sleep(0.1)


@pytest.fixture
def deadly_and_rows():
    """All rows, and a few of them whose delivery kills the worker right between provider and record."""
    rows = due_messages(ROWS)
    return [str(row.pk) for row in rows[:: ROWS // 2]], rows


@pytest.fixture
def postgres(transactional_db):
    with OwnPostgres() as server:
        yield server


@pytest.mark.parametrize("provider", ["Ledger", "AskableLedger"])
def test_killed_again_and_again_none_is_sent_twice_and_none_is_lost(postgres, deadly_and_rows, tmp_path, provider):
    """A provider that can be asked leaves nothing for a person; of one that cannot, what is unclear is on the call list."""
    deadly, rows = deadly_and_rows
    kills, quota = max(4, min(12, ROWS // 100)), max(10, ROWS // 40)
    began, flushed_at, restarted_at = time.monotonic(), [], []

    def kill_flush_and_restart():
        site.raise_the_dead()
        for name in ("one", "two"):
            if site.kills < kills and site.sent_by(name) >= quota:
                site.kill_worker(name)
        if site.kills >= kills // 2 and not flushed_at:
            site.flush_redis()
            flushed_at.append(len(site.lines()))
        if len(site.lines()) >= ROWS // 3 and not restarted_at:
            postgres.crash_and_start()
            restarted_at.append(len(site.lines()))

    with Site(tmp_path, now=NOW, speed=SPEED, deadly=deadly, provider=provider) as site:
        site.start_beat()
        wait_until(lambda: not unfinished(), site, step=kill_flush_and_restart)
        received, seconds = site.received(), time.monotonic() - began
    states = Counter(Message.objects.values_list("state", flat=True))
    doubles = sum(received.values()) - len(received)
    uncertain = {str(key) for key in Message.objects.filter(state="uncertain").values_list("pk", flat=True)}
    sent = {str(key) for key in Message.objects.filter(state="sent").values_list("pk", flat=True)}
    print(f"\n{ROWS} rows, {site.kills} kills, {states['sent']} sent, {len(uncertain)} uncertain, {doubles} double, "
          f"{ROWS - len(sent | uncertain)} lost, {seconds:.1f} s")  # fmt: skip

    assert doubles == 0
    assert sent | uncertain == {str(row.pk) for row in rows}
    # Sent is really sent; whoever got one without a record of it is on the list of uncertain ones.
    assert sent <= set(received)
    assert set(received) - sent <= uncertain
    assert set(deadly) <= (sent if provider == "AskableLedger" else uncertain)
    assert provider == "Ledger" or not uncertain
    assert {str(key) for key in Message.objects.to_call().values_list("pk", flat=True)} == uncertain
    assert site.kills >= kills
    # After everything in Redis was wiped away, and after PostgreSQL went down, the next sweep went on.
    for stopped_at in (flushed_at, restarted_at):
        assert stopped_at
        assert stopped_at[0] < len(received)
    # The workers left the moment of their last sweep; now that all are dead, it grows old and somebody hears it.
    last = finished_at(SWEEP)
    assert silent_since(last + dt.timedelta(minutes=9)) is None
    assert silent_since(last + dt.timedelta(minutes=10)) == last


@pytest.mark.parametrize("guard", ["every old claim is planned again", "handed over before the claim is committed"])
def test_without_the_guard_the_same_crash_sends_twice(guard, tmp_path):
    rows = due_messages(20)
    with Site(tmp_path, now=NOW, speed=SPEED, deadly=[str(rows[0].pk)], guard=guard) as site:
        wait_until(lambda: not unfinished(), site, step=site.wake)
        received = site.received()
    assert received[str(rows[0].pk)] == 2
    assert len(received) == len(rows)


def test_a_claim_that_grew_old_shows_as_uncertain_on_the_call_list(browse):
    """Nobody presses anything: the next sweep settles it, also outside the window."""
    row, other = due_messages(2)
    Message.objects.filter(pk=other.pk).delete()
    evening = make.moment("2026-11-02 21:00")
    Message.objects.filter(pk=row.pk).update(
        state="claimed", claimed_at=evening - dt.timedelta(minutes=3), claimed_by="dead", channel="sms", attempts=1,
        handed_over_at=evening - dt.timedelta(minutes=3),
    )  # fmt: skip
    desk = browse(make.user(Role.DESK, location=row.household.location))
    assert 'data-test="call"' not in desk.get("/bellijst/").content.decode()
    appointments.send_due_messages(now=evening)
    page = desk.get("/bellijst/").content.decode()
    assert page.count('data-test="call"') == 1
    assert row.household.display_name in page
    assert str(MessageState.UNCERTAIN.label) in page
