"""Writing and approving the words of messages: two administrators for each version (R-41, S25, decision 0060)."""

import datetime as dt
import hashlib

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.access import Right
from casework.core.actions import audit, obey_constraints
from casework.core.models import User
from casework.core.refusals import Refused
from casework.messaging.checks import check
from casework.messaging.models import TRIED, MessageText, TextForm, WordingTrial, text_forms

# What is approved so late that it may be there only after midnight counts a day later: nobody may have read before it.
_SEEN_WITHIN = dt.timedelta(minutes=5)
_APPROVED_BY_NOW = _("This version is approved by now and does not change any more. Make a new version.")


def mark_of(text: MessageText) -> str:
    """Of the words as they stand: who approves, approves what was read (R-19)."""
    return hashlib.sha256(f"{text.pk} {text.subject}\n{text.text}".encode()).hexdigest()[:16]


def first_date(now: dt.datetime) -> dt.date:
    """The first date from which a text that is approved now can count."""
    return clock.local_date(now + _SEEN_WITHIN) + dt.timedelta(days=1)


def _check_administrator(by: User) -> None:
    if not by.may(Right.SETTINGS):
        raise Refused(_("Only an administrator changes settings."))


def check_can_write(*, text: MessageText, by: User) -> None:
    """Whether this version may be saved so, apart from its words; the form asks this too. One query.

    `text` is the row with what was typed in it, saved or not.
    """
    _check_administrator(by)
    if not text.waits:
        raise Refused(_APPROVED_BY_NOW)
    if text.form not in text_forms(text.kind):
        raise Refused(_("On the day itself only a text message comes in time."), field="form")
    if (text.form == TextForm.SMS) == bool(text.subject):
        raise Refused(_("An e-mail and a letter have a subject, a text message has none."), field="subject")
    if text.for_trial and (text.form != TextForm.SMS or text.kind not in TRIED):
        raise Refused(_("Only a text message that goes out before an appointment is tried."), field="for_trial")
    same = MessageText.objects.of(kind=text.kind, form=text.form, language=text.language)
    if same.filter(approved_at=None, for_trial=text.for_trial).exclude(pk=text.pk).exists():
        raise Refused(_("A version of this text waits for approval already. Change that one."), field="kind")


@transaction.atomic
def write_text(*, text: MessageText, by: User, now: dt.datetime) -> MessageText:
    """Save a new version, or change one that waits; who does so is its writer from then on. Sends nothing yet.

    Refuses an approved version, a second one that waits, who may not change settings, and what R-41 refuses.
    Repeatable: the same words change nothing but the writer. The page of settings writes the line of the audit trail.
    """
    if text.pk:
        _still_waits(text)
    check_can_write(text=text, by=by)
    for field, why in check(text).refused:
        raise Refused(why, field=field)
    text.written_by, text.written_at = by, now
    if not text.pk:
        same = MessageText.objects.of(kind=text.kind, form=text.form, language=text.language)
        text.version = (same.aggregate(last=Max("version"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            text.save()
    except IntegrityError as error:
        raise Refused(_("A version of this text waits for approval already. Change that one.")) from error
    return text


def _still_waits(text: MessageText) -> MessageText:
    row = MessageText.objects.select_for_update(no_key=True).get(pk=text.pk)
    if not row.waits:
        raise Refused(_APPROVED_BY_NOW)
    return row


def check_can_approve(*, text: MessageText, by: User) -> None:
    """Whether this person may approve this version; the page asks this too. No query."""
    _check_administrator(by)
    if not text.waits:
        raise Refused(_("This version is approved already."))
    if text.written_by_id == by.pk:
        raise Refused(_("You wrote this version. Another administrator approves it."))


@transaction.atomic
def approve_text(*, text: MessageText, valid_from: dt.date, mark: str, by: User, now: dt.datetime) -> MessageText:
    """Let a version count from a date on; from now on nobody changes it (R-40, S25).

    Refuses its own writer, a date that is not after today, words that changed since they were read (`mark`), what R-41
    refuses by now, and a date before the end of a trial with the version in use. Not repeatable: approved once.
    """
    lock_texts(kind=text.kind, form=text.form, language=text.language)
    row = MessageText.objects.select_for_update(no_key=True).get(pk=text.pk)
    check_can_approve(text=row, by=by)
    if mark_of(row) != mark:
        raise Refused(_("The text was changed meanwhile. Read it again."))
    if valid_from < first_date(now):
        raise Refused(
            _("Choose a date after today, so that everybody can see it before it counts."), field="valid_from"
        )
    for _field, why in check(row).refused:
        raise Refused(why)
    if not row.for_trial and (trial := _trial_until(row, valid_from)):
        raise Refused(
            _("A trial with the version in use runs until %(date)s. Choose a later date, or end it first.")
            % {"date": f"{trial.ends:%d-%m-%Y}"}, field="valid_from",
        )  # fmt: skip
    row.approved_by, row.approved_at, row.valid_from = by, now, valid_from
    obey_constraints(row)
    row.save(update_fields=["approved_by", "approved_at", "valid_from"])
    details = {"version": row.version, "valid_from": valid_from.isoformat(), "written_by": row.written_by.username}
    audit(by=by, now=now, action="approve_message_text", on=row, details=details)
    return row


def lock_texts(*, kind: str, form: str, language: str) -> None:
    """Approving a text and approving a trial of it wait for each other: neither may look past the other."""
    rows = MessageText.objects.of(kind=kind, form=form, language=language).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def _trial_until(text: MessageText, valid_from: dt.date) -> WordingTrial | None:
    """A trial that is not over before a date. One query."""
    if text.form != TextForm.SMS:
        return None
    rows = WordingTrial.objects.filter(
        approved_at__isnull=False, kind=text.kind, language=text.language, last__gte=valid_from
    )
    return next((one for one in rows if one.ends >= max(valid_from, one.first)), None)
