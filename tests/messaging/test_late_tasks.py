"""Tasks at a time of the day: when one did not run the administrator hears which, and since when (decision 0062)."""

import datetime as dt

import pytest
from celery.schedules import crontab
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from casework.admin.clocks import NAMES
from casework.core import clock
from casework.core.heartbeat import PATIENCE, Heartbeat, last_due, late_tasks, note_finished
from casework.core.models import Role
from tests import make
from tests.counsellors.test_admin import text_of

DAILY = {
    one["task"]: one["schedule"]
    for one in settings.CELERY_BEAT_SCHEDULE.values()
    if isinstance(one["schedule"], crontab)
}
RETENTION = crontab(hour="2-4", minute=45)
MOMENTS = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31)).map(lambda one: one.replace(tzinfo=dt.UTC))
STRIP = 'data-test="late"'


def all_ran(at) -> None:
    for task in DAILY:
        note_finished(task=task, now=at)


def test_every_task_with_a_time_has_a_name_and_runs_every_day():
    """`last_due` knows no days of the week or month."""
    assert set(NAMES) == set(DAILY)
    for one in DAILY.values():
        assert (len(one.day_of_week), len(one.day_of_month), len(one.month_of_year)) == (7, 31, 12)


@pytest.mark.parametrize(
    ("schedule", "before", "due"),
    [
        (RETENTION, "2026-11-02 09:00", "2026-11-02 02:45"), (RETENTION, "2026-11-02 02:45", "2026-11-02 02:45"),
        (RETENTION, "2026-11-02 02:44", "2026-11-01 02:45"), (crontab(minute=17), "2026-11-02 09:00", "2026-11-02 08:17"),
        (crontab(minute="*/15"), "2026-11-02 00:05", "2026-11-02 00:00"), (crontab(minute=17), "2026-11-02 00:05", "2026-11-01 23:17"),
        # 02:45 does not exist that night, and twice in the other.
        (RETENTION, "2026-03-29 09:00", "2026-03-29 03:45"), (RETENTION, "2026-10-25 09:00", "2026-10-25T02:45:00+02:00"),
    ],
)  # fmt: skip
def test_when_a_task_was_due_last(schedule, before, due):
    assert last_due(schedule, make.moment(before)) == make.moment(due)


@given(MOMENTS, st.sampled_from(list(DAILY.values())))
def test_it_was_due_within_a_day_and_never_later(before, schedule):
    due = last_due(schedule, before)
    assert before - dt.timedelta(hours=25) <= due <= before
    assert clock.local(due).minute in schedule.minute


class TestLate:
    def test_all_is_well_when_all_ran(self, db, now):
        all_ran(now)
        assert late_tasks(now) == []

    def test_where_no_clock_ever_ran_nothing_is_late(self, db, now):
        assert late_tasks(now) == []

    def test_what_did_not_run_is_named_once_its_patience_is_over(self, db, now):
        all_ran(now)
        due = make.moment("2026-11-03 05:30")
        Heartbeat.objects.exclude(task="etf.recompute_terms").update(at=due + dt.timedelta(hours=3))
        assert late_tasks(due + PATIENCE - dt.timedelta(seconds=1)) == []
        (one,) = late_tasks(due + PATIENCE)
        assert (one.task, one.due_at, one.finished) == ("etf.recompute_terms", due, now)
        note_finished(task="etf.recompute_terms", now=due + PATIENCE)
        assert late_tasks(due + PATIENCE) == []

    def test_one_that_ran_at_the_second_of_its_times_is_not_late(self, db, now):
        all_ran(now)
        Heartbeat.objects.filter(task="etf.retention").update(at=make.moment("2026-11-02 03:45"))
        assert late_tasks(now) == []
        Heartbeat.objects.filter(task="etf.retention").update(at=make.moment("2026-11-02 02:44"))
        assert [one.task for one in late_tasks(now)] == ["etf.retention"]

    def test_one_that_never_ran_is_late_once_others_did(self, db, now):
        note_finished(task="etf.send_due_messages", now=now)
        assert late_tasks(now + PATIENCE) == []
        note_finished(task="etf.send_due_messages", now=now + dt.timedelta(days=1))
        found = late_tasks(now + dt.timedelta(days=1))
        assert {one.task for one in found} == set(DAILY)
        assert {one.finished for one in found} == {None}

    def test_one_query(self, db, now, django_assert_num_queries):
        all_ran(now)
        with django_assert_num_queries(1):
            late_tasks(now + dt.timedelta(days=2))


def test_the_administrator_reads_which_and_since_when(browse, db, now):
    client = browse(make.user(Role.ADMIN))
    all_ran(now)
    assert STRIP not in client.get("/beheer/").content.decode()
    Heartbeat.objects.filter(task="etf.retention").update(at=make.moment("2026-11-01 02:46"))
    Heartbeat.objects.filter(task="etf.recompute_terms").delete()
    Heartbeat.objects.update(since=make.moment("2026-10-01 12:00"))
    page = client.get("/beheer/")
    assert STRIP in page.content.decode()
    assert "Bewaartermijnen: had moeten lopen ma 2 nov 02.45 uur. De laatste keer was zo 1 nov 02.46 uur." in text_of(
        page
    )
    assert "Datums van termijnen: had moeten lopen ma 2 nov 05.30 uur. Dat gebeurde nog nooit." in text_of(page)
    assert "docs/operations.md" in text_of(page)
