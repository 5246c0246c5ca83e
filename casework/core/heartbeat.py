"""When each task finished last, so that somebody hears it when one does not (decision 0062)."""

import datetime as dt
from dataclasses import dataclass

from celery.schedules import crontab
from django.conf import settings
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from casework.core import clock

# So long after its moment a task may still be waiting for its turn.
PATIENCE = dt.timedelta(hours=1)
_ALL_DAY = 24


class Heartbeat(models.Model):
    """The moment at which a task finished last: one row per task. It changes nothing, so it is in no audit trail."""

    task = models.CharField(_("task"), max_length=60, primary_key=True)
    at = models.DateTimeField(_("finished"))
    # When it finished for the first time: the clocks run at least since then.
    since = models.DateTimeField(_("first finished"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        ordering = ["task"]

    def __str__(self):
        return f"{self.task} {self.at:%Y-%m-%d %H:%M}"


def note_finished(*, task: str, now: dt.datetime) -> None:
    """This task finished now. Repeatable, and safe from many workers at once: the moment never goes back."""
    if not Heartbeat.objects.filter(task=task).update(at=Greatest(F("at"), Value(now))):
        Heartbeat.objects.get_or_create(task=task, defaults={"at": now, "since": now})


def finished_at(task: str) -> dt.datetime | None:
    """When this task finished last; None when it never did. One query."""
    return Heartbeat.objects.filter(task=task).values_list("at", flat=True).first()


@dataclass(frozen=True)
class Late:
    """A task of the clock that did not finish since it should have; `finished` is None when it never did."""

    task: str
    due_at: dt.datetime
    finished: dt.datetime | None


def late_tasks(now: dt.datetime) -> list[Late]:
    """Tasks at a time of the day that did not finish since the last time they should have. One query.

    Where no task ever finished nothing is late: there was no clock yet.
    """
    beats = {one.task: one for one in Heartbeat.objects.all()}
    if not beats:
        return []
    began, found = min(one.since for one in beats.values()), []
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        if not isinstance(entry["schedule"], crontab):
            continue
        due_at, beat = last_due(entry["schedule"], now - PATIENCE), beats.get(entry["task"])
        if due_at > (beat.at if beat else began):
            found.append(Late(entry["task"], due_at, beat and beat.at))
    return found


def last_due(schedule: crontab, before: dt.datetime) -> dt.datetime:
    """The last moment, up to `before`, at which a task was due that runs on every day, by the clock on the wall.

    One that runs a few times in a row to catch up is due at the first of them; one around the clock each time.
    """
    hours, minutes = sorted(schedule.hour), sorted(schedule.minute)
    if len(hours) < _ALL_DAY:
        hours, minutes = hours[:1], minutes[:1]
    today = clock.local_date(before)
    # A time that a clock change skips is an hour later: no task waits for the next day.
    moments = (
        dt.datetime.combine(today - dt.timedelta(days=days), dt.time(hour, minute), tzinfo=clock.LOCAL)
        for days in (0, 1)
        for hour in hours
        for minute in minutes
    )
    return max(one for one in (wall.astimezone(dt.UTC) for wall in moments) if one <= before)
