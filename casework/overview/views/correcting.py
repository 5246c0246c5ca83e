"""A correction after 14 days that somebody proposed: a supervisor looks at it and decides (R-22, S04)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.appointments import actions
from casework.appointments.models import CorrectionProposal
from casework.core import clock
from casework.core.access import Right, may
from casework.core.refusals import Refused
from casework.households.models import Household
from casework.households.views import note_look
from casework.overview.forms import AnswerCorrectionForm


@may(Right.CORRECT_LATE)
@require_http_methods(["GET", "POST"])
def decide_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Two buttons: it is corrected as proposed, or it is not, with a reason that the proposer reads."""
    visible = Household.objects.visible_to(request.user)
    rows = CorrectionProposal.objects.filter(appointment__household__in=visible).for_list()
    proposal, now = get_object_or_404(rows, pk=pk), clock.now()
    if not proposal.is_open and request.method == "GET":
        messages.info(request, _("A colleague decided on this already."))
        return redirect("appointment", pk=proposal.appointment_id)
    declines = "decline" in request.POST
    form = AnswerCorrectionForm(request.POST if declines else None)
    try:
        if declines and form.is_valid():
            answer = form.cleaned_data["answer"]
            actions.decline_correction(proposal=proposal, answer=answer, by=request.user, now=now)
            messages.success(request, _("It stays as it was. Your colleague reads why."))
            return redirect("to_approve")
        if request.method == "POST" and not declines:
            actions.approve_correction(proposal=proposal, by=request.user, now=now)
            name = {"name": proposal.appointment.household}
            messages.success(request, _("The attendance of %(name)s is corrected.") % name)
            return redirect("to_approve")
    except actions.CorrectionSettled as refused:
        messages.warning(request, str(refused))
        return redirect("to_approve")
    except Refused as refused:
        if form.is_bound:
            form.add_error(refused.field, str(refused))
        else:
            messages.error(request, str(refused))
    household = get_object_or_404(visible.with_identity(), pk=proposal.appointment.household_id)
    if request.method == "GET":
        note_look(request, household, "view_correction", now=now)
    context = {
        "proposal": proposal, "appointment": proposal.appointment, "household": household, "form": form, "now": now,
        "changed": actions.what_changed(proposal) if proposal.is_outdated else "",
    }  # fmt: skip
    return render(request, "overview/decide_correction.html", context)
