"""Stories of a supervisor: a household goes to a colleague, two that are one are merged and made two again."""

import pytest
from playwright.sync_api import expect

from casework.core.models import Role
from casework.households.models import Household
from tests import make
from tests.stories import checks
from tests.stories.hands import button, expect_errors, said


def sound(page, name: str) -> dict[str, list[str]]:
    """What axe, the frame, a narrow screen and fingers find wrong with a page."""
    faults = {name: checks.axe(page) + checks.frame(page)}
    faults[f"{name}, 320 px"] = checks.reflow(page, 320) + checks.small_targets(page)
    page.set_viewport_size({"width": 1280, "height": 720})
    return faults


def test_a_household_goes_to_a_colleague_with_its_appointment(filled, visit):
    page, home = visit(Role.SUPERVISOR), filled["household"]
    page.goto(f"/huishoudens/{home.case_number}/")
    page.get_by_role("link", name="Overdragen", exact=True).click()
    page.get_by_label("Naar welke begeleider?").select_option(label="Bram de Groot")
    button(page, "Kies deze begeleider").click()
    button(page, "Overdragen").click()
    expect_errors(page)
    faults = sound(page, "transfer")
    page.get_by_label("blijft bij Samira El Amrani").first.check()
    button(page, "Overdragen").click()
    expect(said(page)).to_contain_text("1 huishouden hoort nu bij Bram de Groot")
    assert checks.report(faults) == ""


@pytest.mark.parametrize("address", ["/huishoudens/?owner=", "/team/?location="])
def test_several_at_once_are_chosen_and_counted_first(filled, visit, address):
    """The bar of a list and of the board: nothing chosen is said, what is chosen is counted, and it goes along (look.md 6.4)."""
    page = visit(Role.SUPERVISOR)
    page.goto(address + (str(filled.feijenoord.pk) if "team" in address else ""))
    press = button(page, "Overdragen" if "team" in address else "Overdragen…")
    if "team" in address:
        page.get_by_label("Overdragen naar…").select_option(label="Bram de Groot")
    press.click()
    expect(page.get_by_text("Kies eerst een regel.")).to_be_visible()
    boxes = page.get_by_role("main").get_by_role("checkbox")
    boxes.nth(0).check()
    boxes.nth(1).check()
    expect(page.get_by_role("main").get_by_text("2 gekozen")).to_be_visible()
    expect(page.get_by_text("Kies eerst een regel.")).to_be_hidden()
    boxes.nth(1).uncheck()
    expect(page.get_by_role("main").get_by_text("1 gekozen")).to_be_visible()
    boxes.nth(1).check()
    press.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Overdragen")
    if "team" in address:
        expect(page.get_by_test_id("transfer")).to_have_count(2)
    else:
        expect(page.locator("input[name=household]")).to_have_count(2)


@pytest.mark.parametrize("decided", ["at once", "proposed first"])
def test_two_that_are_one_are_merged_and_made_two_again(filled, visit, decided):
    home = filled["household"]
    double = make.household(
        given="Fatou", surname="Ndiaye", born=make.dt.date(1984, 5, 17), mobile="+31687654321",
        location=filled.feijenoord, registered="2026-11-02 08:30",
    )  # fmt: skip
    older, newer = sorted((home, double), key=lambda one: one.case_number)
    page = visit(Role.SUPERVISOR)
    faults = {}
    if decided == "proposed first":
        make.merge_proposal(home, double)
        page.goto("/")
        page.get_by_role("link", name="2 voorstellen wachten op uw beslissing").click()
        faults |= sound(page, "to approve")
        page.get_by_test_id("merge-proposal").get_by_role("link").click()
    else:
        page.goto(f"/huishoudens/{home.case_number}/")
        page.get_by_role("link", name="Dubbel? Samenvoegen met…").click()
        faults |= sound(page, "merge")
        page.get_by_label("Dossiernummer van het andere huishouden").fill(double.case_number)
        button(page, "Beide vergelijken").click()
        page.get_by_label("Waarom zijn dit dezelfde mensen?").fill("Twee keer aangemeld")
    faults |= sound(page, "compare")
    button(page, "Deze huishoudens samenvoegen").click()
    expect(said(page)).to_contain_text("Deze huishoudens zijn nu één huishouden")
    page.goto(f"/huishoudens/{newer.case_number}/")
    expect(page.get_by_role("main")).to_contain_text(f"het huishouden is nu {older.case_number}")
    faults |= sound(page, "merged")
    button(page, f"Samenvoegen ongedaan maken: {newer.case_number}").click()
    expect(said(page)).to_contain_text("weer twee huishoudens")
    assert not Household.objects.filter(merged_into__isnull=False).exists()
    assert checks.report(faults) == ""
