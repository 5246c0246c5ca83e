"""When somebody was last seen in a session: 30 minutes later it is over (R-98).

Counts real seconds, also where `ETF_NOW` freezes the clock of the screens.
"""

import time

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore

_SEEN = "seen"


def see(session: SessionBase) -> None:
    session[_SEEN] = time.time()


def is_over(session: SessionBase) -> bool:
    """A session in which nobody was seen yet has only just begun."""
    return time.time() - session.get(_SEEN, time.time()) > settings.SESSION_IDLE_SECONDS


def has_run_out(key: str) -> bool:
    return is_over(SessionStore(key))
