"""Somebody books while somebody closes the household: never a closed household with an appointment (R-62).

With its negative control: without the locks the same two leave exactly that behind.
"""

import datetime as dt
import threading

import pytest
from django.db import connection

from casework.appointments import actions
from casework.appointments.actions import booking, closing
from casework.appointments.models import Appointment
from casework.households import actions as households
from casework.households.models import Household
from tests import make

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PATIENCE = 20


class Turn:
    """Holds whoever comes first just before they write, until the other waits for a lock or is done."""

    def __init__(self):
        self.inside, self.go_on = threading.Event(), threading.Event()

    def before(self, write):
        def held(*args, **kwargs):
            if not self.inside.is_set():
                self.inside.set()
                assert self.go_on.wait(PATIENCE)
            return write(*args, **kwargs)

        return held

    def play(self, first, second) -> list:
        """What the two gave, or the refusal they met."""
        gave = [None, None]

        def run(place, work):
            try:
                gave[place] = work()
            except Exception as refused:
                gave[place] = refused
            finally:
                connection.close()

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate((first, second))]
        threads[0].start()
        assert self.inside.wait(PATIENCE)
        threads[1].start()
        while threads[1].is_alive() and not _somebody_waits():
            threads[1].join(0.05)
        self.go_on.set()
        for thread in threads:
            thread.join(PATIENCE)
        return gave


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"
        )
        return cursor.fetchone()[0]


@pytest.fixture
def turn(monkeypatch):
    made = Turn()
    monkeypatch.setattr(booking, "_insert", made.before(booking._insert))
    monkeypatch.setattr(households, "close_household", made.before(households.close_household))
    return made


@pytest.fixture
def two(samira, now):
    """Booking and closing one household, each as its page was opened before the other began."""
    household, kind = make.household(owner=samira, location=samira.location), make.appointment_type()
    seen = Household.objects.get(pk=household.pk)

    def book():
        return actions.book(
            household=seen, counsellor=samira, location=samira.location, kind=kind,
            start=make.moment("2026-11-10 10:00"), by=samira.user, now=now,
        )  # fmt: skip

    def close():
        return actions.end_help(
            household=household, reason="Afgerond", on=dt.date(2026, 11, 2), version=1, cancels={}, by=samira.user,
            now=now,
        )  # fmt: skip

    return book, close


def stands() -> tuple[bool, int]:
    """Whether it is closed, and how many appointments stand."""
    return Household.objects.get().is_closed, Appointment.objects.filter(outcome="").count()


def test_who_books_first_keeps_the_household_open(turn, two):
    book, close = two
    booked, refused = turn.play(book, close)
    assert isinstance(booked, Appointment)
    assert isinstance(refused, actions.StandingAppointments)
    assert stands() == (False, 1)


def test_who_closes_first_leaves_nothing_to_book(turn, two):
    book, close = two
    closed, refused = turn.play(close, book)
    assert isinstance(closed, Household)
    assert isinstance(refused, booking.HouseholdClosed)
    assert stands() == (True, 0)


@pytest.mark.parametrize("first", ["book", "close"])
def test_without_the_locks_a_closed_household_keeps_an_appointment(turn, two, monkeypatch, first):
    monkeypatch.setattr(booking, "lock_rows", lambda counsellors, household: None)
    monkeypatch.setattr(closing, "_lock", lambda household, now: Household.objects.get(pk=household.pk))
    book, close = two
    turn.play(book, close) if first == "book" else turn.play(close, book)
    assert stands() == (True, 1)
