"""The clocks of login and of the audit trail, and what every clock leaves behind."""

from celery import Task, shared_task
from django.core.management import call_command

from casework.core import chain, clock
from casework.core.heartbeat import note_finished
from casework.core.login import concepts


class NotedTask(Task):
    """Leaves the moment at which it finished; one that failed or whose worker died leaves none (decision 0062)."""

    def __call__(self, *args, **kwargs):
        found = super().__call__(*args, **kwargs)
        note_finished(task=self.name, now=clock.now())
        return found


@shared_task(name="etf.clear_logins", base=NotedTask)
def clear_logins() -> int:
    call_command("clearsessions")
    return concepts.forget_old(now=clock.now())


@shared_task(name="etf.note_audit_chain", base=NotedTask)
def note_audit_chain() -> bool:
    return chain.note_last_hash(now=clock.now())
