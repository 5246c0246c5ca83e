"""Reading one trajectory of a delivery into what ETF keeps. Nothing here touches the database."""

import contextlib
import datetime as dt
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from casework.core import values
from casework.core.dates import MONTH, YEAR, BirthDate
from casework.debts.actions import NewDebt, NewFile, NewPhase
from casework.debts.models import DebtKind, DecisionKind, GuidanceKind, PhaseKind, SolutionKind
from casework.exchange.actions.ddas.delivery import READ_AS, Remark
from casework.households.actions import NewMember
from casework.households.models import ExitReason, Gender, MemberRole

DECISIONS = {"Toelatingsbeschikking": DecisionKind.ADMISSION, "Afwijzingsbeschikking": DecisionKind.REFUSAL}
# Parts of a trajectory that are one phase each, and parts that are a list of phases.
ONE_PHASE = {
    "aanmelding": PhaseKind.REPORT, "informatieEnAdvies": PhaseKind.INFORMATION, "intake": PhaseKind.INTAKE,
    "stabilisatie": PhaseKind.STABILISATION, "oplossing": PhaseKind.SOLUTION, "nazorg": PhaseKind.AFTERCARE,
}  # fmt: skip
MORE_PHASES = {
    "crisisinterventies": PhaseKind.CRISIS, "voorlopigeVoorzieningen": PhaseKind.PROVISIONAL,
    "moratoria": PhaseKind.MORATORIUM, "begeleiding": PhaseKind.GUIDANCE,
}  # fmt: skip
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# A date of birth whose day, or day and month, are left out or zero.
_PARTLY = re.compile(r"(?P<year>[0-9]{4})(-(?P<month>[0-9]{2})(-00)?)?")
# A date outside these years is a typing error.
FIRST_YEAR, LAST_YEAR = 1900, 2100
LARGEST = Decimal("9999999999.99")


class NotUnderstood(Exception):
    """A trajectory cannot be read; the text says where and why."""


@dataclass(frozen=True)
class Trajectory:
    """A trajectory as ETF keeps it: people, how they live, and their debt file."""

    clients: list[NewMember]
    contact: dict
    registered_on: dt.date
    file: NewFile


class Part:
    """An object of a delivery, with its path inside the trajectory; reads its values, and remarks on what is not kept."""

    def __init__(self, raw: dict, path: str, inside: str, remarks: list[Remark]):
        self.raw, self.path, self.inside, self.remarks = raw, path, inside, remarks

    def _name(self, key: str) -> str:
        return f"{self.inside}.{key}" if self.inside else key

    def _refuse(self, sentence: str, key: str) -> NotUnderstood:
        return NotUnderstood(sentence % {"name": self._name(key)})

    def remark(self, key: str, problem: str, done: str) -> None:
        self.remarks.append(Remark(f"{self.path}.{key}", problem, done))

    def part(self, key: str) -> "Part":
        """The object under a key; an empty one when there is none."""
        raw = self.raw.get(key)
        if raw is not None and not isinstance(raw, dict):
            raise self._refuse(_("%(name)s must be an object"), key)
        return Part(raw or {}, f"{self.path}.{key}", self._name(key), self.remarks)

    def parts(self, key: str) -> list["Part"]:
        raw = self.raw.get(key)
        if raw is None:
            return []
        if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
            raise self._refuse(_("%(name)s must be a list of objects"), key)
        return [
            Part(one, f"{self.path}.{key}[{number}]", f"{self._name(key)}[{number}]", self.remarks)
            for number, one in enumerate(raw)
        ]

    def date(self, key: str) -> dt.date | None:
        value = self.raw.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, str) and _DATE.fullmatch(value):
            with contextlib.suppress(ValueError):
                date = dt.date.fromisoformat(value)
                if FIRST_YEAR <= date.year <= LAST_YEAR:
                    return date
        raise self._refuse(_("%(name)s is not a date like 2024-01-31"), key)

    def birth_date(self, key: str) -> dt.date | None:
        """A date of birth as far as it is known: `1984`, `1984-05`, or zeros for what is not known (`1984-05-00`).

        The standard has a text here, registers know some dates in part; what is kept says how much (with a remark).
        """
        value = self.raw.get(key)
        found = _PARTLY.fullmatch(value) if isinstance(value, str) else None
        if not found:
            return self.date(key)
        year, month = int(found["year"]), int(found["month"] or 0)
        if not FIRST_YEAR <= year <= LAST_YEAR or month > 12:
            raise self._refuse(_("%(name)s is not a date like 2024-01-31"), key)
        known = MONTH if month else YEAR
        problem = _("only the year and the month are known") if month else _("only the year is known")
        self.remark(key, problem, _("kept as far as it is known"))
        return BirthDate.of(dt.date(year, month or 1, 1), known)

    def _string(self, key: str) -> str:
        value = self.raw.get(key)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise self._refuse(_("%(name)s must be a text"), key)
        if "\x00" in value or any(0xD800 <= ord(one) <= 0xDFFF for one in value):
            raise self._refuse(_("%(name)s has characters that are no text"), key)
        return value.strip()

    def text(self, key: str, longest: int) -> str:
        """Free text; what is too long is cut off, with a remark."""
        value = self._string(key)
        if len(value) > longest:
            self.remark(key, _("longer than %(number)s characters") % {"number": longest}, _("cut off"))
        return value[:longest].strip()

    def code(self, key: str, longest: int) -> str:
        """A number or code, which means nothing without its end: too long is not kept, with a remark."""
        value = self._string(key)
        if len(value) > longest:
            self.remark(key, _("longer than %(number)s characters") % {"number": longest}, _("not kept"))
            return ""
        return value

    def postcode(self, key: str) -> str:
        typed = self._string(key)
        try:
            return values.read_postcode(typed) if typed else ""
        except ValueError:
            self.remark(key, _("is not a Dutch postcode"), _("not kept"))
            return ""

    def word(self, key: str, known: Collection[str]) -> str:
        """A word from a list of the standard; a plain synonym is read as what it means."""
        value = self.raw.get(key)
        if value is None or value == "":
            return ""
        word = READ_AS.get(value, value) if isinstance(value, str) else ""
        if word not in known:
            raise self._refuse(_("%(name)s is not in the list of the standard"), key)
        return word

    def euros(self, key: str) -> Decimal | None:
        """An amount to the cent. The standard has whole euros; cents are read as they stand."""
        value = self.raw.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LARGEST:
            raise self._refuse(_("%(name)s is not an amount"), key)
        return Decimal(str(value)).quantize(Decimal("0.01"))

    def flag(self, key: str) -> bool | None:
        value = self.raw.get(key)
        if value is not None and not isinstance(value, bool):
            raise self._refuse(_("%(name)s must be true or false"), key)
        return value


def read_trajectory(raw, path: str, remarks: list[Remark]) -> Trajectory:
    """A whole trajectory, or NotUnderstood. What fits the standard and is still not right goes into `remarks`."""
    if not isinstance(raw, dict):
        raise NotUnderstood(_("a trajectory must be an object"))
    whole = Part(raw, path, "", remarks)
    people = whole.parts("client")
    if not 1 <= len(people) <= 2:
        raise NotUnderstood(_("a trajectory has one or two clients"))
    clients = [_client(one, number) for number, one in enumerate(people)]
    numbers = [one.bsn for one in clients if one.bsn]
    if len(numbers) > len(set(numbers)):
        raise NotUnderstood(_("both clients have the same BSN"))
    file = _file(whole)
    registered_on = whole.part("aanmelding").date("startdatum") or file.opened_on
    return Trajectory(clients, _contact(people[0]), registered_on, file)


def _client(part: Part, number: int) -> NewMember:
    gender = part.code("Geslachtsaanduiding", 200)
    if gender not in {"", *Gender.values}:
        # The schema takes any text here, so this is no reason to reject somebody's trajectory.
        part.remark("Geslachtsaanduiding", _("is not in the list of the standard"), _("not kept"))
        gender = ""
    return NewMember(
        born=part.birth_date("Geboortedatum"),
        bsn=_bsn(part),
        gender=gender,
        role=MemberRole.PARTNER if number else MemberRole.CLIENT,
    )


def _bsn(part: Part) -> str:
    typed = part.code("Burgerservicenummer", 20)
    try:
        return values.read_bsn(typed) if typed else ""
    except ValueError:
        problem = _("%(bsn)s does not pass the eleven-test") % {"bsn": values.mask_bsn(typed)}
        part.remark("Burgerservicenummer", problem, _("not kept"))
        return ""


def _contact(first: Part) -> dict:
    return {
        "house_number": first.code("Huisnummer", 10),
        "addition": first.code("Huisnummertoevoeging", 10),
        "postcode": first.postcode("Postcode"),
        "city": "",
        # A delivery says nothing of consent to messages: nothing goes out by itself.
        "channel": "none",
    }


def _file(whole: Part) -> NewFile:
    report, exit_ = whole.part("aanmelding"), whole.part("uitstroom")
    opened = whole.date("startdatum") or report.date("startdatum")
    if not opened:
        raise NotUnderstood(_("no start date"))
    code = whole.code("gemeentecode", 8)
    if not code:
        raise NotUnderstood(_("no municipality code"))
    facts = {
        "description": whole.text("omschrijving", 200),
        "granted_on": whole.date("toekenningsdatum"),
        "total_at_start": whole.euros("totaalSchuldbedragBijAanvangSchuld"),
        "plan_completed_on": whole.part("planVanAanpak").date("datumAfronding"),
        "exit_reason": exit_.word("reden", ExitReason.values),
        "exit_note": exit_.text("omschrijving", 200),
        "crisis_at_report": report.flag("crisisinterventie"),
    }
    facts |= _decision(whole.part("intake")) | _solution(whole.part("oplossing"))
    facts |= _arrangement(whole.part("schuldregeling"))
    closed = _closed_on(whole, exit_)
    return NewFile(opened, code, closed, facts, tuple(_phases(whole)), tuple(_debts(whole)))


def _closed_on(whole: Part, exit_: Part) -> dt.date | None:
    """DDAS: end date, exit date and date of the ending decision are one; where they differ the exit date counts."""
    exit_on, ended_on = exit_.date("datum"), whole.date("einddatum")
    decided_on = exit_.date("datumBeeindigingsbeschikking")
    closed = exit_on or ended_on or decided_on
    for part, key, on in ((whole, "einddatum", ended_on), (exit_, "datumBeeindigingsbeschikking", decided_on)):
        if on and on != closed:
            part.remark(key, _("is another date than that of the exit"), _("not kept"))
    return closed


def _decision(intake: Part) -> dict:
    """A decision without a date, or a date without a decision, is no decision."""
    word, on = intake.word("beschikkingssoort", DECISIONS), intake.date("beschikkingsdatum")
    if bool(word) != bool(on):
        key = "beschikkingssoort" if word else "beschikkingsdatum"
        intake.remark(key, _("a decision needs a kind and a date"), _("not kept"))
    return {"decision_kind": DECISIONS[word], "decided_on": on} if word and on else {}


def _solution(part: Part) -> dict:
    kind, vtlb = part.word("soort", SolutionKind.values), part.euros("vtlb")
    start, end = part.date("startdatum"), part.date("einddatum")
    if not kind:
        if start or end or vtlb is not None:
            part.remark("soort", _("a solution without a kind"), _("kept as a phase only"))
        return {}
    if vtlb is not None and vtlb != int(vtlb):
        part.remark("vtlb", _("is not in whole euros"), _("cut off"))
    if vtlb is not None and vtlb > 10**6:
        raise NotUnderstood(_("%(name)s is not an amount") % {"name": "oplossing.vtlb"})
    return {
        "solution_kind": kind,
        "solution_start": start,
        "solution_end": end,
        "vtlb": int(vtlb) if vtlb is not None else None,
    }


def _arrangement(part: Part) -> dict:
    return {
        "arrangement_submitted_on": part.date("datum"),
        "arrangement_granted_on": part.date("toegekend"),
        "arrangement_refused_on": part.date("afgewezen"),
        "arrangement_withdrawn_on": part.date("ingetrokken"),
        "forced_agreement_asked_on": part.date("datumVerzoekDwangakkoord"),
        "forced_agreement": part.flag("dwangakkoord"),
    }


def _phases(whole: Part) -> Iterator[NewPhase]:
    for name, kind in ONE_PHASE.items():
        yield from _phase(kind, whole.part(name))
    for name, kind in MORE_PHASES.items():
        for part in whole.parts(name):
            yield from _phase(kind, part)
    arrangement = whole.part("schuldregeling")
    if started := arrangement.date("datum"):
        ends = [arrangement.date(name) for name in ("toegekend", "afgewezen", "ingetrokken")]
        yield NewPhase(PhaseKind.ARRANGING, started, next((end for end in ends if end), None))


def _phase(kind: str, part: Part) -> Iterator[NewPhase]:
    is_moratorium, is_guidance = kind == PhaseKind.MORATORIUM, kind == PhaseKind.GUIDANCE
    asked, granted = (part.date("datumAanvraag"), part.date("datumGoedkeuring")) if is_moratorium else (None, None)
    started, ended = part.date("startdatum") or granted, part.date("einddatum")
    guidance = part.word("soort", GuidanceKind.values) if is_guidance else ""
    if not started:
        if ended or asked or guidance:
            part.remark("startdatum", _("a phase without a start"), _("not kept"))
        return
    if is_guidance and not guidance:
        raise NotUnderstood(_("%(name)s without a kind") % {"name": part.inside})
    yield NewPhase(kind, started, ended, guidance, asked, granted)


def _debts(whole: Part) -> Iterator[NewDebt]:
    for debt in whole.parts("schulden"):
        creditor = debt.part("schuldeiser")
        # The published schema has the name twice, with a small and a capital letter.
        name = creditor.text("naam", 160) or creditor.text("Naam", 160)
        amount = debt.euros("bedrag")
        if amount is None:
            raise NotUnderstood(_("%(name)s is not an amount") % {"name": f"{debt.inside}.bedrag"})
        yield NewDebt(
            creditor=name or _("unknown"),
            amount=amount,
            kind=debt.word("schuldsoort", DebtKind.values) or DebtKind.OTHER,
            as_of=debt.date("peildatum"),
            business=bool(debt.flag("zakelijkeSchuld")),
            kvk_number=creditor.code("kvknummer", 8),
            postcode=creditor.postcode("postcode"),
            private_person=bool(creditor.flag("privepersoon")),
        )
