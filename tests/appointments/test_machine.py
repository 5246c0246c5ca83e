"""Any sequence of bookings, moves, cancellations, absences and changed hours keeps the rules of R-11 and R-12.

A state machine on PostgreSQL: no two live appointments of one counsellor (first or second, on the way or there) or household
overlap, nothing is booked outside the hours that count at that moment, and what the search offers is never refused.
"""

import datetime as dt
import functools
import uuid
from dataclasses import replace

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
from casework.appointments.models import (
    Appointment,
    Company,
    SearchArea,
    free_slots,
    occurrences,
    proposals,
    suggestions,
)
from casework.core import clock
from casework.core.refusals import Refused
from casework.counsellors.models import Absence, WorkingHours
from casework.places.models import CalendarDay
from tests import make

pytestmark = pytest.mark.django_db
QUARTER = dt.timedelta(minutes=15)
# Weeks with an ordinary clock, and those in which it goes back and forward.
MONDAYS = [dt.date(2026, 11, 2), dt.date(2026, 10, 19), dt.date(2027, 3, 22)]
# Reckoned from the appointments alone: what the trigger keeps is not asked.
OVERLAPS = """
with live as (select * from casework_appointment where outcome = '' or outcome in ('V', 'L')),
presence as (
  select id, who, tstzrange(starts_at - make_interval(mins => travel_minutes),
                            ends_at + make_interval(mins => travel_minutes), '[)') as during
  from live, unnest(array[counsellor_id, second_counsellor_id]) as who where who is not null
)
select (select count(*) from presence a join presence b on a.id < b.id and a.who = b.who and a.during && b.during)
     + (select count(*) from live a join live b on a.id < b.id and a.household_id = b.household_id
        and a.starts_at < b.ends_at and b.starts_at < a.ends_at)
"""
# What the trigger keeps is exactly that.
KEPT = """
select count(*) from (
  select id, who, tstzrange(starts_at - make_interval(mins => travel_minutes),
                            ends_at + make_interval(mins => travel_minutes), '[)') as during
  from casework_appointment, unnest(array[counsellor_id, second_counsellor_id]) as who
  where who is not null and (outcome = '' or outcome in ('V', 'L'))
) as wanted full join casework_occupancy kept
  on kept.appointment_id = wanted.id and kept.counsellor_id = wanted.who and kept.during = wanted.during
where kept.id is null or wanted.id is null
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
        at_home = make.appointment_type("HB", first_talk=False, channel="home")
        at_home.travel_minutes = 30
        at_home.save()
        self.kinds = [make.appointment_type("VG", minutes=45, first_talk=False), make.appointment_type("EG"), at_home]
        self.by = self.people[0].user
        self.tries = 0

    def day(self, number: int) -> dt.date:
        return clock.local_date(self.now) + dt.timedelta(days=number)

    def area(self, home, kind, leave_out=None, second=None, travel=None) -> SearchArea:
        return SearchArea(kind.length, self.now, self.day(10), home.pk, leave_out_id=leave_out,
                          second_id=second and second.pk, travel=kind.travel if travel is None else travel)  # fmt: skip

    def place(self, slot) -> dict:
        counsellor = next(one for one in self.people if one.pk == slot.counsellor_id)
        location = next(one.location for one in self.people if one.location_id == slot.location_id)
        return {"counsellor": counsellor, "location": location, "start": slot.start}

    def live(self) -> list[Appointment]:
        return list(Appointment.objects.planned().order_by("pk"))

    @rule(home=st.integers(0, 2), kind=st.integers(0, 2), pick=st.integers(0, 4), beside=st.sampled_from([None, 0, 1]))
    def book_what_is_offered(self, home, kind, pick, beside):
        """Never refused: the suggestion said that it can be booked (R-13), alone or by two, here or at home."""
        home, kind = self.homes[home], self.kinds[kind]
        second = None if beside is None else self.people[beside]
        if offered := suggestions(self.area(home, kind, second=second), now=self.now):
            slot = offered[pick % len(offered)]
            made = actions.book(household=home, kind=kind, company=Company(second=second), by=self.by, now=self.now,
                                **self.place(slot))  # fmt: skip
            self.stands_within_hours(made)

    @rule(home=st.integers(0, 2), pick=st.integers(0, 4), times=st.integers(2, 3))
    def book_a_series_as_offered(self, home, pick, times):
        """Every date that fits, or the nearest time of its week: all are taken, none refused."""
        home, kind = self.homes[home], self.kinds[0]
        offered = suggestions(self.area(home, kind), now=self.now)
        if not offered:
            return
        slot = offered[pick % len(offered)]
        area = replace(self.area(home, kind), counsellor_id=slot.counsellor_id, location_id=slot.location_id)
        dates = occurrences(area, slot.start, weeks=1, times=times, now=self.now)
        chosen = [one.slot or (one.others or [None])[0] for one in dates]
        starts = [one.start for one in chosen if one]
        made = actions.book_series(household=home, kind=kind, by=self.by, now=self.now, starts=starts,
                                   **{k: v for k, v in self.place(slot).items() if k != "start"})  # fmt: skip
        assert [one.starts_at for one in made] == sorted(starts)
        assert {clock.local(one.slot.start).time() for one in dates if one.slot} == {clock.local(slot.start).time()}
        for one in made:
            self.stands_within_hours(one)

    @precondition(lambda self: self.live())
    @rule()
    def replan_as_proposed(self):
        """What nobody can receive goes where it is proposed: first proposals are never in each other's way."""
        rows = list(Appointment.objects.to_replan(self.now).for_list().order_by("pk"))
        wanted = [(one, one.slots[0]) for one in proposals(rows, now=self.now) if one.slots]
        done = actions.replan(
            replacements=[actions.Replacement(one.appointment, one.appointment.version, **self.place(slot))
                          for one, slot in wanted],
            form_token=uuid.uuid4(), by=self.by, now=self.now,
        )  # fmt: skip
        assert done.refused == {}
        for one in done.done:
            self.stands_within_hours(one)

    @precondition(lambda self: self.live())
    @rule(which=st.integers(0, 50), who=st.sampled_from([None, 0, 1]))
    def somebody_joins_or_leaves(self, which, who):
        rows = self.live()
        row = rows[which % len(rows)]
        second = None if who is None else self.people[who]
        try:
            with transaction.atomic():
                actions.change_company(appointment=row, company=Company(second=second), version=row.version, by=self.by,
                                       now=self.now)  # fmt: skip
        except Refused:
            pass

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
        area = self.area(row.household, row.type, row.pk, row.second_counsellor, row.travel)
        offered = suggestions(area, now=self.now)
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
        leaves, comes = clock.local(row.starts_at - row.travel), clock.local(row.ends_at + row.travel)
        assert any(
            one.starts <= leaves.time() and comes.time() <= one.ends
            for one in WorkingHours.objects.filter(counsellor=row.counsellor, location=row.location, weekday=weekday)
        )
        opened = row.location.hours.filter(weekday=weekday).order_by("pk")
        assert any(one.opens <= leaves.time() and comes.time() <= one.closes for one in opened)
        assert not CalendarDay.objects.filter(date=date, closed=True).exists()
        assert not Absence.objects.filter(counsellor__in=row.counsellor_ids, period__overlap=(leaves, comes)).exists()

    @invariant()
    def nobody_is_in_two_places(self):
        with connection.cursor() as cursor:
            for query in (OVERLAPS, KEPT):
                cursor.execute(query)
                assert cursor.fetchone()[0] == 0


@pytest.mark.slow
def test_no_sequence_breaks_the_agenda(db):
    run_state_machine_as_test(
        functools.partial(Desk),
        settings=settings(
            max_examples=40, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
