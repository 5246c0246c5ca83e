"""The list of households and the search in it (S05)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from casework.core import clock
from casework.core.access import Right, may
from casework.core.paging import PAGE_SIZES, keyset_page, without
from casework.households import actions
from casework.households.filters import HouseholdFilter
from casework.households.models import LONGEST_SEARCH, Household, typed_text

__all__ = ["LONGEST_SEARCH", "SORTS", "households", "typed_text"]

SORTS = {"name": "sort_name", "-name": "-sort_name", "registered": "registered_at", "-registered": "-registered_at"}


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
    choices = HouseholdFilter.known_choices()
    found = HouseholdFilter(given, queryset=rows, request=request, choices=choices)
    if ignored := list(found.form.errors):
        # an unknown value is left out with a notice, the others still count.
        for name in ignored:
            del given[name]
        found = HouseholdFilter(given, queryset=rows, request=request, choices=choices)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "name"
    page, number = keyset_page(found.qs, order=SORTS[sort], params=request.GET), found.qs.count()
    if typed:
        actions.note_search(typed=typed, hits=number, by=request.user, now=clock.now())
        if number == 1 and page.object_list and typed.upper() == page.object_list[0].case_number:
            return redirect("household", case_number=page.object_list[0].case_number)
    context = {
        "filter": found, "chips": [chip | {"without": without(given, chip["name"])} for chip in found.form.chips()],
        "page": page, "sizes": PAGE_SIZES, "number": number, "total": visible.count(), "typed": typed,
        "ignored": ignored, "sort": sort, "may_transfer": request.user.may(Right.ALLOCATE),
    }  # fmt: skip
    return render(request, "households/list.html", context)
