"""Any sequence of bookings, moves, cancellations, absences and changed hours keeps the rules of R-11 and R-12.

A state machine on PostgreSQL: no two live appointments of one counsellor or household overlap, nothing is booked outside
the hours that count at that moment, and what the search offers is never refused.
"""

import datetime as dt
import functools

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from casework.appointments import actions
from casework.appointments.models import Appointment, SearchArea, free_slots, suggestions
from casework.core import clock
from casework.core.refusals import Refused
from casework.counsellors.models import Absence, WorkingHours
from casework.places.models import CalendarDay
from tests import make

pytestmark = pytest.mark.django_db
QUARTER = dt.timedelta(minutes=15)
# Weeks with an ordinary clock, and those in which it goes back and forward.
MONDAYS = [dt.date(2026, 11, 2), dt.date(2026, 10, 19), dt.date(2027, 3, 22)]
OVERLAPS = """
select count(*) from casework_appointment a join casework_appointment b on a.id < b.id
where (a.outcome = '' or a.outcome in ('V', 'L')) and (b.outcome = '' or b.outcome in ('V', 'L'))
  and (a.counsellor_id = b.counsellor_id or a.household_id = b.household_id)
  and a.starts_at < b.ends_at and b.starts_at < a.ends_at
"""


class Desk(RuleBasedStateMachine):
    """Two counsellors at two locations, three households, two weeks."""

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize(monday=st.sampled_from(MONDAYS))
    def open(self, monday):
        self.now = clock.at(monday, dt.time(8))
        self.people = [make.counsellor(at=make.location()) for _number in range(2)]
        self.homes = [make.household(registered=f"{monday} 07:00") for _number in range(3)]
        self.kinds = [make.appointment_type("VG", minutes=45, first_talk=False), make.appointment_type("EG")]
        self.by = self.people[0].user
        self.tries = 0

    def day(self, number: int) -> dt.date:
        return clock.local_date(self.now) + dt.timedelta(days=number)

    def area(self, home, kind, leave_out=None) -> SearchArea:
        return SearchArea(kind.length, self.now, self.day(10), home.pk, leave_out_id=leave_out)

    def place(self, slot) -> dict:
        counsellor = next(one for one in self.people if one.pk == slot.counsellor_id)
        location = next(one.location for one in self.people if one.location_id == slot.location_id)
        return {"counsellor": counsellor, "location": location, "start": slot.start}

    def live(self) -> list[Appointment]:
        return list(Appointment.objects.planned().order_by("pk"))

    @rule(home=st.integers(0, 2), kind=st.integers(0, 1), pick=st.integers(0, 4))
    def book_what_is_offered(self, home, kind, pick):
        """Never refused: the suggestion said that it can be booked (R-13)."""
        home, kind = self.homes[home], self.kinds[kind]
        if offered := suggestions(self.area(home, kind), now=self.now):
            slot = offered[pick % len(offered)]
            made = actions.book(household=home, kind=kind, by=self.by, now=self.now, **self.place(slot))
            self.stands_within_hours(made)

    @rule(home=st.integers(0, 2), who=st.integers(0, 1), day=st.integers(0, 9), quarter=st.integers(0, 95))
    def book_any_time(self, home, who, day, quarter):
        """Refused, or within hours and free."""
        counsellor = self.people[who]
        start = clock.day_bounds(self.day(day))[0] + quarter * QUARTER
        offered = {(one.start, one.counsellor_id, one.location_id)
                   for one in free_slots(self.area(self.homes[home], self.kinds[0]), now=self.now)}  # fmt: skip
        try:
            with transaction.atomic():
                made = actions.book(
                    household=self.homes[home], counsellor=counsellor, location=counsellor.location, kind=self.kinds[0],
                    start=start, by=self.by, now=self.now,
                )  # fmt: skip
        except Refused:
            assert (start, counsellor.pk, counsellor.location_id) not in offered
        else:
            assert (start, counsellor.pk, counsellor.location_id) in offered
            self.stands_within_hours(made)

    @precondition(lambda self: self.live())
    @rule(which=st.integers(0, 50), pick=st.integers(0, 4))
    def move_to_what_is_offered(self, which, pick):
        rows = [one for one in self.live() if one.starts_at > self.now]
        if not rows:
            return
        row = rows[which % len(rows)]
        offered = suggestions(self.area(row.household, row.type, leave_out=row.pk), now=self.now)
        if offered := [one for one in offered if one.start != row.starts_at]:
            made = actions.move(appointment=row, told_at=self.now, by=self.by, now=self.now,
                                **self.place(offered[pick % len(offered)]))  # fmt: skip
            self.stands_within_hours(made)

    @precondition(lambda self: self.live())
    @rule(which=st.integers(0, 50), by_resident=st.booleans())
    def cancel(self, which, by_resident):
        rows = [one for one in self.live() if one.starts_at > self.now]
        if rows:
            told = {"told_at": self.now} if by_resident else {}
            actions.cancel(
                appointment=rows[which % len(rows)], by_resident=by_resident, by=self.by, now=self.now, **told
            )

    @precondition(lambda self: self.live())
    @rule(outcome=st.sampled_from(["V", "L", "N", "X"]))
    def record_what_is_over(self, outcome):
        for row in self.live():
            if row.ends_at < self.now:
                actions.record_attendance(
                    appointment=row, outcome=outcome, by=row.counsellor.user, now=self.now,
                    reason="forgotten" if outcome in "NX" else "",
                )  # fmt: skip

    @rule(who=st.integers(0, 1), day=st.integers(0, 9), hour=st.integers(0, 20), hours=st.integers(1, 30))
    def be_away(self, who, day, hour, hours):
        start = clock.day_bounds(self.day(day))[0] + dt.timedelta(hours=hour)
        Absence.objects.create(counsellor=self.people[who], period=(start, start + dt.timedelta(hours=hours)))

    @rule()
    def come_back(self):
        if last := Absence.objects.order_by("-pk").first():
            last.delete()

    @rule(who=st.integers(0, 1), weekday=st.integers(1, 7))
    def work_other_hours(self, who, weekday):
        """Away on that weekday if one worked, and an early evening if not."""
        hours = WorkingHours.objects.filter(counsellor=self.people[who], weekday=weekday)
        if not hours.delete()[0]:
            WorkingHours.objects.create(counsellor=self.people[who], location=self.people[1 - who].location,
                                        weekday=weekday, starts=dt.time(15), ends=dt.time(19))  # fmt: skip

    @rule(day=st.integers(0, 9))
    def close_or_open_a_day(self, day):
        row, made = CalendarDay.objects.get_or_create(
            date=self.day(day), defaults={"name": "Proef", "working_day": False, "closed": True}
        )
        if not made:
            row.delete()

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours):
        self.now += dt.timedelta(hours=hours)

    def stands_within_hours(self, row: Appointment) -> None:
        """Reckoned anew, without the search: hours of work and opening, the calendar, absences."""
        start, end = clock.local(row.starts_at), clock.local(row.ends_at)
        weekday, date = start.isoweekday(), start.date()
        assert end.date() == date
        assert any(
            one.starts <= start.time() and end.time() <= one.ends
            for one in WorkingHours.objects.filter(counsellor=row.counsellor, location=row.location, weekday=weekday)
        )
        opened = row.location.hours.filter(weekday=weekday).order_by("pk")
        assert any(one.opens <= start.time() and end.time() <= one.closes for one in opened)
        assert not CalendarDay.objects.filter(date=date, closed=True).exists()
        assert not Absence.objects.filter(
            counsellor=row.counsellor, period__overlap=(row.starts_at, row.ends_at)
        ).exists()

    @invariant()
    def nobody_is_in_two_places(self):
        with connection.cursor() as cursor:
            cursor.execute(OVERLAPS)
            assert cursor.fetchone()[0] == 0


@pytest.mark.slow
def test_no_sequence_breaks_the_agenda(db):
    run_state_machine_as_test(
        functools.partial(Desk),
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
