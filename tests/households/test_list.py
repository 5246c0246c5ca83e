"""The list of households and the search in it (S05, R-50, R-51, R-92, R-100, R-101)."""

import datetime as dt
import re

import pytest
from django.urls import reverse

from casework.core.models import AuditEntry, AuditKind, Role
from tests import make

pytestmark = pytest.mark.usefixtures("now")
LIST = "/huishoudens/"


@pytest.fixture
def desk(browse, joris):
    return browse(joris)


def shown(page) -> list[str]:
    """The names in the rows, as they stand."""
    rows = page.content.decode().split('data-test="household"')[1:]
    return [re.search(r'<th scope="row"><a[^>]*>([^<]*)</a>', row)[1] for row in rows]


def found(client, typed: str, **filters) -> list[str]:
    return shown(client.get(LIST, {"q": typed} | filters))


# Order and search


def test_names_stand_by_surname_without_prefix(desk):
    """R-50: then prefix, first names; capitals of El and Ben belong to the surname."""
    for given, prefix, surname in (
        ("Jan", "van den", "Berg"), ("An", "", "Berg"), ("Ali", "", "El Amrani"), ("Zoë", "", "Ağca"),
        ("Bo", "", "Berg"), ("Cas", "de", "Berg"), ("Piet", "van", "IJsselstein"),
    ):  # fmt: skip
        make.household(given=given, prefix=prefix, surname=surname)
    assert shown(desk.get(LIST)) == [
        "Zoë Ağca", "An Berg", "Bo Berg", "Cas de Berg", "Jan van den Berg", "Ali El Amrani", "Piet van IJsselstein",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "prefix", "surname", "typed"),
    [
        ("Özgür", "", "Yılmaz", "ozgur"),
        ("Zoë", "", "Ağca", "agca"),
        ("Linh", "", "Nguyễn", "nguyen"),
        ("Jan", "van den", "Berg", "vandenberg"),
        ("Jan", "van den", "Berg", "van den berg"),
        ("Ayşe", "", "Işık", "isik"),
        ("Marco", "", "d'Angelo", "dangelo"),
        ("Marco", "", "d'Angelo", "D’ANGELO"),
        ("Anne-Marie", "", "Ødegård", "annemarie odegard"),
        ("Fatou", "", "Ndiaye", "ndia fat"),
    ],
)
def test_a_name_is_found_however_it_is_typed(desk, given, prefix, surname, typed):
    make.household(given=given, prefix=prefix, surname=surname)
    make.household(given="Iemand", surname="Anders")
    assert len(found(desk, typed)) == 1
    assert "Anders" not in found(desk, typed)[0]


@pytest.mark.parametrize(
    "typed",
    ["17-05-1984", "17051984", "17-5-84", "17 mei 1984", "17 5 1984", "ndiaye 1984", "0612345678", "06 12 34 56 78",
     "+31612345678", "5678", "3072ab", "3072 AB 12", "ndiaye 3072AB", "000101", "101", "etf-2026-0001", "ETF-2026-0001"],
)  # fmt: skip
def test_a_household_is_found_by_any_trace(desk, typed):
    """S05: date of birth, telephone, postcode with number, case number, and mixtures."""
    fatou = make.household(
        given="Fatou", surname="Ndiaye", born=dt.date(1984, 5, 17), mobile="+31612345678", postcode="3072AB",
        house_number="12",
    )  # fmt: skip
    type(fatou).objects.filter(pk=fatou.pk).update(case_number="ETF-2026-000101")
    make.household(
        given="Iemand", surname="Anders", born=dt.date(1990, 1, 1), mobile="+31699999999", postcode="3011XY",
        house_number="99",
    )  # fmt: skip
    assert found(desk, typed) == ["Fatou Ndiaye"]


def test_a_whole_case_number_opens_the_household_itself(desk):
    household = make.household()
    page = desk.get(LIST, {"q": household.case_number.lower()})
    assert page.url == reverse("household", args=[household.case_number])


def test_words_are_combined_with_and(desk):
    make.household(given="Fatou", surname="Ndiaye")
    assert found(desk, "fatou bakker") == []


def test_a_search_also_finds_who_is_closed_and_says_so(desk):
    make.household(given="Henk", surname="Klaar", closed_on=dt.date(2026, 10, 1), exit_reason="Afgerond")
    assert found(desk, "klaar") == ["Henk Klaar"]
    assert shown(desk.get(LIST)) == [], "without a search only open ones"
    assert shown(desk.get(LIST, {"state": "closed"})) == ["Henk Klaar"]


def test_nothing_found_offers_to_register_what_was_typed(desk):
    page = desk.get(LIST, {"q": "agca & zoon"}).content.decode()
    assert "Niets gevonden voor ‘agca &amp; zoon’" in page
    assert reverse("register_household") + "?typed=agca%20%26%20zoon" in page
    form = desk.get(reverse("register_household"), {"typed": "17-5-84"}).context["form"]
    assert form["born"].value() == "17-05-1984"


def test_a_search_leaves_one_line_with_what_was_typed_and_how_many(desk):
    """R-92. Lists do not write a line, nor one per row."""
    for _number in range(2):
        make.household(surname="Ndiaye")
    desk.get(LIST)
    assert not AuditEntry.objects.exists()
    desk.get(LIST, {"q": "ndiaye"})
    line = AuditEntry.objects.get()
    assert (line.kind, line.reason, line.details) == (AuditKind.SEARCHED, "ndiaye", {"hits": 2})


@pytest.mark.parametrize(
    ("role", "typed", "names"),
    [(Role.COUNSELLOR, "999900109", ["Fatou Ndiaye"]), (Role.SUPERVISOR, "999900109", ["Fatou Ndiaye"]),
     (Role.DESK, "999900109", []), (Role.SUPERVISOR, "999900110", []), (Role.SUPERVISOR, "109", [])],
)  # fmt: skip
def test_a_bsn_finds_its_owner_for_who_may_see_bsns_and_is_never_kept(cast, browse, role, typed, names):
    """S05, R-90a: whole and passing the eleven-test; the line says that a BSN was searched, not which."""
    client = browse(cast.users[role])
    assert found(client, typed, owner="") == names
    line = AuditEntry.objects.get(kind=AuditKind.SEARCHED)
    if typed == "999900109":
        assert (line.action, line.reason) == ("search_bsn", "••••••109")


@pytest.mark.parametrize("typed", ["999900109", "ndiaye 9999.00.109", "9999 00 109 fatou"])
def test_a_bsn_in_a_search_stays_out_of_the_audit_trail(desk, typed):
    desk.get(LIST, {"q": typed})
    assert "00" not in AuditEntry.objects.get().reason
    assert AuditEntry.objects.get().action == "search_bsn"


def test_a_secret_address_stays_out_of_the_list(desk):
    make.household(street="Geheimstraat", house_number="1", postcode="3072AB", secret_address=True)
    page = desk.get(LIST).content.decode()
    assert "Geheimstraat" not in page
    assert "Geheim" in page


def test_what_people_typed_is_escaped(desk):
    """R-97."""
    make.household(given="<b>Fat</b>", surname='"><script>')
    page = desk.get(LIST, {"q": "<script>"}).content.decode()
    assert "<b>Fat</b>" not in page
    assert "<script>alert" not in page
    assert "&lt;b&gt;Fat&lt;/b&gt;" in page


# Odd input


@pytest.mark.parametrize(
    "typed",
    ["0000", "0", "\x00", "a\x00b", "%", "_", "' or 1=1 --", "💥", "x" * 5000, "31-02-2026", "17-05-0000", "１２３４",
     "²³", "٠٦١٢٣٤٥٦٧٨", "\u202e", "  ", "1" * 200, "ETF-", "etf-%", "1 2 3 4 5 6 7 8 9 10 11", "999900109", "(", "\\"],
)  # fmt: skip
def test_whatever_is_typed_gives_a_page(desk, typed):
    make.household()
    assert desk.get(LIST, {"q": typed}).status_code == 200


@pytest.mark.parametrize(
    "params",
    [{"owner": "x"}, {"owner": "999999"}, {"owner": "9" * 40}, {"owner": "\x00"}, {"location": "nergens"},
     {"location": "\x00"}, {"language": "zz"}, {"state": "misschien"}, {"language": "\x00"}],
)  # fmt: skip
def test_an_unknown_filter_is_left_out_with_a_notice(desk, params):
    """R-101: never a 500, and the other filters still count."""
    make.household(surname="Ndiaye")
    make.household(surname="Anders")
    page = desk.get(LIST, {"q": "ndiaye"} | params)
    assert page.status_code == 200
    assert shown(page) == ["Jan Ndiaye"]
    assert "niet begrepen" in page.content.decode()


@pytest.mark.parametrize(
    "params",
    [{"size": "7"}, {"size": "-1"}, {"size": "x" * 99}, {"sort": "owner__user__password"}, {"after": "999999"},
     {"before": "abc"}, {"after": "9" * 50}, {"after": "-1"}, {"before": "\x00"}, {"page": "x"}, {"onzin": "1"}],
)  # fmt: skip
def test_an_address_with_an_odd_page_gives_the_first(desk, params):
    make.household(surname="Ndiaye")
    assert shown(desk.get(LIST, params)) == ["Jan Ndiaye"]


# Filters


def test_a_counsellor_begins_with_the_own_caseload(browse, cast):
    client = browse(cast.samira.user)
    assert shown(client.get(LIST)) == ["Fatou Ndiaye"]
    assert len(shown(client.get(LIST, {"owner": ""}))) == 3


def test_filters_narrow_the_list_and_can_be_taken_away_one_by_one(desk, samira, feijenoord):
    elsewhere = make.location("CHA")
    make.household(surname="Een", owner=samira, location=feijenoord, language="tr")
    make.household(surname="Twee", owner=samira, location=elsewhere)
    make.household(surname="Drie", location=feijenoord)
    for filters, names in (
        ({"owner": samira.pk}, ["Jan Een", "Jan Twee"]),
        ({"owner": "null"}, ["Jan Drie"]),
        ({"location": "FEI"}, ["Jan Drie", "Jan Een"]),
        ({"language": "tr"}, ["Jan Een"]),
        ({"owner": samira.pk, "location": "CHA"}, ["Jan Twee"]),
    ):
        assert shown(desk.get(LIST, filters)) == names, filters
    page = desk.get(LIST, {"owner": samira.pk, "location": "CHA"})
    assert {chip["label"]: str(chip["words"]) for chip in page.context["chips"]} == {
        "Trajectbegeleider": "Samira El Amrani", "Locatie": elsewhere.name, "Status": "Open",
    }  # fmt: skip
    without = next(chip["without"] for chip in page.context["chips"] if chip["label"] == "Locatie")
    assert shown(desk.get(LIST + without)) == ["Jan Een", "Jan Twee"]


def test_an_empty_result_says_which_filters_and_offers_to_clear_them(desk):
    """R-101."""
    answer = desk.get(LIST, {"language": "pl"})
    page = answer.content.decode()
    assert "Taal: Pools" in page
    assert "Niets gevonden met deze filters:" in page
    assert desk.get(LIST + answer.context["clear"]).context["chips"] == []
    assert "Wis filters" in page or "Filters wissen" in page


# Paging


def pages(client, params: dict, meanwhile=lambda: None) -> list[str]:
    """Every name on the way from the first page to the last, following *Volgende*."""
    seen, address = [], LIST + "?" + "&".join(f"{key}={value}" for key, value in params.items())
    while address:
        page = client.get(address)
        seen += shown(page)
        assert len(seen) < 200, "the pages go round"
        meanwhile()
        onward = re.search(r'href="(\?[^"]*after=\d+[^"]*)"', page.content.decode())
        address = LIST + onward[1].replace("&amp;", "&") if onward else ""
    return seen


@pytest.mark.parametrize("sort", ["name", "-name", "registered", "-registered"])
def test_following_next_shows_every_row_once_though_rows_are_added(desk, sort):
    """R-100, also where many rows are equal in the sort."""
    made = [make.household(given="Jan", surname="Gelijk" if number % 3 else f"Naam{number:03}").display_name
            for number in range(60)]  # fmt: skip
    added = []

    def meanwhile():
        for surname in ("Aaa", "Gelijk", "Zzz"):
            added.append(make.household(given=f"Later{len(added)}", surname=surname).display_name)

    seen = pages(desk, {"sort": sort}, meanwhile)
    assert sorted(name for name in seen if name not in added) == sorted(made)
    assert len([name for name in seen if name in added]) == len({name for name in seen if name in added})


def test_a_counsellor_stays_with_the_own_households_on_the_next_page(browse, samira):
    """Sort, size and page in the address do not take the usual filters away."""
    for number in range(30):
        make.household(surname=f"Naam{number:03}", owner=samira)
        make.household(surname=f"Naam{number:03}")
    client = browse(samira.user)
    assert len(pages(client, {"sort": "-name"})) == 30
    page = client.get(LIST, {"sort": "-name", "size": "50"})
    assert len(shown(page)) == 30
    assert '<input type="hidden" name="sort" value="-name">' in page.content.decode()
    assert client.get(LIST + page.context["clear"]).context["number"] == 60


def test_previous_leads_back_over_the_same_rows(desk):
    for number in range(60):
        make.household(surname=f"Naam{number:03}")
    first = desk.get(LIST)
    second = desk.get(LIST, {"after": first.context["page"].after})
    back = desk.get(LIST, {"before": second.context["page"].before})
    assert len(shown(first)) == 25
    assert shown(second)[0] == "Jan Naam025"
    assert shown(back) == shown(first)
    assert back.context["page"].before is None


def test_the_size_of_a_page_is_chosen_from_three(desk):
    for number in range(60):
        make.household(surname=f"Naam{number:03}")
    assert [len(shown(desk.get(LIST, {"size": size}))) for size in (25, 50, 100)] == [25, 50, 60]
    page = desk.get(LIST, {"size": 50, "language": "nl", "sort": "-name"}).content.decode()
    onward = re.search(r'href="(\?[^"]*after=[^"]*)"', page)[1]
    assert {"size=50", "language=nl", "sort=-name"} <= set(onward.lstrip("?").replace("&amp;", "&").split("&"))


def test_the_list_says_how_many_there_are(desk):
    for surname in ("Ndiaye", "Ndiaye", "Anders"):
        make.household(surname=surname)
    assert "2 huishoudens van 3" in " ".join(desk.get(LIST, {"q": "ndiaye"}).content.decode().split())


# Queries


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("role", "typed", "queries"), [(Role.DESK, "", 12), (Role.COUNSELLOR, "", 12), (Role.DESK, "jan", 13)]
)
def test_the_list_asks_as_much_for_one_row_as_for_three(
    browse, everyone, samira, feijenoord, django_assert_num_queries, rows, role, typed, queries
):
    for _row in range(rows):
        household = make.household(owner=samira, location=feijenoord)
        make.term(household, "first_talk", "2026-11-02", "2026-11-30")
    client = browse(everyone[role])
    with django_assert_num_queries(queries):
        assert len(shown(client.get(LIST, {"q": typed} if typed else {}))) == rows


# Several at once


def test_a_supervisor_chooses_rows_and_goes_on_to_the_transfer(browse, everyone, samira):
    """S16, R-100: open ones only; the desk sees no boxes, since hidden buttons are no protection it has no door either."""
    chosen, other = make.household(given="Fatou", surname="Ndiaye", owner=samira), make.household(owner=samira)
    shut = make.household(closed_on=dt.date(2026, 10, 1), exit_reason="Afgerond")
    client = browse(everyone[Role.SUPERVISOR])
    page = client.get(LIST, {"state": ""}).content.decode()
    boxes = re.findall(r'type="checkbox" form="bulk" name="household" value="([^"]+)"', page)
    assert set(boxes) == {chosen.case_number, other.case_number}
    assert shut.case_number in page
    assert f'<form id="bulk" method="get" action="{reverse("transfer")}"' in page
    going = client.get(reverse("transfer"), {"household": [chosen.case_number]}).content.decode()
    assert "Fatou Ndiaye" in going
    assert other.case_number not in going
    assert 'form="bulk"' not in browse(everyone[Role.DESK]).get(LIST).content.decode()
