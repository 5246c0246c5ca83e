"""The caseload board: who has how much, and which households (S16, M8)."""

import datetime as dt
import math
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Case, Count, DecimalField, Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value, When

from casework.appointments.models import Appointment, Occupancy
from casework.core import clock
from casework.core.thresholds import Threshold
from casework.counsellors.models import LANGUAGES, Counsellor, WorkingHours
from casework.debts.models import Phase, PhaseKind
from casework.households.models import Household, Term, TermKind
from casework.places.models import Location

# Two standard deviations: chance alone stays within it 19 times out of 20.
_WIDTH = 2


@dataclass(frozen=True)
class Expected:
    """What somebody would have if households fell to counsellors by chance, in proportion to capacity; no target."""

    lowest: int
    highest: int

    @classmethod
    def of(cls, *, total: int, capacity: int, capacity_of_all: int) -> "Expected":
        """Of `total` households over `capacity_of_all` places: the mean, give or take two standard deviations."""
        share = capacity / capacity_of_all if capacity_of_all else 0
        mean, spread = total * share, _WIDTH * math.sqrt(total * share * (1 - share))
        return cls(max(0, math.floor(mean - spread)), min(total, math.ceil(mean + spread)))

    def holds(self, number: int) -> bool:
        return self.lowest <= number <= self.highest


@dataclass
class Column:
    """One counsellor on the board. `minutes`: working time a week, as it is today; `weighs`: the active ones (M8)."""

    counsellor: Counsellor
    expected: Expected
    active: int = 0
    new: int = 0
    urgent: int = 0
    unrecorded: int = 0
    minutes: int = 0
    households: list[Household] = field(default_factory=list)
    weighs: Decimal = Decimal(0)
    silent: int = 0

    @property
    def hours(self) -> str:
        """`32`, or `28,5`."""
        return in_short(self.minutes / 60)

    @property
    def weight(self) -> str:
        return in_short(self.weighs)

    @property
    def languages(self) -> str:
        known = dict(LANGUAGES)
        return ", ".join(str(known[code]) for code in self.counsellor.languages if code in known)

    @property
    def verdict(self) -> str:
        """Beside the range of chance: `more`, `less`, or empty within it."""
        if self.expected.holds(self.active):
            return ""
        return "more" if self.active > self.expected.highest else "less"


def in_short(number: float | Decimal) -> str:
    """With one decimal where there is one: `32`, or `28,5`."""
    return f"{number:.1f}".removesuffix(".0").replace(".", ",")


def caseload_board(location: Location | None, *, now: dt.datetime) -> list[Column]:
    """The counsellors of a location, or of all, by name (C12: never ranked), with their households where it is one.

    Seven queries with households, six without.
    """
    people = list(_people(location).select_related("user"))
    numbers = {row["owner"]: row for row in _numbers(people, now)}
    urgent = dict(_urgent(people))
    unrecorded = dict(_unrecorded(people, now))
    silent = dict(_silent(people, now))
    minutes = _minutes(people, clock.local_date(now))
    homes = _by_owner(people) if location else {}
    total = sum(row["active"] for row in numbers.values())
    places = sum(one.capacity for one in people)
    columns = []
    for one in people:
        row = numbers.get(one.pk, {"active": 0, "new": 0, "weighs": None})
        expected = Expected.of(total=total, capacity=one.capacity, capacity_of_all=places)
        columns.append(Column(
            one, expected, row["active"], row["new"], urgent.get(one.pk, 0), unrecorded.get(one.pk, 0),
            minutes.get(one.pk, 0), homes.get(one.pk, []), row["weighs"] or Decimal(0), silent.get(one.pk, 0),
        ))  # fmt: skip
    return columns


def without_counsellor(location: Location | None) -> QuerySet[Household]:
    """Open households that nobody has yet, by term; of a location those registered there, or nowhere."""
    rows = _with_terms(Household.objects.open().filter(owner=None))
    return rows.filter(Q(location=location) | Q(location=None)) if location else rows


def _people(location: Location | None) -> QuerySet[Counsellor]:
    rows = Counsellor.objects.filter(active=True).order_by("sort_name", "id")
    return rows.filter(location=location) if location else rows


def _numbers(people: list[Counsellor], now: dt.datetime):
    since = clock.day_bounds(clock.local_date(now) - Threshold.NEW_WITHIN.span(now))[0]
    rows = Household.objects.filter(owner__in=people, merged_into=None).annotate(weight=_weight(now))
    return rows.order_by().values("owner").annotate(
        active=Count("pk", filter=Q(closed_on=None)), new=Count("pk", filter=Q(registered_at__gte=since)),
        weighs=Sum("weight", filter=Q(closed_on=None)),
    )  # fmt: skip


def _weight(now: dt.datetime) -> Case:
    """Of one household: urgent while an urgent term runs, in aftercare while that phase of an open debt file does.

    A count is not weight (M8); of a household that is both, urgent counts.
    """
    urgent = Term.objects.open().filter(kind=TermKind.URGENT, household=OuterRef("pk"))
    aftercare = Phase.objects.filter(
        kind=PhaseKind.AFTERCARE, ended_on=None, debt_file__closed_on=None, debt_file__household=OuterRef("pk")
    )
    return Case(
        When(Exists(urgent), then=Value(Threshold.WEIGHT_URGENT.in_force(now))),
        When(Exists(aftercare), then=Value(Threshold.WEIGHT_AFTERCARE.in_force(now))),
        default=Value(Decimal(1)),
        output_field=DecimalField(max_digits=6, decimal_places=2),
    )


def _silent(people: list[Counsellor], now: dt.datetime):
    rows = Household.objects.silent(now).filter(owner__in=people)
    return rows.order_by().values_list("owner").annotate(number=Count("pk"))


def _urgent(people: list[Counsellor]):
    rows = Term.objects.open().filter(kind=TermKind.URGENT, household__owner__in=people, household__closed_on=None)
    return rows.order_by().values_list("household__owner").annotate(number=Count("pk"))


def _unrecorded(people: list[Counsellor], now: dt.datetime):
    """As the list of a counsellor has them: those of which one is first or second."""
    rows = Occupancy.objects.filter(counsellor__in=people, appointment__in=Appointment.objects.unrecorded(now))
    return rows.order_by().values_list("counsellor").annotate(number=Count("appointment"))


def _minutes(people: list[Counsellor], today: dt.date) -> dict[int, int]:
    rows = WorkingHours.objects.filter(
        Q(valid_from=None) | Q(valid_from__lte=today), Q(valid_to=None) | Q(valid_to__gte=today), counsellor__in=people
    )
    found: dict[int, int] = defaultdict(int)
    for one, starts, ends in rows.order_by().values_list("counsellor", "starts", "ends"):
        found[one] += (ends.hour - starts.hour) * 60 + ends.minute - starts.minute
    return found


def _by_owner(people: list[Counsellor]) -> dict[int, list[Household]]:
    found: dict[int, list[Household]] = defaultdict(list)
    for one in _with_terms(Household.objects.open().filter(owner__in=people)):
        found[one.owner_id].append(one)
    return found


def _with_terms(rows: QuerySet[Household]) -> QuerySet[Household]:
    """With the nearest open term as `due_on` and whether one is urgent, the first to end first."""
    terms = Term.objects.open().filter(household=OuterRef("pk")).order_by()
    first = terms.values("household").annotate(first=Min("deadline")).values("first")
    rows = rows.annotate(due_on=Subquery(first), is_urgent=Exists(terms.filter(kind=TermKind.URGENT)))
    # Without a term after those with one.
    return rows.order_by("due_on", "sort_name", "pk")
