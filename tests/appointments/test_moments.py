"""Moments of messages per kind of talk: from a later date, never changed, always inside the window (R-30 to R-35)."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from casework.appointments import actions as appointments
from casework.appointments.actions import moments as actions
from casework.appointments.actions.moments import set_moments, take_back_moments
from casework.appointments.models import Outcome, ReminderMoments, coming_moments, known_moments, moments_of
from casework.appointments.models.moments import Since
from casework.core import clock
from casework.core.models import AuditEntry, Role
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.messaging.models import Message, MessageKind
from casework.messaging.window import APART_FROM_BOOKING, AS_RULED, Moments, Window, expires_at
from tests import make
from tests.messaging.test_planning import moments as due_of
from tests.messaging.test_planning import plan
from tests.messaging.test_window import CLOSED, STARTS

TOMORROW = dt.date(2026, 11, 3)
THREE_DAYS = Moments(days_before=3, reminder_at=dt.time(18))
TIMES = st.integers(8 * 60, 19 * 60).map(lambda minutes: dt.time(minutes // 60, minutes % 60))


@st.composite
def chosen(draw) -> Moments:
    """Whatever the table allows."""
    on_the_day = draw(st.integers(8 * 60, 18 * 60))
    early = draw(st.integers(on_the_day + 120, 20 * 60))
    return Moments(
        days_before=draw(st.integers(1, 7)), reminder_at=draw(TIMES), evening_at=draw(TIMES),
        same_day_at=dt.time(on_the_day // 60, on_the_day % 60), early_before=dt.time(early // 60, early % 60),
        reminder=draw(st.booleans()), same_day=draw(st.booleans()),
    )  # fmt: skip


@pytest.fixture
def ada(db):
    return make.user(Role.ADMIN, username="ada")


@pytest.fixture
def kind(db):
    return make.appointment_type()


def setting(ada, now, moments=THREE_DAYS, since=TOMORROW, kind=None, **more) -> ReminderMoments:
    return set_moments(kind=kind, moments=moments, valid_from=since, by=ada, now=now, **more)


class TestWhen:
    @given(STARTS, CLOSED, chosen())
    def test_every_reminder_is_in_the_window_and_before_the_start_and_lives_an_hour(self, start, closed, moments):
        window = Window(closed)
        found = window.reminders(start, moments)
        assert set(found) <= {MessageKind.TWO_DAYS_BEFORE, MessageKind.SAME_DAY}
        for kind, due in found.items():
            assert window.is_open(due)
            assert due < start
            assert due + dt.timedelta(hours=1) <= expires_at(kind, start, due) < start

    @given(STARTS, CLOSED, chosen())
    def test_the_reminder_in_advance_stands_on_the_nearest_earlier_day_with_a_window(self, start, closed, moments):
        window, due = Window(closed), Window(closed).two_days_before(start, moments)
        wanted = clock.local_date(start) - dt.timedelta(days=moments.days_before)
        assert clock.local(due).time() == moments.reminder_at
        assert clock.local_date(due) <= wanted
        between = (wanted - dt.timedelta(days=n) for n in range((wanted - clock.local_date(due)).days))
        assert not any(window.has(date) for date in between)

    @given(STARTS, CLOSED, chosen())
    def test_on_the_day_itself_or_the_evening_before(self, start, closed, moments):
        window, due, local = Window(closed), Window(closed).same_day(start, moments), clock.local(start)
        early = local.time() < moments.early_before
        date = local.date() - dt.timedelta(days=early)
        assert (due is None) is not window.has(date)
        if due:
            assert clock.local(due).replace(tzinfo=None) == dt.datetime.combine(
                date, moments.evening_at if early else moments.same_day_at
            )

    def test_as_the_rules_say_when_nothing_was_chosen(self, db, now):
        assert Moments(True, True, 2, dt.time(10), True, dt.time(8), dt.time(10), dt.time(17), True) == AS_RULED
        assert moments_of(1, now) == AS_RULED
        assert ReminderMoments().moments == AS_RULED

    def test_planned_so(self, db, now):
        found = due_of(plan("2026-11-12 10:15", now=now, moments=Moments(
            days_before=3, reminder_at=dt.time(18, 30), same_day_at=dt.time(8, 15), early_before=dt.time(10, 15),
        )))  # fmt: skip
        assert found == {"confirmation": "11-02 09:00", "t2": "11-09 18:30", "t0": "11-12 08:15"}

    def test_what_is_not_wanted_is_not_planned(self, db, now):
        silent = Moments(confirmation=False, reminder=False, same_day=False)
        assert plan("2026-11-12 14:00", now=now, moments=silent) == []

    def test_another_time_is_always_told(self, db, now):
        told = plan("2026-11-12 14:00", now=now, moved=True, moments=Moments(confirmation=False))
        assert {row.kind for row in told} == {"changed", "t2", "t0"}

    @pytest.mark.parametrize("booked", ["2026-11-09 06:01", "2026-11-09 06:00"])
    def test_twelve_hours_after_booking_whatever_was_chosen(self, db, booked):
        """R-34."""
        moment = make.moment(booked)
        found = due_of(plan("2026-11-12 14:00", now=moment, booked=moment, moments=THREE_DAYS))
        assert ("t2" in found) is (make.moment("2026-11-09 18:00") - moment >= APART_FROM_BOOKING)


class TestWhichCount:
    def test_those_of_the_type_then_those_of_all_others(self, kind, now):
        other = make.appointment_type("VG")
        make.moments(days_before=4)
        make.moments(kind, days_before=1)
        assert [moments_of(one.pk, now).days_before for one in (kind, other)] == [1, 4]

    def test_a_type_that_goes_as_the_others_again(self, kind, now):
        make.moments(kind, days_before=1)
        make.moments(days_before=4)
        make.moments(kind, since="2026-11-05", as_others=True)
        days = [dt.date(2026, 11, 4), dt.date(2026, 11, 5)]
        known_moments.remember(known_moments.complete_for(days[-1]), until=days[-1])
        assert [moments_of(kind.pk, day).days_before for day in days] == [1, 4]

    def test_from_local_midnight_also_in_a_process_that_lives_on(self, ada, now):
        known_moments.forget()
        assert moments_of(1, now) == AS_RULED
        setting(ada, now)
        assert moments_of(1, now) == AS_RULED
        with time_machine.travel(make.moment("2026-11-03 00:00"), tick=False):
            assert moments_of(1, make.moment("2026-11-02 23:59")) == AS_RULED
            assert moments_of(1, make.moment("2026-11-03 00:00")) == THREE_DAYS

    def test_read_once_per_date(self, db, now, django_assert_num_queries):
        known_moments.forget()
        with django_assert_num_queries(1):
            for key in range(3):
                moments_of(key, now)
                moments_of(key, now - dt.timedelta(days=key))

    @given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 7)), max_size=6), st.integers(0, 31))
    def test_the_newest_before_a_date(self, rows, asked):
        start = dt.date(2026, 1, 1)
        made = sorted(dict(rows).items(), reverse=True)

        known_moments.remember(
            {None: [Since(start + dt.timedelta(days=day), Moments(days_before=days)) for day, days in made]},
            until=dt.date.max,
        )
        expected = next((days for day, days in made if day <= asked), AS_RULED.days_before)
        assert moments_of(7, start + dt.timedelta(days=asked)).days_before == expected


class TestInUse:
    def test_booking_goes_by_the_moments_of_its_type(self, samira, joris, kind, now):
        make.moments(kind, days_before=1, same_day=False)
        appointments.book(household=make.household(), counsellor=samira, location=samira.location, by=joris, now=now,
                          kind=kind, start=make.moment("2026-11-12 14:00"))  # fmt: skip
        assert due_of(Message.objects.all()) == {"confirmation": "11-02 09:00", "t2": "11-11 10:00"}

    def test_what_is_planned_keeps_its_moment(self, samira, joris, kind, now):
        made = appointments.book(household=make.household(), counsellor=samira, location=samira.location, by=joris,
                                 now=now, kind=kind, start=make.moment("2026-11-12 14:00"))  # fmt: skip
        before = due_of(Message.objects.all())
        make.moments(days_before=1)
        appointments.reminders.plan_messages(made, moved=False, now=now)
        assert due_of(Message.objects.all()) == before

    @pytest.mark.parametrize("wanted", [True, False])
    def test_who_missed_it_hears_so_or_not(self, samira, kind, now, wanted):
        make.moments(kind, missed=wanted)
        row = make.appointment(household=make.household(), counsellor=samira, start="2026-11-02 08:00", type=kind)
        appointments.record_attendance(appointment=row, outcome=Outcome.NO_SHOW, by=samira.user, now=now)
        assert Message.objects.filter(kind="missed").exists() is wanted


class TestSetting:
    def test_leaves_a_line_with_old_and_new(self, ada, kind, now):
        setting(ada, now, kind=kind)
        line = AuditEntry.objects.get(action="set_moments")
        assert (line.username, line.object_key) == ("ada", f"moments:{kind.pk}")
        assert (line.details["valid_from"], line.details["old"]) == ("2026-11-03", None)
        assert (line.details["new"]["days_before"], line.details["new"]["reminder_at"]) == (3, "18:00")

    @pytest.mark.parametrize("since", ["2026-11-02", "2020-01-01"])
    def test_only_from_a_date_after_today(self, ada, now, since):
        with pytest.raises(Refused, match="datum na vandaag") as refused:
            setting(ada, now, since=dt.date.fromisoformat(since))
        assert refused.value.field == "valid_from"

    def test_just_before_midnight_tomorrow_is_too_soon(self, ada, now):
        with pytest.raises(Refused):
            setting(ada, make.moment("2026-11-02 23:56"))

    @pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMIN}))
    def test_only_by_an_administrator(self, db, now, role):
        with pytest.raises(Refused):
            setting(make.user(role), now)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"days_before": 0}, "days_before"), ({"days_before": 8}, "days_before"),
            ({"reminder_at": dt.time(7, 59)}, "reminder_at"), ({"reminder_at": dt.time(19, 1)}, "reminder_at"),
            ({"evening_at": dt.time(20)}, "reminder_at"), ({"same_day_at": dt.time(8, 1)}, "early_before"),
            ({"early_before": dt.time(20, 1)}, "early_before"), ({"early_before": dt.time(9, 59)}, "early_before"),
            ({"same_day_at": dt.time(23), "early_before": dt.time(20)}, "early_before"),
        ],
    )  # fmt: skip
    def test_only_inside_the_window_and_well_before_the_start(self, ada, now, wrong, field):
        with pytest.raises(Refused) as refused:
            setting(ada, now, moments=Moments(**wrong))
        assert refused.value.field == field

    @pytest.mark.parametrize("moments", [AS_RULED, None])
    def test_not_what_counts_already(self, ada, kind, now, moments):
        with pytest.raises(Refused, match="al"):
            setting(ada, now, moments=moments, kind=None if moments else kind)

    def test_all_others_cannot_go_as_all_others(self, ada, now):
        with pytest.raises(Refused) as refused:
            setting(ada, now, moments=None)
        assert refused.value.field == "as_others"

    def test_the_same_twice_is_one(self, ada, now):
        assert setting(ada, now) == setting(ada, now)

    def test_a_colleague_was_first(self, ada, kind, now):
        setting(ada, now, number=0)
        setting(ada, now, kind=kind, number=0)
        with pytest.raises(ChangedMeanwhile):
            setting(ada, now, moments=Moments(days_before=5), number=0)

    def test_what_comes_is_taken_back(self, ada, kind, now):
        row, general = setting(ada, now, kind=kind), setting(ada, now)
        take_back_moments(row=row, by=ada, now=now)
        take_back_moments(row=general, by=ada, now=now)
        known_moments.forget()
        assert moments_of(kind.pk, TOMORROW) == AS_RULED
        assert coming_moments(now.date()) == {}

    def test_what_counts_is_not_taken_back(self, ada, now):
        row = setting(ada, now)
        with pytest.raises(Refused):
            take_back_moments(row=row, by=ada, now=now + dt.timedelta(days=1))


class TestTable:
    """What the database refuses whoever asks."""

    @pytest.mark.parametrize("how", ["update", "delete"])
    def test_rows_are_added_only(self, db, how):
        rows = ReminderMoments.objects.filter(pk=make.moments().pk)
        with pytest.raises(DatabaseError, match="only ever added"), transaction.atomic():
            rows.update(days_before=3) if how == "update" else rows.delete()

    @pytest.mark.parametrize(
        "wrong",
        [
            {"added_on": TOMORROW}, {"days_before": 0}, {"days_before": 8}, {"as_others": True}, {"number": 1},
            {"reminder_at": dt.time(7)}, {"evening_at": dt.time(19, 30)}, {"early_before": dt.time(9)},
            {"same_day_at": dt.time(22), "early_before": dt.time(20)},
        ],
    )  # fmt: skip
    def test_rows_that_cannot_be(self, db, wrong):
        fields = {"valid_from": TOMORROW, "number": 2, "added_on": TOMORROW - dt.timedelta(days=1)}
        ReminderMoments.objects.create(**fields | {"number": 1})
        ReminderMoments.objects.create(**fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            ReminderMoments.objects.create(**fields | {"number": 3} | wrong)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_and_one_hears_it(now):
    """Both read that nothing stands; the number of the row lets one through. Without it both would stand."""
    ada, both_read, heard = make.user(Role.ADMIN), threading.Barrier(2), []
    look = actions._would_be

    def look_together(*given):
        found = look(*given)
        if not heard_by.done:
            heard_by.done = True
            both_read.wait(10)
        return found

    heard_by = threading.local()

    def choose(days):
        heard_by.done = False
        try:
            setting(ada, now, moments=Moments(days_before=days), number=0)
            heard.append("saved")
        except ChangedMeanwhile:
            heard.append("refused")
        finally:
            connection.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "_would_be", look_together)
        threads = [threading.Thread(target=choose, args=[days]) for days in (3, 4)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
    assert sorted(heard) == ["refused", "saved"]
    assert ReminderMoments.objects.count() == 1
