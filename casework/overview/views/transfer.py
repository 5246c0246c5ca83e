"""Households to another counsellor: a supervisor transfers, a counsellor proposes (S16, R-60, R-90h)."""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.appointments import actions as appointments
from casework.appointments.models import handovers
from casework.core import clock
from casework.core.access import Right, may
from casework.core.models import User
from casework.core.refusals import Refused
from casework.households import actions as households
from casework.households.models import Household, TransferProposal
from casework.overview import reads
from casework.overview.forms import HandoverForm, NewCounsellorForm, ProposeTransferForm

# More would not be looked at one by one.
MOST = 50


@may(Right.PROPOSE)
@require_http_methods(["GET", "POST"])
def transfer(request: HttpRequest) -> HttpResponse:
    """`?household=…` once or more, or `all_of` a counsellor, then `to`.

    Nothing is saved until each standing appointment has a choice.
    """
    asked = [number[:40] for number in request.GET.getlist("household") if "\x00" not in number]
    chosen = Q(case_number__in=asked)
    if all_of := [key for key in request.GET.getlist("all_of") if key.isascii() and key.isdigit() and len(key) < 10]:
        chosen |= Q(owner__in=all_of)
    rows = list(_may_go(request.user).filter(chosen).order_by("sort_name", "pk")[: MOST + 1])
    left_over = len(rows) > MOST
    del rows[MOST:]
    who = NewCounsellorForm(request.GET if "to" in request.GET else None)
    context = {
        "rows": rows, "who": who, "to": who.cleaned_data["to"] if who.is_valid() else None,
        "left_out": [] if left_over else sorted(set(asked) - {row.case_number for row in rows}), "form": None,
        "left_over": left_over, "most": MOST,
        "decides": request.user.may(Right.APPROVE),
    }  # fmt: skip
    if not rows or not context["to"]:
        return render(request, "overview/transfer.html", context)
    step = _transfer if context["decides"] else _propose
    return step(request, context)


def _may_go(user: User):
    """Open households; a counsellor proposes for the own caseload only."""
    rows = Household.objects.visible_to(user).open().select_related("owner__user")
    return rows if user.may(Right.APPROVE) else rows.filter(owner__user=user)


def _transfer(request: HttpRequest, context: dict) -> HttpResponse:
    rows, to, now = context["rows"], context["to"], clock.now()
    form = _handover_form(request, rows, to, now)
    if request.method == "POST" and form.is_valid():
        try:
            appointments.transfer_households(households=rows, to=to, choices=form.choices(), by=request.user, now=now)
            done = ngettext("%(number)s household now belongs to %(name)s.",
                            "%(number)s households now belong to %(name)s.", len(rows))  # fmt: skip
            messages.success(request, done % {"number": len(rows), "name": to})
            return _after(rows)
        except appointments.ChoicesMissing as refused:
            # What a colleague changed is shown as it stands; all other choices are still there.
            valid = form
            form = _handover_form(request, rows, to, now)
            form.full_clean()
            form.ask_again(refused.rows)
            if not form.errors:
                form = valid
            form.add_error(None, str(refused))
        except Refused as refused:
            form.add_error(None, str(refused))
    by_household = form.by_household()
    context |= {"form": form, "homes": [(row, by_household.get(row.pk, [])) for row in rows]}
    return render(request, "overview/transfer.html", context)


def _handover_form(request: HttpRequest, rows, to, now) -> HandoverForm:
    standing = appointments.standing_elsewhere(rows, to=to, now=now)
    return HandoverForm(request.POST or None, rows=handovers(standing, to=to, now=now), to=to)


def _propose(request: HttpRequest, context: dict) -> HttpResponse:
    form = context["form"] = ProposeTransferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            for row in context["rows"]:
                households.propose_transfer(
                    household=row, to=context["to"], reason=form.cleaned_data["reason"], by=request.user,
                    now=clock.now(),
                )  # fmt: skip
            messages.success(request, _("Your proposal waits for the supervisor."))
            return _after(context["rows"])
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(request, "overview/transfer.html", context)


def _after(rows: list[Household]) -> HttpResponse:
    return redirect("household", case_number=rows[0].case_number) if len(rows) == 1 else redirect("households")


@may(Right.APPROVE)
@require_GET
def to_approve(request: HttpRequest) -> HttpResponse:
    """What waits for the supervisor's decision (S04)."""
    context = {
        "transfers": list(reads.transfers_to_decide()), "merges": list(reads.merges_to_decide()),
        "corrections": list(reads.corrections_to_decide()),
    }  # fmt: skip
    return render(request, "overview/to_approve.html", context)


@may(Right.APPROVE)
@require_POST
def decline_transfer(request: HttpRequest, pk: int) -> HttpResponse:
    proposal = get_object_or_404(TransferProposal.objects.select_related("household"), pk=pk)
    try:
        households.decline_transfer(proposal=proposal, by=request.user, now=clock.now())
        messages.success(request, _("%(name)s stays where it is.") % {"name": proposal.household})
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("to_approve")
