"""What one asks on screens across features: to whom a household goes, and with which appointments (S16)."""

import datetime as dt

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from casework.appointments.actions import Choice
from casework.appointments.models import Appointment, Handover
from casework.core import clock, dates, values
from casework.core.forms import DutchDateField, FilterForm, KnownField, MarkField, VersionField, plain_helper
from casework.counsellors.models import Counsellor
from casework.households.actions import differing
from casework.households.models import ExitReason, Household
from casework.messaging.models import Message

STAYS, ALONG, OTHER_TIME, TAKEN = "stays", "along", "other_time", "taken"


class NewCounsellorForm(forms.Form):
    """The new counsellor; stands in the address, so that the page can be opened again."""

    to = KnownField(
        label=_("To which counsellor?"), queryset=Counsellor.objects.filter(active=True).select_related("user"),
        error_messages={"required": _("Choose a counsellor."), "invalid_choice": _("Choose a counsellor.")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class HandOverToForm(FilterForm):
    """To whom the chosen households of the board go (S16): the first question of a transfer, asked on the board."""

    to = KnownField(
        label=_("Transfer to…"), queryset=Counsellor.objects.filter(active=True).select_related("user"),
        empty_label=_("Choose a counsellor"),
    )  # fmt: skip


class OtherNumberForm(forms.Form):
    """The number of the household that is the same people."""

    other = forms.CharField(
        label=_("Case number of the other household"), max_length=20,
        error_messages={"required": _("Enter a case number.")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()

    def clean_other(self):
        return self.cleaned_data["other"].strip().upper()


class MergeForm(forms.Form):
    """Why, and per contact detail on which the two differ whose is kept."""

    def __init__(self, data=None, *, surviving: Household, absorbed: Household, takes: list[str], reason: str = ""):
        super().__init__(data)
        self.names = differing(surviving, absorbed)
        for name in self.names:
            choices = [(STAYS, contact_in_words(surviving, name)), (TAKEN, contact_in_words(absorbed, name))]
            self.fields[f"keep-{name}"] = forms.ChoiceField(
                label=CHOICE_LABELS[name], choices=choices, widget=forms.RadioSelect,
                initial=TAKEN if name in takes else STAYS, error_messages={"required": _("Choose what is kept.")},
            )  # fmt: skip
        self.fields["reason"] = forms.CharField(
            label=_("Why are these the same people?"), max_length=200, initial=reason,
            error_messages={"required": _("Write why these are the same people.")},
        )  # fmt: skip
        self.helper = plain_helper()

    def takes(self) -> list[str]:
        return [name for name in self.names if self.cleaned_data[f"keep-{name}"] == TAKEN]


def contact_in_words(row: Household, name: str) -> str:
    """One contact detail as a person reads it; a secret address is not shown."""
    if name == "address":
        return _now("Secret") if row.secret_address else row.address_line or "–"
    if name in {"mobile", "phone"}:
        return values.show_phone(getattr(row, name)) or "–"
    if name == "quiet":
        times = [dates.clock_time(one) for one in (row.quiet_from, row.quiet_until) if one]
        return "–".join(times) or "–"
    if name == "administrator":
        said = [
            row.get_administrator_kind_display(),
            row.administrator_name,
            values.show_phone(row.administrator_phone),
        ]
        return " ".join(filter(None, said)) or (_now("yes") if row.administrator else _now("no"))
    show = getattr(row, f"get_{name}_display", None)
    return str(show() if show else getattr(row, name)) or "–"


CHOICE_LABELS = {
    "address": _("Address"), "mobile": _("Mobile number"), "phone": _("Other telephone"), "email": _("E-mail"),
    "language": _("Language"), "channel": _("Messages by"), "preferred_phone": _("Call first on"),
    "quiet": _("Do not call"), "safety_note": _("What to take care of"), "administrator": _("Administrator"),
}  # fmt: skip


class ProposeTransferForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), max_length=200,
        error_messages={"required": _("Write why this household should go to somebody else.")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class AnswerCorrectionForm(forms.Form):
    """Why a proposed correction is not carried out; only asked for when it is not."""

    answer = forms.CharField(
        label=_("When you do not correct: why not?"), max_length=200, help_text=_("Your colleague reads this."),
        error_messages={"required": _("Write why this is not corrected. Your colleague reads it.")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class HandoverForm(forms.Form):
    """One choice per standing appointment; a time where the new counsellor is not free."""

    def __init__(self, data=None, *, rows: list[Handover], to: Counsellor):
        super().__init__(data)
        self.rows = rows
        for row in rows:
            self.fields |= _fields_of(row, to)
        self.helper = plain_helper()

    def clean(self):
        cleaned = super().clean()
        for row in self.rows:
            key = row.appointment.pk
            if cleaned.get(f"choice-{key}") == OTHER_TIME and not cleaned.get(f"time-{key}"):
                self.add_error(f"time-{key}", _now("Choose a time."))
        return cleaned

    def choices(self) -> dict[int, Choice]:
        chosen = {}
        for row in self.rows:
            key = row.appointment.pk
            choice, time = self.cleaned_data[f"choice-{key}"], self.cleaned_data.get(f"time-{key}")
            start = dt.datetime.fromisoformat(time) if choice == OTHER_TIME else None
            version = self.cleaned_data[f"version-{key}"]
            chosen[key] = Choice(version=version, stays=choice == STAYS, start=start)
        return chosen

    def ask_again(self, why: dict[int, str]) -> None:
        """Only these appointments lose their choice; they are shown as they stand now (S16)."""
        self.data = self.data.copy()
        for row in self.rows:
            key = row.appointment.pk
            if key in why:
                self.add_error(f"choice-{key}", why[key])
                self.data.pop(f"choice-{key}", None)
                self.data[f"version-{key}"] = row.appointment.version

    def by_household(self) -> dict[int, list[dict]]:
        """The fields of each household, for the page."""
        found: dict[int, list[dict]] = {}
        for row in self.rows:
            key = row.appointment.pk
            fields = {name: self[f"{name}-{key}"] for name in ("choice", "version")}
            fields["time"] = self[f"time-{key}"] if row.times else None
            found.setdefault(row.appointment.household_id, []).append({"row": row, **fields})
        return found


def _fields_of(row: Handover, to: Counsellor) -> dict[str, forms.Field]:
    one, key = row.appointment, row.appointment.pk
    choices = [(STAYS, _now("stays with %(name)s") % {"name": one.counsellor})]
    if row.free:
        choices.append((ALONG, _now("to %(name)s (free)") % {"name": to}))
    elif row.times:
        choices.append((OTHER_TIME, _now("to %(name)s – not free then, choose a time") % {"name": to}))
    fields: dict[str, forms.Field] = {
        f"choice-{key}": forms.ChoiceField(
            label=_moment(one), choices=choices, widget=forms.RadioSelect,
            error_messages={"required": _("Choose what happens to this appointment."),
                            "invalid_choice": _("This is no longer possible. Choose again.")},
        ),
        f"version-{key}": forms.IntegerField(
            widget=forms.HiddenInput, initial=one.version,
            error_messages={"required": _("Open this page again."), "invalid": _("Open this page again.")},
        ),
    }  # fmt: skip
    if row.times:
        times = [("", "–")] + [(slot.start.isoformat(), _words(slot.start)) for slot in row.times]
        fields[f"time-{key}"] = forms.ChoiceField(
            label=_now("Another time (only when you choose it above)"), choices=times, required=False,
            error_messages={"invalid_choice": _("This time was just taken by a colleague. Choose another time.")},
        )  # fmt: skip
    return fields


def _moment(one: Appointment) -> str:
    return f"{_words(one.starts_at)} · {one.type} · {one.location.short_name} · {one.counsellor}"


def _words(moment: dt.datetime) -> str:
    at = clock.local(moment)
    return f"{dates.short_date(at.date(), today=clock.today())} {dates.clock_time(at)}"


class ClosingForm(forms.Form):
    """Why and when help ends; a tick for what is cancelled and withdrawn in the same step (R-62)."""

    version = VersionField()
    seen = MarkField(required=False, max_length=4000, label="")
    reason = forms.ChoiceField(
        label=_("Why does the help end?"), choices=[("", _("Choose")), *ExitReason.choices],
        error_messages={"required": _("Choose why the help ends.")},
    )  # fmt: skip
    on = DutchDateField(
        label=_("Closed on"), initial=clock.today, help_text=_("For example 2 11 2026."),
        error_messages={"required": _("Enter the date.")},
    )  # fmt: skip

    def __init__(self, data=None, *, household: Household, appointments: list[Appointment], unsent: list[Message]):
        seen = " ".join(f"{one.pk}.{one.version}" for one in appointments)
        super().__init__(data, initial={"version": household.version, "seen": seen})
        self._household, self._seen = household, seen
        if appointments or unsent:
            self.fields["confirmed"] = forms.BooleanField(
                label=_("Yes, cancel and withdraw what is listed above"),
                error_messages={"required": _("Confirm that what is listed is cancelled and withdrawn.")},
            )
        self.helper = plain_helper()

    def clean_seen(self) -> dict[int, int]:
        """The appointments that stood on the page that was sent, with their versions."""
        pairs = [one.partition(".") for one in self.cleaned_data["seen"].split()]
        if not all(_is_number(key) and _is_number(version) for key, _dot, version in pairs):
            raise forms.ValidationError(_now("Open this page again."))
        return {int(key): int(version) for key, _dot, version in pairs}

    def clean_on(self) -> dt.date:
        on = self.cleaned_data["on"]
        if on > clock.today():
            raise forms.ValidationError(_now("The date must not be in the future."))
        if on < clock.local_date(self._household.registered_at):
            raise forms.ValidationError(_now("The date must not be before the registration."))
        return on

    def ask_again(self, why: str) -> None:
        """What is listed now was not confirmed: the tick goes, the rest of what was typed stays."""
        self.data = self.data.copy()
        self.data["seen"] = self._seen
        self.data.pop("confirmed", None)
        self.add_error(None, why)


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdecimal()
