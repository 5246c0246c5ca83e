"""Absences of a team, kept by its supervisor (R-90l), and the address of somebody's own calendar (S10)."""

import datetime as dt
import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.core.access import Right
from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.counsellors.models import Absence, CalendarFeed, Counsellor


class NotYourTeam(Refused):
    """A supervisor keeps the absences of their own team (R-90l)."""


def check_can_keep_absence(counsellor: Counsellor, *, by: User) -> None:
    own = team_of(by)
    if not by.may(Right.TEAM_ABSENCES) or own is None or counsellor.team_id != own:
        raise NotYourTeam(_("This counsellor is not in your team."))


def team_of(user: User) -> int | None:
    """The key of the team that somebody works in. May query."""
    if hasattr(user, "counsellor"):
        return user.counsellor.team_id
    return user.posting.team_id if hasattr(user, "posting") else None


@transaction.atomic
def add_absence(
    *, counsellor: Counsellor, first: dt.datetime, last: dt.datetime, kind: str, note: str, by: User, now: dt.datetime
) -> Absence:
    """Note that somebody is away; standing appointments stay and show up as *Herplannen nodig* (R-14).

    Refuses NotYourTeam, and an end before the start. Repeatable: the same absence is there once.
    """
    check_can_keep_absence(counsellor, by=by)
    if last <= first:
        raise Refused(_("The end must be after the start."), field="last_date")
    # One at a time per counsellor, so that a form sent twice finds the first.
    Counsellor.objects.select_for_update(of=("self",), no_key=True).get(pk=counsellor.pk)
    made, new = Absence.objects.get_or_create(
        counsellor=counsellor, period=(first, last), kind=kind, defaults={"note": note}
    )
    if new:
        details = {"counsellor": counsellor.pk, "from": first.isoformat(), "until": last.isoformat(), "kind": kind}
        audit(by=by, now=now, action="add_absence", on=made, details=details)
    return made


@transaction.atomic
def remove_absence(*, absence: Absence, by: User, now: dt.datetime) -> None:
    """Take one absence away; others over the same time stay (R-14). Refuses NotYourTeam. Repeatable."""
    check_can_keep_absence(absence.counsellor, by=by)
    period = absence.period
    details = {"counsellor": absence.counsellor_id, "from": period.lower.isoformat(), "until": period.upper.isoformat()}
    audit(by=by, now=now, action="remove_absence", on=absence, details=details)
    absence.delete()


@transaction.atomic
def make_feed(*, counsellor: Counsellor, by: User, now: dt.datetime) -> str:
    """A new secret for the address of a counsellor's calendar, to be shown once; an earlier address stops at once.

    Refuses somebody else's calendar. Each call makes another secret.
    """
    _check_own(counsellor, by)
    token = secrets.token_urlsafe(32)
    CalendarFeed.objects.update_or_create(
        counsellor=counsellor, defaults={"token_hash": CalendarFeed.hash_of(token), "made_at": now}
    )
    audit(by=by, now=now, action="make_calendar_feed", on=counsellor)
    return token


@transaction.atomic
def revoke_feed(*, counsellor: Counsellor, by: User, now: dt.datetime) -> None:
    """The address answers no more. Repeatable: without an address nothing happens."""
    _check_own(counsellor, by)
    gone, _models = CalendarFeed.objects.filter(counsellor=counsellor).delete()
    if gone:
        audit(by=by, now=now, action="revoke_calendar_feed", on=counsellor)


def _check_own(counsellor: Counsellor, by: User) -> None:
    if counsellor.user_id != by.pk:
        raise Refused(_("This is the calendar of a colleague."))
