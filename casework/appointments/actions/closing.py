"""Changes of a household that touch its appointments and messages, in one transaction (R-38, R-62)."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.appointments.actions.booking import cancel, lock_all
from casework.appointments.actions.followups import keep_follow_ups
from casework.appointments.actions.waiting import end_with_household
from casework.appointments.models import Appointment, PhoneAttempt
from casework.core.models import Role, User
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.core.thresholds import Threshold
from casework.households import actions as households
from casework.households.models import AttemptKind, ContactAttempt, ExitReason, Household
from casework.messaging import actions as messaging
from casework.messaging.models import WithdrawnReason


class StandingAppointments(Refused):
    """Future appointments stand, or others than those that somebody saw and confirmed (R-62)."""


class TooFewAttempts(Refused):
    """Somebody was not tried often enough to say that they did not appear (R-25)."""


class MayNotClose(Refused):
    """Counsellors close their own households, supervisors all."""


@dataclass(frozen=True)
class Attempts:
    """How often, and in how many ways, a household was tried lately; and what is needed of both (R-25)."""

    number: int
    kinds: int
    needed: int
    kinds_needed: int
    within: str

    @property
    def enough(self) -> bool:
        return self.number >= self.needed and self.kinds >= self.kinds_needed


@transaction.atomic
def change_contact(*, household: Household, values: dict, version: int, by: User, now: dt.datetime) -> Household:
    """Change how a household is reached; an opt-out withdraws what is planned, from this second (R-38).

    Refuses what `households.actions.change_contact` refuses. Repeatable: the same values change nothing.
    """
    changed = households.change_contact(household=household, values=values, version=version, by=by, now=now)
    if not changed.wants_messages:
        messaging.withdraw_household(household=changed, reason=WithdrawnReason.OPTED_OUT, now=now)
    return changed


@transaction.atomic
def close_household(
    *, household: Household, reason: ExitReason, on: dt.date, by: User | None, now: dt.datetime
) -> Household:
    """Close a household, withdraw its unsent messages and end what was followed up (R-62). Refuses while future appointments stand."""
    if Appointment.objects.standing(now).filter(household=household).exists():
        raise StandingAppointments(_("Cancel the future appointments of this household first."))
    closed = households.close_household(household=household, reason=reason, on=on, by=by, now=now)
    messaging.withdraw_household(household=household, reason=WithdrawnReason.CLOSED, now=now)
    keep_follow_ups(household_id=household.pk, now=now)
    end_with_household(closed, by=by, now=now)
    return closed


def attempts_to_reach(household: Household, *, now: dt.datetime) -> Attempts:
    """The attempts that count for R-25, those by telephone for an appointment among them. Two queries."""
    since = now - Threshold.ATTEMPTS_WITHIN.span(now)
    kinds = list(ContactAttempt.objects.filter(household=household, at__gte=since).values_list("kind", flat=True))
    calls = PhoneAttempt.objects.filter(appointment__household=household, at__gte=since).count()
    return Attempts(
        len(kinds) + calls, len({*kinds, *([AttemptKind.PHONE] if calls else [])}),
        needed=Threshold.ATTEMPTS.number(now), kinds_needed=Threshold.ATTEMPT_KINDS.number(now),
        within=Threshold.ATTEMPTS_WITHIN.words(now),
    )  # fmt: skip


def may_close(household: Household, by: User) -> bool:
    """Counsellors close their own households, supervisors all (decision 0036). No query after `with_identity`."""
    return by.role == Role.SUPERVISOR or (by.role == Role.COUNSELLOR and households.is_own(by, household))


@transaction.atomic
def end_help(
    *, household: Household, reason: ExitReason, on: dt.date, version: int, cancels: dict[int, int], by: User,
    now: dt.datetime,
) -> Household:  # fmt: skip
    """Close a household from its page, and cancel what still stands in the same step (R-62).

    `cancels`: the future appointments that this person saw and confirmed, with their versions. Their residents hear
    that they do not go on, except after a death; every other unsent message is withdrawn. Refuses MayNotClose,
    TooFewAttempts, StandingAppointments when others stand by now, ChangedMeanwhile (R-19) and a second reason for a
    closed household. Repeatable: the same reason and date change nothing.
    """
    row = _lock(household, now)
    if row.is_closed and (row.exit_reason, row.closed_on) == (reason, on):
        return row
    if row.is_closed:
        raise households.HouseholdClosed(_("A colleague closed this household meanwhile."))
    if not may_close(row, by):
        raise MayNotClose(_("Only the counsellor of this household or a supervisor can close it."))
    if row.version != version:
        raise ChangedMeanwhile(row)
    if reason == ExitReason.DID_NOT_APPEAR:
        _check_attempts(attempts_to_reach(row, now=now))
    standing = list(Appointment.objects.standing(now).filter(household=row).order_by("starts_at", "pk"))
    if {one.pk: one.version for one in standing} != cancels:
        raise StandingAppointments(_("The appointments changed meanwhile. Look at the list again and confirm."))
    messaging.withdraw_household(household=row, reason=WithdrawnReason.CLOSED, now=now)
    for one in standing:
        cancel(appointment=one, by_resident=False, place_confirmed=True, by=by, now=now)
    if reason == ExitReason.DECEASED:
        messaging.withdraw_household(household=row, reason=WithdrawnReason.CLOSED, now=now)
    closed = households.close_household(household=row, reason=reason, on=on, by=by, now=now)
    keep_follow_ups(household_id=row.pk, now=now)
    end_with_household(row, by=by, now=now)
    return closed


def _check_attempts(made: Attempts) -> None:
    if not made.enough:
        needs = {"number": made.needed, "kinds": made.kinds_needed, "within": made.within}
        raise TooFewAttempts(
            _(
                "For this reason more contact attempts are needed within the last %(within)s: at least %(number)s, "
                "in at least %(kinds)s ways."
            )
            % needs,
            field="reason",
        )


def _lock(household: Household, now: dt.datetime) -> Household:
    """First the counsellors of what stands, then the household, as booking does; nothing is booked in between."""
    standing = Appointment.objects.standing(now).filter(household=household)
    lock_all(set(standing.values_list("counsellor_id", flat=True)), [household.pk])
    return households.lock_household(household.pk)
