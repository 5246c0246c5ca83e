"""Numbers in rules that a city chooses: from a later date, seen before they count, never changed (S25, decision 0052)."""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from casework.appointments.actions import record_attendance
from casework.appointments.models import Appointment
from casework.core import thresholds
from casework.core.actions import set_threshold, take_back_threshold
from casework.core.help import topics
from casework.core.models import AuditEntry, Role
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.core.thresholds import KNOWN, Threshold, ThresholdValue, Unit
from tests import make

TOMORROW = dt.date(2026, 11, 3)


@pytest.fixture
def ada(db):
    return make.user(Role.ADMIN, username="ada")


def setting(ada, now, which=Threshold.NO_SHOW_FROM, value=20, since=TOMORROW, **more) -> ThresholdValue:
    return set_threshold(threshold=which, value=Decimal(value), valid_from=since, by=ada, now=now, **more)


def test_every_threshold_is_known_within_its_own_bounds():
    assert set(KNOWN) == set(Threshold)
    assert all(one.allows(one.default) for one in KNOWN.values())


@pytest.mark.parametrize(
    ("which", "english", "dutch"),
    [
        (Threshold.NO_SHOW_FROM, "15 minutes", "15 minuten"), (Threshold.UNRECORDED_AFTER, "2 hours", "2 uur"),
        (Threshold.CORRECTION_DAYS, "14 days", "14 dagen"), (Threshold.FOLLOW_UP_AFTER, "1 working day", "1 werkdag"),
        (Threshold.ATTEMPTS, "3", "3"), (Threshold.WEIGHT_URGENT, "1.5", "1,5"), (Threshold.NOTICE_FROM, "09:00", "09.00"),
    ],
)  # fmt: skip
def test_a_value_in_words(which, english, dutch):
    assert which.words(TOMORROW) == dutch
    with override("en"):
        assert which.words(TOMORROW) == english


class TestWhenItCounts:
    def test_tomorrow_in_a_process_that_already_ran_today(self, ada, now):
        thresholds.forget()
        assert Threshold.NO_SHOW_FROM.span(now) == dt.timedelta(minutes=15)
        setting(ada, now)
        assert Threshold.NO_SHOW_FROM.span(now) == dt.timedelta(minutes=15)
        with time_machine.travel(now + dt.timedelta(days=1), tick=False):
            assert Threshold.NO_SHOW_FROM.span(now + dt.timedelta(days=1)) == dt.timedelta(minutes=20)
            assert Threshold.NO_SHOW_FROM.span(now) == dt.timedelta(minutes=15)

    def test_from_local_midnight(self, ada, now):
        setting(ada, now)
        thresholds.forget()
        with time_machine.travel(make.moment("2026-11-03 00:00"), tick=False):
            assert Threshold.NO_SHOW_FROM.number(make.moment("2026-11-02 23:59")) == 15
            assert Threshold.NO_SHOW_FROM.number(make.moment("2026-11-03 00:00")) == 20

    def test_asking_reads_once_a_day(self, ada, now, django_assert_num_queries):
        thresholds.forget()
        with django_assert_num_queries(1):
            for one in Threshold:
                one.in_force(now)
        with django_assert_num_queries(0):
            Threshold.ATTEMPTS.number(now - dt.timedelta(days=3))
        with time_machine.travel(now + dt.timedelta(days=1), tick=False), django_assert_num_queries(1):
            for one in Threshold:
                one.in_force(now + dt.timedelta(days=1))

    def test_a_date_to_come_is_never_remembered(self, ada, now):
        thresholds.forget()
        assert Threshold.NO_SHOW_FROM.number(TOMORROW) == 15
        setting(ada, now)
        assert Threshold.NO_SHOW_FROM.number(TOMORROW) == 20

    def test_the_newest_before_a_date_counts(self, now, db):
        for value, since in ((20, "2026-01-01"), (30, "2026-06-01"), (40, "2026-12-01")):
            make.threshold(Threshold.NO_SHOW_FROM, value, since=since)
        days = [dt.date(2025, 12, 31), dt.date(2026, 1, 1), dt.date(2026, 5, 31), dt.date(2026, 6, 1), now]
        assert [Threshold.NO_SHOW_FROM.number(day) for day in days] == [15, 20, 20, 30, 30]


class TestSetting:
    def test_leaves_a_line_with_old_and_new(self, ada, now):
        setting(ada, now)
        line = AuditEntry.objects.get(action="set_threshold")
        assert (line.username, line.object_key) == ("ada", "threshold:no_show_from")
        assert line.details == {"valid_from": "2026-11-03", "old": "15", "new": "20"}

    @pytest.mark.parametrize("since", ["2026-11-02", "2026-11-01", "2020-01-01"])
    def test_only_from_a_date_after_today(self, ada, now, since):
        with pytest.raises(Refused, match="datum na vandaag") as refused:
            setting(ada, now, since=dt.date.fromisoformat(since))
        assert refused.value.field == "valid_from"

    def test_just_before_midnight_tomorrow_is_too_soon(self, ada, now):
        late = make.moment("2026-11-02 23:56")
        with pytest.raises(Refused):
            setting(ada, late)
        setting(ada, late, since=dt.date(2026, 11, 4))

    @pytest.mark.parametrize("value", ["-1", "121", "15.5", "999999"])
    def test_only_within_bounds(self, ada, now, value):
        with pytest.raises(Refused, match="0 minuten tot 120 minuten") as refused:
            setting(ada, now, value=value)
        assert refused.value.field == "value"

    def test_not_what_counts_already(self, ada, now):
        with pytest.raises(Refused, match="al"):
            setting(ada, now, value=15)

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
    def test_only_by_an_administrator(self, db, now, role):
        with pytest.raises(Refused):
            setting(make.user(role), now)

    def test_the_same_twice_is_one(self, ada, now):
        assert setting(ada, now) == setting(ada, now)
        assert ThresholdValue.objects.count() == 1

    def test_a_colleague_was_first(self, ada, now):
        setting(ada, now, value=20, number=0)
        with pytest.raises(ChangedMeanwhile):
            setting(ada, now, value=30, number=0)

    def test_of_one_date_the_last_counts_and_is_the_one_to_come(self, ada, now):
        setting(ada, now, value=20)
        setting(ada, now, value=30)
        assert [one.value for one in thresholds.coming(now.date())["no_show_from"]] == [30]
        assert Threshold.NO_SHOW_FROM.number(TOMORROW) == 15  # remembered: this process read before
        thresholds.forget()
        assert Threshold.NO_SHOW_FROM.number(TOMORROW) == 30

    def test_what_was_taken_back_does_not_come(self, ada, now):
        row = setting(ada, now, value=20)
        later = setting(ada, now, value=40, since=dt.date(2026, 12, 1))
        take_back_threshold(row=row, by=ada, now=now)
        assert thresholds.coming(now.date()) == {"no_show_from": [later]}
        assert AuditEntry.objects.filter(action="set_threshold").latest("id").details["new"] == "15"

    def test_what_counts_is_not_taken_back(self, ada, now):
        row = setting(ada, now)
        with pytest.raises(Refused):
            take_back_threshold(row=row, by=ada, now=now + dt.timedelta(days=1))


class TestTable:
    """What the database refuses whoever asks."""

    @pytest.mark.parametrize("how", ["update", "delete"])
    def test_rows_are_added_only(self, ada, now, how):
        row = setting(ada, now)
        rows = ThresholdValue.objects.filter(pk=row.pk)
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            rows.update(value=30) if how == "update" else rows.delete()

    @pytest.mark.parametrize(
        "wrong",
        [{"added_on": TOMORROW}, {"value": Decimal("121")}, {"value": Decimal("1.5")}, {"threshold": "nonsense"}],
    )
    def test_rows_that_cannot_be(self, db, wrong):
        fields = {"threshold": "no_show_from", "value": 20, "valid_from": TOMORROW, "number": 1}
        row = ThresholdValue(**fields | {"added_on": TOMORROW - dt.timedelta(days=1)} | wrong)
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


@given(
    st.sampled_from(Threshold),
    st.lists(st.tuples(st.integers(0, 400), st.integers(0, 60)), max_size=8),
    st.integers(0, 400),
)
def test_whatever_was_set_the_value_is_allowed_and_of_its_unit(which, rows, asked):
    """The value on a date is the default or one of those set, the last that began; and `span` and `number` read it."""
    start = dt.date(2026, 1, 1)
    known = which.known
    allowed = sorted({(start + dt.timedelta(days=day), min(max(Decimal(value), known.lowest), known.highest))
                      for day, value in rows}, key=lambda row: row[0], reverse=True)  # fmt: skip
    date = start + dt.timedelta(days=asked)
    thresholds.remember(values={which: allowed}, until=dt.date.max)
    value = which.in_force(date)
    assert known.allows(value) or known.unit == Unit.FACTOR
    assert value == next((one for since, one in allowed if since <= date), known.default)
    if known.unit in {Unit.MINUTES, Unit.HOURS, Unit.DAYS}:
        assert which.span(date) == int(value) * dt.timedelta(**{known.unit: 1})
    assert str(which.number(date)) in which.words(date) or known.unit == Unit.FACTOR


class TestInUse:
    """What a city chose is what counts and what the texts say."""

    def test_at_the_action_and_in_its_refusal(self, samira, now):
        make.threshold(Threshold.NO_SHOW_FROM, 30)
        started = make.appointment(household=make.household(), counsellor=samira, start="2026-11-02 08:40")
        with pytest.raises(Refused, match="vanaf 30 minuten na de geplande tijd"):
            record_attendance(appointment=started, outcome="N", by=samira.user, now=now)
        record_attendance(appointment=started, outcome="N", by=samira.user, now=now + dt.timedelta(minutes=10))

    def test_in_lists(self, samira, now):
        make.appointment(household=make.household(), counsellor=samira, start="2026-11-02 05:00")
        assert Appointment.objects.unrecorded(now).count() == 1
        make.threshold(Threshold.UNRECORDED_AFTER, 4)
        assert Appointment.objects.unrecorded(now).count() == 0

    def test_in_time_is_what_counted_when_it_was_told(self, samira, now):
        make.threshold(Threshold.IN_TIME, 48, since="2026-11-02")
        row = make.appointment(household=make.household(), counsellor=samira, start="2026-11-03 12:00")
        assert row.told_in_time(make.moment("2026-11-01 23:00"))
        assert not row.told_in_time(make.moment("2026-11-02 09:00"))

    def test_in_the_help_of_both_languages(self, browse, joris, now):
        make.threshold(Threshold.NO_SHOW_FROM, 25)
        for language, says in (("nl", "kan vanaf 25 minuten na het begin"), ("en", "from 25 minutes after the start")):
            assert any(says in one.text for one in topics(language))
