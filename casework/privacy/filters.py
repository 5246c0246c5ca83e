"""Which lines of the audit trail somebody looks for (S26); everything lives in the address (R-100, R-101)."""

import datetime as dt

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.forms import DutchDateField, FilterForm, LongSelect
from casework.core.models import AuditEntry, AuditKind, Role, User
from casework.privacy import reads

# What one screen answers for; longer leaves as a file.
LONGEST = dt.timedelta(days=92)
USUAL = dt.timedelta(days=30)
WITH, WITHOUT = "with", "without"


class PeriodForm(FilterForm):
    """A period that is the last thirty days where nothing else is said."""

    def period(self) -> tuple[dt.date, dt.date]:
        """First and last day, in order."""
        self.is_valid()
        usual = usual_period()
        days = [self.cleaned_data.get(name) or day for name, day in zip(("first", "last"), usual, strict=True)]
        return min(days), max(days)

    def moments(self) -> tuple[dt.datetime, dt.datetime]:
        """From the first moment up to and not including the second."""
        first, last = self.period()
        return clock.day_bounds(first)[0], clock.day_bounds(last)[1]

    @property
    def is_too_long(self) -> bool:
        first, last = self.period()
        return last - first >= LONGEST

    def chips(self) -> list[dict]:
        """The usual period is nothing that one takes away."""
        usual = dict(zip(("first", "last"), usual_period(), strict=True))
        return [one for one in super().chips() if self.cleaned_data[one["name"]] != usual.get(one["name"])]


def usual_period() -> tuple[dt.date, dt.date]:
    today = clock.today()
    return today - USUAL, today


class DayFilter(django_filters.Filter):
    """A day as people write it; the filter set itself looks at both ends."""

    field_class = DutchDateField

    def filter(self, rows, value):
        return rows


class PeriodFilter(django_filters.FilterSet):
    first = DayFilter(label=_("From"))
    last = DayFilter(label=_("Up to and including"))

    class Meta:
        model = AuditEntry
        fields: list[str] = []
        form = PeriodForm

    def __init__(self, data, queryset: QuerySet | None = None):
        given = data.copy()
        for name, day in zip(("first", "last"), usual_period(), strict=True):
            given[name] = given.get(name) or f"{day:%d-%m-%Y}"
        super().__init__(given, AuditEntry.objects.none() if queryset is None else queryset)

    def filter_queryset(self, queryset):
        first, after = self.form.moments()
        return super().filter_queryset(queryset).filter(at__gte=first, at__lt=after)


class AuditFilter(PeriodFilter):
    """Person, household, kind, period, and whether a reason was given. `user` decides which lines there are (R-90m)."""

    person = django_filters.ChoiceFilter(
        label=_("Who"), field_name="user_id_at_time", empty_label=_("everybody"), widget=LongSelect
    )
    number = django_filters.CharFilter(label=_("Case number"), method="about_household")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=AuditKind.choices, empty_label=_("all"))
    reason = django_filters.ChoiceFilter(
        label=_("Reason"), choices=[(WITH, _("with a reason")), (WITHOUT, _("without a reason"))],
        method="with_reason", empty_label=_("all"),
    )  # fmt: skip

    class Meta(PeriodFilter.Meta):
        fields = ["person", "number", "kind", "first", "last", "reason"]

    def __init__(self, data, *, user: User, people: list[User]):
        super().__init__(data, reads.trail_for(user))
        self.filters["person"].extra["choices"] = [(str(one.pk), str(one)) for one in people]
        if user.role != Role.PRIVACY_OFFICER:
            kinds = [one for one in AuditKind.choices if one[0] != AuditKind.SEARCHED]
            self.filters["kind"].extra["choices"] = kinds

    def about_household(self, rows, name, value):
        found = reads.of_household(value.strip().upper())
        return rows.filter(object_key__in=reads.keys_about(found)) if found else rows.none()

    def with_reason(self, rows, name, value):
        return rows.exclude(reason="") if value == WITH else rows.filter(reason="")
