"""Who was merged or has no name any more is found as the household that is left, or not at all (S05, R-53, R-61)."""

import pytest

from casework.appointments import actions
from casework.core.actions import audit
from casework.core.models import AuditKind
from casework.households.models import Household, SearchTerm, quick_find
from tests import make

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def merged(ingrid, now):
    """Fatou, who was registered twice: 101 stayed, 202 went."""
    stays, goes = (make.household(given="Fatou", surname="Ndiaye") for _number in range(2))
    for one, number in ((stays, "ETF-2026-000101"), (goes, "ETF-2026-000202")):
        Household.objects.filter(pk=one.pk).update(case_number=number)
        one.refresh_from_db()
    actions.merge_households(one=stays, other=goes, takes=[], reason="Dubbel", by=ingrid, now=now)
    return stays


@pytest.fixture
def anonymised(now):
    row = make.household(given="Henk", surname="Klaar", closed_on=now.date(), exit_reason="Afgerond")
    Household.objects.filter(pk=row.pk).update(
        case_number="A-0a0b0c7777", anonymised_on=now.date(), search_name="", sort_name="", display_name="",
        location=None, came_through="", city="", language="nl", channel="",
    )  # fmt: skip
    return row


@pytest.mark.parametrize("typed", ["ETF-2026-000202", "etf-2026-0002", "000202", "202"])
def test_an_old_number_finds_who_is_left_and_says_so(merged, browse, joris, now, typed):
    client = browse(joris)
    for path in ("/zoek/", "/huishoudens/"):
        page = client.get(path, {"q": typed}).content.decode()
        assert "samengevoegd met ETF-2026-000202" in page, path
        assert merged.case_number in page
    assert quick_find(SearchTerm.all_from(typed, today=now.date())).number == 1


@pytest.mark.parametrize("typed", ["ndiaye", "ETF-2026-000101", "101"])
def test_who_is_not_looked_for_by_it_is_shown_without(merged, browse, joris, typed):
    for path in ("/zoek/", "/huishoudens/"):
        assert "samengevoegd met" not in browse(joris).get(path, {"q": typed}, follow=True).content.decode(), path


def test_counts_leave_them_out(merged, anonymised, browse, joris, now):
    client = browse(joris)
    for typed in ("etf-", "ndiaye", "a-0a0b0c7777", "7777"):
        number = 0 if "7777" in typed else 1
        assert quick_find(SearchTerm.all_from(typed, today=now.date())).number == number, typed
        assert len(client.get("/zoek/", {"q": typed}).context["hits"]) == number, typed
        page = client.get("/huishoudens/", {"q": typed, "state": ""})
        assert (page.context["number"], page.context["total"]) == (number, 1), typed
    assert client.get("/huishoudens/", {"state": ""}).context["number"] == 1


def test_the_last_five_leave_them_out(merged, anonymised, browse, joris, now):
    for row in Household.objects.order_by("pk"):
        audit(by=joris, now=now, action="view_household", on=row, kind=AuditKind.VIEWED)
    assert [one.household for one in browse(joris).get("/zoek/").context["hits"]] == [merged]
