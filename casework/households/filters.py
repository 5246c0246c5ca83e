"""How one looks for households (S05): words in any order, and what is true of them."""

import django_filters
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.access import Right
from casework.core.forms import FilterForm
from casework.counsellors.models import LANGUAGES, Counsellor
from casework.households.models import Household, SearchTerm
from casework.places.models import Location


class HouseholdFilter(django_filters.FilterSet):
    OPEN, CLOSED = "open", "closed"

    q = django_filters.CharFilter(label=_("Name, date of birth, telephone, postcode or case number"), method="search")
    owner = django_filters.ModelChoiceFilter(
        label=_("Counsellor"),
        queryset=Counsellor.objects.select_related("user"),
        empty_label=_("everybody"),
        null_label=_("nobody yet"),
    )
    location = django_filters.ModelChoiceFilter(
        label=_("Location"), queryset=Location.objects.all(), to_field_name="code", empty_label=_("every location")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[(OPEN, _("Open")), (CLOSED, _("Closed"))], method="in_state", empty_label=_("all")
    )
    language = django_filters.ChoiceFilter(label=_("Language"), choices=LANGUAGES, empty_label=_("every language"))

    class Meta:
        model = Household
        fields = ["q", "owner", "location", "state", "language"]
        form = FilterForm

    def chips(self) -> list[dict]:
        """What is filtered on now, in words, and the name of the field that a click empties (look.md 6.4)."""
        chosen = []
        for name, field in self.form.fields.items():
            value = self.form[name].value()
            if value in (None, ""):
                continue
            words = dict(getattr(field, "choices", ())).get(value, value) if name != "owner" else self._owner_words()
            chosen.append({"name": name, "label": field.label, "words": words})
        return chosen

    def _owner_words(self):
        owner = self.form.cleaned_data["owner"]
        return _("nobody yet") if owner == "null" else owner

    def search(self, rows, name, value):
        by_bsn = self.request.user.may(Right.SEE_BSN)
        return rows.matching(SearchTerm.all_from(value, today=clock.today(), by_bsn=by_bsn))

    def in_state(self, rows, name, value):
        return rows.filter(closed_on__isnull=value == self.OPEN)
