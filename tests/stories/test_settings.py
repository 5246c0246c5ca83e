"""An administrator changes hours, sees first what that does, and saves it anyway (S25)."""

import re

import pytest
from playwright.sync_api import expect

from casework.appointments.models import Appointment
from casework.core import clock
from casework.core.models import Role
from casework.counsellors.models import Counsellor
from tests.stories import checks
from tests.stories.hands import button


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_the_effect_is_seen_before_it_is_saved(filled, visit, script):
    row = (
        Appointment.objects.standing(clock.now()).filter(household=filled["household"]).select_related("counsellor")[0]
    )
    counsellor, stood = row.counsellor, Appointment.objects.to_replan(clock.now()).count()
    page = visit(Role.ADMIN, script=script)
    page.goto(f"/beheer/casework/counsellor/{counsellor.pk}/change/")
    page.locator("#id_capacity").fill("33")
    page.locator("#id_active").uncheck()
    button(page, "Opslaan").click()

    effect = page.get_by_role("alert")
    expect(effect).to_contain_text("opnieuw worden gepland")
    expect(effect).to_contain_text(str(counsellor))
    expect(effect).not_to_contain_text(str(row.household))
    expect(page.locator("#id_capacity")).to_have_value("33")
    expect(page.locator("#id_active")).not_to_be_checked()
    assert Counsellor.objects.get(pk=counsellor.pk).active
    hit = int(page.locator("[data-test=effect]").get_attribute("data-hit"))
    if script:
        wide = checks.reflow(page, 360)
        page.set_viewport_size({"width": 1280, "height": 800})
        assert not wide, wide

    button(page, "Toch opslaan").click()
    expect(page).to_have_url(re.compile(r"/beheer/casework/counsellor/$"))
    kept = Counsellor.objects.get(pk=counsellor.pk)
    assert (kept.active, kept.capacity) == (False, 33)
    assert Appointment.objects.to_replan(clock.now()).count() == stood + hit > stood
