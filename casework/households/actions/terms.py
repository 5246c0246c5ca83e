"""The legal terms of a household: opening, meeting, recomputing (R-04 to R-07)."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.core import clock
from casework.core.actions import audit, made_before
from casework.core.models import User
from casework.households.actions.closing import HouseholdClosed
from casework.households.actions.locking import lock_household
from casework.households.models import Household, Term, TermKind, Threat
from casework.places.models import CalendarDay, WorkingCalendar


def current_calendar() -> WorkingCalendar:
    return CalendarDay.objects.working_calendar()


def urgent_deadline(calendar: WorkingCalendar, recorded: dt.date, registered: dt.date) -> dt.date:
    """R-05. A threat told after the four-week term has run out still has its own three working days."""
    deadline = calendar.urgent_deadline(recorded, registered)
    return deadline if deadline >= recorded else calendar.add_working_days(recorded, 3)


@transaction.atomic
def record_threat(
    *, household: Household, kind: str, happens_on: dt.date | None = None, form_token: UUID | None = None, by: User,
    now: dt.datetime,
) -> Threat:  # fmt: skip
    """Record something urgent and start the urgent term, counted from the first threat (R-05).

    After the first talk no urgent term starts: it is a term for that talk. Refuses a closed household. Repeatable:
    the same `form_token` makes one (R-17), and the same threat on the same date is kept once.
    """
    row = lock_household(household.pk)
    if earlier := made_before(Threat, form_token, household=row):
        return earlier
    if row.is_closed:
        raise HouseholdClosed(_("This household is closed."))
    today = clock.local_date(now)
    first, _end = clock.day_bounds(today)
    same = Threat.objects.filter(household=row, kind=kind, happens_on=happens_on, recorded_at__gte=first, ended_on=None)
    if earlier := same.first():
        return earlier
    threat = Threat.objects.create(
        household=row, kind=kind, recorded_at=now, happens_on=happens_on, form_token=form_token
    )
    talked = Term.objects.filter(household=row, kind=TermKind.FIRST_TALK, met_on__isnull=False).exists()
    if not talked:
        deadline = urgent_deadline(current_calendar(), today, clock.local_date(row.registered_at))
        Term.objects.get_or_create(
            household=row, kind=TermKind.URGENT, defaults={"event_on": today, "deadline": deadline}
        )
    audit(by=by, now=now, action="record_threat", on=household, details={"kind": kind})
    return threat


@transaction.atomic
def end_threat(*, threat: Threat, by: User, now: dt.datetime) -> Threat:
    """What threatened is over. The urgent term that it started goes on: the law counts from the day we were told.

    Repeatable: the first date stays.
    """
    row = Threat.objects.select_for_update(of=("self",), no_key=True).select_related("household").get(pk=threat.pk)
    if row.ended_on:
        return row
    row.ended_on = clock.local_date(now)
    row.save(update_fields=["ended_on"])
    audit(by=by, now=now, action="end_threat", on=row.household, details={"threat": row.pk, "kind": row.kind})
    return row


def meet_term(*, household: Household, kind: str, on: dt.date, by: User | None, now: dt.datetime) -> None:
    """Note the date on which a term was met, also when that was late. Repeatable: the first date stays."""
    Term.objects.open().filter(household=household, kind=kind).update(met_on=on)


def open_decision_term(*, household: Household, first_talk_on: dt.date, by: User | None, now: dt.datetime) -> Term:
    """Eight weeks from the first talk (R-07). Repeatable: the first talk counts, a second one changes nothing."""
    term, _made = Term.objects.get_or_create(
        household=household,
        kind=TermKind.DECISION,
        defaults={"event_on": first_talk_on, "deadline": current_calendar().decision_deadline(first_talk_on)},
    )
    return term


def follow_first_talk(
    *, household: Household, held_on: dt.date | None, taken_back: dt.date | None = None, by: User | None,
    now: dt.datetime,
) -> None:  # fmt: skip
    """Let the terms follow the first talk: the earliest one that was held counts, whichever is recorded first (R-06, R-07).

    `held_on`: the local date of that talk, None when there is none. `taken_back`: that of one that was not held after
    all; what was met on another date, as in a delivery, stays. Part of what records and corrects, which write the
    audit line. Repeatable.
    """

    def earliest(known: dt.date | None) -> dt.date | None:
        return min({held_on, None if known == taken_back else known} - {None}, default=None)

    rows = Term.objects.filter(household=household, ended_on=None)
    for term in rows.filter(kind__in=(TermKind.FIRST_TALK, TermKind.URGENT)).order_by("pk"):
        if term.met_on != (met_on := earliest(term.met_on)):
            term.met_on = met_on
            term.save(update_fields=["met_on"])
    decision = rows.filter(kind=TermKind.DECISION, met_on=None).first()
    first = earliest(decision.event_on if decision else None)
    if decision and not first:
        decision.delete()
    elif decision and first != decision.event_on:
        decision.event_on, decision.deadline = first, current_calendar().decision_deadline(first)
        decision.save(update_fields=["event_on", "deadline"])
    elif first and not decision:
        open_decision_term(household=household, first_talk_on=first, by=by, now=now)


def _deadline(term: Term, calendar: WorkingCalendar) -> dt.date:
    if term.kind == TermKind.FIRST_TALK:
        return calendar.first_talk_deadline(term.event_on)
    if term.kind == TermKind.URGENT:
        return urgent_deadline(calendar, term.event_on, clock.local_date(term.household.registered_at))
    return calendar.decision_deadline(term.event_on)


def recompute_terms(*, by: User | None = None, now: dt.datetime) -> int:
    """Let open, not yet missed terms follow the calendar (R-04); how many changed, one audit line each. Repeatable."""
    calendar, changed = current_calendar(), 0
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
