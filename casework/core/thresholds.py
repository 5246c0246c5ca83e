"""Numbers in rules that a city may choose, by date: after how long, how often, from when (decision 0052).

A value counts from a date after the one on which it was added, and is never changed or removed. So what is in force
today cannot change today, and a process reads the table once per date: asking costs no query.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Floor
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from casework.core import clock, dates
from casework.core.dated import ReadOncePerDate


class Unit(models.TextChoices):
    MINUTES = "minutes", _("minutes")
    HOURS = "hours", _("hours")
    DAYS = "days", _("days")
    WORKING_DAYS = "working_days", _("working days")
    TIMES = "times", _("times")
    OCLOCK = "oclock", _("o’clock")
    FACTOR = "factor", _("factor")


class Threshold(models.TextChoices):
    """What can be set. The value of each that has none in the table, its bounds and its rule stand in `KNOWN`."""

    LEAD_TIME = "lead_time", _("An appointment starts at least so long from now")
    SUGGESTIONS = "suggestions", _("So many times are suggested at most")
    IN_TIME = "in_time", _("Cancelled or moved in time: at least so long before the start")
    CHECK_IN_FROM = "check_in_from", _("Checking in is possible from so long before the start")
    NO_SHOW_FROM = "no_show_from", _("“Did not appear” is possible from so long after the start")
    PHONE_ATTEMPTS = "phone_attempts", _("“Did not appear” by telephone: attempts needed")
    PHONE_ATTEMPTS_APART = "phone_attempts_apart", _("Attempts by telephone: at least so long apart")
    CORRECTION_DAYS = "correction_days", _("Counsellor and desk correct attendance until so long after the appointment")
    UNRECORDED_AFTER = "unrecorded_after", _("Without outcome an appointment is to be recorded so long after its end")
    NOTICE_FROM = "notice_from", _("The counsellor hears what is to be recorded from this hour")
    EXCEPTION_AFTER = "exception_after", _("To be recorded for longer than this: also on the supervisor’s list")
    MISSED_AFTER = "missed_after", _("The message after a missed appointment goes out so much later")
    OUTBOX_SILENT_AFTER = "outbox_silent_after", _("Staff hear it when nobody looked at the outbox for longer than")
    LETTER_TAKES = "letter_takes", _("A letter is there so long after it was posted")
    FOLLOW_UP_AFTER = "follow_up_after", _("Follow-up of a missed appointment: first step within")
    DROP_OUT_RISK_FROM = "drop_out_risk_from", _("Likely to drop out: missed so often in a row")
    NEXT_STEP_PHONE = "next_step_phone", _("Next step after calling")
    NEXT_STEP_SMS = "next_step_sms", _("Next step after a text message")
    NEXT_STEP_EMAIL = "next_step_email", _("Next step after an e-mail")
    NEXT_STEP_LETTER = "next_step_letter", _("Next step after a letter")
    NEXT_STEP_VISIT = "next_step_visit", _("Next step after a visit")
    NEXT_STEP_SPOKEN = "next_step_spoken", _("Next step after we spoke with somebody")
    ATTEMPTS = "attempts", _("Closing with “did not appear”: contact attempts needed")
    ATTEMPT_KINDS = "attempt_kinds", _("Closing with “did not appear”: in so many ways")
    ATTEMPTS_WITHIN = "attempts_within", _("Closing with “did not appear”: attempts count for")
    SILENT_AFTER = "silent_after", _("A household is named when it had no contact for longer than")
    NEW_WITHIN = "new_within", _("A household is new in a caseload for")
    WEIGHT_URGENT = "weight_urgent", _("Weight of an urgent household in a caseload")
    WEIGHT_AFTERCARE = "weight_aftercare", _("Weight of a household in aftercare in a caseload")

    @property
    def known(self) -> "Known":
        return KNOWN[self]

    def in_force(self, at: dt.datetime | dt.date) -> Decimal:
        """What is in force at a moment or on a local date. No query, but for the first of a date in a process."""
        date = clock.local_date(at) if isinstance(at, dt.datetime) else at
        return next(
            (value for since, value in known_values.complete_for(date).get(self, ()) if since <= date),
            self.known.default,
        )

    def number(self, at: dt.datetime | dt.date) -> int:
        """Of working days, times and hours of the day."""
        return int(self.in_force(at))

    def span(self, at: dt.datetime | dt.date) -> dt.timedelta:
        """Of minutes, hours and days."""
        return dt.timedelta(**{self.known.unit.value: int(self.in_force(at))})

    def words(self, at: dt.datetime | dt.date) -> str:
        """`15 minutes`, as it stands in a sentence."""
        return self.known.words(self.in_force(at))


@dataclass(frozen=True)
class Known:
    """Of a threshold: its unit, the value without a row, between which bounds a city may choose, and where it is from."""

    unit: Unit
    default: Decimal
    lowest: Decimal
    highest: Decimal
    rule: str

    def words(self, value: Decimal) -> str:
        """With its unit; a number of times and a factor have none."""
        if self.unit == Unit.FACTOR:
            return number_format(value.normalize())
        number = int(value)
        if self.unit == Unit.TIMES:
            return str(number)
        if self.unit == Unit.OCLOCK:
            return dates.clock_time(dt.time(number))
        return {
            Unit.MINUTES: ngettext("%(number)s minute", "%(number)s minutes", number),
            Unit.HOURS: ngettext("%(number)s hour", "%(number)s hours", number),
            Unit.DAYS: ngettext("%(number)s day", "%(number)s days", number),
            Unit.WORKING_DAYS: ngettext("%(number)s working day", "%(number)s working days", number),
        }[self.unit] % {"number": number}

    def allows(self, value: Decimal) -> bool:
        return self.lowest <= value <= self.highest and (self.unit == Unit.FACTOR or value == int(value))


def _known(unit: Unit, default, lowest, highest, rule: str) -> Known:
    return Known(unit, *(Decimal(str(number)) for number in (default, lowest, highest)), rule)


KNOWN: dict[Threshold, Known] = {
    Threshold.LEAD_TIME: _known(Unit.MINUTES, 15, 0, 1440, "R-11"),
    Threshold.SUGGESTIONS: _known(Unit.TIMES, 5, 1, 20, "R-13"),
    Threshold.IN_TIME: _known(Unit.HOURS, 24, 1, 168, "R-16"),
    Threshold.CHECK_IN_FROM: _known(Unit.MINUTES, 60, 0, 480, "R-20"),
    Threshold.NO_SHOW_FROM: _known(Unit.MINUTES, 15, 0, 120, "R-10"),
    Threshold.PHONE_ATTEMPTS: _known(Unit.TIMES, 2, 1, 5, "R-23"),
    Threshold.PHONE_ATTEMPTS_APART: _known(Unit.MINUTES, 10, 1, 120, "R-23"),
    Threshold.CORRECTION_DAYS: _known(Unit.DAYS, 14, 0, 92, "R-22"),
    Threshold.UNRECORDED_AFTER: _known(Unit.HOURS, 2, 0, 72, "R-21"),
    Threshold.NOTICE_FROM: _known(Unit.OCLOCK, 9, 6, 17, "R-21"),
    Threshold.EXCEPTION_AFTER: _known(Unit.WORKING_DAYS, 5, 1, 60, "R-21"),
    Threshold.MISSED_AFTER: _known(Unit.MINUTES, 60, 0, 1440, "R-26"),
    Threshold.OUTBOX_SILENT_AFTER: _known(Unit.MINUTES, 10, 2, 120, "R-35"),
    Threshold.LETTER_TAKES: _known(Unit.WORKING_DAYS, 2, 1, 5, "R-39"),
    Threshold.FOLLOW_UP_AFTER: _known(Unit.WORKING_DAYS, 1, 1, 20, "R-24"),
    Threshold.DROP_OUT_RISK_FROM: _known(Unit.TIMES, 2, 1, 10, "R-24"),
    Threshold.NEXT_STEP_PHONE: _known(Unit.WORKING_DAYS, 1, 1, 20, "S12"),
    Threshold.NEXT_STEP_SMS: _known(Unit.WORKING_DAYS, 2, 1, 20, "S12"),
    Threshold.NEXT_STEP_EMAIL: _known(Unit.WORKING_DAYS, 2, 1, 20, "S12"),
    Threshold.NEXT_STEP_LETTER: _known(Unit.WORKING_DAYS, 5, 1, 20, "S12"),
    Threshold.NEXT_STEP_VISIT: _known(Unit.WORKING_DAYS, 2, 1, 20, "S12"),
    Threshold.NEXT_STEP_SPOKEN: _known(Unit.WORKING_DAYS, 3, 1, 20, "S12"),
    Threshold.ATTEMPTS: _known(Unit.TIMES, 3, 1, 10, "R-25"),
    Threshold.ATTEMPT_KINDS: _known(Unit.TIMES, 2, 1, 5, "R-25"),
    Threshold.ATTEMPTS_WITHIN: _known(Unit.DAYS, 30, 7, 365, "R-25"),
    Threshold.SILENT_AFTER: _known(Unit.DAYS, 30, 7, 365, "M8"),
    Threshold.NEW_WITHIN: _known(Unit.DAYS, 28, 7, 92, "M8"),
    Threshold.WEIGHT_URGENT: _known(Unit.FACTOR, 1.5, 0, 9, "M8"),
    Threshold.WEIGHT_AFTERCARE: _known(Unit.FACTOR, 0.5, 0, 9, "M8"),
}


def _within_bounds() -> Q:
    whole = Q()
    for threshold, known in KNOWN.items():
        one = Q(threshold=threshold.value, value__gte=known.lowest, value__lte=known.highest)
        whole |= one if known.unit == Unit.FACTOR else one & Q(value=Floor(F("value")))
    return whole


class ThresholdValue(models.Model):
    """From a date on, a threshold has this value. Rows are added only; of one date the last one counts.

    A database trigger refuses to change or delete a row: what was in force on a date stays known.
    """

    threshold = models.CharField(_("threshold"), max_length=24, choices=Threshold)
    value = models.DecimalField(_("value"), max_digits=6, decimal_places=2)
    valid_from = models.DateField(_("valid from"))
    # The local date on which it is there for all to read; see `core.actions.set_threshold`.
    added_on = models.DateField(_("added"))
    # The how many-eth value of this threshold: two people cannot both add the next one.
    number = models.PositiveIntegerField(editable=False)

    class Meta:
        verbose_name = _("threshold")
        verbose_name_plural = _("thresholds")
        ordering = ["threshold", "-valid_from", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["threshold", "number"], name="threshold_values_are_numbered"),
            models.CheckConstraint(
                condition=Q(valid_from__gt=F("added_on")),
                name="threshold_from_a_later_date",
                violation_error_message=_("Choose a date after today, so that everybody can see it before it counts."),
            ),
            models.CheckConstraint(
                condition=_within_bounds(),
                name="threshold_within_bounds",
                violation_error_message=_("Choose a number within the bounds of this threshold."),
            ),
        ]

    def __str__(self):
        return f"{self.get_threshold_display()}: {Threshold(self.threshold).known.words(self.value)}"


_Values = dict[str, list[tuple[dt.date, Decimal]]]


def _from_table() -> _Values:
    """Threshold → since when which value, the newest first."""
    found: _Values = {}
    rows = ThresholdValue.objects.order_by("-valid_from", "-number")
    for threshold, since, value in rows.values_list("threshold", "valid_from", "value"):
        found.setdefault(threshold, []).append((since, value))
    return found


known_values = ReadOncePerDate(_from_table)


def remember(*, values: _Values, until: dt.date) -> None:
    """Let this process go by these values up to and including a date. Also for tests, which start from none."""
    known_values.remember(values, until=until)


def forget() -> None:
    """Let this process read the table again. For tests: in use nothing that it remembers can change."""
    known_values.forget()


def coming(today: dt.date) -> dict[str, list[ThresholdValue]]:
    """Threshold → what will change it, the first to come first. One query."""
    rows = ThresholdValue.objects.filter(valid_from__gt=today).order_by("valid_from", "number")
    last_of_date = {(one.threshold, one.valid_from): one for one in rows}
    found: dict[str, list[ThresholdValue]] = {}
    for one in last_of_date.values():
        before = found[one.threshold][-1].value if one.threshold in found else Threshold(one.threshold).in_force(today)
        # What was taken back changes nothing.
        if one.value != before:
            found.setdefault(one.threshold, []).append(one)
    return found
