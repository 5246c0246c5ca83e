"""The household page (S07)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from casework.core import clock
from casework.core.access import Right, may
from casework.core.actions import audit
from casework.core.models import AuditKind, User
from casework.households.actions import is_own, needs_reason
from casework.households.models import Household
from casework.households.views import get_household
from casework.overview import reads


@may(Right.SEE_HOUSEHOLD)
@require_GET
def household(request: HttpRequest, case_number: str) -> HttpResponse:
    """The household page (S07). Every opening leaves one line in the audit trail (R-92)."""
    row, now = get_household(request.user, case_number), clock.now()
    if needs_reason(user=request.user, household=row, now=now):
        return redirect("access_reason", case_number=row.case_number)
    audit(by=request.user, now=now, action="view_household", on=row, kind=AuditKind.VIEWED)
    with_debts = request.user.may(Right.SEE_DEBT_FILE)
    blocks = reads.household_blocks(row, now=now, with_debts=with_debts)
    terms = [{"term": term, "days": term.days_left(clock.local_date(now))} for term in blocks.pop("terms")]
    context = {"household": row, "now": now, "with_debts": with_debts, "terms": terms, "debt_file": None, **blocks}
    context["may_allocate"] = not row.owner_id and not row.is_closed and request.user.may(Right.ALLOCATE)
    context["may_approve"] = request.user.may(Right.APPROVE)
    context["may_transfer"] = not row.is_closed and row.owner_id and _may_propose(request.user, row)
    context["next_term"] = next((one for one in terms if one["term"].is_open), None)
    return render(request, "overview/household.html", context)


def _may_propose(user: User, household: Household) -> bool:
    """A counsellor proposes for the own caseload, a supervisor decides for all (R-90h)."""
    return user.may(Right.APPROVE) or (user.may(Right.PROPOSE) and is_own(user, household))
