"""The clocks of the outbox, of what is still to be recorded or followed up, and of the waiting list."""

from celery import shared_task

from casework.appointments import actions
from casework.core import clock
from casework.core.tasks import NotedTask


@shared_task(name="etf.send_due_messages", base=NotedTask)
def send_due_messages() -> int:
    return actions.send_due_messages(now=clock.now())


@shared_task(name="etf.flag_unrecorded", base=NotedTask)
def flag_unrecorded() -> int:
    return actions.flag_unrecorded(now=clock.now())


@shared_task(name="etf.follow_up", base=NotedTask)
def follow_up() -> int:
    return actions.follow_up(now=clock.now())


@shared_task(name="etf.end_past_waiting", base=NotedTask)
def end_past_waiting() -> int:
    return actions.end_past(now=clock.now())
