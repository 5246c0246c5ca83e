"""What every action does: write one line in the audit trail (R-92), and never overwrite silently (R-17, R-19)."""

import datetime as dt
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from casework.core import clock, network
from casework.core.access import Right
from casework.core.models import AuditEntry, AuditKind, User
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.core.thresholds import Threshold, ThresholdValue

SYSTEM = "system"


def audit(
    *,
    by: User | None,
    now: dt.datetime,
    action: str,
    on,
    kind: AuditKind = AuditKind.CHANGED,
    reason: str = "",
    details: dict | None = None,
) -> AuditEntry:
    """Add one line. `on` is the object (or its key); `by=None` is the system itself.

    `details` holds old and new values and must be JSON; never put free text about a resident in it.
    Takes part in the caller's transaction. Not repeatable: each call is a line.
    """
    return AuditEntry.objects.create(
        at=now,
        user_id_at_time=by.pk if by else None,
        username=by.username if by else SYSTEM,
        role=by.role if by else SYSTEM,
        kind=kind,
        action=action,
        object_key=on if isinstance(on, str) else object_key(on),
        reason=reason,
        details=details or {},
        network=network.current(),
    )


def object_key(obj) -> str:
    """`household:12`: how an object is named in the audit trail."""
    return f"{obj._meta.model_name}:{obj.pk}"


def change_row(row: models.Model, values: dict, *, version: int, at: dict[str, str] | None = None) -> list[str]:
    """Set what differs, raise the version and save; the names of what changed (R-19).

    Refuses ChangedMeanwhile when `version` is not that of the row, and what a constraint refuses (`at`: as in
    `obey_constraints`). Wants a locked row.
    Repeatable: the same values change nothing.
    """
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if not changed:
        return []
    if row.version != version:
        raise ChangedMeanwhile(row)
    for name in changed:
        setattr(row, name, values[name])
    row.version += 1
    obey_constraints(row, at=at)
    row.save(update_fields=[*changed, "version"])
    return changed


def obey_constraints(row: models.Model, *, at: dict[str, str] | None = None) -> None:
    """Refuse in words what the database would refuse anyway; `at` names the field that a constraint is about."""
    for model, constraints in row.get_constraints():
        for one in constraints:
            try:
                one.validate(model, row)
            except ValidationError as error:
                raise Refused(" ".join(error.messages), field=(at or {}).get(one.name)) from error


def made_before(model: type[models.Model], form_token: UUID | None, **of) -> models.Model | None:
    """The row that this form made already, when it is sent twice (R-17). Refuses the token of another form."""
    earlier = model.objects.filter(form_token=form_token).first() if form_token else None
    if earlier and any(getattr(earlier, name) != value for name, value in of.items()):
        raise Refused(_("Open this page again."))
    return earlier


# What is added so late that it may be there only after midnight is there the next day: nobody may have read before it.
_SEEN_WITHIN = dt.timedelta(minutes=5)


def check_can_set_threshold(
    *, threshold: Threshold, value: Decimal, valid_from: dt.date, number: int | None = None, by: User, now: dt.datetime
) -> None:
    """Whether a threshold may get this value from this date; the form asks this too. Two queries.

    `number`: that of its last value when the page was opened, 0 for none; another one since then is refused (R-19).
    """
    if not by.may(Right.SETTINGS):
        raise Refused(_("Only an administrator changes settings."))
    last = _last_value(threshold)
    if number is not None and number != (last.number if last else 0):
        raise ChangedMeanwhile(last)
    if valid_from <= clock.local_date(now + _SEEN_WITHIN):
        raise Refused(
            _("Choose a date after today, so that everybody can see it before it counts."), field="valid_from"
        )
    known = threshold.known
    if not known.allows(value):
        bounds = {"lowest": known.words(known.lowest), "highest": known.words(known.highest)}
        raise Refused(_("Enter a number from %(lowest)s to %(highest)s.") % bounds, field="value")
    if _would_be(threshold, valid_from) == value:
        raise Refused(_("On that date this counts already."), field="value")


def _last_value(threshold: Threshold) -> ThresholdValue | None:
    return ThresholdValue.objects.filter(threshold=threshold).order_by("-number").first()


@transaction.atomic
def set_threshold(
    *, threshold: Threshold, value: Decimal, valid_from: dt.date, number: int | None = None, by: User, now: dt.datetime
) -> ThresholdValue:
    """Let a number in a rule be another from a date on (S25, decision 0052). Values are only ever added.

    Refuses a date that is not after today, a value out of bounds, who may not change settings, and ChangedMeanwhile.
    Repeatable: the value that was added last, for the same date, is not added again.
    """
    last = _last_value(threshold)
    if last and (last.value, last.valid_from) == (value, valid_from):
        return last
    check_can_set_threshold(threshold=threshold, value=value, valid_from=valid_from, number=number, by=by, now=now)
    made = ThresholdValue(
        threshold=threshold, value=value, valid_from=valid_from, added_on=clock.local_date(now + _SEEN_WITHIN),
        number=last.number + 1 if last else 1,
    )  # fmt: skip
    old = _would_be(threshold, valid_from)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedMeanwhile(_last_value(threshold)) from error
    details = {"valid_from": valid_from.isoformat(), "old": str(old), "new": str(value)}
    audit(by=by, now=now, action="set_threshold", on=f"threshold:{threshold}", details=details)
    return made


def take_back_threshold(*, row: ThresholdValue, by: User, now: dt.datetime) -> ThresholdValue:
    """Let a coming value not come: from its date on what counts before it stays in force.

    Refuses a value that is in force by now. Repeatable.
    """
    threshold = Threshold(row.threshold)
    before = _would_be(threshold, row.valid_from - dt.timedelta(days=1))
    return set_threshold(threshold=threshold, value=before, valid_from=row.valid_from, by=by, now=now)


def _would_be(threshold: Threshold, date: dt.date) -> Decimal:
    """What counts on a date, to come too, as it stands in the table. One query."""
    rows = ThresholdValue.objects.filter(threshold=threshold, valid_from__lte=date)
    last = rows.order_by("-valid_from", "-number").first()
    return last.value if last else threshold.known.default
