"""When each task finished last, so that somebody hears it when one does not (decision 0062)."""

import datetime as dt

from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """The moment at which a task finished last: one row per task. It changes nothing, so it is in no audit trail."""

    task = models.CharField(_("task"), max_length=60, primary_key=True)
    at = models.DateTimeField(_("finished"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        ordering = ["task"]

    def __str__(self):
        return f"{self.task} {self.at:%Y-%m-%d %H:%M}"


def note_finished(*, task: str, now: dt.datetime) -> None:
    """This task finished now. Repeatable, and safe from many workers at once: the moment never goes back."""
    if not Heartbeat.objects.filter(task=task).update(at=Greatest(F("at"), Value(now))):
        Heartbeat.objects.get_or_create(task=task, defaults={"at": now})


def finished_at(task: str) -> dt.datetime | None:
    """When this task finished last; None when it never did. One query."""
    return Heartbeat.objects.filter(task=task).values_list("at", flat=True).first()
