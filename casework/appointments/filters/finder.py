"""How one looks for a free time (S09, R-13). Everything lives in the address (R-100, R-101)."""

import dataclasses
import datetime as dt

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
    free_days,
    free_slots,
    suggestions,
)
from casework.core import clock
from casework.core.forms import DutchDateField, FilterForm, KnownField
from casework.core.models import User
from casework.counsellors.models import LANGUAGES, Counsellor, location_of
from casework.households.models import Household, Term, TermKind
from casework.places.models import Location

# How far ahead the finder looks, unless somebody asks for a later date; and how far it looks then.
SEARCH_DAYS, SEARCH_DAYS_AT_MOST = 28, 182
# How many half-days of somebody else, or of another location, an empty answer offers.
ELSEWHERE = 2


class CriteriaForm(FilterForm):
    """The sentence of the finder: what, where, in which language, with whom, from when, until when (S09). Never saved."""

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
    second = KnownField(Counsellor.objects.none(), label=_("And with"), required=False, empty_label=_("nobody else"))
    first_date = DutchDateField(label=_("From (not required)"), required=False)
    last_date = DutchDateField(label=_("At the latest (not required)"), required=False)

    def __init__(self, *args, moving: bool = False, **kwargs):
        super().__init__(*args, **kwargs)
        # Both fields share the rows: there may be hundreds.
        known = Counsellor.objects.filter(active=True).select_related("user")
        self.fields["counsellor"].queryset = self.fields["second"].queryset = known
        if moving:
            # A kind of talk that is no longer in use may still stand, and be moved.
            self.fields["kind"].queryset = AppointmentType.objects.all()

    def clean_first_date(self):
        date = self.cleaned_data["first_date"]
        if date and date < clock.today():
            raise forms.ValidationError(gettext("Choose today or a later date."))
        return date

    def clean_second(self):
        second = self.cleaned_data["second"]
        if second and second == self.cleaned_data.get("counsellor"):
            raise forms.ValidationError(gettext("Choose somebody else as the second counsellor."))
        return second

    def clean_last_date(self):
        """A legal term may have passed already; then it still stands in the sentence."""
        date, first = self.cleaned_data["last_date"], self.cleaned_data.get("first_date")
        if date and first and date < first:
            raise forms.ValidationError(gettext("The last day must not be before the first."))
        return date


class Finder:
    """The finder for one look: criteria, the limit that binds, and the times on offer (S09, R-13).

    What an address holds that is not understood is left out, with a notice, and the usual value stands in (R-101).
    At most four searches, whatever is asked.
    """

    def __init__(self, *, params: QueryDict, user: User, household: Household, moving: Appointment | None = None):
        self.now, self.params, self.user = clock.now(), params, user
        self.household, self.moving = household, moving
        # Somebody stands at the desk now: the first time of today, with whoever is free.
        self.walk_in = "walk_in" in params and not moving
        # A time that was picked in the agenda.
        self.picked, self.picked_is_taken = Slot.read_key(params.get("slot", "")), False
        self.terms = {term.kind: term for term in Term.objects.open().filter(household=household)}
        self.types = {one.code: one for one in ([moving.type] if moving else AppointmentType.objects.all())}
        self.kind: AppointmentType | None = None
        self.day: dt.date | None = None
        self.days: dict[dt.date, int] = {}
        self.slots: list[Slot] = []
        self.elsewhere: list[Slot] = []
        self.owner_first: Slot | None = None
        self.anybody_first: Slot | None = None
        self.too_late, self.in_time = False, False
        self.criteria, self.not_understood = self._criteria(self._usual())
        if self.criteria.is_valid():
            self._search()

    # The sentence

    def _usual(self) -> dict[str, str]:
        """The sentence as it stands before anybody changes it."""
        usual = self._usual_who_and_where()
        deadline = self._deadline_of(self.types.get(self.params.get("kind") or usual["kind"]))
        return usual | {"last_date": f"{deadline:%d-%m-%Y}" if deadline and not self.walk_in else ""}

    def _usual_who_and_where(self) -> dict[str, str]:
        if place := self.picked and Location.objects.filter(active=True, pk=self.picked[2]).first():
            kind = self.moving.type.code if self.moving else self._usual_kind()
            return {"kind": kind, "location": place.code, "language": "", "counsellor": str(self.picked[1])}
        if self.moving:
            return {
                "kind": self.moving.type.code,
                "location": self.moving.location.code,
                "counsellor": str(self.moving.counsellor_id),
                "second": str(self.moving.second_counsellor_id or ""),
            }
        if self.walk_in:
            here = location_of(self.user)
            return {"kind": self._usual_kind(), "location": here.code if here else "", "language": "", "counsellor": ""}
        owner = self.household.owner_id
        # The own counsellor comes first, wherever she works; a household without one comes to this desk.
        place = None if owner else location_of(self.user) or self.household.location
        return {
            "kind": self._usual_kind(),
            "location": place.code if place else "",
            "language": "" if owner else self._spoken_language(),
            "counsellor": str(owner or ""),
        }

    def _usual_kind(self) -> str:
        """The first talk while its term is open, otherwise a follow-up."""
        first_talk = TermKind.FIRST_TALK in self.terms
        known = [one for one in self.types.values() if one.active]
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
            return self._without_a_foreign_term(form, given), []
        for name in form.errors:
            given[name] = usual.get(name, "") if given.get(name) != usual.get(name) else ""
        texts = [error for errors in form.errors.values() for error in errors]
        return CriteriaForm(given, moving=bool(self.moving)), texts

    def _without_a_foreign_term(self, form: CriteriaForm, given: QueryDict) -> CriteriaForm:
        """The term of a first talk that was filled in does not bind the other kind of talk that is asked for now."""
        last = form.cleaned_data["last_date"]
        if last and not form.cleaned_data["kind"].first_talk and last in {one.deadline for one in self.terms.values()}:
            given["last_date"] = ""
            return CriteriaForm(given, moving=bool(self.moving))
        return form

    # What binds

    @property
    def urgent(self) -> bool:
        return bool(self.kind and self.kind.first_talk and TermKind.URGENT in self.terms)

    @property
    def deadline(self) -> dt.date | None:
        return self._deadline_of(self.kind)

    def _deadline_of(self, kind: AppointmentType | None) -> dt.date | None:
        """The term that this talk would meet: urgent before ordinary (R-05, R-06)."""
        if not kind or not kind.first_talk:
            return None
        term = self.terms.get(TermKind.URGENT) or self.terms.get(TermKind.FIRST_TALK)
        return term.deadline if term else None

    @property
    def limit(self) -> dt.date | None:
        """The date that no time may pass, if there is one in time: an urgent term, or what somebody asked for.

        An ordinary term is none: later times are marked (R-13).
        """
        asked = self.criteria.cleaned_data["last_date"]
        dates = [asked] if asked and asked != self.deadline else []
        if self.urgent:
            dates.append(self.deadline)
        return clock.today() if self.walk_in else min(dates, default=None)

    # The search

    def _search(self) -> None:
        """Within the limit; when there are none, the earliest later ones, and who can in time elsewhere (R-13)."""
        self.kind = self.criteria.cleaned_data["kind"]
        area, limit = self._area(), self.limit
        picked_day = clock.local_date(self.picked[0]).isoformat() if self.picked else ""
        self.day = self._asked_day(self.params.get("day", picked_day))
        if self.day:
            self._look_at_a_day(area, limit)
        else:
            self._look_at_the_first(area, limit)
        late = self.slots and self.deadline and self.slots[0].date > self.deadline
        if self.too_late or late or not self.slots:
            self.elsewhere = self._elsewhere(area)
        elif not self.day and self.household.owner_id and not self.walk_in:
            self._compare_with_the_owner(area)
        if self.picked and self.params["slot"] not in {slot.key for slot in self.slots}:
            self.picked_is_taken = True

    def _look_at_the_first(self, area: SearchArea, limit: dt.date | None) -> None:
        if limit:
            within = dataclasses.replace(area, latest_date=min(area.latest_date, limit))
            self.slots = suggestions(self._when_to_call(within), now=self.now)
            self.in_time = bool(self.slots)
            self.too_late = not self.in_time
        if not self.slots:
            self.slots = suggestions(self._when_to_call(area), now=self.now)

    def _when_to_call(self, area: SearchArea) -> SearchArea:
        """What is proposed by telephone keeps to the hours of the household; a whole day shows all, with a mark."""
        return dataclasses.replace(area, quiet=self.quiet)

    @property
    def quiet(self) -> tuple[dt.time, dt.time] | None:
        by_phone = self.kind and self.kind.channel == TypeChannel.PHONE
        from_, until = self.household.quiet_from, self.household.quiet_until
        return (from_, until) if by_phone and from_ and until else None

    def _disturbs(self, slot: Slot) -> bool:
        """Whether a call then falls within the hours not to call."""
        return bool(self.quiet) and self.household.is_quiet(slot.start, slot.end)

    def _look_at_a_day(self, area: SearchArea, limit: dt.date | None) -> None:
        self.days = free_days(area, now=self.now)
        if limit:
            self.in_time = any(date <= limit for date in self.days)
            self.too_late = not self.in_time
        if self.in_time:
            self.day = min(self.day, limit)
            self.days = {date: number for date, number in self.days.items() if date <= limit}
        start, _end = clock.day_bounds(self.day)
        on_the_day = dataclasses.replace(area, earliest=max(start, self.now), latest_date=self.day)
        self.slots = free_slots(on_the_day, now=self.now)

    def _area(self) -> SearchArea:
        asked = self.criteria.cleaned_data
        first, last = asked["first_date"], asked["last_date"]
        earliest = max(self.now, clock.day_bounds(first)[0]) if first else self.now
        start = clock.local_date(earliest)
        ahead = start + dt.timedelta(days=SEARCH_DAYS)
        if last and last != self.deadline:
            ahead = min(max(ahead, last), start + dt.timedelta(days=SEARCH_DAYS_AT_MOST))
        return SearchArea(
            length=self.kind.length,
            earliest=earliest,
            latest_date=ahead,
            household_id=self.household.pk,
            counsellor_id=asked["counsellor"].pk if asked["counsellor"] else None,
            location_id=asked["location"].pk if asked["location"] else None,
            language=asked["language"] or None,
            leave_out_id=self.moving.pk if self.moving else None,
            second_id=asked["second"].pk if asked["second"] else None,
            travel=self.moving.travel if self.moving else self.kind.travel,
        )

    def area_with(self, counsellor: Counsellor, location: Location) -> SearchArea:
        """The same search with one counsellor at one location."""
        return dataclasses.replace(
            self._area(), counsellor_id=counsellor.pk, location_id=location.pk, language=None
        )  # fmt: skip

    def _asked_day(self, text: str) -> dt.date | None:
        """The day of *More times*; a past one means today."""
        if not text:
            return None
        try:
            return max(DutchDateField().clean(text), clock.today())
        except forms.ValidationError as error:
            self.not_understood += error.messages
            return None

    def _elsewhere(self, area: SearchArea) -> list[Slot]:
        """The first times with anybody, anywhere, in time when that is what lacks; then in any language."""
        wider = dataclasses.replace(area, location_id=None, counsellor_id=None)
        dates = [date for date in (self.limit, self.deadline) if date]
        if dates and (self.too_late or self.slots):
            wider = dataclasses.replace(wider, latest_date=min([wider.latest_date, *dates]))
        found = suggestions(self._when_to_call(wider), now=self.now, half_days=ELSEWHERE)
        if not found and wider.language:
            wider = dataclasses.replace(wider, language=None)
            found = suggestions(self._when_to_call(wider), now=self.now, half_days=ELSEWHERE)
        return found

    def _compare_with_the_owner(self, area: SearchArea) -> None:
        """The price of continuity: the first time of the own counsellor beside the first of anybody (R-13, S09)."""
        owner = self.household.owner_id
        if area.counsellor_id not in {None, owner} or area.second_id == owner:
            return
        with_owner = area.counsellor_id == owner
        other = dataclasses.replace(area, counsellor_id=None if with_owner else owner)
        found = next(iter(suggestions(self._when_to_call(other), now=self.now, half_days=1)), None)
        self.owner_first, self.anybody_first = (self.slots[0], found) if with_owner else (found, self.slots[0])

    # What the page shows

    def _address(self, **changes: str) -> str:
        """This page with other choices: empty ones are spelled out, or the usual ones would come back."""
        params = self.params.copy()
        for name in ("slot", "day"):
            params.pop(name, None)
        for name, value in changes.items():
            params[name] = value
        return "?" + params.urlencode()

    def _address_of(self, slot: Slot) -> str:
        return self._address(
            location="", language="", counsellor=str(slot.counsellor_id), day=slot.date.isoformat()
        )  # fmt: skip

    def _price(self) -> dict | None:
        """Shown when the own counsellor is not the first who can, with the way to the other choice."""
        own, anybody = self.owner_first, self.anybody_first
        if not anybody or (own and own.date <= anybody.date):
            return None
        with_owner = bool(self.criteria.cleaned_data["counsellor"])
        return {
            "own": own,
            "anybody": anybody,
            "with_owner": with_owner,
            "address": self._address(counsellor="" if with_owner else str(self.household.owner_id)),
        }

    def _week(self) -> list[dict]:
        """The seven dates around the day that is shown, each with how many times are free (R-01: dates)."""
        if not self.day:
            return []
        monday = self.day - dt.timedelta(days=self.day.weekday())
        dates = [monday + dt.timedelta(days=number) for number in range(7)]
        last = self.limit if self.in_time else dates[-1]
        return [
            {"date": date, "number": self.days.get(date, 0)} for date in dates if clock.today() <= date <= last
        ]  # fmt: skip

    def _late(self, slot: Slot) -> str:
        """Whether a time is after the term (`term`), or only later than was asked (`asked`)."""
        if self.deadline and slot.date > self.deadline:
            return "term"
        asked = self.criteria.cleaned_data["last_date"]
        return "asked" if asked and slot.date > asked else ""

    def context(self) -> dict:
        asked = self.criteria.cleaned_data if self.criteria.is_valid() else {}
        week = self._week()
        monday = self.day and self.day - dt.timedelta(days=self.day.weekday())
        before = [date for date in self.days if monday and date < monday]
        after = [date for date in self.days if monday and date >= monday + dt.timedelta(days=7)]
        return {
            "criteria": self.criteria,
            "not_understood": self.not_understood,
            "picked_is_taken": self.picked_is_taken,
            "slots": [
                {"slot": slot, "late": self._late(slot), "disturbs": self._disturbs(slot)} for slot in self.slots
            ],
            "by_phone": bool(self.kind and self.kind.channel == TypeChannel.PHONE),
            "quiet": self.quiet,
            "travel": self.moving.travel_minutes if self.moving else self.kind.travel_minutes if self.kind else 0,
            "elsewhere": [{"slot": slot, "address": self._address_of(slot)} for slot in self.elsewhere],
            "other_location": bool(asked.get("location") and not asked.get("counsellor")),
            "price": self._price(),
            "deadline": self.deadline,
            "urgent": self.urgent,
            "walk_in": self.walk_in,
            "kind_code": self.kind.code if self.kind else "",
            "may_walk_in": not self.walk_in and not self.moving,
            "too_late": self.too_late,
            "asked_date": self.limit if asked and self.limit != self.deadline else None,
            "day": self.day,
            "week": week,
            "week_before": max(before, default=None),
            "week_after": min(after, default=None),
            "first_day": self.slots[0].date if self.slots else clock.today(),
            "last_day": self._last_day(),
        }

    def _last_day(self) -> dt.date:
        """The last date that was looked at, when nothing was found."""
        return self._area().latest_date if self.kind else clock.today() + dt.timedelta(days=SEARCH_DAYS)
