"""The message pump against a loop of raw SQL that does the least: `python -m bench.pump`."""

import argparse
import datetime as dt
import statistics

from bench import world

CLAIM = """
with mine as (
  select id from casework_message where state = 'planned' and due_at <= %(now)s
  order by due_at, id limit 100 for update skip locked
)
update casework_message m set state = 'claimed', claimed_at = %(now)s, claimed_by = 'raw' from mine
where m.id = mine.id returning m.id
"""
MARK = "update casework_message set handed_over_at = %s, text = %s where id = %s and state = 'claimed'"
RECORD = "update casework_message set state = 'sent', sent_at = %s where id = %s and state = 'claimed'"
TEXT = (
    "Uw afspraak is op maandag 16 november 2026 om 09.00 uur bij Vraagwijzer Proef, Voorbeeldstraat 1. Bellen: 14 010."
)
PER_SECOND_TARGET, WITHIN = 0.5, 60


def raw_pump(now: dt.datetime) -> None:
    """Claim a hundred; per row two committed updates, since without a mark before the call a crash could send twice."""
    from django.db import connection

    with connection.cursor() as cursor:
        while True:
            cursor.execute(CLAIM, {"now": now})
            keys = [row[0] for row in cursor.fetchall()]
            if not keys:
                return
            for key in keys:
                cursor.execute(MARK, [now, TEXT, key])
                cursor.execute(RECORD, [now, key])


def plan_again() -> None:
    """All rows due once more, in a table without dead rows."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "update casework_message set state = 'planned', sent_at = null, claimed_at = null, claimed_by = '', "
            "handed_over_at = null, text = '', attempts = 0"
        )
        cursor.execute("vacuum full analyze casework_message")


def main(rows: int, rounds: int) -> None:
    from casework.appointments import actions
    from casework.core import clock
    from casework.messaging.models import Message
    from tests import make

    now = make.moment("2026-11-02 09:00")
    counsellors = world.people(50)
    moments = [clock.at(dt.date(2026, 11, 10) + dt.timedelta(days=one), dt.time(9)) for one in range(-(-rows // 50))]
    booked = world.book_up(counsellors, moments)[:rows]
    facts = {"location": "Vraagwijzer Proef", "address": "Voorbeeldstraat 1", "first_name": "Samira"}
    Message.objects.bulk_create(
        Message(household=one.household, appointment_key=one.pk, kind="confirmation", planned_start=one.starts_at,
                due_at=now, expires_at=one.starts_at, created_at=now, facts=facts)
        for one in booked
    )  # fmt: skip

    def real_pump():
        # A sweep stops by itself after a while; beat would start the next one.
        while actions.send_due_messages(now=now):
            pass

    # Turn and turn about, so that a disk that is busy with something else troubles both.
    raw, real = [], []
    for _round in range(rounds):
        plan_again()
        raw.append(world.seconds(lambda: raw_pump(now)))
        plan_again()
        real.append(world.seconds(real_pump))
        assert Message.objects.filter(state="sent").count() == rows
    ratio, per_message = statistics.median(raw) / statistics.median(real), sum(real) / (rows * rounds)
    verdict = "within" if ratio >= PER_SECOND_TARGET else "NOT within"
    print(f"{rounds} × {rows} messages sent by one process, to the channel that writes to the outbox page")
    print(f"  floor: a raw UPDATE pump   {rows / statistics.median(raw):7.0f} a second")
    print(f"  the pump                   {rows / statistics.median(real):7.0f} a second   {ratio:.2f} × the floor")
    print(
        f"  {verdict} the target of {PER_SECOND_TARGET} ×; 10,000 messages take {per_message * 10_000:.0f} s (target {WITHIN} s)"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    with world.database():
        main(**vars(parser.parse_args()))
