"""Which figures somebody asks for; everything lives in the address (R-100, R-101)."""

import datetime as dt

from django import forms
from django.utils.translation import gettext_lazy as _

from casework.appointments.models import AppointmentType
from casework.core import clock
from casework.core.access import Right
from casework.core.forms import DutchDateField, FilterForm, KnownField
from casework.core.models import User
from casework.counsellors.models import Counsellor
from casework.places.models import Location
from casework.reports.reads import Scope

MONTHS_SHOWN = 12
# Dates outside these years are typing errors, and further ones fall off the calendar.
EARLIEST, LATEST = dt.date(1990, 1, 1), dt.date(2100, 12, 31)


def default_period() -> tuple[dt.date, dt.date]:
    """The last twelve months, the current one included."""
    today = clock.today()
    year, month = divmod(today.year * 12 + today.month - MONTHS_SHOWN, 12)
    return dt.date(year, month + 1, 1), today


class PeriodField(DutchDateField):
    """A date within the years that ETF can have figures of."""

    def to_python(self, value):
        date = super().to_python(value)
        if date and not EARLIEST <= date <= LATEST:
            raise forms.ValidationError(_("Enter a date, such as 17 5 1984."))
        return date


class ScopeForm(FilterForm):
    """Period, location, type, first talks or all, and, for who may see the figures of all, counsellor."""

    FIRST_TALKS = "first"

    first = PeriodField(label=_("From"), required=False)
    last = PeriodField(label=_("Up to and including"), required=False)
    location = KnownField(
        Location.objects.all(),
        label=_("Location"),
        required=False,
        empty_label=_("every location"),
        to_field_name="code",
    )
    type = KnownField(
        AppointmentType.objects.all(),
        label=_("Talk"),
        required=False,
        empty_label=_("every talk"),
        to_field_name="code",
    )
    talks = forms.ChoiceField(
        label=_("First talks"), required=False, choices=[("", _("all talks")), (FIRST_TALKS, _("first talks only"))]
    )
    counsellor = KnownField(
        Counsellor.objects.none(), label=_("Counsellor"), required=False, empty_label=_("everybody")
    )

    def __init__(self, data, *, user: User):
        first, last = default_period()
        given = data.copy()
        for name, date in (("first", first), ("last", last)):
            given[name] = given.get(name) or f"{date:%d-%m-%Y}"
        super().__init__(given)
        self.user = user
        self.default = (first, last)
        if user.may(Right.SEE_ALL_FIGURES):
            self.fields["counsellor"].queryset = Counsellor.objects.select_related("user")
        else:
            del self.fields["counsellor"]

    def scope(self) -> Scope:
        """What is asked; what was not understood falls back to the default. A counsellor only ever sees their own."""
        self.is_valid()
        asked = self.cleaned_data
        first, last = asked.get("first") or self.default[0], asked.get("last") or self.default[1]
        if first > last:
            first, last = last, first
        return Scope(
            first=first,
            last=last,
            location_id=asked["location"].pk if asked.get("location") else None,
            type_id=asked["type"].pk if asked.get("type") else None,
            counsellor_id=self._counsellor_id(asked),
            first_talks=asked.get("talks") == self.FIRST_TALKS,
        )

    def chips(self) -> list[dict]:
        """The usual period is nothing that one takes away."""
        usual = dict(zip(("first", "last"), self.default, strict=True))
        return [one for one in super().chips() if self.cleaned_data[one["name"]] != usual.get(one["name"])]

    def _counsellor_id(self, asked: dict) -> int | None:
        if self.user.may(Right.SEE_ALL_FIGURES) or self.user.may(Right.EXPORT_FIGURES):
            return asked["counsellor"].pk if asked.get("counsellor") else None
        own = getattr(self.user, "counsellor", None)
        # Somebody without a caseload has no figures of their own: a key that no counsellor has.
        return own.pk if own else -1
