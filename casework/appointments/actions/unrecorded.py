"""Telling counsellors what they still have to record (R-21). Nothing is ever set to "did not appear" by itself."""

import datetime as dt

import structlog
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from casework.appointments.models import Appointment, UnrecordedNotice
from casework.core import clock
from casework.core.actions import audit
from casework.core.thresholds import Threshold
from casework.counsellors.models import Counsellor
from casework.places.models import CalendarDay

log = structlog.get_logger(__name__)


def flag_unrecorded(*, now: dt.datetime) -> int:
    """Give each counsellor one bundled notice per working day, from 09:00 on or what was chosen instead; how many were new.

    Counts what lacks an outcome from earlier dates, so an appointment comes along from the next working day on.
    Safe to repeat and to run in parallel: there is one notice per counsellor and date.
    """
    today = clock.local_date(now)
    if clock.local(now).hour < Threshold.NOTICE_FROM.number(
        now
    ) or not CalendarDay.objects.working_calendar().is_working_day(today):
        return 0
    rows = Appointment.objects.unrecorded(now).filter(starts_at__lt=clock.day_bounds(today)[0])
    numbers = dict(rows.values_list("counsellor").annotate(Count("pk")).order_by("counsellor"))
    counsellors = Counsellor.objects.filter(pk__in=numbers, active=True, user__is_active=True).select_related("user")
    return sum(_notify(one, numbers[one.pk], today, now) for one in counsellors.order_by("pk"))


def _notify(counsellor: Counsellor, number: int, today: dt.date, now: dt.datetime) -> bool:
    with transaction.atomic():
        notice, new = UnrecordedNotice.objects.get_or_create(
            counsellor=counsellor, on=today, defaults={"number": number, "made_at": now}
        )
        if new:
            audit(by=None, now=now, action="notice_unrecorded", on=counsellor, details={"number": number})
    if new and counsellor.user.email:
        _mail(notice, counsellor.user.email)
    return new


def _mail(notice: UnrecordedNotice, address: str) -> None:
    """A number and no names. When the mail server does not answer, the list on screen is still there."""
    with override("nl"):
        subject = ngettext(
            "%(number)s appointment to be recorded", "%(number)s appointments to be recorded", notice.number
        ) % {"number": notice.number}
        text = _("Open ETF and choose “To be recorded”. The oldest one stands first.")
    try:
        EmailMessage(subject, text, to=[address]).send()
    except OSError as error:
        log.warning("notice_not_mailed", reference=notice.pk, error=type(error).__name__)
