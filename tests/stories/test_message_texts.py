"""A new text of a message: counted along while one types, by the server without JavaScript; approved by somebody else (S25)."""

import pytest
from playwright.sync_api import expect

from casework.core.models import Role
from casework.messaging.checks import check
from casework.messaging.models import MessageText
from tests import make
from tests.stories import checks
from tests.stories.hands import button

TYPED = [
    "Gemeente Rotterdam: tot {day} om {time} uur bij {location}. Bel {phone_number}.",
    "Kosten: € 5 {of} [niets] op {day}, bij {location} ^~|\\.",
    "x" * 140 + "{day}",
    "x" * 152 + "€" * 60,
    "Geïnformeerd op {day} bij {location}, Işık 😀.",
    "😀" * 70,
    "[weg {address}]Hier {location}",
]


def address() -> str:
    return "/beheer/casework/messagetext/add/?kind=t2&form=sms&language=nl"


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_the_page_counts_as_the_server_does(filled, visit, script):
    make.location(name="Vraagwijzer Işık-Zuid")
    page = visit(Role.ADMIN, script=script)
    page.goto(address())
    for typed in TYPED:
        page.locator("#id_text").fill(typed)
        if not script:
            button(page, "Controleren").click()
        found = check(MessageText(kind="t2", form="sms", language="nl", text=typed))
        expect(page.locator("[data-count]")).to_have_text(found.count)
        expect(page.locator("[data-place]")).to_have_text(found.place)
        expect(page.locator("[data-text]")).to_have_text(found.example)
        if found.outside:
            expect(page.locator("[data-outside]")).to_have_text(found.about_outside)
        else:
            expect(page.locator("[data-outside]")).to_be_hidden()
    assert not MessageText.objects.filter(approved_at=None).exists()


def test_written_by_one_and_approved_by_another(filled, visit):
    page = visit(Role.ADMIN)
    page.goto(address())
    page.locator("#id_text").fill(TYPED[0])
    button(page, "Opslaan").click()
    expect(page.locator("#t2-sms-nl")).to_contain_text("wacht op goedkeuring")
    row = MessageText.objects.get(approved_at=None)
    page.goto(f"/beheer/casework/messagetext/{row.pk}/approve/")
    expect(page.get_by_role("main")).to_contain_text("U schreef deze versie.")

    MessageText.objects.filter(pk=row.pk).update(written_by=make.user(Role.ADMIN, username="wim"))
    page = visit(Role.ADMIN, bypass_csp=True)
    page.goto(f"/beheer/casework/messagetext/{row.pk}/approve/")
    wrong = checks.axe(page) + checks.reflow(page, 360)
    page.set_viewport_size({"width": 1280, "height": 800})
    assert not wrong, wrong
    button(page, "Goedkeuren").click()
    expect(page.locator("#t2-sms-nl")).to_contain_text("goedgekeurd, nog niet ingegaan")
    row.refresh_from_db()
    assert not row.waits
