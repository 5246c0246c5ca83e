"""Corrections after 14 days: whom it concerns proposes them, a supervisor decides (R-22, R-90e, S04)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.appointments.actions.attendance import (
    NotYours,
    TooLateToCorrect,
    check_can_correct,
    check_correction,
    correct_attendance,
    reason_of_miss,
)
from casework.appointments.actions.booking import fresh_row, lock_rows
from casework.appointments.models import Appointment, CorrectionProposal, CorrectionState
from casework.core import clock, dates
from casework.core.access import Right
from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import ChangedMeanwhile, Refused


class CorrectionWaits(Refused):
    """A proposal for this appointment waits for a supervisor already."""


class CorrectionSettled(Refused):
    """A supervisor decided meanwhile."""


class CorrectionOutdated(Refused):
    """The appointment changed after this was proposed; the text says what stood and what stands (R-19)."""


def check_can_propose(appointment: Appointment, *, by: User, now: dt.datetime) -> None:
    """Whether this person may only propose a correction, and none waits; the button asks this too. May query."""
    try:
        check_can_correct(appointment, by=by, now=now)
    except TooLateToCorrect:
        pass
    else:
        raise Refused(_("You can correct this yourself. Nobody has to decide on it."))
    if appointment.corrections.filter(state=CorrectionState.OPEN).exists():
        raise CorrectionWaits(_("A correction of this appointment is proposed already. It waits for the supervisor."))


@transaction.atomic
def propose_correction(
    *, appointment: Appointment, outcome: str, why: str, reason: str = "", told_at: dt.datetime | None = None,
    version: int | None = None, by: User, now: dt.datetime,
) -> CorrectionProposal:  # fmt: skip
    """Ask a supervisor for another outcome, after the 14 days in which one corrects oneself (R-22). Nothing changes yet.

    Refuses whoever may not record this appointment (NotYours), what they may correct themselves, CorrectionWaits,
    ChangedMeanwhile when `version` is not that of the row, and what a correction itself would refuse now.
    Repeatable: the same proposal of the same person stays as it is.
    """
    if not why.strip():
        raise Refused(_("Say why you correct this."), field="why")
    lock_rows(appointment.counsellor_ids, appointment.household_id)
    row = fresh_row(appointment)
    asked = {
        "becomes": outcome, "missed_reason": reason_of_miss(reason, outcome), "told_at": told_at, "why": why.strip()
    }  # fmt: skip
    if same := row.corrections.filter(**asked, state=CorrectionState.OPEN, proposed_by=by).first():
        return same
    check_can_propose(row, by=by, now=now)
    if version is not None and row.version != version:
        raise ChangedMeanwhile(row)
    was = row.outcome
    check_correction(row, outcome, told_at=told_at, now=now)
    made = CorrectionProposal.objects.create(
        appointment=row, version=row.version, was=was, proposed_at=now, proposed_by=by, **asked
    )
    details = {"proposal": made.pk, "old": was, "new": outcome}
    audit(by=by, now=now, action="propose_correction", on=row, reason=made.why, details=details)
    return made


def check_can_decide(by: User) -> None:
    if not by.may(Right.CORRECT_LATE):
        raise NotYours(_("Only a supervisor decides on this."))


@transaction.atomic
def approve_correction(*, proposal: CorrectionProposal, by: User, now: dt.datetime) -> CorrectionProposal:
    """What was proposed happens; the line of the audit trail names who proposed and who approved (R-22).

    Refuses NotYours, CorrectionSettled when a colleague declined, CorrectionOutdated when the appointment changed since
    (R-19), and what a correction refuses. Repeatable: what is approved stays so.
    """
    row = _locked(proposal, by)
    if row.state == CorrectionState.APPROVED:
        return row
    _check_open(row)
    if row.is_outdated:
        raise CorrectionOutdated(what_changed(row))
    # This settles the proposal too.
    correct_attendance(
        appointment=row.appointment, outcome=row.becomes, reason=row.missed_reason_id or "", told_at=row.told_at, why=row.why,
        version=row.version, proposed_by=row.proposed_by, by=by, now=now,
    )  # fmt: skip
    row.refresh_from_db(fields=["state", "settled_at", "settled_by"])
    return row


@transaction.atomic
def decline_correction(*, proposal: CorrectionProposal, answer: str, by: User, now: dt.datetime) -> CorrectionProposal:
    """The outcome stays as it is, for a reason that the proposer reads.

    Refuses NotYours, no reason, and CorrectionSettled. Repeatable: declining twice changes nothing.
    """
    row = _locked(proposal, by)
    if row.state == CorrectionState.DECLINED:
        return row
    _check_open(row)
    if not answer.strip():
        raise Refused(_("Write why this is not corrected. Your colleague reads it."), field="answer")
    row.state, row.settled_at, row.settled_by, row.answer = CorrectionState.DECLINED, now, by, answer.strip()
    row.save(update_fields=["state", "settled_at", "settled_by", "answer"])
    audit(by=by, now=now, action="decline_correction", on=row.appointment, details={"proposal": row.pk})
    return row


def what_changed(proposal: CorrectionProposal) -> str:
    """What stood when it was proposed and what stands now, with who recorded that and when. One query at most."""
    row = proposal.appointment
    words = {"was": proposal.get_was_display(), "now": row.get_outcome_display() or gettext("nothing recorded")}
    if not row.recorded_by:
        return gettext("When this was proposed it said: %(was)s. It now says: %(now)s.") % words
    at = clock.local(row.recorded_at)
    words |= {"who": row.recorded_by, "when": f"{dates.full_date(at.date())} {dates.clock_time(at.time())}"}
    return gettext("When this was proposed it said: %(was)s. It now says: %(now)s, by %(who)s, %(when)s.") % words


def _check_open(row: CorrectionProposal) -> None:
    if not row.is_open:
        raise CorrectionSettled(_("A colleague decided on this already."))


def _locked(proposal: CorrectionProposal, by: User) -> CorrectionProposal:
    """The proposal and its appointment as they stand, locked in the order of every booking."""
    check_can_decide(by)
    about = proposal.appointment
    lock_rows(about.counsellor_ids, about.household_id)
    fresh = fresh_row(about)
    row = CorrectionProposal.objects.select_for_update(of=("self",), no_key=True).get(pk=proposal.pk)
    row.appointment = fresh
    return row
