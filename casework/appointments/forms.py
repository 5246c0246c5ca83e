"""What people ask when they book, move, cancel and record; values come out typed."""

import datetime as dt

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.appointments.models import (
    APPEARED,
    CANCELLED,
    MISSED,
    MOVES,
    Appointment,
    AppointmentType,
    MissedReason,
    Outcome,
    Slot,
    ToldHow,
)
from casework.core import clock
from casework.core.forms import ClockTimeField, DutchDateField, FilterForm, TokenField, plain_helper
from casework.counsellors.models import Counsellor
from casework.places.models import Location


class CriteriaForm(FilterForm):
    """The sentence of the finder: what, where, with whom, from when (S09). Looked at, never saved."""

    kind = forms.ModelChoiceField(AppointmentType.objects.filter(active=True), label=_("Talk"), to_field_name="code")
    location = forms.ModelChoiceField(
        Location.objects.filter(active=True),
        label=_("At"),
        required=False,
        empty_label=_("every location"),
        to_field_name="code",
    )
    counsellor = forms.ModelChoiceField(
        Counsellor.objects.none(), label=_("With"), required=False, empty_label=_("everybody")
    )
    first_date = DutchDateField(label=_("From (not required)"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["counsellor"].queryset = Counsellor.objects.filter(active=True).select_related("user")

    def clean_first_date(self):
        date = self.cleaned_data["first_date"]
        if date and date < clock.today():
            raise forms.ValidationError(gettext("Choose today or a later date."))
        return date


class SlotField(forms.ChoiceField):
    """One of the slots on offer. A slot that is no longer on offer is handed over too: the action says what is wrong."""

    widget = forms.RadioSelect

    def to_python(self, value):
        try:
            moment, counsellor, location = str(value).split(".")
            start = dt.datetime.strptime(moment, "%Y%m%dT%H%MZ").replace(tzinfo=dt.UTC)
            return start, int(counsellor), int(location)
        except ValueError:
            return None

    def validate(self, value):
        if not value and self.required:
            raise forms.ValidationError(gettext("Choose a time."))


class BookingForm(forms.Form):
    """The choice of a time. A supervisor may type another time, with a reason (R-12)."""

    token = TokenField()
    slot = SlotField(label=_("Time"), required=False)
    note = forms.CharField(
        label=_("Note to the counsellor (not required)"),
        max_length=140,
        required=False,
        help_text=_("At most 140 characters. The resident does not get to see it."),
    )
    other_date = DutchDateField(label=_("Another day (not required)"), required=False)
    other_time = ClockTimeField(label=_("Another time (not required)"), required=False)
    overruled_reason = forms.CharField(
        label=_("Why outside working hours (not required)"), max_length=200, required=False
    )

    def __init__(self, *args, offered: list[Slot], may_overrule: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.offered = offered
        self.fields["slot"].choices = [(slot.key, str(slot)) for slot in offered]
        if not may_overrule:
            for name in ("other_date", "other_time", "overruled_reason"):
                del self.fields[name]
        self.helper = plain_helper()

    def clean(self):
        cleaned = super().clean()
        date, time = cleaned.get("other_date"), cleaned.get("other_time")
        if bool(date) != bool(time):
            self.add_error("other_date" if time else "other_time", gettext("Enter both a day and a time."))
        elif date:
            cleaned["other_start"] = self._moment(date, time)
        elif not cleaned.get("slot") and "slot" not in self.errors:
            self.add_error("slot", gettext("Choose a time."))
        return cleaned

    def _moment(self, date: dt.date, time: dt.time) -> dt.datetime | None:
        try:
            return clock.at(date, time)
        except clock.NoSuchLocalTime:
            self.add_error("other_time", gettext("This time does not exist on this day: the clock goes forward."))
            return None


class ToldForm(forms.Form):
    """When and how somebody told that an appointment changes (R-16)."""

    told_date = DutchDateField(label=_("Told on"))
    told_time = ClockTimeField(label=_("Told at"))
    told_how = forms.ChoiceField(label=_("Told how"), choices=ToldHow.choices)

    def __init__(self, *args, **kwargs):
        now = clock.local(clock.now())
        initial = {"told_date": now.date(), "told_time": now.time(), "told_how": ToldHow.PHONE}
        kwargs["initial"] = initial | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("told_date") and cleaned.get("told_time"):
            try:
                moment = clock.at(cleaned["told_date"], cleaned["told_time"])
            except clock.NoSuchLocalTime:
                self.add_error("told_time", gettext("This time does not exist on this day: the clock goes forward."))
                return cleaned
            # The minute that was typed, not the seconds: "now" is never in the future.
            cleaned["told_at"] = min(moment, clock.now()) if moment - clock.now() < dt.timedelta(minutes=1) else moment
        return cleaned


class CancelForm(ToldForm):
    """Who cancels, and when the resident told."""

    BY_RESIDENT, BY_ETF = "resident", "etf"
    who = forms.ChoiceField(
        label=_("Who cancels"),
        choices=[(BY_RESIDENT, _("The resident")), (BY_ETF, _("ETF"))],
        widget=forms.RadioSelect,
    )
    field_order = ["who", "told_date", "told_time", "told_how"]


class AttendanceForm(forms.Form):
    """What happened (S11). Only what is possible at this moment is offered."""

    outcome = forms.ChoiceField(
        label=_("What happened?"), widget=forms.RadioSelect, error_messages={"required": _("Choose what happened.")}
    )
    reason = forms.ChoiceField(
        label=_("Reason, when missed (not required)"), choices=[("", "–"), *MissedReason.choices], required=False
    )

    def __init__(self, *args, outcomes: list[Outcome], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(outcome.value, outcome.label) for outcome in outcomes]
        self.helper = plain_helper()


class CorrectionForm(AttendanceForm):
    """Another outcome than the one that stands, with the reason for it (R-22)."""

    why = forms.CharField(label=_("Why do you correct this?"), max_length=200)
    told_date = DutchDateField(label=_("When cancelled by the resident: told on (not required)"), required=False)
    told_time = ClockTimeField(label=_("When cancelled by the resident: told at (not required)"), required=False)

    def __init__(self, *args, appointment: Appointment, **kwargs):
        allowed = MOVES[appointment.outcome]
        order = [*APPEARED, *MISSED, *CANCELLED]
        super().__init__(*args, outcomes=[outcome for outcome in order if outcome in allowed], **kwargs)

    def clean(self):
        cleaned = super().clean()
        cleaned["told_at"] = None
        if cleaned.get("told_date") and cleaned.get("told_time"):
            try:
                cleaned["told_at"] = clock.at(cleaned["told_date"], cleaned["told_time"])
            except clock.NoSuchLocalTime:
                self.add_error("told_time", gettext("This time does not exist on this day: the clock goes forward."))
        return cleaned


class AgendaForm(FilterForm):
    """Which agenda: a location or a counsellor, a day or a week. Unknown values fall back (R-101)."""

    DAY, WEEK = "day", "week"
    location = forms.ModelChoiceField(
        Location.objects.filter(active=True),
        label=_("Location"),
        required=False,
        empty_label=_("every location"),
        to_field_name="code",
    )
    counsellor = forms.ModelChoiceField(
        Counsellor.objects.none(), label=_("Counsellor"), required=False, empty_label=_("everybody")
    )
    span = forms.ChoiceField(label=_("Show"), choices=[(DAY, _("Day")), (WEEK, _("Week"))], required=False)
    date = DutchDateField(label=_("Date"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["counsellor"].queryset = Counsellor.objects.filter(active=True).select_related("user")
