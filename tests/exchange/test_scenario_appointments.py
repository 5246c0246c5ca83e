"""Outcomes, terms and messages of appointments in a scenario."""

import pytest

from casework.appointments.models import Appointment
from casework.households.models import Household, Term
from casework.messaging.models import Message, MessageKind, MessageState
from tests import make
from tests.exchange.worlds import appointment, world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]


@pytest.mark.parametrize("letter", ["A", "R"])
@pytest.mark.parametrize(
    ("told", "number"),
    [
        ("2026-10-19T14:00", 1),  # exactly 24 hours
        ("2026-10-19T13:59", 1),
        ("2026-10-19T14:00:01", 2),
        ("2026-10-20T13:59:59", 2),
    ],
)
def test_in_time_is_24_hours_before(loading, letter, told, number):
    loading(world(appointments=[appointment("2026-10-20T14:00", outcome=letter, told=told)]))
    row = Appointment.objects.get()
    assert row.outcome == f"{letter}{number}"
    assert row.told_at == row.recorded_at == make.moment(told)


def test_24_hours_are_elapsed_time_when_the_clock_goes_back(loading):
    """From Saturday 14:30 to Sunday 14:00 is 24.5 hours on 25 October 2026."""
    loading(world(appointments=[appointment("2026-10-25T14:00", outcome="A", told="2026-10-24T14:30")]))
    assert Appointment.objects.get().outcome == "A1"


@pytest.mark.parametrize("outcome", ["V", "L", "N", "X", "E"])
def test_other_outcomes_are_what_they_say_and_recorded_at_the_end(loading, outcome):
    loading(world(appointments=[appointment("2026-10-20T14:00", outcome=outcome)]))
    row = Appointment.objects.get()
    assert (row.outcome, row.recorded_at, row.recorded_by) == (outcome, row.ends_at, row.counsellor.user)


def test_defaults_of_an_appointment(loading):
    loading(world(appointments=[appointment("2026-11-12T14:00", location=None, booked=None, booked_by=None)]))
    row = Appointment.objects.get()
    assert (row.location.code, row.booked_by.username, row.walk_in) == ("FEI", "c1", False)
    assert row.booked_at == make.moment("2026-11-02 09:00")


def test_a_past_appointment_was_booked_before_its_start(loading):
    loading(world(appointments=[appointment("2026-10-20T14:00")]))
    row = Appointment.objects.get()
    assert row.booked_at == row.starts_at


def test_a_missed_talk_with_a_reason(loading):
    loading(world(appointments=[appointment("2026-10-20T14:00", outcome="N", reason="forgotten")]))
    assert Appointment.objects.get().reason_id == "forgotten"
    assert not Message.objects.exists()


def test_a_walk_in(loading):
    loading(world(appointments=[appointment("2026-10-20T14:00", outcome="V", walk_in=True)]))
    assert Appointment.objects.get().walk_in


def test_a_moved_appointment_knows_its_successor_whichever_comes_first(loading):
    rows = [
        appointment("2026-11-12T14:00", ref="new", booked="2026-11-02T10:00"),
        appointment("2026-11-05T14:00", ref="old", outcome="R", told="2026-11-02T10:00", moved_to="new"),
    ]
    loading(world(now="2026-11-02T10:00", appointments=rows))
    old = Appointment.objects.get(reference="old")
    assert (old.outcome, old.moved_to.reference) == ("R1", "new")
    kinds = dict(Message.objects.values_list("kind", "state"))
    # The resident hears of the change, not of a new appointment.
    assert kinds == {
        MessageKind.CHANGED: MessageState.PLANNED,
        MessageKind.TWO_DAYS_BEFORE: MessageState.PLANNED,
        MessageKind.SAME_DAY: MessageState.PLANNED,
    }
    assert set(Message.objects.values_list("appointment_key", flat=True)) == {old.moved_to_id}


def test_the_first_talk_that_took_place_first_meets_the_terms(loading):
    rows = [
        appointment("2026-10-20T14:00", ref="second", outcome="V"),
        appointment("2026-10-12T14:00", ref="first", outcome="L"),
        appointment("2026-10-06T14:00", ref="missed", outcome="N"),
        appointment("2026-10-05T14:00", ref="other", type="VG", outcome="V"),
    ]
    loading(world(appointments=rows))
    terms = {one.kind: (str(one.event_on), str(one.met_on)) for one in Term.objects.all()}
    assert terms == {"first_talk": ("2026-10-01", "2026-10-12"), "decision": ("2026-10-12", "None")}


@pytest.mark.parametrize(
    "fields",
    [
        {"start": "2026-11-12T14:00", "outcome": "A", "told": "2026-11-02T08:00"},
        {"start": "2026-11-12T14:00", "outcome": "E"},
        {"start": "2026-11-02T09:00"},
        {"start": "2026-10-20T14:00"},
        {"start": "2026-11-12T14:00", "walk_in": True},
    ],
)
def test_no_message_for_what_is_over_or_does_not_go_on(loading, fields):
    loading(world(appointments=[appointment(**fields)]))
    assert Appointment.objects.count() == 1
    assert not Message.objects.exists()


def test_a_reminder_whose_moment_passed_stays_home(loading):
    """Tomorrow at two: the reminder of two days before is over, that of the day itself is to come."""
    loading(world(appointments=[appointment("2026-11-03T14:00", booked="2026-10-26T09:00")]))
    states = dict(Message.objects.values_list("kind", "state"))
    assert states[MessageKind.CONFIRMATION] == states[MessageKind.TWO_DAYS_BEFORE] == MessageState.WITHDRAWN
    assert states[MessageKind.SAME_DAY] == MessageState.PLANNED
    assert not Message.objects.filter(state=MessageState.PLANNED, due_at__lt=make.moment("2026-11-02 09:00")).exists()


def test_who_wants_no_messages_gets_none(loading):
    data = world(appointments=[appointment("2026-11-12T14:00")])
    data["households"][0]["channel"] = "none"
    loading(data)
    assert not Message.objects.exists()


def test_a_closed_household_may_have_had_appointments(loading):
    data = world(appointments=[appointment("2026-10-20T14:00", outcome="V")])
    data["households"][0]["closed"] = {"on": "2026-10-30", "reason": "Zelf"}
    loading(data)
    assert Household.objects.get().exit_reason == "Zelf"
    terms = {one.kind: (str(one.met_on), str(one.ended_on)) for one in Term.objects.all()}
    assert terms == {"first_talk": ("2026-10-20", "None"), "decision": ("None", "2026-10-30")}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"outcome": "A"}, "appointments[0].told: A and R need the moment of telling"),
        ({"outcome": "R", "told": "2026-10-20T14:00"}, "appointments[0].told: told after the start is N or X, not a cancellation"),
        ({"outcome": "A", "told": "2026-10-20T15:00"}, "appointments[0].told: told after the start is N or X, not a cancellation"),
        ({"outcome": "V", "moved_to": "a1"}, "appointments[0].moved_to: only an appointment with outcome R was moved"),
        ({"outcome": "R", "told": "2026-10-19T14:00", "moved_to": "zz"}, 'appointments[0].moved_to: no appointment "zz"'),
        ({"outcome": "N", "walk_in": True}, "appointments[0]: against the rule appointment_walk_in_attended"),
    ],
)  # fmt: skip
def test_contradictions_are_refused_with_their_path(loading, fields, error):
    assert loading.errors(world(appointments=[appointment("2026-10-20T14:00", **fields)])) == [error]
    assert not Household.objects.exists()


def test_an_unknown_reason_is_refused_with_the_known_ones(loading):
    [error] = loading.errors(world(appointments=[appointment("2026-10-20T14:00", outcome="N", reason="geen zin")]))
    assert error.startswith("appointments[0].reason: unknown reason 'geen zin'; known: forgotten, ill, ")


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        ({}, "appointment_counsellor_free"),
        ({"counsellor": "c2"}, "appointment_household_free"),
    ],
)
def test_two_at_once_are_refused_as_on_the_screens(loading, other, rule):
    rows = [appointment("2026-11-12T14:00"), appointment("2026-11-12T14:30", ref="a2", **other)]
    data = world(appointments=rows)
    data["staff"].append({"username": "c2", "role": "counsellor", "location": "FEI"})
    assert loading.errors(data) == [f"appointments[1]: against the rule {rule}"]


def test_a_successor_belongs_to_the_same_household(loading):
    other = "ETF-2026-000102"
    rows = [
        appointment("2026-10-20T14:00", outcome="R", told="2026-10-19T14:00", moved_to="a2"),
        appointment("2026-10-21T14:00", ref="a2", household=other),
    ]
    data = world(appointments=rows)
    data["households"].append({"case_number": other})
    assert loading.errors(data) == ["appointments[0].moved_to: the successor belongs to another household"]
