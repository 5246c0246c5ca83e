"""Quick find (S05): the part of a page that opens under the field in the top bar while somebody types."""

import re

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.core import clock
from casework.core.access import Right, may
from casework.households.actions import note_search
from casework.households.models import MOST_COUNTED, Found, SearchTerm, quick_find, typed_text
from casework.overview import reads


@may(Right.FIND_HOUSEHOLDS)
@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """At most eight households for what was typed; before that, the last ones this person opened.

    What was answered leaves one line in the audit trail (R-92, decision 0031).
    """
    now, typed = clock.now(), typed_text(request.GET.get("q", ""))
    terms, found = [], Found()
    if not typed:
        keys = reads.last_opened(request.user)
    elif too_short(typed):
        keys = []
    else:
        by_bsn = request.user.may(Right.SEE_BSN)
        terms = SearchTerm.all_from(typed, today=clock.local_date(now), by_bsn=by_bsn)
        found = quick_find(terms)
        keys = found.keys
        number = min(found.number, MOST_COUNTED)
        note_search(typed=typed, hits=number, is_more=found.is_more, by=request.user, now=now)
    shown = reads.hits(keys, terms, user=request.user, now=now)
    context = {
        "typed": typed, "too_short": too_short(typed), "found": found, "most": MOST_COUNTED,
        "hits": shown if typed else shown[: reads.LAST_OPENED],
    }  # fmt: skip
    return render(request, "overview/_find_results.html", context)


def too_short(typed: str) -> bool:
    """One letter, or one or two digits: half of the city would fit."""
    return len(typed) == 1 or bool(re.fullmatch(r"[0-9]{2}", typed))
