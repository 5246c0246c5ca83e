"""Debt files of the demonstration city: phases, decision, arrangement, solution and debts."""

import datetime as dt
import math
from decimal import Decimal

from django.conf import settings

from casework.core import names
from casework.debts.models import Creditor, Debt, DebtFile, DebtKind, DecisionKind, Phase, PhaseKind, SolutionKind
from casework.exchange.actions.demo.city import City, Home
from casework.households.models import Member

_CREDITORS = (
    ("Zilveren Polis Zorg", DebtKind.HEALTH, False), ("Zorgkantoor Maas", DebtKind.HEALTH, False),
    ("Tandarts Voorbeeld", DebtKind.HEALTH, False), ("Apotheek De Vijzel", DebtKind.HEALTH, False),
    ("Rijnmond Energie", DebtKind.UTILITIES, False), ("Havenwater", DebtKind.UTILITIES, False),
    ("Warmte Zuid", DebtKind.UTILITIES, False), ("Belastingkantoor", DebtKind.PUBLIC, True),
    ("Waterschap Delta", DebtKind.PUBLIC, True), ("Gemeentebelasting Proefstad", DebtKind.PUBLIC, True),
    ("Boetebureau", DebtKind.PUBLIC, False), ("Toeslagenkantoor", DebtKind.PUBLIC, False),
    ("Studiefonds Proef", DebtKind.PUBLIC, False), ("Woonstichting Zuid", DebtKind.OTHER, False),
    ("Postorder De Kade", DebtKind.OTHER, False), ("Maas Telecom", DebtKind.OTHER, False),
    ("Kabel en Bel", DebtKind.OTHER, False), ("Kredietmij Erasmus", DebtKind.OTHER, False),
    ("Roodstand Bank", DebtKind.OTHER, False), ("Webwinkel Alles", DebtKind.OTHER, False),
    ("Later Betalen", DebtKind.OTHER, False), ("Verzekeraar Noorderlicht", DebtKind.OTHER, False),
    ("Autolease Voorbeeld", DebtKind.OTHER, False), ("Sportschool De Spier", DebtKind.OTHER, False),
    ("Opvang De Bij", DebtKind.OTHER, False), ("Meubels op Afbetaling", DebtKind.OTHER, False),
)  # fmt: skip
_YOUNG = 27
# Creditors (mean, deviation), and the middle and skew of one claim in euros.
_ADULTS, _YOUTH = (14.0, 4.0, 1800, 1.15), (8.0, 2.5, 650, 1.0)
# Days of arranging with creditors: the law asks 120, practice takes two to three times that.
_ARRANGING = (190, 0.35)


def build_debt_files(city: City, homes: list[Home]) -> int:
    """A file for every household that had its first talk; how many."""
    creditors = [Creditor(name=name, search_name=names.fold(name)) for name, _kind, _preferred in _CREDITORS]
    Creditor.objects.bulk_create(creditors)
    files, phases, debts, clients = [], [], [], []
    for home in homes:
        if not home.first_talk_on:
            continue
        file = _file(city, home)
        files.append(file)
        clients.append(home.members[0])
        phases += _phases(file, home.first_talk_on)
        debts += _debts(city, home, file, creditors)
    DebtFile.objects.bulk_create(files, batch_size=2000)
    Phase.objects.bulk_create(phases, batch_size=2000)
    Debt.objects.bulk_create(debts, batch_size=2000)
    _link(files, clients)
    return len(files)


def _link(files: list[DebtFile], clients: list[Member]) -> None:
    links = DebtFile.clients.through
    rows = [links(debtfile_id=file.pk, member_id=member.pk) for file, member in zip(files, clients, strict=True)]
    links.objects.bulk_create(rows, batch_size=2000)


def _file(city: City, home: Home) -> DebtFile:
    rnd, first_talk = city.rnd, home.first_talk_on
    file = DebtFile(
        household=home.row, opened_on=home.registered_on, municipality_code=settings.MUNICIPALITY_CODE,
        crisis_at_report=home.urgent, closed_on=home.row.closed_on, exit_reason=home.row.exit_reason,
    )  # fmt: skip
    end = file.closed_on or city.today
    decided = next((term.met_on for term in home.terms if term.kind == "decision"), None)
    if decided:
        file.decision_kind = DecisionKind.ADMISSION if rnd.random() < 0.95 else DecisionKind.REFUSAL
        file.decided_on = file.plan_completed_on = decided
    if file.decision_kind == DecisionKind.ADMISSION:
        file.granted_on = decided
        _arrange(city, file, first_talk, end)
    return file


def _arrange(city: City, file: DebtFile, first_talk: dt.date, end: dt.date) -> None:
    """Three in four files come to an arrangement; it takes long, and one in five is refused."""
    rnd = city.rnd
    submitted = file.decided_on + dt.timedelta(days=rnd.randint(14, 60))
    if submitted > end or rnd.random() > 0.75:
        return
    file.arrangement_submitted_on = submitted
    answered = submitted + dt.timedelta(days=int(rnd.lognormvariate(math.log(_ARRANGING[0]), _ARRANGING[1])))
    if answered > end:
        return
    if rnd.random() < 0.2:
        file.arrangement_refused_on = answered
        return
    file.arrangement_granted_on = file.solution_start = answered
    file.solution_kind = rnd.choice(SolutionKind.values)
    file.vtlb = rnd.randint(1150, 1900)


def _phases(file: DebtFile, first_talk: dt.date) -> list[Phase]:
    """One after the other; the last one is open unless the file is closed."""
    starts = [(PhaseKind.REPORT, file.opened_on), (PhaseKind.INTAKE, first_talk)]
    if file.decision_kind == DecisionKind.ADMISSION:
        starts.append((PhaseKind.STABILISATION, file.decided_on))
    if file.arrangement_submitted_on:
        starts.append((PhaseKind.ARRANGING, file.arrangement_submitted_on))
    if file.solution_start:
        starts.append((PhaseKind.SOLUTION, file.solution_start))
    ends = [start for _kind, start in starts[1:]] + [file.arrangement_refused_on or file.closed_on]
    return [
        Phase(debt_file=file, kind=kind, started_on=start, ended_on=end)
        for (kind, start), end in zip(starts, ends, strict=True)
    ]


def _debts(city: City, home: Home, file: DebtFile, creditors: list[Creditor]) -> list[Debt]:
    """Skewed: many small claims and a few large ones; the young owe less, to fewer."""
    rnd, age = city.rnd, (city.today - home.members[0].born).days // 365
    mean, deviation, middle, skew = _YOUTH if age < _YOUNG else _ADULTS
    number = max(1, min(len(_CREDITORS), round(rnd.gauss(mean, deviation))))
    rows = []
    for index in rnd.sample(range(len(_CREDITORS)), number):
        _name, kind, preferred = _CREDITORS[index]
        cents = int(min(rnd.lognormvariate(math.log(middle), skew), 60_000) * 100) + 1
        rows.append(Debt(debt_file=file, creditor=creditors[index], kind=kind, preferred=preferred,
                         amount=Decimal(cents) / 100, as_of=file.opened_on))  # fmt: skip
    file.total_at_start = sum(row.amount for row in rows)
    return rows
