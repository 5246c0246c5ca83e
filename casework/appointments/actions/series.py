"""A series of talks, booked whole or not at all (R-01, R-17)."""

import datetime as dt
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from casework.appointments.actions.booking import ALONE, check_open, check_place, lock_rows, place
from casework.appointments.actions.reminders import plan_messages, withdraw_missed_messages
from casework.appointments.actions.waiting import end_served
from casework.appointments.models import Appointment, AppointmentType, Company
from casework.core.actions import audit
from casework.core.models import User
from casework.core.refusals import Refused
from casework.counsellors.models import Counsellor
from casework.households.models import Household
from casework.places.models import Location


class SeriesRefused(Refused):
    """These times can no longer be booked; `rows` says per start why. Nothing was saved."""

    def __init__(self, rows: dict[dt.datetime, str]):
        super().__init__(_("Some of these times do not fit any more. Nothing is saved yet. Choose again."))
        self.rows = rows


@transaction.atomic
def book_series(
    *,
    household: Household,
    counsellor: Counsellor,
    location: Location,
    kind: AppointmentType,
    starts: list[dt.datetime],
    note: str = "",
    form_token: UUID | None = None,
    place_confirmed: bool = False,
    company: Company = ALONE,
    by: User,
    now: dt.datetime,
) -> list[Appointment]:
    """Book all of these times, or none; each gets its confirmation and reminders as any appointment.

    Refuses SeriesRefused with what stands in the way of which time, HouseholdClosed, OtherLocation and an empty choice.
    With the same `form_token` it may be repeated: the first series is returned (R-17).
    """
    if not starts:
        raise Refused(_("Choose at least one time."))
    check_place(location, by=by, confirmed=place_confirmed)
    lock_rows({counsellor.pk, company.second and company.second.pk} - {None}, household.pk)
    series = form_token or uuid4()
    if earlier := list(Appointment.objects.filter(series=series).order_by("starts_at", "pk")):
        return earlier
    check_open(household)
    made, refused = [], {}
    for start in sorted(set(starts)):
        try:
            with transaction.atomic():
                made.append(
                    place(
                        household=household, counsellor=counsellor, location=location, kind=kind, start=start,
                        company=company, travel=kind.travel, note=note, overruled_reason="", form_token=None,
                        leave_out_id=None, series=series, by=by, now=now,
                    )
                )  # fmt: skip
        except Refused as error:
            refused[start] = str(error)
    if refused:
        raise SeriesRefused(refused)
    for one in made:
        plan_messages(one, moved=False, now=now)
    withdraw_missed_messages(made[0], now=now)
    end_served(made[0], by=by, now=now)
    details = {"starts": [one.starts_at.isoformat() for one in made], "series": str(series)}
    audit(by=by, now=now, action="book_series", on=household, details=details)
    return made
