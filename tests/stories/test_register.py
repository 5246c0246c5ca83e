"""Registering (S06): who somebody may be is said while one types; rows for members; groups that fold on a phone."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from casework.core.models import AuditEntry, Role
from casework.households.models import Household
from tests import make
from tests.stories import checks
from tests.stories.conftest import PHONE
from tests.stories.hands import button, fill_in, said

ADDRESS = "/huishoudens/aanmelden/"


@pytest.fixture
def fatou(people) -> Household:
    return make.household(given="Fatou", surname="Ndiaye", born=dt.date(1984, 5, 17), mobile="+31611111111")


def test_a_candidate_is_said_on_leaving_the_date_of_birth(fatou, visit):
    page = visit(Role.DESK)
    page.goto(ADDRESS)
    fill_in(page, given_names="Awa", surname="Ndiaye", born="17-5-1984")
    page.keyboard.press("Tab")
    alike = page.locator("#alike")
    expect(alike).to_contain_text("Deze persoon is misschien al aangemeld.")
    expect(alike.get_by_role("link")).to_have_attribute("href", f"/huishoudens/{fatou.case_number}/")
    faults = {ADDRESS: checks.axe(page) + checks.frame(page) + checks.reflow(page, 360) + checks.axe(page)}
    faults[ADDRESS] += checks.reflow(page, 320)
    assert not checks.report(faults), checks.report(faults)
    page.set_viewport_size({"width": 1280, "height": 800})
    fill_in(page, born="18-5-1984", mobile="06 11111111")
    page.keyboard.press("Tab")
    expect(alike).to_contain_text("Hetzelfde telefoonnummer of adres")
    expect(alike).not_to_contain_text("misschien al aangemeld")
    assert page.evaluate("location.pathname + location.search") == ADDRESS, "nothing typed stands in an address"
    assert AuditEntry.objects.filter(kind="searched").count() >= 2


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_another_member_by_a_plain_button(people, visit, script):
    page = visit(Role.DESK, script=script)
    page.goto(ADDRESS)
    fill_in(page, given_names="Jan", surname="de Wit", mobile="06 55555555")
    button(page, "Nog een lid toevoegen").click()
    expect(page.get_by_label("Voornaam van lid 1")).to_be_focused()
    fill_in(page, member1_given_names="Awa", member1_born="1-2-2015")
    button(page, "Nog een lid toevoegen").click()
    expect(page.get_by_label("Voornaam van lid 1")).to_have_value("Awa")
    if script:
        faults = {ADDRESS: checks.axe(page) + checks.reflow(page, 320) + checks.axe(page)}
        assert not checks.report(faults), checks.report(faults)
    button(page, "Alleen aanmelden").click()
    expect(said(page).first).to_contain_text("Jan de Wit is aangemeld")
    assert [str(one) for one in Household.objects.get().members.all()] == ["Jan de Wit", "Awa"]


def test_on_a_phone_a_group_that_is_filled_in_folds(people, visit):
    page = visit(Role.DESK, size=PHONE)
    page.goto(ADDRESS)
    fill_in(page, given_names="Jan", surname="de Wit")
    page.get_by_label("Mobiel nummer").focus()
    who = page.locator("details.etf-section").first
    expect(who).not_to_have_attribute("open", "")
    expect(who.locator("summary")).to_contain_text("Jan, de Wit")
    expect(page.get_by_label("Mobiel nummer")).to_be_focused()
    faults = {ADDRESS: checks.axe(page) + checks.reflow(page, 320)}
    assert not checks.report(faults), checks.report(faults)
    who.locator("summary").click()
    expect(page.get_by_label("Achternaam", exact=True)).to_be_visible()


def test_on_a_phone_what_is_found_comes_in_sight(fatou, visit):
    page = visit(Role.DESK, size=PHONE)
    page.goto(ADDRESS)
    fill_in(page, given_names="Awa", surname="Ndiaye", born="17-5-1984")
    page.keyboard.press("Tab")
    expect(page.locator("#alike").get_by_role("link")).to_be_in_viewport()
    page.wait_for_timeout(500)
    expect(page.locator("#alike").get_by_role("link")).to_be_in_viewport()
    expect(page.get_by_label("Mobiel nummer")).to_be_in_viewport()


def test_a_group_with_something_missing_stays_open_and_without_script_all_do(people, visit):
    page = visit(Role.DESK, size=PHONE)
    page.goto(ADDRESS)
    fill_in(page, given_names="Jan")
    page.get_by_label("Mobiel nummer").focus()
    page.wait_for_timeout(500)
    expect(page.locator("details.etf-section:not([open])")).to_have_count(0)
    plain = visit(Role.DESK, size=PHONE, script=False)
    plain.goto(ADDRESS)
    expect(plain.locator("details.etf-section:not([open])")).to_have_count(0)
    expect(plain.locator("details.etf-section > summary").first).to_be_hidden()
