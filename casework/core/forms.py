"""How forms look and what their fields hand over: typed values from what people really type (R-54 to R-59)."""

import datetime as dt
import hashlib
import json
import re
import uuid

from crispy_forms.helper import FormHelper
from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from casework.core import clock, dates, values
from casework.core.models import User
from casework.core.refusals import ChangedMeanwhile


def plain_helper() -> FormHelper:
    """The template writes the form tag, the token and the button."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    return helper


class FilterForm(forms.Form):
    """A form for looking: its fields stand in a row above a list, without crispy's spacing."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            is_choice = isinstance(field.widget, forms.Select)
            field.widget.attrs.setdefault("class", "form-select" if is_choice else "form-control")

    def chips(self) -> list[dict]:
        """What is filtered on now, in words, and the name of the field that a click empties (look.md 6.4)."""
        chosen = []
        for name, field in self.fields.items():
            value = self[name].value()
            if value in (None, "") or name in self.errors:
                continue
            if isinstance(field, forms.ModelChoiceField):
                words = str(self.cleaned_data[name])
            else:
                words = dict(getattr(field, "choices", ())).get(value, value)
            chosen.append({"name": name, "label": field.label, "words": words})
        return chosen


class LongSelect(forms.Select):
    """A select that may have hundreds of choices, written at once: Django renders a template for every option."""

    def render(self, name, value, attrs=None, renderer=None):
        chosen = set(self.format_value(value))
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((one, mark_safe(" selected") if str(one) in chosen else "", label) for one, label in self.choices),
        )
        written = flatatt(self.build_attrs(self.attrs, {"name": name, **(attrs or {})}))
        return format_html("<select{}>{}</select>", written, options)


class ReadField(forms.CharField):
    """A text field that reads what was typed with a function of `values` or `dates`; its ValueError is the message."""

    def __init__(self, *, read, show=str, **kwargs):
        self._read, self._show = read, show
        super().__init__(**kwargs)

    def to_python(self, value):
        typed = super().to_python(value)
        if not typed:
            return self.empty_value
        try:
            return self._read(typed)
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error


class KnownField(forms.ModelChoiceField):
    """One of the rows; whatever an address may hold is at worst not one of them (R-101)."""

    def to_python(self, value):
        if "\x00" in str(value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


# Dates outside these years are typing errors, and further ones fall off the calendar.
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 12, 31)


class DutchDateField(ReadField):
    """Any usual way to write a date; hands over a date within the years that ETF can meet, or None."""

    def __init__(self, *, birth: bool = False, **kwargs):
        reader = dates.read_birth_date if birth else dates.read_date
        kwargs.setdefault("empty_value", None)
        super().__init__(read=lambda typed: reader(typed, today=clock.today()), **kwargs)

    def to_python(self, value):
        date = super().to_python(value)
        if date and not EARLIEST <= date <= LATEST:
            raise forms.ValidationError(_now("Enter a date, such as 17 5 1984."))
        return date

    def prepare_value(self, value):
        if isinstance(value, dates.BirthDate):
            return value.written
        return f"{value:%d-%m-%Y}" if isinstance(value, dt.date) else value


class ClockTimeField(ReadField):
    """A wall time such as `14.00` or `14:00`; hands over a time or None."""

    def __init__(self, **kwargs):
        kwargs.setdefault("empty_value", None)
        super().__init__(read=_read_time, **kwargs)

    def prepare_value(self, value):
        return dates.clock_time(value) if isinstance(value, dt.time) else value


_TIME = re.compile(r"([0-9]{1,2})[.:]?([0-9]{2})")


def _read_time(typed: str) -> dt.time:
    found = _TIME.fullmatch(typed.strip())
    try:
        return dt.time(int(found[1]), int(found[2])) if found else dt.time(-1)
    except ValueError:
        raise ValueError(_now("Enter a time, such as 14.00.")) from None


class PhoneField(ReadField):
    """Hands over E.164 or empty."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})

    def __init__(self, **kwargs):
        super().__init__(read=values.read_phone, **kwargs)

    def prepare_value(self, value):
        return values.show_phone(value) if value and value.startswith("+") and " " not in value else value


class PostcodeField(ReadField):
    def __init__(self, **kwargs):
        super().__init__(read=values.read_postcode, **kwargs)

    def prepare_value(self, value):
        return values.show_postcode(value) if value and len(value) == 6 else value


class BsnField(ReadField):
    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def __init__(self, **kwargs):
        super().__init__(read=values.read_bsn, **kwargs)


class TokenField(forms.UUIDField):
    """The one-time token of a form (R-17)."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        kwargs.setdefault("initial", uuid.uuid4)
        kwargs.setdefault(
            "error_messages", {"required": _("Open this page again."), "invalid": _("Open this page again.")}
        )
        super().__init__(**kwargs)


class VersionField(forms.IntegerField):
    """Which version of a row this form was opened with (R-19)."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        again = _("Open this page again.")
        kwargs.setdefault("error_messages", {"required": again, "invalid": again})
        super().__init__(**kwargs)


class MarkField(forms.CharField):
    """Not typed by anybody, so never changed by anybody."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False


class OpenedForm(forms.ModelForm):
    """A form of a row without a version: it carries a mark of the values that stood when it was opened (R-19).

    A colleague's change meanwhile is refused and named; sending again is a choice made with both in sight.
    """

    opened = MarkField(required=False, max_length=64, label="")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._stands = {name: value for name, value in self.initial.items() if name in self.fields}
        self.mark = self._mark()
        self.fields["opened"].initial = self.initial["opened"] = self.mark

    def _mark(self) -> str:
        if not self.instance.pk:
            return ""
        values = {name: str(value) for name, value in sorted(self._stands.items())}
        return hashlib.sha256(json.dumps(values).encode()).hexdigest()

    def clean(self):
        cleaned = super().clean()
        # The same values as those that stand change nothing, whoever was first.
        if self.instance.pk and self.changed_data and self.data.get(self.add_prefix("opened")) != self.mark:
            self.data = self.data.copy()
            self.data[self.add_prefix("opened")] = self.mark
            self.add_error(None, _now("A colleague changed this meanwhile. Compare both versions and save again."))
            for name in self._differing():
                stands = _in_words(self.fields[name], self._stands[name])
                self.add_error(name, _now("It now says: %(value)s") % {"value": stands or _now("none")})
        return cleaned

    def _differing(self) -> list[str]:
        return [name for name in self._stands if name in self.changed_data and name not in self.errors]


def hold_both(form: forms.Form, refused: ChangedMeanwhile, stands: dict) -> list[dict]:
    """After a conflict: the refusal in the form, and what differs between what was typed and what stands (R-19).

    `stands` has the values of the row as it stands, by field. What was typed stays in the form, and saving again is a
    choice made with both versions in sight: the form carries the version that stands from now on.
    """
    form.add_error(None, str(refused))
    data = form.data.copy()
    data[form.add_prefix("version")] = refused.current.version
    form.data = data
    typed = form.typed() if hasattr(form, "typed") else form.cleaned_data
    return [
        {
            "label": form.fields[name].label,
            "typed": _in_words(form.fields[name], typed[name]),
            "stands": _in_words(form.fields[name], value),
        }
        for name, value in stands.items()
        if name != "version" and name in typed and typed[name] != value
    ]


def _in_words(field: forms.Field, value) -> str:
    """A stored value as the form shows it: yes or no, the word of a choice, a number with its spaces."""
    if isinstance(value, bool):
        return _now("yes") if value else _now("no")
    words = dict(getattr(field, "choices", ()))
    if isinstance(value, list):
        return ", ".join(str(words.get(one, one)) for one in value)
    return words.get(value) or field.prepare_value(value)


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["initials_mode"]
        labels = {"initials_mode": _("Desk mode: show first name and initial only (not required)")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()


class PurposeForm(forms.Form):
    """What somebody needs rows about people for, before they leave ETF (R-94)."""

    purpose = forms.CharField(
        label=_("What do you need this for?"), max_length=200, min_length=3,
        help_text=_("For example: check of attendance in October. It is kept with your name."),
        error_messages={"required": _("Say what you need this for."), "min_length": _("Say what you need this for.")},
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = plain_helper()
