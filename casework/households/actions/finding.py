"""What a search leaves behind in the audit trail (R-92, decision 0031)."""

import contextlib
import datetime as dt
import re

from casework.core import clock, dates, values
from casework.core.actions import audit
from casework.core.models import AuditEntry, AuditKind, User

# Asked again within this time it is the same search: *Toon alle*, *Opnieuw*, a page further, or back.
SAME_SEARCH = dt.timedelta(minutes=10)
# So many lines back the last search is looked for.
_LINES_READ = 20
# The beginning of a BSN, or one with a typing error: the last digit follows from the eight before it.
_ALMOST_BSN = re.compile(r"(?<![\d+.-])(?!0)\d{7,9}(?![\d.-])")


def note_search(*, typed: str, hits: int, is_more: bool = False, by: User, now: dt.datetime) -> AuditEntry | None:
    """Note what somebody searched and how many were found (`is_more`: at least so many); a search for a BSN says so and never holds it (R-92, R-54).

    Repeatable: the same words as in the last search, within ten minutes, are the same search and leave no second
    line. A BSN always leaves a line.
    """
    kept = values.hide_bsns(typed)
    by_bsn = kept != typed
    kept = _ALMOST_BSN.sub(lambda found: _hidden(found[0], now), kept)
    if not by_bsn and _last_search(by, now) == kept:
        return None
    action = "search_bsn" if by_bsn else "search_households"
    return audit(by=by, now=now, action=action, on="household:*", kind=AuditKind.SEARCHED, reason=kept,
                 details={"hits": hits} | ({"more": True} if is_more else {}))  # fmt: skip


def _hidden(digits: str, now: dt.datetime) -> str:
    """Seven to nine digits masked, unless they are a date."""
    with contextlib.suppress(ValueError):
        dates.read_date(digits, today=clock.local_date(now))
        return digits
    return values.mask_bsn(digits)


def _last_search(user: User, now: dt.datetime) -> str | None:
    """What this person searched last, when that is still the same search. One query."""
    lines = AuditEntry.objects.filter(user_id_at_time=user.pk).order_by("-pk").values_list("kind", "at", "reason")
    for kind, at, reason in lines[:_LINES_READ]:
        if kind == AuditKind.SEARCHED:
            return reason if now - at <= SAME_SEARCH else None
    return None
