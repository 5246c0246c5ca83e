"""What a resident is sent about an appointment and when, per kind of talk, by date (R-31 to R-34, decision 0065)."""

import dataclasses
import datetime as dt
from dataclasses import dataclass

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from casework.appointments.models.appointments import AppointmentType
from casework.core import clock
from casework.core.dated import ReadOncePerDate
from casework.messaging.window import AS_RULED, OPENS, Moments

MOST_DAYS = 7
# An hour of the window is left to send what is due, and to try again.
LATEST = dt.time(19)
# So that who is reminded on the day itself still has an hour for it after the message.
BEFORE_THE_START = dt.timedelta(hours=2)
_INSIDE = _("Choose a time from 08:00 to 19:00: no message goes out before or after the sending window.")


class ReminderMoments(models.Model):
    """From a date on, appointments of a type are told about so; those without a type are of every other type.

    Rows are added only; of one type and date the last one counts. A database trigger refuses to change or delete a row:
    how somebody was reminded stays known.
    """

    type = models.ForeignKey(
        AppointmentType, models.PROTECT, verbose_name=_("appointment type"), related_name="+", null=True, blank=True
    )
    # What a type goes back to: it has no moments of its own any more.
    as_others = models.BooleanField(_("as every other type"), default=False)
    valid_from = models.DateField(_("valid from"))
    # The local date on which it is there for all to read.
    added_on = models.DateField(_("added"))
    # The how many-eth of this type: two people cannot both add the next one.
    number = models.PositiveIntegerField(editable=False)

    confirmation = models.BooleanField(_("confirmation at booking"), default=AS_RULED.confirmation)
    reminder = models.BooleanField(_("reminder in advance"), default=AS_RULED.reminder)
    days_before = models.PositiveSmallIntegerField(_("so many days before"), default=AS_RULED.days_before)
    reminder_at = models.TimeField(_("at what time"), default=AS_RULED.reminder_at)
    same_day = models.BooleanField(_("reminder on the day itself"), default=AS_RULED.same_day)
    same_day_at = models.TimeField(_("on the day itself at"), default=AS_RULED.same_day_at)
    early_before = models.TimeField(_("the evening before, if it starts before"), default=AS_RULED.early_before)
    evening_at = models.TimeField(_("the evening before at"), default=AS_RULED.evening_at)
    missed = models.BooleanField(_("message after missing it"), default=AS_RULED.missed)

    class Meta:
        verbose_name = _("moments of messages")
        verbose_name_plural = _("moments of messages")
        ordering = [F("type").asc(nulls_first=True), "-valid_from", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "number"], name="reminder_moments_are_numbered", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(valid_from__gt=F("added_on")),
                name="reminder_moments_from_a_later_date",
                violation_error_message=_("Choose a date after today, so that everybody can see it before it counts."),
            ),
            models.CheckConstraint(
                condition=Q(as_others=False) | Q(type__isnull=False),
                name="reminder_moments_as_others_of_a_type",
                violation_error_message=_("Only one type can go as every other type."),
            ),
            models.CheckConstraint(
                condition=Q(days_before__range=(1, MOST_DAYS)),
                name="reminder_moments_days_before",
                violation_error_message=_("Choose 1 to 7 days before."),
            ),
            models.CheckConstraint(
                condition=Q(reminder_at__range=(OPENS, LATEST), evening_at__range=(OPENS, LATEST)),
                name="reminder_moments_inside_the_window",
                violation_error_message=_INSIDE,
            ),
            models.CheckConstraint(
                condition=Q(same_day_at__range=(OPENS, dt.time(18)), early_before__lte=dt.time(20))
                & Q(early_before__gte=F("same_day_at") + BEFORE_THE_START),
                name="reminder_moments_well_before_the_start",
                violation_error_message=_(
                    "Who is reminded on the day itself hears it at least two hours before the start: choose a later start, "
                    "no later than 20:00, or an earlier time from 08:00."
                ),
            ),
        ]

    def __str__(self):
        return str(self.type or _("every other type"))

    @property
    def moments(self) -> Moments:
        return Moments(**{one: getattr(self, one) for one in CHOSEN})

    @property
    def own(self) -> Moments | None:
        """None for a type that goes as the others."""
        return None if self.as_others else self.moments


# What is chosen of moments, by name.
CHOSEN = tuple(one.name for one in dataclasses.fields(Moments))


@dataclass(frozen=True)
class Since:
    """From a date on; `moments` is None for a type that goes as the others."""

    date: dt.date
    moments: Moments | None


def _from_table() -> dict[int | None, list[Since]]:
    """Type (None for the others) → since when which moments, the newest first."""
    found: dict[int | None, list[Since]] = {}
    for row in ReminderMoments.objects.order_by("-valid_from", "-number"):
        found.setdefault(row.type_id, []).append(Since(row.valid_from, row.own))
    return found


known_moments = ReadOncePerDate(_from_table)


def own_moments(type_id: int | None, date: dt.date) -> Moments | None:
    """Those of a type itself, or, for None, those of all others; None when nothing was chosen for it."""
    rows = known_moments.complete_for(date).get(type_id, ())
    return next((one.moments for one in rows if one.date <= date), None)


def moments_of(type_id: int | None, at: dt.datetime | dt.date) -> Moments:
    """What is in force for a type at a moment or on a local date. No query, but for the first of a date in a process."""
    date = clock.local_date(at) if isinstance(at, dt.datetime) else at
    return own_moments(type_id, date) or own_moments(None, date) or AS_RULED


def coming_moments(today: dt.date) -> dict[int | None, list[ReminderMoments]]:
    """Type → what will change it, the first to come first; of one date the last that was added. One query."""
    rows = ReminderMoments.objects.filter(valid_from__gt=today).order_by("valid_from", "number")
    found: dict[int | None, list[ReminderMoments]] = {}
    for one in {(one.type_id, one.valid_from): one for one in rows}.values():
        key = one.type_id
        before = found[key][-1].own if key in found else own_moments(key, today)
        # What was taken back changes nothing.
        if one.own != (before or (None if key else AS_RULED)):
            found.setdefault(key, []).append(one)
    return found
