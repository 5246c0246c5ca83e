"""A real browser on a real server. Whatever a page complains of in its console fails the story it happened in."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings as project
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from casework.core.models import User
from tests.stories import chromium, town

# A machine under load answers late, not wrong.
PATIENCE_MS = 10_000
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}


def pytest_collection_modifyitems(items):
    """Every test in this folder is a story: a real server needs real transactions, and the days of the calendar."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.story)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser(django_db_setup):
    """One Chromium for all stories.

    Playwright keeps an event loop in this thread as long as it runs. Django must be told that its ordinary calls are
    meant there.
    """
    path = chromium.obtain()
    if not path:
        pytest.skip(chromium.SKIPPED)
    expect.set_options(timeout=PATIENCE_MS)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        playwright.selectors.set_test_id_attribute("data-test")
        started = playwright.chromium.launch(executable_path=path, args=chromium.switches())
        yield started
        started.close()
        connection.close()


@pytest.fixture
def at(settings) -> Callable[[str], None]:
    """`at("2026-11-03 10:00")`: for the server it is that moment from now on."""

    def set_clock(moment: str) -> None:
        settings.ETF_NOW = moment

    set_clock(town.MONDAY_MORNING)
    return set_clock


@pytest.fixture
def people(at, transactional_db) -> town.Town:
    """Staff and places, no households yet."""
    return town.build()


@pytest.fixture
def filled(people) -> town.Town:
    """The same with a Monday in full swing."""
    return town.fill(people)


class Visits:
    """Opens browsers for people, and remembers what went wrong in any of them."""

    def __init__(self, browser: Browser, address: str):
        self.browser, self.address = browser, address
        self.contexts: list[BrowserContext] = []
        self.faults: list[str] = []

    def open(self, user: User | None = None, *, script: bool = True, size=WIDE, language: str = "nl", **more) -> Page:
        """A browser of its own, logged in as `user`, not yet on a page."""
        context = self.browser.new_context(
            base_url=self.address, java_script_enabled=script, viewport=size, locale=f"{language}-NL",
            reduced_motion="reduce", **more,
        )  # fmt: skip
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        cookies = {project.LANGUAGE_COOKIE_NAME: language}
        if user:
            client = Client()
            client.force_login(user)
            cookies[project.SESSION_COOKIE_NAME] = client.cookies[project.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": name, "value": value, "url": self.address} for name, value in cookies.items()])
        page = context.new_page()
        self._watch(page)
        return page

    def _watch(self, page: Page) -> None:
        def note(kind: str, text: str) -> None:
            self.faults.append(f"{urlsplit(page.url).path} {kind}: {text}")

        def check_host(request) -> None:
            if not request.url.startswith((self.address, "data:", "blob:", "about:")):
                note("foreign host", request.url)

        page.on("console", lambda message: note("console", message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: note("script", str(error)))
        page.on("request", check_host)
        page.on("requestfailed", lambda request: self._note_failure(note, request))

    @staticmethod
    def _note_failure(note, request) -> None:
        # A download, or a page that somebody leaves while it loads, is broken off and not broken.
        if "ERR_ABORTED" not in (request.failure or ""):
            note("failed", f"{request.url} {request.failure}")

    def forgive(self, status: int) -> None:
        """A page was refused on purpose; Chromium says so in its console."""
        wanted = [one for one in self.faults if f"status of {status}" in one]
        assert wanted, f"no page answered {status}"
        self.faults = [one for one in self.faults if one not in wanted]

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def visits(browser, live_server):
    opened = Visits(browser, live_server.url)
    yield opened
    opened.close()
    assert not opened.faults, "\n".join(opened.faults)


@pytest.fixture
def visit(visits, people) -> Callable[..., Page]:
    """`visit("desk")` gives a page logged in as the desk clerk; `visit("desk", script=False)` one without JavaScript."""

    def open_as(role: str | None, **how) -> Page:
        return visits.open(people.users[role] if role else None, **how)

    return open_as
