"""Stories of the counsellor and the supervisor: a talk by telephone, a correction, and a reason to look."""

import re

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
