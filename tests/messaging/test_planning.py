"""What is planned when, and what is withdrawn (R-30 to R-38)."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.appointments import actions as appointments
from casework.core import clock
from casework.messaging import actions
from casework.messaging.models import Message, MessageKind, MessageState
from casework.messaging.window import AS_RULED, Window
from tests import make

FACTS = {
    "location": "Vraagwijzer Feijenoord",
    "address": "",
    "directions": "",
    "first_name": "Samira",
    "channel": "place",
}
OPEN = Window(frozenset())


def plan(start: str, *, now, booked=None, household=None, moved=False, moments=AS_RULED):
    return actions.plan_for_booking(household=household or make.household(), appointment_key=1, starts_at=make.moment(start),
                                    facts=FACTS, moments=moments, booked_at=booked or now, moved=moved, now=now)  # fmt: skip


def moments(rows) -> dict[str, str]:
    return {row.kind: f"{clock.local(row.due_at):%m-%d %H:%M}" for row in rows}


def test_confirmation_now_two_days_before_and_on_the_day(db, now):
    assert moments(plan("2026-11-12 14:00", now=now)) == {
        "confirmation": "11-02 09:00",
        "t2": "11-10 10:00",
        "t0": "11-12 08:00",
    }


def test_an_early_appointment_is_reminded_the_evening_before(db, now):
    assert moments(plan("2026-11-12 09:45", now=now))["t0"] == "11-11 17:00"


def test_a_monday_morning_has_no_window_on_sunday(db, now):
    found = moments(plan("2026-11-16 09:00", now=now))
    assert "t0" not in found
    assert found["t2"] == "11-14 10:00"


def test_a_tuesday_is_reminded_on_saturday_not_on_sunday(db, now):
    assert moments(plan("2026-11-17 14:00", now=now))["t2"] == "11-14 10:00"


def test_a_reminder_within_twelve_hours_of_booking_is_left_out(db, now):
    assert set(moments(plan("2026-11-04 14:00", now=now))) == {"confirmation", "t0"}


def test_booked_in_the_evening_confirms_at_the_next_opening(db, now):
    late = make.moment("2026-11-07 21:00")
    assert moments(plan("2026-11-20 14:00", now=late, booked=late))["confirmation"] == "11-09 08:00"


def test_a_closed_day_has_no_window(db):
    before_christmas = make.moment("2026-12-24 20:30")
    assert moments(plan("2027-01-12 14:00", now=before_christmas))["confirmation"] == "12-28 08:00"


def test_planning_twice_plans_once(db, now):
    household = make.household()
    plan("2026-11-12 14:00", now=now, household=household)
    plan("2026-11-12 14:00", now=now, household=household)
    assert Message.objects.count() == 3


def test_who_opted_out_gets_nothing_planned(db, now):
    assert plan("2026-11-12 14:00", now=now, household=make.household(channel="none")) == []


def test_opting_out_withdraws_what_is_planned_at_once(joris, now):
    household = make.household()
    plan("2026-11-12 14:00", now=now, household=household)
    appointments.change_contact(household=household, values={"channel": "none"}, version=1, by=joris, now=now)
    assert set(Message.objects.values_list("state", "reason")) == {("withdrawn", "opted_out")}


def test_closing_withdraws_what_is_planned(joris, now):
    household = make.household()
    plan("2026-11-12 14:00", now=now, household=household)
    appointments.close_household(household=household, reason="Afgerond", on=dt.date(2026, 11, 2), by=joris, now=now)
    assert set(Message.objects.values_list("state", "reason")) == {("withdrawn", "closed")}


MOMENTS = st.datetimes(min_value=dt.datetime(2026, 3, 20), max_value=dt.datetime(2026, 11, 10)).map(
    lambda one: one.replace(tzinfo=dt.UTC)
)


@given(MOMENTS, st.frozensets(st.dates(dt.date(2026, 3, 20), dt.date(2026, 11, 20)), max_size=20))
def test_the_next_opening_is_in_the_window_and_never_earlier(moment, closed):
    window = Window(closed)
    opening = window.next_opening(moment)
    assert window.is_open(opening)
    assert opening >= moment
    assert window.next_opening(opening) == opening
    if window.is_open(moment):
        assert opening == moment


@given(MOMENTS)
def test_reminders_stand_before_the_start_inside_the_window(start):
    local = clock.local(start)
    if not dt.time(8) <= local.time() < dt.time(18):
        return
    for due in (OPEN.two_days_before(start), OPEN.same_day(start)):
        if due:
            assert OPEN.is_open(due)
            assert due < start


@pytest.mark.parametrize(
    ("household", "channel"),
    [
        ({}, "sms"),
        ({"mobile": "", "email": "a@example.org"}, "email"),
        ({"mobile": "+31101234567", "email": ""}, "call"),
        ({"channel": "call"}, "call"),
        ({"channel": "email", "email": "a@example.org"}, "email"),
        ({"mobile": "", "postcode": "3072AB", "street": "Proefstraat", "house_number": "1"}, "letter"),
    ],
)
def test_the_channel(db, household, channel):
    row = Message(kind=MessageKind.TWO_DAYS_BEFORE)
    assert actions.choose_channel(make.household(**household), row, letter_in_time=True)[0] == channel


def test_a_letter_that_comes_too_late_is_a_call(db):
    home = make.household(mobile="", postcode="3072AB", street="Proefstraat", house_number="1")
    assert actions.choose_channel(home, Message(kind=MessageKind.TWO_DAYS_BEFORE), letter_in_time=False)[0] == "call"
    assert actions.choose_channel(home, Message(kind=MessageKind.SAME_DAY), letter_in_time=True)[0] == "call"


def test_states_have_their_moves():
    from casework.messaging.models import MOVES

    assert set(MOVES) == set(MessageState)
