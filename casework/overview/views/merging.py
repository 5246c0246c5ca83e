"""Two households that are the same people: compare, propose or merge, and take it back (R-53)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from casework.appointments import actions as appointments
from casework.core import clock
from casework.core.access import Right, may
from casework.core.refusals import Refused
from casework.households import actions as households
from casework.households.models import Household, Merge, MergeState
from casework.households.views import get_household, note_look
from casework.overview.forms import MergeForm, OtherNumberForm


@may(Right.PROPOSE)
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, case_number: str) -> HttpResponse:
    """`?other=…` names the other one. A counsellor of one of the two proposes, a supervisor merges at once (R-53)."""
    row = get_household(request.user, case_number)
    if households.needs_reason(user=request.user, household=row, now=clock.now()):
        return redirect("access_reason", case_number=case_number)
    asked = OtherNumberForm(request.GET if "other" in request.GET else None)
    other = _find_other(request, asked, row) if asked.is_valid() else None
    if other is None:
        return render(request, "overview/merge.html", {"household": row, "asked": asked})
    if households.needs_reason(user=request.user, household=other, now=clock.now()):
        # What is compared is read: the reason comes first there too.
        return redirect("access_reason", case_number=other.case_number)
    return _compare(request, row, other)


def _find_other(request: HttpRequest, asked: OtherNumberForm, row: Household) -> Household | None:
    number = asked.cleaned_data["other"]
    other = Household.objects.visible_to(request.user).with_identity().filter(case_number=number).first()
    try:
        if other is None:
            raise Refused(_("There is no household with this number."))
        households.check_can_merge(row, other)
        if not request.user.may(Right.APPROVE) and not any(
            households.is_own(request.user, one) for one in (row, other)
        ):
            raise Refused(_("Ask a counsellor of one of the two to propose this."))
    except Refused as refused:
        asked.add_error("other", str(refused))
        return None
    return other


def _compare(request: HttpRequest, row: Household, other: Household) -> HttpResponse:
    surviving, absorbed = households.in_order(row, other)
    decides, now = request.user.may(Right.APPROVE), clock.now()
    usual = households.usual_takes(surviving, absorbed)
    form = MergeForm(request.POST or None, surviving=surviving, absorbed=absorbed, takes=usual)
    if request.method == "POST" and form.is_valid():
        act = appointments.merge_households if decides else households.propose_merge
        try:
            act(one=row, other=other, takes=form.takes(), reason=form.cleaned_data["reason"], by=request.user, now=now)
            done = _("These households are one now.") if decides else _("Your proposal waits for the supervisor.")
            messages.success(request, done)
            return redirect("household", case_number=surviving.case_number)
        except Refused as refused:
            form.add_error(None, str(refused))
    if request.method == "GET":
        for one in (surviving, absorbed):
            note_look(request, one, "compare_households", now=now)
    return _page(request, form, surviving, absorbed, decides=decides)


def _page(request, form, surviving, absorbed, *, decides: bool, proposal: Merge | None = None) -> HttpResponse:
    here = [one for one in surviving.members.all() if one.left_on is None]
    there = [one for one in absorbed.members.all() if one.left_on is None]
    context = {
        "household": surviving, "absorbed": absorbed, "form": form, "decides": decides, "proposal": proposal,
        "obstacles": appointments.obstacles(surviving, absorbed), "members": here,
        "others": [(one, any(households.is_same_person(mine, one) for mine in here)) for one in there],
    }  # fmt: skip
    return render(request, "overview/merge_compare.html", context)


@may(Right.APPROVE)
@require_http_methods(["GET", "POST"])
def decide_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """What a counsellor proposed, with the same comparison; the supervisor merges, or does not."""
    visible = Household.objects.visible_to(request.user)
    rows = Merge.objects.filter(state=MergeState.PROPOSED, surviving__in=visible, absorbed__in=visible)
    proposal = get_object_or_404(rows, pk=pk)
    surviving = get_object_or_404(visible.with_identity(), pk=proposal.surviving_id)
    absorbed = get_object_or_404(visible.with_identity(), pk=proposal.absorbed_id)
    form = MergeForm(
        None if "decline" in request.POST else request.POST or None,
        surviving=surviving, absorbed=absorbed, takes=proposal.takes, reason=proposal.reason,
    )  # fmt: skip
    now = clock.now()
    try:
        if request.method == "POST" and "decline" in request.POST:
            households.decline_merge(merge=proposal, by=request.user, now=now)
            messages.success(request, _("They stay two households."))
            return redirect("to_approve")
        if request.method == "POST" and form.is_valid():
            appointments.approve_merge(merge=proposal, takes=form.takes(), by=request.user, now=now)
            messages.success(request, _("These households are one now."))
            return redirect("household", case_number=surviving.case_number)
    except Refused as refused:
        if not form.is_bound:
            messages.warning(request, str(refused))
            return redirect("to_approve")
        form.add_error(None, str(refused))
    return _page(request, form, surviving, absorbed, decides=True, proposal=proposal)


@may(Right.APPROVE)
@require_POST
def undo_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Two again, within 14 days (R-53): by a supervisor."""
    done = get_object_or_404(Merge.objects.select_related("surviving", "absorbed"), pk=pk)
    try:
        households.undo_merge(merge=done, by=request.user, now=clock.now())
        messages.success(request, _("These are two households again: %(one)s and %(other)s.") % {
            "one": done.surviving.case_number, "other": done.absorbed.case_number})  # fmt: skip
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("household", case_number=done.surviving.case_number)
