"""When nobody looks at the outbox, whoever sees messages hears it, and since when (decision 0062)."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from casework.appointments import tasks
from casework.core.heartbeat import Heartbeat, note_finished
from casework.core.models import AuditEntry, Role
from casework.core.tasks import NotedTask
from casework.core.thresholds import Threshold
from casework.messaging.models import Message
from casework.messaging.reads import SWEEP, silent_since
from etf.celery import app
from tests import make

MINUTE = dt.timedelta(minutes=1)
STRIP = 'data-test="silence"'


@pytest.fixture
def due(now, feijenoord):
    """A reminder that is due now."""
    return Message.objects.create(
        household=make.household(location=feijenoord), appointment_key=1, kind="t2", due_at=now, created_at=now,
        planned_start=now + dt.timedelta(days=2), expires_at=now + dt.timedelta(days=1),
    )  # fmt: skip


def test_every_task_leaves_the_moment_at_which_it_finished(db, now):
    """Called by a worker, and called by hand."""
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if name.startswith("etf.")}
    assert SWEEP in ours
    assert all(isinstance(task, NotedTask) for task in ours.values())
    tasks.send_due_messages()
    tasks.flag_unrecorded.apply().get()
    assert dict(Heartbeat.objects.values_list("task", "at")) == {SWEEP: now, "etf.flag_unrecorded": now}


def test_a_moment_is_no_change_of_anything(db, now):
    tasks.send_due_messages()
    assert not AuditEntry.objects.exists()


def test_a_task_that_fails_leaves_none(db, now, monkeypatch):
    def broken(**_given):
        raise RuntimeError

    monkeypatch.setattr(tasks.actions, "send_due_messages", broken)
    assert tasks.send_due_messages.apply().failed()
    assert not Heartbeat.objects.exists()


def test_the_moment_never_goes_back(db, now):
    for moment in (now, now - MINUTE, now):
        note_finished(task=SWEEP, now=moment)
    assert Heartbeat.objects.get().at == now


class TestSince:
    def test_a_fresh_installation_is_well_until_a_message_has_been_due_for_long(self, due, now):
        assert silent_since(now - dt.timedelta(days=1)) is None
        assert silent_since(now + 9 * MINUTE) is None
        assert silent_since(now + 10 * MINUTE) == now

    def test_without_any_message_a_fresh_installation_stays_well(self, db, now):
        assert silent_since(now + dt.timedelta(days=30)) is None

    def test_a_sweep_that_stopped_shows_after_ten_minutes_whether_or_not_something_is_due(self, db, now):
        note_finished(task=SWEEP, now=now)
        assert silent_since(now + 9 * MINUTE) is None
        assert silent_since(now + 10 * MINUTE) == now

    def test_another_task_does_not_count(self, due, now):
        note_finished(task="etf.retention", now=now + 20 * MINUTE)
        assert silent_since(now + 20 * MINUTE) == now

    def test_the_next_sweep_makes_it_well_again(self, due, now):
        note_finished(task=SWEEP, now=now)
        assert silent_since(now + 60 * MINUTE) == now
        note_finished(task=SWEEP, now=now + 60 * MINUTE)
        assert silent_since(now + 60 * MINUTE) is None

    def test_after_how_long_is_a_setting(self, db, now):
        note_finished(task=SWEEP, now=now)
        make.threshold(Threshold.OUTBOX_SILENT_AFTER, 30)
        assert silent_since(now + 29 * MINUTE) is None
        assert silent_since(now + 30 * MINUTE) == now

    def test_two_queries_at_most(self, due, now, django_assert_num_queries):
        with django_assert_num_queries(2):
            silent_since(now)
        note_finished(task=SWEEP, now=now)
        with django_assert_num_queries(1):
            silent_since(now + 60 * MINUTE)


def test_a_worker_that_dies_in_the_middle_raises_it_and_the_next_one_takes_it_away(due, now, monkeypatch):
    """What a process that is killed leaves behind: a claim, and no moment."""

    class Killed(BaseException):
        pass

    def die(*_given, **_more):
        raise Killed

    note_finished(task=SWEEP, now=now - MINUTE)
    with monkeypatch.context() as patch:
        patch.setattr("casework.messaging.actions.sending._look_again", die)
        with pytest.raises(Killed):
            tasks.send_due_messages()
    assert Message.objects.get().state == "claimed"
    assert silent_since(now + 20 * MINUTE) == now - MINUTE
    tasks.send_due_messages()
    assert silent_since(now) is None


PAGES = ["today", "outbox", "call_list"]


@pytest.mark.parametrize("role", [Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR])
@pytest.mark.parametrize("name", PAGES)
def test_whoever_sees_messages_sees_since_when(role, name, everyone, browse, due, now):
    client = browse(everyone[role])
    assert STRIP not in client.get(reverse(name)).content.decode()
    note_finished(task=SWEEP, now=now - 25 * MINUTE)
    page = client.get(reverse(name)).content.decode()
    assert page.count(STRIP) == 1
    shown = " ".join(strip_tags(page).split())
    assert "Sinds ma 2 nov 08.35 uur gaan er geen berichten uit." in shown
    assert "Meld dit bij de beheerder" in shown
    note_finished(task=SWEEP, now=now)
    assert STRIP not in client.get(reverse(name)).content.decode()


def test_the_administrator_sees_it_with_what_to_do(everyone, browse, due, now):
    client = browse(everyone[Role.ADMIN])
    assert STRIP not in client.get("/beheer/").content.decode()
    note_finished(task=SWEEP, now=now - 25 * MINUTE)
    page = client.get("/beheer/").content.decode()
    assert STRIP in page
    assert "docs/operations.md" in page


@pytest.mark.parametrize("role", [Role.PARTNER, Role.PRIVACY_OFFICER])
def test_who_sees_no_messages_hears_nothing_of_it(role, everyone, browse, due, now):
    note_finished(task=SWEEP, now=now - 25 * MINUTE)
    assert STRIP not in browse(everyone[role]).get(reverse("today"), follow=True).content.decode()


def test_a_watcher_asks_without_login(client, due, now):
    assert client.get("/pumpz").json() == {"messages": True, "silent_since": None}
    note_finished(task=SWEEP, now=now - 25 * MINUTE)
    answer = client.get("/pumpz")
    assert answer.status_code == 503
    assert answer.json() == {"messages": False, "silent_since": "2026-11-02T07:35:00Z"}
    # The pages work on: no load balancer should take them away.
    assert client.get("/readyz").status_code == 200
