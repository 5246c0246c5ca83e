"""Whether the first talks still fit (S04)."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.appointments.filters import OutlookForm
from casework.appointments.models import outlook, talks_to_plan
from casework.core import clock
from casework.core.access import Right, may
from casework.core.actions import audit
from casework.core.models import AuditKind
from casework.core.paging import PAGE_SIZES, keyset_page


@may(Right.SEE_ALL_FIGURES)
@require_GET
def forecast(request: HttpRequest) -> HttpResponse:
    """Open terms against free time per location and week, and behind each number its households."""
    form, now = OutlookForm(request.GET), clock.now()
    form.is_valid()
    asked = form.cleaned_data
    context = {"outlook": outlook(now=now), "ignored": bool(form.errors), "page": None, "asked": asked}
    if asked.get("week"):
        rows = talks_to_plan().filter(household__location=asked.get("location"))
        this_week = asked["week"] <= clock.local_date(now)
        rows = rows.filter(deadline__lte=asked["week"] + dt.timedelta(days=6))
        if not this_week:
            rows = rows.filter(deadline__gte=asked["week"])
        audit(by=request.user, now=now, action="view_outlook", on="household:*", kind=AuditKind.VIEWED)
        rows = rows.select_related("household__owner__user")
        context |= {"page": keyset_page(rows, order="deadline", params=request.GET), "sizes": PAGE_SIZES}
    return render(request, "appointments/forecast.html", context)
