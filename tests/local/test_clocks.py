"""The clocks: what beat asks for exists, and whatever exists is asked for."""

import pytest

from etf.celery import app


@pytest.fixture(scope="module")
def tasks() -> set[str]:
    """The names of ETF's own tasks, as a worker finds them."""
    app.loader.import_default_modules()
    return {name for name in app.tasks if name.startswith("etf.")}


def test_every_task_has_its_clock_and_every_clock_its_task(tasks):
    """A task in a package that the worker does not look into would wait for ever."""
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == tasks
    assert "etf.send_due_messages" in tasks


def test_a_wake_up_that_nobody_heard_does_not_pile_up():
    """Ten minutes without a worker are sixty wake-ups of the pump; one is enough, the rows are the truth."""
    entry = app.conf.beat_schedule["send-due-messages"]
    assert entry["schedule"] == 10
    assert entry["options"]["expires"] <= 60


def test_a_task_is_ended_before_redis_would_hand_it_out_again():
    assert app.conf.task_acks_late
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.task_time_limit < app.conf.broker_transport_options["visibility_timeout"]


def test_clocks_are_those_of_amsterdam():
    assert app.conf.timezone == "Europe/Amsterdam"
