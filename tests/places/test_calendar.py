"""Legal terms in the calendar (R-02 to R-07): the table 5.2, and what must hold for every date."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.core.models import AuditEntry
from casework.households import actions as households
from casework.places.models import Area, CalendarDay, Neighbourhood, WorkingCalendar, official_days
from tests import make

D = dt.date


@pytest.fixture
def calendar(db) -> WorkingCalendar:
    return CalendarDay.objects.working_calendar()


@pytest.mark.parametrize(
    ("registered", "deadline"),
    [(D(2026, 11, 2), D(2026, 11, 30)), (D(2026, 11, 27), D(2026, 12, 28)), (D(2027, 3, 1), D(2027, 3, 30))],
)
def test_four_weeks(calendar, registered, deadline):
    assert calendar.first_talk_deadline(registered) == deadline


@pytest.mark.parametrize(("talk", "deadline"), [(D(2026, 10, 30), D(2026, 12, 28)), (D(2026, 11, 6), D(2027, 1, 4))])
def test_eight_weeks(calendar, talk, deadline):
    assert calendar.decision_deadline(talk) == deadline


@pytest.mark.parametrize(
    ("recorded", "deadline"),
    [
        (D(2026, 11, 2), D(2026, 11, 5)), (D(2026, 10, 31), D(2026, 11, 4)), (D(2026, 12, 23), D(2026, 12, 29)),
        (D(2026, 12, 31), D(2027, 1, 6)), (D(2027, 3, 25), D(2027, 4, 1)), (D(2027, 4, 23), D(2027, 4, 29)),
        (D(2027, 5, 3), D(2027, 5, 10)),
    ],
)  # fmt: skip
def test_three_working_days(calendar, recorded, deadline):
    assert calendar.urgent_deadline(recorded, recorded) == deadline


def test_an_equated_day_moves_the_term(calendar):
    CalendarDay.objects.create(date=D(2027, 5, 7), name="brugdag", working_day=False, closed=False)
    fresh = CalendarDay.objects.working_calendar()
    assert fresh.urgent_deadline(D(2027, 5, 3), D(2027, 5, 3)) == D(2027, 5, 11)


def test_urgent_never_passes_the_four_weeks(calendar):
    assert calendar.urgent_deadline(D(2026, 11, 28), D(2026, 11, 2)) == D(2026, 11, 30)


CLOSED_DAYS = st.frozensets(st.dates(min_value=D(2026, 1, 1), max_value=D(2027, 12, 31)), max_size=60)
DAYS = st.dates(min_value=D(2026, 1, 1), max_value=D(2027, 6, 30))


@given(CLOSED_DAYS, DAYS, st.integers(min_value=1, max_value=20))
def test_a_deadline_is_a_working_day_after_the_event(closed, event, count):
    calendar = WorkingCalendar(closed)
    for deadline in (calendar.add_weeks(event, 4), calendar.add_working_days(event, count)):
        assert calendar.is_working_day(deadline)
        assert deadline > event


@given(CLOSED_DAYS, DAYS, st.integers(min_value=1, max_value=20))
def test_exactly_so_many_working_days_lie_up_to_the_deadline(closed, event, count):
    calendar = WorkingCalendar(closed)
    deadline = calendar.add_working_days(event, count)
    passed = [event + dt.timedelta(days=n) for n in range(1, (deadline - event).days + 1)]
    assert sum(map(calendar.is_working_day, passed)) == count
    assert calendar.working_days_between(event, deadline) == count - 1


@given(CLOSED_DAYS, DAYS, DAYS)
def test_one_more_holiday_never_makes_a_term_shorter(closed, event, holiday):
    before, after = WorkingCalendar(closed), WorkingCalendar(closed | {holiday})
    assert after.add_weeks(event, 4) >= before.add_weeks(event, 4)
    assert after.add_working_days(event, 3) >= before.add_working_days(event, 3)


@given(CLOSED_DAYS, DAYS, DAYS)
def test_who_comes_later_has_a_later_term(closed, one, other):
    calendar, (first, second) = WorkingCalendar(closed), sorted((one, other))
    assert calendar.add_weeks(first, 4) <= calendar.add_weeks(second, 4)


def test_kings_day_is_a_day_earlier_when_it_falls_on_sunday():
    assert D(2025, 4, 26) in {day.date for day in official_days(2025)}
    assert D(2025, 4, 27) not in {day.date for day in official_days(2025)}


@pytest.mark.parametrize("year", range(2015, 2036))
def test_every_year_has_its_nine_days(year):
    days = {day.name.lower(): day for day in official_days(year)}
    assert len({day.date for day in days.values()}) == 9 or year in {2016, 2027}
    assert not days["goede vrijdag"].closed
    assert not any(day.working_day for day in days.values())


BOTH_FLAGS = {
    2026: ["01-01", "04-06", "04-27", "05-14", "05-25", "12-25", "12-26"],
    2027: ["01-01", "03-29", "04-27", "05-06", "05-17", "12-25", "12-26"],
}
COUNTS_NOT_BUT_OPEN = {2026: ["04-03", "05-05"], 2027: ["03-26", "05-05"]}


@pytest.mark.django_db
@pytest.mark.parametrize("year", BOTH_FLAGS)
def test_the_calendar_starts_with_these_days_and_no_other(year):
    """R-02: seven days with both flags; Good Friday and 5 May do not count and are open."""
    rows = CalendarDay.objects.filter(date__year=year, working_day=False).order_by("date")
    assert [f"{one.date:%m-%d}" for one in rows if one.closed] == BOTH_FLAGS[year]
    assert [f"{one.date:%m-%d}" for one in rows if not one.closed] == COUNTS_NOT_BUT_OPEN[year]


def test_monday_to_friday_without_the_flag_is_a_working_day(calendar):
    """R-03, over a whole week with Easter in it."""
    week = [D(2027, 3, 22) + dt.timedelta(days=number) for number in range(8)]
    assert [day.day for day in week if calendar.is_working_day(day)] == [22, 23, 24, 25]


def test_open_terms_follow_the_calendar_and_closed_ones_do_not(db, now):
    household = make.household(registered="2027-05-03 09:00")
    open_term = make.term(household, "urgent", "2027-05-03", "2027-05-10")
    other = make.household()
    met = make.term(other, "urgent", "2027-05-03", "2027-05-10", met_on=D(2027, 5, 4))
    CalendarDay.objects.create(date=D(2027, 5, 7), name="brugdag", working_day=False, closed=False)
    assert households.recompute_terms(now=now) == 1
    assert households.recompute_terms(now=now) == 0
    open_term.refresh_from_db()
    met.refresh_from_db()
    assert (open_term.deadline, met.deadline) == (D(2027, 5, 11), D(2027, 5, 10))
    line = AuditEntry.objects.get(action="recompute_term")
    assert (line.details["old"], line.details["new"]) == ("2027-05-10", "2027-05-11")


@pytest.mark.django_db
def test_the_city_has_its_fourteen_areas():
    assert Area.objects.count() == 14
    assert Neighbourhood.objects.filter(area__name="Feijenoord", name="Hillesluis", code="82").exists()
