"""Choosing what residents are sent about an appointment and when: from a later date on, seen before it counts (S25)."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from casework.appointments.models import CHOSEN, Appointment, AppointmentType, ReminderMoments
from casework.core.access import Right
from casework.core.actions import audit, obey_constraints
from casework.core.models import User
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.messaging.actions.message_texts import first_date
from casework.messaging.models import Message, MessageKind
from casework.messaging.window import AS_RULED, Moments


def check_can_set_moments(
    *, kind: AppointmentType | None, moments: Moments | None, valid_from: dt.date, number: int | None = None, by: User,
    now: dt.datetime,
) -> None:  # fmt: skip
    """Whether messages may go out so from this date; the form asks this too. Five queries.

    `moments` is None to let a type go as all others. `number`: that of the last row of this type when the page was
    opened, 0 for none; another one since then is refused (R-19).
    """
    if not by.may(Right.SETTINGS):
        raise Refused(_("Only an administrator changes settings."))
    last = _last(kind)
    if number is not None and number != (last.number if last else 0):
        raise ChangedMeanwhile(last)
    if valid_from < first_date(now):
        raise Refused(
            _("Choose a date after today, so that everybody can see it before it counts."), field="valid_from"
        )
    check_moments(kind=kind, moments=moments, now=now)
    if _would_be(kind, valid_from) == moments:
        raise Refused(_("On that date this counts already."), field="valid_from")


def check_moments(*, kind: AppointmentType | None, moments: Moments | None, now: dt.datetime) -> None:
    """Refuse moments that may never be, whatever their date; the examples of the form ask this too. Two queries."""
    obey_constraints(_row(kind, moments, first_date(now), _last(kind), now), at=_AT)


# Where the form says what a constraint refuses.
_AT = {
    "reminder_moments_as_others_of_a_type": "as_others", "reminder_moments_days_before": "days_before",
    "reminder_moments_inside_the_window": "reminder_at", "reminder_moments_well_before_the_start": "early_before",
}  # fmt: skip


def _last(kind: AppointmentType | None) -> ReminderMoments | None:
    return ReminderMoments.objects.filter(type=kind).order_by("-number").first()


def _row(
    kind: AppointmentType | None, moments: Moments | None, valid_from: dt.date, last: ReminderMoments | None, now
) -> ReminderMoments:
    chosen = moments or (last.moments if last else AS_RULED)
    return ReminderMoments(
        type=kind, as_others=moments is None, valid_from=valid_from, added_on=first_date(now) - dt.timedelta(days=1),
        number=last.number + 1 if last else 1, **{one: getattr(chosen, one) for one in CHOSEN},
    )  # fmt: skip


@transaction.atomic
def set_moments(
    *, kind: AppointmentType | None, moments: Moments | None, valid_from: dt.date, number: int | None = None, by: User,
    now: dt.datetime,
) -> ReminderMoments:  # fmt: skip
    """Let messages of a type go out at other moments from a date on (R-31 to R-34). Rows are only ever added.

    What is planned already keeps its moment: who was told a time is told the rest as it was promised. Refuses a date
    that is not after today, moments outside the window, who may not change settings, and ChangedMeanwhile.
    Repeatable: what was added last, for the same date, is not added again.
    """
    last = _last(kind)
    if last and (last.own, last.valid_from) == (moments, valid_from):
        return last
    check_can_set_moments(kind=kind, moments=moments, valid_from=valid_from, number=number, by=by, now=now)
    old = _would_be(kind, valid_from)
    made = _row(kind, moments, valid_from, last, now)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise ChangedMeanwhile(_last(kind)) from error
    details = {"valid_from": valid_from.isoformat(), "old": in_line(old), "new": in_line(moments)}
    audit(by=by, now=now, action="set_moments", on=moments_key(kind), details=details)
    return made


def take_back_moments(*, row: ReminderMoments, by: User, now: dt.datetime) -> ReminderMoments:
    """Let coming moments not come: from their date on what counts before them stays in force.

    Refuses what is in force by now. Repeatable.
    """
    before = _would_be(row.type, row.valid_from - dt.timedelta(days=1))
    return set_moments(kind=row.type, moments=before, valid_from=row.valid_from, by=by, now=now)


def moments_key(kind: AppointmentType | None) -> str:
    """How the moments of a type are named in the audit trail."""
    return f"moments:{kind.pk if kind else 'all'}"


def in_line(moments: Moments | None) -> dict | None:
    """As a line of the audit trail holds it."""
    return moments and {one: _plain(getattr(moments, one)) for one in CHOSEN}


def _plain(value) -> str | bool | int:
    return f"{value:%H:%M}" if isinstance(value, dt.time) else value


def _would_be(kind: AppointmentType | None, date: dt.date) -> Moments | None:
    """What counts on a date, to come too, as it stands in the table; None for a type without its own. One query."""
    row = ReminderMoments.objects.filter(type=kind, valid_from__lte=date).order_by("-valid_from", "-number").first()
    if row is None:
        return None if kind else AS_RULED
    return row.own


def planned_reminders(kind: AppointmentType | None, *, own: set[int]) -> int:
    """How many reminders are planned that other moments would not move; `own`: types with moments of their own."""
    kept = Appointment.objects.filter(type=kind) if kind else Appointment.objects.exclude(type__in=own)
    reminders = Message.objects.unsent().filter(kind__in=[MessageKind.TWO_DAYS_BEFORE, MessageKind.SAME_DAY])
    return reminders.filter(appointment_key__in=kept.values("pk")).count()
