"""A counsellor's taken times for their own calendar (RFC 5545): when, and nothing else (S10)."""

import datetime as dt

from icalendar import Calendar, Event

from casework.appointments.models.appointments import OCCUPIES_TIME, Appointment
from casework.counsellors.models import Counsellor

# So far back a calendar still shows what was.
KEPT_BACK = dt.timedelta(days=30)
# Dutch whatever the language of whoever asks: it is read by a machine.
BUSY = "Bezet"


def feed_of(counsellor: Counsellor, *, now: dt.datetime) -> bytes:
    """Every appointment that takes up time, as "Bezet", in UTC so that no clock change moves it (R-01). One query."""
    calendar = Calendar()
    calendar.add("prodid", "-//ETF//agenda//NL")
    calendar.add("version", "2.0")
    rows = Appointment.objects.filter(OCCUPIES_TIME, counsellor=counsellor, starts_at__gte=now - KEPT_BACK)
    for key, start, end in rows.order_by("starts_at", "pk").values_list("pk", "starts_at", "ends_at"):
        event = Event()
        event.add("uid", f"{key}@etf")
        event.add("summary", BUSY)
        event.add("dtstamp", now.astimezone(dt.UTC))
        event.add("dtstart", start.astimezone(dt.UTC))
        event.add("dtend", end.astimezone(dt.UTC))
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return calendar.to_ical()
