"""How one looks at the outbox."""

import django_filters
from django.utils.translation import gettext_lazy as _

from casework.core.forms import FilterForm
from casework.messaging.models import Message, MessageKind, MessageState


class MessageFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=MessageState.choices, empty_label=_("all"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=MessageKind.choices, empty_label=_("all"))

    class Meta:
        model = Message
        fields = ["state", "kind"]
        form = FilterForm
