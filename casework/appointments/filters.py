"""How one looks: for a free time (S09) and at an agenda. Everything lives in the address (R-100, R-101)."""

import dataclasses
import datetime as dt

import django_filters
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from casework.appointments.models import (
    Appointment,
    AppointmentType,
    SearchArea,
    Slot,
    TypeChannel,
    free_slots,
    suggestions,
)
from casework.core import clock
from casework.core.forms import DutchDateField, FilterForm, KnownField, LongSelect
from casework.core.models import User
from casework.counsellors.models import LANGUAGES, Counsellor, location_of
from casework.households.filters import WithKnownChoices
from casework.households.models import Household, Term, TermKind
from casework.places.models import Location

# How far ahead the finder looks when no term ends the search.
SEARCH_DAYS = 28
# How many half-days of somebody else, or of another location, an empty answer offers.
ELSEWHERE = 2


class UnrecordedFilter(WithKnownChoices, django_filters.FilterSet):
    """What still has to be recorded, of whom and where (S11)."""

    COUNSELLOR = "counsellor"

    counsellor = django_filters.ChoiceFilter(label=_("Counsellor"), empty_label=_("everybody"), widget=LongSelect)
    location = django_filters.ChoiceFilter(
        label=_("Location"), field_name="location__code", empty_label=_("every location"), widget=LongSelect
    )

    class Meta:
        model = Appointment
        fields = ["counsellor", "location"]
        form = FilterForm


class CriteriaForm(FilterForm):
    """The sentence of the finder: what, where, in which language, with whom, from when (S09). Never saved."""

    kind = KnownField(AppointmentType.objects.filter(active=True), label=_("Talk"), to_field_name="code")
    location = KnownField(
        Location.objects.filter(active=True),
        label=_("At"),
        required=False,
        empty_label=_("every location"),
        to_field_name="code",
    )
    language = forms.ChoiceField(label=_("Language"), choices=[("", _("every language")), *LANGUAGES], required=False)
    counsellor = KnownField(Counsellor.objects.none(), label=_("With"), required=False, empty_label=_("everybody"))
    first_date = DutchDateField(label=_("From (not required)"), required=False)

    def __init__(self, *args, moving: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["counsellor"].queryset = Counsellor.objects.filter(active=True).select_related("user")
        if moving:
            # A kind of talk that is no longer in use may still stand, and be moved.
            self.fields["kind"].queryset = AppointmentType.objects.all()

    def clean_first_date(self):
        date = self.cleaned_data["first_date"]
        if date and date < clock.today():
            raise forms.ValidationError(gettext("Choose today or a later date."))
        return date


class Finder:
    """The finder for one look: criteria, the term that binds, and the times on offer (S09, R-13).

    What an address holds that is not understood is left out, with a notice, and the usual value stands in (R-101).
    """

    def __init__(self, *, params: QueryDict, user: User, household: Household, moving: Appointment | None = None):
        self.now, self.params = clock.now(), params
        self.household, self.moving = household, moving
        # A time that was picked in the agenda.
        self.picked, self.picked_is_taken = Slot.read_key(params.get("slot", "")), False
        self.terms = {term.kind: term for term in Term.objects.open().filter(household=household)}
        self.kind: AppointmentType | None = None
        self.day: dt.date | None = None
        self.slots: list[Slot] = []
        self.elsewhere: list[Slot] = []
        self.too_late, self.in_term = False, False
        self.criteria, self.not_understood = self._criteria(self._usual(user))
        if self.criteria.is_valid():
            self._search()

    def _usual(self, user: User) -> dict[str, str]:
        """The sentence as it stands before anybody changes it."""
        if place := self.picked and Location.objects.filter(active=True, pk=self.picked[2]).first():
            kind = self.moving.type.code if self.moving else self._usual_kind()
            return {"kind": kind, "location": place.code, "language": "", "counsellor": str(self.picked[1])}
        if self.moving:
            return {
                "kind": self.moving.type.code,
                "location": self.moving.location.code,
                "counsellor": str(self.moving.counsellor_id),
            }
        owner = self.household.owner_id
        # The own counsellor comes first, wherever she works; a household without one comes to this desk.
        place = None if owner else location_of(user) or self.household.location
        return {
            "kind": self._usual_kind(),
            "location": place.code if place else "",
            "language": "" if owner else self._spoken_language(),
            "counsellor": str(owner or ""),
        }

    def _usual_kind(self) -> str:
        """The first talk while its term is open, otherwise a follow-up."""
        first_talk = TermKind.FIRST_TALK in self.terms
        known = AppointmentType.objects.filter(active=True)
        # A talk at a location before one by telephone or at home.
        order = [(one.first_talk != first_talk, one.channel != TypeChannel.PLACE, one.code) for one in known]
        return min(order)[-1] if order else ""

    def _spoken_language(self) -> str:
        """The household's own language, when a counsellor speaks it and no interpreter comes along."""
        language = self.household.language
        spoken = language != "nl" and not self.household.interpreter
        known = spoken and Counsellor.objects.filter(active=True, languages__contains=[language]).exists()
        return language if known else ""

    def _criteria(self, usual: dict[str, str]) -> tuple[CriteriaForm, list[str]]:
        given = self.params.copy()
        for name, value in usual.items():
            given.setdefault(name, value)
        if self.moving:
            given["kind"] = usual["kind"]
        form = CriteriaForm(given, moving=bool(self.moving))
        if form.is_valid():
            return form, []
        for name in form.errors:
            given[name] = usual.get(name, "") if given.get(name) != usual.get(name) else ""
        texts = [error for errors in form.errors.values() for error in errors]
        return CriteriaForm(given, moving=bool(self.moving)), texts

    @property
    def urgent(self) -> bool:
        return bool(self.kind and self.kind.first_talk and TermKind.URGENT in self.terms)

    @property
    def deadline(self) -> dt.date | None:
        """The term that this talk would meet: urgent before ordinary (R-05, R-06)."""
        if not self.kind or not self.kind.first_talk:
            return None
        term = self.terms.get(TermKind.URGENT) or self.terms.get(TermKind.FIRST_TALK)
        return term.deadline if term else None

    def _search(self) -> None:
        """Urgent offers only starts on or before the term; when there are none, the earliest later ones (R-13)."""
        self.kind = self.criteria.cleaned_data["kind"]
        area = self._area()
        picked_day = clock.local_date(self.picked[0]).isoformat() if self.picked else ""
        self.day = self._asked_day(self.params.get("day", picked_day))
        if self.urgent:
            in_time = dataclasses.replace(area, latest_date=min(area.latest_date, self.deadline))
            self.in_term = bool(suggestions(in_time, now=self.now, half_days=1))
            self.too_late = not self.in_term
            if self.in_term:
                area = in_time
                self.day = self.day and min(self.day, self.deadline)
        self.slots = self._day_slots(area) if self.day else suggestions(area, now=self.now)
        if self.too_late or not self.slots:
            self.elsewhere = self._elsewhere(area)
        if self.picked and self.params["slot"] not in {slot.key for slot in self.slots}:
            self.picked_is_taken = True

    def _area(self) -> SearchArea:
        asked = self.criteria.cleaned_data
        first = asked["first_date"]
        earliest = max(self.now, clock.day_bounds(first)[0]) if first else self.now
        return SearchArea(
            length=self.kind.length,
            earliest=earliest,
            latest_date=clock.local_date(earliest) + dt.timedelta(days=SEARCH_DAYS),
            household_id=self.household.pk,
            counsellor_id=asked["counsellor"].pk if asked["counsellor"] else None,
            location_id=asked["location"].pk if asked["location"] else None,
            language=asked["language"] or None,
            leave_out_id=self.moving.pk if self.moving else None,
        )

    def _asked_day(self, text: str) -> dt.date | None:
        """The day of *More times*; a past one means today."""
        if not text:
            return None
        try:
            return max(DutchDateField().clean(text), clock.today())
        except forms.ValidationError as error:
            self.not_understood += error.messages
            return None

    def _day_slots(self, area: SearchArea) -> list[Slot]:
        start, _end = clock.day_bounds(self.day)
        earliest = max(start, self.now)
        return free_slots(dataclasses.replace(area, earliest=earliest, latest_date=self.day), now=self.now)

    def _elsewhere(self, area: SearchArea) -> list[Slot]:
        """The first times with anybody, anywhere, within the term when that is what lacks; then in any language."""
        wider = dataclasses.replace(area, location_id=None, counsellor_id=None)
        if self.too_late:
            wider = dataclasses.replace(wider, latest_date=min(wider.latest_date, self.deadline))
        found = suggestions(wider, now=self.now, half_days=ELSEWHERE)
        if not found and wider.language:
            found = suggestions(dataclasses.replace(wider, language=None), now=self.now, half_days=ELSEWHERE)
        return found

    def _address(self, slot: Slot) -> str:
        """This page for somebody else's day: empty choices are spelled out, or the usual ones would come back."""
        params = self.params.copy()
        params["location"], params["language"] = "", ""
        params["counsellor"], params["day"] = str(slot.counsellor_id), slot.date.isoformat()
        return "?" + params.urlencode()

    def context(self) -> dict:
        day, today = self.day, clock.today()
        last = self.deadline if self.in_term else None
        return {
            "criteria": self.criteria,
            "not_understood": self.not_understood,
            "picked_is_taken": self.picked_is_taken,
            "slots": [{"slot": slot, "late": bool(self.deadline and slot.date > self.deadline)} for slot in self.slots],
            "elsewhere": [{"slot": slot, "address": self._address(slot)} for slot in self.elsewhere],
            "deadline": self.deadline,
            "urgent": self.urgent,
            "too_late": self.too_late,
            "day": day,
            "day_before": day - dt.timedelta(days=1) if day and day > today else None,
            "day_after": day + dt.timedelta(days=1) if day and day != last else None,
            "first_day": self.slots[0].date if self.slots else today,
            "last_day": self.area_end,
        }

    @property
    def area_end(self) -> dt.date:
        """The last date that was looked at, when nothing was found."""
        first = self.criteria.cleaned_data.get("first_date") if self.criteria.is_valid() else None
        return (first or clock.today()) + dt.timedelta(days=SEARCH_DAYS)


class AgendaForm(FilterForm):
    """Which agenda: a location or a counsellor, a day or a week, as a table of times or as a list (S10).

    Unknown values fall back (R-101). The name of `weergave` stands in addresses that people keep.
    """

    DAY, WEEK = "day", "week"
    TIMES, LIST = "tijden", "lijst"
    location = KnownField(
        Location.objects.filter(active=True),
        label=_("Location"),
        required=False,
        empty_label=_("every location"),
        to_field_name="code",
    )
    counsellor = KnownField(
        Counsellor.objects.none(), label=_("Counsellor"), required=False, empty_label=_("everybody")
    )
    span = forms.ChoiceField(label=_("Show"), choices=[(DAY, _("Day")), (WEEK, _("Week"))], required=False)
    weergave = forms.ChoiceField(label=_("As"), choices=[(TIMES, _("Times")), (LIST, _("List"))], required=False)
    date = DutchDateField(label=_("Date"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["counsellor"].queryset = Counsellor.objects.filter(active=True).select_related("user")


class OutlookForm(FilterForm):
    """Whose talks to list: of a location, or of none, in the week of a Monday. Unknown values fall back (R-101)."""

    location = KnownField(Location.objects.filter(active=True), required=False, to_field_name="code")
    week = DutchDateField(required=False)

    def clean_week(self):
        date = self.cleaned_data["week"]
        return date and date - dt.timedelta(days=date.weekday())
