"""Households to another counsellor, with a choice for each appointment that stands (R-60)."""

import dataclasses
import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from casework.appointments.actions.booking import SlotTaken, check_free, lock_all, move
from casework.appointments.actions.reminders import reminder_facts
from casework.appointments.models import Appointment, Company, SearchArea, ToldHow, free_slots
from casework.core import clock
from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.counsellors.models import Counsellor
from casework.households.actions import change_owner
from casework.households.models import Household
from casework.messaging import actions as messaging


class ChoicesMissing(Refused):
    """These appointments are asked (again); `rows` says per appointment why. Nothing was saved (S16)."""

    def __init__(self, rows: dict[int, str]):
        super().__init__(_("Choose what happens to each appointment. Nothing is saved yet."))
        self.rows = rows


@dataclass(frozen=True)
class Choice:
    """What becomes of a standing appointment: it stays, or it goes along, at its own time or at `start`.

    `version`: of the appointment as it was shown (R-19).
    """

    version: int
    stays: bool = False
    start: dt.datetime | None = None


@transaction.atomic
def transfer_households(
    *, households: list[Household], to: Counsellor, choices: dict[int, Choice], by: User, now: dt.datetime
) -> list[Household]:
    """Give households to another counsellor, whole or not at all (R-60).

    `choices` holds one per standing appointment of somebody else, by its key. One that goes along at its own time
    changes of counsellor, without a message; at another time it is moved, with one. What was attended stays whose it
    was (C11). Refuses ChoicesMissing, HouseholdClosed, and a counsellor who left. Repeatable.
    """
    if not to.active:
        raise Refused(_("Choose a counsellor who works here."), field="to")
    keys = [one.pk for one in households]
    # What stands before the locks says whose rows to lock; what stands after them is what counts.
    before = Appointment.objects.standing(now).filter(household__in=keys)
    lock_all({to.pk, *(who for one in before for who in one.counsellor_ids)}, keys)
    rows = list(Household.objects.filter(pk__in=keys).order_by("pk"))
    standing = standing_elsewhere(rows, to=to, now=now)
    if missing := _not_chosen(standing, choices):
        raise ChoicesMissing(missing)
    for row in rows:
        change_owner(household=row, to=to, by=by, now=now)
    if refused := _hand_over(standing, choices, to, by, now):
        raise ChoicesMissing(refused)
    return rows


def standing_elsewhere(households: list[Household], *, to: Counsellor, now: dt.datetime) -> list[Appointment]:
    """The appointments that a transfer asks about: standing, and not already of the new counsellor. One query."""
    rows = Appointment.objects.standing(now).filter(household__in=households).exclude(counsellor=to)
    return list(rows.for_list().order_by("household__sort_name", "household_id", "starts_at", "pk"))


def _not_chosen(standing: list[Appointment], choices: dict[int, Choice]) -> dict[int, str]:
    missing = {}
    for one in standing:
        if one.pk not in choices:
            missing[one.pk] = str(_("Choose what happens to this appointment."))
        elif choices[one.pk].version != one.version:
            missing[one.pk] = str(_("A colleague changed this appointment meanwhile. Choose again."))
    return missing


def _hand_over(standing, choices: dict[int, Choice], to: Counsellor, by: User, now: dt.datetime) -> dict[int, str]:
    """Let each appointment go along as chosen; why not, per appointment."""
    refused = {}
    for one in standing:
        choice = choices[one.pk]
        if choice.stays:
            continue
        try:
            with transaction.atomic():
                if choice.start and choice.start != one.starts_at:
                    move(
                        appointment=one, counsellor=to, location=one.location, start=choice.start, told_at=now,
                        told_how=ToldHow.OTHER, company=_company_with(one, to), by=by, now=now,
                    )  # fmt: skip
                else:
                    _change_counsellor(one, to, by, now)
        except Refused as error:
            refused[one.pk] = str(error)
    return refused


def _company_with(appointment: Appointment, to: Counsellor) -> Company:
    """Who comes along once it is somebody else's; the second who becomes the first changes places with them."""
    company = Company.of(appointment)
    if appointment.second_counsellor_id != to.pk:
        return company
    return dataclasses.replace(company, second=appointment.counsellor)


def _change_counsellor(appointment: Appointment, to: Counsellor, by: User, now: dt.datetime) -> None:
    """The same time and place, with somebody else: nothing changes for the resident, so nobody hears of it."""
    second = _company_with(appointment, to).second
    area = SearchArea(
        length=appointment.ends_at - appointment.starts_at, earliest=appointment.starts_at,
        latest_date=clock.local_date(appointment.starts_at), household_id=appointment.household_id,
        counsellor_id=to.pk, location_id=appointment.location_id, leave_out_id=appointment.pk,
        second_id=second and second.pk, travel=appointment.travel,
    )  # fmt: skip
    check_free(area, to, appointment.starts_at, appointment.ends_at)
    if not any(slot.start == appointment.starts_at for slot in free_slots(area, now=now)):
        raise SlotTaken(_("%(name)s cannot come at this time and place. Choose another time.") % {"name": to})
    details = {"from": appointment.counsellor_id, "to": to.pk}
    appointment.counsellor, appointment.second_counsellor = to, second
    appointment.version += 1
    try:
        with transaction.atomic():
            appointment.save(update_fields=["counsellor", "second_counsellor", "version"])
    except IntegrityError as error:
        raise SlotTaken(_("This time was just taken by a colleague. Choose another time.")) from error
    messaging.change_facts(appointment_key=appointment.pk, facts=reminder_facts(appointment, now=now))
    audit(by=by, now=now, action="change_counsellor", on=appointment, details=details)
