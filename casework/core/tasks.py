"""The clock of login: drafts and sessions that are over go away."""

from celery import shared_task
from django.core.management import call_command

from casework.core import clock
from casework.core.login import concepts


@shared_task(name="etf.clear_logins")
def clear_logins() -> int:
    call_command("clearsessions")
    return concepts.forget_old(now=clock.now())
