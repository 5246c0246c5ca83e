"""A demonstration city: realistic in shape, the same for the same seed, with dates around today. All invented.

Shapes follow domain.md, Appendix A: 91 % of households appear at least once, 12 % no-show without a reminder and 6 % with
one, 34 % of the ended trajectories are drop-out, debts are skewed with a mean over 40,000 (some 9,000 for the young) at
13 creditors, arranging takes longer than 120 days, and a counsellor takes in some 55 households a year.
"""

import datetime as dt
import random
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction

from casework.core.actions import audit
from casework.core.refusals import Refused
from casework.exchange.actions.demo.around import build_around
from casework.exchange.actions.demo.city import City
from casework.exchange.actions.demo.files import build_debt_files
from casework.exchange.actions.demo.homes import build_households
from casework.exchange.actions.demo.outbox import build_messages
from casework.exchange.actions.demo.people import build_proposals
from casework.exchange.actions.demo.staff import LOGINS, PASSWORD, build_absence, build_staff
from casework.exchange.actions.demo.visits import build_appointments
from casework.households.models import Household

__all__ = ["LOGINS", "PASSWORD", "DemoReport", "load_demo", "may_run"]


@dataclass(frozen=True)
class DemoReport:
    """How much was made."""

    households: int
    appointments: int
    messages: int
    debt_files: int


def may_run() -> None:
    """Refuses in production: invented people do not belong among real ones."""
    if settings.PRODUCTION:
        raise Refused("Demonstration data is not loaded in production.")


@transaction.atomic
def load_demo(*, households: int, seed: int, now: dt.datetime) -> DemoReport:
    """Fill an empty database with a demonstration city. Refuses in production, without households, and when households
    exist. Not repeatable.
    """
    may_run()
    if households < 1:
        raise Refused("A demonstration city has at least one household.")
    if Household.objects.exists():
        raise Refused("There are households already: demonstration data goes into an empty database only.")
    city = City(random.Random(seed), now)
    build_staff(city, households)
    homes = build_households(city, households)
    appointments = build_appointments(city, homes)
    messages = build_messages(city, appointments)
    files = build_debt_files(city, homes)
    build_absence(city)
    build_around(city, homes)
    build_proposals(city, homes)
    with connection.cursor() as cursor:
        # The next registration takes the number after the last one here.
        cursor.execute("select setval('casework_case_number', %s)", [100 + len(homes)])
    audit(by=None, now=now, action="load_demo", on="household:*", details={"households": len(homes)})
    return DemoReport(len(homes), len(appointments), messages, files)
