"""The clock of the outbox."""

from celery import shared_task

from casework.appointments import actions
from casework.core import clock


@shared_task(name="etf.send_due_messages")
def send_due_messages() -> int:
    return actions.send_due_messages(now=clock.now())
