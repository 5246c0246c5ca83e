"""Stories of the agenda: by the keyboard, by dragging, and from a free time to a booking (S10)."""

import re

from playwright.sync_api import expect

from casework.appointments.models import Appointment
from casework.core.models import Role
from tests.stories.hands import button, said


def free(page, time: str):
    """The link of a free quarter of Samira on Tuesday."""
    return page.get_by_role("link", name=f"dinsdag 3 november {time} uur, Samira El Amrani, vrij", exact=True)


def tuesday(visit, role: str = Role.DESK):
    page = visit(role)
    # The whole day in sight: what is dragged cannot scroll.
    page.set_viewport_size({"width": 1280, "height": 1600})
    page.goto("/agenda/?location=FEI&date=3-11-2026")
    return page


def test_arrow_keys_walk_over_the_times_and_pages_over_the_days(filled, visit):
    page = tuesday(visit)
    free(page, "10.45").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="11.00 Piet Vandaag")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(free(page, "12.00")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(free(page, "10.45")).to_be_focused()
    page.keyboard.press("PageDown")
    expect(page.get_by_role("heading", level=1)).to_have_text("Agenda woensdag 4 november")


def test_the_menu_of_an_appointment_opens_and_closes_by_keyboard(filled, visit):
    page = tuesday(visit)
    page.get_by_role("link", name="11.00 Piet Vandaag").focus()
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("link", name="Verzetten")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Verzetten")).to_be_hidden()


def test_dragging_chooses_the_time_and_moving_is_said_yes_to(filled, visit):
    """What is dropped on a free time is moved there after the page has asked how the resident was told."""
    page = tuesday(visit)
    block = page.get_by_test_id("block").filter(has_text="11.00 Piet Vandaag")
    block.drag_to(free(page, "14.00"))
    expect(page).to_have_url(re.compile(r"/verzetten/\?slot="))
    expect(page.get_by_role("radio", name=re.compile("di 3 nov 14.00"))).to_be_checked()
    button(page, "Afspraak verzetten").click()
    expect(said(page).first).to_contain_text("De afspraak is verzet")
    moved = Appointment.objects.get(moved_from=filled["planned"])
    assert f"{moved.starts_at:%Y-%m-%d %H:%M}" == "2026-11-03 13:00"


def test_dropped_where_nothing_is_free_stays_where_it_was(filled, visit):
    page = tuesday(visit)
    block = page.get_by_test_id("block").filter(has_text="11.00 Piet Vandaag")
    block.drag_to(page.get_by_role("cell", name="pauze"))
    expect(page.locator("[data-agenda-status]")).to_have_text("Er is niets verzet: dat is geen vrije tijd.")
    expect(page).to_have_url(re.compile("/agenda/"))


def test_from_a_free_time_to_a_booking_without_javascript(filled, visit):
    page = visit(Role.DESK, script=False)
    page.goto("/agenda/?location=FEI&date=3-11-2026")
    free(page, "14.00").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Voor wie?")
    page.get_by_role("main").get_by_role("searchbox").fill("nieuw binnen")
    button(page, "Zoeken").click()
    page.get_by_role("link", name="Nieuw Binnen").click()
    expect(page.get_by_role("radio", name=re.compile("di 3 nov 14.00"))).to_be_checked()
    button(page, "Afspraak vastleggen").click()
    expect(page.get_by_role("main")).to_contain_text("dinsdag 3 november")
    assert Appointment.objects.filter(household=filled["fresh"], counsellor=filled.samira).exists()
