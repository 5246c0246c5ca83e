"""Who works where and when: counsellors, desk workers, working hours and absences."""

import datetime as dt
import hashlib

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from casework.core import names
from casework.core.models import User
from casework.places.models import WEEKDAYS, Location, minutes

LANGUAGES = [
    ("nl", _("Dutch")), ("en", _("English")), ("tr", _("Turkish")), ("ar", _("Arabic")), ("pl", _("Polish")),
    ("pap", _("Papiamentu")), ("pt", _("Portuguese")), ("es", _("Spanish")), ("fr", _("French")), ("so", _("Somali")),
    ("ti", _("Tigrinya")), ("fa", _("Farsi")), ("bg", _("Bulgarian")), ("uk", _("Ukrainian")), ("ru", _("Russian")),
    ("zh", _("Chinese")), ("vi", _("Vietnamese")), ("ber", _("Berber")), ("hi", _("Hindustani")), ("ur", _("Urdu")),
]  # fmt: skip


class Team(models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Posting(models.Model):
    """Where a desk worker or supervisor works: the location and team their screens start with."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("user"), related_name="posting"
    )
    location = models.ForeignKey(Location, models.PROTECT, null=True, blank=True, verbose_name=_("location"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, verbose_name=_("team"))

    class Meta:
        verbose_name = _("posting")
        verbose_name_plural = _("postings")

    def __str__(self):
        return f"{self.user} – {self.location or self.team}"


class Counsellor(models.Model):
    """A trajectory counsellor, with the household capacity of the contract. The row is locked to book (R-18)."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("user"), related_name="counsellor"
    )
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("home location"))
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, verbose_name=_("team"))
    languages = ArrayField(models.CharField(max_length=3, choices=LANGUAGES), verbose_name=_("languages"), default=list)
    capacity = models.PositiveSmallIntegerField(_("households at most"), default=50)
    sort_name = models.CharField(max_length=200, editable=False)
    active = models.BooleanField(_("works here"), default=True)

    class Meta:
        verbose_name = _("counsellor")
        verbose_name_plural = _("counsellors")
        ordering = ["sort_name", "id"]

    def __str__(self):
        return self.user.full_name

    def save(self, **kwargs):
        given, _space, surname = self.user.full_name.partition(" ")
        prefix, bare = names.split_prefix(surname)
        folded = names.sort_name(given, prefix, bare)
        self.sort_name = folded[: self._meta.get_field("sort_name").max_length]
        super().save(**kwargs)

    @property
    def first_name(self) -> str:
        return self.user.first_name


class WorkingHours(models.Model):
    """When a counsellor works on a weekday (1 = Monday), where, and between which dates (both included)."""

    counsellor = models.ForeignKey(
        Counsellor, models.CASCADE, verbose_name=_("counsellor"), related_name="working_hours"
    )
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("to"))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to and including"), null=True, blank=True)

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["counsellor", "weekday", "starts"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__range=(1, 7), ends__gt=F("starts")),
                name="working_hours_in_order",
                violation_error_message=_("The end must be after the start."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="working_hours_valid_in_order",
                violation_error_message=_("The last date must not be before the first."),
            ),
            ExclusionConstraint(
                name="working_hours_do_not_overlap",
                expressions=[
                    ("counsellor", "="),
                    ("weekday", "="),
                    (Func(F("valid_from"), F("valid_to"), Value("[]"), function="daterange"), "&&"),
                    (Func(minutes("starts"), minutes("ends"), function="int4range"), "&&"),
                ],
                violation_error_message=_("These hours overlap with other working hours of this day."),
            ),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.starts:%H.%M}–{self.ends:%H.%M}"

    def clean(self):
        """Ends before starts are named here: a range of the wrong way round cannot be asked of the database."""
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValidationError({"ends": _("The end must be after the start.")})
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValidationError({"valid_to": _("The last date must not be before the first.")})

    def overlaps(self, other: "WorkingHours") -> bool:
        """Whether both claim the same minutes of the same weekday on some date. No query."""
        in_dates = (self.valid_from or dt.date.min) <= (other.valid_to or dt.date.max) and (
            other.valid_from or dt.date.min
        ) <= (self.valid_to or dt.date.max)
        return in_dates and self.weekday == other.weekday and self.starts < other.ends and other.starts < self.ends


class AbsenceKind(models.TextChoices):
    LEAVE = "verlof", _("Leave")
    SICK = "ziek", _("Sick")
    TRAINING = "opleiding", _("Training")
    OTHER = "anders", _("Other")


class Absence(models.Model):
    """When a counsellor is away. Absences may overlap; removing one leaves the others (R-14)."""

    counsellor = models.ForeignKey(Counsellor, models.CASCADE, verbose_name=_("counsellor"), related_name="absences")
    period = DateTimeRangeField(_("period"))
    kind = models.CharField(_("kind"), max_length=10, choices=AbsenceKind, default=AbsenceKind.LEAVE)
    note = models.CharField(_("note for the supervisor"), max_length=140, blank=True)

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        ordering = ["counsellor", "period"]
        indexes = [GistIndex(fields=["counsellor", "period"], name="absence_by_counsellor")]
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
                name="absence_has_two_ends",
                violation_error_message=_("Enter a start and an end, the end after the start."),
            )
        ]

    def __str__(self):
        return f"{self.counsellor}: {self.get_kind_display()}"


class CalendarFeed(models.Model):
    """The secret address at which a counsellor's own calendar reads when they are taken; never who comes (S10).

    Only the fingerprint of the address is kept: whoever loses it makes a new one.
    """

    counsellor = models.OneToOneField(
        Counsellor, models.CASCADE, verbose_name=_("counsellor"), related_name="calendar_feed"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["counsellor"]

    def __str__(self):
        return str(self.counsellor)

    @staticmethod
    def hash_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()


def location_of(user: User) -> Location | None:
    """The location a user's screens start with. May query."""
    if hasattr(user, "counsellor"):
        return user.counsellor.location
    return user.posting.location if hasattr(user, "posting") else None
