"""Writing a delivery: each trajectory whole or not at all, and nothing twice."""

import datetime as dt
import hashlib
import json

from django.db import DataError, IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casework.appointments.actions import close_household
from casework.core import clock
from casework.core.actions import audit
from casework.core.encryption import fingerprint
from casework.core.models import User
from casework.core.refusals import Refused
from casework.debts.actions import NewFile, open_debt_file
from casework.debts.models import DebtFile, PhaseKind
from casework.exchange.actions.ddas.delivery import ImportReport, Remark, deviations
from casework.exchange.actions.ddas.reading import NotUnderstood, Trajectory, read_trajectory
from casework.households.actions import (
    NewMember,
    add_member,
    known_of,
    meet_term,
    open_decision_term,
    register_household,
)
from casework.households.models import BornKnown, CameThrough, ExitReason, Household, Member, TermKind


@transaction.atomic
def import_ddas(*, data: dict, by: User | None, now: dt.datetime) -> ImportReport:
    """Import a delivery in one transaction, each trajectory whole or not at all. Repeatable: the second time changes
    nothing. A trajectory that was imported before with other contents is reported and left alone.
    """
    report = ImportReport()
    for number, delivery in enumerate(data["leveringen"]):
        path = f"leveringen[{number}]"
        if not isinstance(delivery, dict) or not isinstance(delivery.get("schuldhulptrajecten", []), list):
            report.rejected.append(Remark(path, _("not understood"), _("rejected")))
            continue
        source = _source(data, delivery)
        for index, raw in enumerate(delivery.get("schuldhulptrajecten", [])):
            _Arrival(raw, f"{path}.schuldhulptrajecten[{index}]", source, report, by, now).bring_in()
    report.deviations = deviations(data, report)
    if report.imported:
        numbers = {name: len(getattr(report, name)) for name in ("imported", "rejected", "deviations")}
        audit(by=by, now=now, action="import_ddas", on="delivery:ddas", details=numbers)
    return report


def _source(data: dict, delivery: dict) -> str:
    """Who delivers: the supplier and the organisation it delivers for."""
    organisation = delivery.get("aanleverende_organisatie")
    number = organisation.get("KvK-nummer") if isinstance(organisation, dict) else ""
    return f"{data.get('codeGegevensleverancier')}/{number}"


class _Arrival:
    """One trajectory on its way in."""

    def __init__(self, raw, path: str, source: str, report: ImportReport, by: User | None, now: dt.datetime):
        self.raw, self.path, self.source = raw, path, source
        self.report, self.by, self.now = report, by, now

    def bring_in(self) -> None:
        try:
            with transaction.atomic():
                self._bring_in(read_trajectory(self.raw, self.path, self.report.remarks))
        except (NotUnderstood, Refused) as error:
            self._reject(str(error))
        except (IntegrityError, DataError):
            self._reject(_("the data contradict each other"))

    def _reject(self, why: str) -> None:
        self.report.rejected.append(Remark(self.path, why, _("rejected: nothing of it was written")))

    def _bring_in(self, one: Trajectory) -> None:
        key = self._key(one)
        digest = hashlib.sha256(json.dumps(self.raw, sort_keys=True).encode()).hexdigest()
        if known := DebtFile.objects.filter(import_key=key).first():
            (self.report.unchanged if known.import_digest == digest else self.report.different).append(self.path)
            return
        household, members, is_new = self._household(one)
        one.file.facts.update(import_key=key, import_digest=digest)
        open_debt_file(household=household, clients=members, new=one.file, by=self.by, now=self.now)
        # What ended long ago says nothing of a household that is being helped now.
        if is_new or not one.file.closed_on:
            self._meet_terms(household, one.file)
        if is_new and one.file.closed_on:
            reason = ExitReason(one.file.facts["exit_reason"] or ExitReason.OTHER)
            close_household(household=household, reason=reason, on=one.file.closed_on, by=self.by, now=self.now)
        self.report.imported.append(self.path)

    def _key(self, one: Trajectory) -> str:
        """Who delivered it, whom it is about, and when it started; keyed, since it stands for a person.

        A person is a BSN as delivered with a date of birth; without BSN the address, which may change, must do.
        """
        people = [
            [raw.get("Burgerservicenummer") or [raw.get("Postcode"), raw.get("Huisnummer")], raw.get("Geboortedatum")]
            for raw in self.raw["client"]
        ]
        return fingerprint(json.dumps([self.source, people, one.file.opened_on.isoformat()]))

    def _meet_terms(self, household: Household, file: NewFile) -> None:
        """The intake starts on the day of the first talk; a decision ends the term that began there."""
        talk = next((phase.started_on for phase in file.phases if phase.kind == PhaseKind.INTAKE), None)
        if talk:
            meet_term(household=household, kind=TermKind.FIRST_TALK, on=talk, by=self.by, now=self.now)
            open_decision_term(household=household, first_talk_on=talk, by=self.by, now=self.now)
        if decided := file.facts.get("decided_on"):
            meet_term(household=household, kind=TermKind.DECISION, on=decided, by=self.by, now=self.now)

    def _household(self, one: Trajectory) -> tuple[Household, list[Member], bool]:
        """The household that is already there for these people, or a new one; and whether it is new."""
        known = _known_members(one.clients[0], one.contact)
        if found := _of_that_time(known, one):
            if found.household.is_closed and not one.file.closed_on:
                raise NotUnderstood(_("this person is known in a closed household; register again first"))
            return found.household, [found, *self._others(found, one)], False
        made = register_household(
            client=one.clients[0],
            contact=one.contact,
            location=None,
            came_through=CameThrough.OTHER,
            others=one.clients[1:],
            duplicate_reason="ddas",
            registered_at=clock.at(one.registered_on, dt.time(9)),
            by=self.by,
            now=self.now,
        )
        return made, list(made.members.order_by("pk")), True

    def _others(self, first: Member, one: Trajectory) -> list[Member]:
        """The second client, in the household of the first."""
        members, household = [], first.household
        for person in one.clients[1:]:
            known = list(_known_members(person, one.contact).exclude(pk=first.pk))
            here = next((each for each in known if each.household_id == household.pk), None)
            # An earlier file of somebody is in nobody's way.
            if here is None and any(household.is_closed or not each.household_closed for each in known):
                raise NotUnderstood(_("both clients are known, in different households"))
            members.append(here or add_member(household=household, person=person, by=self.by, now=self.now))
        return members


def _known_members(person: NewMember, contact: dict) -> QuerySet[Member]:
    """The same person: the same BSN, or the same birth date at the same address without another BSN (R-80).

    A birth date that is known in part names nobody without a BSN. Once in an open household, and in earlier files of it (R-62), in the order in which those were registered.
    """
    rows = Member.objects.filter(left_on=None).select_related("household").order_by("household__registered_at", "pk")
    if person.bsn:
        return rows.filter(bsn_fingerprint=fingerprint(person.bsn))
    whole = person.born and known_of(person.born) == BornKnown.DAY
    if not (whole and contact["postcode"] and contact["house_number"]):
        return rows.none()
    return rows.filter(
        born=person.born, born_known=BornKnown.DAY, gender=person.gender, bsn_fingerprint="", household__postcode=contact["postcode"],
        household__house_number=contact["house_number"], household__addition=contact["addition"],
    )  # fmt: skip


def _of_that_time(known: QuerySet[Member], one: Trajectory) -> Member | None:
    """Of several files of one person: what runs belongs to the open one, what ended to the one that ran then (R-62)."""
    rows = list(known)
    if not one.file.closed_on:
        return next((each for each in rows if not each.household_closed), rows[-1] if rows else None)
    begun = [each for each in rows if clock.local_date(each.household.registered_at) <= one.registered_on]
    return (begun or rows[:1] or [None])[-1]
