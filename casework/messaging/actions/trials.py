"""Trying two texts by lot: written by one administrator, approved by another, ended earlier if need be (decision 0066)."""

import datetime as dt
import hashlib

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from casework.core.access import Right
from casework.core.actions import audit, obey_constraints
from casework.core.models import User
from casework.core.refusals import Refused
from casework.messaging.actions.message_texts import first_date, lock_texts
from casework.messaging.checks import check
from casework.messaging.models import MessageText, TextForm, WordingTrial

_APPROVED_BY_NOW = _("This trial is approved by now and does not change any more.")
_ANOTHER_RUNS = _("Another trial of this kind and language runs in these days.")
# Where the form says what a constraint refuses.
_AT = {
    "wording_trial_before_the_appointment": "text_b", "wording_trial_of_two_texts": "text_b",
    "wording_trial_share": "share_b", "wording_trial_of_some_days": "last",
}  # fmt: skip


def trial_mark(trial: WordingTrial) -> str:
    """Of a trial as it stands: who approves, approves what was read (R-19)."""
    seen = (trial.pk, trial.text_a_id, trial.text_b_id, trial.share_b, trial.first, trial.last)
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:16]


def _check_administrator(by: User) -> None:
    if not by.may(Right.SETTINGS):
        raise Refused(_("Only an administrator changes settings."))


def compose(trial: WordingTrial) -> None:
    """Take kind and language from text B, and as text A the version that goes out on the first day. One query.

    Refuses a text B that is not approved for a trial, and a kind without a version, or with another one to come.
    """
    text = trial.text_b
    if text.waits or not text.for_trial:
        raise Refused(_("Text B is a version that is approved, and only for a trial."), field="text_b")
    trial.kind, trial.language = text.kind, text.language
    same = _in_turn(trial)
    before = next((one for one in same if one.valid_from <= trial.first), None)
    if before is None:
        raise Refused(_("No version of this text goes out on the first day."), field="first")
    if any(trial.first < one.valid_from <= trial.last for one in same):
        raise Refused(
            _("Another version of text A begins in these days. Try after it, or end before it."), field="last"
        )
    trial.text_a = before


def _in_turn(trial: WordingTrial) -> list[MessageText]:
    same = MessageText.objects.of(kind=trial.kind, form=TextForm.SMS, language=trial.language)
    return list(same.approved().in_turn().newest_first())


def check_can_write_trial(*, trial: WordingTrial, by: User, now: dt.datetime) -> None:
    """Whether this trial may be saved so; the form asks this too. `trial` is the row with what was typed in it."""
    _check_administrator(by)
    if not trial.waits:
        raise Refused(_APPROVED_BY_NOW)
    if trial.first < first_date(now):
        raise Refused(_("Choose a date after today, so that everybody can see it before it counts."), field="first")
    compose(trial)
    trial.written_by, trial.written_at = by, now
    obey_constraints(trial, at=_AT)


@transaction.atomic
def write_trial(*, trial: WordingTrial, by: User, now: dt.datetime) -> WordingTrial:
    """Save a trial, or change one that waits; who does so is its writer from then on. Nothing is tried yet.

    Refuses an approved one, who may not change settings, dates that cannot be, and texts that are not of one kind.
    Repeatable. The page of settings writes the line of the audit trail.
    """
    if trial.pk:
        _locked(trial)
    check_can_write_trial(trial=trial, by=by, now=now)
    trial.save()
    return trial


def _locked(trial: WordingTrial) -> WordingTrial:
    rows = WordingTrial.objects.select_for_update(no_key=True, of=("self",))
    row = rows.select_related("text_a", "text_b").get(pk=trial.pk)
    if not row.waits:
        raise Refused(_APPROVED_BY_NOW)
    return row


def check_can_approve_trial(*, trial: WordingTrial, by: User) -> None:
    """Whether this person may approve this trial; the page asks this too. No query."""
    _check_administrator(by)
    if not trial.waits:
        raise Refused(_("This trial is approved already."))
    if trial.written_by_id == by.pk:
        raise Refused(_("You wrote this trial. Another administrator approves it."))


@transaction.atomic
def approve_trial(*, trial: WordingTrial, mark: str, by: User, now: dt.datetime) -> WordingTrial:
    """Let a trial begin on its first day; from now on it can only be ended earlier.

    Refuses its writer, what changed since it was read (`mark`), a first day that is not after today, texts that R-41
    refuses by now, and another trial of the same kind and language in these days. Not repeatable: approved once.
    """
    row = _locked(trial)
    check_can_approve_trial(trial=row, by=by)
    if trial_mark(row) != mark:
        raise Refused(_("The trial was changed meanwhile. Read it again."))
    if row.first < first_date(now):
        raise Refused(_("Its first day is not after today any more. Choose a later one."))
    lock_texts(kind=row.kind, form=TextForm.SMS, language=row.language)
    was = row.text_a_id
    compose(row)
    if row.text_a_id != was:
        raise Refused(_("Another version of text A counts by now. Save the trial again."))
    for text in (row.text_a, row.text_b):
        for _field, why in check(text).refused:
            raise Refused(why)
    row.approved_by, row.approved_at = by, now
    obey_constraints(row)
    try:
        with transaction.atomic():
            row.save(update_fields=["approved_by", "approved_at"])
    except IntegrityError as error:
        raise Refused(_ANOTHER_RUNS) from error
    details = {
        "text_a": row.text_a.version, "text_b": row.text_b.version, "share_b": row.share_b, "first": row.first.isoformat(),
        "last": row.last.isoformat(), "written_by": row.written_by.username,
    }  # fmt: skip
    audit(by=by, now=now, action="approve_wording_trial", on=row, details=details)
    return row


def check_can_end_trial(*, trial: WordingTrial, by: User, now: dt.datetime) -> None:
    """Whether this trial may be ended from tomorrow; the page asks this too. No query."""
    _check_administrator(by)
    if trial.waits or trial.ended_from or trial.ends < first_date(now):
        raise Refused(_("This trial does not run, or ends today already."))


@transaction.atomic
def end_trial(*, trial: WordingTrial, by: User, now: dt.datetime) -> WordingTrial:
    """End a trial from tomorrow, or let it not begin: what goes out today does not change today.

    Refuses one that waits, or that is ended or ends already. Not repeatable: ended once.
    """
    row = WordingTrial.objects.select_for_update(no_key=True).get(pk=trial.pk)
    check_can_end_trial(trial=row, by=by, now=now)
    row.ended_by, row.ended_from = by, first_date(now)
    row.save(update_fields=["ended_by", "ended_from"])
    audit(by=by, now=now, action="end_wording_trial", on=row, details={"ended_from": row.ended_from.isoformat()})
    return row
