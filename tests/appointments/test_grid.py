"""The agenda as a table: every quarter once, every appointment once, free exactly where the finder says so (S10)."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.appointments.models import CellKind, SearchArea, counsellor_grid, day_grid, free_slots, week_of
from casework.core import clock
from casework.places.models import CalendarDay
from tests import make

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 11, 2)


def kinds(grid, column: int = 0) -> list[tuple[str, str, int]]:
    """`("09.00", "free", 1)` for each cell of a column, from top to bottom."""
    return [(f"{row.time:%H.%M}", cell.kind.value, cell.quarters) for row in grid.rows if (cell := row.cells[column])]


def test_a_day_of_one_counsellor(now, samira):
    make.absence(samira, "2026-11-02 15:00", "2026-11-02 18:00")
    make.appointment(household=make.household(), counsellor=samira, start="2026-11-02 10:00")
    found = kinds(day_grid(MONDAY, samira.location, now=now))
    assert found[0] == ("09.00", "past", 1)
    assert found[1] == ("09.15", "free", 1)
    assert ("10.00", "taken", 4) in found
    assert ("12.30", "break", 2) in found
    assert found[-1] == ("15.00", "away", 6)


def test_columns_stand_by_name_and_show_who_works_there(now, feijenoord, samira):
    make.counsellor(at=feijenoord, name="Bram de Groot")
    make.counsellor(at=feijenoord, name="Donderdag Alleen", days=[4])
    make.counsellor(name="Elders Anders")
    grid = day_grid(MONDAY, feijenoord, now=now)
    assert [str(column.counsellor) for column in grid.columns] == ["Samira El Amrani", "Bram de Groot"]


def test_who_has_nobody_to_receive_them_stands_in_a_column_of_its_own(now, feijenoord, samira):
    """The counsellor is away, or works here no more: the desk must find another (R-14)."""
    bram = make.counsellor(at=feijenoord, name="Bram de Groot")
    make.absence(samira, "2026-11-02 00:00", "2026-11-03 00:00")
    left = make.appointment(household=make.household(), counsellor=samira, start="2026-11-02 10:00")
    gone = make.appointment(household=make.household(), counsellor=bram, start="2026-11-02 10:00")
    bram.active = False
    bram.save()
    grid = day_grid(MONDAY, feijenoord, now=now)
    assert [column.counsellor for column in grid.columns] == [samira, None]
    loose = [cell for row in grid.rows if (cell := row.cells[1]).appointments]
    assert [set(cell.appointments) for cell in loose] == [{left, gone}]


def test_a_closed_day_says_why(now, samira):
    CalendarDay.objects.create(date=MONDAY, name="Brand", working_day=False, closed=True)
    grid = day_grid(MONDAY, samira.location, now=now)
    assert kinds(grid) == [("09.00", "closed", 30)]
    assert grid.rows[0].cells[0].note == "Brand"


def test_a_day_on_which_nobody_works_has_no_rows(now, samira):
    grid = day_grid(dt.date(2026, 11, 7), samira.location, now=now)
    assert grid.columns == []
    assert grid.rows == []


@pytest.mark.parametrize("date", [dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2027, 3, 28)])
def test_a_week_with_a_clock_change_has_its_seven_dates(date, now, feijenoord):
    """R-01: on the day itself a wall time is still that wall time."""
    counsellor = make.counsellor(at=feijenoord, days=range(1, 8))
    for day in (6, 7):
        feijenoord.hours.create(weekday=day, opens=dt.time(8, 30), closes=dt.time(17))
    moment = clock.at(date - dt.timedelta(days=6), dt.time(0))
    grid = counsellor_grid(week_of(date), counsellor, now=moment)
    assert [column.date for column in grid.columns][-1] == date
    cell = next(row.cells[6] for row in grid.rows if row.time == dt.time(9))
    assert (cell.kind, clock.local(cell.start).hour) == (CellKind.FREE, 9)


@given(
    busy=st.lists(st.tuples(st.integers(0, 95), st.sampled_from([15, 20, 45, 60, 95])), max_size=6),
    away=st.lists(st.tuples(st.integers(0, 23), st.integers(1, 5)), max_size=2),
    at=st.integers(0, 23),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_quarters_tile_and_free_is_what_the_finder_offers(busy, away, at, feijenoord):
    """Every quarter stands once, every appointment once, and a free quarter is one that can be booked."""
    counsellor = make.counsellor(at=feijenoord, hours=(("08:15", "12:30"), ("13:00", "17:45")))
    made, taken = set(), []
    for quarter, length in busy:
        start, end = quarter * 15, quarter * 15 + length
        if end <= 1440 and all(end <= other or start >= until for other, until in taken):
            taken.append((start, end))
            moment = clock.at(MONDAY, dt.time(start // 60, start % 60))
            made.add(
                make.appointment(household=make.household(), counsellor=counsellor, start=moment.isoformat(),
                                 ends_at=moment + dt.timedelta(minutes=length), booked_at=moment)
            )  # fmt: skip
    for hour, length in away:
        first = clock.at(MONDAY, dt.time(hour))
        make.absence(counsellor, first.isoformat(), (first + dt.timedelta(hours=length)).isoformat())
    now = clock.at(MONDAY, dt.time(at))
    grid = counsellor_grid([MONDAY], counsellor, now=now)
    cells = [row.cells[0] for row in grid.rows if row.cells[0]]
    assert sum(cell.quarters for cell in cells) == len(grid.rows)
    shown = [one for cell in cells for one in cell.appointments]
    assert sorted(one.pk for one in shown) == sorted(one.pk for one in made)
    area = SearchArea(dt.timedelta(minutes=15), now, MONDAY, counsellor_id=counsellor.pk)
    assert {cell.slot.start for cell in cells if cell.slot} == {slot.start for slot in free_slots(area, now=now)}


@pytest.mark.parametrize("number", [1, 3])
def test_a_grid_has_as_many_queries_with_more_rows(number, now, feijenoord, django_assert_num_queries):
    for _place in range(number):
        one = make.counsellor(at=feijenoord)
        make.absence(one, "2026-11-02 15:00", "2026-11-02 18:00")
        make.appointment(household=make.household(), counsellor=one, start="2026-11-02 10:00")
    with django_assert_num_queries(5):
        day_grid(MONDAY, feijenoord, now=now)
