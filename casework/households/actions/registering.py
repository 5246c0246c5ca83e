"""Registering a household."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.counsellors.models import Counsellor
from casework.households.actions.access import give_access_reason, needs_reason
from casework.households.actions.contact import CONTACT_FIELDS
from casework.households.actions.duplicates import PossibleDuplicate, find_duplicates
from casework.households.actions.members import BsnKnown, NewMember, describe, make_member, with_bsn
from casework.households.actions.terms import current_calendar, urgent_deadline
from casework.households.models import AccessReasonKind, CameThrough, Household, Member, Term, TermKind, Threat
from casework.places.models import Location


@dataclass(frozen=True)
class NewThreat:
    kind: str
    recorded_at: dt.datetime
    happens_on: dt.date | None = None


def _next_case_number(now: dt.datetime) -> str:
    """`ETF-2026-000101`. Gaps are fine; a number that a scenario took is skipped."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute("select nextval('casework_case_number')")
            number = f"ETF-{clock.local(now).year}-{cursor.fetchone()[0]:06}"
            if not Household.objects.filter(case_number=number).exists():
                return number


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
    earlier: Household | None = None,
    form_token: UUID | None = None,
    case_number: str = "",
    registered_at: dt.datetime | None = None,
    by: User | None,
    now: dt.datetime,
) -> Household:
    """Register a household with its members, threats and first-talk term (R-05, R-06, R-52).

    `case_number` and `registered_at` are only given by imports, `earlier` by `reopen_household`: that file is no double.
    Refuses BsnKnown, and PossibleDuplicate unless `duplicate_reason` says why it is somebody else. With the same
    `form_token` it may be repeated: the first household is returned (R-17).
    """
    if form_token and (made := Household.objects.filter(form_token=form_token).first()):
        return made
    found = find_duplicates(client=client, contact=contact)
    if found.same_bsn:
        raise BsnKnown(found.same_bsn)
    candidates = [one for one in found.candidates if one != earlier]
    if candidates and not duplicate_reason.strip():
        raise PossibleDuplicate(candidates)
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
        if form_token and (made := Household.objects.filter(form_token=form_token).first()):
            return made
        if "member_bsn_once" in str(error):
            prints = [one.bsn_fingerprint for one in members if one.bsn_fingerprint]
            known = with_bsn(*prints).first()
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
    if by and needs_reason(user=by, household=household, now=now):
        # Whoever registers somebody has just been asked to: that is the reason for today.
        give_access_reason(user=by, household=household, kind=AccessReasonKind.RESIDENT, text="", now=now)
    return household


def _open_first_terms(household: Household, urgent_on: list[dt.date]) -> None:
    calendar, registered = current_calendar(), clock.local_date(household.registered_at)
    rows = [Term(household=household, kind=TermKind.FIRST_TALK, event_on=registered,
                 deadline=calendar.first_talk_deadline(registered))]  # fmt: skip
    if urgent_on:
        first = min(urgent_on)
        rows.append(Term(household=household, kind=TermKind.URGENT, event_on=first,
                         deadline=urgent_deadline(calendar, first, registered)))  # fmt: skip
    Term.objects.bulk_create(rows)
