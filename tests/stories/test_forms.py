"""Every form of ETF: wrong, it says what to do and keeps what was typed; right, it does its work. With and without JavaScript."""

from dataclasses import dataclass, field

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from casework.core.models import Role
from tests.stories import checks
from tests.stories.hands import button, expect_errors, said
from tests.stories.town import Town

DESK, COUNSELLOR, SUPERVISOR = Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR


class _Keys(dict):
    """The keys of the rows of a town, by their names."""

    def __init__(self, town: Town):
        self.town = town

    def __missing__(self, name: str) -> int:
        return self.town[name].pk


@dataclass(frozen=True)
class Form:
    """One form: who sends it, what is wrong with it the first time, and what is right. `about` names a row of the town."""

    name: str
    role: str
    about: str
    button: str
    wrong: dict = field(default_factory=dict)
    right: dict = field(default_factory=dict)
    # What of the household it changes, by its name in `make.around` or in the town.
    part: str = ""
    # More of its address: `{unrecorded}` stands for the key of that row of the town, here and in the names of fields.
    more: tuple[str, ...] = ()
    query: str = ""

    def address(self, town: Town) -> str:
        row = town[self.about] if self.about else None
        args = [getattr(row, "case_number", None) or row.pk] if row else []
        if self.part:
            args.append((town["around"].get(self.part) or town[self.part]).pk)
        return reverse(self.name, args=[*args, *self.more]) + self.query.format_map(_Keys(town))

    def __str__(self):
        return self.name


FORMS = [
    Form("register_household", DESK, "", "Alleen aanmelden", {"given_names": "Jan"},
         {"surname": "de Wit", "mobile": "06-55555555"}),
    Form("reopen_household", DESK, "closed", "Alleen aanmelden", {"mobile": "12"}, {"mobile": "0655555555"}),
    Form("change_contact", DESK, "household", "Contactgegevens opslaan", {"mobile": "12"}, {"mobile": "0655555555"}),
    Form("add_member", DESK, "household", "Dit lid toevoegen", {"surname": "Ndiaye"}, {"given_names": "Moussa"}),
    Form("record_threat", DESK, "fresh", "Deze dreiging vastleggen", {"happens_on": "9-11-2026"}, {"kind": "eviction"}),
    Form("access_reason", COUNSELLOR, "stranger", "Huishouden openen", {"text": "Waarneming"}, {"kind": "cover"}),
    Form("allocate_household", SUPERVISOR, "fresh", "Huishouden toewijzen", {}, {"owner": "1"}),
    Form("book", SUPERVISOR, "household", "Afspraak vastleggen", {"note": "Tolk erbij", "other_date": "5-11-2026"},
         {"other_date": ""}),
    Form("move", DESK, "booked", "Afspraak verzetten", {"told_time": "kwart over"}, {"told_time": "8.45"}),
    Form("change_company", DESK, "booked", "Opslaan wie erbij is", {"interpreter_language": "", "interpreter_agency": "Tolkbureau"},
         {"interpreter_language": "tr"}),
    Form("wait_for_earlier", DESK, "household", "Op de wachtlijst zetten", {"until": "ooit"}, {"until": "20-11-2026"}),
    Form("cancel", DESK, "booked", "Afspraak afzeggen", {"told_time": "8.50"}, {"who": "resident"}),
    Form("record_attendance", COUNSELLOR, "arrived", "Registreer aanwezigheid", {}, {"outcome": "V"}),
    Form("correct_attendance", COUNSELLOR, "appeared", "Aanwezigheid corrigeren", {"outcome": "N"},
         {"why": "Verkeerde knop"}),
    Form("correct_attendance", DESK, "long_ago", "Deze correctie voorstellen", {"outcome": "N"},
         {"why": "Stond op de lijst van een ander"}),
    Form("decide_correction", SUPERVISOR, "correction", "Niet corrigeren", {}, {"answer": "Zij stond op de lijst"}),
    Form("change_member", DESK, "household", "Dit lid opslaan", {"born": "gisteren"}, {"born": "1-2-1980"}, "member"),
    Form("add_consent", DESK, "household", "Dit antwoord vastleggen", {"channel": "email"},
         {"agreed": "yes", "source": "talk"}),
    Form("add_agreement", COUNSELLOR, "household", "Dit akkoord vastleggen", {"purpose": "Samen optrekken"},
         {"with_whom": "MAIT", "fields_shared": "name", "how": "spoken"}),
    Form("add_life_event", COUNSELLOR, "household", "Dit kantelmoment vastleggen", {"consequence": "Huurtoeslag"},
         {"kind": "job_loss", "happened_on": "1-11-2026"}),
    Form("change_life_event", COUNSELLOR, "household", "Dit kantelmoment opslaan", {"happened_on": "gisteren"},
         {"happened_on": "1-11-2026"}, "life_event"),
    Form("add_helper", COUNSELLOR, "household", "Deze hulpverlener toevoegen", {"organisation": "Wijkteam"},
         {"name": "Wil Wijkcoach"}),
    Form("change_helper", COUNSELLOR, "household", "Deze hulpverlener opslaan", {"phone": "12"},
         {"phone": "0612345678"}, "helper"),
    Form("add_programme", COUNSELLOR, "household", "Dit programma toevoegen", {"since": "ooit"},
         {"programme": "jpf", "since": "1-11-2026"}),
    Form("change_programme", COUNSELLOR, "household", "Dit programma opslaan", {"until": "1-1-2020"},
         {"until": "1-11-2026"}, "programme"),
    Form("add_task", COUNSELLOR, "household", "Deze taak opschrijven", {"text": "Bel de verhuurder", "due_on": "ooit"},
         {"due_on": "9-11-2026"}),
    Form("change_task", COUNSELLOR, "household", "Deze taak opslaan", {"due_on": "1-11-2020"},
         {"due_on": "9-11-2026"}, "task"),
    Form("start_debt_file", COUNSELLOR, "without_file", "Dit schulddossier openen", {"opened_on": "ooit"},
         {"opened_on": "2-11-2026"}),
    Form("debt_file", COUNSELLOR, "household", "Deze schuld toevoegen", {"creditor": "Telecom Proef", "amount": "1,234.56"},
         {"amount": "1.234,56"}),
    Form("change_debt", COUNSELLOR, "household", "Deze schuld opslaan", {"amount": "12,345"}, {"amount": "12,50"}, "debt"),
    Form("add_contact_attempt", COUNSELLOR, "household", "Deze poging vastleggen", {"kind": "phone"},
         {"result": "no_answer"}),
    Form("close_household", SUPERVISOR, "fresh", "Huishouden sluiten", {"on": "ooit"},
         {"on": "2-11-2026", "reason": "Afgerond"}),
    Form("add_note", COUNSELLOR, "household", "Deze notitie bewaren", {"kind": "phone"}, {"text": "Belt morgen"}),
    Form("end_follow_up", COUNSELLOR, "follow_up", "Van de lijst halen", {}, {"why": "Belde zelf al"}),
    Form("add_data_request", DESK, "household", "Dit verzoek vastleggen", {"received_on": "gisteren of zo"},
         {"kind": "inspection", "member": "1", "received_on": "1-11-2026"}),
    Form("answer_data_request", SUPERVISOR, "request", "Antwoord vastleggen", {"explanation": "Per brief"},
         {"outcome": "granted"}),
    Form("record_several", COUNSELLOR, "", "Deze afspraken registreren", {"reason-{unrecorded}": "forgotten"},
         {"outcome-{unrecorded}": "N"}, query="?appointment={unrecorded}&appointment={arrived}"),
    Form("team_absences", SUPERVISOR, "", "Afwezigheid opslaan", {"first_date": "9-11-2026", "last_date": "ooit"},
         {"counsellor": "1", "first_time": "9.00", "last_date": "9-11-2026", "last_time": "12.00", "kind": "verlof"}),
    Form("figure_list", SUPERVISOR, "", "Bestand maken", {}, {"purpose": "Opkomst nagaan"}, more=("m1",),
         query="?format=csv"),
    Form("export_audit", Role.PRIVACY_OFFICER, "", "Bestand maken", {}, {"purpose": "Steekproef van november"}),
    Form("export_inspection", SUPERVISOR, "request", "Bestand maken", {}, {"purpose": "Verzoek om inzage"}),
    Form("legal_hold", SUPERVISOR, "household", "Dit huishouden bewaren", {}, {"reason": "Er loopt een klacht"}),
]  # fmt: skip


def named(values: dict[str, str], town: Town) -> dict[str, str]:
    return {name.format_map(_Keys(town)): value for name, value in values.items()}


def fill(page: Page, values: dict[str, str]) -> None:
    for name, value in values.items():
        control = page.get_by_role("main").locator(f"form[method=post] [name={name}]").first
        if not control.is_visible():
            page.get_by_role("main").locator("details").filter(has=page.locator(f"[name={name}]")).locator(
                "summary"
            ).click()
        kind = control.evaluate("one => one.type")
        if kind == "radio" or kind == "checkbox":
            page.locator(f"[name={name}][value={value}]").check()
        elif kind == "select-one":
            control.select_option(index=int(value)) if value.isdigit() else control.select_option(value)
        else:
            control.fill(value)


def kept(page: Page, values: dict[str, str]) -> None:
    """Nothing that was typed is lost."""
    for name, value in values.items():
        control = page.get_by_role("main").locator(f"form[method=post] [name={name}]").first
        if control.evaluate("one => one.type") == "radio":
            expect(page.locator(f"[name={name}][value={value}]")).to_be_checked()
        else:
            expect(control).to_have_value(value)


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_without_javascript(form, filled, visit):
    """First wrong, then right, in the same page."""
    page = visit(form.role, script=False)
    page.goto(form.address(filled))
    fill(page, named(form.wrong, filled))
    button(page, form.button).click()
    expect_errors(page)
    kept(page, named(form.wrong, filled))
    fill(page, named(form.right, filled))
    if form.button == "Bestand maken":
        with page.expect_download():
            button(page, form.button).click()
        return
    button(page, form.button).click()
    if form.name == "access_reason":
        expect(page.get_by_role("heading", level=1)).to_have_text("Olga Vreemdeling")
    else:
        expect(said(page).first).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)


def test_errors_are_heard_and_lead_to_their_fields(filled, visit):
    """Focus on the heading of the summary; each line of it leads to its field; axe-core finds nothing, wide and narrow."""
    pages, faults = {role: visit(role) for role in {form.role for form in FORMS}}, {}
    for form in FORMS:
        page = pages[form.role]
        page.goto(form.address(filled))
        fill(page, named(form.wrong, filled))
        button(page, form.button).click()
        follow_the_links(page)
        expect(page.get_by_text("Dit veld is verplicht")).to_have_count(0)
        faults[form.name] = checks.axe(page) + checks.frame(page)
        faults[form.name] += checks.reflow(page, 360) + checks.axe(page) + checks.reflow(page, 320)
        page.set_viewport_size({"width": 1280, "height": 800})
    assert not checks.report(faults), checks.report(faults)


def follow_the_links(page: Page) -> None:
    summary = expect_errors(page)
    expect(summary.get_by_role("heading")).to_be_focused()
    links = summary.get_by_role("link")
    assert links.count() >= 1
    for number in range(links.count()):
        target = links.nth(number).get_attribute("href")
        links.nth(number).click()
        expect(page.locator(target)).to_be_focused()


@pytest.mark.parametrize("script", [True, False])
def test_buttons_of_a_household_that_are_forms_of_their_own(filled, visit, script):
    """A threat that no longer threatens, and an agreement that is taken back: one press each, and said afterwards."""
    page = visit(COUNSELLOR, script=script)
    address = reverse("household", args=[filled["household"].case_number])
    for name, words in (
        ("Dreigt niet meer: Afsluiting water", "dreigt niet meer"),
        ("Akkoord intrekken: MAIT", "ingetrokken"),
    ):
        page.goto(address)
        button(page, name).click()
        expect(said(page).filter(has_text=words)).to_be_visible()
        expect(button(page, name)).to_have_count(0)


def test_the_profile_has_no_wrong_answers(people, visit):
    page = visit(DESK, script=False)
    page.goto("/profiel/")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("main").get_by_role("button", name="Profiel opslaan").click()
    expect(said(page)).to_be_visible()
    expect(page.get_by_role("checkbox").first).to_be_checked()
