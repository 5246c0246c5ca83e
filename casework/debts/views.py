"""The first page of a debt file: to read (S08)."""

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.core import clock
from casework.core.access import Right, may
from casework.debts.models import Debt, DebtFile
from casework.households.models import Household
from casework.households.views import household_of, note_look, reason_first


@may(Right.SEE_DEBT_FILE)
@require_GET
def debt_file(request: HttpRequest, case_number: str) -> HttpResponse:
    """The newest file of a household, with its phases, solution and debts (R-90c)."""
    household = household_of(Household.objects.visible_to(request.user).select_related("owner__user"), case_number)
    now = clock.now()
    if stop := reason_first(request, household):
        return stop
    files = list(DebtFile.objects.filter(household=household).prefetch_related("phases"))
    current = files[0] if files else None
    debts = list(Debt.objects.filter(debt_file=current).select_related("creditor")) if current else []
    total = Debt.objects.filter(debt_file=current).aggregate(total=Sum("amount"))["total"] if current else None
    note_look(request, household, "view_debt_file", now=now)
    context = {"household": household, "file": current, "earlier": files[1:], "debts": debts, "total": total}
    return render(request, "debts/debt_file.html", context)
