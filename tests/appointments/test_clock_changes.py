"""Days of 23 and 25 hours come out right wherever appointments show: page, agenda, JSON, CSV and calendar (R-01)."""

import csv
import datetime as dt
import io
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils.http import urlencode
from icalendar import Calendar

from casework.appointments.models import Appointment
from casework.core import clock
from casework.core.models import Role
from casework.counsellors import actions as counsellors
from casework.places.models import OpeningHours
from tests import make
from tests.appointments.conftest import text_of

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# Per day: the hours that it has, and what 03:30 is in UTC.
DAYS = [("2026-03-29", 23, "01:30"), ("2026-10-25", 25, "02:30"), ("2027-03-28", 23, "01:30")]
TIMES = ["00:15", "01:30", "03:30", "12:00", "23:15"]


@pytest.fixture
def day(request, samira):
    """A Sunday on which the clock changes, with five talks that were attended, and one at either side of it."""
    date = dt.date.fromisoformat(request.param)
    kind = make.appointment_type("KW", minutes=30, first_talk=False)
    wanted = [
        (date - dt.timedelta(days=1), "23:30"),
        *((date, time) for time in TIMES),
        (date + dt.timedelta(days=1), "00:00"),
    ]
    for on, time in wanted:
        make.appointment(
            household=make.household(owner=samira), counsellor=samira, start=f"{on} {time}", type=kind, outcome="V"
        )
    with time_machine.travel(make.moment(f"{date + dt.timedelta(days=2)} 09:00"), tick=False):
        yield date


@pytest.mark.parametrize(("day", "hours", "half_past_three"), DAYS, indirect=["day"])
def test_page_agenda_json_csv_and_calendar_tell_the_same(day, hours, half_past_three, browse, ingrid, samira, client):
    rows = list(Appointment.objects.order_by("starts_at"))[1:-1]
    assert f"{rows[2].starts_at:%H:%M}" == half_past_three
    assert rows[-1].ends_at - rows[0].starts_at == dt.timedelta(hours=hours - 0.5)
    supervisor, period = browse(ingrid), {"first": f"{day:%d-%m-%Y}", "last": f"{day:%d-%m-%Y}"}

    for row, time in zip(rows, TIMES, strict=True):
        shown = text_of(supervisor.get(reverse("appointment", args=[row.pk])))
        assert f"zondag {day.day} {'maart' if day.month == 3 else 'oktober'} {time.replace(':', '.')}" in shown
    agenda = text_of(
        supervisor.get("/agenda/", {"date": f"{day:%d-%m-%Y}", "weergave": "lijst", "counsellor": samira.pk})
    )
    assert [time.replace(":", ".") for time in TIMES] == [one for one in agenda.split() if one in _dotted()]
    grid = text_of(supervisor.get("/agenda/", {"date": f"{day:%d-%m-%Y}", "counsellor": samira.pk, "span": "day"}))
    assert all(time.replace(":", ".") in grid for time in TIMES)

    data = supervisor.get(reverse("figure_no_show"), period | {"format": "json"}).json()
    assert [(one["numerator"], one["denominator"]) for one in data["per_month"]] == [(0, len(TIMES))]
    file = f"{reverse('figure_list', args=['m1'])}?{urlencode(period | {'which': 'denominator', 'format': 'csv'})}"
    listed = supervisor.post(file, {"purpose": "Klokwisseling nagaan"})
    lines = list(csv.reader(io.StringIO(listed.content.decode("utf-8-sig")), delimiter=";"))
    assert [(line[2], line[3]) for line in lines[1:]] == [(day.isoformat(), time) for time in TIMES]

    shown = {}
    for row, time in zip(rows, TIMES, strict=True):
        page = text_of(supervisor.get(f"/huishoudens/{row.household.case_number}/"))
        shown[time] = page[page.index("Afspraken", page.index("Afspraak maken")) :][:200]
    month = "mrt" if day.month == 3 else "okt"
    assert all(f"zo {day.day} {month} {time.replace(':', '.')} KW" in text for time, text in shown.items())

    token = counsellors.make_feed(counsellor=samira, by=samira.user, now=make.moment(f"{day} 09:00"))
    events = Calendar.from_ical(client.get(reverse("read_feed", args=[token])).content).walk("VEVENT")
    local = sorted(one["dtstart"].dt.astimezone(AMSTERDAM) for one in events)
    assert [f"{one:%H:%M}" for one in local if one.date() == day] == TIMES
    assert {one["dtend"].dt - one["dtstart"].dt for one in events} == {dt.timedelta(minutes=30)}


@pytest.mark.parametrize("day", [date for date, _hours, _utc in DAYS], indirect=True)
@pytest.mark.parametrize("role", [Role.DESK, Role.COUNSELLOR])
def test_today_has_the_appointments_of_that_date_and_no_other(day, browse, everyone, role):
    """From 00.15 until 23.15; what stands at either side of midnight belongs to another date."""
    with time_machine.travel(make.moment(f"{day} 12:00"), tick=False):
        page = browse(everyone[role]).get("/")
    assert [f"{clock.local(one['appointment'].starts_at):%H:%M}" for one in page.context["rows"]] == TIMES
    shown = text_of(page)
    assert all(f" {time.replace(':', '.')} KW" in shown for time in TIMES)


def _dotted() -> set[str]:
    return {time.replace(":", ".") for time in TIMES}


@pytest.mark.parametrize("day", [date for date, _hours, _utc in DAYS], indirect=True)
def test_what_is_offered_on_such_a_day_keeps_its_wall_time(day, browse, joris, feijenoord):
    """The finder and the series, on a Sunday on which somebody works for once."""
    OpeningHours.objects.create(location=feijenoord, weekday=7, opens=dt.time(8), closes=dt.time(17))
    make.counsellor(at=feijenoord, days=[7], hours=(("09:00", "11:00"),))
    household = make.household(location=feijenoord)
    with time_machine.travel(make.moment(f"{day - dt.timedelta(days=2)} 09:00"), tick=False):
        page = browse(joris).get(
            f"/huishoudens/{household.case_number}/afspraak/", {"kind": "KW", "day": day.isoformat()}
        )
    assert f"zo {day.day} {'mrt' if day.month == 3 else 'okt'} 09.00" in text_of(page).replace(" 2027", "")
