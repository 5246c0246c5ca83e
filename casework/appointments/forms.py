"""What people ask when they book, move, cancel and record; values come out typed."""

import datetime as dt
from dataclasses import dataclass

from django import forms
from django.utils.translation import gettext, ngettext_lazy
from django.utils.translation import gettext_lazy as _

from casework.appointments.models import (
    APPEARED,
    CANCELLED,
    HALF_DAYS,
    MISSED,
    MOVES,
    TOLD_TO_US,
    Appointment,
    AppointmentType,
    Company,
    MissedReason,
    Outcome,
    Slot,
    ToldHow,
    WaitingEnd,
)
from casework.core import clock, dates
from casework.core.forms import (
    LATEST,
    ClockTimeField,
    DutchDateField,
    KnownField,
    TokenField,
    VersionField,
    hold_both,
    plain_helper,
)
from casework.core.models import User
from casework.core.refusals import ChangedMeanwhile
from casework.counsellors.models import LANGUAGES, Counsellor
from casework.households.models import AttemptResult, Household
from casework.places.models import Location


class SlotField(forms.CharField):
    """The key of a slot. One that is no longer on offer is handed over too: the action says what is wrong."""

    widget = forms.RadioSelect

    def to_python(self, value):
        read = Slot.read_key(str(value))
        return read if read and read[0].date() <= LATEST else None

    def run_validators(self, value):
        """None has no characters to look at."""


def _number_of_weeks(number: int):
    return ngettext_lazy("%(number)d week", "%(number)d weeks", number) % {"number": number}


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

    def __init__(self, *args, may_overrule: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_overrule:
            for name in ("other_date", "other_time", "overruled_reason"):
                del self.fields[name]
        self.helper = plain_helper()

    def clean(self):
        cleaned = super().clean()
        date, time = cleaned.get("other_date"), cleaned.get("other_time")
        if self.errors.keys() & {"other_date", "other_time"}:
            return cleaned
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


class WaitingForm(forms.Form):
    """Who wants to come earlier: for which talk, where, on which half-days, until when."""

    token = TokenField()
    kind = KnownField(
        AppointmentType.objects.filter(active=True), label=_("Talk"), to_field_name="code", empty_label=None,
        error_messages={"required": _("Choose a kind of talk.")},
    )  # fmt: skip
    locations = forms.ModelMultipleChoiceField(
        Location.objects.filter(active=True),
        label=_("Where (not required)"),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None means every location."),
    )
    half_days = forms.MultipleChoiceField(
        label=_("When (not required)"),
        choices=HALF_DAYS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None means that every half-day suits."),
    )
    until = DutchDateField(
        label=_("Until and including"), error_messages={"required": _("Enter a date, such as 17 5 1984.")}
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class NoRoomForm(forms.Form):
    """Only the token: what there is to say follows from the term."""

    token = TokenField()


class EndWaitingForm(forms.Form):
    """Why somebody does not wait any more; *comes earlier* follows from booking."""

    reason = forms.ChoiceField(
        choices=[(one.value, one.label) for one in (WaitingEnd.NOT_WANTED, WaitingEnd.NOT_REACHED)]
    )


@dataclass(frozen=True)
class ReplanChoice:
    """A chosen time as it was sent, and read; with the version of the appointment that it was chosen for."""

    key: str
    slot: tuple[dt.datetime, int, int]
    version: int


class ReplanForm(forms.Form):
    """For each of many appointments a new time or none. `choices`: by the key of the appointment, where one was chosen."""

    token = TokenField()

    @property
    def choices(self) -> dict[int, ReplanChoice]:
        found = {}
        for name, key in self.data.items():
            number = name.removeprefix("time_")
            slot = Slot.read_key(key) if name.startswith("time_") and number.isascii() and number.isdigit() else None
            version = self.data.get(f"version_{number}", "")
            # A row that no page of ours sent is no choice.
            if slot and len(number) < 19 and version.isascii() and version.isdigit() and len(version) < 10:
                found[int(number)] = ReplanChoice(key, slot, int(version))
        return found


class RepeatForm(forms.Form):
    """How often a talk comes back."""

    weeks = forms.TypedChoiceField(
        label=_("Every (not required)"),
        choices=[("", "–"), *((number, _number_of_weeks(number)) for number in (1, 2, 3, 4, 6, 8))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    times = forms.IntegerField(
        label=_("How often, this time included (not required)"),
        required=False,
        min_value=2,
        max_value=12,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), _("Enter how often: a number from 2 to 12.")
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not (cleaned.get("weeks") and cleaned.get("times")):
            missing = "times" if cleaned.get("weeks") else "weeks"
            self.add_error(missing, gettext("For a series, choose every how many weeks and how often."))
        return cleaned


class CompanyForm(forms.Form):
    """An interpreter and the worker of a partner; of both no more than is needed to arrange it."""

    interpreter_language = forms.ChoiceField(
        label=_("Interpreter for (not required)"), choices=[("", _("no interpreter")), *LANGUAGES], required=False
    )
    interpreter_booked = forms.BooleanField(label=_("The interpreter is booked (not required)"), required=False)
    interpreter_agency = forms.CharField(
        label=_("Agency of the interpreter (not required)"),
        max_length=80,
        required=False,
        help_text=_("Only the agency, not the name of the interpreter."),
    )
    partner_worker = forms.CharField(
        label=_("Somebody of a partner comes too (not required)"),
        max_length=120,
        required=False,
        help_text=_("The organisation and who, such as “MAIT, volunteer”."),
    )

    def __init__(self, *args, household: Household, company: Company | None = None, **kwargs):
        needed = household.language if household.interpreter else ""
        fields = company.fields if company else {"interpreter_language": needed}
        kwargs["initial"] = fields | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("interpreter_language") and (
            cleaned.get("interpreter_booked") or cleaned.get("interpreter_agency")
        ):
            self.add_error("interpreter_language", gettext("Choose the language of the interpreter."))
        return cleaned

    def with_second(self, second: Counsellor | None) -> Company:
        return Company(second=second, **self.cleaned_data)


class ChangeCompanyForm(CompanyForm):
    """The same, with the second counsellor, of an appointment that stands (R-19)."""

    second = KnownField(
        Counsellor.objects.none(), label=_("And with (not required)"), required=False, empty_label=_("nobody else")
    )
    version = VersionField()
    field_order = ["second"]

    def __init__(self, *args, appointment: Appointment, **kwargs):
        known = Counsellor.objects.filter(active=True).exclude(pk=appointment.counsellor_id).select_related("user")
        initial = {"second": appointment.second_counsellor_id, "version": appointment.version}
        super().__init__(
            *args, household=appointment.household, company=Company.of(appointment), initial=initial, **kwargs
        )
        self.fields["second"].queryset = known

    @property
    def asked(self) -> Company:
        return Company(**{name: value for name, value in self.cleaned_data.items() if name != "version"})


def company_values(appointment: Appointment) -> dict:
    """What stands, by the field of the form (R-19)."""
    fields = Company.of(appointment).fields
    return {"second": fields.pop("second_counsellor"), **fields}


def ask_place(form: forms.Form) -> None:
    """The question that a form gets after the desk chose another location than its own (R-90d)."""
    form.fields["place_confirmed"] = forms.BooleanField(label=_("Yes, at this other location"), required=False)


class ToldForm(forms.Form):
    """When and how somebody told that an appointment changes (R-16)."""

    told_date = DutchDateField(label=_("Told on"), error_messages={"required": _("Enter a date, such as 17 5 1984.")})
    told_time = ClockTimeField(label=_("Told at"), error_messages={"required": _("Enter a time, such as 14.00.")})
    told_how = forms.ChoiceField(label=_("Told how"), choices=TOLD_TO_US)

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
            now = clock.now()
            cleaned["told_at"] = min(moment, now) if moment - now < dt.timedelta(minutes=1) else moment
        return cleaned


class CancelForm(ToldForm):
    """Who cancels, and when the resident told."""

    BY_RESIDENT, BY_ETF = "resident", "etf"
    who = forms.ChoiceField(
        label=_("Who cancels"),
        choices=[(BY_RESIDENT, _("The resident")), (BY_ETF, _("ETF"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose who cancels.")},
    )
    field_order = ["who", "told_date", "told_time", "told_how"]


_REASON_GONE = {"invalid_choice": _("This reason is not in use any more. Choose another one.")}


def _reasons() -> list[tuple[str, str]]:
    return [("", "–"), *MissedReason.objects.choices()]


class AttendanceForm(forms.Form):
    """What happened (S11). Only what is possible at this moment is offered."""

    outcome = forms.ChoiceField(
        label=_("What happened?"), widget=forms.RadioSelect, error_messages={"required": _("Choose what happened.")}
    )
    reason = forms.ChoiceField(
        label=_("Reason, when missed (not required)"), required=False, error_messages=_REASON_GONE
    )

    def __init__(self, *args, outcomes: list[Outcome], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = [(outcome.value, outcome.label) for outcome in outcomes]
        self.fields["reason"].choices = _reasons()
        self.helper = plain_helper()


BY_RESIDENT = "A"


class RecordForm(AttendanceForm):
    """The five choices of S11: N asks whether there was a good reason (X); a cancellation has a page of its own."""

    excused = forms.BooleanField(label=_("Excused: there was a good reason (not required)"), required=False)

    def __init__(self, *args, outcomes: list[Outcome], **kwargs):
        super().__init__(*args, outcomes=[one for one in outcomes if one != Outcome.EXCUSED], **kwargs)
        choices = list(self.fields["outcome"].choices)
        by_etf = [one for one in choices if one[0] == Outcome.CANCELLED_BY_ETF]
        rest = [one for one in choices if one not in by_etf]
        self.fields["outcome"].choices = [*rest, (BY_RESIDENT, _("Cancelled by the resident")), *by_etf]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") == Outcome.NO_SHOW and cleaned.get("excused"):
            cleaned["outcome"] = Outcome.EXCUSED
        return cleaned


class SeveralForm(forms.Form):
    """What happened at several appointments; a row without a choice stays as it is (S11)."""

    def __init__(self, *args, rows: list[Appointment], possible: dict[int, list[Outcome]], **kwargs):
        super().__init__(*args, **kwargs)
        self._keys, reasons = [one.pk for one in rows], _reasons()
        for one in rows:
            choices = [(outcome.value, outcome.label) for outcome in possible[one.pk]]
            self.fields[f"outcome-{one.pk}"] = forms.ChoiceField(
                label=_("What happened?"), choices=[("", _("not yet")), *choices], required=False,
                error_messages={"invalid_choice": _("This is not possible now. Choose something else.")},
            )  # fmt: skip
            self.fields[f"reason-{one.pk}"] = forms.ChoiceField(
                label=_("Reason, when missed"), choices=reasons, required=False, error_messages=_REASON_GONE
            )
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not self.chosen():
            text = gettext("Choose what happened for at least one appointment.")
            # Said at the first row, so that the summary leads somewhere.
            self.add_error(next(iter(self.fields), None), text)
        return cleaned

    def chosen(self) -> dict[int, tuple[str, str]]:
        """Key → outcome and reason, of the rows with a choice."""
        found = (
            (key, self.cleaned_data.get(f"outcome-{key}"), self.cleaned_data.get(f"reason-{key}")) for key in self._keys
        )
        return {key: (outcome, reason or "") for key, outcome, reason in found if outcome}


class CorrectionForm(AttendanceForm):
    """Another outcome than the one that stands, with the reason for it (R-22)."""

    version = VersionField()
    why = forms.CharField(
        label=_("Why do you correct this?"), max_length=200,
        error_messages={"required": _("Write why you correct this.")},
    )  # fmt: skip
    told_date = DutchDateField(label=_("When cancelled by the resident: told on (not required)"), required=False)
    told_time = ClockTimeField(label=_("When cancelled by the resident: told at (not required)"), required=False)

    def __init__(self, *args, appointment: Appointment, **kwargs):
        allowed = MOVES[appointment.outcome]
        order = [*APPEARED, *MISSED, *CANCELLED]
        super().__init__(*args, outcomes=[outcome for outcome in order if outcome in allowed], **kwargs)
        self.fields["version"].initial = appointment.version

    def clean(self):
        cleaned = super().clean()
        cleaned["told_at"] = None
        if cleaned.get("told_date") and cleaned.get("told_time"):
            try:
                cleaned["told_at"] = clock.at(cleaned["told_date"], cleaned["told_time"])
            except clock.NoSuchLocalTime:
                self.add_error("told_time", gettext("This time does not exist on this day: the clock goes forward."))
        return cleaned


def what_stands(form, row: Appointment, *, by: User) -> list[dict]:
    """What a colleague recorded meanwhile, beside what was chosen here: who, when, what (R-19, S11)."""
    current = Appointment.objects.select_related("recorded_by", "reason").get(pk=row.pk)
    if not current.outcome:
        return []
    chosen = form.data.get("outcome", "")
    return [
        {
            "label": gettext("Outcome"),
            "typed": Outcome(chosen).label if chosen in Outcome else "",
            "stands": current.get_outcome_display(),
        },
        {"label": gettext("Reason"), "typed": "", "stands": str(current.reason or "")},
        {
            "label": gettext("Recorded by"),
            "typed": str(by),
            "stands": _by_whom(current),
        },
    ]


def _by_whom(row: Appointment) -> str:
    at = clock.local(row.recorded_at)
    return f"{row.recorded_by or gettext('the resident')}, {dates.full_date(at.date())} {dates.clock_time(at.time())}"


def stands_already(key: int) -> str:
    """Who recorded an appointment, when and as what, in one sentence; empty while nobody did. One query."""
    current = Appointment.objects.select_related("recorded_by", "reason").get(pk=key)
    if not current.outcome:
        return ""
    values = {"outcome": current.get_outcome_display(), "who": _by_whom(current)}
    return gettext("A colleague was first: %(outcome)s, by %(who)s.") % values


def hold_correction(form: CorrectionForm, current: Appointment, *, by: User) -> list[dict]:
    """Both corrections beside each other; the form goes on with the version that stands."""
    hold_both(form, ChangedMeanwhile(current), {})
    return what_stands(form, current, by=by)


class FollowUpContactForm(forms.Form):
    """What came of a contact about a missed appointment: one button of a row (S12)."""

    token = TokenField(required=False)
    version = VersionField()
    result = forms.ChoiceField(choices=AttemptResult.choices)


class FollowUpEndForm(forms.Form):
    """Why nobody needs to follow up."""

    version = VersionField()
    why = forms.CharField(
        label=_("Why does nobody need to follow this up?"), max_length=200,
        help_text=_("For example: the resident called and comes on Tuesday."),
        error_messages={"required": _("Write why nobody needs to follow this up.")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
