"""Checking in and recording who came (R-10, R-20 to R-23, R-26)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.appointments.actions.booking import AlreadyRecorded, check_place, fresh_row, lock_rows
from casework.appointments.actions.followups import keep_follow_ups
from casework.appointments.actions.reminders import plan_missed_message
from casework.appointments.models import (
    APPEARED,
    MISSED,
    MOVES,
    Appointment,
    CorrectionProposal,
    CorrectionState,
    MissedReason,
    Occupancy,
    Outcome,
    PhoneAttempt,
    ToldHow,
    TypeChannel,
)
from casework.core import clock
from casework.core.access import Right
from casework.core.actions import audit
from casework.core.models import Role, User
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.core.thresholds import Threshold
from casework.counsellors.models import location_of
from casework.households import actions as households
from casework.messaging import actions as messaging
from casework.messaging.models import WithdrawnReason


class NotYours(Refused):
    """The desk records for its own location, a counsellor for their own appointments (R-90e)."""


class TooEarly(Refused):
    """Not possible yet at this moment (R-10, R-20, R-23)."""


class TooLateToCorrect(Refused):
    """After some calendar days only a supervisor corrects (R-22)."""


def _check_whose(appointment: Appointment, by: User) -> None:
    if by.role == Role.SUPERVISOR:
        return
    if by.role == Role.COUNSELLOR and appointment.is_of(by):
        return
    place = location_of(by) if by.role == Role.DESK else None
    if place and place.pk == appointment.location_id:
        return
    raise NotYours(_("You record attendance for your own appointments or location. Ask a colleague there."))


def _check_books(by: User) -> None:
    """R-90d: who books checks in too, counsellors for each other."""
    if not by.may(Right.BOOK):
        raise NotYours(_("You do not check in people. Ask the desk."))


def check_can_check_in(
    appointment: Appointment, *, by: User | None = None, place_confirmed: bool = False, now: dt.datetime
) -> None:
    """R-20: from some while before the start until the planned end; the button asks this too, with who would press it."""
    if by:
        _check_books(by)
        check_place(appointment.location, by=by, confirmed=place_confirmed)
    if appointment.outcome or appointment.arrived_at:
        raise AlreadyRecorded(_("This appointment was already checked in or recorded."))
    if not appointment.can_check_in(now):
        long = Threshold.CHECK_IN_FROM.words(now)
        raise TooEarly(
            _("Checking in is possible from %(long)s before the start until the planned end.") % {"long": long}
        )


@transaction.atomic
def check_in(
    *, appointment: Appointment, place_confirmed: bool = False, by: User, now: dt.datetime
) -> Appointment:  # fmt: skip
    """Note the arrival: a moment, not an outcome. Refuses TooEarly, AlreadyRecorded, OtherLocation (R-90d)."""
    row = fresh_row(appointment)
    check_can_check_in(row, by=by, place_confirmed=place_confirmed, now=now)
    row.arrived_at = now
    row.version += 1
    row.save(update_fields=["arrived_at", "version"])
    audit(by=by, now=now, action="check_in", on=row)
    return row


@transaction.atomic
def undo_check_in(
    *, appointment: Appointment, place_confirmed: bool = False, by: User, now: dt.datetime
) -> Appointment:  # fmt: skip
    """*Toch niet*: take back an arrival while nothing is recorded. Refuses OtherLocation. Repeatable."""
    row = fresh_row(appointment)
    _check_books(by)
    check_place(row.location, by=by, confirmed=place_confirmed)
    if row.outcome:
        raise AlreadyRecorded(_("This appointment already has an outcome. Correct the attendance instead."))
    if row.arrived_at:
        row.arrived_at = None
        row.version += 1
        row.save(update_fields=["arrived_at", "version"])
        audit(by=by, now=now, action="undo_check_in", on=row)
    return row


@transaction.atomic
def log_phone_attempt(*, appointment: Appointment, by: User, now: dt.datetime) -> PhoneAttempt:
    """Log one attempt to reach somebody by telephone (R-23). Refuses too soon after the last one."""
    row = fresh_row(appointment)
    _check_whose(row, by)
    if row.outcome:
        raise AlreadyRecorded(_("This appointment already has an outcome. Correct the attendance instead."))
    last = row.phone_attempts.last()
    if last and now - last.at < Threshold.PHONE_ATTEMPTS_APART.span(now):
        long = Threshold.PHONE_ATTEMPTS_APART.words(now)
        raise TooEarly(_("Wait %(long)s between two attempts by telephone.") % {"long": long})
    if now < row.starts_at:
        raise TooEarly(_("Attempts count from the planned start of the appointment."))
    attempt = PhoneAttempt.objects.create(appointment=row, at=now, by=by)
    audit(by=by, now=now, action="phone_attempt", on=row)
    return attempt


def _check_missed(appointment: Appointment, now: dt.datetime) -> None:
    """N and X: from some minutes after the start; by telephone only after enough attempts (R-10, R-23)."""
    if appointment.type.channel == TypeChannel.PHONE:
        if appointment.phone_attempts.count() < Threshold.PHONE_ATTEMPTS.number(now):
            raise TooEarly(
                _("Log enough attempts by telephone first: %(number)s, at least %(long)s apart.") % attempts_needed(now)
            )
    elif now < _missed_from(appointment, now):
        long = Threshold.NO_SHOW_FROM.words(now)
        raise TooEarly(_("Did not appear is possible from %(long)s after the planned start.") % {"long": long})


def _missed_from(appointment: Appointment, now: dt.datetime) -> dt.datetime:
    return appointment.starts_at + Threshold.NO_SHOW_FROM.span(now)


def attempts_needed(now: dt.datetime) -> dict:
    """For a sentence: the `number` of attempts by telephone and how `long` apart (R-23). No query."""
    return {"number": Threshold.PHONE_ATTEMPTS.number(now), "long": Threshold.PHONE_ATTEMPTS_APART.words(now)}


def _check_appeared(appointment: Appointment, now: dt.datetime) -> None:
    if now < appointment.starts_at - Threshold.CHECK_IN_FROM.span(now):
        raise TooEarly(_("This appointment is still to come."))


def check_can_record(appointment: Appointment, outcome: str, *, by: User, now: dt.datetime) -> None:
    """Whether `by` may give a planned appointment this outcome now; the choices on screen ask this too. May query."""
    _check_whose(appointment, by)
    if appointment.outcome:
        raise AlreadyRecorded(_("This appointment already has an outcome. Correct the attendance instead."))
    if appointment.walk_in and outcome != Outcome.ATTENDED:
        raise Refused(_("A walk-in came without an appointment: only appeared can be recorded."), field="outcome")
    if outcome in MISSED:
        _check_missed(appointment, now)
    if outcome in APPEARED:
        _check_appeared(appointment, now)


def possible_outcomes(appointment: Appointment, *, by: User, now: dt.datetime) -> list[Outcome]:
    """Which attendance a person may record at this moment (S11)."""
    asked = [*APPEARED, *MISSED, Outcome.CANCELLED_BY_ETF]
    return [outcome for outcome in asked if not _refusal(appointment, outcome, by, now)]


def choices_of(appointment: Appointment, now: dt.datetime) -> list[tuple[str, str]]:
    """The five choices of a row (S11), N from some minutes after the start. Who may is asked when it is pressed. No query.

    By telephone N leads to the page that counts the attempts (R-23).
    """
    choices = [(one.value, one.label) for one in APPEARED]
    if appointment.type.channel == TypeChannel.PHONE or now >= _missed_from(appointment, now):
        choices.append((Outcome.NO_SHOW.value, Outcome.NO_SHOW.label))
    return [
        *choices,
        ("A", _("Cancelled by the resident")),
        (Outcome.CANCELLED_BY_ETF.value, Outcome.CANCELLED_BY_ETF.label),
    ]


def _refusal(appointment: Appointment, outcome: str, by: User, now: dt.datetime) -> Refused | None:
    try:
        check_can_record(appointment, outcome, by=by, now=now)
    except Refused as refused:
        return refused
    return None


def _follow_terms(appointment: Appointment, *, was: str, by: User, now: dt.datetime) -> None:
    """The earliest first talk that was held meets its terms and starts the one for the decision (R-06, R-07)."""
    held_before = was in APPEARED
    if not appointment.type.first_talk or held_before == (appointment.outcome in APPEARED):
        return
    talks = Appointment.objects.filter(household=appointment.household_id, type__first_talk=True, outcome__in=APPEARED)
    first = talks.order_by("starts_at", "pk").first()
    households.follow_first_talk(
        household=appointment.household,
        held_on=clock.local_date(first.starts_at) if first else None,
        taken_back=clock.local_date(appointment.starts_at) if held_before else None,
        by=by,
        now=now,
    )


def reason_of_miss(code: str, outcome: str) -> MissedReason | None:
    """Only who was missed has one; out of use or not, for a proposal may have waited. One query, none without a code."""
    if not code or outcome not in MISSED:
        return None
    if found := MissedReason.objects.filter(code=code).first():
        return found
    raise Refused(_("This reason is gone from the list. Choose another one."), field="reason")


def _write(row: Appointment, outcome: str, reason: str, *, by: User, now: dt.datetime) -> None:
    row.outcome, row.reason = outcome, reason_of_miss(reason, outcome)
    row.recorded_at, row.recorded_by = now, by
    row.version += 1
    row.save(update_fields=["outcome", "reason", "recorded_at", "recorded_by", "told_at", "told_how", "version"])


@transaction.atomic
def record_attendance(
    *, appointment: Appointment, outcome: str, reason: str = "", by: User, now: dt.datetime
) -> Appointment:
    """Record V, L, N, X or E (R-10). Withdraws what was planned; N plans the *missed* message (R-26).

    Terms follow, and so do the items of follow-up: N and X make one, V and L close earlier ones (R-24).

    Refuses TooEarly, NotYours, AlreadyRecorded. Cancellations by the resident go through `cancel`. Not repeatable.
    """
    if outcome not in {*APPEARED, *MISSED, Outcome.CANCELLED_BY_ETF}:
        raise Refused(_("Choose what happened."), field="outcome")
    lock_rows(appointment.counsellor_ids, appointment.household_id)
    row = fresh_row(appointment)
    check_can_record(row, outcome, by=by, now=now)
    _write(row, outcome, reason, by=by, now=now)
    messaging.withdraw(appointment_key=row.pk, reason=WithdrawnReason.RECORDED, now=now)
    if outcome == Outcome.NO_SHOW:
        plan_missed_message(row, now=now)
    _follow_terms(row, was="", by=by, now=now)
    keep_follow_ups(household_id=row.household_id, now=now)
    audit(
        by=by, now=now, action="record_attendance", on=row, details={"outcome": outcome, "reason": row.reason_id or ""}
    )
    return row


# S11: so long the one who recorded may take it back at one press; after that it is a correction.
UNDO_WITHIN = dt.timedelta(minutes=10)


def check_can_undo(appointment: Appointment, *, by: User, now: dt.datetime) -> None:
    """Whether this person just recorded this; the button asks this too. No query."""
    if appointment.outcome not in {*APPEARED, *MISSED} or appointment.walk_in:
        raise Refused(_("There is nothing to undo here."))
    if appointment.recorded_by_id != by.pk:
        raise NotYours(_("A colleague recorded this. Correct the attendance instead."))
    if now - appointment.recorded_at > UNDO_WITHIN:
        raise TooLateToCorrect(_("Undoing is possible for 10 minutes. Correct the attendance instead."))


@transaction.atomic
def undo_attendance(*, appointment: Appointment, by: User, now: dt.datetime) -> Appointment:
    """*Ongedaan maken*: the appointment is to be recorded again, as if nothing was pressed (S11).

    The planned *missed* message is withdrawn; terms and follow-up go back. Refuses after ten minutes, what a colleague
    recorded, cancellations, and a miss whose time was given to somebody else. Not repeatable: the second call finds nothing to undo.
    """
    lock_rows(appointment.counsellor_ids, appointment.household_id)
    row = fresh_row(appointment)
    check_can_undo(row, by=by, now=now)
    if row.outcome in MISSED:
        _check_time_still_free(row)
    was, row.outcome, row.reason, row.recorded_at, row.recorded_by = row.outcome, "", None, None, None
    row.version += 1
    row.save(update_fields=["outcome", "reason", "recorded_at", "recorded_by", "version"])
    messaging.withdraw(appointment_key=row.pk, reason=WithdrawnReason.CORRECTED, now=now)
    _follow_terms(row, was=was, by=by, now=now)
    keep_follow_ups(household_id=row.household_id, now=now)
    audit(by=by, now=now, action="undo_attendance", on=row, details={"old": was})
    return row


def check_can_correct(appointment: Appointment, *, by: User, now: dt.datetime) -> None:
    """R-22: up to and including some calendar days its counsellor or desk, later only a supervisor."""
    if not appointment.outcome or not MOVES[appointment.outcome] or appointment.walk_in:
        raise Refused(_("This appointment cannot be corrected."))
    _check_whose(appointment, by)
    last_day = clock.local_date(appointment.starts_at) + Threshold.CORRECTION_DAYS.span(now)
    if clock.local_date(now) > last_day and not by.may(Right.CORRECT_LATE):
        long = Threshold.CORRECTION_DAYS.words(now)
        raise TooLateToCorrect(
            _("More than %(long)s have passed. Ask your supervisor to correct this.") % {"long": long}
        )


@transaction.atomic
def correct_attendance(
    *,
    appointment: Appointment,
    outcome: str,
    why: str,
    reason: str = "",
    told_at: dt.datetime | None = None,
    version: int | None = None,
    proposed_by: User | None = None,
    by: User,
    now: dt.datetime,
) -> Appointment:
    """Change a recorded outcome into another (R-22). `why` is mandatory; old and new stay in the audit trail.

    An unsent *missed* message is withdrawn, terms and figures follow, and a proposal of the same is decided with it.
    `proposed_by`: whose proposal a supervisor approves. Refuses TooLateToCorrect, NotYours, ChangedMeanwhile when
    `version` is not that of the row (R-19), and an outcome that the moment does not allow. Not repeatable: the second
    call finds the new outcome.
    """
    if not why.strip():
        raise Refused(_("Say why you correct this."), field="why")
    lock_rows(appointment.counsellor_ids, appointment.household_id)
    row = fresh_row(appointment)
    check_can_correct(row, by=by, now=now)
    if version is not None and row.version != version:
        raise ChangedMeanwhile(row)
    was, was_reason = row.outcome, row.reason_id or ""
    check_correction(row, outcome, told_at=told_at, now=now)
    _write(row, outcome, reason, by=by, now=now)
    waiting = CorrectionProposal.objects.filter(appointment=row, state=CorrectionState.OPEN, becomes=outcome)
    waiting.update(state=CorrectionState.APPROVED, settled_at=now, settled_by=by)
    messaging.withdraw(appointment_key=row.pk, reason=WithdrawnReason.CORRECTED, now=now)
    if outcome == Outcome.NO_SHOW:
        plan_missed_message(row, now=now)
    _follow_terms(row, was=was, by=by, now=now)
    keep_follow_ups(household_id=row.household_id, now=now)
    details = {"old": was, "new": outcome, "old_reason": was_reason, "new_reason": row.reason_id or ""}
    if proposed_by:
        details["proposed_by"] = proposed_by.username
    audit(by=by, now=now, action="correct_attendance", on=row, reason=why, details=details)
    return row


def check_correction(row: Appointment, outcome: str, *, told_at: dt.datetime | None, now: dt.datetime) -> None:
    """Whether the outcome of this row may become `outcome`; sets the telling that belongs to it, unsaved. May query."""
    if outcome not in MOVES[row.outcome]:
        raise Refused(_("Choose another outcome than the one that stands."), field="outcome")
    _correct_telling(row, outcome, told_at, now)
    if outcome in MISSED:
        _check_missed(row, now)
    if outcome in APPEARED:
        _check_appeared(row, now)
        _check_time_still_free(row)


def _correct_telling(row: Appointment, outcome: str, told_at: dt.datetime | None, now: dt.datetime) -> None:
    """A1 and A2 need the moment of telling, and the one that fits it (R-16); other outcomes have none."""
    if outcome not in {Outcome.CANCELLED_IN_TIME, Outcome.CANCELLED_LATE}:
        row.told_at, row.told_how = None, ""
        return
    told = told_at or row.told_at
    if told is None or told >= row.starts_at or told > now:
        raise Refused(_("Enter when the resident told, before the start of the appointment."), field="told_at")
    in_time = row.told_in_time(told)
    if in_time != (outcome == Outcome.CANCELLED_IN_TIME):
        long = Threshold.IN_TIME.words(told)
        raise Refused(
            _("The moment of telling does not fit: in time means %(long)s before the start.") % {"long": long},
            field="told_at",
        )
    row.told_at, row.told_how = told, row.told_how or ToldHow.OTHER


def _check_time_still_free(row: Appointment) -> None:
    """Somebody may have been seen in the time that a missed appointment left."""
    whole = (row.starts_at - row.travel, row.ends_at + row.travel)
    taken = Occupancy.objects.filter(counsellor__in=row.counsellor_ids, during__overlap=whole)
    clash = Appointment.objects.filter(
        outcome__in=["", *APPEARED], starts_at__lt=row.ends_at, ends_at__gt=row.starts_at, household=row.household_id
    )
    if taken.exclude(appointment=row).exists() or clash.exclude(pk=row.pk).exists():
        raise Refused(_("Another appointment stands at this time. Move or correct that one first."))
