"""The clock of the terms."""

from celery import shared_task

from casework.core import clock
from casework.core.tasks import NotedTask
from casework.households import actions


@shared_task(name="etf.recompute_terms", base=NotedTask)
def recompute_terms() -> int:
    return actions.recompute_terms(now=clock.now())
