"""Contact that goes two ways, and who is likely to drop out: two questions that lists and pages ask alike (M8, R-24)."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.appointments.models import APPEARED, FollowUp, Outcome, in_a_row
from casework.core.models import Role
from casework.households.models import CAME, NO_SHOW, Household
from tests import make

pytestmark = pytest.mark.django_db
LONG_AGO = "2026-08-01 09:00"


def home(samira, **fields) -> Household:
    return make.household(**({"owner": samira, "registered": LONG_AGO} | fields))


def in_touch(row: Household) -> dt.datetime:
    return Household.objects.with_contact().get(pk=row.pk).in_touch_at


def test_the_outcomes_that_households_go_by_are_those_of_appointments():
    assert (CAME, NO_SHOW) == (APPEARED, Outcome.NO_SHOW)


# Contact


def test_without_contact_it_counts_from_the_registration(samira, now):
    assert in_touch(home(samira)) == make.moment(LONG_AGO)


@pytest.mark.parametrize("outcome", list(Outcome))
def test_only_an_appointment_to_which_somebody_came_is_contact(samira, now, outcome):
    row = home(samira)
    make.appointment(household=row, counsellor=samira, start="2026-10-20 10:00", outcome=outcome)
    assert (in_touch(row) == make.moment("2026-10-20 10:00")) is (outcome in {"V", "L"})


@pytest.mark.parametrize("result", ["spoken", "no_answer", "voicemail", "left", "unreachable"])
def test_only_an_attempt_by_which_we_spoke_is_contact(samira, now, result):
    """R-82: it goes two ways."""
    row = home(samira)
    row.contact_attempts.create(at=make.moment("2026-10-20 10:00"), by=samira.user, kind="phone", result=result)
    row.notes.create(at=make.moment("2026-10-25 10:00"), by=samira.user, kind="phone", text="Verhuurder gebeld")
    assert (in_touch(row) == make.moment("2026-10-20 10:00")) is (result == "spoken")


def test_the_last_contact_counts(samira, now):
    row = home(samira)
    for day in ("2026-10-20", "2026-09-01"):
        make.appointment(household=row, counsellor=samira, start=f"{day} 10:00", outcome="V")
        row.contact_attempts.create(at=make.moment(f"{day} 14:00"), by=samira.user, kind="phone", result="spoken")
    assert in_touch(row) == make.moment("2026-10-20 14:00")


@pytest.mark.parametrize(
    ("last", "silent"), [("2026-10-02 00:00", True), ("2026-10-02 23:59", True), ("2026-10-03 00:00", False)]
)
def test_longer_than_thirty_days_is_counted_in_local_dates(samira, now, last, silent):
    """On 2 November 3 October is 30 days ago, whatever the hour, and with the change of the clocks in between."""
    row = home(samira)
    row.contact_attempts.create(at=make.moment(last), by=samira.user, kind="visit", result="spoken")
    assert Household.objects.silent(now).filter(pk=row.pk).exists() is silent


def test_a_closed_household_is_neither_silent_nor_at_risk(samira, now):
    row = home(samira, closed_on=dt.date(2026, 10, 30), exit_reason="Overig")
    for day in (20, 21):
        make.appointment(household=row, counsellor=samira, start=f"2026-10-{day} 10:00", outcome="N")
    assert not Household.objects.silent(now).exists()
    assert not Household.objects.at_risk(now).exists()


# In a row


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(outcomes=st.lists(st.sampled_from(["V", "L", "N", "N", "X", "A1", "E", "R1", ""]), max_size=8))
def test_the_database_counts_in_a_row_as_the_rule_does(samira, outcomes):
    row = home(samira)
    for number, outcome in enumerate(outcomes):
        made = make.appointment(
            household=row, counsellor=samira, start=f"2026-09-{number + 1:02} 10:00", outcome=outcome
        )
        if outcome == "N":
            item = make.follow_up(made)
    number = in_a_row(reversed(outcomes))
    assert Household.objects.at_risk(make.moment("2026-11-02 09:00")).filter(pk=row.pk).exists() is (number >= 2)
    if "N" in outcomes:
        assert FollowUp.objects.ranked().get(pk=item.pk).in_a_row == number
    row.appointments.all().update(moved_to=None)
    FollowUp.objects.all().delete()
    row.appointments.all().delete()


# The list, the caseload and the page of a household


@pytest.fixture
def rows(samira, now) -> dict[str, Household]:
    """Lost since August, since September with two missed, and somebody who came last week."""
    made = {
        "lost": home(samira, surname="Aal"),
        "risk": home(samira, surname="Bos"),
        "well": home(samira, surname="Cor"),
    }
    make.appointment(household=made["risk"], counsellor=samira, start="2026-09-01 10:00", outcome="V")
    for day in (20, 21):
        make.appointment(household=made["risk"], counsellor=samira, start=f"2026-10-{day} 10:00", outcome="N")
    make.appointment(household=made["well"], counsellor=samira, start="2026-10-26 10:00", outcome="V")
    return made


def shown(page) -> list[str]:
    return [one.sort_name[:3] for one in page.context["page"].object_list]


def test_the_sweep_begins_with_whom_we_saw_longest_ago(rows, samira, browse):
    """Roles.md 1.1, 16:15."""
    client = browse(samira.user)
    page = client.get("/huishoudens/", {"sort": "contact"})
    assert shown(page) == ["aal", "bos", "cor"]
    text = " ".join(page.content.decode().split())
    assert ["geen; aangemeld za 1 aug" in text, "di 1 sep" in text, "ma 26 okt" in text] == [True] * 3
    assert shown(client.get("/huishoudens/", {"sort": "-contact"})) == ["cor", "bos", "aal"]
    assert shown(client.get("/huishoudens/", {"contact": "silent", "sort": "contact"})) == ["aal", "bos"]
    assert shown(client.get("/huishoudens/", {"contact": "risk"})) == ["bos"]
    assert "Langst geen contact eerst" in client.get("/huishoudens/").content.decode()


def test_paging_by_contact_shows_each_row_once(samira, now, browse):
    for number in range(60):
        row = home(samira)
        if number % 3:
            row.contact_attempts.create(
                at=make.moment(f"2026-10-{1 + number % 7:02} 10:00"), by=samira.user, kind="phone", result="spoken"
            )
    client, seen, following = browse(samira.user), [], ""
    while following is not None:
        page = client.get(f"/huishoudens/?sort=contact{following}").context["page"]
        seen += [one.pk for one in page.object_list]
        following = f"&after={page.after}" if page.after else None
    assert sorted(seen) == sorted(Household.objects.values_list("pk", flat=True))


def test_a_row_at_risk_says_so_in_words(rows, samira, browse):
    page = browse(samira.user).get("/huishoudens/").content.decode()
    assert page.count('etf-badge-missed"><span aria-hidden="true">✕</span> Uitvalrisico') == 1


@pytest.mark.parametrize("role", [Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR])
def test_the_page_of_a_household_minds_it(rows, everyone, browse, role):
    client = browse(everyone[role])
    page = " ".join(client.get(f"/huishoudens/{rows['risk'].case_number}/").content.decode().split())
    assert "Uitvalrisico" in page
    assert "2 keer op rij gemist – bel en vraag wat er speelt." in page
    other = client.get(f"/huishoudens/{rows['well'].case_number}/").content.decode()
    assert 'data-test="at-risk"' not in other


def test_the_first_page_of_a_counsellor_names_who_is_at_risk(rows, samira, browse):
    page = browse(samira.user).get("/")
    assert [(str(one), one.in_a_row) for one in page.context["risk"].rows] == [("Jan Bos", 2)]
    assert [str(one) for one in page.context["silent"].rows] == ["Jan Aal", "Jan Bos"]


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_by_contact_asks_as_much_for_one_as_for_three(samira, now, browse, django_assert_num_queries, number):
    for place in range(number):
        row = home(samira)
        for day in (20, 21):
            make.appointment(household=row, counsellor=samira, start=f"2026-10-{day} {10 + place}:00", outcome="N")
    client = browse(samira.user)
    with django_assert_num_queries(12):
        assert client.get("/huishoudens/", {"sort": "contact", "contact": "risk"}).context["number"] == number
