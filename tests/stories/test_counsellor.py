"""Stories of the counsellor and the supervisor: a talk by telephone, a correction, and a reason to look."""

import re

import pytest
from playwright.sync_api import expect

from casework.core.models import Role
from tests.stories.hands import button, said


def test_a_talk_by_telephone_needs_two_attempts(filled, visit, at):
    """Not appeared opens after the second attempt, ten minutes after the first (R-23)."""
    page, address = visit(Role.COUNSELLOR), f"/afspraken/{filled['by_phone'].pk}/aanwezigheid/"
    page.goto(address)
    expect(page.get_by_text("Nog geen belpogingen", exact=False)).to_be_visible()
    expect(page.get_by_label("Niet verschenen", exact=True)).to_have_count(0)
    button(page, "Belpoging nu vastleggen").click()
    expect(said(page)).to_be_visible()
    at("2026-11-02T09:11:00")
    button(page, "Belpoging nu vastleggen").click()
    expect(page.get_by_role("listitem").filter(has_text="09.11")).to_be_visible()
    page.get_by_label("Niet verschenen", exact=True).check()
    page.get_by_label(re.compile("^Reden")).select_option(label="Niet bereikt")
    button(page, "Registreer aanwezigheid").click()
    expect(page.get_by_test_id("appointment").filter(has_text="Tom Vandaag")).to_contain_text("Niet verschenen")


def test_a_correction_says_why(filled, visit):
    """The wrong button last week: the new outcome stands, the old one stays in the audit trail (R-22)."""
    page = visit(Role.COUNSELLOR)
    page.goto(f"/afspraken/{filled['appeared'].pk}/")
    page.get_by_role("link", name="Aanwezigheid corrigeren").click()
    page.get_by_label("Niet verschenen", exact=True).check()
    button(page, "Aanwezigheid corrigeren").click()
    expect(page.get_by_role("alert")).to_contain_text("Er is iets niet goed ingevuld")
    expect(page.get_by_label("Niet verschenen", exact=True)).to_be_checked()
    page.get_by_label("Waarom corrigeert u dit?").fill("Verkeerde knop, zij was er niet")
    button(page, "Aanwezigheid corrigeren").click()
    expect(said(page)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Niet verschenen")


def test_a_household_of_another_opens_after_a_reason(filled, visit):
    """R-91: why, once a day; what is only explained in words must be explained."""
    page, address = visit(Role.COUNSELLOR), f"/huishoudens/{filled['stranger'].case_number}/"
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Waarom opent u dit huishouden?")
    expect(page.get_by_text("Olga Vreemdeling")).to_have_count(0)
    button(page, "Huishouden openen").click()
    expect(page).to_have_title(re.compile("^Fout: "))
    page.get_by_role("radio").first.check()
    button(page, "Huishouden openen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Olga Vreemdeling")
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("Olga Vreemdeling")


def test_the_supervisor_starts_at_the_exceptions(filled, visit):
    """A sentence with a number opens its list; a household without counsellor gets one."""
    page = visit(Role.SUPERVISOR)
    page.goto("/")
    page.get_by_role("link", name=re.compile("huishouden(s)? zonder trajectbegeleider")).click()
    page.get_by_role("link", name="Nieuw Binnen", exact=True).click()
    page.get_by_role("link", name="Toewijzen aan een begeleider").click()
    page.get_by_label("Trajectbegeleider", exact=True).select_option(label="Bram de Groot")
    page.get_by_role("main").get_by_role("button").first.click()
    expect(said(page)).to_contain_text("Bram de Groot")


BOTH = pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])


@BOTH
def test_rows_of_today_are_ticked_by_keyboard_and_recorded_together(script, filled, visit):
    """S11: ticks on the first page lead to the page that lists them first; without a tick that is said."""
    page = visit(Role.COUNSELLOR, script=script)
    page.goto("/")
    press = button(page, "Registreer… Nog te registreren")
    press.click()
    if script:
        expect(page.get_by_text("Kies eerst een regel.").locator("visible=true")).to_be_visible()
    else:
        expect(page.get_by_role("alert")).to_contain_text("Kies eerst een regel.")
    page.get_by_label("Kies Ahmet Vandaag, vrijdag 30 oktober 10.00").focus()
    page.keyboard.press("Space")
    press.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("several")).to_have_count(1)
    page.get_by_test_id("several").get_by_role("combobox").first.select_option("V")
    button(page, "Deze afspraken registreren").click()
    expect(said(page).first).to_contain_text("1 afspraak is geregistreerd")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vandaag")
    expect(page.get_by_role("link", name="Nog te registreren: 0")).to_be_visible()
    page.get_by_label("Kies Aisha Vandaag, 09.00").check()
    button(page, "Registreer… Afspraken van vandaag").click()
    expect(page.get_by_test_id("several")).to_contain_text("Aisha Vandaag")


def test_a_letter_opens_the_choices_of_a_row(filled, visit):
    """S02: `a` while the list has the focus."""
    page = visit(Role.COUNSELLOR)
    page.goto("/")
    row = page.get_by_test_id("appointment").filter(has_text="Aisha Vandaag")
    row.get_by_role("link", name="Aisha Vandaag").focus()
    page.keyboard.press("a")
    expect(row.get_by_role("button", name="Verschenen", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    expect(row.locator("summary")).to_be_focused()


@BOTH
def test_a_correction_after_fourteen_days_is_proposed_decided_and_answered(script, filled, visit):
    """R-22, S04: the counsellor proposes, the supervisor opens it from the first page, the counsellor reads the answer."""
    page, boss = visit(Role.COUNSELLOR, script=script), visit(Role.SUPERVISOR, script=script)
    page.goto(f"/afspraken/{filled['long_ago'].pk}/")
    page.get_by_role("link", name="Correctie voorstellen").click()
    page.get_by_label("Niet verschenen", exact=True).check()
    page.get_by_label("Waarom corrigeert u dit?").fill("Verkeerde regel, zij was er niet")
    button(page, "Deze correctie voorstellen").click()
    expect(said(page).first).to_contain_text("Uw voorstel ligt bij de teamleider.")
    expect(page.get_by_test_id("correction")).to_contain_text("Wacht op de teamleider.")
    boss.goto("/")
    boss.get_by_role("link", name="2 voorstellen wachten op uw beslissing").click()
    for name, press, answer in (
        ("Lena", "Corrigeren zoals voorgesteld", ""),
        ("Dirk", "Niet corrigeren", "Hij was er wel"),
    ):
        boss.get_by_test_id("correction-proposal").filter(has_text=name).get_by_role("link").click()
        if answer:
            boss.get_by_label("Als u niet corrigeert: waarom niet?").fill(answer)
        button(boss, press).click()
        expect(said(boss).first).to_be_visible()
    expect(boss.get_by_text("Er wacht geen correctie op een beslissing.")).to_be_visible()
    page.goto("/")
    expect(page.get_by_role("heading", name="Antwoord op uw voorstel")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("Niet gecorrigeerd: Hij was er wel (Ingrid Smit")
    expect(page.get_by_role("main")).to_contain_text("Gecorrigeerd (Ingrid Smit")


def test_on_a_telephone_what_may_wait_is_behind_a_tap(filled, visit):
    """S02: the blocks of now stand open, tasks behind a tap, their number in sight."""
    page = visit(Role.COUNSELLOR, size={"width": 360, "height": 740})
    page.goto("/")
    task = page.get_by_role("link", name=filled["around"]["task"].text)
    expect(page.get_by_role("heading", name="Nog te registreren: 1")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("^Mijn taken: [0-9]+$"))).to_be_visible()
    expect(task).to_be_hidden()
    page.get_by_text(re.compile("^Tonen: Mijn taken")).click()
    expect(task).to_be_visible()
