"""Following up what was missed (R-24, S12): items come and go with the attendance, people do the rest."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.appointments.models import APPEARED, MISSED, Appointment, FollowUp, FollowUpState
from casework.appointments.models import missed_without_follow_up as without_item
from casework.core import clock, dates
from casework.core.access import Right
from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.core.thresholds import Threshold
from casework.households import actions as households
from casework.households.models import AttemptKind, AttemptResult, ContactAttempt, Household, Term, TermKind
from casework.places.models import CalendarDay

# Working days until the next step, after a contact of this kind that did not bring an appointment yet.
NEXT_STEP_AFTER = {
    AttemptKind.PHONE: Threshold.NEXT_STEP_PHONE,
    AttemptKind.SMS: Threshold.NEXT_STEP_SMS,
    AttemptKind.EMAIL: Threshold.NEXT_STEP_EMAIL,
    AttemptKind.LETTER: Threshold.NEXT_STEP_LETTER,
    AttemptKind.VISIT: Threshold.NEXT_STEP_VISIT,
}


class HandledMeanwhile(Refused):
    """A colleague was first; the text says who, when and what (S12)."""


# What follows from the attendance


@dataclass
class _Truth:
    """What the appointments of one household say about its items."""

    household: Household
    attended: list[Appointment]
    urgent: bool = False
    calendar: object = field(default=None)

    def back_after(self, missed: Appointment) -> Appointment | None:
        """The first appointment after a missed one to which somebody came."""
        return next((one for one in self.attended if one.starts_at > missed.starts_at), None)

    def due_on(self, recorded: dt.date) -> dt.date:
        """The next working day, or what was in force then; the same day when it is urgent (R-24)."""
        days = Threshold.FOLLOW_UP_AFTER.number(recorded)
        return recorded if self.urgent else self.calendar.add_working_days(recorded, days)


def keep_follow_ups(*, household_id: int, now: dt.datetime) -> int:
    """Let the items of one household follow its attendance; how many were made or changed. Wants the household locked.

    Part of whatever records, corrects, merges or closes, which write the audit line. Makes an item for each missed
    appointment, takes it back when that was corrected, closes it when somebody came to a later appointment or when
    the help ended, and opens it again when that turns out not to be so. Repeatable.
    """
    missing = list(without_item().filter(household=household_id).order_by("starts_at", "pk"))
    rows = list(_items_of(household_id))
    if not (missing or rows):
        return 0
    truth = _truth(household_id, now)
    made = [_make(one, truth, now) for one in missing]
    return len(made) + sum(_follow(one, truth, now) for one in rows)


def _items_of(household_id: int):
    rows = FollowUp.objects.filter(appointment__household=household_id).order_by("pk")
    return rows.select_for_update(of=("self",), no_key=True).select_related("appointment")


def _truth(household_id: int, now: dt.datetime) -> _Truth:
    attended = Appointment.objects.filter(household=household_id, outcome__in=APPEARED).order_by("starts_at", "pk")
    urgent = Term.objects.open().filter(household=household_id, kind=TermKind.URGENT).exists()
    calendar = CalendarDay.objects.working_calendar()
    return _Truth(Household.objects.get(pk=household_id), list(attended), urgent, calendar)


def _make(missed: Appointment, truth: _Truth, now: dt.datetime) -> FollowUp:
    made = FollowUp(appointment=missed, made_at=now, due_on=truth.due_on(clock.local_date(missed.recorded_at)))
    _settle(made, truth, now)
    made.save(force_insert=True)
    return made


def _follow(row: FollowUp, truth: _Truth, now: dt.datetime) -> bool:
    """Whether the state of an item changed."""
    was = row.state, row.came_with_id
    if row.state == FollowUpState.WITHDRAWN and row.appointment.outcome in MISSED:
        row.due_on = truth.due_on(clock.local_date(row.appointment.recorded_at))
    _settle(row, truth, now)
    if (row.state, row.came_with_id) == was:
        return False
    row.version += 1
    row.save(update_fields=["state", "due_on", "closed_at", "closed_by", "came_with", "version"])
    return True


def _settle(row: FollowUp, truth: _Truth, now: dt.datetime) -> None:
    """Set the state that the appointments say. What a person said is not needed stays so."""
    back = truth.back_after(row.appointment)
    if row.appointment.outcome not in MISSED:
        state, back = FollowUpState.WITHDRAWN, None
    elif row.state == FollowUpState.NOT_NEEDED:
        state, back = FollowUpState.NOT_NEEDED, None
    elif back:
        state = FollowUpState.RETURNED
    elif truth.household.is_closed:
        state = FollowUpState.ENDED
    else:
        state = FollowUpState.OPEN
    if state == row.state and back == row.came_with:
        return
    row.came_with = back
    if state != row.state:
        row.state, row.closed_by = state, None
        row.closed_at = None if state == FollowUpState.OPEN else now


def follow_up(*, now: dt.datetime) -> int:
    """Make the items that are missing, as after a delivery, and end those that are over; how many changed (R-24).

    One transaction and one audit line per household, as the system. Safe to repeat and to run in parallel: what is as
    it should be is not found again, and each household is locked.
    """
    return sum(_follow_household(key, now) for key in sorted(_out_of_step()))


def _out_of_step() -> set[int]:
    """Keys of the households whose items do not say what their appointments say. Two queries."""
    later = Appointment.objects.filter(
        household=OuterRef("appointment__household"), outcome__in=APPEARED,
        starts_at__gt=OuterRef("appointment__starts_at"),
    )  # fmt: skip
    missed = Q(appointment__outcome__in=MISSED)
    wrong = (
        (~missed & ~Q(state=FollowUpState.WITHDRAWN))
        | (missed & Q(state=FollowUpState.WITHDRAWN))
        | (Q(state=FollowUpState.OPEN) & (Exists(later) | Q(appointment__household__closed_on__isnull=False)))
        | (
            Q(state=FollowUpState.RETURNED)
            & ~Q(came_with__outcome__in=APPEARED, came_with__household=F("appointment__household"))
        )
    )
    keys = set(without_item().order_by().values_list("household", flat=True))
    return keys | set(FollowUp.objects.filter(wrong).order_by().values_list("appointment__household", flat=True))


@transaction.atomic
def _follow_household(key: int, now: dt.datetime) -> int:
    household = Household.objects.select_for_update(of=("self",), no_key=True).filter(pk=key).first()
    if household is None:
        return 0
    changed = keep_follow_ups(household_id=key, now=now)
    if changed:
        audit(by=None, now=now, action="follow_up", on=household, details={"items": changed})
    return changed


# What people do


def check_can_follow_up(row: FollowUp, *, by: User, version: int | None = None) -> None:
    """Whether this item is still to be done, as it was when it was shown; the buttons ask this too. May query."""
    if not by.may(Right.FOLLOW_UP):
        raise Refused(_("You do not follow up missed appointments."))
    if not row.is_open or (version is not None and row.version != version):
        raise HandledMeanwhile(handled_by(row))


def handled_by(row: FollowUp) -> str:
    """Who did what with an item, and when, in one sentence. One query at most."""
    names = {"name": row.household, "state": row.get_state_display().lower()}
    if not row.is_open and row.closed_by:
        names |= _when(row.closed_at, row.closed_by)
        return gettext("%(name)s: %(state)s, by %(who)s, %(when)s.") % names
    if not row.is_open:
        return gettext("%(name)s: %(state)s.") % names
    last = ContactAttempt.objects.filter(household=row.household).select_related("by").first()
    if last is None:
        return gettext("A colleague changed this meanwhile. Look at the list again.")
    names |= {"kind": last.get_kind_display(), "result": last.get_result_display()} | _when(last.at, last.by)
    return gettext("%(name)s: %(who)s was first, %(when)s. %(kind)s: %(result)s.") % names


def _when(moment: dt.datetime, who: User) -> dict:
    at = clock.local(moment)
    return {"who": who, "when": f"{dates.short_date(at.date(), today=clock.today())} {dates.clock_time(at)}"}


def _locked(follow_up: FollowUp) -> FollowUp:
    households.lock_household(follow_up.appointment.household_id)
    return FollowUp.objects.for_list().select_for_update(of=("self",), no_key=True).get(pk=follow_up.pk)


@transaction.atomic
def log_follow_up_contact(
    *, follow_up: FollowUp, kind: str, result: str, version: int | None = None, form_token: UUID | None = None,
    by: User, now: dt.datetime,
) -> FollowUp:  # fmt: skip
    """Keep that somebody was called, written to or visited about a missed appointment, and until when the next step waits.

    Refuses HandledMeanwhile, with who did what. Repeatable with the same `form_token` (R-17).
    """
    row = _locked(follow_up)
    if form_token and ContactAttempt.objects.filter(form_token=form_token, household=row.household).exists():
        return row
    check_can_follow_up(row, by=by, version=version)
    households.log_contact_attempt(
        household=row.household, kind=kind, result=result, form_token=form_token, by=by, now=now
    )
    # Somebody we spoke with may think about it.
    spoken = result == AttemptResult.SPOKEN
    after = Threshold.NEXT_STEP_SPOKEN if spoken else NEXT_STEP_AFTER[AttemptKind(kind)]
    row.due_on = CalendarDay.objects.working_calendar().add_working_days(clock.local_date(now), after.number(now))
    row.version += 1
    row.save(update_fields=["due_on", "version"])
    return row


@transaction.atomic
def end_follow_up(*, follow_up: FollowUp, why: str, version: int | None = None, by: User, now: dt.datetime) -> FollowUp:
    """*Niet nodig*: nobody follows this up, for a reason that stays with it.

    Refuses HandledMeanwhile, and no reason. Repeatable by the same person with the same reason.
    """
    row = _locked(follow_up)
    if (row.state, row.why, row.closed_by) == (FollowUpState.NOT_NEEDED, why.strip(), by):
        return row
    check_can_follow_up(row, by=by, version=version)
    if not why.strip():
        raise Refused(_("Write why nobody needs to follow this up."), field="why")
    row.state, row.why, row.closed_at, row.closed_by = FollowUpState.NOT_NEEDED, why.strip(), now, by
    row.version += 1
    row.save(update_fields=["state", "why", "closed_at", "closed_by", "version"])
    audit(by=by, now=now, action="end_follow_up", on=row.household, details={"follow_up": row.pk})
    return row
