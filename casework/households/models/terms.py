"""What threatens a household, and its legal terms (R-04 to R-07)."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ThreatKind(models.TextChoices):
    """What makes a household urgent (R-05; Wgs art. 4 lid 2)."""

    EVICTION = "eviction", _("Eviction")
    ENERGY = "energy", _("Gas or electricity cut off")
    WATER = "water", _("Water cut off")
    HEAT = "heat", _("Heating cut off")
    HEALTH_INSURANCE = "health_insurance", _("End of health insurance")


class Threat(models.Model):
    """Something urgent that threatens a household, and when we were told."""

    household = models.ForeignKey(
        "casework.Household", models.CASCADE, verbose_name=_("household"), related_name="threats"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ThreatKind)
    recorded_at = models.DateTimeField(_("recorded"))
    happens_on = models.DateField(_("happens on"), null=True, blank=True)
    # When it was told that this no longer threatens. The urgent term that it started goes on (decision 0035).
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    form_token = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        verbose_name = _("threat")
        verbose_name_plural = _("threats")
        ordering = ["recorded_at", "id"]

    def __str__(self):
        return self.get_kind_display()


class TermKind(models.TextChoices):
    FIRST_TALK = "first_talk", _("First talk")
    URGENT = "urgent", _("First talk, urgent")
    DECISION = "decision", _("Decision")


class TermQuerySet(models.QuerySet):
    def open(self):
        return self.filter(met_on=None, ended_on=None)


class Term(models.Model):
    """A legal term of a household: the event it counts from, its deadline, and the date it was met (R-04 to R-07).

    Open terms follow the calendar; met and missed ones stay as they were.
    """

    household = models.ForeignKey(
        "casework.Household", models.CASCADE, verbose_name=_("household"), related_name="terms"
    )
    kind = models.CharField(_("kind"), max_length=12, choices=TermKind)
    event_on = models.DateField(_("counts from"))
    deadline = models.DateField(_("deadline"))
    met_on = models.DateField(_("met on"), null=True, blank=True)
    # Ended without being met: the household was closed first.
    ended_on = models.DateField(_("ended on"), null=True, blank=True)

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        ordering = ["deadline", "id"]
        constraints = [
            models.UniqueConstraint(fields=["household", "kind"], name="term_once_per_kind"),
            models.CheckConstraint(condition=Q(deadline__gte=F("event_on")), name="term_deadline_after_event"),
        ]
        indexes = [
            models.Index(fields=["deadline"], name="term_open", condition=Q(met_on=None, ended_on=None)),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.deadline}"

    @property
    def is_open(self) -> bool:
        return self.met_on is None and self.ended_on is None

    def days_left(self, today: dt.date) -> int:
        return (self.deadline - today).days
