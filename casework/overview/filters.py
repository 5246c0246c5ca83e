"""What somebody looks for on a screen across features."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.core.forms import FilterForm, KnownField
from casework.places.models import Location


class TimelineKind(models.TextChoices):
    """Kinds of entries on the timeline of a household (S07)."""

    APPOINTMENTS = "appointments", _("Appointments")
    NOTES = "notes", _("Notes")
    MESSAGES = "messages", _("Messages")
    TASKS = "tasks", _("Tasks")
    HOUSEHOLD = "household", _("Household")


class BoardFilter(FilterForm):
    """Whose caseloads one looks at (S16)."""

    location = KnownField(
        label=_("Location"), queryset=Location.objects.filter(active=True), required=False, empty_label=_("All")
    )
