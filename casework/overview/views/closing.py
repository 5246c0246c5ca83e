"""Ending the help of a household, with what stands in its agenda and outbox in sight (R-62, R-25)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.appointments import actions
from casework.core import clock
from casework.core.access import Right, may
from casework.core.forms import hold_both
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.households.views import get_household, note_look, reason_first
from casework.overview import reads
from casework.overview.forms import ClosingForm


@may(Right.CLOSE)
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, case_number: str) -> HttpResponse:
    """Close a household; what is cancelled and withdrawn in the same step is listed and confirmed first."""
    row, now = get_household(request.user, case_number), clock.now()
    if stop := reason_first(request, row):
        return stop
    if not actions.may_close(row, request.user):
        raise PermissionDenied
    if row.is_closed:
        messages.info(request, _("This household is closed."))
        return redirect("household", case_number=row.case_number)
    appointments = list(reads.standing_of(row, now=now))
    unsent = list(reads.unsent_of(row))
    form = ClosingForm(request.POST or None, household=row, appointments=appointments, unsent=unsent)
    if request.method == "GET":
        note_look(request, row, "view_closing", now=now)
    elif form.is_valid():
        try:
            data = form.cleaned_data
            actions.end_help(
                household=row, reason=data["reason"], on=data["on"], version=data["version"], cancels=data["seen"],
                by=request.user, now=now,
            )  # fmt: skip
            messages.success(request, _("The household is closed."))
            return redirect("household", case_number=row.case_number)
        except ChangedMeanwhile as refused:
            hold_both(form, refused, {})
        except actions.StandingAppointments as refused:
            form.ask_again(str(refused))
        except Refused as refused:
            form.add_error(refused.field, str(refused))
    context = {
        "household": row, "form": form, "standing": appointments, "unsent": unsent,
        "tasks": list(reads.tasks_that_end_with(row)),
        "attempts": actions.attempts_to_reach(row, now=now),
    }  # fmt: skip
    return render(request, "overview/close.html", context)
