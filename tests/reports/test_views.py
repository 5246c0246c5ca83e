"""The doors of figures: overview, detail, the list behind a number, JSON and CSV (S17, S18; C1 to C13, R-92 to R-96)."""

import csv
import datetime as dt
import html
import io
import re

import pytest

from casework.core.models import AuditEntry, AuditKind, Role
from casework.households.models import Household
from tests import make
from tests.reports import worlds
from tests.reports.export import export

READERS = {Role.COUNSELLOR, Role.SUPERVISOR}
OCTOBER = {"first": "1-10-2026", "last": "31-10-2026"}
PAGES = {"m1": "niet-verschenen", "m2": "opkomst", "m4": "niet-geregistreerd"}
NONSENSE = ["\x00", "zzz", "99999999999999999999", "-1", "９", "31-12-9999", "1-1-0001", "31-2-2026"]


def text_of(response) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", response.content.decode())))


def rows_of(response) -> list[list[str]]:
    """The cells of a CSV, header first."""
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))


@pytest.fixture
def w1(samira, now):
    """W1 of the figures, in October at Feijenoord."""
    return worlds.appointments(samira, worlds.W1)


@pytest.mark.parametrize("role", Role)
def test_who_may_see_which(browse, everyone, w1, role):
    client = browse(everyone[role])
    for path in ("/cijfers/", *(f"/cijfers/{word}/" for word in PAGES.values()), "/cijfers/m1/lijst/"):
        assert client.get(path, OCTOBER).status_code == (200 if role in READERS else 403)
        assert client.get(path, OCTOBER | {"format": "json"}).status_code == (200 if role in READERS else 403)
    aggregated = client.get("/cijfers/niet-verschenen/", OCTOBER | {"format": "csv"}).status_code
    personal = export(client, "/cijfers/m1/lijst/", OCTOBER).status_code
    assert aggregated == (200 if role in {Role.SUPERVISOR, Role.PRIVACY_OFFICER} else 403)
    assert personal == (200 if role == Role.SUPERVISOR else 403)


def test_anonymous_goes_to_the_login(client, db):
    answer = client.get("/cijfers/")
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith("?next=/cijfers/")


class TestOverview:
    def test_the_tiles_say_value_interval_and_n(self, browse, ingrid, w1):
        shown = text_of(browse(ingrid).get("/cijfers/", OCTOBER))
        assert "11,8% (8,0–16,9) · 24 van 204" in shown
        assert "2,9% (1,3–6,1) · 6 van 210" in shown
        assert "te weinig (0 van 0)" in shown

    def test_numbers_stand_unrounded_in_the_page(self, browse, ingrid, w1):
        content = browse(ingrid).get("/cijfers/", OCTOBER).content.decode()
        found = re.search(
            r'data-test="figure-m1"\s+data-num="24"\s+data-den="204"\s+data-low="([^"]+)"\s+data-high="([^"]+)"',
            content,
        )
        assert (round(float(found[1]), 6), round(float(found[2]), 6)) == (0.080346, 0.169082)

    def test_json_at_the_same_address(self, browse, ingrid, w1):
        data = browse(ingrid).get("/cijfers/", OCTOBER | {"format": "json"}).json()
        assert set(data) == {"m1", "m2", "m4"}
        assert (data["m1"]["numerator"], data["m1"]["denominator"]) == (24, 204)
        assert data["m1"]["period"] == {"from": "2026-10-01", "to": "2026-10-31"}

    def test_without_a_period_the_last_twelve_months(self, browse, ingrid, w1):
        data = browse(ingrid).get("/cijfers/", {"format": "json"}).json()
        assert data["m1"]["period"] == {"from": "2025-12-01", "to": "2026-11-02"}

    def test_the_moment_is_printed(self, browse, ingrid, w1):
        assert "Geteld op ma 2 nov om 09.00" in text_of(browse(ingrid).get("/cijfers/", OCTOBER))

    def test_in_english(self, browse, ingrid, w1):
        client = browse(ingrid)
        client.cookies["etf_language"] = "en"
        assert "24 of 204" in text_of(client.get("/cijfers/", OCTOBER))


class TestDetail:
    def test_no_show_with_everything_beside_it(self, browse, ingrid, w1):
        shown = text_of(browse(ingrid).get("/cijfers/niet-verschenen/", OCTOBER))
        for part in (
            "11,8% (8,0–16,9) · 24 van 204", "88,2% (83,1–92,0) · 180 van 204", "2,9% (1,3–6,1) · 6 van 210",
            "16,7% (12,3–22,2) · 36 van 216", "20 huishoudens", "4 verontschuldigd",
            "6 nog niet geregistreerd: het cijfer ligt tussen 11,4% en 14,3%.", "V + L + N + X", "Wat dit niet zegt",
            "Afgezegd door inwoner, op tijd: 14", "Verzet, laat: 3", "Nog te registreren: 6", "okt 2026",
            "Vraagwijzer Feijenoord", "Samira El Amrani", "Eerste gesprek",
        ):  # fmt: skip
            assert part in shown, part
        assert "Voorlopig" not in shown

    def test_provisional_and_few_say_so(self, browse, ingrid, samira, now):
        worlds.appointments(samira, {"V": 10, "": 2}, households=12)
        shown = text_of(browse(ingrid).get("/cijfers/niet-verschenen/", OCTOBER))
        assert "Voorlopig" in shown
        assert "Weinig" in shown

    @pytest.mark.parametrize("word", PAGES.values())
    def test_an_empty_period(self, browse, ingrid, now, word):
        shown = text_of(browse(ingrid).get(f"/cijfers/{word}/", {"first": "1-1-2020", "last": "1-2-2020"}))
        assert "Niets in deze periode. Kies een andere periode of locatie." in shown
        assert "Nog te weinig" in shown

    def test_the_chart_has_words_and_a_table_after_it(self, browse, ingrid, w1):
        content = " ".join(browse(ingrid).get("/cijfers/niet-verschenen/", OCTOBER).content.decode().split())
        assert 'role="img"' in content
        assert "okt 2026: 11,8% (8,0–16,9) · 24 van 204" in content
        assert content.index("</svg>") < content.index("<caption>")

    def test_json_holds_the_same_numbers(self, browse, ingrid, w1):
        data = browse(ingrid).get("/cijfers/niet-verschenen/", OCTOBER | {"format": "json"}).json()
        assert data["figure"] == "m1"
        assert data["excluded"] == {"A1": 14, "A2": 9, "E": 5, "R1": 9, "R2": 3, "U": 6, "T": 0, "W": 0}
        assert data["bounds"] == [24 / 210, 30 / 210]
        assert data["value"] == 24 / 204
        assert [(one["label"], one["numerator"], one["denominator"]) for one in data["per_month"]] == [
            ("okt 2026", 24, 204)
        ]
        assert {key: (one["numerator"], one["denominator"]) for key, one in data["others"].items()} == {
            "m4": (6, 210), "m4b": (36, 216),
        }  # fmt: skip

    @pytest.mark.parametrize("name", ["first", "last", "location", "type", "talks", "counsellor"])
    @pytest.mark.parametrize(
        "path", ["/cijfers/", "/cijfers/niet-verschenen/", "/cijfers/opkomst/", "/cijfers/m4/lijst/"]
    )
    def test_nonsense_is_left_out_with_a_notice(self, browse, ingrid, samira, now, path, name):
        worlds.appointments(samira, {"V": 2, "N": 1, "": 1}, households=2)
        client = browse(ingrid)
        for value in NONSENSE:
            answer = client.get(path, OCTOBER | {name: value})
            assert answer.status_code == 200, value
            assert "Een deel van het filter is niet begrepen en telt niet mee." in text_of(answer), value

    @pytest.mark.parametrize("format_", ["xml", "\x00", ""])
    def test_an_unknown_format_is_the_page(self, browse, ingrid, w1, format_):
        assert "text/html" in browse(ingrid).get("/cijfers/", {"format": format_}).headers["Content-Type"]

    @pytest.mark.parametrize("period", [("1-1-1990", "31-12-2100"), ("31-10-2026", "1-10-2026")])
    @pytest.mark.parametrize("word", PAGES.values())
    def test_wide_and_reversed_periods(self, browse, ingrid, w1, word, period):
        data = browse(ingrid).get(f"/cijfers/{word}/", {"first": period[0], "last": period[1], "format": "json"}).json()
        assert data["denominator"] == {"niet-verschenen": 204, "opkomst": 0, "niet-geregistreerd": 210}[word]

    @pytest.mark.parametrize(
        "path", ["/cijfers/onzin/", "/cijfers/m9/lijst/", "/cijfers/%00/lijst/", "/cijfers/m1%00/lijst/"]
    )
    def test_an_unknown_figure_is_not_found(self, browse, ingrid, now, path):
        assert browse(ingrid).get(path).status_code == 404


class TestOwnFigures:
    """A counsellor sees only the own ones, whatever the address says (R-90i, C11)."""

    @pytest.fixture
    def world(self, samira, now):
        other = make.counsellor(name="Bram Bos")
        worlds.appointments(samira, {"V": 2, "N": 1})
        worlds.appointments(other, {"V": 20, "N": 10})
        return other

    @pytest.mark.parametrize("criteria", [{}, {"counsellor": "other"}, {"counsellor": ""}])
    def test_only_the_own(self, browse, samira, world, criteria):
        client = browse(samira.user)
        asked = OCTOBER | {key: str(world.pk) if value == "other" else value for key, value in criteria.items()}
        data = client.get("/cijfers/niet-verschenen/", asked | {"format": "json"}).json()
        assert (data["numerator"], data["denominator"]) == (1, 3)
        assert [one["label"] for one in data["per_counsellor"]] == ["Samira El Amrani"]
        page = client.get("/cijfers/m1/lijst/", asked | {"which": "all"})
        assert 'data-count="3"' in page.content.decode()
        assert "Bram Bos" not in page.content.decode()

    def test_a_counsellor_without_a_caseload_has_none(self, browse, world):
        stray = make.user(Role.COUNSELLOR)
        data = browse(stray).get("/cijfers/niet-verschenen/", OCTOBER | {"format": "json"}).json()
        assert data["denominator"] == 0

    def test_a_supervisor_chooses(self, browse, ingrid, world):
        asked = OCTOBER | {"format": "json"}
        assert browse(ingrid).get("/cijfers/niet-verschenen/", asked).json()["denominator"] == 33
        asked["counsellor"] = world.pk
        assert browse(ingrid).get("/cijfers/niet-verschenen/", asked).json()["denominator"] == 30


class TestListBehind:
    @pytest.mark.parametrize(
        ("which", "number"), [("numerator", 24), ("denominator", 204), ("U", 6), ("A1", 14), ("W", 0), ("all", 250)]
    )
    def test_exactly_as_many_rows_as_the_number_says(self, browse, ingrid, w1, which, number):
        asked = OCTOBER | {"which": which}
        page = browse(ingrid).get("/cijfers/m1/lijst/", asked)
        assert page.context["number"] == number
        lines = rows_of(export(browse(ingrid), "/cijfers/m1/lijst/", asked))
        assert len(lines) == number + 1
        label = {"numerator": "Teller", "denominator": "Noemer"}.get(which)
        if label:
            assert f"{label}: {number}" in text_of(page)

    def test_the_other_parts_stand_beside_it(self, browse, ingrid, w1):
        shown = text_of(browse(ingrid).get("/cijfers/m1/lijst/", OCTOBER))
        for part in ("Teller: 24", "Noemer: 204", "Nog te registreren: 6", "Alles bij elkaar: 250"):
            assert part in shown, part

    def test_following_next_shows_every_row_once(self, browse, ingrid, w1):
        client, seen, asked = browse(ingrid), [], OCTOBER | {"which": "denominator", "size": 100}
        while True:
            page = client.get("/cijfers/m1/lijst/", asked).context["page"]
            seen += [row.pk for row in page.object_list]
            if not page.after:
                break
            asked["after"] = page.after
        assert len(seen) == len(set(seen)) == 204

    @pytest.mark.parametrize("value", [*NONSENSE, "numerator "])
    def test_an_unknown_part_is_left_out_with_a_notice(self, browse, ingrid, w1, value):
        page = browse(ingrid).get("/cijfers/m1/lijst/", OCTOBER | {"which": value})
        assert page.context["number"] == 24
        assert "Een deel van het filter is niet begrepen" in text_of(page)

    @pytest.mark.parametrize("value", NONSENSE)
    def test_a_page_that_is_none(self, browse, ingrid, w1, value):
        page = browse(ingrid).get("/cijfers/m1/lijst/", OCTOBER | {"after": value, "before": value, "size": value})
        assert len(page.context["page"].object_list) == 24

    def test_what_is_asked_stands_above_it_and_can_be_taken_away(self, browse, ingrid, w1):
        """R-101; the part of the figure and the sort stay."""
        client, asked = browse(ingrid), OCTOBER | {"location": "FEI", "talks": "first", "which": "all", "sort": "-name"}
        page = client.get("/cijfers/m1/lijst/", asked)
        assert [chip["name"] for chip in page.context["chips"]] == ["first", "last", "location", "talks"]
        without = client.get("/cijfers/m1/lijst/" + page.context["chips"][2]["without"])
        assert [chip["name"] for chip in without.context["chips"]] == ["first", "last", "talks"]
        assert (without.context["which"], without.context["sort"]) == ("all", "-name")
        clear = client.get("/cijfers/m1/lijst/" + page.context["clear"])
        assert clear.context["chips"] == []
        assert clear.context["which"] == "all"

    @pytest.mark.parametrize("sort", ["name", "-name", "start", "-start", "counsellor", "-counsellor", *NONSENSE])
    def test_sorted_by_a_column_all_rows_come_once(self, browse, ingrid, w1, sort):
        client, seen, page = browse(ingrid), [], None
        asked = OCTOBER | {"which": "all", "size": 100, "sort": sort}
        while page is None or page.after:
            page = client.get("/cijfers/m1/lijst/", asked).context["page"]
            seen += [row.pk for row in page.object_list]
            asked["after"] = page.after
        assert len(seen) == len(set(seen)) == 250

    def test_an_empty_list_names_its_filters(self, browse, ingrid, w1):
        page = browse(ingrid).get("/cijfers/m1/lijst/", {"first": "01-01-2020", "last": "31-01-2020"})
        assert "Niets gevonden met deze filters: Van: 01-01-2020; Tot en met: 31-01-2020. Wis filters" in text_of(page)

    def test_households_stand_behind_show_up(self, browse, ingrid, samira, now):
        came = make.household(given="Fatou", registered="2026-08-03 09:00", owner=samira, location=samira.location)
        make.appointment(household=came, counsellor=samira, start="2026-08-10 10:00", outcome="V")
        make.household(given="Piet", registered="2026-08-04 09:00", owner=samira)
        make.household(given="Later", registered="2026-10-04 09:00", owner=samira)
        asked = {"first": "1-8-2026", "last": "31-10-2026"}
        client = browse(ingrid)
        numerator = text_of(client.get("/cijfers/m2/lijst/", asked))
        assert "Fatou" in numerator
        assert "Piet" not in numerator
        everybody = rows_of(export(client, "/cijfers/m2/lijst/", asked | {"which": "all"}))
        assert [row[1].split()[0] for row in everybody[1:]] == ["Fatou", "Piet", "Later"]
        assert everybody[0] == ["Dossiernummer", "Naam", "Aangemeld", "Locatie", "Trajectbegeleider"]

    def test_looking_and_exporting_leave_lines(self, browse, ingrid, w1):
        client = browse(ingrid)
        client.get("/cijfers/m1/lijst/", OCTOBER | {"location": "FEI"})
        export(client, "/cijfers/m1/lijst/", OCTOBER)
        client.get("/cijfers/niet-verschenen/", OCTOBER | {"format": "csv", "sharing": "1"})
        looked = AuditEntry.objects.get(action="view_figure_list")
        exported = AuditEntry.objects.get(action="export_figure_list")
        shared = AuditEntry.objects.get(action="export_figure")
        assert (looked.kind, looked.details["which"]) == (AuditKind.VIEWED, "numerator")
        assert looked.details["location_id"]
        assert (exported.kind, exported.details["rows"], exported.username) == (AuditKind.EXPORTED, 24, "ingrid")
        assert (shared.kind, shared.details["sharing"]) == (AuditKind.EXPORTED, True)

    def test_an_export_says_how_many_rows_and_asks_what_for(self, browse, ingrid, w1):
        """R-94: nothing leaves without a purpose, which stands in the line."""
        client, address = browse(ingrid), "/cijfers/m1/lijst/?first=1-10-2026&last=31-10-2026&format=csv"
        assert "Het bestand krijgt 24 regels met namen." in client.get(address).content.decode()
        for purpose in ("", "  ", "x"):
            page = client.post(address, {"purpose": purpose}).content.decode()
            assert "Schrijf op waarvoor u dit nodig heeft." in page
        assert not AuditEntry.objects.filter(kind=AuditKind.EXPORTED).exists()
        assert client.post(address, {"purpose": "Controle"})["Content-Type"].startswith("text/csv")
        assert AuditEntry.objects.get(kind=AuditKind.EXPORTED).reason == "Controle"
        assert client.post("/cijfers/m1/lijst/").status_code == 405

    def test_a_refused_export_writes_nothing(self, browse, samira, w1):
        export(browse(samira.user), "/cijfers/m1/lijst/", OCTOBER)
        assert not AuditEntry.objects.filter(kind=AuditKind.EXPORTED).exists()


class TestCsv:
    def test_the_form_of_the_file(self, browse, ingrid, w1):
        answer = export(browse(ingrid), "/cijfers/m1/lijst/", OCTOBER)
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        name = 'attachment; filename="etf_niet_verschenen_lijst_2026-10-01_2026-10-31.csv"'
        assert answer.headers["Content-Disposition"] == name
        assert answer.content.startswith(b"\xef\xbb\xbfDossiernummer;Naam;Dag;Tijd;")
        assert answer.content.endswith(b"\r\n")
        assert not answer.content.endswith(b"\r\n\r\n")
        assert answer.content.count(b"\n") == answer.content.count(b"\r\n") == 25

    def test_dates_and_times_are_local_and_plain(self, browse, ingrid, samira, now):
        make.appointment(
            household=make.household(), counsellor=samira, start="2026-10-26 09:05", outcome="N", reason_id="ill"
        )
        line = rows_of(export(browse(ingrid), "/cijfers/m1/lijst/", OCTOBER))[1]
        assert line[2:4] == ["2026-10-26", "09:05"]
        assert line[-2:] == ["N", "Ziek"]

    def test_in_english_the_file_is_dutch_all_the_same(self, browse, ingrid, w1):
        client = browse(ingrid)
        client.cookies["etf_language"] = "en"
        assert rows_of(export(client, "/cijfers/m1/lijst/", OCTOBER))[0][:4] == [
            "Dossiernummer",
            "Naam",
            "Dag",
            "Tijd",
        ]
        figure = client.get("/cijfers/niet-verschenen/", OCTOBER | {"format": "csv"})
        assert rows_of(figure)[0] == [
            "Uitsplitsing",
            "Naam",
            "Teller",
            "Noemer",
            "Percentage",
            "Van (95%)",
            "Tot (95%)",
        ]
        assert rows_of(figure)[2][1] == "okt 2026"

    @pytest.mark.parametrize(
        "name", ["=1+1", "+31", "-1", "@SUM(A1)", "\tx", "  =x", "＝x", "＋x", "－x", "＠x", "\u3000=x", "\n=x"]
    )
    def test_a_name_is_never_a_formula(self, browse, ingrid, samira, now, name):
        household = make.household()
        Household.objects.filter(pk=household.pk).update(display_name=name)
        make.appointment(household=household, counsellor=samira, start="2026-10-05 10:00", outcome="N")
        line = rows_of(export(browse(ingrid), "/cijfers/m1/lijst/", OCTOBER))[1]
        assert line[1] == "'" + name

    @pytest.mark.parametrize("name", ['Jan; "de" Wit', "Ağca, Özgür", "O'Neil", "A=B", "twee\r\nregels"])
    def test_other_names_come_back_as_they_were(self, browse, ingrid, samira, now, name):
        household = make.household()
        Household.objects.filter(pk=household.pk).update(display_name=name)
        make.appointment(household=household, counsellor=samira, start="2026-10-05 10:00", outcome="N")
        answer = export(browse(ingrid), "/cijfers/m1/lijst/", OCTOBER)
        found = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
        assert found[1][1] == name

    def test_a_figure_has_decimals_with_a_comma_and_none_below_ten(self, browse, ingrid, w1):
        answer = browse(ingrid).get("/cijfers/niet-verschenen/", OCTOBER | {"format": "csv"})
        assert answer.headers["Content-Disposition"].endswith('"etf_niet_verschenen_2026-10-01_2026-10-31.csv"')
        lines = rows_of(answer)
        assert lines[1] == ["Totaal", "", "24", "204", "11,8", "8,0", "16,9"]
        assert ["Locatie", "Vraagwijzer Feijenoord", "24", "204", "11,8", "8,0", "16,9"] in lines

    def test_small_numbers_do_not_leave_the_team(self, browse, everyone, samira, now):
        """W12: 12 of 150, 3 of 60, 9 of 120."""
        for name, missed, whole in (("Feijenoord", 12, 150), ("Charlois", 3, 60), ("Delfshaven", 9, 120)):
            who = samira if name == "Feijenoord" else make.counsellor(at=make.location(name=f"Vraagwijzer {name}"))
            worlds.appointments(who, {"N": missed, "V": whole - missed})
        shared = OCTOBER | {"format": "csv", "sharing": "1"}
        for role, asked in ((Role.SUPERVISOR, shared), (Role.PRIVACY_OFFICER, OCTOBER | {"format": "csv"})):
            lines = rows_of(browse(everyone[role]).get("/cijfers/niet-verschenen/", asked))
            assert ["Locatie", "Vraagwijzer Feijenoord", "12", "150", "8,0", "4,6", "13,5"] in lines
            assert ["Locatie", "Vraagwijzer Charlois", "<5", "60", "–", "–", "–"] in lines
            assert ["Locatie", "Vraagwijzer Delfshaven", "–", "120", "–", "–", "–"] in lines
            assert lines[1] == ["Totaal", "", "24", "330", "7,3", "4,9", "10,6"]
        exact = rows_of(browse(everyone[Role.SUPERVISOR]).get("/cijfers/niet-verschenen/", OCTOBER | {"format": "csv"}))
        assert ["Locatie", "Vraagwijzer Charlois", "3", "60", "5,0", "1,7", "13,7"] in exact


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "extra", "number"),
    [
        ("/cijfers/", {}, 12),
        ("/cijfers/", {"format": "json"}, 9),
        ("/cijfers/niet-verschenen/", {}, 12),
        ("/cijfers/opkomst/", {}, 9),
        ("/cijfers/niet-geregistreerd/", {}, 10),
        ("/cijfers/niet-verschenen/", {"format": "csv"}, 7),
        ("/cijfers/opkomst/", {"format": "csv"}, 7),
        ("/cijfers/m1/lijst/", {"which": "all"}, 12),
        ("/cijfers/m2/lijst/", {"which": "all"}, 13),
    ],
)
def test_a_constant_number_of_queries(browse, ingrid, now, rows, path, extra, number, django_assert_num_queries):
    for place in range(rows):
        who = make.counsellor(name=f"Piet Nummer{place}")
        household = make.household(registered="2026-08-03 09:00", location=who.location, owner=who)
        kind = make.appointment_type(f"K{place}")
        make.appointment(
            household=household, counsellor=who, start=f"2026-0{place + 7}-05 10:00", outcome="N", type=kind
        )
    client, asked = browse(ingrid), {"first": "1-7-2026", "last": "31-10-2026"} | extra
    client.get(path, asked)
    with django_assert_num_queries(number):
        client.get(path, asked)


def test_a_day_of_the_clock_change_counts_once(browse, ingrid, samira, now):
    kind = make.appointment_type("K", minutes=15)
    for start in ("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00", "2026-10-25T23:45"):
        make.appointment(household=make.household(), counsellor=samira, start=start, outcome="N", type=kind)
    day = {"first": "25-10-2026", "last": "25-10-2026", "format": "json"}
    assert browse(ingrid).get("/cijfers/niet-verschenen/", day).json()["denominator"] == 3
    assert dt.date(2026, 10, 25).isoweekday() == 7
