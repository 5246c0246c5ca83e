"""Ending help: what goes in the same step, what was seen, who may, and when somebody did not appear (R-62, R-25)."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from casework.appointments import actions
from casework.appointments.models import Appointment, PhoneAttempt
from casework.core import clock
from casework.core.models import AuditEntry, Role
from casework.households.actions import HouseholdClosed, MergedMeanwhile, add_member, log_contact_attempt, write_note
from casework.households.models import ContactAttempt, Household, Term
from casework.messaging.models import Message
from etf.celery import app
from tests import make
from tests.cast import ONE_CAST

pytestmark = ONE_CAST


def text(page) -> str:
    return " ".join(page.content.decode().split())


@pytest.fixture
def household(cast):
    return make.household(given="Aisha", surname="Test", owner=cast.samira, location=cast.place)


@pytest.fixture
def address(household):
    return reverse("close_household", args=[household.case_number])


@pytest.fixture
def counsellor(cast, browse):
    return browse(cast.samira.user)


@pytest.fixture
def standing(cast, household):
    """Two appointments to come, one with the reminder that would go out."""
    days = ("2026-11-10 10:00", "2026-11-12 14:00")
    rows = [make.appointment(household=household, counsellor=cast.samira, start=day) for day in days]
    Message.objects.create(
        household=household, appointment_key=rows[0].pk, kind="reminder", state="planned", planned_start=rows[0].starts_at,
        due_at=rows[0].starts_at - dt.timedelta(days=1), expires_at=rows[0].starts_at, created_at=clock.now(),
    )  # fmt: skip
    return rows


def sent(browser, address, **typed) -> dict:
    """What the page hands back when somebody fills it in."""
    shown = browser.get(address).context["form"]
    hidden = {name: shown[name].value() for name in ("version", "seen")}
    return hidden | {"reason": "Afgerond", "on": "2-11-2026", "confirmed": "on"} | typed


def close(household, standing=(), by=None, reason="Afgerond", **changed) -> Household:
    values = {
        "household": household, "reason": reason, "on": dt.date(2026, 11, 2), "version": household.version,
        "cancels": {one.pk: one.version for one in standing}, "by": by or household.owner.user, "now": clock.now(),
    }  # fmt: skip
    return actions.end_help(**values | changed)


def attempt(household, kind="phone", *, days_ago=0) -> ContactAttempt:
    now = clock.now() - dt.timedelta(days=days_ago)
    by = household.owner.user
    return log_contact_attempt(household=household, kind=kind, result="no_answer", by=by, now=now)


# In one step


def test_everything_that_stands_goes_in_the_same_step(counsellor, address, household, standing):
    make.term(household, "first_talk", "2026-11-02", "2026-11-30")
    page = text(counsellor.get(address))
    assert "10.00" in page
    assert "14.00" in page
    answer = counsellor.post(address, sent(counsellor, address))
    assert answer.url == reverse("household", args=[household.case_number])
    household.refresh_from_db()
    assert (household.exit_reason, household.closed_on) == ("Afgerond", dt.date(2026, 11, 2))
    assert set(Appointment.objects.filter(household=household).values_list("outcome", flat=True)) == {"E"}
    assert Term.objects.get(household=household).ended_on == dt.date(2026, 11, 2)
    reminder = Message.objects.get(household=household, kind="reminder")
    assert (reminder.state, reminder.reason) == ("withdrawn", "closed")
    # Who had an appointment hears that it does not go on (R-16).
    assert Message.objects.filter(household=household, kind="cancelled", state="planned").count() == 2
    assert AuditEntry.objects.filter(action="close_household").count() == 1
    assert "gesloten" in text(counsellor.get(answer.url))


def test_after_a_death_nothing_goes_out(household, standing):
    close(household, standing, reason="Overleden")
    assert not Message.objects.unsent().filter(household=household).exists()


def test_what_is_listed_must_be_confirmed_and_what_was_typed_stays(counsellor, address, household, standing):
    page = counsellor.post(address, sent(counsellor, address, reason="Verhuisd", confirmed=""))
    assert "Bevestig dat" in text(page)
    assert page.context["form"]["reason"].value() == "Verhuisd"
    assert not Household.objects.get(pk=household.pk).is_closed


def test_nothing_stands_then_nothing_is_to_be_confirmed(counsellor, address, household):
    values = sent(counsellor, address)
    del values["confirmed"]
    assert counsellor.post(address, values).status_code == 302


def test_an_appointment_that_came_meanwhile_is_shown_and_confirmed_again(
    cast, counsellor, address, household, standing
):
    values = sent(counsellor, address)
    make.appointment(household=household, counsellor=cast.samira, start="2026-11-17 09:00")
    page = counsellor.post(address, values)
    assert "De afspraken zijn intussen veranderd" in text(page)
    assert not page.context["form"]["confirmed"].value()
    assert not Household.objects.get(pk=household.pk).is_closed
    assert set(Appointment.objects.filter(household=household).values_list("outcome", flat=True)) == {""}
    again = {name: page.context["form"][name].value() for name in ("version", "seen", "reason", "on")}
    assert counsellor.post(address, again | {"confirmed": "on"}).status_code == 302
    assert not Appointment.objects.standing(clock.now()).filter(household=household).exists()


def test_a_change_meanwhile_is_told_first_and_then_chosen(counsellor, address, household):
    values = sent(counsellor, address)
    Household.objects.filter(pk=household.pk).update(version=2)
    page = counsellor.post(address, values)
    assert "Een collega heeft dit intussen gewijzigd" in text(page)
    assert not Household.objects.get(pk=household.pk).is_closed
    again = {name: page.context["form"][name].value() for name in ("version", "seen", "reason", "on")}
    assert counsellor.post(address, again).status_code == 302


def test_closing_twice_closes_once_and_another_reason_is_refused(household):
    close(household)
    assert close(household, version=1).is_closed
    assert AuditEntry.objects.filter(action="close_household").count() == 1
    with pytest.raises(HouseholdClosed, match="Een collega heeft"):
        close(household, reason="Verhuisd")


@pytest.mark.parametrize(
    "typed",
    [{"reason": ""}, {"reason": "x"}, {"on": ""}, {"on": "3-11-2026"}, {"on": "1-11-2026"}, {"on": "nooit"},
     {"seen": "1"}, {"seen": "x.y"}, {"seen": "9" * 40 + ".1"}, {"version": "x"}, {"version": ""}],
)  # fmt: skip
def test_what_is_wrong_closes_nothing_and_keeps_what_was_typed(counsellor, address, household, typed):
    page = counsellor.post(address, sent(counsellor, address, **typed))
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not Household.objects.get(pk=household.pk).is_closed


# Who may (decision 0036)


def test_counsellors_close_their_own_and_supervisors_all(cast, browse, household):
    strange = reverse("close_household", args=[cast.strange.case_number])
    counsellor = browse(cast.samira.user)
    counsellor.post(reverse("access_reason", args=[cast.strange.case_number]), {"kind": "cover"})
    assert counsellor.get(strange).status_code == 403
    assert counsellor.post(strange, {}).status_code == 403
    assert browse(cast.users[Role.SUPERVISOR]).get(strange).status_code == 200
    with pytest.raises(actions.MayNotClose):
        close(cast.strange, by=cast.samira.user)
    with pytest.raises(actions.MayNotClose):
        close(household, by=cast.users[Role.DESK])


def test_the_button_is_there_for_who_may_while_it_is_open(cast, browse, counsellor, address, household):
    page = reverse("household", args=[household.case_number])
    assert address in text(counsellor.get(page))
    assert address not in text(browse(cast.users[Role.DESK]).get(page))
    close(household)
    assert address not in text(counsellor.get(page))
    assert counsellor.get(address).url == page


# Did not appear (R-25)


@pytest.mark.parametrize(
    ("attempts", "enough"),
    [
        ([], False),
        ([("phone", 0), ("phone", 1), ("phone", 2)], False),
        ([("phone", 0), ("letter", 1)], False),
        ([("phone", 0), ("letter", 1), ("phone", 31)], False),
        ([("phone", 0), ("letter", 1), ("phone", 30)], True),
    ],
)
def test_did_not_appear_asks_three_attempts_in_two_ways_within_thirty_days(household, attempts, enough):
    for kind, days_ago in attempts:
        attempt(household, kind, days_ago=days_ago)
    if enough:
        assert close(household, reason="Nietverschenen").is_closed
        return
    with pytest.raises(actions.TooFewAttempts):
        close(household, reason="Nietverschenen")


def test_attempts_by_telephone_for_an_appointment_count_too(cast, household):
    past = make.appointment(household=household, counsellor=cast.samira, start="2026-10-29 10:00")
    for minute in (0, 10):
        at = past.starts_at + dt.timedelta(minutes=minute)
        PhoneAttempt.objects.create(appointment=past, at=at, by=cast.samira.user)
    made = actions.attempts_to_reach(household, now=clock.now())
    assert (made.number, made.kinds) == (2, 1)
    attempt(household, "visit")
    assert close(household, reason="Nietverschenen").is_closed


def test_no_task_closes_anything_however_often_somebody_was_tried(household, settings):
    """R-25: a person does that. All that runs by itself runs, on the days after."""
    for kind in ("phone", "letter", "visit", "phone"):
        attempt(household, kind)
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    app.loader.import_default_modules()
    for day in ("2026-11-03", "2026-12-01", "2027-03-01"):
        with time_machine.travel(make.moment(f"{day} 09:05"), tick=False):
            for name in sorted(names):
                app.tasks[name]()
    household.refresh_from_db()
    assert not household.is_closed


def test_the_refusal_stands_at_the_reason(counsellor, address, household):
    page = counsellor.post(address, sent(counsellor, address, reason="Nietverschenen"))
    assert "minstens 3, op minstens 2 manieren" in str(page.context["form"].errors["reason"])


# Attempts


def test_an_attempt_stands_on_the_timeline_once(counsellor, household):
    door = reverse("add_contact_attempt", args=[household.case_number])
    values = {"token": str(uuid.uuid4()), "kind": "visit", "result": "no_answer"}
    for _time in range(2):
        assert counsellor.post(door, values).status_code == 302
    assert ContactAttempt.objects.count() == 1
    assert AuditEntry.objects.filter(action="log_contact_attempt").count() == 1
    page = text(counsellor.get(reverse("household", args=[household.case_number]) + "?kind=notes"))
    assert "Contactpoging</strong>: Huisbezoek, Geen gehoor" in page


@pytest.mark.parametrize(
    "typed", [{"kind": ""}, {"kind": "duif"}, {"result": ""}, {"result": "voicemail"}, {"token": "x"}]
)
def test_a_wrong_attempt_is_not_kept(counsellor, household, typed):
    door = reverse("add_contact_attempt", args=[household.case_number])
    page = counsellor.post(door, {"token": str(uuid.uuid4()), "kind": "letter", "result": "left"} | typed)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert not ContactAttempt.objects.exists()


def test_a_closed_household_is_not_tried_any_more(household):
    close(household)
    with pytest.raises(HouseholdClosed):
        attempt(household)


# Merged meanwhile (R-53)


def test_nothing_new_is_kept_with_a_row_that_was_merged_meanwhile(cast, household):
    Household.objects.filter(pk=household.pk).update(
        merged_into=cast.own, owner=None, mobile="", phone="", email="", postcode="", search_name=""
    )
    for act in (
        lambda: attempt(household),
        lambda: write_note(household=household, kind="note", text="Belde", by=cast.samira.user, now=clock.now()),
        lambda: add_member(household=household, person=None, by=cast.samira.user, now=clock.now()),
    ):
        with pytest.raises(MergedMeanwhile):
            act()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_asks_as_much_for_one_appointment_as_for_three(
    cast, counsellor, address, household, django_assert_num_queries, rows
):
    for day in range(rows):
        make.appointment(household=household, counsellor=cast.samira, start=f"2026-11-1{day} 10:00")
        attempt(household)
    with django_assert_num_queries(15):
        counsellor.get(address)
