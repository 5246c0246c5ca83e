"""Random worlds: whatever the search offers fits every rule, booking takes it, also when the clock changes (R-11 to R-14)."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.appointments import actions
from casework.appointments.models import Appointment, AppointmentType, SearchArea, Slot, free_slots, suggestions
from casework.core import clock
from casework.counsellors.models import Absence, Counsellor, WorkingHours
from casework.households.models import Household
from casework.places.models import CalendarDay, Location, OpeningHours
from tests import make

QUARTER = dt.timedelta(minutes=15)
# A week with an ordinary clock, and the weeks in which it goes forward and back.
MONDAYS = [dt.date(2026, 11, 9), dt.date(2026, 3, 23), dt.date(2026, 10, 19)]
LENGTHS = [15, 45, 60, 90]


@st.composite
def stretches(draw, most: int = 2) -> list[tuple[dt.time, dt.time]]:
    """Non-overlapping stretches of a day, on quarters, midnight to a quarter to midnight."""
    marks = sorted(draw(st.sets(st.integers(0, 95), min_size=0, max_size=2 * most)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return [(_time(start), _time(end)) for start, end in pairs]


def _time(quarter: int) -> dt.time:
    return dt.time(quarter // 4, quarter % 4 * 15)


def _moment(draw, monday: dt.date) -> dt.datetime:
    """A moment in the week, an hour that does not exist counted from midnight instead."""
    start, _end = clock.day_bounds(monday + dt.timedelta(days=draw(st.integers(0, 6))))
    return start + draw(st.integers(0, 95)) * QUARTER


def build(data, monday: dt.date, by) -> tuple[list[Counsellor], SearchArea, dt.datetime]:
    """Opening hours, working hours, absences, appointments and closed days at random."""
    draw = data.draw
    OpeningHours.objects.all().delete()
    WorkingHours.objects.all().delete()
    places = [make.location(), make.location()]
    OpeningHours.objects.all().delete()
    people = [make.counsellor(at=place, hours=()) for place in places]
    for weekday in range(1, 8):
        for place in places:
            for opens, closes in draw(stretches()):
                OpeningHours.objects.create(location=place, weekday=weekday, opens=opens, closes=closes)
        for who in people:
            for starts, ends in draw(stretches()):
                WorkingHours.objects.create(
                    counsellor=who, location=draw(st.sampled_from(places)), weekday=weekday, starts=starts, ends=ends,
                    valid_to=draw(st.sampled_from([None, None, monday + dt.timedelta(days=3)])),
                )  # fmt: skip
    household = make.household()
    kind = make.appointment_type(f"K{draw(st.sampled_from(LENGTHS))}", first_talk=False)
    kind.minutes = int(kind.code[1:])
    kind.save()
    for _number in range(draw(st.integers(0, 3))):
        start = _moment(draw, monday)
        Absence.objects.create(counsellor=draw(st.sampled_from(people)), period=(start, start + dt.timedelta(hours=5)))
    for _number in range(draw(st.integers(0, 3))):
        start, who = _moment(draw, monday), draw(st.sampled_from(people))
        whose = draw(st.sampled_from([household, make.household()]))
        end = start + dt.timedelta(hours=1)
        clash = Appointment.objects.filter(starts_at__lt=end, ends_at__gt=start)
        if not clash.exists():
            Appointment.objects.create(household=whose, counsellor=who, location=who.location, type=kind, starts_at=start,
                                       ends_at=end, booked_at=start, booked_by=by)  # fmt: skip
    if draw(st.booleans()):
        CalendarDay.objects.get_or_create(
            date=monday + dt.timedelta(days=draw(st.integers(0, 6))), defaults={"name": "dicht", "closed": True}
        )
    now = _moment(draw, monday) - dt.timedelta(days=draw(st.integers(0, 3)))
    area = SearchArea(
        length=kind.length, earliest=now, latest_date=monday + dt.timedelta(days=6), household_id=household.pk
    )
    return people, area, now


def _is_free(slot, area, now) -> bool:
    """The rules once more, in plain Python: the other way to the same answer."""
    date, end = slot.date, slot.end
    if slot.start < now + QUARTER or slot.start.timestamp() % 900 or date > area.latest_date:
        return False
    if CalendarDay.objects.filter(date=date, closed=True).exists():
        return False
    overlap = Appointment.objects.filter(outcome="", starts_at__lt=end, ends_at__gt=slot.start)
    if overlap.filter(counsellor=slot.counsellor_id).exists() or overlap.filter(household=area.household_id).exists():
        return False
    if Absence.objects.filter(counsellor=slot.counsellor_id, period__overlap=(slot.start, end)).exists():
        return False
    here = {"location": slot.location_id, "weekday": date.isoweekday()}
    hours = WorkingHours.objects.filter(counsellor=slot.counsellor_id, **here).exclude(valid_to__lt=date)
    works = [(one.starts, one.ends) for one in hours]
    is_open = [(one.opens, one.closes) for one in OpeningHours.objects.filter(**here)]
    return all(
        any(_wall(date, a) <= slot.start and end <= _wall(date, b) for a, b in some) for some in (works, is_open)
    )


def _wall(date: dt.date, time: dt.time) -> dt.datetime:
    """The moment of a wall time; one that is skipped is the hour after (R-01)."""
    try:
        return clock.at(date, time)
    except clock.NoSuchLocalTime:
        return clock.at(date, dt.time(time.hour + 1))


@pytest.mark.parametrize("monday", MONDAYS)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_offer_fits_the_rules_and_is_taken(db, joris, monday, data):
    with transaction.atomic():
        people, area, now = build(data, monday, joris)
        offered = free_slots(area, now=now)
        keys = {(slot.start, slot.counsellor_id, slot.location_id) for slot in offered}
        assert len(keys) == len(offered)
        for slot in offered:
            assert _is_free(slot, area, now), slot
        shown = suggestions(area, now=now)
        _check_half_days(shown, offered)
        if offered:
            _book(data.draw(st.sampled_from([*shown, *offered])), area, people, joris, now)
        transaction.set_rollback(True)


def _check_half_days(shown, offered) -> None:
    """One per half-day, five at most, and each the earliest of its half-day (R-13)."""
    half = {}
    for slot in offered:
        half.setdefault((slot.date, clock.local(slot.start).hour >= 12), slot.start)
    assert [slot.start for slot in shown] == list(half.values())[:5]
    assert {(slot.start, slot.counsellor_id) for slot in shown} <= {
        (slot.start, slot.counsellor_id) for slot in offered
    }


def _book(slot, area, people, by, now) -> None:
    kind = AppointmentType.objects.get(code=f"K{area.length.seconds // 60}")
    made = actions.book(
        household=Household.objects.get(pk=area.household_id),
        counsellor=next(one for one in people if one.pk == slot.counsellor_id),
        location=Location.objects.get(pk=slot.location_id),
        kind=kind,
        start=slot.start,
        place_confirmed=True,
        by=by,
        now=now,
    )
    assert (made.starts_at, made.ends_at, made.overruled_reason) == (slot.start, slot.end, "")
    left = {(one.start, one.counsellor_id) for one in free_slots(area, now=now)}
    assert not {(start, who) for start, who in left if start < slot.end and start + area.length > slot.start}


@pytest.mark.parametrize("monday", MONDAYS)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_nothing_that_fits_is_left_out(db, joris, monday, data):
    """Of every fourth quarter of a day: on offer exactly when the rules allow it."""
    with transaction.atomic():
        people, area, now = build(data, monday, joris)
        offered = {(slot.start, slot.counsellor_id, slot.location_id) for slot in free_slots(area, now=now)}
        start, _end = clock.day_bounds(monday + dt.timedelta(days=data.draw(st.integers(0, 6))))
        for number in range(data.draw(st.integers(0, 3)), 96, 4):
            moment = start + number * QUARTER
            for who in people:
                for place in {hours.location_id for hours in who.working_hours.all()}:
                    candidate = _slot(moment, area, who, place)
                    assert _is_free(candidate, area, now) is ((moment, who.pk, place) in offered), candidate
        transaction.set_rollback(True)


def _slot(moment, area, who, place):
    return Slot(moment, area.length, who.pk, str(who), place, "")
