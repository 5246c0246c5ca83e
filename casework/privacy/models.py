"""What residents ask about their own data (R-64; AVG art. 12, 15 and 17)."""

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.core.models import User
from casework.households.models import Household, Member, Task


class RequestKind(models.TextChoices):
    INSPECTION = "inspection", _("Inspection: see one's own data")
    DELETION = "deletion", _("Deletion: have one's own data removed")


class Outcome(models.TextChoices):
    GRANTED = "granted", _("Granted")
    PARTLY = "partly", _("Partly granted")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn by the resident")


def one_month_after(day: dt.date) -> dt.date:
    """The same day of the next month, or the last day of it (AVG art. 12, third paragraph)."""
    year, month = divmod(day.year * 12 + day.month, 12)
    for last in range(day.day, 27, -1):
        try:
            return dt.date(year, month + 1, last)
        except ValueError:
            continue
    return dt.date(year, month + 1, day.day)


class DataRequestQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done_on=None)

    def with_household(self):
        return self.select_related("household", "member", "recorded_by", "done_by")


class DataRequest(models.Model):
    """What somebody of a household asked, and how it was answered: a task with a term until it is done."""

    household = models.ForeignKey(Household, models.PROTECT, verbose_name=_("household"), related_name="data_requests")
    member = models.ForeignKey(
        Member, models.SET_NULL, null=True, verbose_name=_("who asks"), related_name="data_requests"
    )
    kind = models.CharField(_("request"), max_length=10, choices=RequestKind)
    # What reminds of it before the term ends, on the page of the household too.
    task = models.OneToOneField(
        Task, models.SET_NULL, null=True, editable=False, verbose_name=_("task"), related_name="data_request"
    )
    received_on = models.DateField(_("received on"))
    due_on = models.DateField(_("answer by"))
    recorded_at = models.DateTimeField(_("recorded"))
    recorded_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("recorded by"), related_name="+")
    done_on = models.DateField(_("answered on"), null=True, blank=True)
    done_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("answered by"), related_name="+"
    )
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome, blank=True)
    explanation = models.CharField(_("explanation"), max_length=300, blank=True)
    form_token = models.UUIDField(null=True, unique=True, editable=False)

    objects = DataRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request about own data")
        verbose_name_plural = _("requests about own data")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on=None, done_by=None, outcome="")
                | (Q(done_on__isnull=False, done_by__isnull=False) & ~Q(outcome="")),
                name="data_request_done_with_outcome",
            ),
            models.CheckConstraint(condition=Q(due_on__gt=F("received_on")), name="data_request_due_after_receipt"),
            models.CheckConstraint(
                condition=Q(done_on=None) | Q(done_on__gte=F("received_on")), name="data_request_done_after_receipt"
            ),
            models.UniqueConstraint(
                fields=["household", "member", "kind"], condition=Q(done_on=None), name="data_request_once_at_a_time"
            ),
        ]
        indexes = [models.Index(fields=["due_on"], name="data_request_open", condition=Q(done_on=None))]

    def __str__(self):
        return f"{self.get_kind_display()} → {self.due_on:%Y-%m-%d}"

    @property
    def is_open(self) -> bool:
        return self.done_on is None


# Allowed moves: an answered request stays answered; somebody who asks again asks anew. "" is not answered yet.
MOVES: dict[str, set[str]] = {"": set(Outcome), **{outcome: set() for outcome in Outcome}}
