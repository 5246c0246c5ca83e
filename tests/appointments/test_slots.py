"""The slot search (R-11 to R-14): one statement, and never a suggestion that booking then refuses."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.appointments import actions
from casework.appointments.models import SearchArea, free_slots, suggestions
from casework.core import clock
from casework.places.models import CalendarDay, OpeningHours
from tests import make

HOUR = dt.timedelta(hours=1)


def area(**changes) -> SearchArea:
    wanted = {"length": HOUR, "earliest": make.moment("2026-11-02 09:00"), "latest_date": dt.date(2026, 11, 13)}
    return SearchArea(**wanted | changes)


def starts(slots) -> list[str]:
    return [f"{clock.local(slot.start):%m-%d %H:%M}" for slot in slots]


def test_the_earliest_start_of_each_half_day_five_at_most(samira, now):
    found = suggestions(area(), now=now)
    assert starts(found) == ["11-02 09:15", "11-02 13:00", "11-03 09:00", "11-03 13:00", "11-04 09:00"]


def test_the_whole_length_fits_before_lunch_and_the_end_of_the_day(samira, now):
    day = list(free_slots(area(latest_date=dt.date(2026, 11, 2)), now=now))
    assert "11-02 11:30" in starts(day)
    assert "11-02 11:45" not in starts(day)
    assert starts(day)[-1] == "11-02 15:30"


def test_what_stands_is_not_free_and_an_appointment_may_start_where_another_ends(samira, now):
    make.appointment(household=make.household(), counsellor=samira, start="2026-11-03 10:00")
    found = starts(
        free_slots(area(earliest=make.moment("2026-11-03 00:00"), latest_date=dt.date(2026, 11, 3)), now=now)
    )
    assert "11-03 09:00" in found
    assert "11-03 11:00" in found
    assert not {"11-03 09:15", "11-03 10:00", "11-03 10:45"} & set(found)


def test_a_cancelled_appointment_frees_its_time(samira, now):
    make.appointment(household=make.household(), counsellor=samira, start="2026-11-03 09:00", outcome="A1")
    assert "11-03 09:00" in starts(suggestions(area(), now=now))


def test_overlapping_absences_both_count_and_one_removed_leaves_the_other(samira, now):
    make.absence(samira, "2026-11-02 00:00", "2026-11-04 00:00")
    second = make.absence(samira, "2026-11-03 00:00", "2026-11-05 00:00")
    assert starts(suggestions(area(), now=now))[0] == "11-05 09:00"
    second.delete()
    assert starts(suggestions(area(), now=now))[0] == "11-04 09:00"


def test_a_closed_day_has_no_times(samira, now):
    CalendarDay.objects.create(date=dt.date(2026, 11, 2), name="dicht", closed=True)
    assert starts(suggestions(area(), now=now))[0] == "11-03 09:00"


def test_a_household_is_not_offered_a_time_at_which_it_is_elsewhere(samira, now):
    other = make.counsellor(at=samira.location)
    household = make.household()
    make.appointment(household=household, counsellor=other, start="2026-11-02 09:15")
    found = suggestions(area(household_id=household.pk, counsellor_id=samira.pk), now=now)
    assert starts(found)[0] == "11-02 10:15"


def test_among_equals_who_has_fewest_that_date_then_by_name(feijenoord, now):
    busy = make.counsellor(at=feijenoord, name="Aisha Aardig")
    make.appointment(household=make.household(), counsellor=busy, start="2026-11-02 15:00")
    late = make.counsellor(at=feijenoord, name="Zoë Zeker")
    first = suggestions(area(), now=now)[0]
    assert first.counsellor_id == late.pk
    make.appointment(household=make.household(), counsellor=late, start="2026-11-02 15:00")
    assert suggestions(area(), now=now)[0].counsellor_id == busy.pk


def test_language_and_location_narrow_the_search(samira, now):
    elsewhere = make.counsellor(languages=("nl", "tr"))
    assert {slot.counsellor_id for slot in free_slots(area(language="tr"), now=now)} == {elsewhere.pk}
    found = free_slots(area(location_id=samira.location_id), now=now)
    assert {slot.counsellor_id for slot in found} == {samira.pk}


def test_working_hours_outside_opening_hours_do_not_count(now, db):
    early = make.location(opens="10:00", closes="12:00")
    counsellor = make.counsellor(at=early, hours=(("08:00", "18:00"),))
    found = starts(free_slots(area(counsellor_id=counsellor.pk, latest_date=dt.date(2026, 11, 2)), now=now))
    assert found == ["11-02 10:00", "11-02 10:15", "11-02 10:30", "11-02 10:45", "11-02 11:00"]


@pytest.mark.parametrize("monday", ["2026-03-30", "2026-10-26", "2027-03-29"])
def test_wall_time_stays_across_clock_changes(samira, monday):
    moment = make.moment(f"{monday} 00:00") - dt.timedelta(days=4)
    found = suggestions(
        area(earliest=moment, latest_date=dt.date.fromisoformat(monday) + dt.timedelta(days=2)), now=moment, half_days=9
    )
    assert {f"{clock.local(slot.start):%H:%M}" for slot in found} == {"09:00", "13:00"}


def test_forty_counsellors_take_one_query(feijenoord, now, django_assert_num_queries):
    for _number in range(3):
        make.counsellor(at=feijenoord)
    with django_assert_num_queries(1):
        suggestions(area(), now=now)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_free_slot_can_be_booked_and_nothing_overlaps(data, samira, joris, now):
    """Random appointments and absences; then whatever the search offers, booking takes."""
    with transaction.atomic():
        _check_one_world(data, samira, joris, now)
        transaction.set_rollback(True)


def _check_one_world(data, samira, joris, now):
    for _number in range(data.draw(st.integers(0, 4))):
        day, quarter = data.draw(st.integers(3, 6)), data.draw(st.integers(0, 30))
        start = make.moment(f"2026-11-{day:02} 09:00") + quarter * dt.timedelta(minutes=15)
        if data.draw(st.booleans()):
            make.absence(samira, f"{clock.local(start):%Y-%m-%d %H:%M}", f"{clock.local(start + HOUR):%Y-%m-%d %H:%M}")
        elif not samira.appointments.filter(starts_at__lt=start + HOUR, ends_at__gt=start).exists():
            make.appointment(
                household=make.household(), counsellor=samira, start=f"{clock.local(start):%Y-%m-%d %H:%M}"
            )
    household = make.household()
    offered = free_slots(area(household_id=household.pk, latest_date=dt.date(2026, 11, 6)), now=now)
    if not offered:
        return
    slot = data.draw(st.sampled_from(offered))
    booked = actions.book(
        household=household,
        counsellor=samira,
        location=samira.location,
        kind=make.appointment_type(),
        start=slot.start,
        by=joris,
        now=now,
    )
    assert (booked.starts_at, booked.ends_at) == (slot.start, slot.end)
    assert slot not in free_slots(area(latest_date=dt.date(2026, 11, 6)), now=now)


def test_when_the_clock_goes_back_hours_until_two_end_at_the_first_two_o_clock(db):
    """R-01: of a time that exists twice the first is meant."""
    place = make.location("ZONDAG")
    OpeningHours.objects.create(location=place, weekday=7, opens=dt.time(0), closes=dt.time(6))
    make.counsellor(at=place, days=[7], hours=(("00:00", "02:00"), ("03:00", "04:00")))
    sunday = area(earliest=make.moment("2026-10-25 00:00"), latest_date=dt.date(2026, 10, 25))
    found = free_slots(sunday, now=make.moment("2026-10-23 09:00"))
    assert [start[6:] for start in starts(found)] == ["00:00", "00:15", "00:30", "00:45", "01:00", "03:00"]
    assert found[-2].end - sunday.earliest == 2 * HOUR
