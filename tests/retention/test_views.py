"""The page of retention and the legal hold: numbers and dates, never a name."""

import datetime as dt

import pytest
from django.urls import reverse

from casework.core.models import Role
from casework.households.models import ExitReason
from casework.retention.actions import retain
from casework.retention.models import LegalHold
from tests import make

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 2)


def closed(on: dt.date, **fields):
    return make.household(closed_on=on, exit_reason=ExitReason.COMPLETED, surname="Vreemdeling", **fields)


@pytest.fixture(params=[Role.SUPERVISOR, Role.PRIVACY_OFFICER])
def keeper(request, now, everyone, browse):
    return browse(everyone[request.param])


def test_who_goes_within_thirty_days_stands_on_the_page(keeper):
    soon, later = closed(dt.date(2021, 12, 1)), closed(dt.date(2021, 12, 2))
    page = keeper.get(reverse("retention")).content.decode()
    assert soon.case_number in page
    assert "wo 2 dec" in page
    assert later.case_number not in page
    assert "Vreemdeling" not in page


def test_with_nothing_to_show_the_page_says_so(keeper):
    page = keeper.get(reverse("retention")).content.decode()
    for words in ("geen huishouden geanonimiseerd", "Geen huishouden wordt langer bewaard", "nog niets vernietigd"):
        assert words in page


def test_a_household_is_kept_and_let_go_again(keeper):
    household = closed(dt.date(2021, 11, 10))
    door = reverse("legal_hold", args=[household.case_number])
    assert "geanonimiseerd op" in keeper.get(door).content.decode()
    refused = keeper.post(door, {"reason": " "})
    assert "Schrijf waarom" in refused.content.decode()
    too_long = "Klacht " * 40
    assert too_long.strip() in keeper.post(door, {"reason": too_long}).content.decode()
    assert not LegalHold.objects.exists()
    assert keeper.post(door, {"reason": "Beroep loopt"}).status_code == 302
    page = keeper.get(reverse("retention")).content.decode()
    assert page.count('data-test="held"') == 1
    assert 'data-test="going"' not in page
    assert "Beroep loopt" in keeper.get(door).content.decode()
    assert keeper.post(reverse("lift_legal_hold", args=[household.case_number])).status_code == 302
    assert 'data-test="going"' in keeper.get(reverse("retention")).content.decode()


def test_the_log_stands_below(keeper):
    household = closed(dt.date(2021, 10, 1))
    retain(now=make.moment("2026-11-02 03:00"), today=TODAY)
    page = keeper.get(reverse("retention")).content.decode()
    assert page.count('data-test="destruction"') == 1
    household.refresh_from_db()
    assert household.case_number in page
    assert keeper.get(reverse("legal_hold", args=[household.case_number])).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_has_as_many_queries_with_more_rows(number, now, ingrid, browse, django_assert_num_queries):
    for day in range(number):
        closed(dt.date(2021, 11, 10 + day))
        closed(dt.date(2021, 11, 10 + day), legal_hold=True)
        closed(dt.date(2021, 10, 1 + day))
    retain(now=make.moment("2026-11-02 03:00"), today=TODAY)
    client = browse(ingrid)
    with django_assert_num_queries(9):
        client.get(reverse("retention"))


def test_an_unknown_number_is_not_found(keeper):
    assert keeper.get(reverse("legal_hold", args=["ETF-2026-999999"])).status_code == 404
    assert keeper.post(reverse("lift_legal_hold", args=["ETF-2026-999999"])).status_code == 404
