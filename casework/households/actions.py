"""Registering households, keeping their contact details, their terms, and closing them."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from casework.core import clock, names
from casework.core.actions import audit
from casework.core.encryption import fingerprint
from casework.core.models import Role, User
from casework.core.refusals import Refused
from casework.counsellors.models import Counsellor
from casework.households.models import (
    AccessReason,
    CameThrough,
    ExitReason,
    Household,
    Member,
    MemberRole,
    Term,
    TermKind,
    Threat,
)
from casework.places.models import CalendarDay, Location, WorkingCalendar


class BsnKnown(Refused):
    """The BSN already belongs to somebody: `household` is that household (R-52)."""

    def __init__(self, household: Household):
        super().__init__(
            _("This BSN belongs to %(number)s. Open that household.") % {"number": household.case_number}, field="bsn"
        )
        self.household = household


class PossibleDuplicate(Refused):
    """Somebody very alike is registered; `candidates` are shown first, a reason goes on (R-52)."""

    def __init__(self, candidates: list[Household]):
        super().__init__(_("This person may already be registered. Look at the households below first."))
        self.candidates = candidates


class HouseholdClosed(Refused):
    """Nothing new starts for a closed household."""


class OwnedAlready(Refused):
    """Another counsellor owns it: that is a transfer, with a choice per standing appointment (R-60)."""


class ChangedMeanwhile(Refused):
    """Somebody else changed this household since it was opened; `current` is the row as it stands (R-19)."""

    def __init__(self, current: Household):
        super().__init__(_("A colleague changed this household meanwhile. Compare both versions and save again."))
        self.current = current


@dataclass(frozen=True)
class NewMember:
    """A person to register; prefix apart (R-50), BSN of nine checked digits or empty."""

    given_names: str = ""
    prefix: str = ""
    surname: str = ""
    initials: str = ""
    born: dt.date | None = None
    role: str = MemberRole.CLIENT
    gender: str = ""
    bsn: str = ""


@dataclass(frozen=True)
class NewThreat:
    kind: str
    recorded_at: dt.datetime
    happens_on: dt.date | None = None


# What may be changed about reaching a household, and kept at registration.
CONTACT_FIELDS = (
    "street", "house_number", "addition", "postcode", "city", "secret_address", "mobile", "phone", "email", "language",
    "interpreter", "channel", "no_voicemail", "safety", "safety_note", "administrator",
)  # fmt: skip


@dataclass(frozen=True)
class Duplicates:
    """What R-52 finds: a household with this BSN, candidates to look at first, and only worth a note."""

    same_bsn: Household | None = None
    candidates: list[Household] = field(default_factory=list)
    noted: list[Household] = field(default_factory=list)


def find_duplicates(*, client: NewMember, contact: dict) -> Duplicates:
    """Households that may be the same people (R-52). Constant queries."""
    same_bsn = None
    if client.bsn:
        member = Member.objects.filter(bsn_fingerprint=fingerprint(client.bsn), left_on=None).first()
        same_bsn = member.household if member else None
    mobile, postcode = contact.get("mobile", ""), contact.get("postcode", "")
    alike = Household.objects.none()
    if client.born:
        same_name = Q(members__search_surname=_folded(client.surname)) if client.surname else Q(pk=None)
        same_mobile = Q(mobile=mobile) if mobile else Q(pk=None)
        # One join: the member of that birth date is the one with that name.
        alike = Household.objects.filter(Q(members__born=client.born) & (same_name | same_mobile)).distinct()
    candidates = list(alike.select_related("owner__user").prefetch_related("members").order_by("sort_name", "pk")[:10])
    near = Q(pk=None)
    if mobile:
        near |= Q(mobile=mobile)
    if postcode and contact.get("house_number"):
        near |= Q(postcode=postcode, house_number=contact["house_number"], addition=contact.get("addition", ""))
    others = Household.objects.filter(near).exclude(pk__in=[one.pk for one in candidates])
    noted = list(others.order_by("sort_name", "pk")[:5])
    return Duplicates(same_bsn, candidates, noted)


def _next_case_number(now: dt.datetime) -> str:
    """`ETF-2026-000101`. Gaps are fine; a number that a scenario took is skipped."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("select nextval('casework_case_number')")
            number = f"ETF-{clock.local(now).year}-{cursor.fetchone()[0]:06}"
            if not Household.objects.filter(case_number=number).exists():
                return number


def _folded(surname: str) -> str:
    """As it is compared (R-52). Folding may make a name longer: ß becomes ss."""
    return names.fold(surname)[: Member._meta.get_field("search_surname").max_length]


def describe(household: Household, members: list[Member]) -> None:
    """Set the names that lists sort and search by, from the members. Does not save."""
    client = next((one for one in members if one.role == MemberRole.CLIENT), members[0])
    household.display_name = client.full_name
    sort_name = names.sort_name(client.given_names or client.initials, client.prefix, client.surname)
    household.sort_name = sort_name[: Household._meta.get_field("sort_name").max_length]
    household.search_name = " ".join(
        f"{names.fold(one.given_names)} {names.fold(one.prefix + one.surname)}".strip() for one in members
    )


def make_member(household: Household, person: NewMember) -> Member:
    """A member, not saved."""
    return Member(
        household=household,
        role=person.role,
        given_names=names.clean(person.given_names),
        initials=names.clean(person.initials),
        prefix=names.clean(person.prefix),
        surname=names.clean(person.surname),
        born=person.born,
        gender=person.gender,
        bsn=person.bsn,
        bsn_fingerprint=fingerprint(person.bsn) if person.bsn else "",
        search_surname=_folded(person.surname),
    )


@transaction.atomic
def register_household(
    *,
    client: NewMember,
    contact: dict,
    location: Location | None,
    owner: Counsellor | None = None,
    came_through: str = CameThrough.SELF,
    threats: list[NewThreat] | tuple = (),
    others: list[NewMember] | tuple = (),
    duplicate_reason: str = "",
    form_token: UUID | None = None,
    case_number: str = "",
    registered_at: dt.datetime | None = None,
    by: User | None,
    now: dt.datetime,
) -> Household:
    """Register a household with its members, threats and first-talk term (R-05, R-06, R-52).

    `case_number` and `registered_at` are only given by imports. Refuses BsnKnown, and PossibleDuplicate unless
    `duplicate_reason` says why it is somebody else. With the same `form_token` it may be repeated: the first
    household is returned (R-17).
    """
    if form_token and (earlier := Household.objects.filter(form_token=form_token).first()):
        return earlier
    found = find_duplicates(client=client, contact=contact)
    if found.same_bsn:
        raise BsnKnown(found.same_bsn)
    if found.candidates and not duplicate_reason.strip():
        raise PossibleDuplicate(found.candidates)
    household = Household(
        case_number=case_number or _next_case_number(now),
        registered_at=registered_at or now,
        location=location,
        owner=owner,
        came_through=came_through,
        form_token=form_token,
        **{name: value for name, value in contact.items() if name in CONTACT_FIELDS},
    )
    members = [make_member(household, person) for person in (client, *others)]
    describe(household, members)
    try:
        with transaction.atomic():
            household.save(force_insert=True)
            Member.objects.bulk_create(members)
    except IntegrityError as error:
        # The same form sent twice at the same moment: the first one won.
        if form_token and (earlier := Household.objects.filter(form_token=form_token).first()):
            return earlier
        if "member_bsn_once" in str(error):
            prints = [one.bsn_fingerprint for one in members if one.bsn_fingerprint]
            known = Member.objects.filter(bsn_fingerprint__in=prints, left_on=None).first()
            if known is None:
                raise Refused(_("Two people in one household cannot have the same BSN."), field="bsn") from error
            raise BsnKnown(known.household) from error
        raise
    Threat.objects.bulk_create(
        Threat(household=household, kind=one.kind, recorded_at=one.recorded_at, happens_on=one.happens_on)
        for one in threats
    )
    _open_first_terms(household, [clock.local_date(one.recorded_at) for one in threats])
    details = {"case_number": household.case_number, "members": len(members)}
    audit(by=by, now=now, action="register_household", on=household, reason=duplicate_reason, details=details)
    return household


def _calendar() -> WorkingCalendar:
    return CalendarDay.objects.working_calendar()


def _urgent_deadline(calendar: WorkingCalendar, recorded: dt.date, registered: dt.date) -> dt.date:
    """R-05. A threat told after the four-week term has run out still has its own three working days."""
    deadline = calendar.urgent_deadline(recorded, registered)
    return deadline if deadline >= recorded else calendar.add_working_days(recorded, 3)


def _open_first_terms(household: Household, urgent_on: list[dt.date]) -> None:
    calendar, registered = _calendar(), clock.local_date(household.registered_at)
    rows = [Term(household=household, kind=TermKind.FIRST_TALK, event_on=registered,
                 deadline=calendar.first_talk_deadline(registered))]  # fmt: skip
    if urgent_on:
        first = min(urgent_on)
        rows.append(Term(household=household, kind=TermKind.URGENT, event_on=first,
                         deadline=_urgent_deadline(calendar, first, registered)))  # fmt: skip
    Term.objects.bulk_create(rows)


@transaction.atomic
def change_contact(*, household: Household, values: dict, version: int, by: User, now: dt.datetime) -> Household:
    """Change how a household is reached. Refuses ChangedMeanwhile when `version` is not the current one (R-19).

    Repeatable: the same values change nothing and write nothing.
    """
    row = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    changed = {name: value for name, value in values.items() if name in CONTACT_FIELDS and getattr(row, name) != value}
    if not changed:
        return row
    if row.version != version:
        raise ChangedMeanwhile(row)
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*changed, "version"])
    # Names of the fields only: numbers and addresses stay out of the audit trail.
    audit(by=by, now=now, action="change_contact", on=row, details={"changed": sorted(changed)})
    return row


@transaction.atomic
def add_member(*, household: Household, person: NewMember, by: User | None, now: dt.datetime) -> Member:
    """Add a person to a household and to the names it is found by.

    Refuses BsnKnown. Repeatable: somebody with the same name and date of birth is there already and is returned.
    """
    row = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    members = list(Member.objects.filter(household=row, left_on=None))
    made = make_member(row, person)
    made.joined_on = clock.local_date(now)
    same = (made.given_names, made.prefix, made.surname, made.born)
    for one in members:
        if made.full_name and (one.given_names, one.prefix, one.surname, one.born) == same:
            return one
    if made.bsn and (known := Member.objects.filter(bsn_fingerprint=made.bsn_fingerprint, left_on=None).first()):
        raise BsnKnown(known.household)
    made.save()
    describe(row, [*members, made])
    row.save(update_fields=["display_name", "sort_name", "search_name"])
    audit(by=by, now=now, action="add_member", on=row, details={"member": made.pk, "role": str(made.role)})
    return made


@transaction.atomic
def allocate_household(*, household: Household, owner: Counsellor, by: User, now: dt.datetime) -> Household:
    """Give a household without an owner to a counsellor (R-60).

    Refuses HouseholdClosed, and OwnedAlready when somebody else owns it. Repeatable: the same owner changes nothing.
    """
    row = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    if row.owner_id == owner.pk:
        return row
    if row.is_closed:
        raise HouseholdClosed(_("This household is closed."))
    if row.owner_id:
        raise OwnedAlready(_("This household belongs to %(name)s already.") % {"name": row.owner}, field="owner")
    row.owner = owner
    row.version += 1
    row.save(update_fields=["owner", "version"])
    audit(by=by, now=now, action="allocate_household", on=row, details={"owner": owner.pk})
    return row


@transaction.atomic
def record_threat(
    *, household: Household, kind: str, happens_on: dt.date | None = None, by: User, now: dt.datetime
) -> Threat:
    """Record something urgent and start the urgent term, counted from the first threat (R-05).

    After the first talk no urgent term starts: it is a term for that talk. Refuses a closed household. Repeatable:
    the same threat on the same date is kept once.
    """
    row = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    if row.is_closed:
        raise HouseholdClosed(_("This household is closed."))
    today = clock.local_date(now)
    first, _end = clock.day_bounds(today)
    same = Threat.objects.filter(household=row, kind=kind, happens_on=happens_on, recorded_at__gte=first)
    if earlier := same.first():
        return earlier
    threat = Threat.objects.create(household=row, kind=kind, recorded_at=now, happens_on=happens_on)
    talked = Term.objects.filter(household=row, kind=TermKind.FIRST_TALK, met_on__isnull=False).exists()
    if not talked:
        deadline = _urgent_deadline(_calendar(), today, clock.local_date(row.registered_at))
        Term.objects.get_or_create(
            household=row, kind=TermKind.URGENT, defaults={"event_on": today, "deadline": deadline}
        )
    audit(by=by, now=now, action="record_threat", on=household, details={"kind": kind})
    return threat


def meet_term(*, household: Household, kind: str, on: dt.date, by: User | None, now: dt.datetime) -> None:
    """Note the date on which a term was met, also when that was late. Repeatable: the first date stays."""
    Term.objects.open().filter(household=household, kind=kind).update(met_on=on)


def reopen_term(*, household: Household, kind: str, by: User | None, now: dt.datetime) -> None:
    """A correction took back what met a term: it is open again. Repeatable."""
    Term.objects.filter(household=household, kind=kind).update(met_on=None)


def open_decision_term(*, household: Household, first_talk_on: dt.date, by: User | None, now: dt.datetime) -> Term:
    """Eight weeks from the first talk (R-07). Repeatable: the first talk counts, a second one changes nothing."""
    term, _made = Term.objects.get_or_create(
        household=household,
        kind=TermKind.DECISION,
        defaults={"event_on": first_talk_on, "deadline": _calendar().decision_deadline(first_talk_on)},
    )
    return term


def withdraw_decision_term(*, household: Household, by: User | None, now: dt.datetime) -> None:
    """There was no first talk after all, so no decision term runs. Repeatable."""
    Term.objects.open().filter(household=household, kind=TermKind.DECISION).delete()


def _deadline(term: Term, calendar: WorkingCalendar) -> dt.date:
    if term.kind == TermKind.FIRST_TALK:
        return calendar.first_talk_deadline(term.event_on)
    if term.kind == TermKind.URGENT:
        return _urgent_deadline(calendar, term.event_on, clock.local_date(term.household.registered_at))
    return calendar.decision_deadline(term.event_on)


def recompute_terms(*, by: User | None = None, now: dt.datetime) -> int:
    """Let open, not yet missed terms follow the calendar (R-04); how many changed, one audit line each. Repeatable."""
    calendar, changed = _calendar(), 0
    for term in Term.objects.open().filter(deadline__gte=clock.local_date(now)).select_related("household").iterator():
        deadline = _deadline(term, calendar)
        if deadline == term.deadline:
            continue
        with transaction.atomic():
            # Met or ended since it was read: then it stays as it is.
            if not Term.objects.open().filter(pk=term.pk).update(deadline=deadline):
                continue
            details = {"kind": term.kind, "old": term.deadline.isoformat(), "new": deadline.isoformat()}
            audit(by=by, now=now, action="recompute_term", on=term.household, details=details)
        changed += 1
    return changed


@transaction.atomic
def close_household(
    *, household: Household, reason: ExitReason, on: dt.date, by: User | None, now: dt.datetime
) -> Household:
    """Close with a reason of DDAS and end what still ran (R-62). Repeatable: a closed household stays as it is."""
    row = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    if row.is_closed:
        return row
    row.closed_on, row.exit_reason = on, reason
    row.version += 1
    row.save(update_fields=["closed_on", "exit_reason", "version"])
    Term.objects.open().filter(household=row).update(ended_on=on)
    audit(by=by, now=now, action="close_household", on=row, details={"reason": str(reason), "on": on.isoformat()})
    return row


def given_reason(*, user: User, household: Household, now: dt.datetime) -> AccessReason | None:
    """The reason this person gave today for opening this household. One query."""
    return AccessReason.objects.filter(user=user, household=household, valid_on=clock.local_date(now)).first()


def is_own(user: User, household: Household) -> bool:
    """Whether the household belongs to the caseload of this user. May query."""
    own = getattr(user, "counsellor", None)
    return bool(own and household.owner_id == own.pk)


def needs_reason(*, user: User, household: Household, now: dt.datetime) -> bool:
    """Whether this person must first say why they open this household (R-91). May query."""
    if user.role != Role.COUNSELLOR or is_own(user, household):
        return False
    return given_reason(user=user, household=household, now=now) is None


@transaction.atomic
def give_access_reason(*, user: User, household: Household, kind: str, text: str, now: dt.datetime) -> AccessReason:
    """Note why somebody opens a household outside their caseload, valid until midnight (R-91). Repeatable."""
    if kind == "other" and not text.strip():
        raise Refused(_("Say what the reason is."), field="text")
    reason, made = AccessReason.objects.get_or_create(
        user=user, household=household, valid_on=clock.local_date(now), defaults={"kind": kind, "text": text}
    )
    if made:
        audit(by=user, now=now, action="give_access_reason", on=household, reason=kind)
    return reason
