"""What happens in the life of a household, who else helps, programmes, and notes (domain.md 4.1, S07)."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.actions import audit, change_row, made_before, obey_constraints
from casework.core.models import User
from casework.core.refusals import Refused
from casework.households.actions.closing import HouseholdClosed
from casework.households.actions.locking import lock_household
from casework.households.models import Helper, Household, LifeEvent, Note, ProgrammeLabel

Part = LifeEvent | Helper | ProgrammeLabel


# Beside which field a refusal of the database stands, for who adds and for who changes.
_ADDED = {"programme_runs_once": "programme"}
_CHANGED = {"programme_runs_once": "until", "programme_dates_in_order": "until"}


def _add(model: type[Part], household: Household, values: dict, token: UUID | None, by: User, now: dt.datetime) -> Part:
    """One row about an open household, once per form token, with its line (R-17)."""
    row = lock_household(household.pk)
    if earlier := made_before(model, token, household=row):
        return earlier
    if row.is_closed:
        raise HouseholdClosed(_("This household is closed."))
    made = model(household=row, form_token=token, **values)
    obey_constraints(made, at=_ADDED)
    made.save()
    name = model._meta.model_name
    audit(by=by, now=now, action=f"add_{name}", on=row, details={name: made.pk})
    return made


def _change(part: Part, values: dict, version: int, by: User, now: dt.datetime) -> Part:
    """Change a row about a household; nothing is overwritten silently (R-19)."""
    row = type(part).objects.select_for_update(of=("self",), no_key=True).select_related("household").get(pk=part.pk)
    if changed := change_row(row, values, version=version, at=_CHANGED):
        name = row._meta.model_name
        details = {name: row.pk, "changed": sorted(changed)}
        audit(by=by, now=now, action=f"change_{name}", on=row.household, details=details)
    return row


def _checked(values: dict, checked: bool, by: User, now: dt.datetime, was: LifeEvent | None = None) -> dict:
    """Who looked at the consequences, and when: whoever said so first."""
    if not checked:
        return values | {"checked_on": None, "checked_by": None}
    if was and was.checked_on:
        return values
    return values | {"checked_on": clock.local_date(now), "checked_by": by}


@transaction.atomic
def add_life_event(
    *, household: Household, values: dict, checked: bool = False, form_token: UUID | None = None, by: User,
    now: dt.datetime,
) -> LifeEvent:  # fmt: skip
    """Record something that tips a budget; `checked` says that somebody looked at what follows from it.

    `values`: kind, happened_on, consequence. Refuses HouseholdClosed. Repeatable with the same `form_token` (R-17).
    """
    return _add(LifeEvent, household, _checked(values, checked, by, now), form_token, by, now)


@transaction.atomic
def change_life_event(
    *, event: LifeEvent, values: dict, checked: bool, version: int, by: User, now: dt.datetime
) -> LifeEvent:
    """Change a life event or note that its consequences were checked. Refuses ChangedMeanwhile (R-19). Repeatable."""
    current = LifeEvent.objects.select_for_update(of=("self",), no_key=True).get(pk=event.pk)
    return _change(current, _checked(values, checked, by, now, current), version, by, now)


@transaction.atomic
def add_helper(
    *, household: Household, values: dict, form_token: UUID | None = None, by: User, now: dt.datetime
) -> Helper:
    """Add somebody of another organisation who helps too. Refuses HouseholdClosed. Repeatable with `form_token`."""
    return _add(Helper, household, values, form_token, by, now)


@transaction.atomic
def change_helper(*, helper: Helper, values: dict, version: int, by: User, now: dt.datetime) -> Helper:
    """Change another helper, or note until when they helped. Refuses ChangedMeanwhile (R-19). Repeatable."""
    return _change(helper, values, version, by, now)


@transaction.atomic
def add_programme(
    *, household: Household, values: dict, form_token: UUID | None = None, by: User, now: dt.datetime
) -> ProgrammeLabel:
    """A household takes part in a programme. Refuses HouseholdClosed, and a programme that runs already.

    Repeatable with the same `form_token` (R-17).
    """
    return _add(ProgrammeLabel, household, values, form_token, by, now)


@transaction.atomic
def change_programme(
    *, label: ProgrammeLabel, values: dict, version: int, by: User, now: dt.datetime
) -> ProgrammeLabel:
    """Change since and until when. Refuses ChangedMeanwhile (R-19), and dates in the wrong order. Repeatable."""
    return _change(label, values, version, by, now)


@transaction.atomic
def write_note(
    *, household: Household, kind: str, text: str, form_token: UUID | None = None, by: User, now: dt.datetime
) -> Note:
    """A short note on the timeline, also of a closed household (S07). It is never changed afterwards.

    Refuses an empty text. Repeatable with the same `form_token` (R-17).
    """
    row = lock_household(household.pk)
    if earlier := made_before(Note, form_token, household=row):
        return earlier
    if not text.strip():
        raise Refused(_("Write the note."), field="text")
    made = Note.objects.create(household=row, at=now, by=by, kind=kind, text=text.strip(), form_token=form_token)
    audit(by=by, now=now, action="write_note", on=row, details={"note": made.pk, "kind": kind})
    return made
