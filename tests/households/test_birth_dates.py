"""Dates of birth that are known in part, such as 00-00-1984 (domain.md 4.2): kept as known, shown so, compared so."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casework.core import clock
from casework.core.dates import DAY, MONTH, YEAR, BirthDate, read_birth_date
from casework.households import actions
from casework.households.actions import NewMember
from casework.households.models import Household, Member, SearchTerm, quick_find
from casework.retention import actions as retention
from tests import make

TODAY = dt.date(2026, 11, 2)
BORN = dt.date(1984, 5, 17)


def born(typed: str) -> BirthDate:
    return read_birth_date(typed, today=TODAY)


@pytest.fixture
def fatou(now, joris):
    """Registers her with what is known of her date of birth."""

    def register(typed: str, **given) -> Household:
        client = NewMember(given_names="Fatou", surname="Ndiaye", born=born(typed))
        return actions.register_household(client=client, contact={}, location=None, by=joris, now=now, **given)

    return register


def text(page) -> str:
    return " ".join(page.content.decode().split())


@pytest.mark.parametrize(
    ("typed", "known", "kept", "written"),
    [
        ("1984", YEAR, dt.date(1984, 1, 1), "1984"),
        ("00-00-1984", YEAR, dt.date(1984, 1, 1), "1984"),
        ("0/0/1984", YEAR, dt.date(1984, 1, 1), "1984"),
        ("00001984", YEAR, dt.date(1984, 1, 1), "1984"),
        ("00-05-1984", MONTH, dt.date(1984, 5, 1), "05-1984"),
        ("5-1984", MONTH, dt.date(1984, 5, 1), "05-1984"),
        ("mei 1984", MONTH, dt.date(1984, 5, 1), "05-1984"),
        ("17-5-84", DAY, BORN, "17-05-1984"),
        ("1-1-1984", DAY, dt.date(1984, 1, 1), "01-01-1984"),
    ],
)
def test_what_is_typed_is_kept_as_far_as_it_is_known(typed, known, kept, written):
    found = born(typed)
    assert (found.known, found, found.written) == (known, kept, written)


@pytest.mark.parametrize(
    "typed", ["2027", "1850", "13-1984", "00-13-1984", "0000", "00-00-0000", "17-00-1984", "gisteren 1984"]
)
def test_what_is_no_date_is_refused(typed):
    with pytest.raises(ValueError, match=r"1984|toekomst|120"):
        born(typed)


def test_the_database_keeps_no_more_than_is_known(fatou):
    member = Member.objects.filter(household=fatou("1984"))
    assert member.get().born_known == YEAR
    for wrong in ({"born": BORN}, {"born": dt.date(1984, 1, 2), "born_known": MONTH}, {"born": dt.date(1984, 5, 1)}):
        with pytest.raises(IntegrityError, match="member_born_as_known"), transaction.atomic():
            member.update(**wrong)


@pytest.mark.parametrize(
    ("known", "typed", "alike"),
    [
        ("1984", "17-5-1984", True),
        ("1984", "1984", True),
        ("1984", "5-1984", True),
        ("1984", "1985", False),
        ("5-1984", "17-5-1984", True),
        ("5-1984", "1984", True),
        ("5-1984", "17-6-1984", False),
        ("17-5-1984", "1984", True),
        ("17-5-1984", "5-1984", True),
        ("31-5-1984", "5-1984", True),
        ("17-5-1984", "6-1984", False),
        ("1-1-1984", "17-5-1984", False),
    ],
)
def test_who_can_be_the_same_interrupts(fatou, known, typed, alike):
    """R-52: an unknown day is no reason to think that it is somebody else."""
    first = fatou(known)
    client = NewMember(given_names="Fatou", surname="Ndiaye", born=born(typed))
    assert actions.find_duplicates(client=client, contact={}).candidates == ([first] if alike else [])
    assert born(known).may_be(born(typed)) == alike


@pytest.mark.parametrize(
    ("known", "typed", "found"),
    [("1984", "1984", True), ("1984", "1-1-1984", False), ("5-1984", "1984", True), ("17-5-1984", "17-5-1984", True)],
)
def test_quick_find_finds_by_what_is_known(fatou, now, known, typed, found):
    home = fatou(known)
    keys = quick_find(SearchTerm.all_from(f"ndiaye {typed}", today=clock.local_date(now))).keys
    assert keys == ([home.pk] if found else [])


def test_the_page_says_about_how_old(fatou, browse, ingrid):
    page = text(browse(ingrid).get(reverse("household", args=[fatou("1984").case_number])))
    assert "1984 (ongeveer 42)" in page
    assert "01-01-1984" not in page


def test_changing_keeps_it_partly_known_until_somebody_knows_more(fatou, browse, joris):
    home = fatou("00-05-1984")
    member, client = home.members.get(), browse(joris)
    door = reverse("change_member", args=[home.case_number, member.pk])
    form = client.get(door).context["form"]
    assert form["born"].value() == "05-1984"
    sent = {"version": 1, "given_names": "Fatou", "surname": "Ndiaye", "role": "client", "born": "05-1984"}
    client.post(door, sent)
    member.refresh_from_db()
    assert (member.born_known, member.version) == (MONTH, 2)
    client.post(door, sent | {"version": 2, "born": "1-5-1984"})
    member.refresh_from_db()
    assert (member.born, member.born_known) == (dt.date(1984, 5, 1), DAY)
    home.refresh_from_db()
    assert "19840501" in home.search_name


def test_who_comes_back_keeps_what_is_known(fatou, now, joris):
    earlier = fatou("1984")
    actions.close_household(household=earlier, reason="Overig", on=TODAY, by=joris, now=now)
    made = actions.reopen_household(
        earlier=earlier, client=earlier.members.get(), others=[], contact={}, location=None, by=joris, now=now
    )
    assert made.members.get().birth.written == "1984"


def test_retention_leaves_a_year_and_says_so(now, samira):
    """R-63: what stays is the year; it does not pretend to be the first of January."""
    home = make.household(owner=samira, born=BORN, closed_on=dt.date(2021, 11, 2), exit_reason="Afgerond")
    retention.retain(now=clock.at(dt.date(2026, 11, 3), dt.time(3)), today=dt.date(2026, 11, 3))
    assert home.members.get().birth.written == "1984"
