"""*Meld aan teamleider*, from the finder (S09)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from casework.appointments import actions
from casework.appointments.forms import NoRoomForm
from casework.core import clock
from casework.core.access import Right, may
from casework.core.refusals import Refused
from casework.households.models import Household
from casework.households.views import household_of, reason_first


@may(Right.BOOK)
@require_POST
def report_no_room(request: HttpRequest, case_number: str) -> HttpResponse:
    """Back to the finder, which shows the earliest later times all the same."""
    household = household_of(Household.objects.visible_to(request.user).select_related("owner__user"), case_number)
    if stop := reason_first(request, household):
        return stop
    form = NoRoomForm(request.POST)
    try:
        if not form.is_valid():
            raise Refused(_("Open this page again."))
        actions.report_no_room(
            household=household, form_token=form.cleaned_data["token"], by=request.user, now=clock.now()
        )
        messages.success(request, _("The supervisor has a task to find a time."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("book", case_number=household.case_number)
