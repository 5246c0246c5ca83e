"""Scenario files: a small, exactly known world for demonstrations and tests. The format is a contract.

Nothing is written unless the whole file is valid; loading the same file twice changes nothing.
"""

import datetime as dt
import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from jsonschema import Draft202012Validator, FormatChecker

from casework.appointments.actions.reminders import message_facts
from casework.appointments.models import APPEARED, IN_TIME, Appointment, AppointmentType, MissedReason, Outcome
from casework.core import clock, values
from casework.core.actions import audit
from casework.core.models import Role, User
from casework.core.refusals import Refused
from casework.counsellors.models import LANGUAGES, Absence, Counsellor, Posting, Team, WorkingHours
from casework.debts.actions import NewDebt, NewFile, NewNote, NewPhase, open_debt_file
from casework.debts.models import DebtFile
from casework.households import actions as households
from casework.households.models import CameThrough, ExitReason, Household, MemberRole, TermKind
from casework.messaging import actions as messaging
from casework.messaging.models import Message, MessageState, WithdrawnReason
from casework.places.models import CalendarDay, Location, OpeningHours
from partners.organisations.models import Membership, Organisation

SCHEMA = Path(__file__).parents[1] / "schemas" / "scenario.json"
LATER_KEYS = ("referrals", "youth_fund", "signals", "contact_attempts", "signal_results", "measurements")
_FORMATS = FormatChecker(["date"])


@_FORMATS.checks("etf-moment", raises=ValueError)
def _is_moment(value) -> bool:
    return not isinstance(value, str) or bool(clock.moment(value))


class BadScenario(Refused):
    """The file is not valid: `errors` has one line per problem, each with its path."""

    def __init__(self, errors: list[str]):
        super().__init__("\n".join(errors))
        self.errors = errors


@dataclass
class ScenarioReport:
    """How many objects of each key were made, changed or found as they are."""

    made: dict[str, int] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    found: dict[str, int] = field(default_factory=dict)

    @property
    def nothing_changed(self) -> bool:
        return not self.made and not self.changed

    def add(self, key: str, *, made: bool = False, changed: bool = False) -> None:
        counts = self.made if made else self.changed if changed else self.found
        counts[key] = counts.get(key, 0) + 1


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA.read_text()), format_checker=_FORMATS)


def read_scenario(text: str) -> dict:
    """The scenario as plain data. Raises BadScenario with every problem of its form."""
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadScenario([f"$: not JSON (line {getattr(error, 'lineno', 1)})"]) from error
    if not isinstance(data, dict):
        raise BadScenario(["$: a scenario is one JSON object"])
    later = [f"{key}: belongs to a feature that ETF does not have yet" for key in LATER_KEYS if key in data]
    known = {key: value for key, value in data.items() if key not in LATER_KEYS}
    if errors := later + _form_errors(known):
        raise BadScenario(errors)
    return data


def _form_errors(data: dict) -> list[str]:
    lines = []
    for error in sorted(_validator().iter_errors(data), key=lambda one: [str(part) for part in one.absolute_path]):
        path = _path(error.absolute_path)
        if error.validator == "additionalProperties":
            extra = sorted(set(error.instance) - set(error.schema["properties"]))
            lines += [f"{path}.{key}: unknown key" if path != "$" else f"{key}: unknown key" for key in extra]
        else:
            lines.append(f"{path}: {error.message}")
    return lines


def _path(parts) -> str:
    text = ""
    for part in parts:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "$"


def load_scenario(*, data: dict, now: dt.datetime) -> ScenarioReport:
    """Load a scenario in one transaction. Repeatable. Refuses in production, and BadScenario with paths."""
    if settings.PRODUCTION:
        raise Refused("Scenarios are not loaded in production.")
    moment = clock.moment(data["now"]) if "now" in data else now
    with transaction.atomic():
        loader = _Loader(data, moment)
        loader.load()
        if loader.errors:
            raise BadScenario(loader.errors)
    return loader.report


class _Loader:
    """Loads key by key, in an order in which what is named exists. Collects errors with their paths."""

    def __init__(self, data: dict, now: dt.datetime):
        self.data, self.now = data, now
        self.report, self.errors = ScenarioReport(), []

    def load(self) -> None:
        for key, load_one in (
            ("calendar", self._calendar), ("locations", self._location), ("types", self._type),
            ("organisations", self._organisation), ("staff", self._staff), ("households", self._household),
            ("appointments", self._appointment),
        ):  # fmt: skip
            self._each(key, load_one)
        self._link_moved()
        self._each("debt_files", self._debt_file)
        self._each("households", self._close)
        if self.report.made.get("calendar") or self.report.changed.get("calendar"):
            households.recompute_terms(now=self.now)
        if not self.report.nothing_changed:
            details = {"made": self.report.made, "changed": self.report.changed}
            audit(by=None, now=self.now, action="load_scenario", on="scenario:*", details=details)

    def _each(self, key: str, load_one) -> None:
        for number, raw in enumerate(self.data.get(key, [])):
            path = f"{key}[{number}]"
            with self._errors_at(path):
                load_one(raw, path)

    @contextmanager
    def _errors_at(self, path: str):
        try:
            with transaction.atomic():
                yield
        except BadScenario as error:
            self.errors += error.errors
        except ValidationError as error:
            self.errors += [f"{path}: {message}" for message in error.messages]
        except (Refused, ValueError) as error:
            self.errors.append(f"{path}: {error}")
        except IntegrityError as error:
            name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "a constraint"
            self.errors.append(f"{path}: against the rule {name}")

    def _find(self, model, path: str, what: str, **lookup):
        """An object named elsewhere, or an error at the path of the name."""
        found = model.objects.filter(**lookup).first()
        if found is None:
            name = next(iter(lookup.values()))
            raise BadScenario([f'{path}: no {what} "{name}"'])
        return found

    def _store(self, key: str, model, natural: dict, wanted: dict):
        """Find by natural key; make it, change what differs, or find it as it is."""
        row = model.objects.filter(**natural).first()
        if row is None:
            row = model(**natural, **wanted)
            row.full_clean(exclude=["sort_name"])
            row.save()
            self.report.add(key, made=True)
            return row
        differs = {name: value for name, value in wanted.items() if getattr(row, name) != value}
        for name, value in differs.items():
            setattr(row, name, value)
        if differs:
            row.full_clean(exclude=["sort_name"])
            row.save()
        self.report.add(key, changed=bool(differs))
        return row

    def _replace(self, key: str, rows, wanted: list, facts) -> None:
        """Replace the rows that hang under an object when they differ from what is wanted."""
        if sorted(map(facts, rows.all()), key=repr) == sorted(map(facts, wanted), key=repr):
            return
        rows.all().delete()
        for row in wanted:
            row.full_clean()
            row.save()
        self.report.add(key, changed=True)

    # Places, types and people who work here -----------------------------------------------------------------------

    def _calendar(self, raw: dict, path: str) -> None:
        wanted = {
            "working_day": raw.get("working_day", False),
            "closed": raw.get("closed", False),
            "name": raw.get("name") or "dag",
        }
        self._store("calendar", CalendarDay, {"date": dt.date.fromisoformat(raw["date"])}, wanted)

    def _location(self, raw: dict, path: str) -> None:
        wanted = {"name": raw["name"], "address": raw.get("address", ""), "kind": raw.get("kind", "desk")}
        place = self._store("locations", Location, {"code": raw["code"]}, wanted)
        if "hours" in raw:
            hours = [
                OpeningHours(location=place, weekday=day, opens=_time(one["from"]), closes=_time(one["to"]))
                for one in raw["hours"]
                for day in one["days"]
            ]
            self._replace("locations", place.hours, hours, lambda one: (one.weekday, one.opens, one.closes))

    def _type(self, raw: dict, path: str) -> None:
        wanted = {
            "name": raw["name"], "minutes": raw["minutes"], "channel": raw.get("channel", "place"),
            "first_talk": raw.get("first_talk", False),
        }  # fmt: skip
        self._store("types", AppointmentType, {"code": raw["code"]}, wanted)

    def _organisation(self, raw: dict, path: str) -> None:
        self._store("organisations", Organisation, {"code": raw["code"]}, {"name": raw["name"]})

    def _staff(self, raw: dict, path: str) -> None:
        user = self._user(raw)
        place = (
            self._find(Location, f"{path}.location", "location", code=raw["location"]) if raw.get("location") else None
        )
        team = Team.objects.get_or_create(name=raw["team"])[0] if raw.get("team") else None
        if raw["role"] == Role.COUNSELLOR:
            self._counsellor(raw, path, user, place, team)
        elif raw["role"] == Role.PARTNER:
            if not raw.get("organisation"):
                raise BadScenario([f"{path}.organisation: a partner user names its organisation"])
            organisation = self._find(Organisation, f"{path}.organisation", "organisation", code=raw["organisation"])
            Membership.objects.update_or_create(user=user, defaults={"organisation": organisation})
        elif place or team:
            Posting.objects.update_or_create(user=user, defaults={"location": place, "team": team})

    def _user(self, raw: dict) -> User:
        name = raw.get("name") or raw["username"]
        wanted = {"role": raw["role"], "full_name": name, "first_name": name.split(" ")[0]}
        user = User.objects.filter(username=raw["username"]).first() or User(username=raw["username"])
        is_new = user.pk is None
        differs = is_new or any(getattr(user, key) != value for key, value in wanted.items())
        for key, value in wanted.items():
            setattr(user, key, value)
        if raw.get("password") and (is_new or not user.check_password(raw["password"])):
            user.set_password(raw["password"])
            differs = True
        elif is_new:
            user.set_unusable_password()
        if differs:
            user.save()
        self.report.add("staff", made=is_new, changed=differs and not is_new)
        return user

    def _counsellor(self, raw: dict, path: str, user: User, place: Location | None, team: Team | None) -> None:
        if place is None:
            raise BadScenario([f"{path}.location: a counsellor has a location"])
        languages = raw.get("languages", ["nl"])
        if unknown := sorted(set(languages) - set(dict(LANGUAGES))):
            raise BadScenario([f"{path}.languages: unknown language {unknown[0]!r}"])
        wanted = {"location": place, "team": team, "languages": languages, "capacity": raw.get("capacity", 50)}
        row, _made = Counsellor.objects.get_or_create(user=user, defaults=wanted)
        if any(getattr(row, key) != value for key, value in wanted.items()):
            for key, value in wanted.items():
                setattr(row, key, value)
            row.save()
            self.report.add("staff", changed=True)
        if "hours" in raw:
            hours = [
                hour
                for number, one in enumerate(raw["hours"])
                for hour in self._hours(one, f"{path}.hours[{number}]", row)
            ]
            self._replace("staff", row.working_hours, hours,
                          lambda one: (one.weekday, one.starts, one.ends, one.location_id, one.valid_from, one.valid_to))  # fmt: skip
        if "absences" in raw:
            absences = [
                Absence(counsellor=row, period=_period(one), kind=one.get("kind", "verlof")) for one in raw["absences"]
            ]
            self._replace("staff", row.absences, absences, lambda one: (_ends(one.period), one.kind))

    def _hours(self, raw: dict, path: str, row: Counsellor) -> list[WorkingHours]:
        place = (
            self._find(Location, f"{path}.location", "location", code=raw["location"])
            if raw.get("location")
            else row.location
        )
        return [
            WorkingHours(counsellor=row, location=place, weekday=day, starts=_time(raw["from"]), ends=_time(raw["to"]),
                         valid_from=_date(raw.get("valid_from")), valid_to=_date(raw.get("valid_to")))
            for day in raw["days"]
        ]  # fmt: skip

    def _colleague(self, username: str, path: str) -> Counsellor:
        found = Counsellor.objects.select_related("user", "location").filter(user__username=username).first()
        if found is None:
            raise BadScenario([f'{path}: no staff "{username}"'])
        return found

    # Households ---------------------------------------------------------------------------------------------------

    def _household(self, raw: dict, path: str) -> None:
        if Household.objects.filter(case_number=raw["case_number"]).exists():
            self.report.add("households")
            return
        members = [self._member(one, f"{path}.members[{number}]") for number, one in enumerate(raw["members"])]
        registered_at = clock.moment(raw["registered"]) if "registered" in raw else self.now
        made = households.register_household(
            client=members[0],
            others=members[1:],
            contact=self._contact(raw, path),
            location=self._find(Location, f"{path}.location", "location", code=raw["location"]) if raw.get("location") else None,
            owner=self._colleague(raw["owner"], f"{path}.owner") if raw.get("owner") else None,
            came_through=raw.get("came_through", CameThrough.SELF),
            threats=[
                households.NewThreat(one["kind"], clock.moment(one["recorded"]) if "recorded" in one else registered_at, _date(one.get("date")))
                for one in raw.get("threats", [])
            ],
            duplicate_reason="scenario",
            case_number=raw["case_number"],
            registered_at=registered_at,
            by=None,
            now=self.now,
        )  # fmt: skip
        if raw.get("legal_hold"):
            Household.objects.filter(pk=made.pk).update(legal_hold=True)
        self.report.add("households", made=True)

    def _member(self, raw: dict, path: str) -> households.NewMember:
        try:
            bsn = values.read_bsn(raw["bsn"]) if raw.get("bsn") else ""
        except ValueError as error:
            raise BadScenario([f"{path}.bsn: {error}"]) from error
        return households.NewMember(
            given_names=raw.get("given_names", ""), prefix=raw.get("prefix", ""), surname=raw.get("surname", ""),
            initials=raw.get("initials", ""), born=_date(raw.get("born")), role=raw.get("role", MemberRole.CLIENT),
            gender=raw.get("gender") or "", bsn=bsn,
        )  # fmt: skip

    def _contact(self, raw: dict, path: str) -> dict:
        address = raw.get("address") or {}
        read = {"mobile": values.read_phone, "phone": values.read_phone}
        contact = {}
        for name, reader in read.items():
            contact[name] = self._read(reader, raw.get(name), f"{path}.{name}")
        contact["postcode"] = self._read(values.read_postcode, address.get("postcode"), f"{path}.address.postcode")
        flags = raw.get("flags", [])
        if raw.get("language", "nl") not in dict(LANGUAGES):
            raise BadScenario([f"{path}.language: unknown language {raw['language']!r}"])
        return contact | {
            "street": address.get("street", ""), "house_number": address.get("number", ""),
            "addition": address.get("addition", ""), "city": address.get("city", "Rotterdam"),
            "secret_address": address.get("secret", False), "email": raw.get("email") or "",
            "language": raw.get("language", "nl"), "interpreter": raw.get("interpreter", False),
            "channel": raw.get("channel", "sms"), **{flag: flag in flags for flag in ("no_voicemail", "safety", "administrator")},
        }  # fmt: skip

    def _read(self, reader, typed: str | None, path: str) -> str:
        try:
            return reader(typed) if typed else ""
        except ValueError as error:
            raise BadScenario([f"{path}: {error}"]) from error

    def _close(self, raw: dict, path: str) -> None:
        """After the appointments, which may lie before the closing."""
        if raw.get("closed"):
            household = self._find(Household, path, "household", case_number=raw["case_number"])
            on = dt.date.fromisoformat(raw["closed"]["on"])
            households.close_household(
                household=household, reason=ExitReason(raw["closed"]["reason"]), on=on, by=None, now=self.now
            )

    # Appointments -------------------------------------------------------------------------------------------------

    def _appointment(self, raw: dict, path: str) -> None:
        if Appointment.objects.filter(reference=raw["ref"]).exists():
            self.report.add("appointments")
            return
        counsellor = self._colleague(raw["counsellor"], f"{path}.counsellor")
        kind = self._find(AppointmentType, f"{path}.type", "type", code=raw["type"])
        place = (
            self._find(Location, f"{path}.location", "location", code=raw["location"])
            if raw.get("location")
            else counsellor.location
        )
        start = clock.moment(raw["start"])
        booked_by = (
            self._find(User, f"{path}.booked_by", "staff", username=raw["booked_by"])
            if raw.get("booked_by")
            else counsellor.user
        )
        row = Appointment(
            reference=raw["ref"], counsellor=counsellor, type=kind, location=place, starts_at=start, ends_at=start + kind.length,
            household=self._find(Household, f"{path}.household", "household", case_number=raw["household"]),
            booked_at=clock.moment(raw["booked"]) if raw.get("booked") else min(self.now, start), booked_by=booked_by,
            walk_in=raw.get("walk_in", False),
        )  # fmt: skip
        self._outcome(row, raw, path)
        row.save(force_insert=True)
        self._follow(row)
        self.report.add("appointments", made=True)

    def _outcome(self, row: Appointment, raw: dict, path: str) -> None:
        word, told = raw.get("outcome"), clock.moment(raw["told"]) if raw.get("told") else None
        if not word:
            return
        if word in {"A", "R"}:
            if told is None:
                raise BadScenario([f"{path}.told: A and R need the moment of telling"])
            if told >= row.starts_at:
                raise BadScenario([f"{path}.told: told after the start is N or X, not a cancellation"])
            in_time = row.starts_at - told >= IN_TIME
            word = f"{word}{1 if in_time else 2}"
            row.told_at = told
        row.outcome = Outcome(word)
        row.recorded_at = clock.moment(raw["recorded"]) if raw.get("recorded") else told or row.ends_at
        row.recorded_by = row.counsellor.user
        if reason := raw.get("reason"):
            if reason not in MissedReason.values:
                raise BadScenario(
                    [f"{path}.reason: unknown reason {reason!r}; known: {', '.join(MissedReason.values)}"]
                )
            row.reason = reason

    def _follow(self, row: Appointment) -> None:
        """Terms and messages as booking and recording would have left them; what should have gone out before is late."""
        on = clock.local_date(row.starts_at)
        if row.outcome in APPEARED and row.type.first_talk:
            for kind in (TermKind.FIRST_TALK, TermKind.URGENT):
                households.meet_term(household=row.household, kind=kind, on=on, by=None, now=self.now)
            households.open_decision_term(household=row.household, first_talk_on=on, by=None, now=self.now)
        if row.outcome or row.walk_in or row.starts_at <= self.now:
            return
        messaging.plan_for_booking(
            household=row.household, appointment_key=row.pk, starts_at=row.starts_at, facts=message_facts(row),
            booked_at=row.booked_at, now=row.booked_at,
        )  # fmt: skip
        Message.objects.filter(appointment_key=row.pk, due_at__lt=self.now).update(
            state=MessageState.WITHDRAWN, reason=WithdrawnReason.TOO_LATE
        )

    def _link_moved(self) -> None:
        for number, raw in enumerate(self.data.get("appointments", [])):
            if not raw.get("moved_to"):
                continue
            path = f"appointments[{number}].moved_to"
            with self._errors_at(path):
                successor = self._find(Appointment, path, "appointment", reference=raw["moved_to"])
                Appointment.objects.filter(reference=raw["ref"], moved_to=None).update(moved_to=successor)

    # Debt files ---------------------------------------------------------------------------------------------------

    def _debt_file(self, raw: dict, path: str) -> None:
        household = self._find(Household, f"{path}.household", "household", case_number=raw["household"])
        opened = dt.date.fromisoformat(raw["opened"])
        if DebtFile.objects.filter(household=household, opened_on=opened).exists():
            self.report.add("debt_files")
            return
        decision, solution = raw.get("decision") or {}, raw.get("solution") or {}
        facts = {
            "decision_kind": decision.get("kind", ""), "decided_on": _date(decision.get("date")),
            "plan_completed_on": _date((raw.get("plan") or {}).get("completed")), "solution_kind": solution.get("kind", ""),
            "solution_start": _date(solution.get("start")), "solution_end": _date(solution.get("end")), "vtlb": solution.get("vtlb"),
        }  # fmt: skip
        phases = tuple(
            NewPhase(one["kind"], dt.date.fromisoformat(one["start"]), _date(one.get("end")))
            for one in raw.get("phases", [])
        )
        debts = tuple(
            NewDebt(creditor=one["creditor"], amount=Decimal(one["amount"]), kind=one.get("kind", "Overig"), as_of=_date(one.get("as_of")),
                    preferred=one.get("preferred", False), reference=one.get("reference") or "")
            for one in raw.get("debts", [])
        )  # fmt: skip
        notes = tuple(
            NewNote(
                clock.moment(one["at"]),
                self._find(User, f"{path}.notes[{number}].by", "staff", username=one["by"]),
                one["kind"],
                one["text"],
            )
            for number, one in enumerate(raw.get("notes", []))
        )
        clients = list(household.members.filter(role__in=[MemberRole.CLIENT, MemberRole.PARTNER])[:2])
        open_debt_file(
            household=household, clients=clients,
            new=NewFile(opened, settings.MUNICIPALITY_CODE, None, facts, phases, debts, notes), by=None, now=self.now,
        )  # fmt: skip
        if decision:
            on = dt.date.fromisoformat(decision["date"])
            households.meet_term(household=household, kind=TermKind.DECISION, on=on, by=None, now=self.now)
        self.report.add("debt_files", made=True)


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _time(text: str) -> dt.time:
    return dt.time.fromisoformat(text)


def _ends(period) -> tuple:
    """Both ends of a range, whether it came from the file or from the database."""
    first, last = period if isinstance(period, tuple) else (period.lower, period.upper)
    return first.astimezone(dt.UTC), last.astimezone(dt.UTC)


def _period(raw: dict) -> tuple[dt.datetime, dt.datetime]:
    """Dates are whole days, the last one included; moments are parts of days."""
    if len(raw["from"]) == 10 and len(raw["to"]) == 10:
        first, last = dt.date.fromisoformat(raw["from"]), dt.date.fromisoformat(raw["to"])
        return clock.day_bounds(first)[0], clock.day_bounds(last)[1]
    return clock.moment(raw["from"]), clock.moment(raw["to"])
