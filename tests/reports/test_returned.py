"""Who came back after which contact: counts with n, and a list with exactly as many rows (decision 0050, C9)."""

import re

import pytest

from casework.appointments import actions
from tests import make

URL = "/cijfers/teruggekomen/"
pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def world(samira):
    """Three called, of whom two came; one written to, who came after a call too late to count; one never reached."""

    def missed(name, *, contact="", came=""):
        home = make.household(given=name, surname="Proef", owner=samira)
        make.appointment(household=home, counsellor=samira, start=f"2026-10-05 {9 + missed.number:02}:00", outcome="N")
        missed.number += 1
        for moment, kind in (one.split("|") for one in contact.split(",") if one):
            home.contact_attempts.create(at=make.moment(moment), by=samira.user, kind=kind, result="left")
        if came:
            make.appointment(household=home, counsellor=samira, start=came, outcome="V")
        return home

    missed.number = 0
    missed("Anna", contact="2026-10-06 10:00|letter,2026-10-07 10:00|phone", came="2026-10-12 09:00")
    missed("Bea", contact="2026-10-06 10:00|phone", came="2026-10-12 10:00")
    missed("Carl", contact="2026-10-06 10:00|phone")
    missed("Dirk", contact="2026-10-06 10:00|letter,2026-10-14 10:00|phone", came="2026-10-12 11:00")
    missed("Esra")
    # Before it, and corrected: neither counts.
    home = missed("Frans", contact="2026-10-01 10:00|phone", came="2026-10-12 12:00")
    make.follow_up(
        make.appointment(household=home, counsellor=samira, start="2026-10-06 09:00", outcome="V"), state="withdrawn",
        closed_at=make.moment("2026-10-06 12:00"),
    )  # fmt: skip
    actions.follow_up(now=make.moment("2026-11-02 09:00"))


def kinds(page) -> dict:
    found = re.findall(r'data-kind="(\w+)" data-num="(\d+)" data-den="(\d+)"', page.content.decode())
    return {kind: (int(came), int(missed)) for kind, came, missed in found}


def names(page) -> list[str]:
    return re.findall(r'data-test="returned">\s*<th scope="row"><a[^>]*>(\w+) ', page.content.decode())


def test_the_last_contact_before_they_came_counts(browse, ingrid, world):
    page = browse(ingrid).get(URL)
    assert kinds(page) == {"phone": (2, 3), "letter": (1, 1), "none": (1, 2)}
    assert 'data-num="4" data-den="6"' in page.content.decode()
    assert "te weinig (4 van 6)" in page.content.decode()


@pytest.mark.parametrize("kind", ["phone", "letter", "none", ""])
def test_the_list_has_as_many_rows_as_the_number(browse, ingrid, world, kind):
    page = browse(ingrid).get(URL, {"kind": kind})
    wanted = kinds(page)[kind][0] if kind else 4
    assert len(names(page)) == wanted
    if kind == "letter":
        assert names(page) == ["Dirk"]


def test_a_counsellor_sees_the_own_ones(browse, samira, world):
    other = make.counsellor(at=samira.location)
    assert len(names(browse(samira.user).get(URL))) == 4
    assert kinds(browse(other.user).get(URL, {"counsellor": samira.pk})) == {}


@pytest.mark.parametrize(
    "asked", [{"kind": "x"}, {"kind": "\x00"}, {"first": "zzz"}, {"after": "99999999999999999999"}]
)
def test_nonsense_is_left_out(browse, ingrid, world, asked):
    assert len(names(browse(ingrid).get(URL, asked))) == 4


def test_nobody(browse, ingrid):
    assert "Niemand is in deze periode gemist." in browse(ingrid).get(URL).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_one_row_as_for_three(browse, ingrid, samira, django_assert_num_queries, rows):
    for number in range(rows):
        home = make.household(owner=samira)
        make.appointment(household=home, counsellor=samira, start=f"2026-10-0{5 + number} 10:00", outcome="N")
        make.appointment(household=home, counsellor=samira, start=f"2026-10-1{2 + number} 10:00", outcome="V")
    actions.follow_up(now=make.moment("2026-11-02 09:00"))
    client = browse(ingrid)
    with django_assert_num_queries(12):
        assert len(names(client.get(URL))) == rows
