"""Half-filled forms that outlive a session (R-98): kept on the server for one user, for one day, encrypted.

Never kept: passwords, codes, tokens and BSNs, in whatever field they were typed.
"""

import datetime as dt
import json
import re

from django.contrib import messages
from django.utils.html import format_html
from django.utils.translation import gettext as _

from casework.core import clock, dates, values
from casework.core.models import Concept, User

KEPT_FOR = dt.timedelta(hours=24)
# In the session: address of the page → moment it was saved, so that a page knows without a query.
_SESSION = "concepts"
_SECRET = re.compile(r"password|wachtwoord|token|secret|credential|bsn|^code$", re.IGNORECASE)
MOST_FIELDS, LONGEST = 200, 20_000


def keep(*, user: User, page: str, fields: dict[str, list[str]], now: dt.datetime) -> Concept | None:
    """What may be kept of a form, in place of what was kept of that page before; None when nothing is left."""
    allowed = {name: texts for name, texts in fields.items() if _may_be_kept(name, texts)}
    if not any(text.strip() for texts in allowed.values() for text in texts):
        return None
    concept, _new = Concept.objects.update_or_create(
        user=user, page=page, defaults={"fields": json.dumps(allowed), "saved_at": now}
    )
    return concept


def _may_be_kept(name: str, texts: list[str]) -> bool:
    return not _SECRET.search(name) and not any(_is_bsn(text) for text in texts)


def _is_bsn(text: str) -> bool:
    try:
        return bool(values.read_bsn(text))
    except ValueError:
        return False


def find(*, user: User, page: str, now: dt.datetime) -> dict[str, list[str]] | None:
    concept = Concept.objects.filter(user=user, page=page, saved_at__gt=now - KEPT_FOR).first()
    return json.loads(concept.fields) if concept else None


def forget(*, user: User, page: str) -> None:
    Concept.objects.filter(user=user, page=page).delete()


def forget_old(*, now: dt.datetime) -> int:
    """What nobody put back within a day goes. May be repeated."""
    return Concept.objects.filter(saved_at__lte=now - KEPT_FOR).delete()[0]


# What the session knows of them


def note(request, page: str, saved_at: dt.datetime | None) -> None:
    """Remembers, or with None forgets, that there is something to put back on a page."""
    known = dict(request.session.get(_SESSION, {}))
    known.pop(page, None)
    if saved_at:
        known[page] = saved_at.isoformat()
    request.session[_SESSION] = known


def noted(request, page: str) -> dt.datetime | None:
    saved_at = request.session.get(_SESSION, {}).get(page)
    return dt.datetime.fromisoformat(saved_at) if saved_at else None


def greet(request, user: User) -> None:
    """After logging in: where one was, and the way back to it."""
    for concept in Concept.objects.filter(user=user, saved_at__gt=clock.now() - KEPT_FOR).order_by("saved_at"):
        note(request, concept.page, concept.saved_at)
        saved = dates.clock_time(clock.local(concept.saved_at))
        text = _("Your draft of %(time)s is kept.") % {"time": saved}
        messages.info(request, format_html('{} <a href="{}">{}</a>', text, concept.page, _("Open the form")))
