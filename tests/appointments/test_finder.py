"""The sentence of the finder and what it answers: until when, the price of continuity, elsewhere, walk-ins (S09, R-13)."""

import datetime as dt
import html
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from casework.appointments import actions
from casework.appointments.models import Appointment, Outcome
from casework.core.models import Role
from casework.households.models import Task
from casework.messaging.models import Message
from tests import make
from tests.appointments.conftest import slots_of, text_of, token


@pytest.fixture
def url(household):
    return f"/huishoudens/{household.case_number}/afspraak/"


@pytest.fixture
def page(browse, joris, url, now):
    def look(address=url, **criteria):
        return browse(joris).get(address, criteria)

    return look


@pytest.fixture
def bram(feijenoord):
    return make.counsellor(at=feijenoord, name="Bram Bos")


def link(response, words: str) -> str:
    """Where the link with these words leads."""
    found = re.search(rf'href="([^"]*)">\s*{words}', response.content.decode())
    assert found, words
    return html.unescape(found[1])


class TestUntilWhen:
    def test_the_open_term_is_filled_in_and_binds_nothing_but_marks(self, page):
        found = page()
        assert 'name="last_date" value="30-11-2026"' in found.content.decode()
        assert len(slots_of(found)) == 5

    def test_another_date_binds(self, page):
        assert [key[:8] for key in slots_of(page(last_date="3-11-2026"))] == ["20261102"] * 2 + ["20261103"] * 2

    def test_nothing_until_then_says_so_and_shows_the_later_ones(self, page, samira):
        make.absence(samira, "2026-11-02 00:00", "2026-11-05 00:00")
        found = page(last_date="4-11-2026")
        assert "Geen vrije tijd tot en met woensdag 4 november." in text_of(found)
        assert text_of(found).count("later dan gevraagd") == 5
        assert slots_of(found)[0].startswith("20261105")

    def test_a_later_date_looks_further_ahead(self, page, samira):
        make.absence(samira, "2026-11-02 00:00", "2026-12-08 00:00")
        assert not slots_of(page())
        assert slots_of(page(last_date="11-12-2026"))[0].startswith("20261208")

    def test_the_term_does_not_bind_another_kind_of_talk(self, page):
        found = page(kind="VG", last_date="30-11-2026")
        assert 'name="last_date" value' not in found.content.decode()
        assert "na de termijn" not in text_of(found)

    def test_an_urgent_term_stays_when_a_later_date_is_asked(self, page, household):
        make.term(household, "urgent", "2026-11-02", "2026-11-05")
        assert {key[:8] for key in slots_of(page(last_date="20-11-2026"))} <= {"20261102", "20261103", "20261104"}

    def test_the_last_day_before_the_first_is_left_out_with_a_notice(self, page):
        found = page(first_date="10-11-2026", last_date="9-11-2026")
        assert "De laatste dag mag niet voor de eerste liggen." in text_of(found)
        assert len(slots_of(found)) == 5


class TestContinuity:
    """Own counsellor first, and what that costs in days (R-13, S09)."""

    PRICE = "Eigen trajectbegeleider: over 9 dagen (wo 11 nov). Iedereen: vandaag (ma 2 nov)."

    @pytest.fixture(autouse=True)
    def _away(self, samira, bram):
        make.absence(samira, "2026-11-02 00:00", "2026-11-11 00:00")

    def test_the_price_and_the_way_to_everybody(self, page, url, bram):
        found = page()
        assert self.PRICE in text_of(found)
        assert slots_of(found)[0].startswith("20261111")
        everybody = page(url + link(found, "Toon de tijden van iedereen"))
        assert self.PRICE in text_of(everybody)
        assert slots_of(everybody)[0].split(".")[1] == str(bram.pk)
        back = page(url + link(everybody, "Toon de tijden van de eigen trajectbegeleider"))
        assert slots_of(back) == slots_of(found)

    def test_nothing_is_said_when_waiting_wins_nothing(self, page, bram):
        make.absence(bram, "2026-11-02 00:00", "2026-11-12 00:00")
        assert "Eigen trajectbegeleider:" not in text_of(page())

    def test_somebody_else_by_name_is_not_compared(self, page, bram):
        assert "Eigen trajectbegeleider:" not in text_of(page(counsellor=bram.pk))

    def test_an_own_counsellor_without_any_time(self, page, samira):
        samira.working_hours.all().delete()
        assert "Eigen trajectbegeleider: geen vrije tijd. Iedereen: vandaag (ma 2 nov)." in text_of(page(counsellor=""))


class TestElsewhere:
    @pytest.fixture
    def charlois(self):
        return make.counsellor(at=make.location("CHA", name="Vraagwijzer Charlois"), name="Cor Cool", languages=["nl"])

    def test_a_full_location_names_the_other(self, page, samira, charlois):
        samira.working_hours.all().delete()
        shown = text_of(page(counsellor="", location="FEI"))
        assert (
            "Geen vrije tijden tot en met maandag 30 november. Andere locatie: Vraagwijzer Charlois ma 2 nov 09.15"
            in shown
        )

    def test_only_late_times_here_name_who_can_within_the_term(self, page, samira, charlois):
        make.absence(samira, "2026-11-02 00:00", "2026-11-30 16:00")
        found = page(counsellor="", location="FEI", first_date="27-11-2026")
        assert "na de termijn" in text_of(found)
        assert "Binnen de termijn, bij iemand anders of op een andere locatie:" in text_of(found)
        assert "Vraagwijzer Charlois vr 27 nov 09.00" in text_of(found)

    def test_a_language_that_nobody_speaks_then_falls_back(self, page, samira, charlois):
        samira.working_hours.all().delete()
        assert "Vraagwijzer Charlois ma 2 nov 09.15" in text_of(page(counsellor="", language="tr"))


class TestMoreTimes:
    def test_the_week_says_how_many_times_each_day_has(self, page, samira):
        make.absence(samira, "2026-11-03 00:00", "2026-11-04 00:00")
        shown = text_of(page(day="2026-11-02"))
        assert "ma 2 nov 21 tijden di 3 nov vol wo 4 nov 22 tijden" in shown
        assert "zo 8 nov vol ma 9 nov →" in shown

    def test_weeks_have_seven_dates_when_the_clock_goes_back(self, browse, joris, url, samira):
        with time_machine.travel(make.moment("2026-10-19 08:00"), tick=False):
            shown = text_of(browse(joris).get(url, {"day": "2026-10-26", "kind": "VG"}))
        assert re.search("← vr 23 okt ma 26 okt .* di 27 okt .* zo 1 nov vol ma 2 nov →", shown)


class TestWalkIn:
    def test_the_first_time_of_today_with_whoever_is_free(self, page, browse, joris, url, samira, bram):
        make.absence(samira, "2026-11-02 00:00", "2026-11-02 13:00")
        found = page(url + link(page(), "Inloop: nu geholpen"))
        assert "Inloop: de inwoner staat nu aan de balie." in text_of(found)
        assert slots_of(found)[0] == f"20261102T0815Z.{bram.pk}.{bram.location_id}"
        assert {key[:8] for key in slots_of(found)} == {"20261102"}
        answer = browse(joris).post(f"{url}?walk_in=1", {"token": token(), "slot": slots_of(found)[0]})
        made = Appointment.objects.get()
        assert answer["Location"] == f"/afspraken/{made.pk}/"
        assert (made.walk_in, made.arrived_at, made.counsellor) == (True, make.moment("2026-11-02 09:00"), bram)
        assert not Message.objects.exists()

    def test_later_today_is_an_appointment_as_any_other(self, browse, joris, url, samira, now):
        slot = f"20261102T1200Z.{samira.pk}.{samira.location_id}"
        browse(joris).post(f"{url}?walk_in=1", {"token": token(), "slot": slot})
        made = Appointment.objects.get()
        assert (made.walk_in, made.arrived_at) == (False, None)
        assert Message.objects.filter(appointment_key=made.pk).exists()

    def test_nobody_free_today(self, page, samira):
        make.absence(samira, "2026-11-02 00:00", "2026-11-03 00:00")
        found = page(walk_in="1")
        assert "Vandaag is niemand meer vrij." in text_of(found)
        assert slots_of(found)[0].startswith("20261103")

    def test_a_walk_in_leaves_the_figures_alone_and_appears(self, samira, household, talks, joris, now):
        made = actions.book(household=household, counsellor=samira, location=samira.location, kind=talks[0], walk_in=True,
                            start=make.moment("2026-11-02 09:15"), by=joris, now=now)  # fmt: skip
        assert actions.possible_outcomes(made, by=samira.user, now=made.starts_at) == [Outcome.ATTENDED]


@pytest.mark.parametrize("criteria", [
    {}, {"counsellor": ""}, {"day": "2026-11-03"}, {"last_date": "3-11-2026"}, {"last_date": "3-11-2026", "day": "2026-11-03"},
    {"language": "so"}, {"language": "so", "day": "2026-11-03"}, {"walk_in": "1"}, {"walk_in": "1", "language": "so"},
])  # fmt: skip
@pytest.mark.parametrize("urgent", [False, True])
def test_at_most_four_searches_whatever_is_asked(page, household, criteria, urgent):
    if urgent:
        make.term(household, "urgent", "2026-10-26", "2026-10-29")
    with CaptureQueriesContext(connection) as asked:
        assert page(**criteria).status_code == 200
    searches = [one for one in asked if "with days as" in one["sql"]]
    assert 1 <= len(searches) <= 4


def test_the_usual_look_takes_two_searches(page):
    with CaptureQueriesContext(connection) as asked:
        page()
    assert len([one for one in asked if "with days as" in one["sql"]]) == 2


class TestNoRoom:
    """*Meld aan teamleider* writes one task for the supervisors (S09)."""

    @pytest.fixture(autouse=True)
    def _urgent_and_full(self, household, samira, now):
        make.term(household, "urgent", "2026-11-02", "2026-11-05")
        make.absence(samira, "2026-11-02 00:00", "2026-11-06 00:00")

    def test_the_button_stands_there_only_when_the_urgent_term_is_missed(self, page, samira):
        assert "Meld aan teamleider" in text_of(page())
        assert "Meld aan teamleider" not in text_of(page(kind="VG", last_date="4-11-2026"))
        samira.absences.all().delete()
        assert "Meld aan teamleider" not in text_of(page())

    def test_one_task_however_often_it_is_pressed(self, browse, joris, ingrid, household, page):
        address = f"/huishoudens/{household.case_number}/geen-plek/"
        client = browse(joris)
        for _time in range(2):
            assert "De teamleider heeft een taak" in text_of(client.post(address, {"token": token()}, follow=True))
        task = Task.objects.get(household=household)
        assert (task.kind, task.role, task.due_on, task.made_by) == (
            "no_room",
            Role.SUPERVISOR,
            dt.date(2026, 11, 5),
            joris,
        )
        assert "uiterlijk do 5 nov" in task.text

    def test_without_an_urgent_term_or_token_it_says_so(self, browse, joris, samira, household):
        client, other = browse(joris), make.household(owner=samira)
        answer = client.post(f"/huishoudens/{other.case_number}/geen-plek/", {"token": token()}, follow=True)
        assert "Voor dit huishouden loopt geen spoedtermijn." in text_of(answer)
        for given in ("", "x", "\x00"):
            client.post(f"/huishoudens/{household.case_number}/geen-plek/", {"token": given})
        assert not Task.objects.exists()
