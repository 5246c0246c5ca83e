"""What logging in leaves in the audit trail: who came in and how, who failed, who was shut out (R-92, R-98).

What somebody typed as a name is never kept: people type their password there.
"""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records

from casework.core import clock
from casework.core.actions import audit
from casework.core.models import AuditKind, User

UNKNOWN = "user:unknown"


def came_in(request, user: User) -> None:
    _line(request, "log_in", by=user, on=user, how=[_how(one) for one in get_authentication_records(request, user)])


def went_out(request, user: User, action: str = "log_out") -> None:
    _line(request, action, by=user, on=user)


def failed(request, user: User | None, *, how: str, shut: bool = False) -> None:
    """Nobody has shown who they are yet, so nobody is named as the one who did it; only whose account it was about."""
    _line(request, "login_failed", by=None, on=user or UNKNOWN, how=[how])
    if shut:
        _line(request, "login_locked", by=None, on=user or UNKNOWN)


def changed_second_factor(request, user: User, what: str) -> None:
    _line(request, "change_second_factor", by=user, on=user, what=what)


def network_address(request) -> str:
    return get_adapter(request).get_client_ip(request)


def _how(record: dict) -> str:
    """`password`, `totp`, `webauthn`, `recovery_codes` or `socialaccount`."""
    return record.get("type") or record["method"]


def _line(request, action: str, *, by, on, **details) -> None:
    details["address"] = network_address(request)
    audit(by=by, now=clock.now(), action=action, on=on, kind=AuditKind.LOGIN, details=details)
