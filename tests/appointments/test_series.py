"""A talk every so many weeks: the time on the clock stays, and all of it is booked or nothing (R-01, R-17)."""

import datetime as dt
import re
import uuid

import pytest
import time_machine

from casework.appointments import actions
from casework.appointments.models import Appointment, SearchArea, occurrences
from casework.core import clock
from casework.core.models import AuditEntry, Role
from casework.core.refusals import Refused
from casework.messaging.models import Message, MessageKind
from tests import make
from tests.appointments.conftest import CASEWORKERS, text_of, token

TUESDAY_TEN = "20261103T0900Z"


@pytest.fixture
def url(household):
    return f"/huishoudens/{household.case_number}/reeks/?kind=VG"


@pytest.fixture
def form(samira, now):
    """Every two weeks, four times, from Tuesday 3 November 10.00 on."""
    return {"token": token(), "slot": f"{TUESDAY_TEN}.{samira.pk}.{samira.location_id}", "weeks": "2", "times": "4"}


def choices(page) -> dict[str, list[str]]:
    """What can be chosen per date, by the name of its field."""
    found = re.findall(r'name="(date_\d+)">(.*?)</select>', page.content.decode(), re.S)
    return {name: re.findall(r'value="([^"]*)"', options) for name, options in found}


def wall(rows) -> list[str]:
    return [f"{clock.local(row.starts_at):%d-%m %H:%M}" for row in rows]


@pytest.mark.parametrize(("start", "days"), [
    ("2026-10-13 10:00", ["13-10", "20-10", "27-10", "03-11"]), ("2027-03-16 10:00", ["16-03", "23-03", "30-03", "06-04"]),
    ("2026-03-17 10:00", ["17-03", "24-03", "31-03", "07-04"]),
])  # fmt: skip
def test_the_time_on_the_clock_stays_when_the_clock_changes(samira, start, days):
    first = make.moment(start)
    area = SearchArea(
        dt.timedelta(hours=1), first, first.date(), counsellor_id=samira.pk, location_id=samira.location_id
    )
    found = occurrences(area, first, weeks=1, times=4, now=first - dt.timedelta(days=5))
    assert [f"{clock.local(one.slot.start):%d-%m %H:%M}" for one in found] == [f"{day} 10:00" for day in days]


def test_one_search_however_long(samira, now, django_assert_num_queries):
    first = make.moment("2026-11-03 10:00")
    area = SearchArea(
        dt.timedelta(hours=1), first, first.date(), counsellor_id=samira.pk, location_id=samira.location_id
    )
    with django_assert_num_queries(1):
        occurrences(area, first, weeks=8, times=12, now=now)


def test_what_does_not_fit_is_shown_with_what_is_near(browse, joris, url, form, samira):
    make.absence(samira, "2026-11-17 09:00", "2026-11-17 13:00")
    make.absence(samira, "2026-11-30 00:00", "2026-12-05 00:00")
    page = browse(joris).post(url, form)
    shown, offered = text_of(page), choices(page)
    assert "di 3 nov past di 3 nov 10.00" in re.sub("Tijd: [a-z]+ [0-9]+ [a-z]+ ", "", shown)
    assert "di 17 nov past niet; kies een andere tijd in deze week, of sla over" in shown
    assert "di 1 dec past niet, en deze week is er geen andere tijd vrij" in shown
    assert offered["date_0"] == [form["slot"], "-"]
    assert offered["date_1"][0] == ""
    assert {key[:8] for key in offered["date_1"][1:-1]} <= {f"202611{day}" for day in range(16, 21)}
    assert offered["date_2"] == ["", "-"]
    assert not Appointment.objects.exists()


def test_it_is_booked_as_chosen_and_the_others_are_left_out(browse, joris, url, form, samira, household):
    make.absence(samira, "2026-11-17 09:00", "2026-11-17 13:00")
    client = browse(joris)
    offered = choices(client.post(url, form))
    chosen = {"confirmed": "1", "date_0": offered["date_0"][0], "date_1": offered["date_1"][1], "date_2": "-",
              "date_3": offered["date_3"][0], "note": "Neemt post mee"}  # fmt: skip
    answer = client.post(url, form | chosen, follow=True)
    made = list(Appointment.objects.order_by("starts_at"))
    assert "3 afspraken staan vast." in text_of(answer)
    assert wall(made)[::2] == ["03-11 10:00", "15-12 10:00"]
    assert {one.series for one in made} == {uuid.UUID(form["token"])}
    assert {one.note for one in made} == {"Neemt post mee"}
    assert Message.objects.filter(kind=MessageKind.CONFIRMATION).count() == 3
    assert AuditEntry.objects.get(action="book_series").object_key == f"household:{household.pk}"
    # The same token once more leads to what stands.
    assert client.post(url, form | chosen).headers["Location"] == f"/afspraken/{made[0].pk}/"
    assert Appointment.objects.count() == 3


def test_one_that_was_taken_meanwhile_saves_nothing_and_is_named(browse, joris, url, form, samira):
    client = browse(joris)
    offered = choices(client.post(url, form))
    make.appointment(household=make.household(), counsellor=samira, start="2026-12-01 10:00")
    chosen = {"confirmed": "1"} | {name: values[0] for name, values in offered.items()}
    page = client.post(url, form | chosen | {"note": "bewaar mij"})
    assert Appointment.objects.count() == 1
    assert "Sommige tijden passen niet meer. Er is nog niets opgeslagen." in text_of(page)
    assert "di 1 dec past niet; kies een andere tijd in deze week, of sla over Deze tijd is net bezet" in text_of(page)
    assert 'value="bewaar mij"' in page.content.decode()
    fresh = choices(page)
    again = chosen | {"date_2": fresh["date_2"][1]}
    assert client.post(url, form | again).status_code == 302
    assert Appointment.objects.count() == 1 + 4


def test_two_of_the_same_time_and_all_left_out(browse, joris, url, form):
    client = browse(joris)
    nothing = {"confirmed": "1"} | {f"date_{number}": "-" for number in range(4)}
    assert "Kies minstens één tijd." in text_of(client.post(url, form | nothing))
    without = {"confirmed": "1", "date_0": form["slot"]}
    assert text_of(client.post(url, form | without)).count("Kies een tijd, of sla deze datum over.") == 3
    twice = {"confirmed": "1"} | {f"date_{number}": form["slot"] for number in range(4)}
    client.post(url, form | twice)
    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("changes", [
    {"weeks": ""}, {"times": ""}, {"times": "1"}, {"times": "13"}, {"times": "veel"}, {"weeks": "9"}, {"weeks": "\x00"}, {"slot": ""},
    {"slot": "x"}, {"slot": "20261103T0900Z.999999.1"}, {"token": "x"}, {"times": "9" * 400},
])  # fmt: skip
def test_nonsense_leads_back_to_the_finder_with_what_was_typed(browse, joris, url, form, changes):
    page = browse(joris).post(url, form | {"note": "bewaar mij"} | changes)
    assert page.status_code == 200
    assert "Er is iets niet goed ingevuld" in text_of(page)
    assert 'value="bewaar mij"' in page.content.decode()


def test_nonsense_in_a_choice_is_asked_again(browse, joris, url, form):
    for nonsense in ("x", "\x00", "20261103T0905Z.1.1", "99991231T2359Z.1.1"):
        page = browse(joris).post(url, form | {"confirmed": "1"} | {f"date_{number}": nonsense for number in range(4)})
        assert page.status_code == 200
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("role", Role)
def test_who_may(browse, everyone, url, form, role):
    assert browse(everyone[role]).post(url, form).status_code == (200 if role in CASEWORKERS else 403)
    assert browse(everyone[role]).get(url).status_code == (405 if role in CASEWORKERS else 403)


def test_the_desk_of_elsewhere_confirms(browse, url, form):
    desk = make.user(Role.DESK, location=make.location("CHA"))
    client = browse(desk)
    every = {"confirmed": "1"} | {name: values[0] for name, values in choices(client.post(url, form)).items()}
    page = client.post(url, form | every)
    assert "Ja, op deze andere locatie" in text_of(page)
    assert client.post(url, form | every | {"place_confirmed": "on"}).status_code == 302


def test_a_closed_household_gets_none(samira, joris, talks, now):
    household = make.household(owner=samira, closed_on=dt.date(2026, 10, 1), exit_reason="Afgerond")
    with pytest.raises(Refused, match="gesloten"):
        actions.book_series(household=household, counsellor=samira, location=samira.location, kind=talks[1], by=joris, now=now,
                            starts=[make.moment("2026-11-03 10:00")])  # fmt: skip


def test_over_the_spring_change_through_the_door(browse, joris, samira, talks):
    with time_machine.travel(make.moment("2027-03-15 09:00"), tick=False):
        household = make.household(owner=samira)
        url = f"/huishoudens/{household.case_number}/reeks/?kind=VG"
        form = {
            "token": token(),
            "slot": f"20270316T0900Z.{samira.pk}.{samira.location_id}",
            "weeks": "1",
            "times": "3",
        }
        client = browse(joris)
        every = {"confirmed": "1"} | {name: values[0] for name, values in choices(client.post(url, form)).items()}
        client.post(url, form | every)
    assert wall(Appointment.objects.order_by("starts_at")) == ["16-03 10:00", "23-03 10:00", "30-03 10:00"]
