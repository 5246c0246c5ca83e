"""Every daily job is done once per local date, whatever the clock does that day (R-01)."""

import datetime as dt

import pytest
import time_machine

from casework.appointments.models import UnrecordedNotice, WaitingEntry
from casework.appointments.tasks import end_past_waiting, flag_unrecorded, follow_up
from casework.core import clock
from casework.core.models import AuditEntry
from casework.core.tasks import note_audit_chain
from casework.households.models import Term
from casework.households.tasks import recompute_terms
from casework.places.models import CalendarDay
from casework.retention.tasks import retention
from tests import make

CLOCK_CHANGES = [dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2027, 3, 28)]
pytestmark = pytest.mark.django_db


def half_hours(first: dt.date, days: int = 1):
    """Every half hour of these local dates, in the order of time: 46, 48 or 50 in a day."""
    moment, end = clock.day_bounds(first)[0], clock.day_bounds(first + dt.timedelta(days=days - 1))[1]
    while moment < end:
        yield moment
        moment += dt.timedelta(minutes=30)


def run(task, first: dt.date, days: int = 1) -> list:
    found = []
    for moment in half_hours(first, days):
        with time_machine.travel(moment, tick=False):
            found.append(task())
    return found


@pytest.mark.parametrize(("date", "number"), list(zip(CLOCK_CHANGES, [46, 50, 46], strict=True)))
def test_such_a_day_has_another_length(date, number):
    assert len(list(half_hours(date))) == number


@pytest.mark.parametrize("date", CLOCK_CHANGES)
def test_the_hash_of_the_audit_trail_is_noted_once(date):
    assert sum(run(note_audit_chain, date)) == 1
    assert AuditEntry.objects.filter(object_key=f"auditchain:{date}").count() == 1


@pytest.mark.parametrize(("date", "days"), list(zip(CLOCK_CHANGES, [1, 1, 2], strict=True)))
def test_counsellors_hear_once_on_the_working_day_after(date, days, samira):
    """The clock changes on a Sunday, which is no working day; in 2027 Easter Monday follows (R-21)."""
    friday = date - dt.timedelta(days=2)
    make.appointment(household=make.household(), counsellor=samira, start=f"{friday} 10:00")
    assert sum(run(flag_unrecorded, date, days=days + 1)) == 1
    assert UnrecordedNotice.objects.get().on == date + dt.timedelta(days=days)


@pytest.mark.parametrize("date", CLOCK_CHANGES)
def test_terms_follow_the_calendar_once(date):
    home = make.household(registered=f"{date - dt.timedelta(days=10)} 10:00")
    event = date - dt.timedelta(days=10)
    deadline = event + dt.timedelta(weeks=4)
    make.term(home, "first_talk", str(event), str(deadline))
    CalendarDay.objects.update_or_create(date=deadline, defaults={"name": "Dicht", "working_day": False})
    assert sum(run(recompute_terms, date)) == 1
    assert Term.objects.get().deadline > deadline


@pytest.mark.parametrize("date", CLOCK_CHANGES)
def test_what_was_missed_gets_one_item(date, samira):
    make.appointment(
        household=make.household(), counsellor=samira, start=f"{date - dt.timedelta(days=2)} 10:00", outcome="N"
    )
    assert sum(run(follow_up, date)) == 1


@pytest.mark.parametrize("date", CLOCK_CHANGES)
def test_who_waited_until_the_day_before_waits_no_longer(date):
    for until in (date - dt.timedelta(days=1), date):
        make.waiting(make.household(), until=until.isoformat())
    assert sum(run(end_past_waiting, date)) == 1
    assert AuditEntry.objects.filter(action="end_waiting").count() == 1
    assert list(WaitingEntry.objects.filter(ended_at=None).values_list("until", flat=True)) == [date]


@pytest.mark.parametrize("date", CLOCK_CHANGES)
def test_what_may_no_longer_be_kept_goes_once(date):
    make.household(registered="2015-01-05 10:00", closed_on=dt.date(2016, 1, 1), exit_reason="Afgerond")
    assert sum(one["households"] for one in run(retention, date)) == 1
