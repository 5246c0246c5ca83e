"""From what kind of network a request comes, for the lines it leaves in the audit trail; the address is not kept."""

import ipaddress
from contextvars import ContextVar

from django.conf import settings

from casework.core.models import Network

_current: ContextVar[str] = ContextVar("network", default="")


def current() -> str:
    """Of the request that is being answered; empty outside one."""
    return _current.get()


def network_of(address: str) -> Network:
    """Unknown where no office networks are set, or where the address is none."""
    try:
        found = ipaddress.ip_address(address.strip())
    except ValueError:
        return Network.UNKNOWN
    if not settings.ETF_OFFICE_NETWORKS:
        return Network.UNKNOWN
    mapped = getattr(found, "ipv4_mapped", None) or found
    return Network.OFFICE if any(mapped in one for one in settings.ETF_OFFICE_NETWORKS) else Network.OUTSIDE


class NetworkMiddleware:
    """Remembers the kind of network while a request is answered."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        token = _current.set(network_of(self._address(request)))
        try:
            return self.get_response(request)
        finally:
            _current.reset(token)

    @staticmethod
    def _address(request) -> str:
        if settings.ALLAUTH_TRUSTED_PROXY_COUNT:
            return request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2]
        return request.META.get("REMOTE_ADDR", "")
