"""Letting go of what may no longer be kept (R-63), and stopping that with a legal hold."""

import datetime as dt
import secrets

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models import F, Func, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from casework.core import chain, clock, history
from casework.core.actions import audit
from casework.core.models import AuditEntry, AuditKind, User
from casework.core.refusals import Refused
from casework.core.retention import RETENTION, Retention
from casework.debts.models import Creditor, Debt
from casework.households.models import Household, rows_about, way_to_household
from casework.messaging.models import Message, ReceivedText
from casework.retention.models import (
    MESSAGES,
    SEARCHES,
    Destruction,
    LegalHold,
    going,
    months_before,
    received_to_go,
    terms_on,
    texts_to_go,
)

HOUSEHOLD = Household._meta.label_lower
# So many messages in one transaction.
BATCH = 1000


class AlreadyGone(Refused):
    """What the household was about is no longer there."""


def retain(*, now: dt.datetime, today: dt.date) -> dict[str, int]:
    """Let everything go whose term has ended before `today`; how many households, messages and searches went.

    One transaction per household and per thousand messages or searches: what breaks off goes on the next time.
    Repeatable: what went is not found again.
    """
    households = sum(
        anonymise_household(household=one, now=now, today=today) is not None
        for one in going(today, until=today).only("pk")
    )
    return {
        "households": households,
        "messages": forget_texts(now=now, today=today),
        "searches": forget_searches(now=now, today=today),
    }


@transaction.atomic
def anonymise_household(*, household: Household, now: dt.datetime, today: dt.date) -> Destruction | None:
    """Take out of a household whose term has ended everything that says who it was, and note that in the log (R-63).

    Classes, dates, durations and places stay, so that figures do not change. None when it is not (or no longer) due,
    such as after a legal hold of a moment ago. Repeatable.
    """
    due = going(today, until=today).select_for_update(of=("self",), skip_locked=True, no_key=True)
    row = due.filter(pk=household.pk).first()
    if row is None:
        return None
    audit_key = f"{Household._meta.model_name}:{row.pk}"
    # What was merged into it goes with it.
    absorbed = list(Household.objects.filter(merged_into=row))
    # Before rows go: which they are, for the lines of the audit trail and the history that are about them.
    about = rows_about({row.pk, *(one.pk for one in absorbed)})
    lines = _lines_about(about)
    labels = [label for label in labels_of_a_household() if label != HOUSEHOLD]
    rows = {label: sum(_forget(label, one) for one in (row, *absorbed)) for label in labels}
    creditors = _forget_private_creditors(row)
    rows[Creditor._meta.label_lower] = len(creditors)
    # A key of its own, so that what stays can still be counted as one household.
    key = f"A-{secrets.token_hex(6)}"
    changes = gone(HOUSEHOLD) | {"case_number": key, "anonymised_on": today, "version": F("version") + 1}
    rows[HOUSEHOLD] = Household.objects.filter(pk=row.pk).update(**changes)
    # An earlier file would still say whose this one was.
    Household.objects.filter(continued_in=row).update(continued_in=None)
    for one in absorbed:
        changes["case_number"] = f"A-{secrets.token_hex(6)}"
        rows[HOUSEHOLD] += Household.objects.filter(pk=one.pk).update(**changes)
    chain.redact(entries=lines, by=None, now=now)
    # Last, since the changes of this moment still hold what just went.
    history.forget(objects={**about, Creditor: creditors}, on=audit_key, by=None, now=now)
    audit(by=None, now=now, action="anonymise_household", on=audit_key)
    return Destruction.objects.create(
        at=now, kept=row.exit_reason, key=key, ended_on=row.ended_on, months=terms_on(today)[row.exit_reason],
        rows={label: number for label, number in rows.items() if number},
    )  # fmt: skip


def _lines_about(rows: dict[type[models.Model], set[int]]) -> list[int]:
    """Lines of the audit trail about a household and whatever belongs to it; they keep the key, and lose their text."""
    keys = [f"{model._meta.model_name}:{pk}" for model, ids in rows.items() for pk in ids]
    return list(AuditEntry.objects.filter(object_key__in=keys).values_list("pk", flat=True))


def labels_of_a_household() -> list[str]:
    """Models with something personal that goes with a household, by label."""
    with_household = {Retention.HOUSEHOLD, Retention.MESSAGE}
    return [
        label for label, fields in RETENTION.items()
        if fields.retention in with_household and fields.personal and way_to_household(apps.get_model(label))
    ]  # fmt: skip


def _forget(label: str, household: Household) -> int:
    """Empty the personal fields of every row of a model that belongs to a household, or take the rows away."""
    model, fields = apps.get_model(label), RETENTION[label]
    rows = model._base_manager.filter(**{way_to_household(model): household.pk})
    if fields.whole_row:
        return rows.delete()[0]
    return rows.update(**gone(label))


def gone(label: str) -> dict:
    """Per personal field of a model what stands in its place afterwards: nothing, or what `core.retention` says."""
    model, fields = apps.get_model(label), RETENTION[label]
    nothing = {name: _nothing(model._meta.get_field(name)) for name in fields.personal - set(fields.instead)}
    years = {name: Func(F(name), template="make_date(extract(year from %(expressions)s)::int, 1, 1)")
             for name in fields.year_only}  # fmt: skip
    return nothing | years | fields.instead


def _nothing(field: models.Field):
    if field.null:
        return None
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.JSONField):
        return Value({}, output_field=models.JSONField())
    if isinstance(field, ArrayField):
        return []
    if isinstance(field, models.CharField | models.TextField):
        return ""
    raise TypeError(f"{field} has no way to go: say in core.retention what stands in its place")


def _forget_private_creditors(household: Household) -> set[int]:
    """A private person whom this household owed goes with the last household that owed them; who went."""
    owed = Creditor.objects.filter(private_person=True, debts__debt_file__household=household)
    others = Debt.objects.filter(debt_file__household__anonymised_on=None).exclude(debt_file__household=household)
    # Distinct, since the register knows each creditor once.
    name = Concat(Value("gone-"), Cast(F("pk"), models.CharField()))
    gone_too = set(owed.exclude(pk__in=others.values("creditor")).values_list("pk", flat=True))
    Creditor.objects.filter(pk__in=gone_too).update(name="", postcode="", search_name=name)
    return gone_too


def forget_texts(*, now: dt.datetime, today: dt.date) -> int:
    """Empty the texts and addresses of messages, sent and received, whose term has passed; only counts remain (R-63).

    Repeatable.
    """
    months = terms_on(today).get(MESSAGES)
    if months is None:
        return 0
    before = clock.day_bounds(months_before(today, months))[0]
    rows = {
        Message._meta.label_lower: _forget_in_batches(texts_to_go(before).order_by("due_at")),
        ReceivedText._meta.label_lower: _forget_in_batches(received_to_go(before).order_by("noted_at")),
    }
    if forgotten := {label: number for label, number in rows.items() if number}:
        Destruction.objects.create(at=now, kept=MESSAGES, months=months, rows=forgotten)
    return sum(forgotten.values())


def _forget_in_batches(rows: models.QuerySet) -> int:
    """Empty what is personal in these rows, which are then among them no more; how many."""
    forgotten = 0
    while keys := list(rows.values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            forgotten += rows.model.objects.filter(pk__in=keys).update(**gone(rows.model._meta.label_lower))
    return forgotten


def forget_searches(*, now: dt.datetime, today: dt.date) -> int:
    """Blank what was typed to search, and by whom, when its term has passed; that somebody searched stays. Repeatable."""
    months = terms_on(today).get(SEARCHES)
    if months is None:
        return 0
    before, forgotten = clock.day_bounds(months_before(today, months))[0], 0
    searches = AuditEntry.objects.filter(kind=AuditKind.SEARCHED, at__lt=before, salt__isnull=False).order_by("pk")
    while lines := list(searches.values_list("pk", flat=True)[:BATCH]):
        forgotten += chain.redact(entries=lines, by=None, now=now)
    if forgotten:
        Destruction.objects.create(
            at=now, kept=SEARCHES, months=months, rows={AuditEntry._meta.label_lower: forgotten}
        )  # fmt: skip
    return forgotten


@transaction.atomic
def set_legal_hold(*, household: Household, reason: str, by: User, now: dt.datetime) -> LegalHold:
    """Keep a household beyond its term until somebody lifts that (R-63).

    Refuses AlreadyGone, and an empty reason. Repeatable: a hold that stands is returned.
    """
    row = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=household.pk)
    if row.anonymised_on:
        raise AlreadyGone(_("This household is anonymised already; there is nothing left to keep."))
    if standing := LegalHold.objects.filter(household=row, lifted_at=None).first():
        return standing
    if not reason.strip():
        raise Refused(_("Say why this household must be kept."), field="reason")
    row.legal_hold = True
    row.version += 1
    row.save(update_fields=["legal_hold", "version"])
    hold = LegalHold.objects.create(household=row, reason=reason.strip(), set_at=now, set_by=by)
    # The reason stands in its own row, and goes with the household.
    audit(by=by, now=now, action="set_legal_hold", on=row)
    return hold


@transaction.atomic
def lift_legal_hold(*, household: Household, by: User, now: dt.datetime) -> None:
    """Let retention go on: the household goes the next night when its term has ended. Repeatable."""
    row = Household.objects.select_for_update(of=("self",), no_key=True).get(pk=household.pk)
    if not row.legal_hold:
        return
    row.legal_hold = False
    row.version += 1
    row.save(update_fields=["legal_hold", "version"])
    LegalHold.objects.filter(household=row, lifted_at=None).update(lifted_at=now, lifted_by=by)
    audit(by=by, now=now, action="lift_legal_hold", on=row)
