"""Reading a delivery in the national debt-help standard (DDAS SHV 1.0) into households and debt files.

What is sound is imported; every deviation of the schema is reported with its path and what was done; a trajectory that
cannot be understood is rejected whole. Importing twice changes nothing.
"""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _
from jsonschema import Draft202012Validator, FormatChecker

from casework.core import clock, values
from casework.core.actions import audit
from casework.core.encryption import fingerprint
from casework.core.models import User
from casework.core.refusals import Refused
from casework.debts.actions import NewDebt, NewFile, NewPhase, open_debt_file
from casework.debts.models import DebtFile, DecisionKind, GuidanceKind, PhaseKind, SolutionKind
from casework.households.actions import (
    NewMember,
    close_household,
    make_member,
    meet_term,
    open_decision_term,
    register_household,
)
from casework.households.models import CameThrough, ExitReason, Household, Member, MemberRole, TermKind

SCHEMA = Path(__file__).parents[1] / "schemas" / "shv-schema-1.0.json"
# Words outside the list of the standard whose meaning is plain; used by the published example itself.
READ_AS = {
    "Toewijzingsbeschikking": "Toelatingsbeschikking",
    "Zelfstandig verder": "Zelf",
    "Niet verschenen": "Nietverschenen",
}
DECISIONS = {"Toelatingsbeschikking": DecisionKind.ADMISSION, "Afwijzingsbeschikking": DecisionKind.REFUSAL}


class NotADelivery(Refused):
    """The file cannot be read as a delivery at all; nothing was written."""


class NotUnderstood(Exception):
    """A trajectory cannot be read; the text says where and why."""


@dataclass(frozen=True)
class Remark:
    """One deviation: where, what is wrong, and what was done about it."""

    path: str
    problem: str
    done: str


@dataclass
class ImportReport:
    """What became of a delivery. `deviations` break the schema; `remarks` fit it and are still not right."""

    imported: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    rejected: list[Remark] = field(default_factory=list)
    deviations: list[Remark] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def as_json(self) -> dict:
        return asdict(self)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text()), format_checker=FormatChecker())


def read_delivery(text: str) -> dict:
    """The delivery as plain data. Raises NotADelivery with what is wrong."""
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise NotADelivery(
            _("This file is not JSON (line %(line)s). Ask the supplier for a whole file.") % {"line": line}
        ) from error
    if not isinstance(data, dict) or not isinstance(data.get("leveringen"), list):
        raise NotADelivery(_("This file is not a DDAS delivery: it has no list “leveringen”."))
    return data


@transaction.atomic
def import_ddas(*, data: dict, by: User | None, now: dt.datetime) -> ImportReport:
    """Import a delivery in one transaction, each trajectory whole or not at all. Repeatable: the second time changes
    nothing. A trajectory that was imported before with other contents is reported and left alone.
    """
    report = ImportReport(deviations=_deviations(data))
    for number, delivery in enumerate(data["leveringen"]):
        path = f"leveringen[{number}]"
        if not isinstance(delivery, dict) or not isinstance(delivery.get("schuldhulptrajecten", []), list):
            report.rejected.append(Remark(path, _("not understood"), _("rejected")))
            continue
        organisation = delivery.get("aanleverende_organisatie")
        source = f"{data.get('codeGegevensleverancier')}/{organisation.get('KvK-nummer') if isinstance(organisation, dict) else ''}"
        for index, trajectory in enumerate(delivery.get("schuldhulptrajecten", [])):
            _Trajectory(trajectory, f"{path}.schuldhulptrajecten[{index}]", source, report, by, now).bring_in()
    details = {"imported": len(report.imported), "rejected": len(report.rejected), "deviations": len(report.deviations)}
    if report.imported:
        audit(by=by, now=now, action="import_ddas", on="delivery:ddas", details=details)
    return report


def _path(parts) -> str:
    """`leveringen[0].client` from a list of keys and numbers."""
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "$"


def _deviations(data: dict) -> list[Remark]:
    """Every place where the delivery breaks the published schema, in order, and what is done about it."""
    found = sorted(_validator().iter_errors(data), key=lambda error: [str(part) for part in error.absolute_path])
    return [Remark(_path(error.absolute_path), _problem(error), _what_is_done(error)) for error in found]


def _problem(error) -> str:
    """The problem in one line. Values that may identify somebody are not repeated."""
    if error.validator == "type":
        return _("expected %(type)s, found %(found)s") % {
            "type": error.validator_value, "found": "null" if error.instance is None else type(error.instance).__name__,
        }  # fmt: skip
    if error.validator == "enum":
        return _("“%(value)s” is not in the list") % {"value": str(error.instance)[:60]}
    if error.validator == "additionalProperties":
        known = error.schema.get("properties", {})
        extra = sorted(set(error.instance) - set(known))
        return _("unknown keys: %(keys)s") % {"keys": ", ".join(extra)}
    if error.validator == "required":
        missing = sorted(set(error.validator_value) - set(error.instance))
        return _("missing: %(keys)s") % {"keys": ", ".join(missing)}
    return _("does not fit the rule “%(rule)s”") % {"rule": error.validator}


def _what_is_done(error) -> str:
    if error.instance is None:
        return _("read as empty")
    if error.validator == "enum" and error.instance in READ_AS:
        return _("read as “%(word)s”") % {"word": READ_AS[error.instance]}
    if error.validator == "additionalProperties":
        return _("ignored")
    return _("see the list of rejected trajectories")


class _Trajectory:
    """One trajectory on its way in."""

    def __init__(self, raw, path: str, source: str, report: ImportReport, by: User | None, now: dt.datetime):
        self.raw, self.path, self.source = raw, path, source
        self.report, self.by, self.now = report, by, now

    def bring_in(self) -> None:
        try:
            with transaction.atomic():
                self._bring_in()
        except (NotUnderstood, Refused) as error:
            self.report.rejected.append(Remark(self.path, str(error), _("rejected: nothing of it was written")))

    def _bring_in(self) -> None:
        if not isinstance(self.raw, dict):
            raise NotUnderstood(_("a trajectory must be an object"))
        clients = self._clients()
        new = self._file()
        key = self._key(clients, new.opened_on)
        digest = hashlib.sha256(json.dumps(self.raw, sort_keys=True).encode()).hexdigest()
        if known := DebtFile.objects.filter(import_key=key).first():
            (self.report.unchanged if known.import_digest == digest else self.report.different).append(self.path)
            return
        household, members = self._household(clients, new)
        new.facts.update(import_key=key, import_digest=digest)
        open_debt_file(household=household, clients=members, new=new, by=self.by, now=self.now)
        self._meet_terms(household, new)
        if new.closed_on:
            reason = new.facts.get("exit_reason") or ExitReason.OTHER
            close_household(household=household, reason=ExitReason(reason), on=new.closed_on, by=self.by, now=self.now)
        self.report.imported.append(self.path)

    def _meet_terms(self, household: Household, new: NewFile) -> None:
        """The intake starts on the day of the first talk; a decision ends the term that began there."""
        talk = next((phase.started_on for phase in new.phases if phase.kind == PhaseKind.INTAKE), None)
        if talk:
            meet_term(household=household, kind=TermKind.FIRST_TALK, on=talk, by=self.by, now=self.now)
            open_decision_term(household=household, first_talk_on=talk, by=self.by, now=self.now)
        if decided := new.facts.get("decided_on"):
            meet_term(household=household, kind=TermKind.DECISION, on=decided, by=self.by, now=self.now)

    def _key(self, clients: list[NewMember], opened_on: dt.date) -> str:
        """Who delivered it, whom it is about, and when it started; keyed, since it stands for a person."""
        people = [[one.get("Burgerservicenummer"), one.get("Geboortedatum"), one.get("Postcode"), one.get("Huisnummer")]
                  for one in self.raw["client"]]  # fmt: skip
        return fingerprint(json.dumps([self.source, people, opened_on.isoformat()]))

    # Reading -----------------------------------------------------------------------------------------------------

    def _part(self, name: str) -> dict:
        part = self.raw.get(name)
        if part is None:
            return {}
        if not isinstance(part, dict):
            raise NotUnderstood(_("%(name)s must be an object") % {"name": name})
        return part

    def _parts(self, name: str) -> list[dict]:
        parts = self.raw.get(name)
        if parts is None:
            return []
        if not isinstance(parts, list) or not all(isinstance(one, dict) for one in parts):
            raise NotUnderstood(_("%(name)s must be a list of objects") % {"name": name})
        return parts

    def _date(self, part: dict, name: str) -> dt.date | None:
        value = part.get(name)
        if value is None or value == "":
            return None
        try:
            return dt.date.fromisoformat(value)
        except (TypeError, ValueError):
            raise NotUnderstood(_("%(name)s is not a date like 2024-01-31") % {"name": name}) from None

    def _text(self, part: dict, name: str, longest: int) -> str:
        value = part.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            raise NotUnderstood(_("%(name)s must be a text") % {"name": name})
        return value.strip()[:longest]

    def _word(self, part: dict, name: str, known) -> str:
        """A word from a list of the standard; a plain synonym is read as what it means."""
        value = part.get(name)
        if value is None:
            return ""
        word = READ_AS.get(value, value) if isinstance(value, str) else value
        if word not in known:
            raise NotUnderstood(_("%(name)s is not in the list of the standard") % {"name": name})
        return word

    def _euros(self, part: dict, name: str) -> Decimal | None:
        value = part.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or value >= 10**10:
            raise NotUnderstood(_("%(name)s is not an amount") % {"name": name})
        return Decimal(str(value)).quantize(Decimal("0.01"))

    def _flag(self, part: dict, name: str) -> bool | None:
        value = part.get(name)
        if value is not None and not isinstance(value, bool):
            raise NotUnderstood(_("%(name)s must be true or false") % {"name": name})
        return value

    # People ------------------------------------------------------------------------------------------------------

    def _clients(self) -> list[NewMember]:
        raw = self._parts("client")
        if not 1 <= len(raw) <= 2:
            raise NotUnderstood(_("a trajectory has one or two clients"))
        return [self._client(one, f"{self.path}.client[{number}]", number) for number, one in enumerate(raw)]

    def _client(self, raw: dict, path: str, number: int) -> NewMember:
        return NewMember(
            born=self._date(raw, "Geboortedatum"),
            bsn=self._bsn(raw, path),
            gender=self._word(raw, "Geslachtsaanduiding", {"Man", "Vrouw", "Onbekend", "Leeg"}),
            role=MemberRole.PARTNER if number else MemberRole.CLIENT,
        )

    def _bsn(self, raw: dict, path: str) -> str:
        typed = self._text(raw, "Burgerservicenummer", 20)
        if not typed:
            return ""
        try:
            return values.read_bsn(typed)
        except ValueError:
            self.report.remarks.append(
                Remark(
                    f"{path}.Burgerservicenummer",
                    _("%(bsn)s does not pass the eleven-test") % {"bsn": values.mask_bsn(typed)},
                    _("not kept"),
                )
            )
            return ""

    def _contact(self) -> dict:
        first = self._parts("client")[0]
        contact = {
            "house_number": self._text(first, "Huisnummer", 10),
            "addition": self._text(first, "Huisnummertoevoeging", 10),
            "city": "",
            # A delivery says nothing of consent to messages: nothing goes out by itself.
            "channel": "none",
        }
        typed = self._text(first, "Postcode", 10)
        try:
            return contact | {"postcode": values.read_postcode(typed) if typed else ""}
        except ValueError:
            self.report.remarks.append(
                Remark(f"{self.path}.client[0].Postcode", _("is not a Dutch postcode"), _("not kept"))
            )
            return contact

    def _household(self, clients: list[NewMember], new: NewFile) -> tuple[Household, list[Member]]:
        """The household that is already there for these people, or a new one."""
        found = self._known_member(clients[0])
        if found:
            members = [found]
            for extra in clients[1:]:
                known = self._known_member(extra)
                members.append(known or self._add_member(found.household, extra))
            if found.household.is_closed and not new.closed_on:
                raise NotUnderstood(_("this person is known in a closed household; register again first"))
            return found.household, members
        registered_on = self._date(self._part("aanmelding"), "startdatum") or new.opened_on
        registered_at = clock.at(registered_on, dt.time(9))
        made = register_household(
            client=clients[0],
            contact=self._contact(),
            location=None,
            came_through=CameThrough.OTHER,
            others=clients[1:],
            duplicate_reason="ddas",
            registered_at=registered_at,
            by=self.by,
            now=self.now,
        )
        return made, list(made.members.order_by("pk"))

    def _add_member(self, household: Household, person: NewMember) -> Member:
        member = make_member(household, person)
        member.save()
        return member

    def _known_member(self, person: NewMember) -> Member | None:
        """The same person: the same BSN, or the same birth date at the same address without another BSN (R-80)."""
        rows = Member.objects.filter(left_on=None).select_related("household")
        if person.bsn:
            return rows.filter(bsn_fingerprint=fingerprint(person.bsn)).first()
        contact = self._contact()
        if not (person.born and contact.get("postcode") and contact["house_number"]):
            return None
        return rows.filter(
            born=person.born, gender=person.gender, bsn_fingerprint="", household__postcode=contact["postcode"],
            household__house_number=contact["house_number"], household__addition=contact["addition"],
        ).first()  # fmt: skip

    # The file ----------------------------------------------------------------------------------------------------

    def _file(self) -> NewFile:
        opened = self._date(self.raw, "startdatum") or self._date(self._part("aanmelding"), "startdatum")
        if not opened:
            raise NotUnderstood(_("no start date"))
        exit_ = self._part("uitstroom")
        closed = self._date(exit_, "datum") or self._date(self.raw, "einddatum")
        facts = {
            "description": self._text(self.raw, "omschrijving", 200),
            "granted_on": self._date(self.raw, "toekenningsdatum"),
            "total_at_start": self._euros(self.raw, "totaalSchuldbedragBijAanvangSchuld"),
            "plan_completed_on": self._date(self._part("planVanAanpak"), "datumAfronding"),
            "exit_reason": self._word(exit_, "reden", set(ExitReason.values)),
            "exit_note": self._text(exit_, "omschrijving", 200),
            "crisis_at_report": self._flag(self._part("aanmelding"), "crisisinterventie"),
        }
        facts |= self._decision() | self._solution() | self._arrangement()
        code = self._text(self.raw, "gemeentecode", 8)
        if not code:
            raise NotUnderstood(_("no municipality code"))
        return NewFile(opened, code, closed, facts, tuple(self._phases()), tuple(self._debts()))

    def _decision(self) -> dict:
        intake = self._part("intake")
        word, on = self._word(intake, "beschikkingssoort", DECISIONS), self._date(intake, "beschikkingsdatum")
        # A decision without a date, or a date without a decision, is no decision.
        return {"decision_kind": DECISIONS[word], "decided_on": on} if word and on else {}

    def _solution(self) -> dict:
        part = self._part("oplossing")
        kind = self._word(part, "soort", set(SolutionKind.values))
        if not kind:
            return {}
        vtlb = self._euros(part, "vtlb")
        return {
            "solution_kind": kind,
            "solution_start": self._date(part, "startdatum"),
            "solution_end": self._date(part, "einddatum"),
            "vtlb": int(vtlb) if vtlb is not None else None,
        }

    def _arrangement(self) -> dict:
        part = self._part("schuldregeling")
        return {
            "arrangement_submitted_on": self._date(part, "datum"),
            "arrangement_granted_on": self._date(part, "toegekend"),
            "arrangement_refused_on": self._date(part, "afgewezen"),
            "arrangement_withdrawn_on": self._date(part, "ingetrokken"),
            "forced_agreement_asked_on": self._date(part, "datumVerzoekDwangakkoord"),
            "forced_agreement": self._flag(part, "dwangakkoord"),
        }

    def _phases(self):
        single = {
            "aanmelding": PhaseKind.REPORT, "informatieEnAdvies": PhaseKind.INFORMATION, "intake": PhaseKind.INTAKE,
            "stabilisatie": PhaseKind.STABILISATION, "oplossing": PhaseKind.SOLUTION, "nazorg": PhaseKind.AFTERCARE,
        }  # fmt: skip
        for name, kind in single.items():
            yield from self._phase(kind, self._part(name), name)
        several = {
            "crisisinterventies": PhaseKind.CRISIS, "voorlopigeVoorzieningen": PhaseKind.PROVISIONAL,
            "moratoria": PhaseKind.MORATORIUM, "begeleiding": PhaseKind.GUIDANCE,
        }  # fmt: skip
        for name, kind in several.items():
            for part in self._parts(name):
                yield from self._phase(kind, part, name)
        arrangement = self._part("schuldregeling")
        if started := self._date(arrangement, "datum"):
            ends = [self._date(arrangement, name) for name in ("toegekend", "afgewezen", "ingetrokken")]
            yield NewPhase(PhaseKind.ARRANGING, started, next((end for end in ends if end), None))

    def _phase(self, kind: str, part: dict, name: str):
        started = self._date(part, "startdatum") or self._date(part, "datumGoedkeuring")
        if not started:
            return
        guidance = self._word(part, "soort", set(GuidanceKind.values)) if kind == PhaseKind.GUIDANCE else ""
        if kind == PhaseKind.GUIDANCE and not guidance:
            raise NotUnderstood(_("%(name)s without a kind") % {"name": name})
        yield NewPhase(
            kind, started, self._date(part, "einddatum"), guidance,
            self._date(part, "datumAanvraag"), self._date(part, "datumGoedkeuring"),
        )  # fmt: skip

    def _debts(self):
        for debt in self._parts("schulden"):
            creditor = debt.get("schuldeiser") or {}
            if not isinstance(creditor, dict):
                raise NotUnderstood(_("%(name)s must be an object") % {"name": "schuldeiser"})
            name = self._text(creditor, "naam", 160) or self._text(creditor, "Naam", 160)
            amount = self._euros(debt, "bedrag")
            if amount is None:
                raise NotUnderstood(_("%(name)s is not an amount") % {"name": "bedrag"})
            yield NewDebt(
                creditor=name or _("unknown"),
                amount=amount,
                kind=self._word(debt, "schuldsoort", {"Zorg", "Publiek", "Nuts", "Overig"}) or "Overig",
                as_of=self._date(debt, "peildatum"),
                business=bool(self._flag(debt, "zakelijkeSchuld")),
                kvk_number=self._text(creditor, "kvknummer", 8),
                postcode=self._text(creditor, "postcode", 6),
                private_person=bool(self._flag(creditor, "privepersoon")),
            )
