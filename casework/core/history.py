"""The history of changes: what stood in a row and when, written by triggers whatever way the row changed (R-92).

Each tracked model has a model of changes beside it: `Member` has `MemberChange`. A change says nothing about who: it
was written in the same transaction as the line of the audit trail that does (docs/decisions/0040).
"""

import datetime as dt

import pghistory
import pgtrigger
from django.apps import apps
from django.db import models, transaction
from pghistory.models import Event

from casework.core.actions import audit
from casework.core.encryption import EncryptedField
from casework.core.models import ThisTransaction, User

# Made from other fields or of no meaning afterwards: a change of these alone is no change. `continued_in` leads from one
# household to another, which may have to go before it does.
NOT_KEPT = frozenset(
    {
        "version", "form_token", "display_name", "sort_name", "search_name", "search_surname", "import_digest",
        "household_closed", "continued_in",
    }
)  # fmt: skip


class Change(Event):
    """One row as it was after it was added or changed, or before it was removed."""

    pgh_id = models.BigAutoField(primary_key=True)
    # As in the line of the audit trail that was written with it.
    pgh_transaction = models.UUIDField(db_default=ThisTransaction(), editable=False)
    # The role of the database: the application, or somebody who works in the database itself.
    pgh_written_by = models.CharField(
        max_length=63, db_default=models.Func(function="session_user", template="%(function)s"), editable=False
    )

    class Meta:
        abstract = True


def keep(model: type[models.Model], *, tracked: tuple[type[models.Model], ...]) -> None:
    """Make the model of changes of `model`. `tracked`: all models that have one.

    What is encrypted never looks the same twice: its fingerprint tells whether it changed.
    """
    kept = [field for field in model._meta.local_concrete_fields if field.name not in NOT_KEPT]
    compared = [field.name for field in kept if not isinstance(field, EncryptedField)]
    onward = [field for field in kept if field.remote_field and field.remote_field.model in tracked]
    looked_up = [*(field.name for field in onward), "pgh_transaction"]
    pghistory.create_event_model(
        model,
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(condition=pgtrigger.AnyChange(*compared)),
        pghistory.DeleteEvent(),
        fields=[field.name for field in kept],
        base_model=Change,
        context_field=None,
        obj_field=pghistory.ObjForeignKey(related_name="+", db_index=True),
        app_label=model._meta.app_label,
        model_name=f"{model.__name__}Change",
        meta={"ordering": ["pgh_id"], "indexes": [models.Index(fields=[name]) for name in looked_up]},
        abstract=False,
    )


def of(model: type[models.Model]) -> type[Change] | None:
    """The model of changes of a model; None when it has none."""
    return getattr(model, "pgh_event_models", {}).get("update")


def all_of_them() -> list[type[Change]]:
    return [model for model in apps.get_models() if issubclass(model, Change)]


@transaction.atomic
def forget(*, objects: dict[type[models.Model], set[int]], on: str, by: User | None, now: dt.datetime) -> int:
    """Take away what the history holds of these rows, whose term is over (R-63); how many changes went.

    One line of the audit trail names the rows, and only in its transaction the trigger lets them go. `on` is what they
    belonged to. Repeatable: what went is not found again.
    """
    going = {of(model): ids for model, ids in objects.items() if of(model) and ids}
    going = {change: ids for change, ids in going.items() if change.objects.filter(pgh_obj__in=ids).exists()}
    if not going:
        return 0
    named = {change._meta.db_table: sorted(ids) for change, ids in going.items()}
    # A key of its own: this line stays when those about the household are blanked.
    audit(by=by, now=now, action="forget_history", on=f"history:{on}", details={"forgotten": named})
    return sum(change.objects.filter(pgh_obj__in=ids)._raw_delete("default") for change, ids in going.items())
