"""The blocks of the first page: a number opens exactly its rows, and a block that fails leaves the rest (S02 to S04)."""

import html
import re

import pytest
import time_machine
from django.db import DatabaseError

from casework.appointments import actions
from casework.appointments.models import Appointment, FollowUp
from casework.core.models import Role
from casework.households.models import Task
from casework.overview import reads
from casework.overview.reads import today as blocks
from tests import make

pytestmark = pytest.mark.usefixtures("now", "db")


def words(page) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page.content.decode())).split())


def appointment(samira, surname: str, start: str, **given):
    household = make.household(surname=surname, owner=samira, location=samira.location)
    return make.appointment(household=household, counsellor=samira, start=start, **given)


def sweep():
    actions.follow_up(now=make.moment("2026-11-02 09:00"))


# Exceptions open their list


@pytest.mark.parametrize("number", [1, 3])
def test_what_is_unrecorded_too_long_opens_exactly_those(browse, ingrid, samira, number):
    for one in range(number):
        appointment(samira, f"Lang{one}", f"2026-10-{20 + one} 10:00")
    appointment(samira, "Kort", "2026-10-30 10:00")
    client = browse(ingrid)
    page = client.get("/")
    assert page.context["long_unrecorded"] == number
    assert 'href="/afspraken/te-registreren/?age=long"' in page.content.decode()
    assert client.get("/afspraken/te-registreren/?age=long").context["number"] == number


@pytest.mark.parametrize("number", [1, 3])
def test_what_is_followed_up_too_late_opens_exactly_those(browse, ingrid, samira, number):
    for one in range(number):
        appointment(samira, f"Laat{one}", f"2026-10-{20 + one} 10:00", outcome="N")
    appointment(samira, "Vandaag", "2026-10-30 10:00", outcome="N")
    sweep()
    client = browse(ingrid)
    page = client.get("/")
    assert page.context["late_follow_ups"] == number
    assert client.get("/gemist/?what=late").context["number"] == number


# Counsellor


def test_a_counsellor_hears_whom_to_call_what_to_do_and_whom_she_lost_sight_of(browse, samira):
    silent = make.household(surname="Stil", owner=samira, registered="2026-09-01 09:00")
    called = make.household(surname="Gebeld", owner=samira, registered="2026-09-01 09:00")
    called.contact_attempts.create(at=make.moment("2026-10-20 10:00"), by=samira.user, kind="phone", result="spoken")
    make.household(surname="Nieuw", owner=samira, registered="2026-10-25 09:00")
    appointment(samira, "Gemist", "2026-10-30 10:00", outcome="N")
    for text, day in (("Later", "2026-11-05"), ("Voorbij", "2026-10-30")):
        Task.objects.create(
            household=silent, text=text, due_on=day, owner=samira.user, made_at=make.moment("2026-10-20 10:00")
        )
    sweep()
    page = browse(samira.user).get("/")
    assert [one.text for one in page.context["tasks"].rows] == ["Voorbij", "Later"]
    assert [str(one) for one in page.context["silent"].rows] == ["Jan Stil"]
    shown = words(page)
    assert "1 gemiste afspraak om op te volgen" in shown
    assert "Geen afspraken vandaag. U heeft 2 taken en 1 huishouden zonder contact langer dan 30 dagen." in shown
    assert "Voorbij , Jan Stil · vr 30 okt te laat" in shown
    assert "Vrij deze week ma 2 nov 09.15" in shown


def test_what_is_free_leaves_out_what_is_taken(browse, samira):
    make.absence(samira, "2026-11-02 00:00", "2026-11-06 12:30")
    page = browse(samira.user).get("/")
    assert [slot.key[:13] for slot in page.context["free"]] == ["20261106T1200"]


# Desk


def test_the_desk_sees_what_is_left_for_who_cannot_wait(browse, joris, samira):
    make.appointment_type("EG")
    page = words(browse(joris).get("/"))
    assert "Vandaag vrij voor spoed : 21 09.15 uur , Samira El Amrani" in page.replace("spoed:", "spoed :")
    make.absence(samira, "2026-11-02 00:00", "2026-11-03 00:00")
    assert "Vandaag is niets meer vrij." in words(browse(joris).get("/"))


# A block that fails

BLOCKS = [
    (Role.DESK, reads, "to_call"), (Role.DESK, reads, "to_print"), (Role.DESK, reads, "absent_with_appointments"), (Role.DESK, blocks, "urgent_today"),
    (Role.DESK, blocks, "missed_to_follow_up"), (Role.DESK, blocks, "my_tasks"), (Role.DESK, blocks, "answers"), (Role.DESK, reads, "next_appointment"),
    (Role.COUNSELLOR, reads, "next_appointment"), (Role.COUNSELLOR, reads, "terms_now"),
    (Role.COUNSELLOR, blocks, "missed_to_follow_up"), (Role.COUNSELLOR, blocks, "my_tasks"),
    (Role.COUNSELLOR, blocks, "unrecorded"), (Role.COUNSELLOR, blocks, "answers"), (Role.COUNSELLOR, blocks, "at_risk"),
    (Role.COUNSELLOR, blocks, "silent_households"), (Role.COUNSELLOR, blocks, "free_half_days"),
    (Role.SUPERVISOR, reads, "terms_now"), (Role.SUPERVISOR, reads, "long_unrecorded"),
    (Role.SUPERVISOR, blocks, "late_follow_ups"), (Role.SUPERVISOR, reads, "absent_with_appointments"),
    (Role.SUPERVISOR, reads, "to_call"), (Role.SUPERVISOR, reads, "balance"), (Role.SUPERVISOR, reads, "to_decide"),
    (Role.SUPERVISOR, blocks, "my_tasks"),
]  # fmt: skip


def broken(*args, **kwargs):
    raise DatabaseError("deadlock")


@pytest.mark.parametrize(("role", "module", "name"), BLOCKS, ids=lambda one: getattr(one, "__name__", one))
def test_a_block_that_fails_says_since_when_and_the_rest_stands(browse, everyone, monkeypatch, role, module, name):
    client = browse(everyone[role])
    assert "not-loaded" not in client.get("/").content.decode()
    monkeypatch.setattr(module, name, broken)
    with time_machine.travel(make.moment("2026-11-02 09:20"), tick=False):
        page = client.get("/")
    shown = page.content.decode()
    assert page.status_code == 200
    # Where somebody is to choose from a number that is not known, nothing says nought.
    if name != "next_appointment" or role == Role.COUNSELLOR:
        assert shown.count('data-test="not-loaded"') == 1
        assert "Niet bijgewerkt sinds ma 2 nov 09.00 uur." in words(page)
    assert "Geen uitzonderingen" not in shown
    assert shown.count("<h2") >= 3


def test_one_that_never_loaded_says_what_to_do(browse, ingrid, monkeypatch):
    monkeypatch.setattr(reads, "to_call", broken)
    assert "Open de pagina straks opnieuw." in words(browse(ingrid).get("/"))


# Figures on the supervisor's page


def test_three_figures_come_with_what_chance_says_of_them(browse, ingrid, samira):
    client = browse(ingrid)
    assert 'data-fetch="/cijfers/kop/"' in client.get("/").content.decode()
    part = client.get("/cijfers/kop/")
    assert part.content.decode().count("<li>") == 3
    assert words(part).count("te weinig om te zeggen of dit toeval is") == 3
    assert "<html" not in part.content.decode()


@pytest.mark.parametrize(("missed", "verdict"), [(10, "geen signaal"), (30, "signaal: hoger (ongunstig)")])
def test_the_verdict_of_a_month_against_its_year(browse, ingrid, samira, missed, verdict):
    home = make.household(owner=samira, location=samira.location)
    kind = make.appointment_type("VG", minutes=15, first_talk=False)
    rows = []
    for back in range(13):
        year, month = divmod(2026 * 12 + 9 - back, 12)
        number = missed if back == 0 else 10
        for place in range(100):
            start = f"{year}-{month + 1:02}-{1 + place // 20:02} {8 + place % 20 // 4:02}:{15 * (place % 4):02}"
            outcome = "N" if place < number else "V"
            rows.append(
                make.unsaved_appointment(household=home, counsellor=samira, start=start, type=kind, outcome=outcome)
            )
    Appointment.objects.bulk_create(rows)
    assert verdict in words(browse(ingrid).get("/cijfers/kop/"))
    assert FollowUp.objects.count() == 0
