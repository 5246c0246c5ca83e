"""A resident who cannot come, with the address of the reminder on her telephone (decision 0067)."""

import pytest
from playwright.sync_api import expect

from casework.core.models import Role
from casework.households.models import Task
from tests.stories import checks
from tests.stories.hands import button


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_she_cancels_and_is_called_back(filled, visit, script):
    page = visit("", script=script)
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"/a/{filled['code'].token.lower()}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw afspraak")
    expect(page.get_by_role("main")).to_contain_text("dinsdag 3 november")
    expect(page.get_by_role("main")).not_to_contain_text("Piet")
    page.get_by_role("link", name="English").click()
    expect(button(page, "Only cancel")).to_be_visible()
    page.get_by_role("link", name="Nederlands").click()

    button(page, "Zeg af, en bel mij voor een nieuwe tijd").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw afspraak is afgezegd")
    if script:
        found = {"afgezegd": checks.axe(page) + checks.reflow(page, 320)}
        assert not checks.report(found), checks.report(found)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Uw afspraak is afgezegd")
    assert Task.objects.filter(kind="call_back").count() == 1

    desk = visit(Role.DESK)
    desk.goto("/taken/")
    expect(desk.get_by_role("main")).to_contain_text("Bel terug voor een nieuwe afspraak")
