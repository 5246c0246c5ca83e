"""A bag of letters becomes a list: fourteen debts by keyboard alone (roles.md, task 8: 20 seconds a line)."""

from decimal import Decimal

import pytest
from playwright.sync_api import expect

from casework.core.models import Role
from casework.debts.models import Debt
from tests import make
from tests.stories.test_main_job import press

# Twenty seconds at 0.28 s a key, less two mental steps of 1.35 s and one answer of half a second (roles.md).
MOST_KEYS = 60
LETTERS = [
    ("Energie Voorbeeld", "KL-2041", "812,40"), ("Zorgverzekeraar Proef", "88 12 004", "1.234,56"),
    ("Woonstichting Zuid", "H 3072", "2.100"), ("Waterschap Delta", "WD/7", "310,05"), ("Telecom Proef", "", "89,99"),
    ("Belastingkantoor", "9999.01", "1750"), ("Boetebureau", "B-1", "369.00"), ("Postorder Proef", "PO 55", "0,01"),
    ("Studiefonds Proef", "", "12.345,67"), ("Toeslagenkantoor", "T-8", "640,00"), ("Warmte Zuid", "W1", "77,70"),
    ("Tandarts Voorbeeld", "", "145,30"), ("Sportclub Proef", "lid 12", "36"), ("Tante Awa", "", "250"),
]  # fmt: skip
# Added up by hand.
TOTAL = Decimal("20160.68")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without"])
def test_fourteen_debts_by_keyboard(people, visit, script):
    home = make.household(given="Fatou", surname="Ndiaye", owner=people.samira, location=people.feijenoord)
    make.debt_file(home)
    page = visit(Role.COUNSELLOR, script=script)
    page.goto(f"/huishoudens/{home.case_number}/dossier/?added=1")
    letters = LETTERS if script else LETTERS[:3]
    for creditor, reference, amount in letters:
        expect(page.get_by_label("Schuldeiser")).to_be_focused()
        keys = press(page, *creditor, "Tab", *reference, "Tab", *amount, "Enter")
        expect(page.get_by_role("status").filter(has_text=f"Toegevoegd: {creditor}")).to_be_visible()
        assert keys <= MOST_KEYS, creditor
    table = page.get_by_role("table", name="Schulden")
    expect(table.get_by_test_id("debt")).to_have_count(len(letters))
    if not script:
        return
    expect(table.locator("tfoot")).to_contain_text("Totaal, 14 schuldeisers")
    expect(table.locator("tfoot")).to_contain_text("€ 20.160,68")
    assert sum(Debt.objects.values_list("amount", flat=True)) == TOTAL

    press(page, *"Webwinkel Proef", "Tab", "Tab", *"12,345", "Enter")
    expect(page.get_by_role("alert")).to_contain_text("Schrijf het bedrag zoals 1234,56.")
    expect(page.get_by_label("Schuldeiser")).to_have_value("Webwinkel Proef")
    page.get_by_label("Bedrag", exact=True).fill("12,34")
    press(page, "Enter")
    expect(table.get_by_test_id("debt")).to_have_count(15)
