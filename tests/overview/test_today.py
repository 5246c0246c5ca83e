"""The first page per role (S02 to S04): what must happen now, in which order, and what it says when nothing must."""

import pytest
import time_machine
from django.urls import reverse

from casework.appointments.models import Appointment, exception_before
from casework.core.models import AuditEntry, Role
from casework.counsellors.models import Counsellor
from tests import make

pytestmark = pytest.mark.usefixtures("now", "db")
HOME = "/"


def text(page) -> str:
    return " ".join(page.content.decode().split())


def names(page) -> list[str]:
    return [str(entry["appointment"].household) for entry in page.context["rows"]]


@pytest.fixture
def desk(browse, joris):
    return browse(joris)


@pytest.fixture
def counsellor(browse, samira):
    return browse(samira.user)


@pytest.fixture
def supervisor(browse, ingrid):
    return browse(ingrid)


def appointment(samira, surname: str, start: str, **given):
    household = make.household(surname=surname, owner=samira, location=samira.location)
    return make.appointment(household=household, counsellor=samira, start=start, **given)


# Desk


def test_the_desk_sees_who_comes_today_at_its_own_location_by_time(desk, samira):
    elsewhere = make.counsellor(name="Bram de Groot")
    appointment(samira, "Later", "2026-11-02 14:00")
    appointment(samira, "Eerst", "2026-11-02 09:15")
    appointment(samira, "Morgen", "2026-11-03 09:15")
    appointment(elsewhere, "Elders", "2026-11-02 10:00")
    assert names(desk.get(HOME)) == ["Jan Eerst", "Jan Later"]


@pytest.mark.parametrize(
    ("start", "given", "offered"),
    [("2026-11-02 09:45", {}, True), ("2026-11-02 10:00", {}, True), ("2026-11-02 10:15", {}, False),
     ("2026-11-02 08:15", {}, True), ("2026-11-02 07:45", {}, False), ("2026-11-02 09:15", {"outcome": "V"}, False)],
)  # fmt: skip
def test_checking_in_is_offered_from_an_hour_before_until_the_end(desk, samira, start, given, offered):
    """R-20."""
    one = appointment(samira, "Proef", start, **given)
    assert (reverse("check_in", args=[one.pk]) in text(desk.get(HOME))) is offered


def test_a_desk_without_appointments_hears_of_the_next_one(desk, samira):
    assert "Vandaag geen afspraken op Feijenoord." in text(desk.get(HOME))
    later = appointment(samira, "Later", "2026-11-04 14:00")
    assert "Eerstvolgende: woensdag 4 november 14.00 uur." in text(desk.get(HOME))
    appointment(samira, "Morgen", "2026-11-03 09:00")
    assert "Vandaag geen afspraken op Feijenoord. Eerstvolgende: morgen 09.00 uur." in text(desk.get(HOME))
    assert later.location.short_name == "Feijenoord"


def test_an_absence_that_hits_appointments_is_said(desk, samira):
    appointment(samira, "Geraakt", "2026-11-09 10:00")
    appointment(samira, "Ernaast", "2026-11-16 10:00")
    make.absence(samira, "2026-11-09 00:00", "2026-11-14 00:00")
    page = text(desk.get(HOME))
    assert "Samira El Amrani is afwezig" in page
    assert "1 afspraak" in page


def test_a_desk_without_a_location_sees_everything(browse, samira):
    appointment(samira, "Hier", "2026-11-02 10:00")
    assert names(browse(make.user(Role.DESK)).get(HOME)) == ["Jan Hier"]


def test_the_desk_chooses_another_location_or_all(desk, samira):
    elsewhere = make.counsellor(at=make.location("CHA", name="Vraagwijzer Charlois"), name="Bram de Groot")
    appointment(samira, "Hier", "2026-11-02 10:00")
    there = appointment(elsewhere, "Daar", "2026-11-02 10:00")
    assert names(desk.get(HOME)) == ["Jan Hier"]
    assert names(desk.get(HOME, {"location": "CHA"})) == ["Jan Daar"]
    assert names(desk.get(HOME, {"location": ""})) == ["Jan Hier", "Jan Daar"]
    assert names(desk.get(HOME, {"location": "x"})) == ["Jan Hier", "Jan Daar"]
    page = text(desk.get(HOME, {"location": "CHA"}))
    assert '<input type="hidden" name="back" value="location=CHA">' in page
    assert 'data-test="day-counts"' not in page, "counts of the own location only (R-90i)"
    done = desk.post(
        reverse("check_in", args=[there.pk]), {"next": "today", "back": "location=CHA", "place_confirmed": "on"}
    )
    assert done["Location"] == "/?location=CHA"


@pytest.mark.parametrize("role", [Role.COUNSELLOR, Role.SUPERVISOR])
def test_others_have_the_arrival_list_at_an_address_of_its_own(browse, everyone, samira, role):
    elsewhere = make.counsellor(at=make.location("CHA", name="Vraagwijzer Charlois"), name="Bram de Groot")
    appointment(samira, "Hier", "2026-11-02 10:00")
    there = appointment(elsewhere, "Daar", "2026-11-02 10:00")
    client, address = browse(everyone[role]), reverse("arrival")
    assert names(client.get(address)) == ["Jan Hier"]
    assert names(client.get(address, {"location": "CHA"})) == ["Jan Daar"]
    done = client.post(reverse("check_in", args=[there.pk]), {"next": "arrival", "back": "location=CHA"})
    assert done["Location"] == "/aankomst/?location=CHA"


@pytest.mark.parametrize(
    ("start", "given", "word"),
    [("2026-11-02 09:15", {}, "verwacht"), ("2026-11-02 08:45", {}, "Te laat"),
     ("2026-11-02 09:15", {"arrived_at": make.moment("2026-11-02 08:52")}, "Gemeld"),
     ("2026-11-02 08:30", {"outcome": "V"}, "bij gesprek"), ("2026-11-02 07:30", {"outcome": "V"}, "weg"),
     ("2026-11-02 08:30", {"outcome": "N"}, "Niet verschenen"), ("2026-11-02 05:30", {}, "Nog te registreren")],
)  # fmt: skip
def test_how_somebody_stands_with_the_desk(samira, now, start, given, word):
    """S03 (2); that a talk goes on is not taken from the clock."""
    assert str(appointment(samira, "Proef", start, **given).arrival(now)[1]) == word


def test_quick_find_has_the_focus_unless_something_went_wrong(desk, samira):
    """S03 (1)."""
    field = 'id="quick-find" name="q" autocomplete="off" spellcheck="false" accesskey="k"'
    assert f"{field} autofocus>" in text(desk.get(HOME))
    done = desk.post(reverse("check_in", args=[appointment(samira, "Later", "2026-11-03 10:00").pk]), follow=True)
    assert 'role="alert"' in text(done)
    assert f"{field}>" in text(done)
    assert f"{field}>" in text(desk.get(reverse("agenda")))


# Counsellor


def test_a_counsellor_sees_the_own_day_and_what_is_unrecorded(counsellor, samira):
    other = make.counsellor(at=samira.location, name="Bram de Groot")
    appointment(other, "Collega", "2026-11-02 10:00")
    appointment(samira, "Eigen", "2026-11-02 10:00")
    appointment(samira, "Vergeten", "2026-10-30 10:00")
    appointment(samira, "Afgezegd", "2026-10-30 14:00", outcome="E")
    page = counsellor.get(HOME)
    assert names(page) == ["Jan Eigen"]
    assert [str(one.household) for one in page.context["unrecorded"].rows] == ["Jan Vergeten"]
    assert str(page.context["next"].household) == "Jan Eigen"


def test_who_waits_is_said_to_the_counsellor(counsellor, samira):
    appointment(samira, "Wacht", "2026-11-02 09:15", arrived_at=make.moment("2026-11-02 08:52"))
    assert "08.52" in text(counsellor.get(HOME))


def test_terms_that_break_today_or_tomorrow_stand_first_oldest_first(counsellor, samira):
    for surname, deadline in (("Morgen", "2026-11-03"), ("Voorbij", "2026-10-30"), ("Later", "2026-11-04")):
        household = make.household(surname=surname, owner=samira)
        make.term(household, "first_talk", "2026-10-01", deadline)
    strange = make.household(surname="Vreemd")
    make.term(strange, "first_talk", "2026-10-01", "2026-11-02")
    page = counsellor.get(HOME)
    assert [str(term.household) for term in page.context["terms"]] == ["Jan Voorbij", "Jan Morgen"]
    assert text(page).index("Jan Voorbij") < text(page).index("Jan Morgen")
    assert "Te laat" in text(page)
    make.term(make.household(surname="Spoed", owner=samira), "urgent", "2026-10-29", "2026-11-03")
    assert [str(term.household) for term in counsellor.get(HOME).context["terms"]] == [
        "Jan Spoed", "Jan Voorbij", "Jan Morgen",
    ]  # fmt: skip


def test_who_is_here_comes_before_who_comes_next(counsellor, samira):
    """S02 (1): a talk that goes on stays in sight until it is recorded or over."""
    one = appointment(samira, "Bezig", "2026-11-02 08:15", arrived_at=make.moment("2026-11-02 08:05"))
    appointment(samira, "Later", "2026-11-02 10:00")
    assert counsellor.get(HOME).context["next"] == one
    with time_machine.travel(make.moment("2026-11-02 09:15"), tick=False):
        assert str(counsellor.get(HOME).context["next"].household) == "Jan Later"


def test_a_talk_of_two_stands_in_the_day_of_both_and_is_recorded_once(browse, counsellor, samira, now):
    """The second counsellor sees it in Today, among what is to be recorded, and in the agenda (decision 0046)."""
    bram = make.counsellor(at=samira.location, name="Bram de Groot", username="bram")
    appointment(samira, "Samen", "2026-11-02 10:00", second_counsellor=bram)
    old = appointment(samira, "Eerder", "2026-10-30 10:00", second_counsellor=bram)
    client = browse(bram.user)
    for one in (client, counsellor):
        page = one.get(HOME)
        assert names(page) == ["Jan Samen"]
        assert str(page.context["next"].household) == "Jan Samen"
        assert [str(row.household) for row in page.context["unrecorded"].rows] == ["Jan Eerder"]
        assert one.get(reverse("unrecorded")).context["number"] == 1
        shown = text(one.get(reverse("agenda"), {"counsellor": bram.pk, "span": "week"}))
        assert "Jan Samen" in shown
    client.post(reverse("record_attendance", args=[old.pk]), {"outcome": "V", "next": "today"})
    assert counsellor.get(HOME).context["unrecorded"].number == 0
    assert Appointment.objects.filter(outcome="V").count() == 1


def test_a_counsellor_without_a_working_place_still_has_a_page(browse):
    assert browse(make.user(Role.COUNSELLOR)).get(HOME).status_code == 200


# Supervisor


def test_a_supervisor_without_exceptions_hears_when_that_was_looked_at(supervisor, samira):
    assert "Geen uitzonderingen. Laatste controle 09.00 uur." in text(supervisor.get(HOME))


def test_each_exception_is_a_sentence_with_a_number_and_a_way_to_its_list(supervisor, samira):
    appointment(samira, "Oud", "2026-10-23 10:00")
    make.household(surname="Los")
    late = make.household(surname="Laat", owner=samira)
    make.term(late, "first_talk", "2026-10-01", "2026-11-03")
    page = text(supervisor.get(HOME))
    assert "1 huishouden zonder trajectbegeleider" in page
    assert reverse("households") + "?owner=null" in page
    assert "1 afspraak langer dan 5 werkdagen niet geregistreerd" in page
    assert reverse("unrecorded") in page
    assert "Jan Laat" in page


def test_the_supervisor_sees_the_load_against_the_capacity_by_name(supervisor, samira):
    """C12: never ranked."""
    bram = make.counsellor(at=samira.location, name="Bram de Groot")
    for owner, number in ((samira, 2), (bram, 1)):
        for _one in range(number):
            make.household(owner=owner)
    make.household(owner=bram, closed_on="2026-10-01", exit_reason="Afgerond")
    assert [(str(row["counsellor"]), row["counsellor"].number) for row in supervisor.get(HOME).context["balance"]] == [
        ("Samira El Amrani", 2), ("Bram de Groot", 1),
    ]  # fmt: skip
    Counsellor.objects.filter(pk=bram.pk).update(active=False)
    assert [str(row["counsellor"]) for row in supervisor.get(HOME).context["balance"]] == ["Samira El Amrani"]


@pytest.mark.parametrize(
    ("now_is", "before"),
    [("2026-11-02 09:00", "2026-10-26"), ("2026-11-03 09:00", "2026-10-27"), ("2026-12-29 09:00", "2026-12-21")],
)
def test_the_sixth_working_day_makes_it_the_supervisor_s(now_is, before):
    """R-21: once five working days after the date have passed; Christmas and weekends do not count.

    On Monday 2 November that is so for Friday 23 October and for a Saturday after it, not for Monday the 26th.
    """
    assert exception_before(make.moment(now_is)).isoformat() == before


# The others


def test_partner_and_administrator_have_a_first_page_of_their_own(browse):
    assert browse(make.user(Role.PARTNER)).get(HOME).url == reverse("inbox")
    assert browse(make.user(Role.ADMIN)).get(HOME).url == reverse("admin:index")


def test_a_privacy_officer_gets_figures_without_names(browse):
    page = text(browse(make.user(Role.PRIVACY_OFFICER)).get(HOME))
    assert "zonder namen" in page
    assert reverse("figure_no_show") + "?format=csv" in page


def test_the_first_page_writes_no_line_per_row(desk, samira):
    """R-92: lists do not."""
    appointment(samira, "Rij", "2026-11-02 10:00")
    desk.get(HOME)
    assert not AuditEntry.objects.exists()


def test_today_is_the_date_in_rotterdam(browse, joris):
    """An hour after midnight there, UTC still has yesterday."""
    with time_machine.travel(make.moment("2026-11-03 00:10"), tick=False):
        assert "dinsdag 3 november" in text(browse(joris).get(HOME))


# Queries


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("role", "queries"), [(Role.DESK, 21), (Role.COUNSELLOR, 19), (Role.SUPERVISOR, 19)])
def test_the_day_asks_as_much_for_one_row_as_for_three(
    browse, everyone, samira, django_assert_num_queries, role, queries, rows
):
    for number in range(rows):
        one = appointment(samira, f"Vandaag{number}", f"2026-11-02 1{number}:00")
        appointment(samira, f"Oud{number}", f"2026-10-{20 + number} 10:00")
        make.term(one.household, "first_talk", "2026-10-01", "2026-11-03")
        make.absence(samira, "2026-11-02 09:30", f"2026-11-0{number + 3} 12:00")
        make.household()
    client = browse(everyone[role])
    with django_assert_num_queries(queries):
        assert client.get(HOME).status_code == 200


def test_in_desk_mode_a_row_shows_first_name_and_initial_until_it_has_focus(desk, joris, samira):
    joris.initials_mode = True
    joris.save()
    appointment(samira, "Berg", "2026-11-02 10:00")
    page = desk.get(HOME).content.decode()
    assert '<span class="etf-short-name">Jan B.</span><span class="etf-full-name">Jan Berg</span>' in page
