"""The debt file (S08): its first page, opening one, and the list of debts line by line."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.core import clock
from casework.core.access import Right, may
from casework.core.forms import hold_both
from casework.core.models import User
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.debts import actions
from casework.debts.forms import ChangeDebtForm, DebtForm, StartFileForm
from casework.debts.models import Creditor, Debt, DebtFile
from casework.households.models import Household
from casework.households.views import household_of, note_look, reason_first, refuse

# In the address after adding a line: which one.
ADDED = "added"
# So many names of creditors go along with the page, the most used first.
SUGGESTED = 200


@may(Right.SEE_DEBT_FILE)
@require_http_methods(["GET", "POST"])
def debt_file(request: HttpRequest, case_number: str) -> HttpResponse:
    """The newest file of a household, with its phases, solution and debts (R-90c); what is sent is one more debt."""
    household = _household(request, case_number)
    if stop := reason_first(request, household):
        return stop
    if request.method == "POST":
        return _add_debt(request, household)
    note_look(request, household, "view_debt_file", now=clock.now())
    form = DebtForm()
    if ADDED in request.GET:
        form.fields["creditor"].widget.attrs["autofocus"] = True
    return _page(request, household, form)


@may(Right.SEE_DEBT_FILE)
@require_http_methods(["GET", "POST"])
def start_debt_file(request: HttpRequest, case_number: str) -> HttpResponse:
    """Open a file: whose debts they are, and from when."""
    household, now = _household(request, case_number), clock.now()
    if stop := reason_first(request, household):
        return stop
    form = StartFileForm(request.POST or None, household=household)
    if request.method == "POST" and form.is_valid():
        try:
            code = settings.MUNICIPALITY_CODE
            actions.start_debt_file(
                household=household, municipality_code=code, by=request.user, now=now, **form.cleaned_data
            )
            messages.success(request, _("The debt file is opened."))
            return redirect("debt_file", case_number=case_number)
        except actions.OpenFileExists as exists:
            # A second press, or a colleague: the answer leads to the file that is there.
            messages.info(request, str(exists))
            return redirect("debt_file", case_number=case_number)
        except Refused as refused:
            refuse(form, refused)
    return render(request, "debts/start.html", {"household": household, "form": form})


@may(Right.SEE_DEBT_FILE)
@require_http_methods(["GET", "POST"])
def change_debt(request: HttpRequest, case_number: str, pk: int) -> HttpResponse:
    """Change one line. A colleague's change meanwhile is shown beside one's own (R-19)."""
    household, now = _household(request, case_number), clock.now()
    if stop := reason_first(request, household):
        return stop
    row = get_object_or_404(Debt.objects.select_related("creditor", "debt_file"), pk=pk, debt_file__household=household)
    try:
        actions.check_can_change(row.debt_file, household, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("debt_file", case_number=case_number)
    if request.method == "GET":
        note_look(request, household, "view_debt", now=now)
    form, theirs = ChangeDebtForm(request.POST or None, initial=ChangeDebtForm.of(row)), []
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_debt(
                debt=row, creditor=form.cleaned_data["creditor"], values=form.values(),
                version=form.cleaned_data["version"], by=request.user, now=now,
            )  # fmt: skip
            messages.success(request, _("The debt is saved."))
            return redirect("debt_file", case_number=case_number)
        except ChangedMeanwhile as refused:
            theirs = hold_both(form, refused, ChangeDebtForm.of(refused.current))
        except Refused as refused:
            refuse(form, refused)
    context = {"household": household, "form": form, "theirs": theirs, "suggested": _suggested()}
    return render(request, "debts/change_debt.html", context)


def _household(request: HttpRequest, case_number: str) -> Household:
    return household_of(Household.objects.visible_to(request.user).select_related("owner__user"), case_number)


def _add_debt(request: HttpRequest, household: Household) -> HttpResponse:
    """The page comes back with what was understood, ready for the next line."""
    file = get_object_or_404(DebtFile, household=household, closed_on=None)
    form = DebtForm(request.POST)
    if form.is_valid():
        try:
            made = actions.add_debt(
                debt_file=file, creditor=form.cleaned_data["creditor"], values=form.values(),
                form_token=form.cleaned_data["token"], by=request.user, now=clock.now(),
            )  # fmt: skip
            # Without a fragment, or the browser would not put the cursor in the first field.
            return redirect(f"{request.path}?{ADDED}={made.pk}")
        except Refused as refused:
            refuse(form, refused)
    return _page(request, household, form)


def _page(request: HttpRequest, household: Household, form: DebtForm) -> HttpResponse:
    files = list(DebtFile.objects.filter(household=household).prefetch_related("phases"))
    current = files[0] if files else None
    debts = list(Debt.objects.filter(debt_file=current).select_related("creditor")) if current else []
    counted = [one for one in debts if one.counts]
    is_open = bool(current) and not current.is_closed
    may_add = is_open and _allowed(actions.check_can_change, current, household, by=request.user)
    context = {
        "household": household, "file": current, "earlier": files[1:], "debts": debts,
        "total": sum((one.amount for one in counted), start=0), "creditors": len({one.creditor_id for one in counted}),
        "form": form, "may_add": may_add,
        "may_start": not is_open and _allowed(actions.check_can_start, household, by=request.user),
        "suggested": _suggested() if may_add else [],
        "added": next((one for one in debts if str(one.pk) == request.GET.get(ADDED)), None),
    }  # fmt: skip
    return render(request, "debts/debt_file.html", context)


def _allowed(check: Callable, *what, by: User) -> bool:
    try:
        check(*what, by=by)
    except Refused:
        return False
    return True


def _suggested() -> list[str]:
    """One query."""
    return list(Creditor.objects.to_suggest().values_list("name", flat=True)[:SUGGESTED])
