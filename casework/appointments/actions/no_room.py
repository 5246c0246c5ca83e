"""No time is free within an urgent term: the supervisor hears of it (S09, R-13)."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.core import clock, dates
from casework.core.models import Role, User
from casework.core.refusals import Refused
from casework.households.actions import add_task, lock_household
from casework.households.models import Household, Task, TaskKind, Term, TermKind


@transaction.atomic
def report_no_room(*, household: Household, form_token: UUID | None = None, by: User, now: dt.datetime) -> Task:
    """*Meld aan teamleider*: a task for any supervisor, due on the last day of the term, and not before today.

    Refuses a household without an open urgent term, and a closed one. Repeatable: while one is open no second is made.
    """
    row = lock_household(household.pk)
    term = Term.objects.open().filter(household=row, kind=TermKind.URGENT).first()
    if term is None:
        raise Refused(_("No urgent term is open for this household."))
    if standing := Task.objects.open().filter(household=row, kind=TaskKind.NO_ROOM).order_by("pk").first():
        return standing
    text = gettext("No time for an urgent first talk within the term (at the latest %(date)s).")
    return add_task(
        household=row, text=text % {"date": dates.short_date(term.deadline)}, kind=TaskKind.NO_ROOM,
        due_on=max(term.deadline, clock.local_date(now)), role=Role.SUPERVISOR, form_token=form_token, by=by, now=now,
    )  # fmt: skip
