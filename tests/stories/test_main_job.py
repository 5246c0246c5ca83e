"""The main job, end to end: register, book, remind, receive, record, and the figure that the supervisor reads."""

import re

import pytest
from playwright.sync_api import Page, expect

from casework.appointments import actions
from casework.appointments.models import Appointment
from casework.core import clock
from casework.core.models import Role
from casework.households.models import Household
from tests import make
from tests.stories.hands import button, said


def register(page: Page) -> None:
    """Özgür Yılmaz has a mobile telephone, and no more is asked."""
    page.goto("/")
    page.get_by_role("link", name="Nieuw huishouden").click()
    page.get_by_label("Voornaam", exact=True).fill("Özgür")
    page.get_by_label("Achternaam", exact=True).fill("Yılmaz")
    page.get_by_label("Geboortedatum (niet verplicht)").fill("17-5-84")
    page.get_by_label("Mobiel nummer").fill("06 87654321")
    button(page, "Aanmelden en afspraak maken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Afspraak maken")


def book_tuesday_afternoon(page: Page) -> None:
    """The finder is filled in; the clerk only looks at another day."""
    expect(page.get_by_role("radio").first).to_be_checked()
    expect(page.get_by_text("Sms naar 06 87 65 43 21")).to_be_visible()
    page.get_by_role("radio", name=re.compile("di 3 nov 13.00")).check()
    button(page, "Afspraak vastleggen").click()
    expect(said(page)).to_contain_text("De afspraak staat vast")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_registration_to_the_figure(script, people, visit, at):
    desk = visit(Role.DESK, script=script)
    register(desk)
    book_tuesday_afternoon(desk)
    expect(desk.get_by_role("heading", level=1)).to_have_text("dinsdag 3 november 13.00")

    at("2026-11-02T09:05:00")
    actions.send_due_messages(now=clock.now())
    at("2026-11-03T08:01:00")
    actions.send_due_messages(now=clock.now())
    check_the_outbox(desk)

    at("2026-11-03T12:56:00")
    counsellor = visit(Role.COUNSELLOR, script=script)
    receive_and_record(counsellor, at)

    missed_by_nine_others(people)
    at("2026-11-04T09:00:00")
    read_the_figure(visit(Role.SUPERVISOR, script=script))


def check_the_outbox(page: Page) -> None:
    """What would have been sent stands on a page, with the words that the resident reads."""
    page.goto("/")
    page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name="Berichten").click()
    reminder = page.get_by_role("row").filter(has_text="Herinnering, dezelfde dag")
    expect(reminder).to_contain_text("Verzonden")
    reminder.get_by_role("link", name="Herinnering, dezelfde dag").click()
    expect(page.get_by_role("main")).to_contain_text("13.00")
    expect(page.get_by_role("main")).not_to_contain_text(re.compile("schuld", re.IGNORECASE))


def receive_and_record(page: Page, at) -> None:
    page.goto("/")
    page.get_by_role("button", name=re.compile("Melden: Özgür Yılmaz, 13.00 uur")).click()
    expect(said(page)).to_contain_text("Özgür Yılmaz")
    expect(page.get_by_text("wacht sinds 12.56")).to_be_visible()
    at("2026-11-03T14:00:00")
    page.reload()
    page.get_by_label(re.compile("^Registreer aanwezigheid: Özgür Yılmaz")).click()
    page.get_by_role("button", name="Verschenen", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="Yılmaz")).to_contain_text("Verschenen")
    expect(page.get_by_role("heading", name="Te registreren: 0")).to_be_visible()


def missed_by_nine_others(people) -> None:
    """Below ten appointments there is no percentage; with these it is 3 of 10."""
    for day, outcome in enumerate(("N", "N", "X", "V", "V", "V", "V", "L", "V")):
        household = make.household(given="Ander", surname=f"Huishouden{day}", owner=people.samira)
        make.appointment(
            household=household, counsellor=people.samira, start=f"2026-10-{12 + day} 10:00", outcome=outcome
        )


def read_the_figure(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name="Team").click()
    page.get_by_role("main").get_by_role("link", name="Cijfers", exact=True).click()
    page.get_by_role("link", name="Niet verschenen", exact=True).click()
    expect(page.get_by_test_id("figure-m1")).to_have_attribute("data-num", "3")
    expect(page.get_by_test_id("figure-m1")).to_have_attribute("data-den", "10")
    expect(page.get_by_role("main")).to_contain_text("30")
    page.get_by_role("link", name="Bekijk lijst", exact=True).click()
    expect(page.get_by_test_id("row")).to_have_count(3)
    page.get_by_role("link", name="Exporteren als CSV").click()
    page.locator("[name=purpose]").fill("Opkomst van oktober nagaan")
    with page.expect_download() as download:
        page.get_by_role("main").locator("button.btn-primary").click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == 1 + 3
    assert "Huishouden0" in "".join(lines)


def test_keyboard_only_within_the_budget(people, visit):
    """A known household from quick find to confirmation, at most 25 inputs (look.md 6.12, nr. 6)."""
    known = make.household(
        given="Jan", prefix="van den", surname="Berg", owner=people.samira, location=people.feijenoord
    )
    make.term(known, "first_talk", "2026-11-02", "2026-11-30")
    page = visit(Role.DESK)
    page.goto("/")
    inputs = press(page, "Control+k", *"berg", "Control+Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
    inputs += press(page, "Enter")
    expect(said(page)).to_contain_text("De afspraak staat vast")
    assert Appointment.objects.get().starts_at == make.moment("2026-11-02 09:15")
    assert inputs <= 25


def press(page: Page, *keys: str) -> int:
    for key in keys:
        page.keyboard.press(key)
    return len(keys)


def tab_to(page: Page, role: str, name) -> int:
    """Presses Tab until that one has focus; how often."""
    target = page.get_by_role(role, name=name, exact=True)
    for number in range(1, 60):
        page.keyboard.press("Tab")
        if target.evaluate("one => one === document.activeElement"):
            return number
    raise AssertionError(f"{name} cannot be reached by Tab")


def test_registration_by_keyboard_only(people, visit):
    """From Tab to Tab in the order of reading; Space and the arrows do the rest."""
    page = visit(Role.DESK)
    page.goto("/huishoudens/aanmelden/")
    for label, text in (
        ("Voornaam", "Jana"),
        ("Achternaam", "Nováková"),
        ("Mobiel nummer (niet verplicht)", "0612345678"),
    ):
        tab_to(page, "textbox", label)
        page.keyboard.type(text)
    tab_to(page, "button", "Aanmelden en afspraak maken")
    press(page, "Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
    press(page, "ArrowDown")
    expect(page.get_by_role("radio").nth(1)).to_be_checked()
    tab_to(page, "button", "Afspraak vastleggen")
    press(page, "Enter")
    expect(said(page)).to_contain_text("De afspraak staat vast")
    assert Household.objects.get().display_name == "Jana Nováková"
