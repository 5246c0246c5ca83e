"""Loading a scenario: all of it in one transaction, or nothing."""

import datetime as dt

from django.conf import settings
from django.db import transaction

from casework.core import clock
from casework.core.actions import audit
from casework.core.refusals import Refused
from casework.exchange.actions.scenario import cases, places
from casework.exchange.actions.scenario.loader import Loader, ScenarioReport
from casework.exchange.actions.scenario.reading import BadScenario
from casework.households import actions as households


def load_scenario(*, data: dict, now: dt.datetime) -> ScenarioReport:
    """Load a scenario in one transaction. Repeatable. Refuses in production, and BadScenario with paths."""
    if settings.PRODUCTION:
        raise Refused("Scenarios are not loaded in production.")
    loader = Loader(data, clock.moment(data["now"]) if "now" in data else now)
    with transaction.atomic():
        _load(loader)
        if loader.errors:
            raise BadScenario(loader.errors)
    return loader.report


def _load(loader: Loader) -> None:
    """Key by key, in an order in which what is named exists."""
    loader.each("calendar", places.load_calendar_day)
    if loader.report.made or loader.report.changed:
        households.recompute_terms(now=loader.now)
    loader.each("locations", places.load_location)
    loader.each("types", places.load_type)
    loader.each("organisations", places.load_organisation)
    loader.each("staff", places.load_staff)
    loader.each("households", cases.load_household)
    # In the order in which they took place: the first talk meets a term, not the first line of the file.
    loader.each("appointments", cases.load_appointment, in_order_of=lambda raw: clock.moment(raw["start"]))
    loader.each("appointments", cases.link_moved)
    loader.each("debt_files", cases.load_debt_file)
    # Last, since all the rest may lie before the closing.
    loader.each("households", cases.close_household)
    if not loader.report.nothing_changed:
        details = {"made": loader.report.made, "changed": loader.report.changed}
        audit(by=None, now=loader.now, action="load_scenario", on="scenario:*", details=details)
