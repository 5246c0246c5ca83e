"""Getting in with a password: the right one, the wrong one, and once too often (R-98); and the pages when one may not."""

import re

from playwright.sync_api import Page, expect

from casework.core.models import Role
from tests import make
from tests.stories import checks

WRONG = re.compile("gebruikersnaam|wachtwoord", re.IGNORECASE)


def log_in(page: Page, password: str) -> None:
    page.get_by_label("Gebruikersnaam").fill("joris")
    page.get_by_label("Wachtwoord", exact=True).fill(password)
    page.get_by_role("button", name="Inloggen", exact=True).click()


def test_after_login_the_page_that_was_asked_for(people, visit):
    page = visit(None)
    page.goto("/agenda/")
    expect(page.get_by_label("Gebruikersnaam")).to_be_focused()
    page.keyboard.type("joris")
    page.keyboard.press("Tab")
    page.keyboard.type(make.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Agenda")
    expect(page.get_by_role("link", name="Joris de Wit")).to_be_visible()


def test_a_wrong_password_is_said_without_saying_which(people, visit):
    page = visit(None)
    page.goto("/inloggen/")
    log_in(page, "mis")
    expect(page.get_by_role("alert")).to_contain_text(WRONG)
    expect(page).to_have_title(re.compile("^Fout: "))
    expect(page.get_by_label("Gebruikersnaam")).to_have_value("joris")
    faults = checks.axe(page) + checks.frame(page)
    assert not faults, faults


def test_the_sixth_time_in_a_quarter_of_an_hour_waits(people, visit):
    page = visit(None, script=False)
    page.goto("/inloggen/")
    for _attempt in range(5):
        log_in(page, "mis")
        expect(page.get_by_role("alert")).to_contain_text(WRONG)
    log_in(page, make.PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text(re.compile("probeer|wacht", re.IGNORECASE))
    expect(page.get_by_role("navigation", name="Hoofdmenu")).to_have_count(0)


def test_the_password_can_be_read_back(people, visit):
    page = visit(None)
    page.goto("/inloggen/")
    page.get_by_label("Wachtwoord", exact=True).fill("zichtbaar")
    page.get_by_role("button", name="Toon wachtwoord").click()
    expect(page.get_by_label("Wachtwoord", exact=True)).to_have_attribute("type", "text")


def test_pages_for_when_something_is_wrong(filled, visit, visits):
    """No access and not found: in words, in the same frame, without a hint of what exists (S29)."""
    page = visit(Role.DESK)
    for address, status, heading in (
        ("/cijfers/", 403, "U heeft geen toegang"),
        ("/huishoudens/ETF-2026-000000/", 404, "Pagina niet gevonden"),
    ):
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        faults = checks.axe(page) + checks.frame(page) + checks.reflow(page, 320)
        assert not faults, faults
        visits.forgive(status)
