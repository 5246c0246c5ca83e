"""Forms about one household."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.core import clock
from casework.core.access import Right, may
from casework.core.refusals import Refused
from casework.households import actions
from casework.households.forms import MemberForm, ThreatForm
from casework.households.views.doors import get_household


def form_about_household(request: HttpRequest, case_number: str, form_class, template: str, save) -> HttpResponse:
    """One form about one household: who must first give a reason goes there, a refusal stands in the form."""
    household, now = get_household(request.user, case_number), clock.now()
    if actions.needs_reason(user=request.user, household=household, now=now):
        return redirect("access_reason", case_number=case_number)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, save(household, form, now))
            return redirect("household", case_number=case_number)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return render(request, template, {"household": household, "form": form})


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def add_member(request: HttpRequest, case_number: str) -> HttpResponse:
    def save(household, form, now):
        made = actions.add_member(household=household, person=form.person(), by=request.user, now=now)
        return _("%(name)s is added.") % {"name": made}

    return form_about_household(request, case_number, MemberForm, "households/add_member.html", save)


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def record_threat(request: HttpRequest, case_number: str) -> HttpResponse:
    def save(household, form, now):
        actions.record_threat(household=household, by=request.user, now=now, **form.cleaned_data)
        return _("What threatens is recorded.")

    return form_about_household(request, case_number, ThreatForm, "households/record_threat.html", save)
