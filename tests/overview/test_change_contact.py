"""The door to change how a household is reached: both versions when a colleague was first (R-19), R-38, R-91, R-92."""

import pytest
from django.urls import reverse

from casework.core.models import AuditEntry, Role
from tests import make
from tests.cast import ONE_CAST

pytestmark = ONE_CAST


def text(page) -> str:
    return " ".join(page.content.decode().split())


@pytest.fixture
def household(cast):
    return make.household(
        given="Aisha", surname="Test", owner=cast.samira, location=cast.place, email="aisha@example.org",
        street="Voorbeeldstraat", house_number="12", postcode="3072AB",
    )  # fmt: skip


@pytest.fixture
def address(household):
    return reverse("change_contact", args=[household.case_number])


@pytest.fixture
def desk(cast, browse):
    return browse(cast.users[Role.DESK])


def form(**typed) -> dict:
    return {
        "version": "1", "mobile": "06 12 34 56 78", "email": "aisha@example.org", "street": "Voorbeeldstraat",
        "house_number": "12", "postcode": "3072 AB", "city": "Rotterdam", "language": "nl", "channel": "sms",
    } | typed  # fmt: skip


def test_the_form_shows_what_stands_and_looking_leaves_a_line(desk, address, household):
    shown = desk.get(address).context["form"]
    assert {name: shown[name].value() for name in ("mobile", "postcode", "language", "version")} == {
        "mobile": "06 12 34 56 78", "postcode": "3072 AB", "language": "nl", "version": 1,
    }  # fmt: skip
    assert AuditEntry.objects.get().action == "view_contact"


def test_a_change_is_kept_and_leaves_one_line(desk, address, household):
    answer = desk.post(address, form(mobile="06 87 65 43 21", language="tr", interpreter="on"))
    assert answer.url == reverse("household", args=[household.case_number])
    household.refresh_from_db()
    assert (household.mobile, household.language, household.interpreter) == ("+31687654321", "tr", True)
    assert "opgeslagen" in text(desk.get(answer.url))
    line = AuditEntry.objects.get(action="change_contact")
    assert line.details == {"changed": ["interpreter", "language", "mobile"]}
    assert "687654321" not in str(vars(line))


def test_saving_twice_changes_once(desk, address, household):
    """R-17 without a token: the same values are no change."""
    sent = form(mobile="06 87 65 43 21")
    assert desk.post(address, sent).status_code == 302
    assert desk.post(address, sent).status_code == 302
    household.refresh_from_db()
    assert household.version == 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"mobile": "12"}, "mobile"), ({"mobile": "\x00"}, "mobile"), ({"email": "a@b"}, "email"),
     ({"email": "x" * 250 + "@example.org"}, "email"), ({"postcode": "1"}, "postcode"), ({"street": "x" * 121}, "street"),
     ({"city": "R\x00"}, "city"), ({"language": "zz"}, "language"), ({"channel": "duif"}, "channel"),
     ({"safety_note": "x" * 201}, "safety_note"), ({"version": ""}, "version"), ({"version": "een"}, "version"),
     ({"quiet_from": "9.00"}, "quiet_from"),
     ({"administrator_from": "2-11-2026", "administrator_until": "1-11-2026"}, "administrator_until")],
)  # fmt: skip
def test_what_is_not_understood_stays_in_the_form(desk, address, household, typed, field):
    page = desk.post(address, form(addition="zwart") | typed)
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert 'role="alert"' in text(page)
    assert 'value="zwart"' in text(page)
    household.refresh_from_db()
    assert household.version == 1


def test_both_versions_stand_beside_each_other_when_a_colleague_was_first(desk, address, household, cast, browse):
    """R-19: nothing is overwritten silently, and saving again is a choice."""
    colleague = browse(cast.users[Role.SUPERVISOR])
    colleague.post(address, form(mobile="06 11 11 11 11", language="tr", interpreter="on"))
    page = desk.post(address, form(mobile="06 22 22 22 22"))
    assert page.status_code == 200
    table = text(page).split("Wat verschilt</caption>")[1].split("</table>")[0]
    rows = [row.split("</tr>")[0] for row in table.split("<tr>")[2:]]
    assert len(rows) == 3
    found = {row.split('scope="row">')[1].split("<")[0]: [cell.split("</td>")[0] for cell in row.split("<td>")[1:]]
             for row in rows}  # fmt: skip
    assert found == {
        "Mobiel nummer (niet verplicht)": ["06 22 22 22 22", "06 11 11 11 11"],
        "Taal": ["Nederlands", "Turks"],
        "Tolk nodig (niet verplicht)": ["nee", "ja"],
    }
    household.refresh_from_db()
    assert household.mobile == "+31611111111"
    again = page.context["form"]["version"].value()
    assert desk.post(address, form(mobile="06 22 22 22 22", version=again)).status_code == 302
    household.refresh_from_db()
    assert household.mobile == "+31622222222"


def test_a_version_out_of_the_blue_is_a_conflict_not_a_fault(desk, address, household):
    assert desk.post(address, form(mobile="06 22 22 22 22", version="9" * 40)).status_code == 200
    household.refresh_from_db()
    assert household.version == 1


def test_a_colleague_gives_a_reason_first(cast, browse, address, household):
    client = browse(cast.bram.user)
    assert client.post(address, form(mobile="06 22 22 22 22")).url == reverse(
        "access_reason", args=[household.case_number]
    )
    household.refresh_from_db()
    assert household.mobile == "+31612345678"


@pytest.mark.parametrize("rows", [1, 3])
def test_the_form_asks_as_much_for_one_member_as_for_three(desk, address, household, django_assert_num_queries, rows):
    for number in range(rows - 1):
        household.members.create(given_names=f"Kind{number}", search_surname="", role="child")
        make.term(household, ("urgent", "decision")[number], "2026-11-02", "2026-11-30")
    with django_assert_num_queries(10):
        assert desk.get(address).status_code == 200
