"""The clock of retention."""

from celery import shared_task

from casework.core import clock
from casework.core.tasks import NotedTask
from casework.retention import actions


@shared_task(name="etf.retention", base=NotedTask)
def retention() -> dict[str, int]:
    return actions.retain(now=clock.now(), today=clock.today())
