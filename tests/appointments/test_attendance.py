"""Checking in, recording, correcting (R-10, R-20 to R-23, R-26), and the terms that follow."""

import datetime as dt

import pytest

from casework.appointments import actions
from casework.appointments.models import Outcome, State
from casework.core.models import AuditEntry, Role
from casework.core.refusals import Refused
from casework.households.models import Term
from casework.messaging.models import Message, MessageKind, MessageState
from tests import make

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def row(samira):
    """A first talk with Samira, Tuesday 3 November, 10:00 to 11:00."""
    household = make.household(location=samira.location, owner=samira)
    make.term(household, "first_talk", "2026-11-02", "2026-11-30")
    return make.appointment(household=household, counsellor=samira, start="2026-11-03 10:00")


@pytest.mark.parametrize(("minutes", "possible"), [(-61, False), (-60, True), (0, True), (60, True), (61, False)])
def test_checking_in_from_an_hour_before_until_the_planned_end(row, joris, minutes, possible):
    now = row.starts_at + minutes * MINUTE
    if possible:
        assert actions.check_in(appointment=row, by=joris, now=now).arrived_at == now
    else:
        with pytest.raises(actions.TooEarly):
            actions.check_in(appointment=row, by=joris, now=now)


def test_not_after_all(row, joris):
    actions.check_in(appointment=row, by=joris, now=row.starts_at)
    with pytest.raises(actions.AlreadyRecorded):
        actions.check_in(appointment=row, by=joris, now=row.starts_at)
    assert actions.undo_check_in(appointment=row, by=joris, now=row.starts_at).arrived_at is None


def test_states_follow_the_clock(row):
    assert row.state(row.starts_at) == State.PLANNED
    assert row.state(row.ends_at + 120 * MINUTE) == State.PLANNED
    assert row.state(row.ends_at + 121 * MINUTE) == State.UNRECORDED


@pytest.mark.parametrize(("minutes", "possible"), [(14, False), (15, True)])
@pytest.mark.parametrize("outcome", ["N", "X"])
def test_missed_is_possible_a_quarter_after_the_start(row, samira, minutes, possible, outcome):
    now = row.starts_at + minutes * MINUTE
    if possible:
        assert actions.record_attendance(appointment=row, outcome=outcome, by=samira.user, now=now).outcome == outcome
    else:
        with pytest.raises(actions.TooEarly):
            actions.record_attendance(appointment=row, outcome=outcome, by=samira.user, now=now)


def test_by_telephone_missed_needs_two_attempts_ten_minutes_apart(samira):
    kind = make.appointment_type("TG", minutes=30, first_talk=False, channel="phone")
    row = make.appointment(household=make.household(), counsellor=samira, start="2026-11-03 10:00", type=kind)
    by, start = samira.user, row.starts_at
    actions.log_phone_attempt(appointment=row, by=by, now=start)
    with pytest.raises(actions.TooEarly):
        actions.record_attendance(appointment=row, outcome="N", by=by, now=start + 30 * MINUTE)
    with pytest.raises(actions.TooEarly):
        actions.log_phone_attempt(appointment=row, by=by, now=start + 9 * MINUTE)
    actions.log_phone_attempt(appointment=row, by=by, now=start + 10 * MINUTE)
    assert actions.record_attendance(appointment=row, outcome="N", by=by, now=start + 10 * MINUTE).outcome == "N"


def test_a_correction_of_a_talk_by_telephone_needs_the_attempts_too(samira):
    """R-23 holds however N or X comes about."""
    talk = make.appointment(household=make.household(), counsellor=samira, start="2026-11-03 10:00",
                            type=make.appointment_type("TG", channel="phone"), outcome="V")  # fmt: skip
    for outcome in ("N", "X"):
        with pytest.raises(actions.TooEarly, match="belpogingen"):
            actions.correct_attendance(
                appointment=talk, outcome=outcome, why="verkeerde knop", by=samira.user, now=talk.ends_at
            )


def test_who_may_record(row, everyone, feijenoord):
    elsewhere = make.user(Role.DESK, location=make.location())
    colleague = make.counsellor(at=feijenoord).user
    now = row.ends_at
    for by in (elsewhere, colleague, everyone[Role.ADMIN], everyone[Role.PARTNER]):
        with pytest.raises(actions.NotYours):
            actions.record_attendance(appointment=row, outcome="V", by=by, now=now)
        assert actions.possible_outcomes(row, by=by, now=now) == []
    for by in (everyone[Role.DESK], everyone[Role.COUNSELLOR], everyone[Role.SUPERVISOR]):
        assert Outcome.ATTENDED in actions.possible_outcomes(row, by=by, now=now)


def test_recording_withdraws_what_was_planned_and_twice_is_refused(row, samira, now):
    Message.objects.create(household=row.household, appointment_key=row.pk, kind=MessageKind.SAME_DAY, created_at=now,
                           planned_start=row.starts_at, due_at=row.starts_at, expires_at=row.starts_at)  # fmt: skip
    actions.record_attendance(appointment=row, outcome="V", by=samira.user, now=row.ends_at)
    assert Message.objects.get(kind="t0").state == MessageState.WITHDRAWN
    with pytest.raises(actions.AlreadyRecorded):
        actions.record_attendance(appointment=row, outcome="N", by=samira.user, now=row.ends_at)


def test_a_held_first_talk_meets_its_term_and_starts_the_next(row, samira):
    actions.record_attendance(appointment=row, outcome="V", by=samira.user, now=row.ends_at)
    terms = {term.kind: term for term in Term.objects.all()}
    assert terms["first_talk"].met_on == dt.date(2026, 11, 3)
    assert terms["decision"].deadline == dt.date(2026, 12, 29)


def test_a_correction_reopens_the_term(row, samira):
    actions.record_attendance(appointment=row, outcome="V", by=samira.user, now=row.ends_at)
    actions.correct_attendance(appointment=row, outcome="N", why="verkeerde regel", by=samira.user, now=row.ends_at)
    assert Term.objects.get(kind="first_talk").is_open
    assert not Term.objects.filter(kind="decision").exists()


def test_of_two_first_talks_the_earliest_that_was_held_counts(row, samira):
    """R-07: whichever is recorded or corrected first; the household keeps the terms of the talk that stands."""
    later = make.appointment(household=row.household, counsellor=samira, start="2026-11-06 10:00")

    def terms() -> tuple:
        met = Term.objects.get(kind="first_talk").met_on
        decision = Term.objects.filter(kind="decision").first()
        return met and met.day, decision and decision.deadline.isoformat()

    now = later.ends_at
    actions.record_attendance(appointment=later, outcome="V", by=samira.user, now=now)
    assert terms() == (6, "2027-01-04")
    actions.record_attendance(appointment=row, outcome="L", by=samira.user, now=now)
    assert terms() == (3, "2026-12-29")
    actions.correct_attendance(appointment=row, outcome="N", why="verkeerde regel", by=samira.user, now=now)
    assert terms() == (6, "2027-01-04")
    actions.correct_attendance(appointment=row, outcome="V", why="toch wel", by=samira.user, now=now)
    actions.correct_attendance(appointment=later, outcome="X", why="verkeerde regel", by=samira.user, now=now)
    assert terms() == (3, "2026-12-29")
    actions.undo_attendance(appointment=row, by=samira.user, now=now)
    assert terms() == (None, None)


def test_missed_plans_a_friendly_message_an_hour_later(row, samira):
    now = row.starts_at + 20 * MINUTE
    actions.record_attendance(appointment=row, outcome="N", reason="forgotten", by=samira.user, now=now)
    assert Message.objects.get(kind="missed").due_at == now + 60 * MINUTE


def test_no_such_message_when_excused_or_when_a_next_appointment_stands(row, samira):
    make.appointment(household=row.household, counsellor=samira, start="2026-11-10 10:00")
    actions.record_attendance(appointment=row, outcome="N", by=samira.user, now=row.ends_at)
    assert not Message.objects.filter(kind="missed").exists()
    other = make.appointment(household=make.household(), counsellor=samira, start="2026-11-03 14:00")
    actions.record_attendance(appointment=other, outcome="X", by=samira.user, now=other.ends_at)
    assert not Message.objects.filter(kind="missed").exists()


def test_a_correction_keeps_old_and_new_and_withdraws_the_message(row, samira):
    actions.record_attendance(appointment=row, outcome="N", by=samira.user, now=row.ends_at)
    actions.correct_attendance(
        appointment=row, outcome="V", why="zat in de wachtkamer", by=samira.user, now=row.ends_at
    )
    line = AuditEntry.objects.get(action="correct_attendance")
    assert (line.details["old"], line.details["new"], line.reason) == ("N", "V", "zat in de wachtkamer")
    assert Message.objects.get(kind="missed").state == MessageState.WITHDRAWN


@pytest.mark.parametrize("why", ["", "  "])
def test_a_correction_needs_a_reason(row, samira, why):
    actions.record_attendance(appointment=row, outcome="V", by=samira.user, now=row.ends_at)
    with pytest.raises(Refused):
        actions.correct_attendance(appointment=row, outcome="N", why=why, by=samira.user, now=row.ends_at)


def test_after_fourteen_days_only_a_supervisor_corrects(row, samira, joris, ingrid):
    actions.record_attendance(appointment=row, outcome="V", by=samira.user, now=row.ends_at)
    last, after = make.moment("2026-11-17 23:59"), make.moment("2026-11-18 00:00")
    actions.check_can_correct(row_fresh(row), by=joris, now=last)
    for by in (samira.user, joris):
        with pytest.raises(actions.TooLateToCorrect):
            actions.check_can_correct(row_fresh(row), by=by, now=after)
    assert actions.correct_attendance(appointment=row, outcome="N", why="x", by=ingrid, now=after).outcome == "N"


def row_fresh(row):
    row.refresh_from_db()
    return row


def test_a_moved_appointment_stays_moved(samira, ingrid, now):
    row = make.appointment(household=make.household(), counsellor=samira, start="2026-11-03 10:00", outcome="R1")
    with pytest.raises(Refused):
        actions.correct_attendance(appointment=row, outcome="V", why="x", by=ingrid, now=row.ends_at)


def test_correcting_to_appeared_wants_the_time_still_free(row, samira):
    actions.record_attendance(appointment=row, outcome="N", by=samira.user, now=row.ends_at)
    make.appointment(household=make.household(), counsellor=samira, start="2026-11-03 10:30", outcome="V")
    with pytest.raises(Refused):
        actions.correct_attendance(appointment=row, outcome="V", why="toch gekomen", by=samira.user, now=row.ends_at)
