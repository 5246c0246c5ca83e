"""M3: no-show by what happened to the reminder in advance, and by the text of a trial (figures.md 3.3, decision 0066)."""

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import Case, CharField, Count, Max, Min, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from casework.appointments.models import APPEARED, MISSED, Appointment
from casework.core import clock
from casework.households.models import ContactChannel
from casework.messaging.models import (
    Channel,
    Delivery,
    Message,
    MessageKind,
    MessageState,
    TrialState,
    Variant,
    WithdrawnReason,
    WordingTrial,
)
from casework.reports.reads.figures import Figure, Scope, Slice, no_show_of_m3, slice_json
from casework.reports.reads.statistics import FEW, TOO_FEW, Interval, newcombe

DELIVERED, FAILED, NO_MOBILE, OPTED_OUT, NOT_DUE = "delivered", "failed", "no_mobile", "opted_out", "not_due"
# What happened to the reminder, in words.
PARTS = {
    DELIVERED: gettext_noop("Text message sent"), FAILED: gettext_noop("Text message failed or too late"),
    NO_MOBILE: gettext_noop("No mobile: e-mail, letter or call"), OPTED_OUT: gettext_noop("Wants no messages"),
    NOT_DUE: gettext_noop("No reminder was due"),
}  # fmt: skip
MISSED_SUFFIX = "_missed"

# By the row of the reminder. Only one withdrawn for an opt-out or because it was too late tells something; the others were
# not due any more.
_BY_MESSAGE = Case(
    When(state=MessageState.WITHDRAWN, reason=WithdrawnReason.OPTED_OUT, then=Value(OPTED_OUT)),
    When(state=MessageState.WITHDRAWN, reason=WithdrawnReason.TOO_LATE, then=Value(FAILED)),
    When(state__in=[MessageState.WITHDRAWN, MessageState.PLANNED], then=Value(NOT_DUE)),
    When(channel__in=[Channel.EMAIL, Channel.LETTER, Channel.CALL], then=Value(NO_MOBILE)),
    When(Q(state=MessageState.SENT) & ~Q(delivery=Delivery.TEMPORARY), then=Value(DELIVERED)),
    default=Value(FAILED),
    output_field=CharField(),
)
_PROMISED = Q(walk_in=False, outcome__in=[*APPEARED, *MISSED])
_WITHOUT_MESSAGE = Case(
    When(household__channel=ContactChannel.NONE, then=Value(OPTED_OUT)),
    default=Value(NOT_DUE),
    output_field=CharField(),
)


def appointments_in(scope: Scope) -> QuerySet[Appointment]:
    """Every appointment that a figure of a scope looks at."""
    first, after = clock.day_bounds(scope.first)[0], clock.day_bounds(scope.last)[1]
    rows = Appointment.objects.for_list().between(first, after)
    for name in ("location_id", "type_id", "counsellor_id"):
        if value := getattr(scope, name):
            rows = rows.filter(**{name: value})
    if scope.first_talks:
        rows = rows.filter(type__first_talk=True)
    return rows.order_by("starts_at", "pk")


def promised_in(scope: Scope) -> QuerySet[Appointment]:
    """The denominator of M1, each with what happened to its reminder: `part`."""
    reminder = Message.objects.filter(
        appointment_key=OuterRef("pk"), kind=MessageKind.TWO_DAYS_BEFORE, planned_start=OuterRef("starts_at")
    )
    part = Coalesce(Subquery(reminder.annotate(part=_BY_MESSAGE).values("part")[:1]), _WITHOUT_MESSAGE)
    return appointments_in(scope).filter(_PROMISED).annotate(part=part)


def reminded(scope: Scope, *, now: dt.datetime) -> Figure:
    """M3: M1 with the same total, split by what happened to the reminder in advance. Two statements."""
    whole = no_show_of_m3(scope, now=now)
    rows = promised_in(scope).order_by().values("part")
    found = {
        row["part"]: (row["missed"], row["all"])
        for row in rows.annotate(all=Count("pk"), missed=Count("pk", filter=Q(outcome__in=MISSED)))
    }
    parts = [Slice(_(PARTS[key]), *found[key], key=key) for key in PARTS if key in found]
    return dataclasses.replace(whole, parts=parts)


@dataclass(frozen=True)
class TrialResult:
    """What a trial says: no-show with text A and with text B, of all its appointments, whatever else is filtered.

    While it runs there are only numbers: who looks at the outcome and stops when it pleases finds differences by chance.
    """

    key: int
    name: str
    first: dt.date
    last: dt.date
    ended: bool
    numbers: dict[str, int]
    slices: list[Slice]
    to_come: int = 0
    # Of the planned starts of its appointments, so that the list behind a number has them all.
    starts: tuple[dt.date, dt.date] | None = None

    def as_json(self) -> dict:
        """Unrounded numbers, for machines."""
        found = self.difference
        return {
            "trial": self.key, "name": self.name, "from": self.first.isoformat(), "to": self.last.isoformat(), "ended": self.ended,
            "appointments": self.numbers, "to_come": self.to_come, "per_text": [slice_json(one) for one in self.slices],
            "difference": found and found.value, "low": found and found.low, "high": found and found.high,
        }  # fmt: skip

    @property
    def difference(self) -> Interval | None:
        """No-show with B less that with A; none below ten in either (C4)."""
        if not self.ended or any(one.denominator < TOO_FEW for one in self.slices):
            return None
        a, b = self.slices
        return newcombe((b.numerator, b.denominator), (a.numerator, a.denominator))

    @property
    def verdict(self) -> str:
        """Whether the texts differ: *difference by text*, as lots decided who got which (figures.md M3)."""
        found = self.difference
        if found is None or any(one.denominator < FEW for one in self.slices):
            return _("Too few to say whether the texts differ.")
        if found.low <= 0 <= found.high:
            return _("No difference by text was shown. That does not say that there is none.")
        if found.value < 0:
            return _("Difference by text: with text B fewer people did not appear.")
        return _("Difference by text: with text B more people did not appear.")


def trial_part(key: int, variant: str) -> str:
    """How the list behind a number of a trial is named: `trial-5-a`."""
    return f"trial-{key}-{variant}"


def of_trial(key: int, variant: str) -> QuerySet[Appointment]:
    """The appointments that count in a trial, with one of its texts: whoever was to get it, whether or not it arrived."""
    keys = Message.objects.filter(trial=key, variant=variant).values("appointment_key")
    return Appointment.objects.filter(_PROMISED, pk__in=keys)


def trials_in(scope: Scope, *, now: dt.datetime) -> list[TrialResult]:
    """The trials that ran in a period, each with its own appointments. One query, and six per trial."""
    rows = WordingTrial.objects.filter(approved_at__isnull=False, first__lte=scope.last, last__gte=scope.first)
    return [_result(row, now) for row in rows.order_by("first", "pk") if row.ends >= max(scope.first, row.first)]


def _result(row: WordingTrial, now: dt.datetime) -> TrialResult:
    ended = row.state(clock.local_date(now)) == TrialState.ENDED
    messages = Message.objects.filter(trial=row.pk)
    numbers = {
        variant.value: messages.filter(variant=variant).aggregate(of=Count("appointment_key", distinct=True))["of"]
        for variant in Variant
    }
    given = {"key": row.pk, "name": str(row), "first": row.first, "last": row.ends, "ended": ended, "numbers": numbers}
    if not ended:
        return TrialResult(**given, slices=[])
    slices = [_arm(row.pk, variant) for variant in Variant]
    all_keys = messages.values("appointment_key")
    to_come = Appointment.objects.filter(pk__in=all_keys, outcome="").count()
    starts = Appointment.objects.filter(_PROMISED, pk__in=all_keys).aggregate(
        first=Min("starts_at"), last=Max("starts_at")
    )
    between = (clock.local_date(starts["first"]), clock.local_date(starts["last"])) if starts["first"] else None
    return TrialResult(**given, slices=slices, to_come=to_come, starts=between)


def _arm(key: int, variant: Variant) -> Slice:
    found = of_trial(key, variant).aggregate(all=Count("pk"), missed=Count("pk", filter=Q(outcome__in=MISSED)))
    name = _("Text %(variant)s") % {"variant": variant.label}
    return Slice(name, found["missed"], found["all"], key=trial_part(key, variant))


_TRIAL = re.compile(r"trial-([0-9]{1,9})-([ab])")


def ended_trial(which: str, *, now: dt.datetime) -> WordingTrial | None:
    """The trial that a part is of, once it has ended: before that nobody sees who came. One query."""
    found = _TRIAL.fullmatch(which.removesuffix(MISSED_SUFFIX))
    row = found and WordingTrial.objects.filter(pk=int(found[1])).first()
    return row if row and row.state(clock.local_date(now)) == TrialState.ENDED else None


def rows_of_part(scope: Scope, which: str) -> QuerySet[Appointment] | None:
    """The appointments of a part of M3 or with a text of a trial, all or only the missed; None for no such part."""
    part = which.removesuffix(MISSED_SUFFIX)
    if part in PARTS:
        rows = promised_in(scope).filter(part=part)
    elif found := _TRIAL.fullmatch(part):
        rows = appointments_in(scope).filter(pk__in=of_trial(int(found[1]), found[2]).values("pk"))
    else:
        return None
    return rows.filter(outcome__in=MISSED) if which.endswith(MISSED_SUFFIX) else rows
