"""What runs inside the workers of the crash test: a provider that keeps its own books, a fast clock, and beat in a hurry.

`celery -A etf worker -I tests.messaging.crash` loads this module into each worker; CRASH_… in the environment says how.
The books are a file outside the database: one line per message at the moment the provider has it.
"""

import datetime as dt
import os
import signal
import time
from pathlib import Path

from celery.beat import PersistentScheduler

SWEEP_EVERY = 0.3
LEDGER = os.environ.get("CRASH_LEDGER", "")
# Messages whose first delivery takes the whole worker down before it can record anything.
DEADLY = set(os.environ.get("CRASH_DEADLY", "").split())
# How long the provider takes, before and after it has the message.
PAUSE = float(os.environ.get("CRASH_PAUSE", "0"))


class Ledger:
    """The provider: every line of the file is a text message on somebody's telephone."""

    can_be_asked, on_paper = False, False

    def send(self, message) -> str:
        time.sleep(PAUSE)
        known = Path(LEDGER).read_text() if DEADLY and os.path.exists(LEDGER) else ""
        descriptor = os.open(LEDGER, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(descriptor, f"{message.pk} {os.getpgrp()}\n".encode())
        os.close(descriptor)
        if str(message.pk) in DEADLY and str(message.pk) not in known:
            os.killpg(0, signal.SIGKILL)
        time.sleep(PAUSE)
        return "ledger"


class AskableLedger(Ledger):
    """The same provider, which looks into its books when it is asked."""

    can_be_asked = True

    def lookup(self, reference: str):
        from casework.messaging.channels import Found, NotFound

        known = Path(LEDGER).read_text() if os.path.exists(LEDGER) else ""
        return Found(reference) if reference in known else NotFound()


class QuickScheduler(PersistentScheduler):
    """Beat as it is, with the sweep alone and every few tenths of a second."""

    def setup_schedule(self):
        self.app.conf.beat_schedule = {"sweep": {"task": "etf.send_due_messages", "schedule": SWEEP_EVERY}}
        super().setup_schedule()


def _hurry() -> None:
    """The lease of a dead worker is minutes; here a second counts for CRASH_SPEED of them, from one start for all."""
    from casework.core import clock

    start, origin = clock.moment(os.environ["CRASH_NOW"]), float(os.environ["CRASH_ORIGIN"])
    speed = float(os.environ["CRASH_SPEED"])
    clock.now = lambda: start + dt.timedelta(seconds=(time.time() - origin) * speed)


def _take_the_guard_away(guard: str) -> None:
    """The negative controls: the same pump with one of its guards gone."""
    from django.db import transaction

    from casework.appointments import actions as appointments
    from casework.messaging.actions import sending

    if guard == "every old claim is planned again":

        def settle_leftovers(*, now):
            old = sending.Message.objects.filter(state="claimed", claimed_at__lt=now - sending.LEASE)
            return old.update(state="planned", claimed_at=None, claimed_by="", handed_over_at=None), 0

        sending.settle_leftovers = settle_leftovers
    if guard == "handed over before the claim is committed":
        appointments.send_due_messages = transaction.atomic(appointments.send_due_messages)


if LEDGER:
    _hurry()
    _take_the_guard_away(os.environ.get("CRASH_GUARD", ""))
