"""Recording and answering what residents ask about their own data (R-64)."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from casework.core import clock
from casework.core.actions import audit, made_before
from casework.core.models import AuditEntry, AuditKind, Role, User
from casework.core.refusals import Refused
from casework.households.actions import add_task, lock_household, settle_task
from casework.households.models import Household, Member, TaskKind, TaskState
from casework.privacy.models import DataRequest, Outcome, RequestKind, one_month_after

TASKS = {RequestKind.INSPECTION: TaskKind.INSPECTION, RequestKind.DELETION: TaskKind.DELETION}


class AnsweredAlready(Refused):
    """A colleague answered this request."""


class NothingToAsk(Refused):
    """This household has no data (any more) that somebody could ask about."""


@transaction.atomic
def record_request(
    *, household: Household, member: Member | None, kind: str, received_on: dt.date, form_token: UUID | None = None,
    by: User, now: dt.datetime,
) -> DataRequest:  # fmt: skip
    """Record that somebody asks to see their data or to have them removed; it must be answered within a month (R-64).

    It makes a task for the privacy officer; supervisors see it too, on the page of the household.

    Refuses a household that was merged or anonymised, a member of another one, and a day that has yet to come.
    Repeatable: the same form makes one row, and an open request of the same person and kind is returned.
    """
    row = lock_household(household.pk)
    if earlier := made_before(DataRequest, form_token, household_id=row.pk):
        return earlier
    if row.anonymised_on:
        raise NothingToAsk(_("This household is anonymised: nothing is left that says who it was."))
    if received_on > clock.local_date(now):
        raise Refused(_("The day of receipt must not be in the future."), field="received_on")
    if member and member.household_id != row.pk:
        raise Refused(_("Choose somebody of this household."), field="member")
    standing = DataRequest.objects.open().filter(household=row, member=member, kind=kind).first()
    if standing:
        return standing
    due_on = one_month_after(received_on)
    with override("nl"):
        text = str(RequestKind(kind).label)
    task = add_task(
        household=row,
        kind=TASKS[RequestKind(kind)],
        text=text,
        due_on=due_on,
        role=Role.PRIVACY_OFFICER,
        by=by,
        now=now,
    )
    made = DataRequest.objects.create(
        household=row, member=member, kind=RequestKind(kind), received_on=received_on, due_on=due_on, task=task,
        recorded_at=now, recorded_by=by, form_token=form_token,
    )  # fmt: skip
    details = {"request": made.pk, "kind": kind, "due_on": f"{made.due_on}"}
    audit(by=by, now=now, action="record_data_request", on=row, details=details)
    return made


@transaction.atomic
def answer_request(
    *, request: DataRequest, outcome: str, explanation: str = "", by: User, now: dt.datetime
) -> DataRequest:
    """Note how a request was answered, and end its task (R-64).

    Refuses AnsweredAlready with another outcome, and a refusal (whole or in part) without an explanation, which the
    resident has a right to. Repeatable: the same answer changes nothing.
    """
    row = DataRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)
    if not row.is_open:
        if row.outcome == outcome:
            return row
        raise AnsweredAlready(_("A colleague answered this request already."))
    if outcome in {Outcome.REFUSED, Outcome.PARTLY} and not explanation.strip():
        raise Refused(_("Explain why, as you told the resident."), field="explanation")
    row.outcome, row.explanation = Outcome(outcome), explanation.strip()
    row.done_on, row.done_by = clock.local_date(now), by
    row.save(update_fields=["outcome", "explanation", "done_on", "done_by"])
    if row.task and row.task.is_open:
        settle_task(task=row.task, state=TaskState.DONE, result=Outcome(outcome).label, by=by, now=now)
    details = {"request": row.pk, "outcome": outcome}
    audit(by=by, now=now, action="answer_data_request", on=f"household:{row.household_id}", details=details)
    return row


def note_export(
    *, what: str, on, rows: int, purpose: str, details: dict | None = None, by: User, now: dt.datetime
) -> AuditEntry:
    """One line for what leaves ETF: what, how many rows and what for (R-92, R-94). Refuses an empty purpose."""
    if not purpose.strip():
        raise Refused(_("Say what you need this for."), field="purpose")
    return audit(
        by=by, now=now, action=what, on=on, kind=AuditKind.EXPORTED, reason=purpose.strip(),
        details={"rows": rows, **(details or {})},
    )  # fmt: skip
