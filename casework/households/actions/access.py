"""Reasons to open a household outside one's own caseload (R-91)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.actions import audit
from casework.core.models import Role, User
from casework.core.refusals import Refused
from casework.households.models import AccessReason, Household


def given_reason(*, user: User, household: Household, now: dt.datetime) -> AccessReason | None:
    """The reason this person gave today for opening this household. One query."""
    return AccessReason.objects.filter(user=user, household=household, valid_on=clock.local_date(now)).first()


def is_own(user: User, household: Household) -> bool:
    """Whether the household belongs to the caseload of this user. No query after `with_identity`."""
    return bool(household.owner_id) and household.owner.user_id == user.pk


def needs_reason(*, user: User, household: Household, now: dt.datetime) -> bool:
    """Whether this person must first say why they open this household (R-91). May query."""
    if user.role != Role.COUNSELLOR or is_own(user, household):
        return False
    return given_reason(user=user, household=household, now=now) is None


def reason_today(*, user: User, household: Household, now: dt.datetime) -> str:
    """The kind of reason this person gave today, empty where none is asked (R-91). May query."""
    if user.role != Role.COUNSELLOR or is_own(user, household):
        return ""
    given = given_reason(user=user, household=household, now=now)
    return given.kind if given else ""


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
