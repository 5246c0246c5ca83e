"""Letters on paper, from what waits to the letter box (decision 0063)."""

import pytest
from playwright.sync_api import expect

from casework.core.models import Role
from casework.messaging.models import Message
from tests import make
from tests.stories.hands import button, said


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_the_desk_prints_a_stack_takes_one_letter_out_and_posts_the_rest(people, visit, script):
    for given in ("Lies", "Fatou", "Aart"):
        make.letter(make.household(given=given, mobile="", location=people.feijenoord, **make.ADDRESS))
    page = visit(Role.DESK, script=script)
    page.goto("/")
    page.get_by_role("link", name="3 brieven om te printen").click()
    button(page, "Brieven printen").click()
    expect(page.get_by_text("3 brieven, in de volgorde van het papier")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Brieven downloaden (pdf)").click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    assert waiting.value.suggested_filename.startswith("etf_brieven_")
    page.get_by_role("button", name="Niet gelukt, opnieuw: Aart").click()
    expect(said(page)).to_contain_text("1 brief wacht opnieuw.")
    lies = Message.objects.get(household__display_name__startswith="Lies")
    Message.objects.filter(pk=lies.pk).update(state="withdrawn", reason="cancelled")
    page.reload()
    expect(page.get_by_test_id("take-out")).to_contain_text("Haal deze brieven uit de stapel")
    button(page, "Gepost").click()
    expect(said(page)).to_contain_text("Vastgelegd: deze stapel is gepost.")
    states = Message.objects.order_by("household__display_name").values_list("state", flat=True)
    assert list(states) == ["print", "sent", "withdrawn"]
