"""Stories of the front desk: urgent, seen before, just too late, another time, not at all."""

import re

from playwright.sync_api import expect

from casework.appointments.models import Appointment
from casework.core.models import Role
from casework.households.models import Household, TermKind
from tests import make
from tests.stories.hands import button, fill_in, said


def test_urgent_gets_only_times_within_the_term(people, visit):
    """An eviction on Thursday: the finder offers nothing after the third working day (R-06, R-13)."""
    page = visit(Role.DESK)
    page.goto("/huishoudens/aanmelden/")
    fill_in(page, given_names="Nadia", surname="Haast", mobile="0611111111", threat_date="5-11-2026")
    page.get_by_label("Ontruiming").check()
    button(page, "Aanmelden en afspraak maken").click()
    expect(page.get_by_text("Eerste gesprek uiterlijk donderdag 5 november")).to_be_visible()
    times = page.get_by_role("radio")
    expect(times.first).to_be_checked()
    shown = page.get_by_role("group", name="Eerste vrije tijden").inner_text()
    assert set(re.findall(r"\b(\d+) nov", shown)) <= {"2", "3", "4", "5"}
    button(page, "Afspraak vastleggen").click()
    expect(said(page)).to_contain_text("De afspraak staat vast")
    assert Household.objects.get().terms.filter(kind=TermKind.URGENT).exists()


def test_somebody_very_alike_interrupts_and_nothing_is_lost(people, visit):
    """The same date of birth and a name that sounds the same: open it, or say why it is another (R-52)."""
    known = make.household(given="Özgür", surname="Yılmaz", born=make.dt.date(1984, 5, 17), mobile="+31622222222")
    page = visit(Role.DESK)
    page.goto("/huishoudens/aanmelden/")
    fill_in(page, given_names="Ozgur", surname="Yilmaz", born="17 5 1984", mobile="0633333333", email="o@example.org")
    button(page, "Alleen aanmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is deze persoon al aangemeld?")
    expect(page.get_by_role("table")).to_contain_text(known.case_number)
    button(page, "Andere persoon – alleen aanmelden").click()
    expect(page.get_by_label("Waarom is dit iemand anders?")).to_be_visible()
    assert Household.objects.count() == 1
    page.get_by_label("Waarom is dit iemand anders?").fill("Neef, woont in Charlois")
    button(page, "Andere persoon – alleen aanmelden").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ozgur Yilmaz")
    expect(page.get_by_role("main")).to_contain_text("06 33 33 33 33")
    expect(page.get_by_role("main")).to_contain_text("o@example.org")


def test_a_time_that_a_colleague_just_took(people, visit):
    """Two desks, one time: the second hears it in words, sees fresh times, and keeps what was typed (R-18)."""
    first, second = (
        make.household(given=name, surname="Samen", location=people.feijenoord) for name in ("Een", "Twee")
    )
    pages = []
    for household in (first, second):
        page = visit(Role.DESK)
        page.goto(f"/huishoudens/{household.case_number}/afspraak/?counsellor={people.samira.pk}")
        pages.append(page)
    here, there = pages
    there.get_by_label("Notitie").fill("komt met zus")
    button(here, "Afspraak vastleggen").click()
    expect(said(here)).to_contain_text("De afspraak staat vast")
    button(there, "Afspraak vastleggen").click()
    expect(there).to_have_title(re.compile("^Fout: "))
    expect(there.get_by_role("alert")).to_contain_text("net bezet")
    expect(there.get_by_label("Notitie")).to_have_value("komt met zus")
    there.get_by_role("radio").first.check()
    button(there, "Afspraak vastleggen").click()
    expect(said(there)).to_contain_text("De afspraak staat vast")
    assert Appointment.objects.count() == 2
    assert Appointment.objects.get(household=second).note == "komt met zus"


def test_a_double_click_makes_one_household_and_one_appointment(people, visit):
    page = visit(Role.DESK)
    page.goto("/huishoudens/aanmelden/")
    fill_in(page, given_names="Dubbel", surname="Klik", mobile="0644444444")
    button(page, "Aanmelden en afspraak maken").dblclick()
    expect(page.get_by_role("heading", level=1)).to_have_text("Afspraak maken")
    button(page, "Afspraak vastleggen").dblclick()
    expect(page.get_by_text("Status")).to_have_count(0)
    expect(page.get_by_role("heading", name="Berichten")).to_be_visible()
    assert (Household.objects.count(), Appointment.objects.count()) == (1, 1)


def test_moving_and_cancelling(filled, visit):
    """Moved a week before is in time; the new appointment is called off by the resident (R-15, R-16)."""
    page = visit(Role.DESK)
    page.goto(f"/afspraken/{filled['booked'].pk}/")
    page.get_by_role("link", name="Verzetten", exact=True).click()
    expect(page.get_by_text("Nu: donderdag 5 november 10.00")).to_be_visible()
    page.get_by_role("radio").last.check()
    button(page, "Afspraak verzetten").click()
    expect(said(page)).to_contain_text("verzet")
    expect(page.get_by_role("heading", level=1)).not_to_have_text("donderdag 5 november 10.00")
    page.get_by_role("link", name="Afzeggen", exact=True).click()
    page.get_by_label("De inwoner").check()
    button(page, "Afspraak afzeggen").click()
    expect(page.get_by_role("main")).to_contain_text("Afgezegd")
    codes = Appointment.objects.filter(household=filled["household"]).order_by("pk").values_list("outcome", flat=True)
    assert list(codes)[-2:][0].startswith("R")
    assert list(codes)[-1].startswith("A")


def test_the_call_list_is_settled_in_one_click(filled, visit):
    page = visit(Role.DESK)
    page.goto("/")
    page.get_by_role("link", name="Bellijst: 1 keer bellen").click()
    row = page.get_by_test_id("call")
    expect(row).to_contain_text("06 12 34 56 78")
    row.get_by_role("button").first.click()
    expect(said(page)).to_be_visible()
    expect(page.get_by_text("Niemand om te bellen")).to_be_visible()


def test_another_language_stays_on_the_same_page(people, visit):
    page = visit(Role.DESK)
    page.goto("/huishoudens/")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Households")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="Agenda").first.click()
    page.get_by_role("button", name="Nederlands").click()
    expect(page.locator("html")).to_have_attribute("lang", "nl")
    expect(page.get_by_role("navigation", name="Hoofdmenu")).to_contain_text("Vandaag")


def test_back_after_logging_out_shows_nobody(filled, visit):
    page = visit(Role.DESK)
    page.goto("/")
    expect(page.get_by_role("main")).to_contain_text("Aisha Vandaag")
    page.get_by_role("button", name="Uitloggen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inloggen")
    expect(page.get_by_text("Aisha Vandaag")).to_have_count(0)


def test_enter_in_a_field_does_not_register_half_a_household(people, visit):
    """S06: only the button sends it; what was typed stays."""
    page = visit(Role.DESK)
    page.goto("/huishoudens/aanmelden/")
    fill_in(page, given_names="Half", surname="Klaar", mobile="0655555555")
    page.get_by_role("main").locator("[name=mobile]").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Huishouden aanmelden")
    expect(page.get_by_role("alert")).to_have_count(0)
    assert Household.objects.count() == 0
    button(page, "Alleen aanmelden").press("Enter")
    expect(said(page).first).to_be_visible()
    assert Household.objects.count() == 1
