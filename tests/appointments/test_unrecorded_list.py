"""What still has to be recorded, as a list one can look through (S11, R-100, R-101)."""

import html
import re

import pytest

from casework.appointments.models import Appointment
from tests import make

URL = "/afspraken/te-registreren/"
NONSENSE = ["\x00", "zzz", "99999999999999999999", "-1", "９", "31-12-9999"]
pytestmark = pytest.mark.usefixtures("now", "rows")


@pytest.fixture
def rows(samira, feijenoord):
    """Two of Samira's at Feijenoord, one of a colleague elsewhere."""
    there = make.counsellor(at=make.location("CHA"))
    for given, who, start in (("Bea", samira, "2026-10-29 10:00"), ("Aart", samira, "2026-10-30 10:00"),
                              ("Dirk", there, "2026-10-27 10:00")):  # fmt: skip
        make.appointment(household=make.household(given=given, surname=given), counsellor=who, start=start)


def names(page) -> list[str]:
    return re.findall(r'<th scope="row"><a[^>]*>(\w+) ', page.content.decode())


def words(page) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.content.decode())).split())


def test_the_own_ones_are_a_filter_that_one_can_take_away(browse, samira):
    client = browse(samira.user)
    page = client.get(URL)
    assert names(page) == ["Bea", "Aart"]
    assert "Trajectbegeleider: Samira El Amrani" in words(page)
    assert names(client.get(URL + page.context["chips"][0]["without"])) == ["Dirk", "Bea", "Aart"]
    assert names(client.get(URL + page.context["clear"])) == ["Dirk", "Bea", "Aart"]


def test_a_filter_stays_when_one_sorts_and_the_sort_when_one_filters(browse, joris):
    client = browse(joris)
    page = client.get(URL, {"location": "", "sort": "name", "size": "100"})
    assert names(page) == ["Aart", "Bea", "Dirk"]
    text = page.content.decode()
    assert '<th scope="col" aria-sort="ascending"><a href="?location=&amp;sort=-name&amp;size=100">' in text
    assert '<input type="hidden" name="sort" value="name">' in text
    assert "3 afspraken zonder uitkomst" in words(page)
    assert "oudste eerst" not in words(page)
    assert names(client.get(URL, {"location": "CHA"})) == ["Dirk"]


def test_an_empty_answer_names_its_filters(browse, joris, samira):
    page = browse(joris).get(URL, {"location": "CHA", "counsellor": samira.pk})
    assert "Niets gevonden met deze filters: Trajectbegeleider: Samira El Amrani; Locatie: " in words(page)
    assert page.context["clear"] == "?location=&counsellor="


@pytest.mark.parametrize("name", ["location", "counsellor"])
@pytest.mark.parametrize("value", NONSENSE)
def test_nonsense_is_left_out_with_a_notice(browse, ingrid, name, value):
    page = browse(ingrid).get(URL, {name: value, "sort": value})
    assert "Een deel van het filter is niet begrepen en telt niet mee." in words(page)
    assert len(names(page)) == 3


def test_who_records_comes_back_to_the_same_place(browse, ingrid):
    client = browse(ingrid)
    page = client.get(URL, {"sort": "-name", "size": "50"}).content.decode()
    link = html.unescape(re.search(r'href="([^"]*next=unrecorded[^"]*)"', page)[1])
    form = client.get(link).content.decode()
    assert '<input type="hidden" name="back" value="sort=-name&amp;size=50">' in form
    key = Appointment.objects.order_by("starts_at").values_list("pk", flat=True)[0]
    typed = {"outcome": "V", "next": "unrecorded", "back": "sort=-name&size=50"}
    assert client.post(f"/afspraken/{key}/aanwezigheid/", typed).url == f"{URL}?sort=-name&size=50"
