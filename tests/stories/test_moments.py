"""An administrator chooses other moments and sees before saving when a reminder goes out (S25)."""

import pytest
from playwright.sync_api import expect

from casework.appointments.models import ReminderMoments
from casework.core.models import Role
from tests.stories import checks
from tests.stories.hands import button


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_the_examples_follow_what_is_typed(filled, visit, script):
    page = visit(Role.ADMIN, script=script)
    page.goto("/beheer/casework/remindermoments/add/?type=EG")
    examples = page.locator("[data-test=examples]")
    expect(examples).to_contain_text("do 19 nov om 14.00 herinneren we op: di 17 nov 10.00")
    page.locator("#id_days_before").fill("3")
    if not script:
        button(page, "Controleren").click()
    expect(examples).to_contain_text("do 19 nov om 14.00 herinneren we op: ma 16 nov 10.00")
    page.locator("#id_same_day_at").fill("09:30")
    if not script:
        button(page, "Controleren").click()
    expect(page.locator("[data-moments]")).to_contain_text("Vul alle dagen en tijden in.")
    page.locator("#id_same_day_at").fill("08:00")
    page.locator("#id_valid_from").fill("3-11-2026")
    if script:
        wide = checks.reflow(page, 360)
        page.set_viewport_size({"width": 1280, "height": 800})
        assert not wide, wide
    button(page, "Opslaan").click()
    expect(page.locator("#moments-EG")).to_contain_text("Herinnering 3 dagen ervoor om 10.00.")
    assert ReminderMoments.objects.get().days_before == 3
