"""How one looks for households (S05): words in any order, and what is true of them."""

import django_filters
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Coalesce, NullIf
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.access import Right
from casework.core.forms import FilterForm, LongSelect
from casework.core.thresholds import Threshold
from casework.counsellors.models import LANGUAGES, Counsellor
from casework.households.models import Household, Move, SearchTerm, Task, TaskState
from casework.places.models import Location


class WithKnownChoices:
    """For a FilterSet with filters on `location` and on a counsellor, in whatever role.

    `choices` is what `known_choices` gives, so that a second form on the same page asks nothing again.
    """

    COUNSELLOR = "owner"

    def __init__(self, *args, choices: dict[str, list], **kwargs):
        super().__init__(*args, **kwargs)
        for name, values in choices.items():
            self.filters[name].extra["choices"] = values

    @classmethod
    def known_choices(cls) -> dict[str, list]:
        """Counsellors and locations by key and name only: there may be hundreds. One query."""
        columns = ("of", "value", "words", "sort")
        name = Coalesce(NullIf("user__full_name", Value("")), "user__username")
        owners = Counsellor.objects.annotate(
            of=Value(cls.COUNSELLOR), value=Cast("pk", CharField()), words=name, sort=F("sort_name")
        )
        locations = Location.objects.annotate(of=Value("location"), value=F("code"), words=F("name"), sort=F("name"))
        found = {cls.COUNSELLOR: [], "location": []}
        both = owners.order_by().values_list(*columns).union(locations.order_by().values_list(*columns))
        for of, value, words, _sort in both.order_by("sort", "value"):
            found[of].append((value, words))
        return found


def _no_contact_for() -> str:
    return gettext("none for more than %(long)s") % {"long": Threshold.SILENT_AFTER.words(clock.now())}


class HouseholdFilter(WithKnownChoices, django_filters.FilterSet):
    OPEN, CLOSED = "open", "closed"

    q = django_filters.CharFilter(label=_("Name, date of birth, telephone, postcode or case number"), method="search")
    owner = django_filters.ChoiceFilter(
        label=_("Counsellor"), empty_label=_("everybody"), null_label=_("nobody yet"), widget=LongSelect
    )
    location = django_filters.ChoiceFilter(
        label=_("Location"), field_name="location__code", empty_label=_("every location"), widget=LongSelect
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[(OPEN, _("Open")), (CLOSED, _("Closed"))], method="in_state", empty_label=_("all")
    )
    language = django_filters.ChoiceFilter(label=_("Language"), choices=LANGUAGES, empty_label=_("every language"))

    SILENT, RISK = "silent", "risk"
    contact = django_filters.ChoiceFilter(
        label=_("Contact"), method="by_contact", empty_label=_("all"),
        choices=[(SILENT, lazy(_no_contact_for, str)()), (RISK, _("At risk of dropping out"))],
    )  # fmt: skip

    class Meta:
        model = Household
        fields = ["q", "owner", "location", "state", "language", "contact"]
        form = FilterForm

    def search(self, rows, name, value):
        by_bsn = self.request.user.may(Right.SEE_BSN)
        return rows.matching(SearchTerm.all_from(value, today=clock.today(), by_bsn=by_bsn))

    def by_contact(self, rows, name, value):
        return rows.silent(clock.now()) if value == self.SILENT else rows.at_risk(clock.now())

    def in_state(self, rows, name, value):
        return rows.filter(closed_on__isnull=value == self.OPEN)


class TaskFilter(django_filters.FilterSet):
    MINE, ALL = "mine", "all"

    whose = django_filters.ChoiceFilter(
        label=_("Whose"), choices=[(MINE, _("mine and of my role")), (ALL, _("all that I may see"))], method="of_whom",
        empty_label=None,
    )  # fmt: skip
    state = django_filters.ChoiceFilter(label=_("State"), choices=TaskState.choices, empty_label=_("all"))
    move = django_filters.ChoiceFilter(label=_("Whose move"), choices=Move.choices, empty_label=_("everybody"))

    class Meta:
        model = Task
        fields = ["whose", "state", "move"]
        form = FilterForm

    def of_whom(self, rows, name, value):
        return rows.of(self.request.user) if value == self.MINE else rows
