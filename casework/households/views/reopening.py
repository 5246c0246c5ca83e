"""Registering anew who comes back after closing (R-62)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.core import clock
from casework.core.access import Right, may
from casework.core.refusals import Refused
from casework.counsellors.models import location_of
from casework.households import actions
from casework.households.forms import ReopenForm
from casework.households.views.changing import refuse
from casework.households.views.doors import get_household, note_look, reason_first


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def reopen_household(request: HttpRequest, case_number: str) -> HttpResponse:
    """A new file with the people and contact details of an earlier one.

    Sent here from the page that asks whether somebody is registered already (`carried`), it opens with what was typed.
    """
    earlier, now = get_household(request.user, case_number), clock.now()
    if stop := reason_first(request, earlier):
        return stop
    is_new = request.method == "GET" or "carried" in request.POST
    try:
        if is_new:
            actions.check_can_reopen(earlier)
    except actions.ReopenedAlready as refused:
        messages.info(request, str(refused))
        return redirect("household", case_number=refused.household.case_number)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("household", case_number=case_number)
    form = ReopenForm(
        None if is_new else request.POST, earlier=earlier, initial=ReopenForm.carried(request.POST) if is_new else {}
    )
    context = {"household": earlier, "form": form, "candidates": []}
    if is_new:
        note_look(request, earlier, "view_reopening", now=now)
    elif form.is_valid():
        try:
            data = form.cleaned_data
            made = actions.reopen_household(
                earlier=earlier, client=data["client"], others=list(data["others"]), contact=form.contact(),
                location=location_of(request.user), came_through=data["came_through"], threats=form.new_threats(),
                duplicate_reason=data["duplicate_reason"], form_token=data["token"], by=request.user, now=now,
            )  # fmt: skip
        except actions.PossibleDuplicate as refused:
            form.ask_why()
            context["candidates"] = refused.candidates
        except Refused as refused:
            # The file of now, or the one with this BSN: the way on.
            context["known"] = getattr(refused, "household", None)
            refuse(form, refused)
        else:
            messages.success(request, _("%(name)s is registered.") % {"name": made})
            return redirect("book" if "book" in request.POST else "household", case_number=made.case_number)
    return render(request, "households/reopen.html", context)
