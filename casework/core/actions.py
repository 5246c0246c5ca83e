"""Writing the audit trail. Every action and every view of a person writes one line (R-92)."""

import datetime as dt

from casework.core.models import AuditEntry, AuditKind, User

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
    )


def object_key(obj) -> str:
    """`household:12`: how an object is named in the audit trail."""
    return f"{obj._meta.model_name}:{obj.pk}"
