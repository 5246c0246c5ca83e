"""The caseload board: numbers per counsellor, the households behind them, and names only when asked (S16, M8)."""

import datetime as dt
import sys

import pytest
from django.urls import reverse

from casework.core.models import AuditEntry, Role
from casework.households.models import Household
from casework.overview.reads.board import Expected, caseload_board, without_counsellor
from tests import make

ADDRESS = "/team/"


@pytest.fixture
def bram(feijenoord):
    return make.counsellor(at=feijenoord, name="Bram de Groot", username="bram", languages=["nl", "tr"])


@pytest.fixture
def client(browse, ingrid):
    return browse(ingrid)


def text(page) -> str:
    return " ".join(page.content.decode().split())


def numbers(location, now) -> dict[str, tuple]:
    """Active, new, urgent and unrecorded per counsellor."""
    return {
        str(one.counsellor): (one.active, one.new, one.urgent, one.unrecorded)
        for one in caseload_board(location, now=now)
    }


def test_what_counts_for_whom(samira, bram, feijenoord, now):
    make.household(owner=samira, registered="2026-10-05 00:00")
    make.household(owner=samira, registered="2026-10-04 23:59")
    make.household(owner=samira, registered="2026-10-20 09:00", closed_on=dt.date(2026, 10, 30), exit_reason="Overig")
    urgent = make.household(owner=bram, registered="2026-09-01 09:00")
    make.term(urgent, "urgent", "2026-10-30", "2026-11-04")
    met = make.household(owner=bram, registered="2026-09-01 09:00")
    make.term(met, "urgent", "2026-10-30", "2026-11-04", met_on=dt.date(2026, 11, 1))
    make.appointment(household=urgent, counsellor=samira, start="2026-10-30 10:00")
    make.appointment(household=urgent, counsellor=samira, start="2026-10-29 10:00", outcome="V")
    assert numbers(feijenoord, now) == {"Samira El Amrani": (2, 2, 0, 1), "Bram de Groot": (2, 0, 1, 0)}


def weighs(location, now) -> dict[str, tuple]:
    return {str(one.counsellor): (one.active, one.weight, one.silent) for one in caseload_board(location, now=now)}


def test_a_count_is_not_weight(samira, bram, feijenoord, now):
    """M8: urgent counts one and a half time, aftercare half; of who is both urgent counts, and closed weighs nothing."""
    plain, urgent, after, both, over = (make.household(owner=samira) for _number in range(5))
    for one in (urgent, both):
        make.term(one, "urgent", "2026-10-30", "2026-11-04")
    for one in (after, both, over):
        make.debt_file(one).phases.create(kind="aftercare", started_on=dt.date(2026, 10, 1))
    over.debt_files.get().phases.update(ended_on=dt.date(2026, 10, 20))
    closed = make.household(owner=samira, closed_on=dt.date(2026, 10, 30), exit_reason="Overig")
    make.debt_file(closed).phases.create(kind="aftercare", started_on=dt.date(2026, 10, 1))
    make.household(owner=bram)
    assert weighs(feijenoord, now) == {"Samira El Amrani": (5, "5,5", 0), "Bram de Groot": (1, "1", 0)}
    assert plain.owner == samira


def test_numbers_of_a_column_open_their_lists(samira, bram, feijenoord, client, now):
    """Without contact for more than 30 days, and unrecorded: also what one joins as the second counsellor."""
    for owner in (samira, samira, bram):
        make.household(owner=owner, registered="2026-08-01 09:00")
    home = make.household(owner=bram)
    for day in (29, 30):
        make.appointment(household=home, counsellor=bram, second_counsellor=samira, start=f"2026-10-{day} 10:00")
    assert {name: row[2] for name, row in weighs(feijenoord, now).items()} == {
        "Samira El Amrani": 2,
        "Bram de Groot": 1,
    }
    page = client.get(ADDRESS).content.decode()
    for who, silent in ((samira, 2), (bram, 1)):
        address = f"/huishoudens/?owner={who.pk}&contact=silent&sort=contact"
        assert address.replace("&", "&amp;") in page
        assert client.get(address).context["number"] == silent
        assert numbers(feijenoord, now)[str(who)][3] == 2
        assert client.get(f"/afspraken/te-registreren/?counsellor={who.pk}").context["number"] == 2


def test_columns_stand_by_name_and_only_of_who_works_there(samira, bram, feijenoord, now):
    make.counsellor(name="Aad Elders")
    gone = make.counsellor(at=feijenoord, name="Cor Weg")
    gone.active = False
    gone.save()
    assert [str(one.counsellor) for one in caseload_board(feijenoord, now=now)] == ["Samira El Amrani", "Bram de Groot"]
    assert len(caseload_board(None, now=now)) == 3


def test_hours_are_those_of_today(samira, feijenoord, now):
    """Five days of seven hours; hours that end before today or begin later are left out."""
    monday = samira.working_hours.filter(weekday=1).order_by("starts")
    monday.filter(starts=dt.time(13)).update(valid_to=dt.date(2026, 11, 1))
    monday.filter(starts=dt.time(9)).update(valid_from=dt.date(2026, 11, 2))
    [column] = caseload_board(feijenoord, now=now)
    assert (column.minutes, column.hours) == (4 * 420 + 210, "31,5")


def test_households_stand_by_term_and_those_without_one_last(samira, feijenoord, now):
    rows = {name: make.household(surname=name, owner=samira) for name in ("Aal", "Bos", "Cor", "Dam")}
    make.term(rows["Cor"], "first_talk", "2026-11-02", "2026-11-09")
    make.term(rows["Bos"], "first_talk", "2026-11-02", "2026-11-30")
    make.term(rows["Bos"], "urgent", "2026-11-02", "2026-11-05")
    make.term(rows["Aal"], "first_talk", "2026-10-01", "2026-10-29", met_on=dt.date(2026, 10, 20))
    [column] = caseload_board(feijenoord, now=now)
    assert [(str(one)[4:], one.due_on, one.is_urgent) for one in column.households] == [
        ("Bos", dt.date(2026, 11, 5), True), ("Cor", dt.date(2026, 11, 9), False), ("Aal", None, False),
        ("Dam", None, False),
    ]  # fmt: skip
    assert caseload_board(None, now=now)[0].households == [], "of all locations together only the numbers"


@pytest.mark.parametrize(
    ("total", "capacity", "of_all", "lowest", "highest"),
    [
        (100, 50, 100, 40, 60),  # 50 ± 2·√(100·½·½)
        (46, 60, 240, 5, 18),  # 11,5 ± 2·√(46·¼·¾) = 5,6–17,4
        (10, 50, 50, 10, 10),  # who is alone has all
        (1, 5, 100, 0, 1),
        (0, 50, 100, 0, 0),
        (10, 0, 100, 0, 0),
        (10, 0, 0, 0, 0),
    ],
)
def test_the_range_of_chance(total, capacity, of_all, lowest, highest):
    found = Expected.of(total=total, capacity=capacity, capacity_of_all=of_all)
    assert (found.lowest, found.highest) == (lowest, highest)


def test_outside_the_range_is_said_in_words(samira, bram, client, now):
    for _number in range(12):
        make.household(owner=samira)
    page = text(client.get(ADDRESS))
    assert "(meer dan dat)" in page
    assert "(minder dan dat)" in page


def test_what_nobody_has_yet_stands_first(samira, feijenoord, client, now):
    assert "Niet toegewezen: 0." in text(client.get(ADDRESS))
    here, nowhere = make.household(location=feijenoord), make.household()
    make.household(location=make.location())
    merged = make.household(location=feijenoord, mobile="")
    Household.objects.filter(pk=merged.pk).update(merged_into=here, search_name="")
    page = text(client.get(ADDRESS))
    assert "Niet toegewezen: 2." in page
    assert set(without_counsellor(feijenoord)) == {here, nowhere}
    assert f'href="{reverse("allocate_household", args=[here.case_number])}"' in page
    assert without_counsellor(None).count() == 3


def test_names_are_off_until_asked_for_and_that_is_on_record(samira, client, now):
    made = make.household(given="Fatou", surname="Ndiaye", owner=samira)
    page = text(client.get(ADDRESS))
    assert made.case_number in page
    assert "Ndiaye" not in page
    assert not AuditEntry.objects.filter(action="view_board_names").exists()
    assert "Fatou Ndiaye" in text(client.get(ADDRESS, {"names": "1"}))
    assert AuditEntry.objects.get(action="view_board_names").kind == "viewed"


@pytest.mark.parametrize(
    ("asked", "columns"),
    [({}, 1), ({"location": ""}, 2), ({"location": "999999"}, 2), ({"location": "x\x00"}, 2)],
)
def test_the_own_location_unless_somebody_chooses(samira, client, now, asked, columns):
    make.counsellor(name="Aad Elders")
    page = client.get(ADDRESS, asked)
    assert page.status_code == 200
    assert len(page.context["columns"]) == columns
    assert ("Kies een locatie" in text(page)) == (columns == 2)


def test_a_location_where_nobody_works(client, now):
    page = text(client.get(ADDRESS, {"location": make.location().pk}))
    assert "Hier werkt niemand." in page


def test_one_or_many_go_to_the_page_of_a_transfer(samira, bram, client, now):
    rows = [make.household(owner=samira, surname=name) for name in ("Aal", "Bos")]
    page = client.get(reverse("transfer"), {"to": bram.pk, "household": [one.case_number for one in rows]})
    assert page.context["rows"] == rows
    assert page.context["to"] == bram


def test_everything_of_one_counsellor_at_once(samira, bram, client, now, monkeypatch):
    mine = [make.household(owner=samira, surname=name) for name in ("Aal", "Bos", "Cor")]
    make.household(owner=bram)
    make.household(owner=samira, closed_on=dt.date(2026, 10, 1), exit_reason="Overig")
    page = client.get(reverse("transfer"), {"all_of": samira.pk})
    assert page.context["rows"] == mine
    assert client.get(reverse("transfer"), {"all_of": "x'"}).context["rows"] == []
    monkeypatch.setattr(sys.modules["casework.overview.views.transfer"], "MOST", 2)
    page = client.get(reverse("transfer"), {"all_of": samira.pk})
    assert page.context["rows"] == mine[:2]
    assert "Dit zijn de eerste 2 op naam" in text(page)


def test_a_counsellor_takes_nothing_of_a_colleague(samira, bram, browse, now):
    make.household(owner=samira)
    assert browse(bram.user).get(reverse("transfer"), {"all_of": samira.pk}).context["rows"] == []


@pytest.mark.parametrize(("role", "entries"), [
    (Role.DESK, ["Vandaag", "Agenda", "Huishoudens", "Berichten"]),
    (Role.COUNSELLOR, ["Vandaag", "Agenda", "Huishoudens", "Cijfers", "Berichten"]),
    (Role.SUPERVISOR, ["Vandaag", "Agenda", "Huishoudens", "Team", "Berichten"]),
])  # fmt: skip
def test_the_menu_has_five_entries_at_most(everyone, browse, now, role, entries):
    """Screens 2.0: a supervisor has the team where others have figures."""
    page = browse(everyone[role]).get(reverse("profile"))
    assert [str(one["text"]) for one in page.context["menu"]] == entries


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("asked", "queries"), [({}, 19), ({"location": ""}, 17), ({"names": "1"}, 20)])
def test_the_board_asks_as_much_for_one_as_for_three(
    samira, client, now, django_assert_num_queries, rows, asked, queries
):
    for number in range(rows):
        colleague = make.counsellor(at=samira.location)
        for owner in (colleague, samira, None):
            home = make.household(owner=owner, location=samira.location)
            make.term(home, "urgent", "2026-11-02", "2026-11-05")
            make.appointment(
                household=home,
                counsellor=colleague,
                start=f"2026-10-{20 + number} {10 + (owner == samira) + 2 * (owner is None)}:00",
            )
    with django_assert_num_queries(queries):
        client.get(ADDRESS, asked)
