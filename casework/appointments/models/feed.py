"""A counsellor's taken times for their own calendar (RFC 5545): when, and nothing else (S10)."""

import datetime as dt

from icalendar import Calendar, Event

from casework.appointments.models.occupancy import Occupancy
from casework.counsellors.models import Counsellor

# So far back a calendar still shows what was.
KEPT_BACK = dt.timedelta(days=30)
# Dutch whatever the language of whoever asks: it is read by a machine.
BUSY = "Bezet"


def feed_of(counsellor: Counsellor, *, now: dt.datetime) -> bytes:
    """When a counsellor is taken, also by somebody else's talk or on the way, in UTC so that no clock change moves it (R-01).

    One query.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//ETF//agenda//NL")
    calendar.add("version", "2.0")
    rows = Occupancy.objects.filter(counsellor=counsellor, during__startswith__gte=now - KEPT_BACK)
    for key, during in rows.order_by("during", "pk").values_list("appointment_id", "during"):
        event = Event()
        event.add("uid", f"{key}@etf")
        event.add("summary", BUSY)
        event.add("dtstamp", now.astimezone(dt.UTC))
        event.add("dtstart", during.lower.astimezone(dt.UTC))
        event.add("dtend", during.upper.astimezone(dt.UTC))
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    return calendar.to_ical()
