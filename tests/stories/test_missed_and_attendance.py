"""Whom we missed (S12) and who came (S11): by keyboard, several at once, taken back, and without a connection."""

import re

import pytest
from playwright.sync_api import Page, expect

from casework.appointments import actions
from casework.appointments.models import Appointment, FollowUp
from casework.core import clock
from casework.core.models import Role
from casework.households.models import ContactAttempt
from tests import make
from tests.stories.hands import button, said
from tests.stories.test_desk_day import BOTH
from tests.stories.test_main_job import press


@pytest.fixture
def missed(people) -> list[FollowUp]:
    """Three whom Samira missed last week, the oldest first."""
    rows = []
    for day, name in ((27, "Anna"), (28, "Bea"), (29, "Carl")):
        home = make.household(given=name, surname="Gemist", owner=people.samira, location=people.feijenoord)
        row = make.appointment(
            household=home, counsellor=people.samira, start=f"2026-10-{day} 10:00", outcome="N", reason_id="forgotten"
        )
        rows.append(make.follow_up(row))
    return rows


def menu(page: Page, name: str):
    return page.get_by_label(f"Actie: {name} Gemist", exact=True)


# The list of whom we missed


@BOTH
def test_called_by_keyboard_goes_on_to_the_next_row(script, people, missed, visit):
    """Enter opens the menu of the row; after *Gebeld* the focus is on the next one."""
    page = visit(Role.COUNSELLOR, script=script)
    page.goto("/gemist/")
    menu(page, "Anna").focus()
    press(page, "Enter")
    press(page, "Tab")
    expect(page.get_by_role("button", name="Gesproken").first).to_be_focused()
    press(page, "Tab")
    expect(page.get_by_role("button", name="Voicemail").first).to_be_focused()
    press(page, "Enter")
    expect(said(page).first).to_contain_text("Het bellen van Anna Gemist is vastgelegd.")
    expect(menu(page, "Bea")).to_be_focused()
    press(page, "Enter", "Tab", "Enter")
    expect(said(page).first).to_contain_text("Het bellen van Bea Gemist is vastgelegd.")
    expect(menu(page, "Carl")).to_be_focused()
    assert list(ContactAttempt.objects.order_by("pk").values_list("result", flat=True)) == ["voicemail", "spoken"]


@BOTH
def test_what_a_colleague_did_meanwhile_is_said_with_by_whom(script, people, missed, visit):
    """Who called first; and a row that a colleague took off the list stays, grey, until one looks anew."""
    tabs = [visit(Role.COUNSELLOR, script=script) for _number in range(2)]
    for page in tabs:
        page.goto("/gemist/")
    joris, now = people.users[Role.DESK], clock.now()
    actions.log_follow_up_contact(follow_up=missed[0], kind="phone", result="no_answer", by=joris, now=now)
    actions.end_follow_up(follow_up=missed[1], why="Belde zelf al", by=joris, now=now)
    press_called(tabs[0], "Anna")
    expect(tabs[0].get_by_role("alert")).to_contain_text("Anna Gemist: Joris de Wit was eerder")
    press_called(tabs[1], "Bea")
    grey = tabs[1].get_by_test_id("handled")
    expect(grey).to_contain_text("Bea Gemist: niet nodig, door Joris de Wit")
    expect(grey.get_by_role("button")).to_have_count(0)
    assert ContactAttempt.objects.count() == 1


def press_called(page: Page, name: str) -> None:
    menu(page, name).click()
    page.get_by_role("row").filter(has_text=f"{name} Gemist").get_by_role("button", name="Gesproken").click()


# Who came


@BOTH
def test_several_at_once_by_keyboard(script, people, visit):
    """Ticked in the list, listed first, saved together; a row without a choice stays (S11)."""
    rows = {
        name: make.appointment(
            household=make.household(given=name, surname="Rij", owner=people.samira), counsellor=people.samira,
            start=f"2026-10-30 {hour}:00",
        )
        for name, hour in (("Anna", 10), ("Bea", 11), ("Carl", 13))
    }  # fmt: skip
    page = visit(Role.COUNSELLOR, script=script)
    page.goto("/afspraken/te-registreren/")
    for name in rows:
        page.get_by_label(re.compile(f"^Kies {name} Rij")).focus()
        press(page, "Space")
    button(page, "Registreer…").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Meer afspraken registreren")
    expect(page.get_by_test_id("several")).to_have_count(3)
    button(page, "Deze afspraken registreren").click()
    expect(page.get_by_role("alert")).to_contain_text("Kies bij minstens één afspraak wat er gebeurde.")
    page.locator(f"[name=outcome-{rows['Anna'].pk}]").select_option("V")
    page.locator(f"[name=outcome-{rows['Carl'].pk}]").select_option("N")
    page.locator(f"[name=reason-{rows['Carl'].pk}]").select_option("transport")
    button(page, "Deze afspraken registreren").press("Enter")
    expect(said(page).first).to_contain_text("2 afspraken zijn geregistreerd.")
    expect(page.get_by_test_id("appointment")).to_have_count(1)
    stands = {one.household.display_name: (one.outcome, one.reason_id) for one in Appointment.objects.order_by("pk")}
    assert stands == {"Anna Rij": ("V", None), "Bea Rij": ("", None), "Carl Rij": ("N", "transport")}


@BOTH
def test_what_was_just_recorded_is_taken_back(script, people, visit, at):
    """*Ongedaan maken* stands where it was recorded, works for ten minutes, and says when it does not any more."""
    row = make.appointment(
        household=make.household(given="Aisha", surname="Vandaag", owner=people.samira), counsellor=people.samira,
        start="2026-11-02 08:30",
    )  # fmt: skip
    page = visit(Role.COUNSELLOR, script=script)
    page.goto("/")
    record(page)
    page.get_by_role("button", name="Ongedaan maken").press("Enter")
    expect(said(page).first).to_contain_text("De aanwezigheid van Aisha Vandaag is niet meer geregistreerd.")
    row.refresh_from_db()
    assert row.outcome == ""
    page.goto("/")
    record(page)
    at("2026-11-02T09:11:00")
    page.get_by_role("button", name="Ongedaan maken").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Ongedaan maken kan 10 minuten lang.")
    row.refresh_from_db()
    assert row.outcome == "V"


def record(page: Page) -> None:
    page.get_by_label(re.compile("^Registreer aanwezigheid: Aisha Vandaag")).press("Enter")
    page.get_by_role("button", name="Verschenen", exact=True).press("Enter")
    expect(said(page).first).to_contain_text("De aanwezigheid van Aisha Vandaag is geregistreerd.")


# At the desk


def test_typing_a_name_and_enter_checks_in_the_only_one_left(people, visit):
    """Two of one surname: nothing happens until one is left (S03)."""
    for given, surname, time in (("Özgür", "Ağca", "09:15"), ("Oya", "Ağca", "09:45"), ("Jan", "Berg", "10:15")):
        home = make.household(given=given, surname=surname, location=people.feijenoord)
        start = f"2026-11-02 {time}"
        make.appointment(household=home, counsellor=people.samira, start=start, type=people.follow_up)
    page = visit(Role.DESK)
    page.goto("/")
    field = page.get_by_label("Typ een naam; Enter meldt de enige die overblijft")
    field.press_sequentially("agca")
    expect(page.get_by_test_id("appointment").filter(visible=True)).to_have_count(2)
    field.press("Enter")
    assert not Appointment.objects.filter(arrived_at__isnull=False).exists()
    field.press_sequentially(" oz")
    expect(page.get_by_test_id("appointment").filter(visible=True)).to_have_count(1)
    field.press("Enter")
    expect(said(page).first).to_contain_text("Özgür Ağca")
    expect(page.get_by_text("Gemeld 09.00")).to_be_visible()


def test_without_a_connection_a_banner_says_so_and_the_buttons_rest(filled, visit):
    page = visit(Role.DESK)
    page.goto("/")
    banner = page.get_by_text("Geen verbinding; laatst bijgewerkt 09.00 uur.")
    buttons = page.get_by_role("main").locator("form[method=post] button")
    expect(banner).to_be_hidden()
    page.context.set_offline(True)
    expect(banner).to_be_visible()
    expect(banner).to_contain_text("De knoppen werken weer als de verbinding terug is.")
    assert buttons.count() >= 1
    for one in buttons.all():
        expect(one).to_be_disabled()
        expect(one).to_have_accessible_description(re.compile("^Geen verbinding; laatst bijgewerkt 09.00"))
    page.context.set_offline(False)
    expect(banner).to_be_hidden()
    expect(buttons.first).to_be_enabled()
