"""Who else comes to an appointment that stands."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from casework.appointments.actions.booking import (
    OutsideHours,
    SlotTaken,
    check_can_change,
    check_free,
    check_place,
    check_second,
    fresh_row,
    lock_rows,
)
from casework.appointments.models import Appointment, Company, SearchArea, free_slots
from casework.core import clock
from casework.core.access import Right
from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.core.thresholds import Threshold


@transaction.atomic
def change_company(
    *,
    appointment: Appointment,
    company: Company,
    version: int,
    place_confirmed: bool = False,
    by: User,
    now: dt.datetime,
) -> Appointment:
    """Another second counsellor, interpreter or partner, at the same time; the resident hears nothing of it.

    Refuses ChangedMeanwhile (R-19), AlreadyRecorded, OtherLocation, SlotTaken when the second counsellor is busy and
    OutsideHours when they do not work then, which a supervisor may set aside. Repeatable: the same company changes nothing.
    """
    second = {company.second.pk} if company.second else set()
    lock_rows({*appointment.counsellor_ids, *second}, appointment.household_id)
    row = fresh_row(appointment)
    check_can_change(row, now=now)
    check_place(row.location, by=by, confirmed=place_confirmed)
    if Company.of(row).fields == company.fields:
        return row
    if row.version != version:
        raise ChangedMeanwhile(row)
    if second - {row.second_counsellor_id}:
        _check_second_can_come(row, company, by=by, now=now)
    for name, value in company.fields.items():
        setattr(row, name, value)
    row.version += 1
    try:
        with transaction.atomic():
            row.save(update_fields=[*company.fields, "version"])
    except IntegrityError as error:
        raise SlotTaken(_("This time was just taken by a colleague. Choose another time.")) from error
    details = {"second": row.second_counsellor_id, "interpreter": row.interpreter_booked}
    audit(by=by, now=now, action="change_company", on=row, details=details)
    return row


def _check_second_can_come(row: Appointment, company: Company, *, by: User, now: dt.datetime) -> None:
    check_second(company, row.counsellor)
    if row.starts_at <= now:
        raise Refused(_("This appointment has begun: nobody can join it any more."), field="second")
    area = SearchArea(
        length=row.ends_at - row.starts_at, earliest=row.starts_at, latest_date=clock.local_date(row.starts_at),
        household_id=row.household_id, counsellor_id=row.counsellor_id, location_id=row.location_id,
        leave_out_id=row.pk, second_id=company.second.pk, travel=row.travel,
    )  # fmt: skip
    check_free(area, row.counsellor, row.starts_at, row.ends_at)
    if by.may(Right.OVERRULE_HOURS):
        return
    # That it starts soon stops nobody from joining.
    as_if_earlier = min(now, row.starts_at - Threshold.LEAD_TIME.span(now))
    if not any(slot.start == row.starts_at for slot in free_slots(area, now=as_if_earlier)):
        raise OutsideHours(
            _("%(name)s does not work at this time. Choose somebody else, or another time.") % {"name": company.second},
            field="second",
        )
