"""The figures over rows: classes, periods, filters, and what belongs to whom (M1, M2, M4, M4b)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.reports.reads import FIGURES, Scope, lost_slots, no_show, show_up, unrecorded
from tests import make
from tests.reports import worlds

OCTOBER = Scope(dt.date(2026, 10, 1), dt.date(2026, 10, 31))


def pairs(slices):
    return {one.label: (one.numerator, one.denominator) for one in slices}


def test_w1_comes_out_exactly(samira, now):
    worlds.appointments(samira, worlds.W1)
    m1, m4, m4b = (figure(OCTOBER, now=now) for figure in (no_show, unrecorded, lost_slots))
    assert (m1.total.numerator, m1.total.denominator, m1.excused) == (24, 204, 4)
    assert m1.total.text == "11,8% (8,0–16,9) · 24 van 204"
    assert m1.appeared.text == "88,2% (83,1–92,0) · 180 van 204"
    assert m1.excluded == {"A1": 14, "A2": 9, "E": 5, "R1": 9, "R2": 3, "U": 6, "T": 0, "W": 0}
    assert m1.bounds == (24 / 210, 30 / 210)
    assert not m1.provisional
    assert m1.households == 20
    assert m4.total.text == "2,9% (1,3–6,1) · 6 van 210"
    assert m4b.total.text == "16,7% (12,3–22,2) · 36 van 216"
    assert m1.total.denominator + sum(m1.excluded.values()) == 250


def test_an_empty_period_is_zero_of_zero(db, now):
    for figure in FIGURES.values():
        found = figure(OCTOBER, now=now)
        assert (found.total.numerator, found.total.denominator, found.months, found.total.interval) == (0, 0, [], None)


@pytest.mark.parametrize(("unrecorded_ones", "provisional"), [(1, False), (2, True)])
def test_provisional_above_five_percent_unrecorded(samira, now, unrecorded_ones, provisional):
    # 1 of 20 is exactly 5%.
    worlds.appointments(samira, {"V": 19, "": unrecorded_ones})
    assert no_show(OCTOBER, now=now).provisional is provisional


def test_without_unrecorded_there_are_no_bounds(samira, now):
    worlds.appointments(samira, {"V": 19})
    assert no_show(OCTOBER, now=now).bounds is None


def test_an_appointment_is_unrecorded_from_two_hours_after_its_end(samira):
    # Ends at 11:00.
    make.appointment(household=make.household(), counsellor=samira, start="2026-10-05 10:00")
    exactly = make.moment("2026-10-05 13:00")
    assert no_show(OCTOBER, now=exactly).excluded["T"] == 1
    assert no_show(OCTOBER, now=exactly + dt.timedelta(seconds=1)).excluded["U"] == 1


def test_the_period_counts_local_dates_across_the_clock_change(samira, now):
    household = make.household()
    for start in ("2026-09-30 23:30", "2026-10-01 00:15", "2026-10-31 23:45", "2026-11-01 00:00"):
        make.appointment(
            household=household,
            counsellor=samira,
            start=start,
            outcome="N",
            type=make.appointment_type("K", minutes=15),
        )
    found = no_show(OCTOBER, now=now)
    assert found.total.denominator == 2
    assert pairs(found.months) == {"okt 2026": (2, 2)}


def test_walk_ins_are_left_out_and_counted(samira, now):
    worlds.appointments(samira, {"V": 2}, walk_in=True)
    found = no_show(OCTOBER, now=now)
    assert (found.total.denominator, found.excluded["W"]) == (0, 2)


def test_months_without_appointments_stand_as_zero_and_the_current_one_is_open(samira, now):
    household = make.household()
    for start in ("2025-12-01 09:00", "2026-02-02 09:00"):
        make.appointment(household=household, counsellor=samira, start=start, outcome="V")
    make.appointment(household=household, counsellor=samira, start="2026-11-02 07:00", outcome="N")
    found = no_show(Scope(dt.date(2025, 12, 1), dt.date(2026, 11, 2)), now=now)
    assert len(found.months) == 12
    assert pairs(found.months)["jan 2026"] == (0, 0)
    assert [one.label for one in found.months if not one.complete] == ["nov 2026"]


def test_slices_add_up_and_counsellors_stand_by_surname(feijenoord, now):
    charlois = make.location(name="Vraagwijzer Aandacht")
    names = ["Zeynep Bakker", "Aart de Wit", "Bram van Aalst"]
    for place, name in enumerate(names):
        # Locations in the other order than surnames: neither may disturb the other.
        one = make.counsellor(at=charlois if place == 1 else feijenoord, name=name)
        worlds.appointments(one, {"V": 2, "N": place}, households=2)
    found = no_show(OCTOBER, now=now)
    assert pairs(found.counsellors) == {"Bram van Aalst": (2, 4), "Zeynep Bakker": (0, 2), "Aart de Wit": (1, 3)}
    assert [one.label for one in found.counsellors] == ["Bram van Aalst", "Zeynep Bakker", "Aart de Wit"]
    assert [one.label for one in found.locations] == ["Vraagwijzer Aandacht", "Vraagwijzer Feijenoord"]
    for slices in (found.months, found.locations, found.types, found.counsellors):
        assert sum(one.denominator for one in slices) == found.total.denominator == 9


def test_filters_narrow_the_appointments(samira, now):
    other = make.counsellor()
    progress = make.appointment_type("VG", first_talk=False)
    worlds.appointments(samira, {"N": 1})
    worlds.appointments(samira, {"N": 2}, first="2026-10-10", type=progress)
    worlds.appointments(other, {"N": 4})

    def count(**changes):
        return no_show(Scope(OCTOBER.first, OCTOBER.last, **changes), now=now).total.numerator

    assert count() == 7
    assert count(location_id=other.location_id) == 4
    assert count(type_id=progress.pk) == 2
    assert count(counsellor_id=samira.pk) == 3
    assert count(first_talks=True) == 5
    assert count(first_talks=True, counsellor_id=samira.pk) == 1


def test_a_later_transfer_changes_no_appointment_figure(samira, now):
    household = make.household(owner=samira)
    make.appointment(household=household, counsellor=samira, start="2026-10-05 09:00", outcome="N")
    household.owner = make.counsellor()
    household.save()
    scope = Scope(OCTOBER.first, OCTOBER.last, counsellor_id=samira.pk)
    assert no_show(scope, now=now).total.numerator == 1


@pytest.mark.parametrize(
    ("end", "recorded", "days"),
    [
        ("2026-10-05 10:00", "2026-10-05 10:30", 0),
        ("2026-10-09 10:00", "2026-10-12 09:00", 1),  # over a weekend
        ("2026-10-05 10:00", "2026-10-12 09:00", 5),
        ("2026-10-05 10:00", "2026-10-05 09:20", 0),  # recorded during the talk
        ("2026-10-05 23:50", "2026-10-06 00:10", 1),  # the local date counts
    ],
)
def test_the_median_counts_working_days(samira, now, end, recorded, days):
    start = make.moment(end) - dt.timedelta(hours=1)
    make.appointment(
        household=make.household(),
        counsellor=samira,
        start=start.isoformat(),
        outcome="V",
        recorded_at=make.moment(recorded),
    )
    assert unrecorded(OCTOBER, now=now).median_days == days


def test_the_median_skips_holidays(samira):
    # 25 December 2026 is a Friday; the next working day is Monday 28.
    make.appointment(
        household=make.household(), counsellor=samira, start="2026-12-24 09:00", outcome="V",
        recorded_at=make.moment("2026-12-28 09:00"),
    )  # fmt: skip
    december = Scope(dt.date(2026, 12, 1), dt.date(2026, 12, 31))
    assert unrecorded(december, now=make.moment("2027-01-05 09:00")).median_days == 1


class TestShowUp:
    """M2, with 2 November 2026 as the report date: 3 September is the last ripe day."""

    scope = Scope(dt.date(2026, 8, 1), dt.date(2026, 11, 2))

    def count(self, now, **changes):
        found = show_up(Scope(self.scope.first, self.scope.last, **changes), now=now)
        return (found.total.numerator, found.total.denominator, found.excluded["unripe"], found.excluded["left"])

    @pytest.mark.parametrize(
        ("registered", "counts"),
        [("2026-09-03 23:30", (0, 1, 0, 0)), ("2026-09-04 00:10", (0, 0, 1, 0)), ("2026-07-31 23:30", (0, 0, 0, 0))],
    )
    def test_ripe_is_sixty_local_days(self, db, now, registered, counts):
        make.household(registered=registered)
        assert self.count(now) == counts

    @pytest.mark.parametrize(
        ("start", "outcome", "code", "came"),
        [
            ("2026-08-10 10:00", "V", "EG", 1),
            ("2026-10-02 23:00", "V", "EG", 1),  # the sixtieth day
            ("2026-10-03 00:00", "V", "EG", 0),
            ("2026-08-10 10:00", "L", "EG", 1),
            ("2026-08-10 10:00", "N", "EG", 0),
            ("2026-08-10 10:00", "", "EG", 0),
            ("2026-08-10 10:00", "V", "VG", 0),
            ("2026-08-02 10:00", "V", "EG", 0),  # before registration
        ],
    )
    def test_who_came_within_sixty_days(self, samira, now, start, outcome, code, came):
        household = make.household(registered="2026-08-03 09:00")
        kind = make.appointment_type(code, first_talk=code == "EG")
        make.appointment(household=household, counsellor=samira, start=start, outcome=outcome, type=kind)
        assert self.count(now) == (came, 1, 0, 0)

    @pytest.mark.parametrize(
        ("reason", "closed", "left"),
        [
            ("Overleden", "2026-10-02", 1),
            ("Verhuisd", "2026-10-02", 1),
            ("Verhuisd", "2026-10-03", 0),
            ("Ingetrokken", "2026-08-20", 0),
        ],
    )
    def test_who_died_or_moved_within_sixty_days_is_left_out(self, db, now, reason, closed, left):
        make.household(registered="2026-08-03 09:00", closed_on=dt.date.fromisoformat(closed), exit_reason=reason)
        assert self.count(now) == (0, 1 - left, 0, left)

    def test_two_talks_are_one_household(self, samira, now):
        household = make.household(registered="2026-08-03 09:00")
        for start in ("2026-08-10 10:00", "2026-08-12 10:00"):
            make.appointment(household=household, counsellor=samira, start=start, outcome="V")
        assert self.count(now)[:2] == (1, 1)

    def test_a_registration_belongs_to_its_location_and_first_counsellor(self, samira, now):
        household = make.household(registered="2026-08-03 09:00", location=samira.location, owner=samira)
        make.appointment(household=household, counsellor=samira, start="2026-08-10 10:00", outcome="V")
        household.owner = make.counsellor(name="Later Iemand")
        household.save()
        assert self.count(now, counsellor_id=samira.pk)[:2] == (1, 1)
        assert self.count(now, counsellor_id=household.owner_id)[:2] == (0, 0)
        assert self.count(now, location_id=samira.location_id)[:2] == (1, 1)

    def test_without_any_first_talk_it_belongs_to_its_owner(self, samira, now):
        make.household(registered="2026-08-03 09:00", owner=samira)
        found = show_up(self.scope, now=now)
        assert pairs(found.counsellors) == {"Samira El Amrani": (0, 1)}
        assert pairs(found.locations) == {"onbekend": (0, 1)}

    def test_a_month_with_unripe_registrations_is_not_complete(self, db, now):
        make.household(registered="2026-08-03 09:00")
        make.household(registered="2026-09-03 09:00")
        make.household(registered="2026-09-20 09:00")
        found = show_up(self.scope, now=now)
        assert [(one.label, one.complete) for one in found.months] == [("aug 2026", True), ("sep 2026", False)]


@pytest.mark.parametrize(("code", "statements"), [("m1", 1), ("m2", 1), ("m4", 2), ("m4b", 1)])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_figure_is_one_statement(samira, now, code, statements, rows):
    worlds.appointments(samira, {"N": rows}, households=rows)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        FIGURES[code](OCTOBER, now=now)
    assert len(captured) == statements
