"""Tasks about a household: made, changed, done, not needed any more (S08)."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.core.actions import audit, change_row, made_before, obey_constraints
from casework.core.models import Role, User
from casework.core.refusals import Refused
from casework.households.actions.access import is_own
from casework.households.actions.closing import HouseholdClosed
from casework.households.actions.locking import lock_household
from casework.households.models import OUTLIVES_HELP, Household, Move, Task, TaskKind, TaskState
from casework.households.models.tasks import MOVES


class NotYourTask(Refused):
    """Somebody else's task."""


class TaskSettled(Refused):
    """A colleague ended it already."""


class TooLateToUndo(Refused):
    """The ten minutes have passed."""


@transaction.atomic
def add_task(
    *, household: Household, text: str, due_on: dt.date, owner: User | None = None, role: str = "",
    kind: TaskKind = TaskKind.PLAIN, move: Move = Move.US, form_token: UUID | None = None, by: User | None,
    now: dt.datetime,
) -> Task:  # fmt: skip
    """Somebody has to do something before a date: `owner`, or anybody in `role` where there is no owner.

    Refuses an empty text, and HouseholdClosed but for a resident's request (R-64). Repeatable with the same
    `form_token` (R-17). `by=None` is the system.
    """
    row = lock_household(household.pk)
    if earlier := made_before(Task, form_token, household=row):
        return earlier
    if row.is_closed and kind not in OUTLIVES_HELP:
        raise HouseholdClosed(_("This household is closed."))
    made = Task(
        household=row, kind=kind, text=text.strip(), move=move, due_on=due_on, owner=owner, role="" if owner else role,
        made_at=now, made_by=by, form_token=form_token,
    )  # fmt: skip
    obey_constraints(made, at={"task_says_what": "text"})
    made.save()
    audit(by=by, now=now, action="add_task", on=row, details={"task": made.pk, "kind": str(kind)})
    return made


def check_can_settle(task: Task, *, by: User) -> None:
    """Whose task it is, the counsellor of the household, and supervisors. Refuses NotYourTask.

    One query, and only for a counsellor with somebody else's task.
    """
    mine = task.owner_id == by.pk or task.role == by.role or by.role == Role.SUPERVISOR
    if not mine and not is_own(by, task.household):
        raise NotYourTask(_("This task belongs to %(name)s.") % {"name": task.whose})


@transaction.atomic
def change_task(*, task: Task, values: dict, version: int, by: User, now: dt.datetime) -> Task:
    """Change what must be done, before when, whose move it is and who does it. `values`: text, due_on, move, owner.

    Refuses NotYourTask, TaskSettled and ChangedMeanwhile (R-19). Repeatable.
    """
    row = _locked(task)
    check_can_settle(row, by=by)
    if not row.is_open:
        raise TaskSettled(_("This task was ended already."))
    # Without an owner it stays with the role it waits for.
    role = "" if values.get("owner") else row.role
    if changed := change_row(row, values | {"role": role}, version=version, at={"task_says_what": "text"}):
        audit(by=by, now=now, action="change_task", on=row.household, details={"task": row.pk, "changed": changed})
    return row


@transaction.atomic
def settle_task(*, task: Task, state: TaskState, result: str = "", by: User, now: dt.datetime) -> Task:
    """It is done, or not needed any more, with a word about the result. Repeatable: the same end changes nothing.

    Refuses NotYourTask, and TaskSettled when a colleague ended it in another way.
    """
    row = _locked(task)
    check_can_settle(row, by=by)
    if row.state == state:
        return row
    if state not in MOVES[TaskState(row.state)]:
        name = row.settled_by or _("the system")
        raise TaskSettled(_("%(name)s ended this task already.") % {"name": name})
    row.state, row.result, row.settled_at, row.settled_by = state, result.strip(), now, by
    row.version += 1
    row.save(update_fields=["state", "result", "settled_at", "settled_by", "version"])
    audit(by=by, now=now, action="settle_task", on=row.household, details={"task": row.pk, "state": str(state)})
    return row


@transaction.atomic
def reopen_task(*, task: Task, by: User, now: dt.datetime) -> Task:
    """Take back that it was ended, for ten minutes (screens.md 2.0). Repeatable: an open task stays open.

    Refuses NotYourTask, TooLateToUndo, and HouseholdClosed.
    """
    row = _locked(task)
    check_can_settle(row, by=by)
    if row.is_open:
        return row
    if not row.may_undo(now):
        raise TooLateToUndo(_("More than ten minutes have passed. Write down a new task."))
    if row.household.is_closed and row.kind not in OUTLIVES_HELP:
        raise HouseholdClosed(_("This household is closed."))
    row.state, row.result, row.settled_at, row.settled_by = TaskState.OPEN, "", None, None
    row.version += 1
    row.save(update_fields=["state", "result", "settled_at", "settled_by", "version"])
    audit(by=by, now=now, action="reopen_task", on=row.household, details={"task": row.pk})
    return row


def _locked(task: Task) -> Task:
    """The household first, as every action about it does; then its task."""
    lock_household(task.household_id)
    rows = Task.objects.select_related("household__owner", "owner", "settled_by")
    return rows.select_for_update(of=("self",), no_key=True).get(pk=task.pk)
