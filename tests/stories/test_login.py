"""Getting in with a real browser: passkey, app, the idle limit and a draft that comes back (S01, S28, R-98)."""

import re
import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from casework.core.login import idle
from casework.core.models import AuditEntry, Concept, Role
from tests import make
from tests.stories import checks

LOGGED_OUT = re.compile("/inloggen/")


def log_in(page: Page, username: str = "joris") -> None:
    page.get_by_label("Gebruikersnaam").fill(username)
    page.get_by_label("Wachtwoord", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Inloggen", exact=True).click()


def log_out(page: Page) -> None:
    page.get_by_role("button", name="Uitloggen").click()
    expect(page).to_have_url(LOGGED_OUT)


def is_sound(page: Page) -> None:
    """What holds for every screen, also for one that cannot be opened by its address alone."""
    faults = checks.axe(page) + checks.frame(page) + checks.reflow(page, 320) + checks.small_targets(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert not faults, checks.report({page.url: faults})


def give_authenticator(page: Page) -> None:
    """A security chip in the computer that always recognises its owner."""
    chip = page.context.new_cdp_session(page)
    chip.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    chip.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def test_a_passkey_from_saving_to_logging_in_with_it(people, visit):
    page = visit(None)
    give_authenticator(page)
    page.goto("/profiel/")
    log_in(page)
    expect(page).to_have_url(re.compile("/profiel/$"))
    page.get_by_role("link", name="Een passkey bewaren").click()
    is_sound(page)
    page.get_by_label("Naam van deze passkey").fill("kantoorlaptop")
    page.get_by_role("button", name="Bewaar de passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Herstelcodes")
    is_sound(page)
    page.goto("/profiel/")
    expect(page.get_by_role("main")).to_contain_text("kantoorlaptop")
    is_sound(page)
    log_out(page)

    page.goto("/agenda/")
    page.get_by_role("button", name="Inloggen met een passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Agenda"))
    assert AuditEntry.objects.filter(action="log_in").latest("id").details["how"] == ["webauthn"]

    log_out(page)
    page.goto("/inloggen/")
    log_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Tweede stap van inloggen")
    is_sound(page)
    page.get_by_role("button", name="Gebruik een passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Vandaag"))

    page.goto("/profiel/")
    page.get_by_role("link", name="Verwijderen: kantoorlaptop").click()
    is_sound(page)
    page.get_by_role("button", name="Verwijder de passkey").click()
    expect(page.get_by_role("main").get_by_role("status").first).to_have_text("De passkey is verwijderd.")
    expect(page.get_by_role("main")).not_to_contain_text("kantoorlaptop")


def test_a_passkey_that_is_refused_says_so_on_the_page(people, visit):
    """No key at hand: a sentence, and the other ways still work."""
    page = visit(None)
    chip = page.context.new_cdp_session(page)
    chip.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": False, "automaticPresenceSimulation": True,
    }  # fmt: skip
    chip.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/inloggen/")
    page.get_by_role("button", name="Inloggen met een passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("Dat lukte niet of werd afgebroken.")
    log_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Vandaag"))


def test_an_app_is_set_up_before_anything_else_opens(people, visit, settings):
    settings.ETF_REQUIRE_SECOND_FACTOR = True
    page = visit(None)
    page.goto("/agenda/")
    log_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Stel een tweede stap in")
    is_sound(page)
    page.goto("/huishoudens/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Stel een tweede stap in")
    page.get_by_role("link", name="App instellen").click()
    expect(page.get_by_role("img")).to_be_visible()
    assert page.get_by_role("img").evaluate("image => image.naturalWidth > 0"), "the square to scan is really drawn"
    is_sound(page)
    secret = page.locator(".etf-key").inner_text()
    page.get_by_label("Code", exact=True).fill(code(secret))
    page.get_by_role("button", name="App instellen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Herstelcodes")
    recovery = page.get_by_role("main").get_by_role("listitem").first.inner_text()
    page.get_by_role("link", name="Ik heb ze bewaard: ga verder").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Vandaag"))

    log_out(page)
    page.goto("/inloggen/")
    log_in(page)
    page.get_by_label("Code", exact=True).fill("000000")
    page.get_by_role("button", name="Inloggen", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Deze code klopt niet.")
    is_sound(page)
    page.get_by_label("Code", exact=True).fill(recovery)
    page.get_by_role("button", name="Inloggen", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Vandaag"))


def set_up_app(page: Page) -> None:
    page.goto("/profiel/")
    log_in(page)
    page.get_by_role("link", name="Een authenticator-app instellen").click()
    secret = page.locator(".etf-key").inner_text()
    page.get_by_label("Code", exact=True).fill(code(secret))
    page.get_by_role("button", name="App instellen").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Herstelcodes")


def test_an_app_works_without_javascript(people, visit):
    page = visit(None, script=False)
    set_up_app(page)
    page.goto("/profiel/tweede-stap/app/weg/")
    page.get_by_role("button", name="Verwijder de app").click()
    expect(page.get_by_role("main").get_by_role("status").first).to_have_text("De authenticator-app is verwijderd.")


def test_the_pages_in_between(people, visit):
    page = visit(None)
    set_up_app(page)
    page.goto("/bevestigen/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Laat nog één keer zien dat u het bent")
    is_sound(page)
    page.get_by_role("link", name="Gebruik een code").click()
    is_sound(page)
    for address in ("/profiel/tweede-stap/app/weg/", "/profiel/herstelcodes/nieuw/"):
        page.goto(address)
        is_sound(page)


def test_back_after_logging_out_shows_the_login_page(filled, visit):
    page = visit(None)
    page.goto("/huishoudens/")
    log_in(page)
    expect(page.get_by_role("main")).to_contain_text("Ndiaye")
    log_out(page)
    page.go_back()
    expect(page).to_have_url(LOGGED_OUT)
    expect(page.get_by_role("main")).not_to_contain_text("Ndiaye")


# The idle limit: the clock of the browser is wound on, and so is the moment at which the server last saw somebody


def nobody_was_seen_for(minutes: int) -> None:
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        idle.see(session)
        session["seen"] -= minutes * 60
        session.save()


def open_with_clock(page: Page, address: str) -> None:
    page.clock.install()
    page.goto(address)


def pass_minutes(page: Page, minutes: int) -> None:
    nobody_was_seen_for(minutes)
    page.clock.fast_forward((minutes * 60 + 1) * 1000)


def test_the_warning_and_i_am_still_here(people, visit):
    page = visit(Role.DESK)
    open_with_clock(page, "/huishoudens/aanmelden/")
    dialog = page.get_by_role("dialog", name="Bent u er nog?")
    pass_minutes(page, 27)
    expect(dialog).to_be_hidden()
    pass_minutes(page, 1)
    expect(dialog).to_be_visible()
    expect(dialog.get_by_role("button", name="Ik ben er nog")).to_be_focused()
    page.clock.fast_forward(60_000)
    expect(dialog).to_contain_text("Over één minuut wordt u uitgelogd.")
    is_sound(page)
    with page.expect_response("**/sessie/verlengen/") as kept:
        dialog.get_by_role("button", name="Ik ben er nog").click()
    assert kept.value.status == 204
    expect(dialog).to_be_hidden()
    pass_minutes(page, 27)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("aanmelden", re.IGNORECASE))


def test_escape_means_i_am_still_here(people, visit):
    page = visit(Role.DESK)
    open_with_clock(page, "/profiel/")
    pass_minutes(page, 28)
    expect(page.get_by_role("dialog")).to_be_visible()
    with page.expect_response("**/sessie/verlengen/") as kept:
        page.keyboard.press("Escape")
    assert kept.value.status == 204
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_half_filled_in_comes_back_after_the_session_ran_out(people, visit):
    page = visit(Role.DESK)
    open_with_clock(page, "/huishoudens/aanmelden/")
    page.get_by_label("Voornaam", exact=True).fill("Özgür")
    page.get_by_label("Achternaam", exact=True).fill("<b>Yılmaz</b>")
    # Leaving the field asks for who has this number. An answer that came after the clock is wound on would be somebody seen.
    with page.expect_response(lambda answer: "87654321" in (answer.request.post_data or "")):
        page.get_by_label("Mobiel nummer").fill("06 87654321")
        page.keyboard.press("Tab")
    with page.expect_response("**/sessie/concept/") as kept:
        pass_minutes(page, 28)
    assert kept.value.status == 204
    nobody_was_seen_for(31)
    page.clock.fast_forward(121_000)
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text(
        "U was 30 minuten niet actief. Log opnieuw in; uw concept is bewaard."
    )
    is_sound(page)
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0

    log_in(page)
    expect(page.get_by_label("Voornaam", exact=True)).to_have_value("")
    is_sound(page)
    page.get_by_role("button", name="Zet terug").click()
    expect(page.get_by_label("Voornaam", exact=True)).to_have_value("Özgür")
    expect(page.get_by_label("Achternaam", exact=True)).to_have_value("<b>Yılmaz</b>")
    expect(page.get_by_label("Mobiel nummer")).to_have_value("06 87654321")
    expect(page.get_by_text("Uw concept is teruggezet.")).to_be_visible()
    page.get_by_label("Achternaam", exact=True).fill("Yılmaz")
    page.get_by_role("main").get_by_role("button", name="Aanmelden en afspraak maken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Afspraak maken")
    assert not Concept.objects.exists(), "sent, so no draft any more"


def test_nothing_typed_nothing_kept(people, visit):
    page = visit(Role.DESK)
    open_with_clock(page, "/huishoudens/aanmelden/")
    pass_minutes(page, 28)
    expect(page.get_by_role("dialog")).to_be_visible()
    nobody_was_seen_for(31)
    page.clock.fast_forward(121_000)
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text(
        "U was 30 minuten niet actief. Log opnieuw in."
    )
    assert not Concept.objects.exists()


def test_without_javascript_the_session_ends_all_the_same(people, visit):
    page = visit(Role.DESK, script=False)
    page.goto("/profiel/")
    expect(page.get_by_role("dialog")).to_be_hidden()
    nobody_was_seen_for(31)
    page.goto("/profiel/")
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text(
        "U was 30 minuten niet actief. Log opnieuw in."
    )


def test_a_second_tab_keeps_the_first_one_in(people, visit):
    """One person, one session: whoever works in one tab is not warned in the other."""
    page = visit(Role.DESK)
    open_with_clock(page, "/profiel/")
    pass_minutes(page, 28)
    expect(page.get_by_role("dialog")).to_be_visible()
    other = page.context.new_page()
    other.goto("/profiel/")
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_ending_the_other_sessions(people, visit):
    here, there = visit(None), visit(None)
    for page in (there, here):
        page.goto("/profiel/")
        log_in(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Mijn profiel")
    here.get_by_role("button", name="Beëindig de andere sessies").click()
    expect(here.get_by_role("main").get_by_role("status")).to_have_text("1 andere sessie is beëindigd.")
    there.reload()
    expect(there).to_have_url(LOGGED_OUT)
