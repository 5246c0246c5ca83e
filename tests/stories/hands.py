"""What hands and eyes do on every page of ETF: press a button, read what was said, fill in a form."""

import re

from playwright.sync_api import Locator, Page, expect


def button(page: Page, name: str) -> Locator:
    """A button in the content of the page, not in its frame."""
    return page.get_by_role("main").get_by_role("button", name=name, exact=True)


def said(page: Page) -> Locator:
    """The green strip that says what was saved (screens 2.0)."""
    return page.get_by_role("main").get_by_role("status").first


def fill_in(page: Page, **texts: str) -> None:
    for name, text in texts.items():
        page.get_by_role("main").locator(f"[name={name}]").fill(text)


def expect_errors(page: Page) -> Locator:
    """The page says in its title and in a summary that something is wrong (look.md 6.6); gives the summary."""
    expect(page).to_have_title(re.compile("^Fout: "))
    summary = page.get_by_role("alert").filter(has_text="Er is iets niet goed ingevuld")
    expect(summary).to_be_visible()
    return summary
