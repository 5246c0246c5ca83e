"""The part of a scenario that is about residents: households, appointments and debt files."""

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from casework.appointments import actions as appointments
from casework.appointments.actions.reminders import message_facts
from casework.appointments.models import APPEARED, Appointment, AppointmentType, MissedReason, Outcome, moments_of
from casework.core import clock, values
from casework.core.models import User
from casework.core.thresholds import Threshold
from casework.counsellors.models import LANGUAGES, Counsellor
from casework.debts.actions import NewDebt, NewFile, NewNote, NewPhase, open_debt_file
from casework.debts.models import DebtFile, DebtKind
from casework.exchange.actions.scenario.loader import Loader
from casework.households import actions as households
from casework.households.models import CameThrough, ExitReason, Household, MemberRole, TermKind
from casework.messaging import actions as messaging
from casework.messaging.models import Message, MessageState, WithdrawnReason
from casework.places.models import Location

# Recorded in the file as one letter; which of two it is follows from the moment of telling.
TOLD_BEFORE = {"A", "R"}


# Households -----------------------------------------------------------------------------------------------------------


def load_household(loader: Loader, raw: dict, path: str) -> None:
    if Household.objects.filter(case_number=raw["case_number"]).exists():
        loader.report.add("households")
        return
    registered_at = clock.moment(raw["registered"]) if "registered" in raw else loader.now
    members = [_member(loader, one, f"{path}.members[{number}]") for number, one in enumerate(raw.get("members", []))]
    contact = _contact(loader, raw, path)
    location = raw.get("location") and loader.find(Location, f"{path}.location", "location", code=raw["location"])
    owner = raw.get("owner") and _colleague(loader, raw["owner"], f"{path}.owner")
    loader.stop_if_unsound()
    # A household without a person is one of which nobody gave a name yet.
    client = next((one for one in members if one.role == MemberRole.CLIENT), members[0] if members else None)
    made = households.register_household(
        client=client or households.NewMember(),
        others=[one for one in members if one is not client],
        contact=contact,
        location=location or None,
        owner=owner or None,
        came_through=raw.get("came_through", CameThrough.SELF),
        threats=[_threat(one, registered_at) for one in raw.get("threats", [])],
        duplicate_reason="scenario",
        case_number=raw["case_number"],
        registered_at=registered_at,
        by=None,
        now=loader.now,
    )
    if raw.get("legal_hold"):
        Household.objects.filter(pk=made.pk).update(legal_hold=True)
    loader.report.add("households", made=True)


def _threat(raw: dict, registered_at: dt.datetime) -> households.NewThreat:
    recorded = clock.moment(raw["recorded"]) if "recorded" in raw else registered_at
    return households.NewThreat(raw["kind"], recorded, _date(raw.get("date")))


def _member(loader: Loader, raw: dict, path: str) -> households.NewMember:
    return households.NewMember(
        given_names=raw.get("given_names", ""), prefix=raw.get("prefix", ""), surname=raw.get("surname", ""),
        initials=raw.get("initials", ""), born=_date(raw.get("born")), role=raw.get("role", MemberRole.CLIENT),
        gender=raw.get("gender") or "", bsn=loader.read(values.read_bsn, raw.get("bsn"), f"{path}.bsn"),
    )  # fmt: skip


def _contact(loader: Loader, raw: dict, path: str) -> dict:
    address, flags = raw.get("address") or {}, raw.get("flags", [])
    language = raw.get("language", "nl")
    if language not in dict(LANGUAGES):
        loader.wrong(f"{path}.language", f"unknown language {language!r}")
    return {
        "street": address.get("street", ""), "house_number": address.get("number", ""),
        "addition": address.get("addition", ""), "city": address.get("city", "Rotterdam"),
        "postcode": loader.read(values.read_postcode, address.get("postcode"), f"{path}.address.postcode"),
        "secret_address": address.get("secret", False),
        "mobile": loader.read(values.read_phone, raw.get("mobile"), f"{path}.mobile"),
        "phone": loader.read(values.read_phone, raw.get("phone"), f"{path}.phone"),
        "email": loader.read(_read_email, raw.get("email"), f"{path}.email"),
        "language": language, "interpreter": raw.get("interpreter", False), "channel": raw.get("channel", "sms"),
        **{flag: flag in flags for flag in ("no_voicemail", "safety", "administrator")},
    }  # fmt: skip


def _read_email(typed: str) -> str:
    try:
        validate_email(typed)
    except ValidationError as error:
        raise ValueError(error.messages[0]) from error
    return typed


def close_household(loader: Loader, raw: dict, path: str) -> None:
    """Close with what that takes along (R-62); closed before it came is an error."""
    if not raw.get("closed"):
        return
    household = loader.find(Household, f"{path}.case_number", "household", case_number=raw["case_number"])
    loader.stop_if_unsound()
    on = dt.date.fromisoformat(raw["closed"]["on"])
    if on < clock.local_date(household.registered_at):
        loader.wrong(f"{path}.closed.on", "closed before it was registered")
    loader.stop_if_unsound()
    reason = ExitReason(raw["closed"]["reason"])
    appointments.close_household(household=household, reason=reason, on=on, by=None, now=loader.now)


def _colleague(loader: Loader, username: str, path: str) -> Counsellor | None:
    return loader.find(Counsellor, path, "staff", user__username=username)


# Appointments ---------------------------------------------------------------------------------------------------------


def load_appointment(loader: Loader, raw: dict, path: str) -> None:
    if Appointment.objects.filter(reference=raw["ref"]).exists():
        loader.report.add("appointments")
        return
    household = loader.find(Household, f"{path}.household", "household", case_number=raw["household"])
    counsellor = _colleague(loader, raw["counsellor"], f"{path}.counsellor")
    kind = loader.find(AppointmentType, f"{path}.type", "type", code=raw["type"])
    place = raw.get("location") and loader.find(Location, f"{path}.location", "location", code=raw["location"])
    booked_by = raw.get("booked_by") and loader.find(User, f"{path}.booked_by", "staff", username=raw["booked_by"])
    start = clock.moment(raw["start"])
    outcome = _outcome(loader, raw, path, start)
    loader.stop_if_unsound()
    row = Appointment(
        reference=raw["ref"], household=household, counsellor=counsellor, type=kind,
        location=place or counsellor.location, starts_at=start, ends_at=start + kind.length,
        booked_at=clock.moment(raw["booked"]) if raw.get("booked") else min(loader.now, start),
        booked_by=booked_by or counsellor.user, walk_in=raw.get("walk_in", False), **outcome,
    )  # fmt: skip
    if row.outcome:
        row.recorded_at = clock.moment(raw["recorded"]) if raw.get("recorded") else row.told_at or row.ends_at
        row.recorded_by = counsellor.user
    row.save(force_insert=True)
    _follow(loader, row)
    loader.report.add("appointments", made=True)


def _outcome(loader: Loader, raw: dict, path: str, start: dt.datetime) -> dict:
    """Outcome, moment of telling and reason. A and R are in time from 24 hours of elapsed time before (R-16)."""
    letter, told = raw.get("outcome"), clock.moment(raw["told"]) if raw.get("told") else None
    if raw.get("reason") and not MissedReason.objects.filter(code=raw["reason"]).exists():
        known = ", ".join(MissedReason.objects.values_list("code", flat=True))
        loader.wrong(f"{path}.reason", f"unknown reason {raw['reason']!r}; known: {known}")
    if raw.get("moved_to") and letter != "R":
        loader.wrong(f"{path}.moved_to", "only an appointment with outcome R was moved")
    if letter in TOLD_BEFORE and told is None:
        loader.wrong(f"{path}.told", "A and R need the moment of telling")
    elif letter in TOLD_BEFORE and told >= start:
        loader.wrong(f"{path}.told", "told after the start is N or X, not a cancellation")
    if not letter:
        return {}
    reason = raw.get("reason") or None
    if letter not in TOLD_BEFORE:
        return {"outcome": Outcome(letter), "reason_id": reason}
    in_time = told is not None and start - told >= Threshold.IN_TIME.span(told)
    return {"outcome": Outcome(f"{letter}{1 if in_time else 2}"), "told_at": told, "reason_id": reason}


def _follow(loader: Loader, row: Appointment) -> None:
    """Terms and messages as booking and recording would have left them; what should have gone out before is late."""
    on = clock.local_date(row.starts_at)
    if row.outcome in APPEARED and row.type.first_talk:
        for kind in (TermKind.FIRST_TALK, TermKind.URGENT):
            households.meet_term(household=row.household, kind=kind, on=on, by=None, now=loader.now)
        households.open_decision_term(household=row.household, first_talk_on=on, by=None, now=loader.now)
    if row.outcome or row.walk_in or row.starts_at <= loader.now:
        return
    messaging.plan_for_booking(
        household=row.household, appointment_key=row.pk, starts_at=row.starts_at, facts=message_facts(row),
        moments=moments_of(row.type_id, row.booked_at), moved=_follows_another(loader, row.reference),
        booked_at=row.booked_at, now=row.booked_at,
    )  # fmt: skip
    Message.objects.filter(appointment_key=row.pk, due_at__lt=loader.now).update(
        state=MessageState.WITHDRAWN, reason=WithdrawnReason.TOO_LATE
    )


def _follows_another(loader: Loader, reference: str) -> bool:
    return any(one.get("moved_to") == reference for one in loader.data.get("appointments", []))


def link_moved(loader: Loader, raw: dict, path: str) -> None:
    """A moved appointment knows its successor, of the same household (R-15)."""
    if not raw.get("moved_to"):
        return
    moved = loader.find(Appointment, f"{path}.ref", "appointment", reference=raw["ref"])
    successor = loader.find(Appointment, f"{path}.moved_to", "appointment", reference=raw["moved_to"])
    loader.stop_if_unsound()
    if successor.household_id != moved.household_id:
        loader.wrong(f"{path}.moved_to", "the successor belongs to another household")
    loader.stop_if_unsound()
    Appointment.objects.filter(pk=moved.pk, moved_to=None).update(moved_to=successor)


# Debt files -----------------------------------------------------------------------------------------------------------


def load_debt_file(loader: Loader, raw: dict, path: str) -> None:
    household = loader.find(Household, f"{path}.household", "household", case_number=raw["household"])
    opened = dt.date.fromisoformat(raw["opened"])
    if household and DebtFile.objects.filter(household=household, opened_on=opened).exists():
        loader.report.add("debt_files")
        return
    notes = tuple(_note(loader, one, f"{path}.notes[{number}]") for number, one in enumerate(raw.get("notes", [])))
    loader.stop_if_unsound()
    clients = list(household.members.filter(role__in=[MemberRole.CLIENT, MemberRole.PARTNER])[:2])
    phases = tuple(
        NewPhase(one["kind"], dt.date.fromisoformat(one["start"]), _date(one.get("end")))
        for one in raw.get("phases", [])
    )
    debts = tuple(_debt(one) for one in raw.get("debts", []))
    new = NewFile(opened, settings.MUNICIPALITY_CODE, None, _facts(raw), phases, debts, notes)
    open_debt_file(household=household, clients=clients, new=new, by=None, now=loader.now)
    if decision := raw.get("decision"):
        on = dt.date.fromisoformat(decision["date"])
        households.meet_term(household=household, kind=TermKind.DECISION, on=on, by=None, now=loader.now)
    loader.report.add("debt_files", made=True)


def _facts(raw: dict) -> dict:
    decision, solution, plan = (raw.get(key) or {} for key in ("decision", "solution", "plan"))
    return {
        "decision_kind": decision.get("kind", ""), "decided_on": _date(decision.get("date")),
        "plan_completed_on": _date(plan.get("completed")), "solution_kind": solution.get("kind", ""),
        "solution_start": _date(solution.get("start")), "solution_end": _date(solution.get("end")),
        "vtlb": solution.get("vtlb"),
    }  # fmt: skip


def _debt(raw: dict) -> NewDebt:
    return NewDebt(
        creditor=raw["creditor"], amount=Decimal(raw["amount"]), kind=raw.get("kind", DebtKind.OTHER),
        as_of=_date(raw.get("as_of")), preferred=raw.get("preferred", False), reference=raw.get("reference") or "",
    )  # fmt: skip


def _note(loader: Loader, raw: dict, path: str) -> NewNote:
    author = loader.find(User, f"{path}.by", "staff", username=raw["by"])
    return NewNote(clock.moment(raw["at"]), author, raw["kind"], raw["text"])


def _date(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
