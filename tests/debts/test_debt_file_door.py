"""The door to a debt file (S08, R-90c, R-91, R-92)."""

import datetime as dt

import pytest
from django.urls import reverse

from casework.core.models import AuditEntry, AuditKind, Role
from casework.debts.models import DebtFile
from casework.households.models import ExitReason
from tests import make
from tests.cast import debts


def text(page) -> str:
    return " ".join(page.content.decode().split())


def address(household) -> str:
    return reverse("debt_file", args=[household.case_number])


@pytest.fixture
def counsellor(cast, browse):
    return browse(cast.samira.user)


def test_a_file_shows_its_debts_with_an_exact_total(cast, counsellor):
    for amount in ("0.10", "0.20", "1234.56"):
        cast.file.debts.create(creditor=cast.file.debts.first().creditor, amount=amount, kind="Zorg", preferred=True)
    page = text(counsellor.get(address(cast.own)))
    assert "€ 1.234,56" in page
    assert "€ 2.047,26" in page.split("<tfoot>")[1]
    assert "Zorg" in page


def test_every_opening_leaves_one_line(cast, counsellor):
    counsellor.get(address(cast.own))
    line = AuditEntry.objects.get()
    assert (line.action, line.kind, line.object_key) == (
        "view_debt_file", AuditKind.VIEWED, f"household:{cast.own.pk}",
    )  # fmt: skip


def test_a_household_without_a_file_offers_the_next_step(cast, browse):
    page = text(browse(cast.users[Role.SUPERVISOR]).get(address(cast.free)))
    assert "Nog geen schulddossier." in page
    assert reverse("book", args=[cast.free.case_number]) in page


def test_a_file_without_debts_says_that_a_talk_can_be_booked_already(cast, counsellor):
    cast.file.debts.all().delete()
    assert "Nog geen schulden ingevoerd" in text(counsellor.get(address(cast.own)))


def test_everything_that_was_decided_stands_there(cast, counsellor):
    DebtFile.objects.filter(pk=cast.file.pk).update(
        decision_kind="admission", decided_on=dt.date(2026, 11, 2), plan_completed_on=dt.date(2026, 11, 1),
        solution_kind="Saneringskrediet", solution_start=dt.date(2026, 10, 1), vtlb=1432,
    )  # fmt: skip
    cast.file.phases.create(kind="intake", started_on=dt.date(2026, 10, 1))
    cast.file.phases.create(kind="guidance", guidance="Budgetcoaching", started_on=dt.date(2026, 10, 2))
    page = text(counsellor.get(address(cast.own)))
    for words in ("Toelating", "ma 2 nov", "Saneringskrediet", "€ 1.432,00", "Budgetcoaching", "Intake"):
        assert words in page


def test_the_open_file_stands_first_and_earlier_ones_below(cast, counsellor):
    make.debt_file(cast.own, opened="2024-01-10", closed_on=dt.date(2025, 2, 1), exit_reason="Afgerond")
    page = counsellor.get(address(cast.own))
    assert page.context["file"] == cast.file
    assert "wo 10 jan 2024" in text(page)


def test_a_closed_file_says_why(cast, counsellor):
    DebtFile.objects.filter(pk=cast.file.pk).update(closed_on=dt.date(2026, 11, 2), exit_reason="Zelf")
    page = text(counsellor.get(address(cast.own)))
    assert "Gesloten" in page
    assert "gesloten ma 2 nov" in page
    assert str(ExitReason.SOLVED_SELF.label) in page


def test_names_of_creditors_are_escaped(cast, counsellor):
    creditor = cast.file.debts.first().creditor
    creditor.name = "<script>x</script>"
    creditor.save()
    assert "<script>x" not in text(counsellor.get(address(cast.own)))


def test_a_counsellor_of_somebody_else_gives_a_reason_first(cast, browse):
    client = browse(cast.bram.user)
    question = reverse("access_reason", args=[cast.own.case_number])
    assert client.get(address(cast.own)).url.partition("?")[0] == question
    assert not AuditEntry.objects.exists()
    client.post(reverse("access_reason", args=[cast.own.case_number]), {"kind": "cover"})
    assert client.get(address(cast.own)).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_much_for_one_debt_as_for_three(cast, counsellor, django_assert_num_queries, rows):
    household = make.household(owner=cast.samira, location=cast.place)
    file = debts(household, number=rows)
    for number in range(rows):
        file.phases.create(
            kind="report", started_on=dt.date(2026, 1, number + 1), ended_on=dt.date(2026, 1, number + 2)
        )
        make.debt_file(household, opened=f"202{number}-01-10", closed_on=dt.date(2026, 1, 1), exit_reason="Afgerond")
    with django_assert_num_queries(14):
        assert counsellor.get(address(household)).status_code == 200
