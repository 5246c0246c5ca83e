"""Any sequence of bookings, moves, cancellations, absences and changed hours keeps the rules of R-11 and R-12.

A state machine on PostgreSQL: no two live appointments of one counsellor (first or second, on the way or there) or household
overlap, nothing is booked outside the hours that count at that moment, and what the search or the waiting list offers is
never refused. Whoever waits gets one appointment at most. Terms (R-06, R-07) and follow-up (R-24) say what the attendance
says, whatever is recorded, corrected or undone, in which order.
"""

import datetime as dt
import functools
import uuid
from dataclasses import replace

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
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
    APPEARED,
    HALF_DAYS,
    MISSED,
    Appointment,
    Company,
    FollowUp,
    SearchArea,
    Slot,
    WaitingEnd,
    WaitingEntry,
    fits,
    free_slots,
    occurrences,
    proposals,
    suggestions,
)
from casework.core import clock
from casework.core.refusals import Refused
from casework.counsellors.models import Absence, WorkingHours
from casework.households.models import Term
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
        for home in self.homes:
            make.term(home, "first_talk", f"{monday}", f"{monday + dt.timedelta(weeks=4)}")
        # By the key of somebody who waited, what they got of it.
        self.accepted: dict[int, list[int]] = {}

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
    @rule(which=st.integers(0, 50), by_resident=st.booleans(), offer=st.booleans())
    def cancel(self, which, by_resident, offer):
        """The time that became free may be offered to who waits for it."""
        rows = [one for one in self.live() if one.starts_at > self.now]
        if rows:
            told = {"told_at": self.now} if by_resident else {}
            gone = actions.cancel(
                appointment=rows[which % len(rows)], by_resident=by_resident, by=self.by, now=self.now, **told
            )
            if offer:
                whole = gone.ends_at - gone.starts_at + 2 * gone.travel
                self.offer(
                    which, Slot(gone.starts_at - gone.travel, whole, gone.counsellor_id, "", gone.location_id, "")
                )

    # The waiting list

    def waiting(self) -> list[WaitingEntry]:
        rows = WaitingEntry.objects.waiting(clock.local_date(self.now)).select_related("household", "type")
        return list(rows.order_by("added_at", "pk"))

    @rule(home=st.integers(0, 2), kind=st.integers(0, 2), days=st.integers(0, 9),
          half_days=st.sets(st.sampled_from([code for code, _label in HALF_DAYS]), max_size=4))  # fmt: skip
    def join_the_waiting_list(self, home, kind, days, half_days):
        actions.wait_for_earlier(household=self.homes[home], kind=self.kinds[kind], locations=[], until=self.day(days),
                                 half_days=sorted(half_days), by=self.by, now=self.now)  # fmt: skip

    @precondition(lambda self: self.waiting())
    @rule(which=st.integers(0, 50))
    def accept_what_is_offered(self, which):
        self.offer(which, None)

    def offer(self, which: int, freed: Slot | None) -> None:
        """What the list offers is never refused, comes in time, and ends the waiting."""
        offered = [one for one in fits(self.waiting(), now=self.now, freed=freed) if one.slot]
        if not offered:
            return
        one = offered[which % len(offered)]
        if one.standing:
            made = actions.move(
                appointment=one.standing, told_at=self.now, by=self.by, now=self.now, **self.place(one.slot)
            )
        else:
            made = actions.book(household=one.entry.household, kind=one.entry.type, by=self.by, now=self.now,
                                **self.place(one.slot))  # fmt: skip
        self.stands_within_hours(made)
        assert clock.local_date(made.starts_at) <= one.entry.until
        if freed:
            assert (made.counsellor_id, made.location_id) == (freed.counsellor_id, freed.location_id)
            assert made.starts_at - made.travel < freed.end
            assert freed.start < made.ends_at + made.travel
        self.accepted.setdefault(one.entry.pk, []).append(made.pk)

    @precondition(lambda self: self.waiting())
    @rule(which=st.integers(0, 50), reason=st.sampled_from([WaitingEnd.NOT_WANTED, WaitingEnd.NOT_REACHED]))
    def decline_or_not_be_reached(self, which, reason):
        rows = self.waiting()
        actions.end_waiting(entry=rows[which % len(rows)], reason=reason, by=self.by, now=self.now)

    @rule()
    def the_daily_job_looks_at_who_waits(self):
        actions.end_past(now=self.now)
        assert not WaitingEntry.objects.filter(ended_at=None, until__lt=clock.local_date(self.now)).exists()
        assert actions.end_past(now=self.now) == 0

    # Attendance

    @precondition(lambda self: self.live())
    @rule()
    def arrive(self):
        for row in self.live():
            try:
                with transaction.atomic():
                    actions.check_in(appointment=row, by=row.counsellor.user, now=self.now)
            except Refused:
                pass

    @precondition(lambda self: self.live())
    @rule()
    def wait_a_quarter_for_who_does_not_come(self):
        """The rest of the hour is free again, for whoever walks in."""
        row = min(self.live(), key=lambda one: (one.starts_at, one.pk))
        self.now = max(self.now, row.starts_at + QUARTER)
        actions.record_attendance(appointment=row, outcome="N", by=row.counsellor.user, now=self.now)

    @rule(which=st.integers(0, 50), outcome=st.sampled_from(["V", "L", "N", "X", "E"]), undo=st.booleans())
    def correct_or_take_back(self, which, outcome, undo):
        """Refused, or everything follows; never an error of the database."""
        rows = list(Appointment.objects.filter(outcome__in=["V", "L", "N", "X", "E"]).order_by("pk"))
        if not rows:
            return
        row = rows[which % len(rows)]
        try:
            with transaction.atomic():
                if undo:
                    actions.undo_attendance(appointment=row, by=row.recorded_by, now=self.now)
                else:
                    actions.correct_attendance(appointment=row, outcome=outcome, why="verkeerde regel",
                                               by=row.counsellor.user, now=self.now)  # fmt: skip
        except Refused:
            pass

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

    @invariant()
    def whoever_waited_got_one_appointment_and_waits_no_more(self):
        assert all(len(made) == 1 for made in self.accepted.values())
        ends = WaitingEntry.objects.filter(pk__in=self.accepted).values_list("end_reason", flat=True)
        assert set(ends) <= {WaitingEnd.BOOKED}

    @invariant()
    def terms_and_follow_up_say_what_the_attendance_says(self):
        """The earliest first talk that was held counts; who was missed is followed up until they came again."""
        rows = list(Appointment.objects.order_by("starts_at", "pk"))
        items = dict(FollowUp.objects.values_list("appointment", "state"))
        terms = {(one.household_id, one.kind): one for one in Term.objects.all()}
        for home in getattr(self, "homes", ()):
            own = [one for one in rows if one.household_id == home.pk]
            came = [one.starts_at for one in own if one.outcome in APPEARED]
            held = (one.starts_at for one in own if one.outcome in APPEARED and one.type_id == self.kinds[1].pk)
            first = next((clock.local_date(one) for one in held), None)
            decision = terms.get((home.pk, "decision"))
            assert terms[home.pk, "first_talk"].met_on == first
            assert (decision and decision.event_on) == first
            for one in own:
                back = "returned" if any(moment > one.starts_at for moment in came) else "open"
                assert items.get(one.pk) in ([back] if one.outcome in MISSED else [None, "withdrawn"])


def run(**how) -> None:
    run_state_machine_as_test(
        functools.partial(Desk),
        settings=settings(max_examples=40, stateful_step_count=30, suppress_health_check=list(HealthCheck), **how),
    )


@pytest.mark.slow
def test_no_sequence_breaks_the_agenda(db):
    run()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("casework.appointments.actions.booking", "end_served"),
        ("casework.appointments.actions.attendance", "keep_follow_ups"),
    ],
)
def test_with_one_rule_taken_away_it_breaks(db, monkeypatch, place, name):
    """What the machine looks at can be broken, and it sees that."""
    monkeypatch.setattr(f"{place}.{name}", lambda *args, **kwargs: None)
    with pytest.raises(AssertionError):
        run(phases=[Phase.generate], derandomize=True, database=None)
