"""The calendar feed: taken times without names, behind a secret that can be taken back (S10)."""

import logging

import pytest
from django.urls import reverse
from icalendar import Calendar

from casework.core.models import AuditEntry
from casework.counsellors import actions
from casework.counsellors.models import CalendarFeed
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def token(now, samira) -> str:
    return actions.make_feed(counsellor=samira, by=samira.user, now=now)


def read(client, token: str):
    return client.get(reverse("read_feed", args=[token]))


def events(answer) -> list[tuple[str, str]]:
    found = Calendar.from_ical(answer.content).walk("VEVENT")
    return sorted((f"{one['dtstart'].dt:%Y-%m-%d %H:%M}", str(one["summary"])) for one in found)


def test_a_calendar_sees_when_and_never_who(client, token, samira):
    home = make.household(given="Fatou", surname="Ndiaye")
    make.appointment(household=home, counsellor=samira, start="2026-11-03 10:00", note="huurachterstand")
    make.appointment(household=home, counsellor=samira, start="2026-11-04 10:00", outcome="N")
    make.appointment(household=home, counsellor=samira, start="2026-09-04 10:00", outcome="V")
    make.appointment(household=home, counsellor=make.counsellor(), start="2026-11-05 10:00")
    answer = read(client, token)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert events(answer) == [("2026-11-03 09:00", "Bezet")]
    text = answer.content.decode()
    assert "Fatou" not in text
    assert "Ndiaye" not in text
    assert "huur" not in text
    assert home.case_number not in text


@pytest.mark.parametrize(
    ("wall", "utc"),
    [
        ("2026-03-29 10:00", "2026-03-29 08:00"),
        ("2026-10-24 10:00", "2026-10-24 08:00"),
        ("2026-10-25 10:00", "2026-10-25 09:00"),
        ("2027-03-28 10:00", "2027-03-28 08:00"),
    ],
)
def test_no_clock_change_moves_a_talk(client, samira, wall, utc, token):
    make.appointment(household=make.household(), counsellor=samira, start=wall)
    if wall > "2026-10-03":
        assert events(read(client, token)) == [(utc, "Bezet")]
    else:
        assert events(read(client, token)) == []


def test_a_new_address_stops_the_one_before_and_stopping_stops_it(client, token, samira, now):
    second = actions.make_feed(counsellor=samira, by=samira.user, now=now)
    assert read(client, token).status_code == 404
    assert read(client, second).status_code == 200
    actions.revoke_feed(counsellor=samira, by=samira.user, now=now)
    actions.revoke_feed(counsellor=samira, by=samira.user, now=now)
    assert read(client, second).status_code == 404
    assert AuditEntry.objects.filter(action="revoke_calendar_feed").count() == 1


def test_the_secret_itself_is_kept_nowhere(token, samira):
    assert token not in str(CalendarFeed.objects.values().get())
    assert token not in str(list(AuditEntry.objects.values()))


def test_the_secret_stays_out_of_the_logs(client, token, caplog):
    with caplog.at_level(logging.INFO):
        read(client, token)
    assert "/agenda/feed/…" in caplog.text
    assert token not in caplog.text


def test_who_left_has_no_calendar_any_more(client, token, samira):
    samira.user.is_active = False
    samira.user.save()
    assert read(client, token).status_code == 404


def test_nobody_makes_the_address_of_a_colleague(samira, ingrid, now):
    with pytest.raises(actions.Refused):
        actions.make_feed(counsellor=samira, by=ingrid, now=now)


def test_the_address_is_shown_once_on_the_page(browse, samira, now):
    client, door = browse(samira.user), reverse("calendar_feed")
    assert "nog geen adres" in client.get(door).content.decode()
    shown = client.post(door, {"do": "make"}).content.decode()
    assert "/agenda/feed/" in shown
    again = client.get(door).content.decode()
    assert "/agenda/feed/" not in again
    assert "U heeft een adres" in again
    client.post(door, {"do": "revoke"})
    assert not CalendarFeed.objects.exists()
