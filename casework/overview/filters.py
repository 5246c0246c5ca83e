"""What somebody looks for on a screen across features."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TimelineKind(models.TextChoices):
    """Kinds of entries on the timeline of a household (S07)."""

    APPOINTMENTS = "appointments", _("Appointments")
    NOTES = "notes", _("Notes")
    MESSAGES = "messages", _("Messages")
    TASKS = "tasks", _("Tasks")
    HOUSEHOLD = "household", _("Household")
