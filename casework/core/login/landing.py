"""Whether an address is a page that this user may see: where to go after logging in (S01)."""

from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme

from casework.core.access import Right
from casework.core.models import User


def may_open(user: User, address: str) -> bool:
    """Looks at the table of rights only; whether a household is in one's caseload its own page asks (R-91)."""
    if not url_has_allowed_host_and_scheme(address, allowed_hosts=None) or not address.startswith("/"):
        return False
    try:
        found = resolve(urlsplit(address).path)
    except Resolver404:
        return False
    if found.namespace == "admin":
        return user.may(Right.SETTINGS)
    access = getattr(found.func, "access", None)
    return access == "everyone logged in" or (isinstance(access, Right) and user.may(access))
