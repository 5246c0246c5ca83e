"""Where ETF works and on which days: areas, neighbourhoods, locations, opening hours, the calendar, legal terms."""

import datetime as dt
from dataclasses import dataclass, field

from django.contrib.postgres.constraints import ExclusionConstraint
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Cast, ExtractHour, ExtractMinute
from django.utils.translation import gettext_lazy as _


class Area(models.Model):
    """A *gebied* of the city, such as Feijenoord (domain 6.1)."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Neighbourhood(models.Model):
    """A *wijk* inside an area; codes are the city's two digits, where known."""

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("area"), related_name="neighbourhoods")
    code = models.CharField(_("code"), max_length=4, blank=True)
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("neighbourhood")
        verbose_name_plural = _("neighbourhoods")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["area", "name"], name="neighbourhood_once_per_area")]

    def __str__(self):
        return self.name


class LocationKind(models.TextChoices):
    DESK = "desk", _("Desk")
    HUB = "hub", _("Neighbourhood hub")
    SCHOOL = "school", _("School")
    HOME = "home", _("At home")
    PHONE = "phone", _("Telephone")
    VIDEO = "video", _("Video call")


class Location(models.Model):
    """A place where residents come, such as Vraagwijzer Feijenoord. The name and address stand in messages."""

    code = models.CharField(_("code"), max_length=12, unique=True)
    name = models.CharField(_("name"), max_length=80)
    address = models.CharField(_("address"), max_length=160, blank=True)
    directions = models.CharField(
        _("how to get there"),
        max_length=160,
        blank=True,
        help_text=_("One sentence, used in the reminder by e-mail or letter."),
    )
    kind = models.CharField(_("kind"), max_length=8, choices=LocationKind, default=LocationKind.DESK)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name=_("area"))
    self_cancel = models.BooleanField(
        _("residents can cancel by themselves"),
        default=False,
        help_text=_("The reminder in advance has a code or an address with which they cancel. A reply can only come "
                    "in where the sender of our text messages is a telephone number."),
    )  # fmt: skip
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("location")
        verbose_name_plural = _("locations")
        ordering = ["name"]

    def __str__(self):
        return self.name

    @property
    def short_name(self) -> str:
        """`Feijenoord` for `Vraagwijzer Feijenoord`: on screens for staff, where every location is one."""
        return self.name.removeprefix("Vraagwijzer ")


WEEKDAYS = [
    (1, _("Monday")), (2, _("Tuesday")), (3, _("Wednesday")), (4, _("Thursday")), (5, _("Friday")), (6, _("Saturday")),
    (7, _("Sunday")),
]  # fmt: skip


def minutes(name: str) -> Cast:
    """SQL for a time of day as minutes after midnight, so that hours can stand in a range."""
    return Cast(ExtractHour(name) * 60 + ExtractMinute(name), models.IntegerField())


class OpeningHours(models.Model):
    """When a location is open on a weekday (1 = Monday), in wall time. Without hours a location is closed."""

    location = models.ForeignKey(Location, models.CASCADE, verbose_name=_("location"), related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=WEEKDAYS)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        ordering = ["location", "weekday", "opens"]
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__range=(1, 7), closes__gt=F("opens")),
                name="opening_hours_in_order",
                violation_error_message=_("The closing time must be after the opening time."),
            ),
            ExclusionConstraint(
                name="opening_hours_do_not_overlap",
                expressions=[
                    ("location", "="),
                    ("weekday", "="),
                    (Func(minutes("opens"), minutes("closes"), function="int4range"), "&&"),
                ],
                violation_error_message=_("These hours overlap with other opening hours of this day."),
            ),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.opens:%H.%M}–{self.closes:%H.%M}"

    def clean(self):
        """Closes before opens is named here: a range of the wrong way round cannot be asked of the database."""
        if self.opens and self.closes and self.closes <= self.opens:
            raise ValidationError({"closes": _("The closing time must be after the opening time.")})

    def overlaps(self, other: "OpeningHours") -> bool:
        """Whether both claim the same minutes of the same weekday. No query."""
        return self.weekday == other.weekday and self.opens < other.closes and other.opens < self.closes


class CalendarDayQuerySet(models.QuerySet):
    def closed_dates(self, first: dt.date, last: dt.date) -> set[dt.date]:
        return set(self.filter(date__range=(first, last), closed=True).values_list("date", flat=True))

    def working_calendar(self) -> "WorkingCalendar":
        """One query: the whole table is some hundreds of rows."""
        return WorkingCalendar(frozenset(self.filter(working_day=False).values_list("date", flat=True)))


class CalendarDay(models.Model):
    """A date that is not ordinary (R-02): whether it counts as a working day, and whether ETF is closed."""

    date = models.DateField(_("date"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    working_day = models.BooleanField(_("counts as a working day"), default=False)
    closed = models.BooleanField(_("closed"), default=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        ordering = ["date"]

    def __str__(self):
        return f"{self.date:%Y-%m-%d} {self.name}"


def official_days(year: int) -> list[CalendarDay]:
    """The days of R-02 for one year, not saved.

    Good Friday and Liberation Day (here every year, not only the lustrum) do not count as working days but are open.
    """
    # Slow to import, and needed only for filling the calendar.
    import holidays

    dutch = holidays.country_holidays("NL", years=year, language="nl")
    easter_monday = next(day for day in dutch.get_named("Tweede Paasdag", lookup="icontains"))
    good_friday = easter_monday - dt.timedelta(days=3)
    closed_names = ("nieuwjaarsdag", "tweede paasdag", "koningsdag", "hemelvaartsdag", "tweede pinksterdag", "kerstdag")
    days = [
        CalendarDay(date=date, name=name, working_day=False, closed=True)
        for date, name in sorted(dutch.items())
        if any(known in name.lower() for known in closed_names)
    ]
    open_days = [(good_friday, "Goede Vrijdag"), (dt.date(year, 5, 5), "Bevrijdingsdag")]
    known_dates = {day.date for day in days}
    days += [
        CalendarDay(date=date, name=name, working_day=False, closed=False)
        for date, name in open_days
        if date not in known_dates
    ]
    return sorted(days, key=lambda day: day.date)


@dataclass(frozen=True)
class WorkingCalendar:
    """Legal-term arithmetic over dates (R-03 to R-07; Algemene termijnenwet). Pure; build it with one query."""

    not_working: frozenset[dt.date] = field(default_factory=frozenset)

    def is_working_day(self, date: dt.date) -> bool:
        return date.isoweekday() <= 5 and date not in self.not_working

    def working_day_on_or_after(self, date: dt.date) -> dt.date:
        while not self.is_working_day(date):
            date += dt.timedelta(days=1)
        return date

    def add_weeks(self, date: dt.date, weeks: int) -> dt.date:
        """The same weekday `weeks` later; if that is no working day, the next one (R-04)."""
        return self.working_day_on_or_after(date + dt.timedelta(weeks=weeks))

    def add_working_days(self, date: dt.date, count: int) -> dt.date:
        """The `count`-th working day after `date` (R-04); `count` ≥ 1."""
        for _step in range(count):
            date = self.working_day_on_or_after(date + dt.timedelta(days=1))
        return date

    def working_days_between(self, first: dt.date, last: dt.date) -> int:
        """Working days strictly between two dates (R-39)."""
        days = (first + dt.timedelta(days=n) for n in range(1, (last - first).days))
        return sum(map(self.is_working_day, days))

    def first_talk_deadline(self, registered: dt.date) -> dt.date:
        """Four weeks after registration (R-06; Wgs art. 4)."""
        return self.add_weeks(registered, 4)

    def urgent_deadline(self, recorded: dt.date, registered: dt.date) -> dt.date:
        """Three working days after urgency was recorded, never later than the four-week term (R-05)."""
        return min(self.add_working_days(recorded, 3), self.first_talk_deadline(registered))

    def decision_deadline(self, first_talk: dt.date) -> dt.date:
        """Eight weeks after the first talk (R-07; Wgs art. 4a)."""
        return self.add_weeks(first_talk, 8)
