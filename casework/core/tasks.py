"""The clocks of login and of the audit trail."""

from celery import shared_task
from django.core.management import call_command

from casework.core import chain, clock
from casework.core.login import concepts


@shared_task(name="etf.clear_logins")
def clear_logins() -> int:
    call_command("clearsessions")
    return concepts.forget_old(now=clock.now())


@shared_task(name="etf.note_audit_chain")
def note_audit_chain() -> bool:
    return chain.note_last_hash(now=clock.now())
