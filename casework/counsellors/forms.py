"""When somebody of the team is away."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.forms import ClockTimeField, DutchDateField, KnownField, plain_helper
from casework.counsellors.models import AbsenceKind, Counsellor

_NO_DATE = {"required": _("Enter a date, such as 17 5 1984.")}
_NO_TIME = {"required": _("Enter a time, such as 14.00.")}


class TeamAbsenceForm(forms.Form):
    """Hands over `first` and `last` as moments."""

    counsellor = KnownField(
        Counsellor.objects.none(), label=_("Counsellor"), error_messages={"required": _("Choose a counsellor.")}
    )
    first_date = DutchDateField(label=_("Away from, day"), error_messages=_NO_DATE)
    first_time = ClockTimeField(label=_("Away from, time"), error_messages=_NO_TIME)
    last_date = DutchDateField(label=_("Away until, day"), error_messages=_NO_DATE)
    last_time = ClockTimeField(label=_("Away until, time"), error_messages=_NO_TIME)
    kind = forms.ChoiceField(label=_("Kind"), choices=AbsenceKind.choices)
    note = forms.CharField(
        label=_("Note, for supervisors only (not required)"), max_length=140, required=False,
        help_text=_("Do not write why somebody is ill."),
    )  # fmt: skip

    def __init__(self, *args, team: int | None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["counsellor"].queryset = (
            Counsellor.objects.filter(team=team, active=True).exclude(team=None).select_related("user")
        )
        self.helper = plain_helper()

    def clean(self):
        cleaned = super().clean()
        for side in ("first", "last"):
            date, time = cleaned.get(f"{side}_date"), cleaned.get(f"{side}_time")
            if date and time:
                try:
                    cleaned[side] = clock.at(date, time)
                except clock.NoSuchLocalTime:
                    self.add_error(
                        f"{side}_time", gettext("This time does not exist on this day: the clock goes forward.")
                    )
        if cleaned.get("first") and cleaned.get("last") and cleaned["last"] <= cleaned["first"]:
            self.add_error("last_date", gettext("The end must be after the start."))
        return cleaned
