"""What an action raises when a rule says no; told apart from surprises, and worded for the person who asked."""

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A rule refuses. `str()` is one translated sentence that says what to do; `field` names the form field, if any."""

    def __init__(self, reason, *, field: str | None = None):
        super().__init__(reason)
        self.reason = reason
        self.field = field

    def __str__(self):
        return str(self.reason)


class ChangedMeanwhile(Refused):
    """Somebody else changed the row since it was opened; `current` is the row as it stands (R-19)."""

    def __init__(self, current):
        super().__init__(_("A colleague changed this meanwhile. Compare both versions and save again."))
        self.current = current
