"""What a line of the audit trail changed: old and new value of each field, from the history of changes."""

import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from casework.core import clock, history
from casework.core.encryption import EncryptedField, encrypted_columns
from casework.core.models import AuditEntry
from casework.core.retention import RETENTION
from casework.households.models import Household, way_to_household


@dataclass(frozen=True)
class Changed:
    """One field of one row. `hidden`: something personal, of which only is said that it changed."""

    row: str
    field: str
    before: str = ""
    after: str = ""
    hidden: bool = False


def changes_of(entry: AuditEntry, *, with_content: bool) -> list[Changed]:
    """Every field that changed in the transaction of this line. `with_content`: personal values too, a BSN never.

    One query per model that is tracked, and one per row that changed.
    """
    if entry.transaction is None or entry.action in {"rekey", "forget_history"}:
        return []
    found = []
    for change in history.all_of_them():
        for row in change.objects.filter(pgh_transaction=entry.transaction).order_by("pgh_id"):
            before = change.objects.filter(pgh_obj=row.pgh_obj_id, pgh_id__lt=row.pgh_id).order_by("-pgh_id").first()
            found += _differences(row, before, with_content=with_content)
    return found


def _differences(row: history.Change, before: history.Change | None, *, with_content: bool) -> list[Changed]:
    model = row.pgh_tracked_model
    personal = RETENTION[model._meta.label_lower].personal | RETENTION[model._meta.label_lower].year_only
    prints = set(encrypted_columns(model).values())
    name = f"{model._meta.verbose_name} {row.pgh_obj_id}"
    if row.pgh_label == "delete":
        return [Changed(name, _("removed"))]
    found = []
    for field in row._meta.local_fields:
        if field.name.startswith("pgh_") or field.primary_key or field.name in {"id", *prints}:
            continue
        old, new = (getattr(before, field.attname) if before else None), getattr(row, field.attname)
        if old == new or (not before and new in (None, "", [], {})):
            continue
        hidden = isinstance(field, EncryptedField) or (field.name in personal and not with_content)
        shown = ("", "") if hidden else (_words(before, field), _words(row, field))
        found.append(Changed(name, str(model._meta.get_field(field.name).verbose_name), *shown, hidden=hidden))
    return found


def _words(row: history.Change | None, field: models.Field) -> str:
    if row is None:
        return ""
    value = getattr(row, field.attname)
    if value in (None, "", [], {}):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.datetime):
        return date_format(clock.local(value), "j N Y H:i")
    if isinstance(value, dt.date):
        return date_format(value, "j N Y")
    if field.related_model:
        return _named(field.related_model, value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _named(model: type[models.Model], key: int) -> str:
    """A household by its number, what belongs to one by its kind and key, and staff and settings by their name."""
    row = model._base_manager.filter(pk=key).first()
    if isinstance(row, Household):
        return row.case_number
    if row is None or way_to_household(model):
        return f"{model._meta.verbose_name} {key}"
    return str(row)
