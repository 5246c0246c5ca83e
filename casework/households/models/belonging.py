"""What belongs to a household, whatever feature it is of: found from the models themselves, so that none is forgotten."""

from django.apps import apps
from django.db import models

from casework.core import history
from casework.core.retention import RETENTION, Fields, Retention
from casework.households.models.household import Household

HOUSEHOLD = Household._meta.label_lower
_STAYS = Fields(Retention.ALWAYS)


def way_to_household(model: type[models.Model]) -> str:
    """The shortest way along foreign keys, such as `debt_file__household`; `pk` for the household; empty if none."""
    if model._meta.label_lower == HOUSEHOLD:
        return "pk"
    ways, seen = [(model, "")], {model}
    for current, way in ways:
        for field in current._meta.local_concrete_fields:
            target = field.related_model
            if target is None or target in seen:
                continue
            onward = f"{way}__{field.name}" if way else field.name
            if target._meta.label_lower == HOUSEHOLD:
                return onward
            seen.add(target)
            if RETENTION.get(target._meta.label_lower, _STAYS).retention == Retention.HOUSEHOLD:
                ways.append((target, onward))
    return ""


def rows_about(households: set[int]) -> dict[type[models.Model], set[int]]:
    """Of each model that belongs to a household: which rows do, those that were removed before included.

    Whoever lives with another household now is no row of these.
    """
    labels = [label for label in RETENTION if way_to_household(apps.get_model(label))]
    nearest_first = sorted(labels, key=lambda label: way_to_household(apps.get_model(label)).count("__"))
    found: dict[type[models.Model], set[int]] = {Household: households}
    for model in (apps.get_model(label) for label in nearest_first if label != HOUSEHOLD):
        way = way_to_household(model)
        rows = model._base_manager
        found[model] = set(rows.filter(**{f"{way}__in": households}).values_list("pk", flat=True))
        if change := history.of(model):
            step = model._meta.get_field(way.split("__")[0])
            of_these = {f"{step.name}__in": found[step.related_model]}
            once = set(change.objects.filter(**of_these).order_by().values_list("pgh_obj", flat=True))
            found[model] |= once - set(rows.filter(pk__in=once).values_list("pk", flat=True))
    return found
