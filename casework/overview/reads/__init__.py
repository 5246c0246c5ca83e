"""What screens across features show; each function is one query unless it says otherwise."""

import contextlib
import datetime as dt
from dataclasses import dataclass

from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Sum, Value, When

from casework.appointments.actions import check_can_check_in
from casework.appointments.models import (
    APPEARED,
    MISSED,
    Appointment,
    CorrectionProposal,
    exception_before,
    in_a_row,
)
from casework.core import clock, names
from casework.core.models import AuditEntry, User
from casework.core.refusals import Refused
from casework.core.thresholds import Threshold
from casework.counsellors.models import Absence, Counsellor
from casework.debts.models import DebtFile
from casework.households.models import (
    OUTLIVES_HELP,
    Agreement,
    ConsentChannel,
    ContactAttempt,
    Household,
    Merge,
    MergeState,
    Note,
    ProposalState,
    SearchTerm,
    Task,
    Term,
    TermKind,
    Threat,
    TransferProposal,
)
from casework.messaging.models import Message
from casework.places.models import Location


def appointments_today(now: dt.datetime) -> QuerySet[Appointment]:
    first, last = clock.day_bounds(clock.local_date(now))
    return Appointment.objects.for_list().between(first, last).order_by("starts_at", "pk")


def next_appointment(rows: QuerySet[Appointment], now: dt.datetime) -> Appointment | None:
    """Who is here now, or comes next: the first that has no outcome and is not over (S02)."""
    return rows.coming(now).for_list().order_by("starts_at", "pk").first()


def terms_now(now: dt.datetime, owner: Counsellor | None = None) -> QuerySet[Term]:
    """Open terms that end today or tomorrow, or have passed: urgent first, then the first to end (S02)."""
    tomorrow = clock.local_date(now) + dt.timedelta(days=1)
    rows = Term.objects.open().filter(deadline__lte=tomorrow, household__closed_on=None, household__merged_into=None)
    if owner:
        rows = rows.filter(household__owner=owner)
    urgent_first = Case(When(kind=TermKind.URGENT, then=0), default=1)
    return rows.select_related("household").order_by(urgent_first, "deadline", "pk")


def to_call(user: User, location: Location | None = None) -> int:
    rows = Message.objects.visible_to(user).to_call()
    return (rows.filter(household__location=location) if location else rows).count()


def to_print(user: User, location: Location | None = None) -> int:
    rows = Message.objects.visible_to(user).to_print()
    return (rows.filter(household__location=location) if location else rows).count()


def long_unrecorded(now: dt.datetime) -> int:
    """How many appointments lack an outcome for longer than the rule allows (R-21). Two queries."""
    before, _end = clock.day_bounds(exception_before(now))
    return Appointment.objects.unrecorded(now).filter(starts_at__lt=before).count()


def absent_with_appointments(now: dt.datetime, location: Location | None = None) -> list[dict]:
    """Coming absences that stand in the way of appointments, with of how many, at a location or all (R-14). One query."""
    hit = Appointment.objects.standing(now).during_absence(OuterRef(OuterRef("pk"))).order_by()
    if location:
        hit = hit.filter(location=location)
    number = hit.values(whole=Value(1)).annotate(number=Count("pk")).values("number")
    rows = Absence.objects.filter(period__endswith__gt=now).annotate(number=Subquery(number)).filter(number__gt=0)
    rows = rows.select_related("counsellor__user").order_by("period", "counsellor__sort_name", "pk")
    return [{"absence": one, "number": one.number} for one in rows]


def to_decide() -> int:
    """How many proposals wait for a supervisor (S04). Three queries."""
    return transfers_to_decide().count() + merges_to_decide().count() + corrections_to_decide().count()


def corrections_to_decide() -> QuerySet[CorrectionProposal]:
    return CorrectionProposal.objects.to_decide().for_list()


def transfers_to_decide() -> QuerySet[TransferProposal]:
    waiting = TransferProposal.objects.filter(state=ProposalState.OPEN, household__in=Household.objects.open())
    return waiting.select_related("household__owner__user", "to__user", "proposed_by")


def merges_into(household: Household) -> QuerySet[Merge]:
    rows = Merge.objects.filter(surviving=household, state=MergeState.MERGED)
    return rows.select_related("absorbed").order_by("settled_at", "pk")


def merges_to_decide() -> QuerySet[Merge]:
    """A merge with a household that was closed or merged meanwhile is of no use any more."""
    waiting = Merge.objects.filter(
        state=MergeState.PROPOSED, surviving__in=Household.objects.open(), absorbed__in=Household.objects.open()
    )
    return waiting.select_related("surviving", "absorbed", "proposed_by")


def balance() -> QuerySet[Counsellor]:
    """Active households against capacity, by name (C12: never ranked)."""
    active = Count("households", filter=Q(households__closed_on=None))
    return (
        Counsellor.objects.filter(active=True)
        .select_related("user")
        .annotate(number=active)
        .order_by("sort_name", "id")
    )


def household_blocks(household: Household, *, by: User, now: dt.datetime, full: bool) -> dict:
    """Everything of the household page (S07). A constant number of queries.

    `full` is for who may know more than the desk: what stands around the household, the debt file and the timeline.
    """
    today = clock.local_date(now)
    rows = Appointment.objects.filter(household=household).for_list().select_related("booked_by", "recorded_by")
    appointments = list(rows.order_by("-starts_at", "-pk")[:50])
    outbox = list(Message.objects.filter(household=household).order_by("-due_at", "-pk")[:20])
    coming = [one for one in appointments if not one.outcome and one.starts_at > now]
    past = [one for one in appointments if one not in coming]
    threats = list(household.threats.all())
    tasks = tasks_of(household, by)
    blocks = {
        "coming": sorted(coming, key=lambda one: one.starts_at),
        "past": past[:3],
        "members": household.people,
        "left": [one for one in household.members.all() if one.left_on],
        "threats": [one for one in threats if one.ended_on is None],
        "consents": newest_answers(household, only=None if full else ConsentChannel.SMS),
        "outbox": outbox[:5],
        "received": list(household.received_texts.order_by("-received_at", "-pk")[:5]),
        "administered": household.administered_on(today),
        "earlier": list(household.earlier_files.select_related("owner__user").order_by("registered_at", "pk")),
        "tasks": [{"row": one, "days": one.days_left(today)} for one in tasks if one.is_open],
        "missed_in_a_row": 0 if household.is_closed else in_a_row(one.outcome for one in appointments),
        "risk_from": Threshold.DROP_OUT_RISK_FROM.number(now),
    }
    if not full:
        return blocks
    attempts = list(household.contact_attempts.select_related("by")[:100])
    notes = list(household.notes.select_related("by")[:100])
    agreements = list(household.agreements.all())
    return blocks | {
        "agreements": [{"row": one, "standing": one.is_standing(today)} for one in agreements],
        "life_events": list(household.life_events.select_related("checked_by")),
        "helpers": list(household.helpers.all()),
        "programmes": [{"row": one, "runs": one.runs(today)} for one in household.programmes.all()],
        "debt_file": DebtFile.objects.filter(household=household)
        .prefetch_related("phases")
        .annotate(
            total=Sum("debts__amount", filter=Q(debts__left_out="")),
            creditors=Count("debts__creditor", filter=Q(debts__left_out=""), distinct=True),
        )
        .first(),
        "timeline": timeline(
            household, blocks["earlier"], appointments, outbox, notes, agreements, threats, attempts, tasks
        ),
    }


def tasks_of(household: Household, by: User) -> list[Task]:
    """The tasks of a household that this person may see, what comes first first. One query."""
    return list(household.tasks.visible_to(by).select_related("owner", "settled_by").order_by("due_on", "pk")[:100])


def newest_answers(household: Household, *, only: str | None = None) -> list[dict]:
    """Per way of contact the answer that counts, if any. One query."""
    newest = {one.channel: one for one in household.consents.all()}
    return [
        {"label": label, "answer": newest.get(channel)}
        for channel, label in ConsentChannel.choices
        if only is None or channel == only
    ]


def timeline(
    household: Household, earlier: list[Household], appointments: list[Appointment], outbox: list[Message],
    notes: list[Note], agreements: list[Agreement], threats: list[Threat], attempts: list[ContactAttempt],
    tasks: list[Task],
) -> list[dict]:  # fmt: skip
    """What happened, newest first; what the system sent in one day is one entry. One query, for who came back.

    What we know only the day of has no time and stands before what happened later that day.
    """
    entries = [_entry(household.registered_at, "household", "registered", row=household)]
    entries += [_entry(_start_of(one.closed_on), "household", "earlier", row=one, whole_day=True) for one in earlier]
    if household.closed_on:
        entries.append(_entry(_start_of(household.closed_on), "household", "closed", row=household, whole_day=True))
    if later := household.continued_in:
        entries.append(_entry(later.registered_at, "household", "continued", row=later))
    entries += [_entry(one.booked_at, "appointments", "booked", one.booked_by, one) for one in appointments]
    entries += [
        _entry(one.recorded_at, "appointments", "recorded", one.recorded_by, one)
        for one in appointments
        if one.recorded_at
    ]
    entries += [_entry(one.at, "notes", "note", one.by, one) for one in notes]
    entries += [_entry(one.at, "notes", "attempt", one.by, one) for one in attempts]
    entries += [_entry(one.settled_at, "tasks", "task", one.settled_by, one) for one in tasks if one.settled_at]
    entries += [_entry(one.recorded_at, "household", "threat", row=one) for one in threats]
    for one in agreements:
        entries.append(_entry(_start_of(one.recorded_on), "household", "agreed", row=one, whole_day=True))
        if one.withdrawn_at:
            entries.append(_entry(one.withdrawn_at, "household", "withdrawn", row=one))
    sent: dict[dt.date, list[Message]] = {}
    for message in outbox:
        if message.sent_at:
            sent.setdefault(clock.local_date(message.sent_at), []).append(message)
    entries += [_entry(max(one.sent_at for one in rows), "messages", "sent", row=rows) for rows in sent.values()]
    return sorted(entries, key=lambda entry: entry["at"], reverse=True)


def _start_of(date: dt.date) -> dt.datetime:
    return clock.day_bounds(date)[0]


def _entry(at: dt.datetime, kind: str, what: str, by=None, row=None, *, whole_day: bool = False) -> dict:
    """`kind` is what one filters by, `what` decides the words."""
    return {"at": at, "kind": kind, "what": what, "by": by, "row": row, "whole_day": whole_day}


def standing_of(household: Household, *, now: dt.datetime) -> QuerySet[Appointment]:
    """What still stands in the agenda for this household."""
    return Appointment.objects.standing(now).filter(household=household).for_list().order_by("starts_at", "pk")


def tasks_that_end_with(household: Household) -> QuerySet[Task]:
    """What is no longer to be done once the help ends (R-62); a resident's request stays."""
    return household.tasks.open().exclude(kind__in=OUTLIVES_HELP).select_related("owner").order_by("due_on", "pk")


def unsent_of(household: Household) -> QuerySet[Message]:
    """What would still go out to this household."""
    return Message.objects.unsent().filter(household=household).order_by("due_at", "pk")


def day_counts(rows: list[Appointment]) -> dict[str, int]:
    """How the day of one location goes, in numbers only (R-90i). No query."""
    came = [one for one in rows if one.outcome in APPEARED]
    missed = [one for one in rows if one.outcome in MISSED]
    return {
        "all": len(rows),
        "arrived": sum(bool(one.arrived_at or one.outcome in APPEARED) for one in rows),
        "came": len(came),
        "missed": len(missed),
        "other": sum(bool(one.outcome) for one in rows) - len(came) - len(missed),
    }


# Quick find (S05)

LAST_OPENED = 5
# So many lines back they are looked for: who opens one household again and again still sees the others.
_LINES_READ = 200


@dataclass(frozen=True)
class Hit:
    """A household that quick find shows: its name in pieces, the ones that were looked for marked, and what is possible.

    `merged`: numbers that were looked for, of households that were merged into this one. `others`: members whose name was looked for and does not stand in the name of the household. `appointment`: the one
    that this person can check in now.
    """

    household: Household
    name: list[tuple[str, bool]]
    others: list[list[tuple[str, bool]]]
    merged: list[str]
    appointment: Appointment | None


def last_opened(user: User) -> list[int]:
    """Keys of the households this person opened last, the last one first, from the audit trail. One query."""
    lines = AuditEntry.objects.filter(user_id_at_time=user.pk).order_by("-pk").values_list("action", "object_key")
    keys = [int(key.partition(":")[2]) for action, key in lines[:_LINES_READ] if action == "view_household"]
    return list(dict.fromkeys(keys))[: 2 * LAST_OPENED]


def hits(keys: list[int], terms: list[SearchTerm], *, user: User, now: dt.datetime) -> list[Hit]:
    """Households to show, in the order of their keys, those that this person may see. Four queries at most."""
    rows = Household.objects.visible_to(user).with_merged_numbers(terms).filter(pk__in=keys)
    rows = rows.select_related("owner__user").prefetch_related("members").in_bulk()
    found = [rows[key] for key in keys if key in rows]
    coming = to_check_in(found, by=user, now=now)
    return [_hit(one, terms, coming.get(one.pk), initials=user.initials_mode) for one in found]


def _hit(household: Household, terms: list[SearchTerm], appointment: Appointment | None, *, initials: bool) -> Hit:
    folded = [term.folded for term in terms if term.folded]
    name = names.mark(household.initial_name if initials else str(household), folded)
    standing = names.fold(str(household))
    missing = [word for word in folded if word not in standing]
    others = [
        names.mark(one.initial_name if initials else one.full_name, missing)
        for one in household.members.all()
        if one.left_on is None and any(word in names.fold(one.full_name) for word in missing)
    ]
    return Hit(household, name, others, household.merged_numbers(terms), appointment)


def to_check_in(households: list[Household], *, by: User, now: dt.datetime) -> dict[int, Appointment]:
    """Per household the first appointment that this person can check in now (R-20, R-90d). One query."""
    rows = Appointment.objects.filter(
        household__in=households,
        outcome="",
        arrived_at=None,
        starts_at__lte=now + Threshold.CHECK_IN_FROM.span(now),
        ends_at__gte=now,
    )
    found: dict[int, Appointment] = {}
    for one in rows.select_related("counsellor").order_by("starts_at", "pk") if households else ():
        with contextlib.suppress(Refused):
            check_can_check_in(one, by=by, now=now)
            found.setdefault(one.household_id, one)
    return found
