"""How long things are kept, which households are due to go, and what went (R-63; domain.md 7.4)."""

import datetime as dt

from django.db import models
from django.db.models import Case, DateField, Exists, F, Func, Max, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from casework.core.models import User
from casework.debts.models import DebtFile
from casework.households.models import ExitReason, Household, Task, TaskKind
from casework.messaging.models import Message, MessageState, ReceivedText

MESSAGES, SEARCHES = "messages", "searches"
# What is kept for a term of its own: a closed household by its exit result, the texts of messages, what was searched for.
KEPT = [*ExitReason.choices, (MESSAGES, _("Texts of messages")), (SEARCHES, _("What was searched for"))]


class RetentionTerm(models.Model):
    """A dated setting: from a date on, something is kept this many months."""

    kept = models.CharField(_("what is kept"), max_length=20, choices=KEPT)
    months = models.PositiveSmallIntegerField(_("months"))
    valid_from = models.DateField(_("valid from"))

    class Meta:
        verbose_name = _("retention term")
        verbose_name_plural = _("retention terms")
        ordering = ["kept", "-valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["kept", "valid_from"],
                name="retention_term_once_a_day",
                violation_error_message=_("This already has a term from that date on."),
            ),
            models.CheckConstraint(
                condition=Q(months__gte=1, months__lte=240),
                name="retention_term_between_one_month_and_twenty_years",
                violation_error_message=_("Enter 1 to 240 months."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kept_display()}: {self.months}"


def terms_on(today: dt.date) -> dict[str, int]:
    """Months per thing that is kept, as in force on that date; what has no term is not in it. One query."""
    rows = RetentionTerm.objects.filter(valid_from__lte=today).order_by("valid_from")
    return dict(rows.values_list("kept", "months"))


class Months(Func):
    """`n` months as an interval."""

    function = "make_interval"
    template = "%(function)s(months => %(expressions)s)"
    output_field = models.DurationField()


class PlusMonths(Func):
    """A date some months later, on the last of the month where it has no such day."""

    template = "(%(expressions)s)::date"
    arg_joiner = " + "
    output_field = DateField()


def going(today: dt.date, *, until: dt.date, terms: dict[str, int] | None = None) -> QuerySet[Household]:
    """Closed households that go on or before `until`, with `goes_on`: the day after the term (R-63).

    The term counts from the day on which the last thing ended: the household or one of its debt files. A household
    with an open debt file, with a legal hold, or that went already, is not among them; nor one whose resident still waits
    for a copy of the data (R-64). `terms`: as `terms_on` gave them.
    """
    months = terms_on(today) if terms is None else terms
    # Coarse and indexed first: no term can have ended for what was closed later than this.
    early = Q(pk__in=[])
    for reason in ExitReason.values:
        if reason in months:
            early |= Q(exit_reason=reason, closed_on__lte=months_before(until, months[reason]))
    by_reason = Case(
        *(When(exit_reason=reason, then=Value(months[reason])) for reason in ExitReason.values if reason in months),
        default=Value(0), output_field=models.IntegerField(),
    )  # fmt: skip
    files = DebtFile.objects.filter(household=OuterRef("pk"))
    last_file = files.order_by().values("household").annotate(last=Max("closed_on")).values("last")
    return (
        Household.objects.filter(early, anonymised_on=None, legal_hold=False)
        .exclude(Exists(files.filter(closed_on=None)))
        .exclude(Exists(Task.objects.open().filter(household=OuterRef("pk"), kind=TaskKind.INSPECTION)))
        .annotate(ended_on=Greatest(F("closed_on"), models.Subquery(last_file)))
        .annotate(goes_on=PlusMonths(F("ended_on"), Months(by_reason), Value(dt.timedelta(days=1))))
        .filter(goes_on__lte=until)
        .order_by("goes_on", "pk")
    )


def months_before(date: dt.date, months: int) -> dt.date:
    """A date that many months earlier; the first day that exists from there on, so that nothing is missed."""
    year, month = divmod(date.year * 12 + date.month - 1 - months, 12)
    try:
        return dt.date(year, month + 1, date.day)
    except ValueError:
        year, month = divmod(year * 12 + month + 1, 12)
        return dt.date(year, month + 1, 1)


def texts_to_go(before: dt.datetime) -> QuerySet[Message]:
    """Messages that are over and were due before a moment, whose texts still stand; not those of a legal hold."""
    running = [MessageState.PLANNED, MessageState.CLAIMED, MessageState.PRINT]
    rows = Message.objects.filter(Message.HAS_TEXT, due_at__lt=before, household__legal_hold=False)
    return rows.exclude(state__in=running)


def received_to_go(before: dt.datetime) -> QuerySet[ReceivedText]:
    """Text messages of residents that came in before a moment and still stand; not those of a legal hold."""
    return ReceivedText.objects.filter(ReceivedText.HAS_TEXT, noted_at__lt=before).exclude(household__legal_hold=True)


class Destruction(models.Model):
    """One line of the destruction log: what went, under which term, and how many rows; nothing about anybody.

    Lines are added only; a database trigger refuses the rest.
    """

    at = models.DateTimeField(_("when"))
    kept = models.CharField(_("what went"), max_length=20, choices=KEPT)
    # The random key that a household goes by from now on; empty for texts and searches.
    key = models.CharField(_("key"), max_length=20, blank=True)
    ended_on = models.DateField(_("ended"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("months"))
    # Model → number of rows.
    rows = models.JSONField(_("rows"), default=dict)

    class Meta:
        verbose_name = _("destruction")
        verbose_name_plural = _("destructions")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.get_kept_display()} {self.at:%Y-%m-%d}"

    @property
    def number(self) -> int:
        return sum(self.rows.values())


class LegalHold(models.Model):
    """That somebody decided to keep a household beyond its term, and why; over when it is lifted (R-63)."""

    household = models.ForeignKey(Household, models.CASCADE, verbose_name=_("household"), related_name="holds")
    reason = models.CharField(_("reason"), max_length=200)
    set_at = models.DateTimeField(_("since"))
    set_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"), related_name="+")
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("lifted by"), related_name="+"
    )

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-set_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["household"], condition=Q(lifted_at=None), name="legal_hold_one_at_a_time"),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="legal_hold_lifted_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.household_id} {self.set_at:%Y-%m-%d}"
