"""Which of two texts works better, tried on appointments by lot (figures.md M3, decision 0066)."""

import datetime as dt
import hashlib

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from casework.messaging.models.message_texts import (
    LOCAL_DATE_OF_APPROVAL,
    TEXT_LANGUAGES,
    TRIED,
    MessageText,
    TextKind,
)

MOST_DAYS = 365
SHARES = (10, 90)


class Variant(models.TextChoices):
    """Which text of a trial a message has."""

    A = "a", "A"
    B = "b", "B"


class TrialState(models.TextChoices):
    WAITS = "waits", _("waits for approval")
    TO_COME = "to_come", _("approved, to come")
    RUNS = "runs", _("runs")
    ENDED = "ended", _("ended")


# The date from which it does not run any more; never before its first one.
_OVER_FROM = Greatest(
    F("first"), Coalesce(F("ended_from"), Cast(F("last") + Value(dt.timedelta(days=1)), models.DateField()))
)


class WordingTrial(models.Model):
    """From one date up to and including another, some appointments get text B in place of A, the version in use.

    Of one kind and language, by text message. Written by one administrator and approved by another; from then on a
    database trigger refuses every change but to end it earlier, once, from a date after the one on which that is said.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=TextKind, editable=False)
    language = models.CharField(_("language"), max_length=3, choices=TEXT_LANGUAGES, editable=False)
    text_a = models.ForeignKey(MessageText, models.PROTECT, verbose_name=_("text A"), related_name="+", editable=False)
    text_b = models.ForeignKey(MessageText, models.PROTECT, verbose_name=_("text B"), related_name="+")
    share_b = models.PositiveSmallIntegerField(
        _("so many percent get B"), default=50, help_text=_("10 to 90. With half and half the fewest appointments are needed."),
    )  # fmt: skip
    first = models.DateField(_("first day"))
    last = models.DateField(_("last day"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("written by"), related_name="+", editable=False
    )
    written_at = models.DateTimeField(_("written"), editable=False)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("approved by"), related_name="+", null=True,
        editable=False,
    )  # fmt: skip
    approved_at = models.DateTimeField(_("approved"), null=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("ended by"),
        related_name="+",
        null=True,
        editable=False,
    )
    ended_from = models.DateField(_("ended from"), null=True, editable=False)

    class Meta:
        verbose_name = _("trial of wording")
        verbose_name_plural = _("trials of wording")
        ordering = ["-first", "-id"]
        constraints = [
            ExclusionConstraint(
                name="wording_trial_one_at_a_time",
                expressions=[
                    ("kind", "="),
                    ("language", "="),
                    (Func(F("first"), _OVER_FROM, function="daterange", output_field=DateRangeField()), "&&"),
                ],
                condition=Q(approved_at__isnull=False),
                violation_error_message=_("Another trial of this kind and language runs in these days."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=TRIED),
                name="wording_trial_before_the_appointment",
                violation_error_message=_("Only what goes out before an appointment is tried."),
            ),
            models.CheckConstraint(
                condition=~Q(text_a=F("text_b")),
                name="wording_trial_of_two_texts",
                violation_error_message=_("A trial is of two texts."),
            ),
            models.CheckConstraint(
                condition=Q(share_b__range=SHARES),
                name="wording_trial_share",
                violation_error_message=_("Choose 10 to 90 percent."),
            ),
            models.CheckConstraint(
                condition=Q(last__gte=F("first"), last__lt=F("first") + Value(dt.timedelta(days=MOST_DAYS))),
                name="wording_trial_of_some_days",
                violation_error_message=_("A trial takes 1 to 365 days."),
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | (Q(approved_at__isnull=False, approved_by__isnull=False) & ~Q(approved_by=F("written_by"))),
                name="wording_trial_four_eyes",
                violation_error_message=_("Another administrator than its writer approves a trial."),
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None) | Q(first__gt=LOCAL_DATE_OF_APPROVAL),
                name="wording_trial_from_a_later_date",
                violation_error_message=_("Choose a date after today, so that everybody can see it before it counts."),
            ),
            models.CheckConstraint(
                condition=Q(ended_from=None, ended_by=None)
                | Q(ended_from__isnull=False, ended_by__isnull=False, approved_at__isnull=False),
                name="wording_trial_ended_by_somebody",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.get_language_display()}, {self.first:%d-%m-%Y}"

    @property
    def waits(self) -> bool:
        return self.approved_at is None

    @property
    def ends(self) -> dt.date:
        """The last date on which it counts; before its first one when it was ended before it began."""
        return min(self.last, self.ended_from - dt.timedelta(days=1)) if self.ended_from else self.last

    def state(self, today: dt.date) -> TrialState:
        if self.waits:
            return TrialState.WAITS
        if today > self.ends:
            return TrialState.ENDED
        return TrialState.TO_COME if today < self.first else TrialState.RUNS


def variant_of(appointment_key: int, *, trial: int, share_b: int) -> Variant:
    """By lot, and the same whenever it is asked: for every message of a trial about one appointment.

    A digest of the appointment with the trial as its key: the lots of two trials have nothing to do with each other, and
    neither have those of appointments that follow each other.
    """
    digest = hashlib.blake2b(str(appointment_key).encode(), key=str(trial).encode(), digest_size=8).digest()
    return Variant.B if int.from_bytes(digest) * 100 < share_b << 64 else Variant.A
