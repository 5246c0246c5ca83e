"""What an action raises when a rule says no; told apart from surprises, and worded for the person who asked."""


class Refused(Exception):
    """A rule refuses. `str()` is one translated sentence that says what to do; `field` names the form field, if any."""

    def __init__(self, reason, *, field: str | None = None):
        super().__init__(reason)
        self.reason = reason
        self.field = field

    def __str__(self):
        return str(self.reason)
