"""The part under the field in the top bar: what a hit shows, to whom, and what it leaves behind (S05, R-90a, R-92)."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from casework.core import clock
from casework.core.models import AuditEntry, AuditKind, Role
from casework.households.models import MOST_COUNTED, Household
from tests import make
from tests.cast import BSN

pytestmark = pytest.mark.usefixtures("now")
FIND = "/zoek/"


@pytest.fixture
def desk(browse, joris):
    return browse(joris)


def part(client, typed: str = "") -> str:
    answer = client.get(FIND, {"q": typed} if typed else {})
    assert answer.status_code == 200
    return answer.content.decode()


def hits(client, typed: str = "") -> list[str]:
    """The hits as one reads them."""
    rows = re.findall(r'<li class="etf-find-hit.*?</li>', part(client, typed), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]


def names(client, typed: str = "") -> list[str]:
    found = re.findall(r'<span class="etf-find-name">(.*?)</span>', part(client, typed))
    return [re.sub(r"<[^>]+>", "", one) for one in found]


@pytest.fixture
def fatou(samira, feijenoord):
    return make.household(
        given="Fatou", surname="Ndiaye", born=dt.date(1984, 5, 17), street="Voorstraat", house_number="12",
        addition="A", postcode="3072AB", owner=samira, location=feijenoord,
    )  # fmt: skip


def test_a_hit_shows_who_where_and_whose(desk, fatou):
    (hit,) = hits(desk, "ndia")
    for fact in ("17-05-1984", "Voorstraat 12 A", fatou.case_number, "Samira El Amrani", "Open"):
        assert fact in hit
    assert "3072" not in hit
    assert "<strong>Ndia</strong>ye" in part(desk, "ndia")


def test_a_secret_address_is_not_shown(desk, fatou):
    Household.objects.update(secret_address=True)
    (hit,) = hits(desk, "ndiaye")
    assert "Voorstraat" not in hit
    assert "Geheim adres" in hit


def test_a_closed_household_comes_last_is_marked_and_cannot_be_booked(desk, fatou):
    make.household(given="Aa", surname="Ndiaye", closed_on=dt.date(2026, 10, 1), exit_reason="Afgerond")
    assert names(desk, "ndiaye") == ["Fatou Ndiaye", "Aa Ndiaye"]
    first, second = hits(desk, "ndiaye")
    assert "Gesloten" not in first
    assert "Gesloten" in second
    assert part(desk, "ndiaye").count("data-book=") == 1


def test_whoever_matched_beside_the_client_is_named(desk, fatou):
    fatou.members.create(given_names="Awa", surname="Diop", role="child", search_surname="diop")
    Household.objects.update(search_name="fatou ndiaye awa diop")
    assert "met Awa Diop" in hits(desk, "diop")[0].replace("Di op", "Diop")
    assert "<strong>Diop</strong>" in part(desk, "diop")
    assert "Diop" not in part(desk, "ndiaye")


def test_what_was_typed_and_what_stands_are_escaped(desk):
    """R-97."""
    make.household(given="<b>Fat</b>", surname='"><script>alert(1)</script>')
    page = part(desk, "<script>alert")
    assert "<script>" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page
    page = part(desk, "<img src=x>")
    assert "<img" not in page
    assert "‘&lt;img src=x&gt;’" in page


def test_at_most_eight_then_the_way_to_all(desk):
    for number in range(12):
        make.household(given=f"N{number}", surname="Kaya")
    page = part(desk, "kaya")
    assert len(names(desk, "kaya")) == 8
    assert "Toon alle 12" in " ".join(page.split())
    assert f'href="{reverse("households")}?q=kaya"' in page
    assert "Toon alle" not in part(desk, "n1 kaya")


def test_of_very_many_it_says_so(desk):
    Household.objects.bulk_create(
        Household(case_number=f"M-{one:05}", registered_at=make.moment("2026-11-02 09:00"), display_name="Kaya",
                  sort_name=f"kaya {one:05}", search_name="kaya")
        for one in range(MOST_COUNTED + 1)
    )  # fmt: skip
    assert "Toon alle van meer dan 1000" in " ".join(part(desk, "kaya").split())
    assert AuditEntry.objects.get().details == {"hits": MOST_COUNTED, "more": True}


def test_nothing_found_carries_what_was_typed_to_the_registration(desk):
    page = part(desk, "agca & zoon")
    assert "Niets gevonden voor ‘agca &amp; zoon’" in page
    assert reverse("register_household") + "?typed=agca%20%26%20zoon" in page
    assert "Nieuw huishouden" in page


@pytest.mark.parametrize("typed", ["a", "1", "12", "é"])
def test_too_little_gives_a_hint_and_is_no_search(desk, typed):
    make.household(given="A", surname="Aa")
    assert "minstens twee letters" in part(desk, typed)
    assert not AuditEntry.objects.exists()


# Before typing: what this person opened last


def test_before_typing_the_last_five_that_this_person_opened(desk, joris, browse, ingrid):
    made = [make.household(given=f"Nr{number}", surname="Proef") for number in range(7)]
    for household in (*made, made[2], made[2]):
        desk.get(reverse("household", args=[household.case_number]))
    browse(ingrid).get(reverse("household", args=[made[0].case_number]))
    assert names(desk) == ["Nr2 Proef", "Nr6 Proef", "Nr5 Proef", "Nr4 Proef", "Nr3 Proef"]
    assert names(browse(ingrid)) == ["Nr0 Proef"]
    assert "Laatst geopend" in part(desk)


def test_who_opened_nothing_yet_hears_what_to_type(desk):
    assert names(desk) == []
    assert "Typ een naam" in part(desk)


def test_looking_at_the_last_ones_is_no_search(desk):
    part(desk)
    assert not AuditEntry.objects.filter(kind=AuditKind.SEARCHED).exists()


# What can be done with a hit


@pytest.mark.parametrize(
    ("start", "fields", "can"),
    [("2026-11-02 09:30", {}, True), ("2026-11-02 08:15", {}, True), ("2026-11-02 10:15", {}, False),
     ("2026-11-02 07:30", {}, False), ("2026-11-02 09:30", {"arrived_at": "2026-11-02 08:50"}, False),
     ("2026-11-02 09:30", {"outcome": "A1"}, False)],
)  # fmt: skip
def test_melden_is_there_only_when_it_can_be_done_now(desk, fatou, samira, start, fields, can):
    if "arrived_at" in fields:
        fields = {"arrived_at": make.moment(fields["arrived_at"])}
    one = make.appointment(household=fatou, counsellor=samira, start=start, **fields)
    assert (f'data-check-in="{reverse("check_in", args=[one.pk])}"' in part(desk, "ndiaye")) is can


def test_melden_is_not_there_for_another_location(desk, fatou):
    elsewhere = make.counsellor(at=make.location("CHA"))
    make.appointment(household=fatou, counsellor=elsewhere, start="2026-11-02 09:30")
    assert "data-check-in" not in part(desk, "ndiaye")


# Who sees what


def test_desk_mode_shows_initials_only(desk, joris, fatou):
    joris.initials_mode = True
    joris.save()
    fatou.members.create(given_names="Awa", surname="Diop", role="child", search_surname="diop")
    Household.objects.update(search_name="fatou ndiaye awa diop")
    page = part(desk, "diop ndiaye")
    assert "Ndiaye" not in page.replace("ndiaye", "")
    assert "Fatou" in page
    assert re.sub(r"<[^>]+>", "", page).count("Diop") == 0
    assert "met" in page


@pytest.mark.parametrize(("role", "found"), [(Role.DESK, 0), (Role.COUNSELLOR, 1), (Role.SUPERVISOR, 1)])
def test_a_bsn_is_searched_only_by_who_may_see_it_and_never_kept(cast, browse, role, found):
    """S05, R-90a."""
    assert len(names(browse(cast.users[role]), BSN)) == found
    line = AuditEntry.objects.get()
    assert (line.action, line.reason, line.details) == ("search_bsn", "••••••109", {"hits": found})


def test_a_counsellor_finds_households_of_colleagues_too(cast, browse):
    """R-90a: finding is for everybody; opening asks why (R-91)."""
    client = browse(cast.samira.user)
    assert names(client, "vreemd") == ["Olga Vreemd"]
    opened = client.get(reverse("household", args=[cast.strange.case_number]))
    assert opened.url == reverse("access_reason", args=[cast.strange.case_number])


# The audit trail and the cost


def test_one_search_is_one_line_with_what_was_typed_and_how_many(desk, fatou):
    """R-92: the same words again, here or in the list, are the same search."""
    part(desk, "ndiaye")
    part(desk, " ndiaye ")
    desk.get(reverse("households"), {"q": "ndiaye"})
    line = AuditEntry.objects.get()
    assert (line.kind, line.reason, line.details) == (AuditKind.SEARCHED, "ndiaye", {"hits": 1})
    part(desk, "ndiaye 1984")
    assert AuditEntry.objects.count() == 2


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("typed", "queries"), [("jan", 13), ("jan 1984", 12), ("17051984", 12), ("5678", 12)])
def test_it_asks_as_much_for_one_hit_as_for_three(
    desk, samira, feijenoord, django_assert_num_queries, rows, typed, queries
):
    for _row in range(rows):
        household = make.household(owner=samira, location=feijenoord, born=dt.date(1984, 5, 17))
        make.appointment(household=household, counsellor=samira, start=f"2026-11-0{3 + _row} 09:30")
    with django_assert_num_queries(queries):
        assert len(names(desk, typed)) == rows


@pytest.mark.parametrize(
    "typed",
    ["\x00", "x" * 10_000, "\u202e\u200f", "%", "_", "\\", "...", "'", "<", "💥", "²³", "0000", "1" * 200, "ETF-%",
     "31-02-2026", "a\x00b", "(((", "ﷺ" * 90, "&q=1", "%00", "%E0%A4%A"],
)  # fmt: skip
def test_whatever_is_typed_gives_an_answer(desk, fatou, typed):
    part(desk, typed)
    assert desk.get(FIND + "?q=%ff%fe&q=%00").status_code == 200


def test_the_answer_is_never_kept_by_the_browser(desk):
    """R-98."""
    assert "no-store" in desk.get(FIND)["Cache-Control"]
    assert desk.post(FIND).status_code == 405
    assert clock.today() == dt.date(2026, 11, 2)


def test_without_javascript_the_field_leads_to_the_list(desk):
    page = desk.get("/").content.decode()
    form = re.search(r'<form class="etf-search".*?</form>', page, re.DOTALL)[0]
    assert f'action="{reverse("households")}"' in form
    assert 'method="get"' in form
    assert 'type="search"' in form
