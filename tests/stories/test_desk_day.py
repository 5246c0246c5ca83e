"""A day at the desk (roles.md 1.2): the phone booking counted key by key, and what else a morning brings."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from casework.appointments.models import Appointment, WaitingEntry
from casework.core.models import Role
from casework.households.models import Task
from tests import make
from tests.stories.hands import button, said
from tests.stories.test_main_job import press

BOTH = pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
# The budget of a phone booking (roles.md 1.2, look.md 6.12 nr. 6).
MOST_INPUTS = 25


@pytest.fixture
def caller(people):
    """Who calls: known, born 17 May 1984, first talk due; two namesakes make the date of birth needed."""
    for given, year in (("Jan", 1984), ("Jana", 1990), ("Johan", 1956)):
        household = make.household(given=given, prefix="van den", surname="Berg", owner=people.samira, born=dt.date(year, 5, 17),
                                   location=people.feijenoord)  # fmt: skip
        make.term(household, "first_talk", "2026-11-02", "2026-11-30")
    return household


def test_the_phone_booking_by_keyboard_takes_at_most_25_inputs(people, caller, visit):
    """`Ctrl K`, "berg 170584", `Ctrl Enter`; the first time is read aloud, the number checked, `Enter`."""
    page = visit(Role.DESK)
    page.goto("/")
    inputs = press(page, "Control+k", *"berg 170584", "Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Afspraak maken")
    expect(page.get_by_role("radio").first).to_be_focused()
    expect(page.get_by_text("Sms naar 06 12 34 56 78")).to_be_visible()
    inputs += press(page, "Enter")
    expect(said(page)).to_contain_text("De afspraak staat vast")
    assert inputs <= MOST_INPUTS
    made = Appointment.objects.get()
    assert (made.household.display_name, made.starts_at) == ("Jan van den Berg", make.moment("2026-11-02 09:15"))


def test_another_time_than_the_first_still_fits_in_the_budget(people, caller, visit):
    """The caller cannot come today: three times down, and confirmed."""
    page = visit(Role.DESK)
    page.goto("/")
    inputs = press(page, "Control+k", *"berg 170584", "Control+Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
    inputs += press(page, "ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    expect(said(page)).to_contain_text("De afspraak staat vast")
    assert Appointment.objects.get().starts_at == make.moment("2026-11-03 13:00")
    assert inputs <= MOST_INPUTS


def test_the_phone_booking_without_javascript_by_keyboard_takes_at_most_25_inputs(people, caller, visit):
    """`Alt K`, "berg 170584", `Enter`; the one who is found has the focus, the appointment is one `Tab` further.

    Every key counts, Tab too. The first time is chosen and has the focus: it is read aloud, the number checked, `Enter`.
    """
    page = visit(Role.DESK, script=False)
    page.goto("/afspraken/te-registreren/")
    inputs = find_by_access_key(page) + press(page, *"berg 170584", "Enter")
    expect(page.get_by_role("link", name="Jan van den Berg", exact=True)).to_be_focused()
    inputs += press(page, "Tab")
    expect(page.get_by_role("link", name="Afspraak maken: Jan van den Berg")).to_be_focused()
    inputs += press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Afspraak maken")
    expect(page.get_by_role("radio").first).to_be_focused()
    expect(page.get_by_text("Sms naar 06 12 34 56 78")).to_be_visible()
    inputs += press(page, "Enter")
    expect(said(page)).to_contain_text("De afspraak staat vast")
    made = Appointment.objects.get()
    assert (made.household.display_name, made.starts_at) == ("Jan van den Berg", make.moment("2026-11-02 09:15"))
    assert inputs <= MOST_INPUTS


def test_without_javascript_another_time_fits_in_the_budget_too(people, caller, visit):
    page = visit(Role.DESK, script=False)
    page.goto("/agenda/")
    inputs = find_by_access_key(page) + press(page, *"berg 170584", "Enter")
    expect(page.get_by_role("link", name="Jan van den Berg", exact=True)).to_be_focused()
    inputs += press(page, "Tab", "Enter")
    expect(page.get_by_role("radio").first).to_be_focused()
    inputs += press(page, "ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    expect(said(page)).to_contain_text("De afspraak staat vast")
    assert Appointment.objects.get().starts_at == make.moment("2026-11-03 13:00")
    assert inputs <= MOST_INPUTS


def find_by_access_key(page: Page) -> int:
    """`Alt K` as the browser gets it from a keyboard: Playwright's own press leaves out which letter it was."""
    keys = page.context.new_cdp_session(page)
    pressed = {"modifiers": 1, "key": "k", "code": "KeyK", "windowsVirtualKeyCode": 75}
    keys.send("Input.dispatchKeyEvent", pressed | {"type": "keyDown", "text": "k", "unmodifiedText": "k"})
    keys.send("Input.dispatchKeyEvent", pressed | {"type": "keyUp"})
    expect(
        page.get_by_role("searchbox", name="Naam, geboortedatum, telefoon, postcode of dossiernummer").first
    ).to_be_focused()
    return 1


def test_an_arrival_is_found_by_typing_and_checked_in_by_enter(filled, visit):
    """S03: quick find has the focus first; letters in the filter of the list, and Enter on the only one that is left."""
    make.appointment(
        household=make.household(given="Zoë", surname="Aankomst", owner=filled.samira, location=filled.feijenoord),
        counsellor=filled.samira, start="2026-11-02 10:00", type=filled.follow_up,
    )  # fmt: skip
    page = visit(Role.DESK)
    page.goto("/")
    expect(page.locator("#quick-find")).to_be_focused()
    expect(page.locator("#find-panel")).to_be_hidden()
    field = page.get_by_label("Typ een naam")
    field.fill("vandaag")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vandaag")
    field.fill("aisha")
    field.press("Enter")
    expect(page.locator("[data-row-count]")).to_have_text("kan nu niet worden gemeld")
    field.fill("zoe aank")
    expect(page.locator("[data-row-count]")).to_have_text("1 getoond")
    field.press("Enter")
    expect(said(page).first).to_contain_text("Zoë Aankomst")
    expect(page.get_by_test_id("appointment").filter(has_text="Zoë Aankomst")).to_contain_text("Gemeld 09.00")
    expect(page.locator("#quick-find")).to_be_focused()


@BOTH
def test_who_walks_in_is_helped_now(script, people, caller, visit):
    page = visit(Role.DESK, script=script)
    page.goto(f"/huishoudens/{caller.case_number}/afspraak/")
    page.get_by_role("link", name="Inloop: nu geholpen").click()
    expect(page.get_by_text("Inloop: de inwoner staat nu aan de balie.")).to_be_visible()
    button(page, "Inloop vastleggen").click()
    expect(said(page).first).to_contain_text("De afspraak staat vast")
    made = Appointment.objects.get()
    assert (made.walk_in, made.arrived_at) == (True, make.moment("2026-11-02 09:00"))


@BOTH
def test_an_eviction_without_room_is_reported(script, people, caller, visit):
    """10:10 A letter about Thursday: only times within the term, and a task for the supervisor when there is none."""
    make.term(caller, "urgent", "2026-11-02", "2026-11-05")
    for who in (people.samira, people.bram):
        make.absence(who, "2026-11-02 00:00", "2026-11-06 00:00")
    page = visit(Role.DESK, script=script)
    page.goto(f"/huishoudens/{caller.case_number}/afspraak/")
    expect(page.get_by_role("alert")).to_contain_text("Geen plek binnen de termijn (uiterlijk donderdag 5 november)")
    expect(page.get_by_text("na de termijn").first).to_be_visible()
    button(page, "Meld aan teamleider").click()
    expect(said(page).first).to_contain_text("De teamleider heeft een taak")
    assert Task.objects.get(household=caller).role == Role.SUPERVISOR


@BOTH
def test_five_appointments_of_a_sick_counsellor_go_to_another(script, people, visit):
    """08:15 One counsellor is sick: the proposals are taken over, one is left, and all is saved at once."""
    for hour in (9, 10, 11, 13, 14):
        home = make.household(owner=people.samira, location=people.feijenoord)
        make.appointment(household=home, counsellor=people.samira, start=f"2026-11-03 {hour:02}:00")
    make.absence(people.samira, "2026-11-03 00:00", "2026-11-04 00:00")
    make.counsellor(at=people.feijenoord, name="Bo Balie")
    page = visit(Role.DESK, script=script)
    page.goto("/agenda/")
    page.get_by_role("main").get_by_role("link", name="Herplannen nodig").click()
    expect(page.get_by_test_id("row")).to_have_count(5)
    if script:
        button(page, "Kies elk voorstel").click()
    else:
        for select in page.get_by_test_id("row").get_by_role("combobox").all():
            select.select_option(index=1)
    page.get_by_test_id("row").last.get_by_role("combobox").select_option("")
    button(page, "Nieuwe tijden opslaan").click()
    expect(said(page)).to_contain_text("4 afspraken hebben een nieuwe tijd.")
    expect(page.get_by_test_id("row")).to_have_count(1)


@BOTH
def test_a_freed_time_is_offered_to_who_waits(script, people, caller, visit):
    """13:00 Somebody cancels; the one who wanted to come earlier is called and gets the time."""
    row = make.appointment(household=caller, counsellor=people.samira, start="2026-11-10 10:00")
    gone = make.appointment(
        household=make.household(owner=people.samira), counsellor=people.samira, start="2026-11-03 10:00"
    )
    page = visit(Role.DESK, script=script)
    page.goto(f"/huishoudens/{caller.case_number}/")
    page.get_by_role("link", name=re.compile("Wil eerder")).click()
    page.get_by_label("dinsdagochtend").check()
    button(page, "Op de wachtlijst zetten").click()
    expect(said(page)).to_contain_text("staat op de wachtlijst")
    page.goto(f"/afspraken/{gone.pk}/afzeggen/")
    page.get_by_label("De inwoner").check()
    button(page, "Afspraak afzeggen").click()
    expect(page.get_by_text("Vrijgekomen tijd: di 3 nov 10.00 past bij 1 wachtende.")).to_be_visible()
    page.get_by_role("link", name="Open de wachtlijst").click()
    page.get_by_role("link", name=re.compile("^Aanbieden: ")).click()
    expect(page.get_by_role("radio", name=re.compile("di 3 nov 10.00"))).to_be_checked()
    button(page, "Afspraak verzetten").click()
    expect(said(page).first).to_contain_text("De afspraak is verzet")
    row.refresh_from_db()
    assert row.moved_to.starts_at == make.moment("2026-11-03 10:00")
    assert WaitingEntry.objects.get().end_reason == "booked"


@BOTH
def test_a_series_with_one_date_that_does_not_fit(script, people, caller, visit):
    """The counsellor plans with the resident beside her: every week, four times; one week she is away."""
    make.absence(people.samira, "2026-11-10 00:00", "2026-11-11 00:00")
    page: Page = visit(Role.COUNSELLOR, script=script)
    page.goto(f"/huishoudens/{caller.case_number}/afspraak/?kind=VG&first_date=03-11-2026")
    page.get_by_text("Herhalen: een reeks afspraken").click()
    page.get_by_label("Elke (niet verplicht)").select_option("1")
    page.get_by_label("Hoe vaak, deze keer meegeteld (niet verplicht)").fill("4")
    button(page, "Reeks bekijken").click()
    expect(page.get_by_test_id("occurrence")).to_have_count(4)
    expect(page.get_by_text("past niet; kies een andere tijd")).to_have_count(1)
    page.get_by_test_id("occurrence").nth(1).get_by_role("combobox").select_option(index=1)
    button(page, "Reeks vastleggen").click()
    expect(said(page).first).to_contain_text("4 afspraken staan vast.")
    assert Appointment.objects.values("series").distinct().count() == 1
