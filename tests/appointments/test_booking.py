"""Booking, moving, cancelling (R-11 to R-18)."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from casework.appointments import actions
from casework.appointments.models import Appointment
from casework.core.models import AuditEntry, Role
from casework.core.refusals import Refused
from casework.messaging.models import Message, MessageKind, MessageState
from casework.places.models import CalendarDay
from tests import make


@pytest.fixture
def book(samira, joris, now):
    """Books Tuesday 3 November 10:00 with Samira, unless said otherwise."""

    def do(**changes):
        wanted = {
            "household": changes.pop("household", None) or make.household(), "counsellor": samira, "location": samira.location,
            "kind": make.appointment_type(), "start": make.moment("2026-11-03 10:00"), "by": joris, "now": now,
        }  # fmt: skip
        return actions.book(**wanted | changes)

    return do


def test_it_books_and_leaves_a_line(book):
    made = book()
    assert made.ends_at - made.starts_at == dt.timedelta(minutes=60)
    line = AuditEntry.objects.get(action="book")
    assert (line.username, line.object_key) == ("joris", f"appointment:{made.pk}")


def test_the_same_token_twice_gives_one_appointment(book):
    token, household = uuid.uuid4(), make.household()
    assert book(household=household, form_token=token).pk == book(household=household, form_token=token).pk
    assert Appointment.objects.count() == 1


def test_it_refuses_a_time_that_a_colleague_took(book):
    book()
    with pytest.raises(actions.SlotTaken):
        book(start=make.moment("2026-11-03 10:45"))


def test_it_refuses_a_household_that_is_elsewhere(book, feijenoord):
    household = make.household()
    book(household=household)
    with pytest.raises(actions.HouseholdBusy):
        book(household=household, counsellor=make.counsellor(at=feijenoord))


@pytest.mark.parametrize("start", ["2026-11-03 10:05", "2026-11-02 09:00", "2026-11-02 08:45"])
def test_it_refuses_what_is_off_the_grid_or_too_soon(book, start):
    with pytest.raises(actions.NotOnGrid):
        book(start=make.moment(start))


def test_nobody_overrules_a_closed_day(book, ingrid):
    CalendarDay.objects.create(date=dt.date(2026, 11, 3), name="dicht", closed=True)
    with pytest.raises(actions.ClosedDay):
        book(by=ingrid, overruled_reason="spoed")


@pytest.mark.parametrize("start", ["2026-11-03 12:30", "2026-11-03 16:30", "2026-11-07 10:00"])
def test_outside_working_hours_only_a_supervisor_with_a_reason(book, samira, joris, ingrid, start):
    for by in (joris, samira.user):
        with pytest.raises(actions.OutsideHours):
            book(start=make.moment(start), by=by, overruled_reason="spoed")
    with pytest.raises(actions.OutsideHours):
        book(start=make.moment(start), by=ingrid)
    made = book(start=make.moment(start), by=ingrid, overruled_reason="spoed")
    assert made.overruled_reason == "spoed"


def test_inside_an_absence_counts_as_outside_hours(book, samira):
    make.absence(samira, "2026-11-03 00:00", "2026-11-04 00:00")
    with pytest.raises(actions.OutsideHours):
        book()


def test_a_closed_household_gets_no_appointment(book):
    household = make.household(closed_on=dt.date(2026, 10, 1), exit_reason="Afgerond")
    with pytest.raises(Refused, match=r"Meld het opnieuw aan|Register it again"):
        book(household=household)


@pytest.mark.parametrize(("hours", "outcome"), [(24, "R1"), (23.99, "R2")])
def test_moving_closes_the_old_and_links_the_new(book, samira, joris, hours, outcome):
    old = book(start=make.moment("2026-11-05 10:00"))
    told = old.starts_at - dt.timedelta(hours=hours)
    new = actions.move(
        appointment=old, counsellor=samira, location=samira.location, start=make.moment("2026-11-06 10:00"),
        told_at=told, by=joris, now=told,
    )  # fmt: skip
    old.refresh_from_db()
    assert (old.outcome, old.moved_to, new.moved_from) == (outcome, new, old)
    assert not Message.objects.filter(appointment_key=old.pk, state=MessageState.PLANNED).exists()
    assert Message.objects.filter(appointment_key=new.pk, kind=MessageKind.CHANGED).exists()
    with pytest.raises(actions.AlreadyRecorded):
        actions.move(appointment=old, counsellor=samira, location=samira.location, start=make.moment("2026-11-06 13:00"),
                     told_at=told, by=joris, now=told)  # fmt: skip


def test_an_appointment_may_move_into_its_own_time(book, samira, joris, now):
    old = book()
    new = actions.move(appointment=old, counsellor=samira, location=samira.location, start=make.moment("2026-11-03 10:30"),
                       told_at=now, by=joris, now=now)  # fmt: skip
    assert new.starts_at == make.moment("2026-11-03 10:30")


@pytest.mark.parametrize(("hours", "outcome"), [(24, "A1"), (23.99, "A2")])
def test_cancelling_counts_24_hours_of_elapsed_time(book, joris, hours, outcome):
    row = book(start=make.moment("2026-11-05 10:00"))
    told = row.starts_at - dt.timedelta(hours=hours)
    assert actions.cancel(appointment=row, by_resident=True, told_at=told, by=joris, now=told).outcome == outcome


def test_elapsed_time_counts_across_the_clock_change(samira, joris):
    """From Saturday 10:00 to Sunday 10:00 there are 25 hours on 25 October 2026."""
    row = make.appointment(household=make.household(), counsellor=samira, start="2026-10-26 09:00")
    told = row.starts_at - dt.timedelta(hours=24)
    assert actions.cancel(appointment=row, by_resident=True, told_at=told, by=joris, now=told).outcome == "A1"


def test_told_after_the_start_is_no_cancellation(book, joris):
    row = book()
    late = row.starts_at + dt.timedelta(minutes=1)
    with pytest.raises(Refused):
        actions.cancel(appointment=row, by_resident=True, told_at=late, by=joris, now=late)


def test_etf_cancelling_tells_the_resident(book, joris, now):
    row = book()
    assert actions.cancel(appointment=row, by_resident=False, by=joris, now=now).outcome == "E"
    assert set(Message.objects.filter(state=MessageState.PLANNED).values_list("kind", flat=True)) == {"cancelled"}


@pytest.mark.parametrize("who", ["counsellor", "household"])
def test_the_database_refuses_overlap_whatever_the_code_does(samira, feijenoord, who):
    household = make.household()
    make.appointment(household=household, counsellor=samira, start="2026-11-03 10:00")
    other = {"counsellor": {"household": make.household(), "counsellor": samira},
             "household": {"household": household, "counsellor": make.counsellor(at=feijenoord)}}[who]  # fmt: skip
    with pytest.raises(IntegrityError, match=f"appointment_{who}_free"), transaction.atomic():
        make.appointment(**other, start="2026-11-03 10:30")
    make.appointment(**other, start="2026-11-03 11:00")


def test_only_caseworkers_see_appointments(samira, everyone):
    make.appointment(household=make.household(), counsellor=samira, start="2026-11-03 10:00")
    seen = {role for role, user in everyone.items() if Appointment.objects.visible_to(user).exists()}
    assert seen == {Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR}
