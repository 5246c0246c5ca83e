"""The table of legal terms (rules.md 5.2, W8), row by row, on every page where somebody reads a term."""

import datetime as dt
import re
from dataclasses import dataclass

import pytest
import time_machine
from django.urls import reverse

from casework.appointments import actions as appointments
from casework.core import dates
from casework.core.models import Role
from casework.households import actions
from casework.households.models import Household, Term
from tests import make
from tests.appointments.conftest import text_of
from tests.counsellors.test_admin import confirm

D = dt.date
REGISTERED, TALK, URGENT = "first_talk", "decision", "urgent"
LABELS = {REGISTERED: "Eerste gesprek", TALK: "Besluit", URGENT: "Eerste gesprek, spoed"}


@dataclass(frozen=True)
class Row:
    """What happened on which date, and until when the term runs; `equated`: a day that an administrator adds."""

    kind: str
    event: D
    deadline: D
    equated: D | None = None

    def __str__(self):
        return f"{self.kind} {self.event}{' with an equated day' if self.equated else ''}"


TABLE = [
    Row(REGISTERED, D(2026, 11, 2), D(2026, 11, 30)),
    Row(REGISTERED, D(2026, 11, 27), D(2026, 12, 28)),
    Row(REGISTERED, D(2027, 3, 1), D(2027, 3, 30)),
    Row(TALK, D(2026, 10, 30), D(2026, 12, 28)),
    Row(TALK, D(2026, 11, 6), D(2027, 1, 4)),
    Row(URGENT, D(2026, 11, 2), D(2026, 11, 5)),
    Row(URGENT, D(2026, 10, 31), D(2026, 11, 4)),
    Row(URGENT, D(2026, 12, 23), D(2026, 12, 29)),
    Row(URGENT, D(2026, 12, 31), D(2027, 1, 6)),
    Row(URGENT, D(2027, 3, 25), D(2027, 4, 1)),
    Row(URGENT, D(2027, 4, 23), D(2027, 4, 29)),
    Row(URGENT, D(2027, 5, 3), D(2027, 5, 10)),
    Row(URGENT, D(2027, 5, 3), D(2027, 5, 11), equated=D(2027, 5, 7)),
]


@pytest.fixture(params=TABLE, ids=str)
def row(request) -> Row:
    return request.param


@pytest.fixture
def household(row, samira, joris, browse, db) -> Household:
    """Samira's household to which it happened, at ten in the morning, through the actions and pages that do it."""
    make.appointment_type("EG")
    at = make.moment(f"{row.event} 10:00")
    with time_machine.travel(at, tick=False):
        made = actions.register_household(
            client=actions.NewMember(given_names="Fatou", surname="Termijn"), contact={}, location=samira.location,
            by=joris, now=at,
        )  # fmt: skip
        Household.objects.filter(pk=made.pk).update(owner=samira)
        if row.kind == URGENT:
            actions.record_threat(household=made, kind="eviction", by=joris, now=at)
        if row.kind == TALK:
            talk = make.appointment(household=made, counsellor=samira, start=f"{row.event} 09:00")
            appointments.record_attendance(appointment=talk, outcome="V", by=samira.user, now=at)
    if row.equated:
        _add_to_the_calendar(browse, row.equated, at)
    return made


def _add_to_the_calendar(browse, date: D, at: dt.datetime) -> None:
    with time_machine.travel(at, tick=False):
        day = {"date": f"{date:%d-%m-%Y}", "name": "Brugdag"}
        answer = confirm(browse(make.user(Role.ADMIN)), reverse("admin:casework_calendarday_add"), day)
    assert answer.status_code == 302


@pytest.fixture
def read(browse):
    """`read(user, address, date)`: the page as one reads it that day at noon."""

    def log_in_and_read(user, address: str, date: D, **query) -> str:
        with time_machine.travel(make.moment(f"{date} 12:00"), tick=False):
            return text_of(browse(user).get(address, query))

    return log_in_and_read


def until(row: Row, today: D) -> str:
    return f"uiterlijk {dates.short_date(row.deadline, 'nl', today=today)}"


def test_every_page_says_until_when(row, household, read, samira, joris, ingrid):
    assert Term.objects.get(household=household, kind=row.kind).deadline == row.deadline
    with time_machine.travel(make.moment(f"{row.event} 23:00"), tick=False):
        assert actions.recompute_terms(now=make.moment(f"{row.event} 23:00")) == 0
    check_the_household_page(row, read(samira.user, f"/huishoudens/{household.case_number}/", row.event))
    finder = read(joris, f"/huishoudens/{household.case_number}/afspraak/", row.event, kind="EG")
    at_the_latest = f"Eerste gesprek uiterlijk {dates.full_date(row.deadline, 'nl')}."
    assert (at_the_latest in finder) == (row.kind != TALK)
    for user in (samira.user, ingrid):
        check_today(row, lambda date, user=user: read(user, "/", date))


def check_the_household_page(row: Row, page: str) -> None:
    """The block of terms, and the bar at the top with the one that ends first."""
    days = (row.deadline - row.event).days
    bar, _heading, terms = page.partition(" Termijnen ")
    assert f"{LABELS[row.kind]}: {until(row, row.event)} (nog {days} dagen)" in terms
    assert f"{LABELS[row.kind]}: {until(row, row.event)} (over {days} dagen)" in bar


def check_today(row: Row, read_on) -> None:
    """On the list from the day before on, not earlier; the day after it is late."""
    for days, named in ((-2, False), (-1, True), (0, True), (1, True)):
        today = row.deadline + dt.timedelta(days=days)
        late = r" \S+ Te laat" if days > 0 else ""
        line = rf"Fatou Termijn : {LABELS[row.kind]},{late} {until(row, today)}"
        assert bool(re.search(line, read_on(today))) == named, today
