"""Booking, moving and cancelling (R-11 to R-18).

The mechanism against double bookings is a lock on the counsellor's row; the exclusion constraints are the net under
it. Fifty clients that rely on the constraint alone run into deadlocks of many seconds.
"""

import datetime as dt
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from casework.appointments.actions.reminders import (
    message_facts,
    plan_messages,
    withdraw_missed_messages,
)
from casework.appointments.actions.waiting import end_served
from casework.appointments.models import (
    GRID,
    OCCUPIES_TIME,
    Appointment,
    AppointmentType,
    Company,
    Occupancy,
    Outcome,
    SearchArea,
    ToldHow,
    earliest_start,
    free_slots,
)
from casework.core import clock
from casework.core.access import Right
from casework.core.actions import audit
from casework.core.models import Role, User
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.core.thresholds import Threshold
from casework.counsellors.models import Counsellor, location_of
from casework.households.models import Household
from casework.messaging import actions as messaging
from casework.messaging.models import WithdrawnReason
from casework.places.models import CalendarDay, Location

ALONE = Company()


class SlotTaken(Refused):
    """Somebody else has this time of the counsellor (R-18)."""


class HouseholdBusy(Refused):
    """The household has another appointment at this time (R-12)."""


class ClosedDay(Refused):
    """ETF is closed on this day (R-12); nobody can overrule it."""


class OutsideHours(Refused):
    """Outside working hours or inside an absence; a supervisor may, with a reason (R-12)."""


class NotOnGrid(Refused):
    """Starts stand on the quarter of an hour, not too soon from now (R-11)."""


class OtherLocation(Refused):
    """The desk acts at another location than its own only after it said that it means that one (R-90d)."""


class AlreadyRecorded(Refused):
    """The appointment has an outcome: it can no longer be moved or cancelled, only corrected."""


class HouseholdClosed(Refused):
    """A closed household gets no new appointments: registering again makes a new file (R-62)."""


def lock_rows(counsellor_ids: set[int], household_id: int) -> None:
    """Lock counsellors by id and then the household: always in this order, so that two bookings never deadlock."""
    lock_all(counsellor_ids, [household_id])


def lock_all(counsellor_ids: set[int], household_ids: list[int]) -> None:
    """The same for more than one household, those by id too."""
    counsellors = Counsellor.objects.filter(pk__in=counsellor_ids).order_by("pk")
    list(counsellors.select_for_update(no_key=True).values_list("pk"))
    households = Household.objects.filter(pk__in=household_ids).order_by("pk")
    if any(households.select_for_update(no_key=True).values_list("merged_into", flat=True)):
        raise Refused(_("This household was merged meanwhile. Open this page again."))


def check_place(location: Location, *, by: User, confirmed: bool) -> None:
    """R-90d: the desk at its own location, at another one after confirming. May query."""
    if by.role != Role.DESK or confirmed:
        return
    own = location_of(by)
    if own is None or own.pk != location.pk:
        raise OtherLocation(
            _("This is at %(place)s, not at your own location. Confirm that you mean this.") % {"place": location},
            field="place_confirmed",
        )


def _check_time(start: dt.datetime, now: dt.datetime) -> None:
    if start.timestamp() % GRID.total_seconds():
        raise NotOnGrid(_("An appointment starts on the quarter of an hour, such as 10.15. Choose another time."))
    if start < earliest_start(now):
        long = Threshold.LEAD_TIME.words(now)
        raise NotOnGrid(_("This time is less than %(long)s from now. Choose a later time.") % {"long": long})


def check_free(area: SearchArea, counsellor: Counsellor, start: dt.datetime, end: dt.datetime) -> None:
    """Overlaps of the counsellors, on the way too, and of the household, after the locks were taken."""
    who = {counsellor.pk, area.second_id} - {None}
    whole = (start - area.travel, end + area.travel)
    taken = Occupancy.objects.filter(counsellor__in=who, during__overlap=whole).exclude(appointment=area.leave_out_id)
    if taken.exists():
        raise SlotTaken(_("This time was just taken by a colleague. Choose another time."))
    standing = Appointment.objects.filter(OCCUPIES_TIME, starts_at__lt=end, ends_at__gt=start).exclude(
        pk=area.leave_out_id
    )
    if standing.filter(household=area.household_id).exists():
        raise HouseholdBusy(_("This household already has an appointment at this time. Choose another time."))


def check_second(company: Company, counsellor: Counsellor) -> None:
    if company.second and company.second.pk == counsellor.pk:
        raise Refused(_("Choose somebody else as the second counsellor."))
    if company.second and not company.second.active:
        raise Refused(_("Choose a counsellor who works here."))


def _check_hours(area: SearchArea, start: dt.datetime, *, by: User, reason: str, now: dt.datetime) -> bool:
    """Whether working hours were set aside. The slot search itself is asked, so both can never disagree."""
    if CalendarDay.objects.filter(date=clock.local_date(start), closed=True).exists():
        raise ClosedDay(_("ETF is closed on this day. Choose another day."))
    if any(slot.start == start for slot in free_slots(area, now=now)):
        return False
    if not by.may(Right.OVERRULE_HOURS):
        raise OutsideHours(_("The counsellor does not work at this time. Choose another time, or ask your supervisor."))
    if not reason:
        raise OutsideHours(_("The counsellor does not work at this time. Say why you book it all the same."))
    return True


def _insert(appointment: Appointment) -> Appointment:
    """The exclusion constraints are the net: a race that slips past the lock ends here, as a refusal."""
    try:
        with transaction.atomic():
            appointment.save(force_insert=True)
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "")
        if name in {"appointment_counsellor_free", "occupancy_counsellor_free"}:
            raise SlotTaken(_("This time was just taken by a colleague. Choose another time.")) from error
        if name == "appointment_household_free":
            raise HouseholdBusy(
                _("This household already has an appointment at this time. Choose another time.")
            ) from error
        raise
    return appointment


def place(
    *,
    household: Household,
    counsellor: Counsellor,
    location: Location,
    kind: AppointmentType,
    start: dt.datetime,
    company: Company,
    travel: dt.timedelta,
    note: str,
    overruled_reason: str,
    form_token: UUID | None,
    leave_out_id: int | None,
    waits: bool = False,
    series: UUID | None = None,
    by: User,
    now: dt.datetime,
) -> Appointment:
    """Check and insert, with the locks held; part of an action, not one. `waits`: the household is here already."""
    _check_time(start, now)
    check_second(company, counsellor)
    day = clock.local_date(start)
    area = SearchArea(
        length=kind.length,
        earliest=start,
        latest_date=day,
        household_id=household.pk,
        counsellor_id=counsellor.pk,
        location_id=location.pk,
        leave_out_id=leave_out_id,
        second_id=company.second and company.second.pk,
        travel=travel,
    )
    check_free(area, counsellor, start, start + kind.length)
    overruled = _check_hours(area, start, by=by, reason=overruled_reason, now=now)
    return _insert(
        Appointment(
            household=household,
            counsellor=counsellor,
            location=location,
            type=kind,
            starts_at=start,
            ends_at=start + kind.length,
            note=note,
            travel_minutes=travel // dt.timedelta(minutes=1),
            **company.fields,
            booked_at=now,
            booked_by=by,
            overruled_reason=overruled_reason if overruled else "",
            form_token=form_token,
            series=series,
            walk_in=waits,
            arrived_at=now if waits else None,
        )
    )


def check_open(household: Household) -> None:
    """As it stands now that it is locked: a colleague may have closed it since the page was opened (R-62)."""
    if Household.objects.filter(pk=household.pk, closed_on__isnull=False).exists():
        raise HouseholdClosed(_("This household is closed. Register it again to make an appointment."))


@transaction.atomic
def book(
    *,
    household: Household,
    counsellor: Counsellor,
    location: Location,
    kind: AppointmentType,
    start: dt.datetime,
    note: str = "",
    overruled_reason: str = "",
    form_token: UUID | None = None,
    place_confirmed: bool = False,
    walk_in: bool = False,
    company: Company = ALONE,
    by: User,
    now: dt.datetime,
) -> Appointment:
    """Book a time; plans confirmation and reminders in the same transaction.

    `walk_in`: somebody stands at the desk without an appointment. Who is helped as soon as one can check in (R-20) is here from now
    on and gets no messages; whoever comes back later has an appointment as any other. `company`: who else comes; a second
    counsellor must be free too. To a talk at home one travels as long as its kind says.
    Refuses: NotOnGrid, SlotTaken, HouseholdBusy, ClosedDay, OutsideHours, HouseholdClosed, OtherLocation.
    With the same `form_token` it may be repeated: the first appointment is returned (R-17).
    """
    check_place(location, by=by, confirmed=place_confirmed)
    lock_rows({counsellor.pk, company.second and company.second.pk} - {None}, household.pk)
    if form_token and (earlier := Appointment.objects.filter(form_token=form_token).first()):
        return earlier
    check_open(household)
    made = place(
        household=household, counsellor=counsellor, location=location, kind=kind, start=start, company=company,
        travel=kind.travel, note=note,
        overruled_reason=overruled_reason, form_token=form_token, leave_out_id=None,
        waits=walk_in and start <= now + Threshold.CHECK_IN_FROM.span(now), by=by, now=now,
    )  # fmt: skip
    plan_messages(made, moved=False, now=now)
    withdraw_missed_messages(made, now=now)
    end_served(made, by=by, now=now)
    audit(by=by, now=now, action="book", on=made, reason=made.overruled_reason, details=_place_and_time(made))
    return made


def _place_and_time(appointment: Appointment) -> dict:
    second = {"second": appointment.second_counsellor_id} if appointment.second_counsellor_id else {}
    return second | {
        "start": appointment.starts_at.isoformat(),
        "counsellor": appointment.counsellor_id,
        "location": appointment.location_id,
        "type": appointment.type_id,
        "household": appointment.household_id,
    }


def check_can_change(appointment: Appointment, *, now: dt.datetime) -> None:
    """Whether an appointment can still be moved or cancelled; the buttons ask this too."""
    if appointment.walk_in:
        raise Refused(_("A walk-in came without an appointment: only appeared can be recorded."))
    if appointment.outcome:
        raise AlreadyRecorded(_("This appointment already has an outcome. Correct the attendance instead."))


def _check_told(appointment: Appointment, told_at: dt.datetime, now: dt.datetime) -> None:
    if told_at > now:
        raise Refused(_("The moment of telling cannot be in the future."), field="told_at")
    if told_at >= appointment.starts_at:
        raise Refused(
            _("The resident told after the start. Record it as did not appear, excused or not."), field="told_at"
        )


def fresh_row(appointment: Appointment) -> Appointment:
    """The row as it stands, locked: who changed it in the meantime is seen (R-19)."""
    return Appointment.objects.select_for_update(of=("self",), no_key=True).for_list().get(pk=appointment.pk)


@transaction.atomic
def move(
    *,
    appointment: Appointment,
    counsellor: Counsellor,
    location: Location,
    start: dt.datetime,
    told_at: dt.datetime,
    told_how: str = ToldHow.PHONE,
    note: str | None = None,
    overruled_reason: str = "",
    form_token: UUID | None = None,
    place_confirmed: bool = False,
    company: Company | None = None,
    version: int | None = None,
    by: User,
    now: dt.datetime,
) -> Appointment:
    """Close an appointment as R1 or R2 and make its successor, linked (R-15); returns the successor.

    Without a `company` the same people come as before, and the way is as long as it was. With a `version` it refuses
    ChangedMeanwhile when that is not the version of the row (R-19).

    Withdraws what was planned for the old time and plans *changed* and reminders for the new. Refuses what `book`
    refuses, AlreadyRecorded, and telling after the start (R-16). Repeatable with the same token.
    """
    second = {company.second.pk} if company and company.second else set()
    lock_rows({*appointment.counsellor_ids, counsellor.pk, *second}, appointment.household_id)
    if form_token and (earlier := Appointment.objects.filter(form_token=form_token).first()):
        return earlier
    old = fresh_row(appointment)
    check_can_change(old, now=now)
    if version is not None and old.version != version:
        raise ChangedMeanwhile(old)
    check_place(old.location, by=by, confirmed=place_confirmed)
    check_place(location, by=by, confirmed=place_confirmed)
    _check_told(old, told_at, now)
    # First free the old time, so that the new one may overlap it; the link follows when the successor exists.
    old.outcome = Outcome.MOVED_IN_TIME if old.told_in_time(told_at) else Outcome.MOVED_LATE
    old.told_at, old.told_how, old.recorded_at, old.recorded_by = told_at, told_how, now, by
    old.version += 1
    old.save(update_fields=["outcome", "told_at", "told_how", "recorded_at", "recorded_by", "version"])
    successor = place(
        household=old.household, counsellor=counsellor, location=location, kind=old.type, start=start,
        company=Company.of(old) if company is None else company, travel=old.travel,
        note=old.note if note is None else note, overruled_reason=overruled_reason, form_token=form_token,
        leave_out_id=old.pk, by=by, now=now,
    )  # fmt: skip
    old.moved_to = successor
    old.save(update_fields=["moved_to"])
    messaging.withdraw(appointment_key=old.pk, reason=WithdrawnReason.MOVED, now=now)
    plan_messages(successor, moved=True, now=now)
    if successor.starts_at < old.starts_at:
        end_served(successor, by=by, now=now)
    details = {"outcome": old.outcome, "to": _place_and_time(successor), "successor": successor.pk}
    audit(by=by, now=now, action="move", on=old, reason=overruled_reason, details=details)
    return successor


@transaction.atomic
def cancel(
    *,
    appointment: Appointment,
    by_resident: bool,
    told_at: dt.datetime | None = None,
    told_how: str = ToldHow.PHONE,
    place_confirmed: bool = False,
    by: User,
    now: dt.datetime,
) -> Appointment:
    """Cancel for the resident (A1 or A2, by 24 hours of elapsed time) or for ETF (E) (R-16).

    Withdraws reminders; ETF's own cancellation tells the resident. Refuses AlreadyRecorded, OtherLocation and telling
    after the start. Not repeatable: the second call finds an outcome.
    """
    lock_rows(appointment.counsellor_ids, appointment.household_id)
    row = fresh_row(appointment)
    check_can_change(row, now=now)
    check_place(row.location, by=by, confirmed=place_confirmed)
    told = told_at or now
    if by_resident:
        _check_told(row, told, now)
        return end_cancelled(row, told_at=told, told_how=told_how, by=by, now=now)
    row.outcome = Outcome.CANCELLED_BY_ETF
    return _write_cancelled(row, told=told, by=by, now=now)


def end_cancelled(
    row: Appointment, *, told_at: dt.datetime, told_how: str, by: User | None, now: dt.datetime
) -> Appointment:
    """A1 or A2 of a locked row, by 24 hours of elapsed time (R-16). `by=None`: the resident did it (decision 0067)."""
    row.outcome = Outcome.CANCELLED_IN_TIME if row.told_in_time(told_at) else Outcome.CANCELLED_LATE
    row.told_at, row.told_how = told_at, told_how
    return _write_cancelled(row, told=told_at, by=by, now=now)


def _write_cancelled(row: Appointment, *, told: dt.datetime, by: User | None, now: dt.datetime) -> Appointment:
    row.recorded_at, row.recorded_by = now, by
    row.version += 1
    row.save(update_fields=["outcome", "told_at", "told_how", "recorded_at", "recorded_by", "version"])
    messaging.withdraw(appointment_key=row.pk, reason=WithdrawnReason.CANCELLED, now=now)
    if row.starts_at > now:
        messaging.plan_cancelled(
            household=row.household, appointment_key=row.pk, starts_at=row.starts_at, facts=message_facts(row), now=now
        )
    audit(by=by, now=now, action="cancel", on=row, details={"outcome": row.outcome, "told": told.isoformat()})
    return row
