"""The household page (S07)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.appointments.actions import may_close
from casework.core import clock
from casework.core.access import Right, may
from casework.core.models import User
from casework.households.actions import is_own
from casework.households.models import Household
from casework.households.views import get_household, note_look, reason_first
from casework.overview import reads
from casework.overview.filters import TimelineKind


@may(Right.SEE_HOUSEHOLD)
@require_GET
def household(request: HttpRequest, case_number: str) -> HttpResponse:
    """The household page (S07); the desk sees less of it. Every opening leaves one line in the audit trail (R-92)."""
    row, now = get_household(request.user, case_number), clock.now()
    if stop := reason_first(request, row):
        return stop
    note_look(request, row, "view_household", now=now)
    full = request.user.may(Right.KEEP_RECORD)
    blocks = reads.household_blocks(row, by=request.user, now=now, full=full)
    today = clock.local_date(now)
    context = {
        "household": row,
        "now": now,
        "full": full,
        "terms": [{"term": term, "days": term.days_left(today)} for term in row.terms.all()],
        "may_allocate": not row.owner_id and not row.is_closed and request.user.may(Right.ALLOCATE),
        "may_approve": request.user.may(Right.APPROVE),
        "may_transfer": not row.is_closed and row.owner_id and _may_propose(request.user, row),
        # Retention stands beside this feature: its page is known here by its address only.
        "may_keep": row.is_closed and row.anonymised_on is None and request.user.may(Right.LEGAL_HOLD),
        "may_reopen": row.is_closed and not row.continued_in_id,
        "may_close": not row.is_closed and request.user.may(Right.CLOSE) and may_close(row, request.user),
        "may_merge": not row.is_closed and request.user.may(Right.PROPOSE),
        "merges": [
            {
                "number": one.absorbed.case_number,
                "at": one.settled_at,
                "pk": one.pk,
                "may_undo": request.user.may(Right.APPROVE) and one.may_undo(now),
            }
            for one in reads.merges_into(row)
        ],
        **blocks,
    }
    if full:
        context |= _filtered(blocks["timeline"], request.GET.get("kind", ""))
    return render(request, "overview/household.html", context)


def _filtered(timeline: list[dict], kind: str) -> dict:
    """The timeline by kind; an unknown kind is left out with a notice (R-101)."""
    known = kind in TimelineKind
    return {
        "timeline": [one for one in timeline if not known or one["kind"] == kind],
        "kinds": TimelineKind.choices,
        "kind": kind if known else "",
        "kind_label": TimelineKind(kind).label if known else "",
        "ignored": bool(kind) and not known,
    }


def _may_propose(user: User, household: Household) -> bool:
    """A counsellor proposes for the own caseload, a supervisor decides for all (R-90h)."""
    return user.may(Right.APPROVE) or (user.may(Right.PROPOSE) and is_own(user, household))
