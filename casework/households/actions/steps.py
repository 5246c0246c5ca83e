"""Changing rows so that it can be taken back: each change is a step of a merge, with what stood before (R-53)."""

import json

from django.apps import apps
from django.db import models

from casework.households.models import Merge, MergeStep


def change(merge: Merge, row: models.Model, **values) -> None:
    """Set columns of a row by name, and note what stood in them. What is equal already is no change."""
    values = {name: value for name, value in values.items() if getattr(row, name) != value}
    if not values:
        return
    before = _as_text(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    MergeStep.objects.create(
        merge=merge, model=row._meta.label_lower, key=str(row.pk), before=json.dumps(before),
        after=json.dumps(_as_text(row, values)),
    )  # fmt: skip


def take_back(merge: Merge) -> list[str]:
    """Put back what each step changed, the last first; the names of what is no longer as the merge left it.

    Only columns that still hold what the merge put there go back: what somebody changed since stays.
    """
    lost = []
    for step in merge.steps.order_by("-pk"):
        model = apps.get_model(step.model)
        row = model._base_manager.select_for_update(no_key=True).filter(pk=step.key).first()
        if row is None:
            lost.append(str(model._meta.verbose_name))
            continue
        before, after = json.loads(step.before), json.loads(step.after)
        standing = _as_text(row, before)
        back = [name for name in before if standing[name] == after[name]]
        for name in back:
            setattr(row, name, _from_text(row, name, before[name]))
        if back:
            row.save(update_fields=back)
    return lost


def _as_text(row: models.Model, names) -> dict[str, str | None]:
    return {
        name: None if getattr(row, name) is None else row._meta.get_field(name).value_to_string(row) for name in names
    }


def _from_text(row: models.Model, name: str, text: str | None):
    return None if text is None else row._meta.get_field(name).to_python(text)
