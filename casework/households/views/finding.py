"""The list of households and the search in it (S05)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from casework.core import clock, values
from casework.core.access import Right, may
from casework.core.actions import audit
from casework.core.models import AuditKind, User
from casework.core.paging import PAGE_SIZES, keyset_page
from casework.households.filters import HouseholdFilter
from casework.households.models import Household

SORTS = {"name": "sort_name", "-name": "-sort_name", "registered": "registered_at", "-registered": "-registered_at"}


# Longer than any name with a date and a postcode.
LONGEST_SEARCH = 100


def typed_text(text: str) -> str:
    """What somebody typed to search, without characters that nobody types."""
    return "".join(ch for ch in text if ch.isprintable()).strip()[:LONGEST_SEARCH]


@may(Right.FIND_HOUSEHOLDS)
@require_GET
def households(request: HttpRequest) -> HttpResponse:
    """The list and the search. A search leaves one line in the audit trail (R-92)."""
    given = request.GET.copy()
    typed = given["q"] = typed_text(given.get("q", ""))
    if not request.GET and hasattr(request.user, "counsellor"):
        given["owner"] = str(request.user.counsellor.pk)
    if not typed:
        given.setdefault("state", HouseholdFilter.OPEN)
    visible = Household.objects.visible_to(request.user)
    rows = visible.select_related("owner__user").prefetch_related("members")
    found = HouseholdFilter(given, queryset=rows, request=request)
    if ignored := list(found.form.errors):
        # an unknown value is left out with a notice, the others still count.
        for name in ignored:
            del given[name]
        found = HouseholdFilter(given, queryset=rows, request=request)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "name"
    page, number = keyset_page(found.qs, order=SORTS[sort], params=request.GET), found.qs.count()
    if typed:
        _note_search(request.user, typed, number)
        if number == 1 and page.object_list and typed.upper() == page.object_list[0].case_number:
            return redirect("household", case_number=page.object_list[0].case_number)
    context = {
        "filter": found, "chips": [chip | {"without": _without(given, chip["name"])} for chip in found.chips()],
        "page": page, "sizes": PAGE_SIZES, "number": number, "total": visible.count(), "typed": typed,
        "ignored": ignored, "sort": sort,
    }  # fmt: skip
    return render(request, "households/list.html", context)


def _note_search(user: User, typed: str, hits: int) -> None:
    """A search for a BSN says so, and never holds it (S05, R-54)."""
    kept = values.hide_bsns(typed)
    action = "search_households" if kept == typed else "search_bsn"
    audit(by=user, now=clock.now(), action=action, on="household:*", kind=AuditKind.SEARCHED, reason=kept,
          details={"hits": hits})  # fmt: skip


def _without(given, name: str) -> str:
    """The address of the list without one filter. An empty value stays in it: no value means the usual choice."""
    params = given.copy()
    for gone in ("before", "after"):
        params.pop(gone, None)
    params[name] = ""
    return "?" + params.urlencode()
