"""How one looks at the outbox and at the call list (R-100, R-101)."""

import django_filters
from django.utils.translation import gettext_lazy as _

from casework.core.forms import FilterForm, LongSelect
from casework.households.filters import WithKnownChoices
from casework.messaging.models import TO_CALL, Message, MessageKind, MessageState
from casework.places.models import Location


class MessageFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=MessageState.choices, empty_label=_("all"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=MessageKind.choices, empty_label=_("all"))

    class Meta:
        model = Message
        fields = ["state", "kind"]
        form = FilterForm


class CallFilter(WithKnownChoices, django_filters.FilterSet):
    location = django_filters.ChoiceFilter(
        label=_("Location"),
        field_name="household__location__code",
        empty_label=_("every location"),
        widget=LongSelect,
    )
    owner = django_filters.ChoiceFilter(
        label=_("Counsellor"),
        field_name="household__owner",
        empty_label=_("everybody"),
        null_label=_("nobody yet"),
        widget=LongSelect,
    )
    kind = django_filters.ChoiceFilter(label=_("About"), choices=MessageKind.choices, empty_label=_("all"))
    state = django_filters.ChoiceFilter(
        label=_("Why"), choices=[(one.value, one.label) for one in MessageState if one in TO_CALL], empty_label=_("all")
    )

    class Meta:
        model = Message
        fields = ["location", "owner", "kind", "state"]
        form = FilterForm


class LetterFilter(WithKnownChoices, django_filters.FilterSet):
    location = django_filters.ChoiceFilter(
        label=_("Location"),
        field_name="household__location__code",
        empty_label=_("every location"),
        widget=LongSelect,
    )

    class Meta:
        model = Message
        fields = ["location"]
        form = FilterForm

    @classmethod
    def known_choices(cls) -> dict[str, list]:
        """Locations by code and name. One query."""
        return {"location": list(Location.objects.order_by("name", "pk").values_list("code", "name"))}
