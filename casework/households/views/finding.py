"""The list of households and the search in it (S05)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from casework.core import clock
from casework.core.access import Right, may
from casework.core.paging import filtered, stretch
from casework.households import actions
from casework.households.filters import HouseholdFilter
from casework.households.models import LONGEST_SEARCH, Household, SearchTerm, typed_text

__all__ = ["LONGEST_SEARCH", "SORTS", "households", "typed_text"]

SORTS = {
    "name": "sort_name", "-name": "-sort_name", "registered": "registered_at", "-registered": "-registered_at",
    "contact": "in_touch_at", "-contact": "-in_touch_at",
}  # fmt: skip


@may(Right.FIND_HOUSEHOLDS)
@require_GET
def households(request: HttpRequest) -> HttpResponse:
    """The list and the search. A search leaves one line in the audit trail (R-92)."""
    given = request.GET.copy()
    typed = given["q"] = typed_text(given.get("q", ""))
    if not typed:
        given.setdefault("state", HouseholdFilter.OPEN)
        if hasattr(request.user, "counsellor"):
            given.setdefault("owner", str(request.user.counsellor.pk))
    terms = SearchTerm.all_from(typed, today=clock.today())
    visible, choices = Household.objects.visible_to(request.user), HouseholdFilter.known_choices()
    rows = visible.select_related("owner__user").prefetch_related("members").with_merged_numbers(terms)
    # The sweep at the end of the day: who was out of sight longest comes first (roles.md 1.1).
    by_contact = given.get("sort", "").removeprefix("-") == "contact"
    if by_contact:
        rows = rows.with_contact()
    found, shown = filtered(
        lambda params: HouseholdFilter(params, queryset=rows, request=request, choices=choices), given
    )
    anchors = Household.objects.with_contact() if by_contact else None
    shown |= stretch(found, given, sorts=SORTS, anchors=anchors)
    number, first = shown["number"], next(iter(shown["page"].object_list), None)
    if typed:
        actions.note_search(typed=typed, hits=number, by=request.user, now=clock.now())
        if number == 1 and first and typed.upper() == first.case_number:
            return redirect("household", case_number=first.case_number)
    of_page = [one.pk for one in shown["page"].object_list]
    risky = set(Household.objects.at_risk(clock.now()).filter(pk__in=of_page).values_list("pk", flat=True))
    for one in shown["page"].object_list:
        one.merged, one.is_at_risk = one.merged_numbers(terms), one.pk in risky
    context = {
        "total": visible.count(), "typed": typed, "may_transfer": request.user.may(Right.ALLOCATE),
        "by_contact": by_contact,
    } | shown  # fmt: skip
    return render(request, "households/list.html", context)
