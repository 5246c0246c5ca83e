"""A scenario with exact numbers goes in through the command and comes out right on page, JSON, CSV and list.

`scenarios/figures.json`, by month × counsellor (and location) × talk:

    September  c1 Feijenoord EG   V 10  L 1  N 2  X 1  A1 2  A2 1  E 1  R1 1  R2 1
    September  c2 Charlois   VG   V  9       N 3       A1 1                          walk-in 1
    October    c1 Feijenoord VG   V  8       N 1                                     U 2
    October    c3 Feijenoord EG   V  6  L 1  N 2  X 1              E 1
    October    c2 Charlois   EG   V  5       N 1             A2 1             R2 1   U 1
    November   c1 Feijenoord VG                                                      T 2
    together                      V 38  L 2  N 9  X 2  A1 3  A2 2  E 2  R1 1  R2 2   U 3  T 2  W 1  = 67

M1 = (N + X) / (V + L + N + X) = 11 / 51. M4 = U / (that + U) = 3 / 54. M4b = (N + X + A2 + R2) / (that + A2 + R2) = 15 / 55.

Wilson with z = 1.959964, so z² = 3.841459: limits = (k + z²/2 ± z·√(k(n−k)/n + z²/4)) / (n + z²).

    M1   k 11  n 51   (12.920729 ± 6.068871) / 54.841459  →  0.124939 and 0.346264
    M2   k 11  n 15   (12.920729 ± 3.867490) / 18.841459  →  0.480496 and 0.891025
    M4   k  3  n 54   ( 4.920729 ± 3.817504) / 57.841459  →  0.019073 and 0.151072
    M4b  k 15  n 55   (16.920729 ± 6.752483) / 58.841459  →  0.172808 and 0.402322

M2: 20 households. 1–15 registered on 10 August, ripe; 1–11 had an EG of class V or L in September, 12 only on day 71,
13 never came, 14 has no appointment and 15 only a VG: 11 / 15. 16 died and 17 moved away (on day 60): left out.
18–20 registered on 21 September: not ripe on 2 November.
"""

import csv
import datetime as dt
import io

import pytest

from casework.appointments.models import Appointment
from casework.core import clock
from casework.core.models import User
from tests.exchange.pages import Page
from tests.exchange.worlds import SCENARIOS, appointment, load, world
from tests.reports.export import export
from tests.reports.worlds import W1

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now")]
PERIOD = {"first": "1-8-2026", "last": "30-11-2026"}
EXCLUDED = {"A1": 3, "A2": 2, "E": 2, "R1": 1, "R2": 2, "U": 3, "T": 2, "W": 1}
PAGES = {"m1": "niet-verschenen", "m2": "opkomst", "m4": "niet-geregistreerd"}
# Numerator, denominator, and the limits worked out above.
TOTALS = {
    "m1": (11, 51, 0.124939, 0.346264),
    "m2": (11, 15, 0.480496, 0.891025),
    "m4": (3, 54, 0.019073, 0.151072),
    "m4b": (15, 55, 0.172808, 0.402322),
}
TEXTS = {
    "m1": "21,6% (12,5–34,6) · 11 van 51",
    "m2": "73,3% (48,0–89,1) · 11 van 15",
    "m4": "5,6% (1,9–15,1) · 3 van 54",
    "m4b": "27,3% (17,3–40,2) · 15 van 55",
}
SLICES = {
    "m1": {
        "per_month": {"sep 2026": (6, 26), "okt 2026": (5, 25)},
        "per_location": {"Vraagwijzer Charlois": (4, 18), "Vraagwijzer Feijenoord": (7, 33)},
        "per_type": {"Eerste gesprek": (7, 30), "Voortgangsgesprek": (4, 21)},
        "per_counsellor": {"Samira El Amrani": (4, 23), "Daan Hoekstra": (4, 18), "Bram van der Velde": (3, 10)},
    },
    "m2": {
        "per_month": {"aug 2026": (11, 15)},
        "per_location": {"Vraagwijzer Charlois": (1, 5), "Vraagwijzer Feijenoord": (10, 10)},
    },
    "m4": {
        "per_month": {"sep 2026": (0, 26), "okt 2026": (3, 28)},
        "per_location": {"Vraagwijzer Charlois": (1, 19), "Vraagwijzer Feijenoord": (2, 35)},
        "per_type": {"Eerste gesprek": (1, 31), "Voortgangsgesprek": (2, 23)},
        "per_counsellor": {"Samira El Amrani": (2, 25), "Daan Hoekstra": (1, 19), "Bram van der Velde": (0, 10)},
    },
}
NO_SHOWS = {
    "sf12", "sf13", "sf14", "sc10", "sc11", "sc12", "of09", "oe08", "oe09", "oe10", "oc06",
}  # fmt: skip


@pytest.fixture(scope="class")
def loaded(made_once):
    with made_once(lambda: load(SCENARIOS / "figures.json")):
        yield


@pytest.fixture
def supervisor(loaded, browse):
    return browse(User.objects.get(username="s1"))


def lines(response) -> list[list[str]]:
    """The cells of a CSV answer, without its heading."""
    text = response.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))[1:]


def of_slices(rows: list[dict]) -> dict:
    return {one["label"]: (one["numerator"], one["denominator"]) for one in rows if one["denominator"]}


class TestTheScenario:
    @pytest.mark.parametrize("code", ["m1", "m2", "m4", "m4b"])
    def test_the_page(self, supervisor, code):
        found = Page(supervisor.get(f"/cijfers/{PAGES.get(code, PAGES['m1'])}/", PERIOD)).one(f"figure-{code}")
        numerator, denominator, low, high = TOTALS[code]
        assert (found.attributes["data-num"], found.attributes["data-den"]) == (str(numerator), str(denominator))
        assert float(found.attributes["data-low"]) == pytest.approx(low, abs=1e-6)
        assert float(found.attributes["data-high"]) == pytest.approx(high, abs=1e-6)
        assert found.text == TEXTS[code]

    def test_the_page_says_what_it_rests_on(self, supervisor):
        text = Page(supervisor.get("/cijfers/niet-verschenen/", PERIOD)).text
        # Bounds: 11 / 54 and (11 + 3) / 54; 3 of 54 unrecorded is over 5%.
        assert "tussen 20,4% en 25,9%" in text
        assert "Voorlopig" in text
        assert "8 huishoudens" in text
        assert "2 verontschuldigd" in text

    def test_the_overview_shows_the_same_numbers(self, supervisor):
        page = Page(supervisor.get("/cijfers/", PERIOD))
        for code in PAGES:
            found = page.one(f"figure-{code}").attributes
            assert (found["data-num"], found["data-den"]) == tuple(map(str, TOTALS[code][:2]))

    @pytest.mark.parametrize("code", PAGES)
    def test_json(self, supervisor, code):
        found = supervisor.get(f"/cijfers/{PAGES[code]}/", PERIOD | {"format": "json"}).json()
        numerator, denominator, low, high = TOTALS[code]
        assert (found["numerator"], found["denominator"]) == (numerator, denominator)
        assert found["value"] == pytest.approx(numerator / denominator, abs=1e-12)
        assert (found["low"], found["high"]) == (pytest.approx(low, abs=5e-7), pytest.approx(high, abs=5e-7))
        assert found["excluded"] == {"m1": EXCLUDED, "m2": {"unripe": 3, "left": 2}}.get(code, found["excluded"])
        for name, slices in SLICES[code].items():
            assert of_slices(found[name]) == slices

    def test_json_of_m1_beside_it(self, supervisor):
        found = supervisor.get("/cijfers/niet-verschenen/", PERIOD | {"format": "json"}).json()
        assert (found["excused"], found["unrecorded"], found["households"], found["provisional"]) == (2, 3, 8, True)
        assert found["bounds"] == [pytest.approx(11 / 54), pytest.approx(14 / 54)]
        assert {code: (one["numerator"], one["denominator"]) for code, one in found["others"].items()} == {
            "m4": (3, 54),
            "m4b": (15, 55),
        }

    @pytest.mark.parametrize("code", PAGES)
    def test_csv(self, supervisor, code):
        rows = lines(supervisor.get(f"/cijfers/{PAGES[code]}/", PERIOD | {"format": "csv"}))
        numerator, denominator, low, high = TOTALS[code]
        kind, _name, *numbers = rows[0]
        shares = [float(cell.replace(",", ".")) for cell in numbers[2:]]
        assert (kind, numbers[:2]) == ("Totaal", [str(numerator), str(denominator)])
        assert shares == [pytest.approx(share * 100, abs=0.051) for share in (numerator / denominator, low, high)]
        headings = {
            "per_month": "Maand",
            "per_location": "Locatie",
            "per_type": "Gesprek",
            "per_counsellor": "Trajectbegeleider",
        }
        for name, slices in SLICES[code].items():
            found = {row[1]: (int(row[2]), int(row[3])) for row in rows if row[0] == headings[name] and row[3] != "0"}
            assert found == slices

    @pytest.mark.parametrize(
        ("filters", "pair"),
        [
            ({"location": "CHA"}, (4, 18)),
            ({"type": "EG"}, (7, 30)),
            ({"talks": "first"}, (7, 30)),
            ({"location": "FEI", "type": "VG"}, (1, 9)),
            ({"first": "1-10-2026", "last": "31-10-2026"}, (5, 25)),
            ({"first": "1-11-2026"}, (0, 0)),
        ],
    )
    def test_filters(self, supervisor, filters, pair):
        asked = PERIOD | filters | {"format": "json"}
        found = supervisor.get("/cijfers/niet-verschenen/", asked).json()
        assert (found["numerator"], found["denominator"]) == pair
        listed = lines(export(supervisor, "/cijfers/m1/lijst/", asked))
        assert len(listed) == pair[0]

    def test_the_list_behind_m1_has_exactly_those_rows(self, supervisor):
        page = Page(supervisor.get("/cijfers/m1/lijst/", PERIOD))
        rows = page.all("row")
        assert page.one("figure-list").attributes["data-count"] == "11"
        assert len(rows) == 11
        keys = {int(link.split("/")[2]) for row in rows for link in row.links if link.startswith("/afspraken/")}
        assert set(Appointment.objects.filter(pk__in=keys).values_list("reference", flat=True)) == NO_SHOWS

    @pytest.mark.parametrize(("which", "number"), [("denominator", 51), ("all", 67), *EXCLUDED.items()])
    def test_the_other_lists_of_m1(self, supervisor, which, number):
        asked = PERIOD | {"which": which}
        page = Page(supervisor.get("/cijfers/m1/lijst/", asked))
        assert page.one("figure-list").attributes["data-count"] == str(number)
        rows = lines(export(supervisor, "/cijfers/m1/lijst/", asked))
        assert len(rows) == number
        if which in EXCLUDED:
            assert {row[7] for row in rows} == {which}

    @pytest.mark.parametrize(
        ("code", "which", "homes"),
        [
            ("m2", "numerator", range(1, 12)),
            ("m2", "denominator", range(1, 16)),
            ("m2", "unripe", range(18, 21)),
            ("m2", "left", range(16, 18)),
            ("m4", "numerator", (4, 10, 11)),
        ],
    )
    def test_the_lists_behind_m2_and_m4(self, supervisor, code, which, homes):
        rows = lines(export(supervisor, f"/cijfers/{code}/lijst/", PERIOD | {"which": which}))
        assert sorted(row[0] for row in rows) == [f"ETF-2026-{home:06}" for home in homes]


def test_w1_through_a_scenario(browse, loading):
    """The worked example: 250 appointments of one month at one location."""
    rows, told = [], {"1": dt.timedelta(hours=24), "2": dt.timedelta(hours=2)}
    first = clock.at(dt.date(2026, 10, 1), dt.time(8))
    for letter in (letter for letter, number in W1.items() for _time in range(number)):
        start = first + dt.timedelta(days=len(rows) // 10, hours=len(rows) % 10)
        fields = {"ref": f"w{len(rows)}", "outcome": letter[:1] or None}
        if letter[1:]:
            fields["told"] = (start - told[letter[1:]]).isoformat()
        rows.append(appointment(start.isoformat(), **fields))
    data = world(appointments=rows)
    data["staff"].append({"username": "s1", "role": "supervisor"})
    assert "appointments: 250 made" in loading(data)
    asked = {"first": "1-10-2026", "last": "31-10-2026"}
    client = browse(User.objects.get(username="s1"))
    page = Page(client.get("/cijfers/niet-verschenen/", asked))
    texts = {code: page.one(f"figure-{code}").text for code in ("m1", "m4", "m4b")}
    assert texts == {
        "m1": "11,8% (8,0–16,9) · 24 van 204",
        "m4": "2,9% (1,3–6,1) · 6 van 210",
        "m4b": "16,7% (12,3–22,2) · 36 van 216",
    }
    listed = export(client, "/cijfers/m1/lijst/", asked | {"which": "all"})
    assert len(lines(listed)) == 250
