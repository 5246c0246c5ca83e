"""The reason to look, and the BSN on demand (R-91, R-54)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from casework.core import clock
from casework.core.access import Right, may
from casework.core.models import AuditKind
from casework.core.refusals import Refused
from casework.households import actions
from casework.households.forms import AccessReasonForm
from casework.households.models import Member
from casework.households.views.doors import get_household, note_look, reason_first


@may(Right.SEE_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def access_reason(request: HttpRequest, case_number: str) -> HttpResponse:
    """R-91: a household outside the own caseload opens after a reason; then on to the page that was asked for."""
    household, now = get_household(request.user, case_number), clock.now()
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = reverse("household", args=[household.case_number])
    if not actions.needs_reason(user=request.user, household=household, now=now):
        return redirect(target)
    form = AccessReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_access_reason(
                user=request.user, household=household, kind=form.cleaned_data["kind"],
                text=form.cleaned_data["text"], now=now,
            )  # fmt: skip
            return redirect(target)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
    return render(request, "households/access_reason.html", {"form": form, "household": household})


@may(Right.SEE_BSN)
@require_POST
def show_bsn(request: HttpRequest, case_number: str, pk: int) -> HttpResponse:
    """One BSN, once, on demand, with a line of its own in the audit trail (R-54, R-92)."""
    household = get_household(request.user, case_number)
    now = clock.now()
    if stop := reason_first(request, household):
        return stop
    member = get_object_or_404(Member.objects.filter(household=household).exclude(bsn=""), pk=pk)
    note_look(request, household, "show_bsn", now=now, kind=AuditKind.BSN_SHOWN, details={"member": member.pk})
    return render(request, "households/bsn.html", {"household": household, "member": member})
