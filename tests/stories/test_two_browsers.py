"""Two people change one telephone number at the same time: nothing is lost, both values are shown (R-19)."""

import re

import pytest
from playwright.sync_api import expect

from casework.core.models import Role
from casework.households.models import Household
from tests.stories import checks
from tests.stories.hands import button, said


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_two_browsers_one_number(filled, visit, script):
    household = filled["household"]
    address = f"/huishoudens/{household.case_number}/contact/"
    desk, colleague = visit(Role.DESK, script=script), visit(Role.SUPERVISOR, script=script)
    for page in (desk, colleague):
        page.goto(address)
    colleague.get_by_label("Mobiel nummer").fill("06 11 11 11 11")
    button(colleague, "Contactgegevens opslaan").click()
    expect(said(colleague).first).to_be_visible()

    desk.get_by_label("Mobiel nummer").fill("06 22 22 22 22")
    desk.get_by_label("Plaats").fill("Schiedam")
    button(desk, "Contactgegevens opslaan").click()
    expect(desk).to_have_title(re.compile("^Fout: "))
    expect(desk.get_by_role("alert")).to_contain_text("Een collega heeft dit intussen gewijzigd")
    table = desk.get_by_role("table", name="Wat verschilt")
    expect(table).to_contain_text("06 22 22 22 22")
    expect(table).to_contain_text("06 11 11 11 11")
    expect(desk.get_by_label("Mobiel nummer")).to_have_value("06 22 22 22 22")
    expect(desk.get_by_label("Plaats")).to_have_value("Schiedam")
    assert Household.objects.get(pk=household.pk).mobile == "+31611111111"
    if script:
        found = {address: checks.axe(desk) + checks.reflow(desk, 360) + checks.axe(desk)}
        assert not checks.report(found), checks.report(found)

    button(desk, "Contactgegevens opslaan").click()
    expect(said(desk).first).to_be_visible()
    kept = Household.objects.get(pk=household.pk)
    assert (kept.mobile, kept.city) == ("+31622222222", "Schiedam")


def test_two_browsers_one_person(filled, visit):
    """The same for somebody of the household, in the forms that are made alike."""
    household, member = filled["household"], filled["member"]
    address = f"/huishoudens/{household.case_number}/leden/{member.pk}/"
    mine, theirs = visit(Role.COUNSELLOR), visit(Role.SUPERVISOR)
    for page in (mine, theirs):
        page.goto(address)
    theirs.get_by_label("Voornaam").fill("Fatoumata")
    button(theirs, "Dit lid opslaan").click()
    expect(said(theirs).first).to_be_visible()
    mine.get_by_label("Voornaam").fill("Fatima")
    button(mine, "Dit lid opslaan").click()
    table = mine.get_by_role("table", name="Wat verschilt")
    expect(table).to_contain_text("Fatoumata")
    expect(table).to_contain_text("Fatima")
    expect(mine.get_by_label("Voornaam")).to_have_value("Fatima")
