"""What every action does: write one line in the audit trail (R-92), and never overwrite silently (R-17, R-19)."""

import datetime as dt
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.core import network
from casework.core.models import AuditEntry, AuditKind, User
from casework.core.refusals import ChangedMeanwhile, Refused

SYSTEM = "system"


def audit(
    *,
    by: User | None,
    now: dt.datetime,
    action: str,
    on,
    kind: AuditKind = AuditKind.CHANGED,
    reason: str = "",
    details: dict | None = None,
) -> AuditEntry:
    """Add one line. `on` is the object (or its key); `by=None` is the system itself.

    `details` holds old and new values and must be JSON; never put free text about a resident in it.
    Takes part in the caller's transaction. Not repeatable: each call is a line.
    """
    return AuditEntry.objects.create(
        at=now,
        user_id_at_time=by.pk if by else None,
        username=by.username if by else SYSTEM,
        role=by.role if by else SYSTEM,
        kind=kind,
        action=action,
        object_key=on if isinstance(on, str) else object_key(on),
        reason=reason,
        details=details or {},
        network=network.current(),
    )


def object_key(obj) -> str:
    """`household:12`: how an object is named in the audit trail."""
    return f"{obj._meta.model_name}:{obj.pk}"


def change_row(row: models.Model, values: dict, *, version: int, at: dict[str, str] | None = None) -> list[str]:
    """Set what differs, raise the version and save; the names of what changed (R-19).

    Refuses ChangedMeanwhile when `version` is not that of the row, and what a constraint refuses (`at`: as in
    `obey_constraints`). Wants a locked row.
    Repeatable: the same values change nothing.
    """
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return []
    if row.version != version:
        raise ChangedMeanwhile(row)
    for name in changed:
        setattr(row, name, values[name])
    row.version += 1
    obey_constraints(row, at=at)
    row.save(update_fields=[*changed, "version"])
    return changed


def obey_constraints(row: models.Model, *, at: dict[str, str] | None = None) -> None:
    """Refuse in words what the database would refuse anyway; `at` names the field that a constraint is about."""
    for model, constraints in row.get_constraints():
        for one in constraints:
            try:
                one.validate(model, row)
            except ValidationError as error:
                raise Refused(" ".join(error.messages), field=(at or {}).get(one.name)) from error


def made_before(model: type[models.Model], form_token: UUID | None, **of) -> models.Model | None:
    """The row that this form made already, when it is sent twice (R-17). Refuses the token of another form."""
    earlier = model.objects.filter(form_token=form_token).first() if form_token else None
    if earlier and any(getattr(earlier, name) != value for name, value in of.items()):
        raise Refused(_("Open this page again."))
    return earlier
