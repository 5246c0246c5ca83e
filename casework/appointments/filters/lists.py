"""How one looks at an agenda and at lists of appointments. Everything lives in the address (R-100, R-101)."""

import datetime as dt

import django_filters
from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.appointments.models import Appointment, FollowUp, exception_before
from casework.core import clock, dates
from casework.core.forms import DutchDateField, FilterForm, KnownField, LongSelect
from casework.core.thresholds import Threshold
from casework.counsellors.models import Absence, Counsellor
from casework.households.filters import WithKnownChoices
from casework.places.models import Location


def _longer_than_allowed() -> str:
    return gettext("more than %(long)s") % {"long": Threshold.EXCEPTION_AFTER.words(clock.now())}


class UnrecordedFilter(WithKnownChoices, django_filters.FilterSet):
    """What still has to be recorded, of whom and where (S11)."""

    COUNSELLOR = "counsellor"

    counsellor = django_filters.ChoiceFilter(
        label=_("Counsellor"), method="of_counsellor", empty_label=_("everybody"), widget=LongSelect
    )
    location = django_filters.ChoiceFilter(
        label=_("Location"), field_name="location__code", empty_label=_("every location"), widget=LongSelect
    )

    LONG = "long"
    age = django_filters.ChoiceFilter(
        label=_("Since"), choices=[(LONG, lazy(_longer_than_allowed, str)())], method="since", empty_label=_("all")
    )

    class Meta:
        model = Appointment
        fields = ["counsellor", "location", "age"]
        form = FilterForm

    def of_counsellor(self, rows, name, value):
        return rows.of(value)

    def since(self, rows, name, value):
        return rows.filter(starts_at__lt=clock.day_bounds(exception_before(clock.now()))[0])


class FollowUpFilter(WithKnownChoices, django_filters.FilterSet):
    """Whom we missed: where, whose, before or after the first talk, and how urgent (S12)."""

    FIRST, LATER, URGENT, AT_RISK, LATE = "first", "later", "urgent", "risk", "late"

    location = django_filters.ChoiceFilter(
        label=_("Location"),
        field_name="appointment__location__code",
        empty_label=_("every location"),
        widget=LongSelect,
    )
    owner = django_filters.ChoiceFilter(
        label=_("Counsellor"), field_name="owner_key", empty_label=_("everybody"), widget=LongSelect
    )
    talk = django_filters.ChoiceFilter(
        label=_("Talk"), choices=[(FIRST, _("First talk")), (LATER, _("Follow-up talk"))], method="of_talk",
        empty_label=_("every talk"),
    )  # fmt: skip
    what = django_filters.ChoiceFilter(
        label=_("Only"), choices=[(URGENT, _("Urgent")), (AT_RISK, _("At risk of dropping out")), (LATE, _("Too late"))], method="only",
        empty_label=_("all"),
    )  # fmt: skip

    class Meta:
        model = FollowUp
        fields = ["location", "owner", "talk", "what"]
        form = FilterForm

    def of_talk(self, rows, name, value):
        return rows.filter(appointment__type__first_talk=value == self.FIRST)

    def only(self, rows, name, value):
        if value == self.LATE:
            return rows.late(clock.today())
        return (
            rows.filter(urgent=True)
            if value == self.URGENT
            else rows.filter(in_a_row__gte=Threshold.DROP_OUT_RISK_FROM.number(clock.now()))
        )


class ReplanFilter(UnrecordedFilter):
    """Standing appointments that nobody can receive, of whom and where, and because of which absence (R-14)."""

    absence = django_filters.ChoiceFilter(label=_("Absence"), method="within", empty_label=_("all"), widget=LongSelect)

    def within(self, rows, name, value):
        return rows.during_absence(value)

    @staticmethod
    def coming_absences(now: dt.datetime) -> list[tuple[str, str]]:
        """By key, in words: who, from and until when; not why. One query."""
        rows = Absence.objects.filter(period__endswith__gt=now).select_related("counsellor__user")
        today = clock.local_date(now)

        def day(moment: dt.datetime) -> str:
            return dates.short_date(clock.local_date(moment), today=today)

        ordered = rows.order_by("counsellor__sort_name", "period", "pk")
        return [(str(one.pk), f"{one.counsellor} {day(one.period.lower)}–{day(one.period.upper)}") for one in ordered]


class AtLocation(FilterForm):
    """One location in use, or every one."""

    location = KnownField(
        Location.objects.filter(active=True),
        label=_("Location"),
        required=False,
        empty_label=_("every location"),
        to_field_name="code",
    )


class ArrivalFilter(AtLocation):
    """At which location one looks who arrives (S03)."""


class WaitingFilter(AtLocation):
    """Whom to look at on the waiting list: who could come at a location, and who at a time that became free."""


class AgendaForm(FilterForm):
    """Which agenda: a location or a counsellor, a day or a week, as a table of times or as a list (S10).

    Unknown values fall back (R-101). The name of `weergave` stands in addresses that people keep.
    """

    DAY, WEEK = "day", "week"
    TIMES, LIST = "tijden", "lijst"
    location = KnownField(
        Location.objects.filter(active=True),
        label=_("Location"),
        required=False,
        empty_label=_("every location"),
        to_field_name="code",
    )
    counsellor = KnownField(
        Counsellor.objects.none(), label=_("Counsellor"), required=False, empty_label=_("everybody")
    )
    span = forms.ChoiceField(label=_("Show"), choices=[(DAY, _("Day")), (WEEK, _("Week"))], required=False)
    weergave = forms.ChoiceField(label=_("As"), choices=[(TIMES, _("Times")), (LIST, _("List"))], required=False)
    date = DutchDateField(label=_("Date"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["counsellor"].queryset = Counsellor.objects.filter(active=True).select_related("user")


class OutlookForm(FilterForm):
    """Whose talks to list: of a location, or of none, in the week of a Monday. Unknown values fall back (R-101)."""

    location = KnownField(Location.objects.filter(active=True), required=False, to_field_name="code")
    week = DutchDateField(required=False)

    def clean_week(self):
        date = self.cleaned_data["week"]
        return date and date - dt.timedelta(days=date.weekday())
