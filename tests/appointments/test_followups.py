"""Nobody falls off silently: an item for each missed appointment, until somebody came, said it is not needed, or left (R-24)."""

import datetime as dt
import itertools

import pytest
import time_machine
from django.conf import settings
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from casework.appointments import actions, tasks
from casework.appointments.models import Appointment, FollowUp, FollowUpState, Outcome, in_a_row
from casework.core import clock
from casework.core.models import AuditEntry
from casework.core.refusals import Refused
from casework.households.models import ContactAttempt, ExitReason, Household
from casework.messaging.models import Message
from tests import make


def missed(household, samira, start="2026-11-03 10:00", outcome="", **fields) -> Appointment:
    return make.appointment(household=household, counsellor=samira, start=start, outcome=outcome, **fields)


def record(row, outcome, by, at):
    return actions.record_attendance(appointment=row, outcome=outcome, by=by, now=make.moment(at))


def correct(row, outcome, by, at):
    return actions.correct_attendance(
        appointment=row, outcome=outcome, why="Verkeerde knop", by=by, now=make.moment(at)
    )


def state_of(row) -> tuple:
    item = FollowUp.objects.get(appointment=row)
    return item.state, item.came_with


# In a row


@pytest.mark.parametrize(
    ("newest_first", "number"),
    [
        ("", 0), ("N", 1), ("N N", 2), ("N V N N", 1), ("N L N", 1), ("V N N", 0),
        ("X N A1 R2 E N A2", 2), ("X X", 0), ("N X N V", 2),
    ],
)  # fmt: skip
def test_in_a_row_counts_n_is_reset_by_v_or_l_and_does_not_see_the_rest(newest_first, number):
    assert in_a_row(newest_first.split()) == number


@given(st.lists(st.sampled_from(Outcome.values)))
def test_what_does_not_count_changes_nothing(outcomes):
    ignored = set(Outcome.values) - {"N", "V", "L"}
    assert in_a_row(outcomes) == in_a_row([one for one in outcomes if one not in ignored])
    assert in_a_row(["V", *outcomes]) == 0
    assert in_a_row(["N", *outcomes]) == in_a_row(outcomes) + 1


@pytest.mark.parametrize("outcomes", ["N", "V N N", "N N X N", "N V X N A1 N", "L X", "N L E R1 N N N"])
def test_the_database_counts_the_same(household, samira, outcomes):
    """Oldest first, one a week from September on; another household beside it."""
    for week, outcome in enumerate(outcomes.split()):
        missed(household, samira, f"{dt.date(2026, 9, 1) + dt.timedelta(weeks=week)} 10:00", outcome)
        missed(make.household(), samira, f"{dt.date(2026, 9, 1) + dt.timedelta(weeks=week)} 14:00", "N")
    actions.follow_up(now=make.moment("2026-11-20 10:00"))
    rows = FollowUp.objects.ranked().filter(appointment__household=household)
    assert {one.in_a_row for one in rows} <= {in_a_row(reversed(outcomes.split()))}
    assert rows


# With the attendance


@pytest.mark.parametrize(
    ("recorded", "due"),
    [
        ("2026-11-03 10:20", "2026-11-04"),
        ("2026-11-06 10:20", "2026-11-09"),  # Friday → Monday
        ("2026-12-24 10:20", "2026-12-28"),  # two holidays and a weekend
    ],
)
@pytest.mark.parametrize("outcome", ["N", "X"])
def test_missing_makes_an_item_for_the_next_working_day(household, samira, recorded, due, outcome):
    row = missed(household, samira, f"{recorded[:10]} 10:00")
    record(row, outcome, samira.user, recorded)
    item = FollowUp.objects.for_list().get()
    assert (item.appointment, item.state, item.due_on.isoformat()) == (row, "open", due)
    assert (item.owner, item.excused) == (samira, outcome == "X")


def test_an_urgent_household_is_called_the_same_day(household, samira):
    make.term(household, "urgent", "2026-11-02", "2026-11-05")
    record(missed(household, samira), "N", samira.user, "2026-11-03 10:20")
    assert FollowUp.objects.get().due_on.isoformat() == "2026-11-03"


@pytest.mark.parametrize("outcome", ["V", "L", "E"])
def test_other_outcomes_make_none(row, samira, outcome):
    record(row, outcome, samira.user, "2026-11-03 10:20")
    assert not FollowUp.objects.exists()


def test_what_breaks_off_leaves_neither(row, samira, monkeypatch):
    """One transaction."""
    monkeypatch.setattr(actions.attendance, "audit", lambda **line: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        record(row, "N", samira.user, "2026-11-03 10:20")
    assert not FollowUp.objects.exists()
    assert Appointment.objects.get().outcome == ""


def test_a_correction_takes_it_back_and_another_one_brings_it_again(row, samira):
    record(row, "N", samira.user, "2026-11-03 10:20")
    correct(row, "V", samira.user, "2026-11-03 11:00")
    item = FollowUp.objects.get()
    assert (item.state, item.closed_at) == ("withdrawn", make.moment("2026-11-03 11:00"))
    correct(row, "X", samira.user, "2026-11-05 09:00")
    item.refresh_from_db()
    assert (item.state, item.closed_at, item.due_on.isoformat()) == ("open", None, "2026-11-06")


@pytest.mark.parametrize("outcome", ["V", "L"])
def test_who_comes_to_a_later_appointment_is_back(household, samira, outcome):
    first, second = missed(household, samira), missed(household, samira, "2026-11-10 10:00")
    record(first, "N", samira.user, "2026-11-03 10:20")
    record(second, outcome, samira.user, "2026-11-10 10:20")
    assert state_of(first) == ("returned", second)
    correct(second, "N", samira.user, "2026-11-10 12:00")
    assert state_of(first) == ("open", None)
    assert state_of(second) == ("open", None)


def test_an_earlier_talk_that_is_recorded_late_is_no_coming_back(household, samira):
    earlier, first = missed(household, samira, "2026-11-02 10:00"), missed(household, samira)
    record(first, "N", samira.user, "2026-11-03 10:20")
    record(earlier, "V", samira.user, "2026-11-03 11:00")
    assert state_of(first) == ("open", None)


def test_it_goes_to_who_has_the_household_now(household, samira):
    record(missed(household, samira), "N", samira.user, "2026-11-03 10:20")
    bram = make.counsellor(at=samira.location)
    household.owner = bram
    household.save()
    assert FollowUp.objects.owned_by(bram).exists()
    household.owner = None
    household.save()
    assert FollowUp.objects.for_list().get().owner == samira
    assert FollowUp.objects.owned_by(samira).exists()


def test_help_that_ends_ends_it(household, samira, ingrid):
    record(missed(household, samira), "N", samira.user, "2026-11-03 10:20")
    actions.end_help(
        household=household, reason=ExitReason.MOVED, on=dt.date(2026, 11, 4), version=household.version, cancels={},
        by=ingrid, now=make.moment("2026-11-04 10:00"),
    )  # fmt: skip
    assert FollowUp.objects.get().state == FollowUpState.ENDED


# The sweep


def test_beat_asks_for_the_sweep_several_times_an_hour():
    entry = next(one for one in settings.CELERY_BEAT_SCHEDULE.values() if one["task"] == "etf.follow_up")
    assert len(entry["schedule"].minute) >= 2
    assert len(entry["schedule"].hour) == 24


def test_a_delivery_gets_its_items_and_nothing_happens_twice(household, samira):
    gone = make.household(owner=samira, closed_on=dt.date(2026, 11, 1), exit_reason="Afgerond")
    rows = [
        missed(household, samira, "2026-09-01 10:00", "N"), missed(household, samira, "2026-09-08 10:00", "V"),
        missed(household, samira, "2026-10-30 10:00", "X"), missed(gone, samira, "2026-10-29 10:00", "N"),
    ]  # fmt: skip
    with time_machine.travel(make.moment("2026-11-02 09:00"), tick=False):
        assert [tasks.follow_up() for _run in range(2)] == [3, 0]
    assert state_of(rows[0]) == ("returned", rows[1])
    assert state_of(rows[2]) == ("open", None)
    assert state_of(rows[3]) == ("ended", None)
    lines = AuditEntry.objects.filter(action="follow_up")
    assert sorted((one.username, one.details["items"]) for one in lines) == [("system", 1), ("system", 2)]


@pytest.mark.parametrize("moment", ["2026-03-29 01:30", "2026-03-29 03:30", "2026-10-25 02:30", "2026-10-25 03:30"])
def test_the_hours_of_a_clock_change_make_nothing_twice(household, samira, moment):
    """R-01: whatever the clock does, an item is there once, with the next working day after the local date."""
    missed(household, samira, f"{moment[:10]} 00:15", "N", type=make.appointment_type("VG", minutes=30))
    assert [actions.follow_up(now=make.moment(moment)) for _run in range(3)] == [1, 0, 0]
    due = dt.date.fromisoformat(moment[:10]) + dt.timedelta(days=1)
    assert FollowUp.objects.get().due_on == due


def test_the_sweep_repairs_what_rows_that_were_changed_elsewhere_left(household, samira):
    one, other = missed(household, samira, outcome="N"), missed(household, samira, "2026-11-10 10:00", "V")
    now = make.moment("2026-11-12 09:00")
    actions.follow_up(now=now)
    for change, state in (
        ({"outcome": "N"}, "open"), ({"outcome": "V"}, "returned"), ({"household": make.household()}, "open"),
    ):  # fmt: skip
        Appointment.objects.filter(pk=other.pk).update(**change)
        actions.follow_up(now=now)
        assert state_of(one)[0] == state, change
    Appointment.objects.filter(pk=one.pk).update(outcome="V")
    actions.follow_up(now=now)
    assert state_of(one) == ("withdrawn", None)
    Appointment.objects.filter(pk=one.pk).update(outcome="N")
    assert actions.follow_up(now=now) == 1
    assert actions.follow_up(now=now) == 0


def test_the_sweep_looks_with_two_queries(household, samira, django_assert_num_queries):
    for week in range(3):
        missed(household, samira, f"2026-10-{10 + week} 10:00", "N")
    actions.follow_up(now=make.moment("2026-11-12 09:00"))
    with django_assert_num_queries(2):
        actions.follow_up(now=make.moment("2026-11-12 09:15"))


# What people do


@pytest.fixture
def item(row, samira):
    record(row, "N", samira.user, "2026-11-03 10:20")
    return FollowUp.objects.for_list().get()


@pytest.mark.parametrize(
    ("kind", "result", "due"),
    [
        ("phone", "no_answer", "2026-11-05"), ("phone", "voicemail", "2026-11-05"), ("phone", "spoken", "2026-11-09"),
        ("letter", "left", "2026-11-11"), ("visit", "no_answer", "2026-11-06"),
    ],
)  # fmt: skip
def test_a_contact_is_kept_with_the_household_and_moves_the_next_step(item, joris, kind, result, due):
    now = make.moment("2026-11-04 09:00")
    actions.log_follow_up_contact(follow_up=item, kind=kind, result=result, version=item.version, by=joris, now=now)
    attempt, item = ContactAttempt.objects.get(), FollowUp.objects.get()
    assert (attempt.household, attempt.kind, attempt.result, attempt.by) == (item.household, kind, result, joris)
    assert (item.state, item.due_on.isoformat()) == ("open", due)
    assert AuditEntry.objects.filter(action="log_contact_attempt").count() == 1


def test_the_second_of_two_hears_who_was_first(item, joris, samira):
    now = make.moment("2026-11-04 09:00")
    with time_machine.travel(now, tick=False):
        call = {"follow_up": item, "kind": "phone", "version": item.version, "now": now}
        actions.log_follow_up_contact(result="voicemail", by=joris, **call)
        with pytest.raises(
            actions.HandledMeanwhile, match=r"Joris de Wit was eerder, wo 4 nov 09\.00\. Telefoon: Voicemail"
        ):
            actions.log_follow_up_contact(result="spoken", by=samira.user, **call)
    assert ContactAttempt.objects.count() == 1


def test_the_same_form_twice_is_one_call(item, joris):
    token = "6f1ed002-ab5d-4e6b-9d5d-0b8f3bb1a7a1"
    for _time in range(2):
        actions.log_follow_up_contact(
            follow_up=item, kind="phone", result="voicemail", version=item.version, form_token=token, by=joris,
            now=make.moment("2026-11-04 09:00"),
        )  # fmt: skip
    assert ContactAttempt.objects.count() == 1


def test_not_needed_asks_why_and_stays_so(item, samira):
    now = make.moment("2026-11-04 09:00")
    with pytest.raises(Refused):
        actions.end_follow_up(follow_up=item, why="  ", by=samira.user, now=now)
    for _time in range(2):
        actions.end_follow_up(follow_up=item, why="Belde zelf al", version=item.version, by=samira.user, now=now)
    item.refresh_from_db()
    assert (item.state, item.why, item.closed_by, item.closed_at) == ("not_needed", "Belde zelf al", samira.user, now)
    assert actions.follow_up(now=now) == 0
    assert AuditEntry.objects.filter(action="end_follow_up").count() == 1
    with pytest.raises(actions.HandledMeanwhile, match="niet nodig, door Samira El Amrani"):
        actions.log_follow_up_contact(follow_up=item, kind="phone", result="spoken", by=samira.user, now=now)


# The database


@pytest.mark.parametrize(
    "wrong", [{"state": "returned"}, {"state": "not_needed"}, {"closed_at": make.moment("2026-11-04 09:00")}]
)
def test_the_database_keeps_it_true(item, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.filter(pk=item.pk).update(**wrong)


# the friendly message


@pytest.mark.parametrize(("outcome", "messages"), [("N", 1), ("X", 0)])
def test_only_n_plans_the_message_that_we_missed_somebody(row, samira, outcome, messages):
    record(row, outcome, samira.user, "2026-11-03 10:20")
    planned = list(Message.objects.filter(kind="missed"))
    assert len(planned) == messages
    assert [one.due_at for one in planned] == [make.moment("2026-11-03 11:20")] * messages


def test_none_after_an_opt_out_or_when_another_appointment_stands(household, samira):
    missed(household, samira, "2026-11-20 10:00")
    record(missed(household, samira), "N", samira.user, "2026-11-03 10:20")
    silent = make.household(owner=samira, channel="none")
    record(missed(silent, samira, "2026-11-03 14:00"), "N", samira.user, "2026-11-03 14:20")
    assert not Message.objects.filter(kind="missed").exists()


def test_an_appointment_that_is_made_within_the_hour_takes_its_place(row, samira, joris):
    """Or an opt-out: then nothing goes out any more."""
    other = missed(make.household(owner=samira), samira, "2026-11-03 13:00")
    for one in (row, other):
        record(one, "N", samira.user, f"2026-11-03 {clock.local(one.starts_at):%H}:20")
    now = make.moment("2026-11-03 13:30")
    actions.book(household=row.household, counsellor=samira, location=samira.location, kind=row.type, by=joris, now=now,
                 start=make.moment("2026-11-05 10:00"))  # fmt: skip
    Household.objects.filter(pk=other.household_id).update(channel="none")
    actions.send_due_messages(now=make.moment("2026-11-03 14:30"))
    states = Message.objects.filter(kind="missed").order_by("planned_start").values_list("state", "sent_at")
    assert list(states) == [("withdrawn", None), ("withdrawn", None)]


def test_once_per_appointment_and_inside_the_window(row, samira):
    record(row, "N", samira.user, "2026-11-07 19:30")  # Saturday evening: Monday at eight
    correct(row, "V", samira.user, "2026-11-07 19:35")
    correct(row, "N", samira.user, "2026-11-07 19:40")
    states = list(itertools.chain(Message.objects.filter(kind="missed").values_list("state", "due_at")))
    assert [due for _state, due in states] == [make.moment("2026-11-09 08:00")]
