"""Quick find by keyboard alone, with a screen reader's eyes, on a phone, and when the server is slow (S05)."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from casework.core.models import Role
from casework.households.models import Household
from tests import make
from tests.stories import checks
from tests.stories.conftest import PHONE


@pytest.fixture
def bergs(people) -> list[Household]:
    made = [
        make.household(given=given, prefix=prefix, surname=surname, location=people.feijenoord, owner=people.samira,
                       born=dt.date(1984, 5, 17))
        for given, prefix, surname in (("Jan", "van den", "Berg"), ("Ans", "", "Bergman"), ("Piet", "", "IJsberg"))
    ]  # fmt: skip
    make.appointment(household=made[0], counsellor=people.samira, start="2026-11-02 09:30")
    return made


def field(page: Page):
    return page.get_by_role("combobox", name=re.compile("^Naam, geboortedatum"))


def options(page: Page):
    return page.get_by_role("listbox", name="Huishoudens").get_by_role("option")


def test_ctrl_k_a_few_letters_an_arrow_and_enter(bergs, visit):
    page = visit(Role.DESK)
    page.goto("/agenda/")
    page.keyboard.press("Control+k")
    expect(field(page)).to_be_focused()
    page.keyboard.type("berg")
    expect(options(page)).to_have_count(3)
    expect(field(page)).to_have_attribute("aria-expanded", "true")
    expect(options(page).first.locator("strong")).to_have_text("Berg")
    page.keyboard.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    expect(field(page)).to_have_attribute("aria-activedescendant", "find-hit-1")
    assert checks.axe(page) == []
    page.keyboard.press("ArrowDown")
    expect(options(page).nth(1)).to_have_attribute("aria-selected", "true")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ans Bergman")
    page.keyboard.press("Control+k")
    expect(page.locator("#find-panel").get_by_text("Laatst geopend")).to_be_visible()
    expect(options(page)).to_have_count(1)


def test_ctrl_enter_books_for_the_first_hit_before_it_is_even_shown(bergs, visit):
    page = visit(Role.DESK)
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("bergman")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Afspraak maken")
    assert bergs[1].case_number in page.url


def test_melden_stands_with_who_can_be_checked_in(bergs, visit):
    page = visit(Role.DESK)
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("berg")
    actions = page.get_by_role("group", name="Acties voor het gekozen huishouden")
    check_in = actions.get_by_role("button", name="Melden")
    expect(check_in).to_be_visible()
    page.keyboard.press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    expect(check_in).to_be_hidden()
    page.keyboard.press("ArrowDown")
    check_in.click()
    expect(page.get_by_role("status").filter(has_text="Jan van den Berg")).to_be_visible()


def test_escape_closes_and_gives_the_focus_back(bergs, visit):
    page = visit(Role.DESK)
    page.goto("/huishoudens/")
    filters = page.get_by_role("button", name="Filter toepassen")
    filters.focus()
    page.keyboard.press("Control+k")
    page.keyboard.type("berg")
    expect(options(page)).to_have_count(3)
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(filters).to_be_focused()


def test_nobody_found_leads_to_a_registration_with_what_was_typed(people, visit):
    page = visit(Role.DESK)
    page.goto("/")
    field(page).click()
    page.keyboard.type("Ağca")
    panel = page.locator("#find-panel")
    expect(panel).to_contain_text("Niets gevonden voor ‘Ağca’")
    assert checks.axe(page) == []
    panel.get_by_role("link", name="Nieuw huishouden").click()
    expect(page.get_by_label("Achternaam").first).to_have_value("Ağca")


def test_a_slow_answer_is_said_and_can_be_asked_again(bergs, visits, visit):
    page = visit(Role.DESK)
    page.goto("/")
    answers = []
    # Taking the route away would let go what waits, and its answer might come before the press.
    page.route("**/zoek/*", lambda route: route.continue_() if answers else None)
    field(page).click()
    page.keyboard.type("berg")
    panel = page.locator("#find-panel")
    expect(panel.get_by_text("Zoeken duurt langer dan gewoonlijk.")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="langer dan gewoonlijk")).to_be_attached()
    answers.append("come again")
    panel.get_by_role("button", name="Opnieuw").click()
    expect(options(page)).to_have_count(3)
    expect(panel.get_by_role("button", name="Opnieuw")).to_be_hidden()


def test_on_a_phone_it_takes_the_screen(bergs, visit):
    page = visit(Role.DESK, size=PHONE, has_touch=True)
    page.goto("/")
    field(page).click()
    page.keyboard.type("berg")
    expect(options(page)).to_have_count(3)
    keypad = page.get_by_role("button", name="Cijfertoetsen")
    keypad.click()
    expect(field(page)).to_have_attribute("inputmode", "numeric")
    assert checks.axe(page) == []
    page.get_by_role("button", name="Sluiten").click()
    expect(options(page)).to_have_count(0)
    page.set_viewport_size({"width": 320, "height": 640})
    field(page).click()
    expect(options(page)).to_have_count(3)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    options(page).nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ans Bergman")


def test_without_javascript_the_field_leads_to_the_list(bergs, visit):
    page = visit(Role.DESK, script=False)
    page.goto("/")
    page.get_by_role("searchbox").fill("bergman")
    page.get_by_role("search").get_by_role("button", name="Zoeken").click()
    expect(page.get_by_role("table")).to_contain_text("Ans Bergman")
