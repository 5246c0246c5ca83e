"""Appointments: types, planned and kept appointments, telephone attempts."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, Func, OuterRef, Q, When
from django.db.models.functions import TruncDate
from django.utils.translation import gettext_lazy as _

from casework.appointments.models.occupancy import AtWork, Occupancy
from casework.appointments.models.reasons import MissedReason
from casework.core import clock
from casework.core.models import Role, User
from casework.core.thresholds import Threshold
from casework.counsellors.models import LANGUAGES, Counsellor
from casework.households.models import Household
from casework.places.models import CalendarDay, Location


class TypeChannel(models.TextChoices):
    PLACE = "place", _("At a location")
    PHONE = "phone", _("By telephone")
    HOME = "home", _("At home")
    VIDEO = "video", _("Video call")


class AppointmentType(models.Model):
    """A kind of talk, such as EG (first talk, 60 minutes)."""

    code = models.CharField(_("code"), max_length=6, unique=True)
    name = models.CharField(_("name"), max_length=60)
    minutes = models.PositiveSmallIntegerField(_("minutes"), default=60)
    channel = models.CharField(_("channel"), max_length=6, choices=TypeChannel, default=TypeChannel.PLACE)
    first_talk = models.BooleanField(_("counts as the first talk"), default=False)
    travel_minutes = models.PositiveSmallIntegerField(
        _("minutes of travel, there and back each"),
        default=0,
        help_text=_("For talks at home. The counsellor is not free then, the household is."),
    )
    active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("appointment type")
        verbose_name_plural = _("appointment types")
        ordering = ["-first_talk", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(15, 480)),
                name="appointment_type_length",
                violation_error_message=_("An appointment takes 15 to 480 minutes."),
            ),
            models.CheckConstraint(
                condition=Q(travel_minutes=0) | Q(channel="home", travel_minutes__lte=120),
                name="appointment_type_travel",
                violation_error_message=_("Only for a talk at home one travels, at most 120 minutes."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def length(self) -> dt.timedelta:
        return dt.timedelta(minutes=self.minutes)

    @property
    def travel(self) -> dt.timedelta:
        """One way."""
        return dt.timedelta(minutes=self.travel_minutes)


class Outcome(models.TextChoices):
    """The classes of figures 3.2 that are recorded; T and U follow from the clock (R-10)."""

    ATTENDED = "V", _("Appeared")
    TOO_LATE = "L", _("Too late, not helped")
    NO_SHOW = "N", _("Did not appear")
    EXCUSED = "X", _("Did not appear – excused")
    CANCELLED_IN_TIME = "A1", _("Cancelled by resident, in time")
    CANCELLED_LATE = "A2", _("Cancelled by resident, late")
    CANCELLED_BY_ETF = "E", _("Cancelled by ETF")
    MOVED_IN_TIME = "R1", _("Moved, in time")
    MOVED_LATE = "R2", _("Moved, late")


# Groups of outcomes that rules and figures speak of.
APPEARED = (Outcome.ATTENDED, Outcome.TOO_LATE)
MISSED = (Outcome.NO_SHOW, Outcome.EXCUSED)
MOVED = (Outcome.MOVED_IN_TIME, Outcome.MOVED_LATE)
CANCELLED = (Outcome.CANCELLED_IN_TIME, Outcome.CANCELLED_LATE, Outcome.CANCELLED_BY_ETF)
# planned (empty) and recorded outcomes, and what each may become. A moved appointment stays moved: it has a successor.
MOVES: dict[str, set[Outcome]] = {
    "": set(Outcome),
    **{outcome: set(Outcome) - {outcome, *MOVED} for outcome in Outcome if outcome not in MOVED},
    **{outcome: set() for outcome in MOVED},
}


class State(models.TextChoices):
    """What an appointment is at a moment, in one word for badges (look.md 6.5)."""

    PLANNED = "planned", _("Planned")
    ARRIVED = "arrived", _("Arrived")
    UNRECORDED = "unrecorded", _("To be recorded")
    APPEARED = "appeared", _("Appeared")
    MISSED = "missed", _("Did not appear")
    CANCELLED = "cancelled", _("Cancelled")
    MOVED = "moved", _("Moved")


class ToldHow(models.TextChoices):
    PHONE = "phone", _("By telephone")
    DESK = "desk", _("At the desk")
    EMAIL = "email", _("By e-mail")
    OTHER = "other", _("Otherwise")
    REPLY = "reply", _("By a reply to our message")
    LINK = "link", _("Through the page to cancel")


# What a resident did without anybody of ours, so that nobody recorded it (decision 0067).
BY_THEMSELVES = (ToldHow.REPLY, ToldHow.LINK)
# What a colleague can choose.
TOLD_TO_US = [one for one in ToldHow.choices if one[0] not in BY_THEMSELVES]


class TsTzRange(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def _during() -> TsTzRange:
    """[start, end): an appointment may start when another ends (R-11)."""
    return TsTzRange("starts_at", "ends_at", RangeBoundary())


# An appointment takes up time while it is planned, and when somebody came.
OCCUPIES_TIME = Q(outcome="") | Q(outcome__in=["V", "L"])


class AppointmentQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Desk, counsellors and supervisors see the agenda of every location; nobody else sees any (R-90d)."""
        if user.is_active and user.role in {Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR}:
            return self
        return self.none()

    def of(self, counsellor: Counsellor | int):
        """Whose day it is part of: the first counsellor, who answers for it, and a second who joins (decision 0046).

        Attendance is recorded once, by either. Figures do not ask this: there it counts once, for the first (C11).
        """
        return self.filter(Q(counsellor=counsellor) | Q(second_counsellor=counsellor))

    def planned(self):
        return self.filter(outcome="")

    def standing(self, now: dt.datetime):
        """Planned and still to start."""
        return self.planned().filter(starts_at__gt=now)

    def unrecorded(self, now: dt.datetime):
        """Class U: no outcome, some hours after the planned end (R-21)."""
        return self.planned().filter(ends_at__lt=now - Threshold.UNRECORDED_AFTER.span(now))

    def to_replan(self, now: dt.datetime):
        """Standing, and somebody who is needed is away or does not work then, or left, or the day is closed (R-14).

        What was booked outside working hours on purpose (R-12) is not looked at for that (decision 0053).
        """
        away = Occupancy.objects.filter(
            Q(counsellor__active=False) | Q(counsellor__absences__period__overlap=F("during")),
            appointment=OuterRef("pk"),
        )
        start = ExpressionWrapper(OuterRef("starts_at"), output_field=models.DateTimeField())
        closed = CalendarDay.objects.filter(closed=True, date=TruncDate(start, tzinfo=clock.LOCAL))
        # The first counsellor is needed at the place of the appointment, a second wherever they work.
        place = Case(When(counsellor=F("appointment__counsellor"), then=F("appointment__location")), default=None)
        outside = Occupancy.objects.filter(~Q(AtWork("counsellor", place, "during")), appointment=OuterRef("pk"))
        off_hours = Q(overruled_reason="") & Exists(outside)
        return self.standing(now).filter(Exists(away) | Exists(closed) | off_hours)

    def during_absence(self, absence):
        """That take time of somebody within one absence, the way included (R-14). `absence`: its key, or an expression."""
        within = Occupancy.objects.filter(
            appointment=OuterRef("pk"), counsellor__absences=absence, counsellor__absences__period__overlap=F("during")
        )
        return self.filter(Exists(within))

    def coming(self, now: dt.datetime):
        """Planned, and not over yet: the first of these is who is here, or who comes next (S02)."""
        return self.planned().filter(ends_at__gt=now)

    def between(self, first: dt.datetime, last: dt.datetime):
        return self.filter(starts_at__gte=first, starts_at__lt=last)

    def for_list(self):
        """With everything a row of a list shows, in one query."""
        return self.select_related(
            "household", "counsellor__user", "second_counsellor__user", "location", "type", "reason"
        )


class Appointment(models.Model):
    """A promise between a household and a counsellor, at a place and time; later also what became of it."""

    # Indexed together with the start, see below.
    household = models.ForeignKey(
        Household, models.PROTECT, verbose_name=_("household"), related_name="appointments", db_index=False
    )
    counsellor = models.ForeignKey(
        Counsellor, models.PROTECT, verbose_name=_("counsellor"), related_name="appointments", db_index=False
    )
    location = models.ForeignKey(Location, models.PROTECT, verbose_name=_("location"), db_index=False)
    type = models.ForeignKey(AppointmentType, models.PROTECT, verbose_name=_("type"))
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    walk_in = models.BooleanField(_("walk-in"), default=False)
    # Who else comes. The first counsellor answers for the appointment; the second is as little free (decision 0046).
    second_counsellor = models.ForeignKey(
        Counsellor, models.PROTECT, null=True, blank=True, verbose_name=_("second counsellor"), related_name="joined"
    )
    interpreter_language = models.CharField(_("interpreter for"), max_length=3, choices=LANGUAGES, blank=True)
    interpreter_booked = models.BooleanField(_("interpreter is booked"), default=False)
    interpreter_agency = models.CharField(_("agency of the interpreter"), max_length=80, blank=True)
    partner_worker = models.CharField(_("worker of a partner"), max_length=120, blank=True)
    # One way, as it was when this was booked; only the counsellors travel.
    travel_minutes = models.PositiveSmallIntegerField(_("minutes of travel"), default=0)
    # Those that were booked together as a series share this: the one-time token of their form.
    series = models.UUIDField(null=True, editable=False)
    note = models.CharField(_("note to the counsellor"), max_length=140, blank=True)
    booked_at = models.DateTimeField(_("booked"))
    booked_by = models.ForeignKey(User, models.PROTECT, verbose_name=_("booked by"), related_name="+")
    # Why the rules on working hours were set aside; only a supervisor can.
    overruled_reason = models.CharField(_("reason for booking outside working hours"), max_length=200, blank=True)

    arrived_at = models.DateTimeField(_("arrived"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=2, choices=Outcome, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("recorded by"), related_name="+"
    )
    # Its code is in the row, so that a history and a file say it without a look elsewhere.
    reason = models.ForeignKey(
        MissedReason, models.PROTECT, to_field="code", db_column="reason", null=True, blank=True,
        db_index=False, verbose_name=_("reason"), related_name="appointments",
    )  # fmt: skip
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    told_how = models.CharField(_("told how"), max_length=6, choices=ToldHow, blank=True)
    moved_to = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("moved to"), related_name="moved_from"
    )

    # the one-time token of the form. reference: the key in a scenario file.
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    reference = models.CharField(max_length=60, null=True, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="appointment_ends_after_start"),
            ExclusionConstraint(
                name="appointment_counsellor_free",
                expressions=[(_during(), RangeOperators.OVERLAPS), ("counsellor", RangeOperators.EQUAL)],
                condition=OCCUPIES_TIME,
                violation_error_message=_("This counsellor already has an appointment at this time."),
            ),
            ExclusionConstraint(
                name="appointment_household_free",
                expressions=[(_during(), RangeOperators.OVERLAPS), ("household", RangeOperators.EQUAL)],
                condition=OCCUPIES_TIME,
                violation_error_message=_("This household already has an appointment at this time."),
            ),
            models.CheckConstraint(
                condition=Q(outcome="", recorded_at=None, recorded_by=None)
                | (~Q(outcome="") & Q(recorded_at__isnull=False, recorded_by__isnull=False))
                | Q(
                    outcome__in=["A1", "A2"],
                    told_how__in=["reply", "link"],
                    recorded_at__isnull=False,
                    recorded_by=None,
                ),
                name="appointment_outcome_with_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(moved_to=None) | Q(outcome__in=["R1", "R2"]), name="appointment_successor_when_moved"
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["A1", "A2", "R1", "R2"]) | Q(told_at__isnull=False),
                name="appointment_told_when_cancelled",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["A1", "A2"]) | Q(told_at__lt=F("starts_at")),
                name="appointment_told_before_start",
            ),
            models.CheckConstraint(
                condition=Q(second_counsellor=None) | ~Q(second_counsellor=F("counsellor")),
                name="appointment_second_is_another",
                violation_error_message=_("Choose somebody else as the second counsellor."),
            ),
            models.CheckConstraint(
                condition=~Q(interpreter_language="") | Q(interpreter_agency=""),
                name="appointment_interpreter_of_a_language",
            ),
            models.CheckConstraint(condition=Q(travel_minutes__lte=120), name="appointment_travel_at_most"),
            models.CheckConstraint(
                condition=Q(walk_in=False) | Q(outcome__in=["", "V"]), name="appointment_walk_in_attended"
            ),
        ]
        indexes = [
            models.Index(fields=["location", "starts_at"], name="appointment_by_location"),
            models.Index(fields=["counsellor", "starts_at"], name="appointment_by_counsellor"),
            models.Index(fields=["household", "-starts_at"], name="appointment_by_household"),
            # The figures: an index-only scan per month, location, type and counsellor.
            models.Index(
                fields=["starts_at"],
                include=["outcome", "location", "type", "counsellor", "walk_in", "ends_at"],
                name="appointment_figures",
            ),
            models.Index(fields=["ends_at"], name="appointment_without_outcome", condition=Q(outcome="")),
            models.Index(fields=["series"], name="appointment_by_series", condition=Q(series__isnull=False)),
        ]

    def __str__(self):
        return f"{self.type} {self.starts_at:%Y-%m-%d %H:%M}"

    def is_unrecorded(self, now: dt.datetime) -> bool:
        return not self.outcome and now > self.ends_at + Threshold.UNRECORDED_AFTER.span(now)

    def state(self, now: dt.datetime) -> State:
        """One word for this moment. No query."""
        if self.outcome in APPEARED:
            return State.APPEARED
        if self.outcome in MISSED:
            return State.MISSED
        if self.outcome in CANCELLED:
            return State.CANCELLED
        if self.outcome in MOVED:
            return State.MOVED
        if self.is_unrecorded(now):
            return State.UNRECORDED
        return State.ARRIVED if self.arrived_at else State.PLANNED

    @property
    def counsellor_ids(self) -> set[int]:
        """Whose time it takes. No query."""
        return {self.counsellor_id, self.second_counsellor_id} - {None}

    @property
    def travel(self) -> dt.timedelta:
        """One way."""
        return dt.timedelta(minutes=self.travel_minutes)

    def is_of(self, user: User) -> bool:
        """Whether a user sees this household at this appointment, first or second. No query after `for_list`."""
        second = self.second_counsellor
        return self.counsellor.user_id == user.pk or bool(second and second.user_id == user.pk)

    def arrival(self, now: dt.datetime) -> tuple[str, str]:
        """How somebody who comes today stands with the desk (S03), as a kind of badge and a word. No query.

        That a talk goes on is only said of who was recorded as appeared: the clock alone does not know.
        """
        if self.outcome in APPEARED:
            return ("appeared", _("in the talk")) if now < self.ends_at else ("appeared", _("gone"))
        if not self.outcome and self.arrived_at:
            return "arrived", _("Arrived")
        if self.outcome or self.is_unrecorded(now):
            state = self.state(now)
            return state.value, state.label
        return ("planned", _("expected")) if now <= self.starts_at else ("late", _("Too late"))

    def can_check_in(self, now: dt.datetime) -> bool:
        """Whether it is the time to (R-20): from some while before the start until the planned end. No query."""
        opens = self.starts_at - Threshold.CHECK_IN_FROM.span(now)
        return not self.outcome and not self.arrived_at and opens <= now <= self.ends_at

    def told_in_time(self, told_at: dt.datetime) -> bool:
        """At least 24 hours of elapsed time before the start, or what was in force when it was told (R-16)."""
        return self.starts_at - told_at >= Threshold.IN_TIME.span(told_at)


def exception_before(now: dt.datetime) -> dt.date:
    """Unrecorded appointments of dates before this one stand on the supervisor's list (R-21). One query."""
    calendar = CalendarDay.objects.working_calendar()
    date, left = clock.local_date(now), Threshold.EXCEPTION_AFTER.number(now)
    while left:
        date -= dt.timedelta(days=1)
        left -= calendar.is_working_day(date)
    return date


class PhoneAttempt(models.Model):
    """One attempt to reach somebody for an appointment by telephone (R-23)."""

    appointment = models.ForeignKey(
        Appointment, models.CASCADE, verbose_name=_("appointment"), related_name="phone_attempts"
    )
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(User, models.PROTECT, verbose_name=_("by"))

    class Meta:
        verbose_name = _("attempt by telephone")
        verbose_name_plural = _("attempts by telephone")
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["appointment", "at"], name="phone_attempt_once")]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M}"


class UnrecordedNotice(models.Model):
    """That a counsellor was told on a date how many appointments still lack an outcome: once per date (R-21, R-01)."""

    counsellor = models.ForeignKey(Counsellor, models.CASCADE, verbose_name=_("counsellor"), related_name="notices")
    on = models.DateField(_("date"))
    number = models.PositiveIntegerField(_("appointments without outcome"))
    made_at = models.DateTimeField(_("made"))

    class Meta:
        verbose_name = _("notice of unrecorded appointments")
        verbose_name_plural = _("notices of unrecorded appointments")
        ordering = ["-on", "counsellor"]
        constraints = [models.UniqueConstraint(fields=["counsellor", "on"], name="unrecorded_notice_once_a_day")]

    def __str__(self):
        return f"{self.on}: {self.number}"
