"""The caseload board of a supervisor (S16)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.core import clock
from casework.core.access import Right, may
from casework.core.actions import audit
from casework.core.models import AuditKind
from casework.core.paging import filters_shown
from casework.core.thresholds import Threshold
from casework.counsellors.models import location_of
from casework.overview.filters import BoardFilter
from casework.overview.forms import HandOverToForm
from casework.overview.reads import board as reads

# So many households without a counsellor are shown; the list of households has all.
MOST = 50


@may(Right.ALLOCATE)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """A column per counsellor. Names stay off until somebody asks for them, which is on record as reading."""
    given, now = request.GET.copy(), clock.now()
    if place := location_of(request.user):
        given.setdefault("location", str(place.pk))
    form = BoardFilter(given)
    form.is_valid()
    location = form.cleaned_data.get("location")
    columns = reads.caseload_board(location, now=now)
    waiting = list(reads.without_counsellor(location)[: MOST + 1])
    names = "names" in request.GET
    if names:
        details = {"location": location.pk if location else None}
        audit(by=request.user, now=now, action="view_board_names", on="household:*", kind=AuditKind.VIEWED,
              details=details)  # fmt: skip
    context = {
        "columns": columns, "waiting": waiting[:MOST], "more_waiting": len(waiting) > MOST, "location": location,
        "weight_urgent": Threshold.WEIGHT_URGENT.words(now),
        "weight_aftercare": Threshold.WEIGHT_AFTERCARE.words(now),
        "names": names, "active": sum(one.active for one in columns),
        "capacity": sum(one.counsellor.capacity for one in columns), "hand_over": HandOverToForm(),
        **filters_shown(form, given, ignored=bool(form.errors)),
    }  # fmt: skip
    return render(request, "overview/board.html", context)
