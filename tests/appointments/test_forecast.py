"""Whether the first talks still fit: open terms against free time (R-05, R-06, S04)."""

import datetime as dt

import pytest
from django.urls import reverse

from casework.appointments.models import outlook, talks_to_plan
from tests import make

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 11, 2)


def home(deadline: str, **fields):
    made = make.household(**fields)
    make.term(made, "first_talk", "2026-10-05", deadline)
    return made


def of(place, now) -> list[tuple[int, int, int]]:
    """(needed, room, short) of each week of a location."""
    found = next(one for one in outlook(now=now) if one.location == place)
    return [(week.needed, week.room, week.short) for week in found.weeks]


def test_a_term_without_a_talk_in_time_asks_for_one(now, feijenoord, samira):
    make.appointment_type("EG")
    none = home("2026-11-10", location=feijenoord)
    late = home("2026-11-10", location=feijenoord)
    make.appointment(household=late, counsellor=samira, start="2026-11-11 09:00")
    in_time = home("2026-11-10", location=feijenoord)
    make.appointment(household=in_time, counsellor=samira, start="2026-11-10 15:00")
    follow_up = home("2026-11-10", location=feijenoord)
    kind = make.appointment_type("VG", first_talk=False)
    make.appointment(household=follow_up, counsellor=samira, start="2026-11-09 15:00", type=kind)
    assert {one.household for one in talks_to_plan()} == {none, late, follow_up}
    assert of(feijenoord, now)[1][0] == 3


def test_urgent_and_ordinary_together_ask_for_one_talk(now, feijenoord):
    twice = home("2026-11-10", location=feijenoord)
    make.term(twice, "urgent", "2026-11-02", "2026-11-05")
    same_day = home("2026-11-10", location=feijenoord)
    make.term(same_day, "urgent", "2026-11-02", "2026-11-10")
    assert [(one.household, one.deadline) for one in talks_to_plan().order_by("deadline")] == [
        (twice, dt.date(2026, 11, 5)), (same_day, dt.date(2026, 11, 10)),
    ]  # fmt: skip


def test_met_terms_and_closed_households_ask_for_nothing(now, feijenoord):
    make.term(make.household(), "first_talk", "2026-10-05", "2026-11-10", met_on=MONDAY)
    home("2026-11-10", closed_on=MONDAY, exit_reason="Afgerond")
    assert not talks_to_plan().exists()


def test_room_is_whole_talks_in_what_is_free(now, feijenoord, samira):
    """Half past three hours in the morning and afternoon hold three talks each; this Monday began."""
    make.appointment_type("EG")
    first, second = of(feijenoord, now)[:2]
    assert second[1] == 5 * (3 + 3)
    assert first[1] == 5 * 6
    make.absence(samira, "2026-11-09 00:00", "2026-11-10 00:00")
    make.appointment(household=make.household(), counsellor=samira, start="2026-11-10 09:00")
    assert of(feijenoord, now)[1][1] == 3 * 6 + 2 + 3


def test_what_lacks_counts_on_and_what_was_free_does_not_come_back(now, feijenoord):
    """A location where nobody works has room for none; the overdue one is needed now."""
    for deadline in ("2026-10-20", "2026-11-03", "2026-11-18"):
        home(deadline, location=feijenoord)
    assert of(feijenoord, now) == [(2, 0, 2), (0, 0, 2), (1, 0, 3), (0, 0, 3), (0, 0, 3)]


def test_a_spare_week_does_not_help_a_later_one(now, feijenoord):
    make.counsellor(at=feijenoord, days=[1], hours=(("10:00", "12:00"),))
    make.appointment_type("EG")
    for _number in range(3):
        home("2026-11-11", location=feijenoord)
    assert of(feijenoord, now)[:3] == [(0, 2, 0), (3, 2, 1), (0, 2, 0)]


def test_the_page_lists_who_is_meant(now, feijenoord, ingrid, browse):
    home("2026-10-20", location=feijenoord, given="Fatou", surname="Ndiaye")
    home("2026-11-10", location=feijenoord, given="Later", surname="Pas")
    home("2026-11-03", given="Nergens", surname="Nog")
    client, door = browse(ingrid), reverse("forecast")
    page = client.get(door).content.decode()
    assert "1 te plannen gesprek" in page
    assert "nog geen locatie" in page
    assert "Ndiaye" not in page
    listed = client.get(door, {"location": "FEI", "week": "2-11-2026"}).content.decode()
    assert "Fatou Ndiaye" in listed
    assert "Later Pas" not in listed
    nowhere = client.get(door, {"location": "", "week": "2-11-2026"}).content.decode()
    assert "Nergens Nog" in nowhere
    assert "Geen eerste gesprek" in client.get(door, {"location": "FEI", "week": "30-11-2026"}).content.decode()


@pytest.mark.parametrize("query", [{"week": "x"}, {"location": "x", "week": "2-11-2026"}, {"week": "\x00"}])
def test_nonsense_is_left_out_with_a_notice(query, now, feijenoord, ingrid, browse):
    answer = browse(ingrid).get(reverse("forecast"), query)
    assert answer.status_code == 200
    assert "niet begrepen" in answer.content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_as_many_queries_with_more_rows(number, now, feijenoord, samira, ingrid, browse, django_assert_num_queries):
    for _one in range(number):
        home("2026-11-03", location=feijenoord, owner=samira)
    client, query = browse(ingrid), {"location": "FEI", "week": "2-11-2026"}
    client.get(reverse("forecast"), query)
    with django_assert_num_queries(12):
        client.get(reverse("forecast"), query)
