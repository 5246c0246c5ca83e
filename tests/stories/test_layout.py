"""Keyboard, focus and paper: what no single screen can get wrong without all being wrong."""

import re

import pytest
from playwright.sync_api import Page, expect

from casework.core.models import Role

_FOCUS = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    // A link that wraps has a box per line, and others' words between them.
    const box = one.getClientRects()[0] ?? one.getBoundingClientRect(), style = getComputedStyle(one);
    const x = box.left + Math.min(box.width / 2, innerWidth), y = box.top + box.height / 2;
    const top = document.elementFromPoint(x, y);
    return {
        what: one.outerHTML.slice(0, 120),
        drawn: style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2,
        seen: box.width > 0 && (one.contains(top) || !!top?.contains(one) || one.labels?.[0]?.contains(top)),
    };
}"""


def walk(page: Page) -> list[dict]:
    """Tab through the whole page; every stop, with whether its focus is drawn and not covered."""
    stops = []
    for _press in range(150):
        page.keyboard.press("Tab")
        stop = page.evaluate(_FOCUS)
        if stop is None or (stops and stop["what"] == stops[0]["what"]):
            return stops
        stops.append(stop)
    return stops


@pytest.mark.parametrize("size", [{"width": 1280, "height": 720}, {"width": 360, "height": 640}], ids=["wide", "phone"])
def test_focus_is_always_drawn_and_never_covered(size, filled, visit):
    """On a page with a sticky bar above and, on a telephone, a bar below."""
    page = visit(Role.COUNSELLOR, size=size)
    number = filled["household"].case_number
    for address in ("/", f"/huishoudens/{number}/", f"/huishoudens/{number}/afspraak/", "/cijfers/niet-verschenen/"):
        page.goto(address)
        page.locator(".etf-skip").first.focus()
        stops = walk(page)
        assert len(stops) > 5
        assert not [stop for stop in stops if not (stop["drawn"] and stop["seen"])], address


def test_the_first_stop_skips_to_the_content(filled, visit):
    page = visit(Role.SUPERVISOR)
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Naar de inhoud")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_quick_find_is_one_stroke_away_and_escape_leaves_it(people, visit):
    page = visit(Role.DESK)
    page.goto("/agenda/")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Naam, geboortedatum")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Naam, geboortedatum")).not_to_be_focused()


def test_the_card_for_the_resident_says_no_more_than_it_should(filled, visit):
    """On paper: day, time, place and a first name; no case number, no reason, no menu (look.md 6.7)."""
    page = visit(Role.DESK)
    page.goto(f"/afspraken/{filled['booked'].pk}/")
    expect(page.get_by_role("button", name="Kaartje printen")).to_be_visible()
    page.emulate_media(media="print")
    card = page.locator("body").inner_text()
    for wanted in ("donderdag 5 november", "10.00", "Vraagwijzer Feijenoord", "Samira", "14 010"):
        assert wanted in card
    for unwanted in ("Ndiaye", filled["household"].case_number, "Eerste gesprek", "El Amrani", "Vandaag", "Gepland"):
        assert unwanted not in card


def test_a_list_on_paper_has_no_menu(filled, visit):
    page = visit(Role.SUPERVISOR)
    page.goto("/cijfers/niet-verschenen/")
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation")).to_have_count(0)
    expect(page.get_by_role("table").first).to_be_visible()
    expect(page.get_by_text(re.compile("^Definitie$"))).to_be_visible()


def test_high_contrast_keeps_borders(filled, visit):
    page = visit(Role.DESK, forced_colors="active")
    page.goto("/")
    for one in (page.get_by_role("button", name="Zoeken"), page.locator(".etf-badge").first):
        assert one.evaluate("one => getComputedStyle(one).borderTopStyle") == "solid"
