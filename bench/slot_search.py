"""The slot search against reading the same rows with plain SQL: `python -m bench.slot_search`."""

import argparse
import dataclasses
import datetime as dt

from bench import world

# Three of the six hours of a working day are taken.
TAKEN_HOURS = (9, 11, 14)
FLOOR = (
    "select counsellor_id, location_id, weekday, starts, ends from casework_workinghours",
    "select location_id, weekday, opens, closes from casework_openinghours",
    "select date from casework_calendarday where closed and date between %(first)s::date and %(last)s::date",
    "select counsellor_id, period from casework_absence where period && tstzrange(%(first)s, %(last)s)",
    "select counsellor_id, during from casework_occupancy where during && tstzrange(%(first)s, %(last)s)",
)
TARGET, MOST_SEARCHES = 0.025, 4
# What a desk may ask of the finder; the hardest questions are those that find nothing.
LOOKS = (
    {}, {"day": "2026-11-17"}, {"last_date": "3-11-2026"}, {"last_date": "3-11-2026", "day": "2026-11-17"}, {"walk_in": "1"},
    {"language": "so"}, {"language": "so", "day": "2026-11-17"}, {"language": "so", "last_date": "3-11-2026"},
)  # fmt: skip


def most_searches(owner) -> int:
    """The most searches that one look at the finder takes, for a household that is late already."""
    from django.db import connection
    from django.http import QueryDict
    from django.test.utils import CaptureQueriesContext

    from casework.appointments.filters import Finder
    from casework.core.models import Role
    from tests import make

    desk = make.user(Role.DESK)
    make.appointment_type("EG")
    household = make.household(owner=owner)
    make.term(household, "first_talk", "2026-10-05", "2026-11-02")
    make.term(household, "urgent", "2026-10-26", "2026-10-29")
    found = []
    for look in LOOKS:
        params = QueryDict(mutable=True)
        params.update(look)
        with CaptureQueriesContext(connection) as asked:
            Finder(params=params, user=desk, household=household)
        found.append(sum("with days as" in one["sql"] for one in asked))
    return max(found)


def main(counsellors: int, weeks: int) -> None:
    from django.db import connection

    from casework.appointments.models import SearchArea, free_blocks, free_days, free_slots, suggestions
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
    together = dataclasses.replace(area, second_id=everyone[0].pk)
    at_home = dataclasses.replace(area, travel=dt.timedelta(minutes=30))

    def floor():
        with connection.cursor() as cursor:
            for query in FLOOR:
                cursor.execute(query, {"first": now, "last": last})
                cursor.fetchall()

    with connection.cursor() as cursor:
        cursor.execute("analyze")
    base = world.median(floor)
    searches = {
        "suggestions (R-13)": lambda: suggestions(area, now=now),
        "suggestions, two counsellors": lambda: suggestions(together, now=now),
        "suggestions, at home": lambda: suggestions(at_home, now=now),
        "free times per day": lambda: free_days(area, now=now),
        "free stretches (re-planning)": lambda: free_blocks(area, now=now),
        "all free starts": lambda: free_slots(area, now=now),
    }
    print(f"{counsellors} counsellors, {weeks} weeks, {len(free_slots(area, now=now))} free starts")
    print(f"  {'floor: the same rows, read only':34} {base * 1000:8.1f} ms")
    late = []
    for name, search in searches.items():
        took = world.median(search)
        late += [name] if name.startswith("suggestions") and took > base + TARGET else []
        print(f"  {name:34} {took * 1000:8.1f} ms   {took / base:5.1f} × the floor")
    verdict = f"NOT within: {', '.join(late)}" if late else "within"
    print(f"  suggestions, at most the floor + {TARGET * 1000:.0f} ms: {verdict}")
    number = most_searches(everyone[0])
    verdict = "within" if number <= MOST_SEARCHES else "NOT within"
    print(f"  searches of one look at the finder, at most {MOST_SEARCHES}: {number}, {verdict}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counsellors", type=int, default=40)
    parser.add_argument("--weeks", type=int, default=4)
    with world.database():
        main(**vars(parser.parse_args()))
