"""The rows behind a figure (C9): the same conditions as the figure, as a list one can page through."""

import datetime as dt

from django.db import connection
from django.db.models import Q, QuerySet

from casework.core.thresholds import Threshold
from casework.households.models import Household
from casework.reports.reads.figures import APPOINTMENT_RECIPES, REGISTERED, Scope
from casework.reports.reads.reminders import appointments_in, rows_of_part

NUMERATOR, DENOMINATOR, ALL = "numerator", "denominator", "all"
_SHOW_UP = {NUMERATOR: ("came",), DENOMINATOR: ("came", "not_came"), ALL: ("came", "not_came", "unripe", "left")}


def rows_behind(code: str, scope: Scope, which: str, *, now: dt.datetime) -> QuerySet:
    """Appointments (M1, M3, M4, M4b) or households (M2): the numerator, the denominator, all, one class, a part of M3."""
    if code == "m2":
        return _households(scope, _SHOW_UP.get(which, (which,)), now)
    if code == "m3" and (rows := rows_of_part(scope, which)) is not None:
        return rows
    recipe = APPOINTMENT_RECIPES[code]
    rows = appointments_in(scope)
    if which == ALL:
        return rows
    groups = {NUMERATOR: recipe.numerator, DENOMINATOR: recipe.denominator}
    return rows.filter(_of_classes(groups.get(which, (which,)), now))


def _of_classes(classes: tuple[str, ...], now: dt.datetime) -> Q:
    """The classes of figures 3.2 as a condition; the walk-ins (W) stand apart from the others."""
    unrecorded = Q(ends_at__lt=now - Threshold.UNRECORDED_AFTER.span(now))
    promised = Q(outcome__in=[one for one in classes if one not in {"U", "T", "W"}])
    if "U" in classes:
        promised |= Q(outcome="") & unrecorded
    if "T" in classes:
        promised |= Q(outcome="") & ~unrecorded
    found = Q(walk_in=False) & promised
    return found | Q(walk_in=True) if "W" in classes else found


def _households(scope: Scope, classes: tuple[str, ...], now: dt.datetime) -> QuerySet[Household]:
    with connection.cursor() as cursor:
        cursor.execute(
            REGISTERED + "select id from classed where class = any(%(classes)s)",
            scope.parameters(now) | {"classes": list(classes)},
        )
        keys = [key for (key,) in cursor.fetchall()]
    return (
        Household.objects.filter(pk__in=keys).select_related("owner__user", "location").order_by("registered_at", "pk")
    )
