"""The slot search against reading the same rows with plain SQL: `python -m bench.slots`."""

import argparse
import datetime as dt

from bench import world

# Three of the six hours of a working day are taken.
TAKEN_HOURS = (9, 11, 14)
FLOOR = (
    "select counsellor_id, location_id, weekday, starts, ends from casework_workinghours",
    "select location_id, weekday, opens, closes from casework_openinghours",
    "select date from casework_calendarday where closed and date between %(first)s::date and %(last)s::date",
    "select counsellor_id, period from casework_absence where period && tstzrange(%(first)s, %(last)s)",
    "select counsellor_id, household_id, starts_at, ends_at from casework_appointment "
    "where tstzrange(starts_at, ends_at, '[)') && tstzrange(%(first)s, %(last)s) and outcome in ('', 'V', 'L')",
)
TARGET = 0.025


def main(counsellors: int, weeks: int) -> None:
    from django.db import connection

    from casework.appointments.models import SearchArea, free_slots, suggestions
    from casework.core import clock
    from tests import make

    monday = dt.date(2026, 11, 2)
    everyone = world.people(counsellors)
    days = [monday + dt.timedelta(days=day) for day in range(7 * weeks) if day % 7 < 5]
    world.book_up(everyone, [clock.at(day, dt.time(hour)) for day in days for hour in TAKEN_HOURS])
    for counsellor in everyone[::5]:
        make.absence(counsellor, "2026-11-11 00:00", "2026-11-14 00:00")
    now = clock.at(monday, dt.time(8))
    last = now + dt.timedelta(weeks=weeks)
    area = SearchArea(length=dt.timedelta(hours=1), earliest=now, latest_date=clock.local_date(last))

    def floor():
        with connection.cursor() as cursor:
            for query in FLOOR:
                cursor.execute(query, {"first": now, "last": last})
                cursor.fetchall()

    with connection.cursor() as cursor:
        cursor.execute("analyze")
    found = len(free_slots(area, now=now))
    base = world.median(floor)
    first, everything = (
        world.median(lambda: suggestions(area, now=now)), world.median(lambda: free_slots(area, now=now))
    )  # fmt: skip
    print(f"{counsellors} counsellors, {weeks} weeks, {found} free starts")
    print(f"  floor: the same rows, read only    {base * 1000:8.1f} ms")
    print(f"  suggestions (R-13)                 {first * 1000:8.1f} ms   {first / base:5.1f} × the floor")
    print(f"  all free starts                    {everything * 1000:8.1f} ms   {everything / base:5.1f} × the floor")
    verdict = "within" if first <= base + TARGET else "NOT within"
    print(f"  suggestions are {verdict} the floor + {TARGET * 1000:.0f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counsellors", type=int, default=40)
    parser.add_argument("--weeks", type=int, default=4)
    with world.database():
        main(**vars(parser.parse_args()))
