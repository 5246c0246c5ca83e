"""Opening a debt file, whole or not at all, and what the database does not allow."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from casework.core.models import AuditEntry
from casework.core.refusals import Refused
from casework.debts.actions import NewDebt, NewFile, NewNote, NewPhase, OpenFileExists, open_debt_file
from casework.debts.models import STAGES, Creditor, Debt, DebtFile, JournalEntry, Phase, PhaseKind
from tests import make

pytestmark = pytest.mark.django_db
OPENED = dt.date(2026, 11, 2)


@pytest.fixture
def household(now):
    return make.household()


def opened(household, now, *, by=None, **given) -> DebtFile:
    new = NewFile(**{"opened_on": OPENED, "municipality_code": "0599"} | given)
    return open_debt_file(household=household, clients=list(household.members.all()), new=new, by=by, now=now)


def test_a_file_comes_with_its_phases_debts_and_notes(household, now, samira):
    made = opened(
        household, now, by=samira.user,
        phases=(NewPhase("report", OPENED, OPENED), NewPhase("intake", OPENED)),
        debts=(NewDebt("Energie Voorbeeld", Decimal("812.40"), kind="Nuts"), NewDebt("ENERGIE voorbeeld", Decimal("1"))),
        notes=(NewNote(now, samira.user, "gesprek", "Kort gesproken."),),
        facts={"vtlb": 1432},
    )  # fmt: skip
    assert (made.vtlb, made.clients.count(), made.phases.count(), made.journal.count()) == (1432, 1, 2, 1)
    assert Creditor.objects.get().debts.count() == 2, "the same name in capitals is the same creditor"
    line = AuditEntry.objects.get()
    assert (line.action, line.username, line.details) == ("open_debt_file", "samira", {"phases": 2, "debts": 2})


@pytest.mark.parametrize(
    ("other", "creditors"),
    [({}, 1), ({"postcode": "3072AB"}, 2), ({"kvk_number": "12345678"}, 2)],
)
def test_creditors_of_one_name_are_told_apart_by_number_and_postcode(household, now, other, creditors):
    opened(household, now, debts=(NewDebt("Jansen", Decimal("1")), NewDebt("Jansen", Decimal("1"), **other)))
    assert Creditor.objects.count() == creditors


def test_a_second_open_file_is_refused(household, now):
    opened(household, now)
    with pytest.raises(OpenFileExists):
        opened(household, now, opened_on=dt.date(2026, 11, 3))
    assert DebtFile.objects.count() == 1


def test_a_new_file_follows_a_closed_one(household, now):
    opened(household, now, opened_on=dt.date(2020, 1, 1), closed_on=dt.date(2021, 1, 1), facts={"exit_reason": "Zelf"})
    assert not opened(household, now).is_closed
    assert DebtFile.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"phases": (NewPhase("intake", OPENED), NewPhase("intake", OPENED))}, "phase_of_a_kind_does_not_overlap"),
        ({"phases": (NewPhase("intake", OPENED, dt.date(2026, 1, 1)),)}, "phase_dates_in_order"),
        ({"phases": (NewPhase("guidance", OPENED),)}, "phase_guidance_with_kind"),
        ({"debts": (NewDebt("Jansen", Decimal("-1")),)}, "debt_amount_not_negative"),
        ({"facts": {"decision_kind": "admission"}}, "debt_file_decision_with_date"),
        ({"facts": {"solution_start": OPENED}}, "debt_file_solution_with_kind"),
        ({"facts": {"exit_reason": "Zelf"}}, "debt_file_exit_when_closed"),
        ({"closed_on": dt.date(2020, 1, 1)}, "debt_file_dates_in_order"),
    ],
)
def test_what_contradicts_itself_is_refused_by_name_and_leaves_nothing(household, now, given, rule):
    with pytest.raises(Refused, match=rule):
        opened(household, now, **given)
    assert not any(model.objects.exists() for model in (DebtFile, Phase, Debt, Creditor, JournalEntry, AuditEntry))


def test_two_files_on_one_day_are_refused(household, now):
    opened(household, now, closed_on=OPENED, facts={"exit_reason": "Zelf"})
    with pytest.raises(Refused, match="debt_file_once_a_day"):
        opened(household, now)


def test_a_phase_may_start_on_the_day_on_which_the_last_ended(household, now):
    day = dt.date(2026, 11, 9)
    made = opened(household, now, phases=(NewPhase("intake", OPENED, day), NewPhase("intake", day)))
    assert made.phases.count() == 2


def test_the_database_knows_one_open_file_per_household(household, now):
    opened(household, now)
    with pytest.raises(IntegrityError, match="debt_file_one_open"), transaction.atomic():
        make.debt_file(household, opened="2026-11-05")


# Which stage a file is in


@pytest.mark.parametrize(
    ("phases", "stage"),
    [
        ((), PhaseKind.REPORT),
        ((("report", None),), PhaseKind.REPORT),
        ((("report", OPENED), ("intake", None)), PhaseKind.INTAKE),
        ((("intake", None), ("stabilisation", None), ("guidance", None)), PhaseKind.STABILISATION),
        ((("intake", OPENED), ("arranging", OPENED)), PhaseKind.ARRANGING),
        ((("solution", OPENED), ("intake", None)), PhaseKind.INTAKE),
        ((("crisis", None),), PhaseKind.REPORT),
    ],
)
def test_the_stage_is_the_last_open_phase(household, now, phases, stage):
    new = tuple(
        NewPhase(kind, OPENED, ended, guidance="Budgetcoaching" if kind == "guidance" else "") for kind, ended in phases
    )
    assert opened(household, now, phases=new).stage() == stage.label


def test_a_closed_file_has_no_stage_but_closed(household, now):
    closed = opened(
        household, now, closed_on=OPENED, facts={"exit_reason": "Zelf"}, phases=(NewPhase("intake", OPENED),)
    )
    assert closed.stage() == "Gesloten"


def test_stages_are_kinds_of_phase_each_once():
    assert len(set(STAGES)) == len(STAGES) == 6
