"""Tasks about a household: who may have, change and end them, what is taken back, what ends with the help (S08)."""

import datetime as dt
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casework.core import clock
from casework.core.models import AuditEntry, Role
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.households import actions
from casework.households.models import Task, TaskState
from tests import make
from tests.cast import ONE_CAST

pytestmark = ONE_CAST

DUE = dt.date(2026, 11, 9)


@pytest.fixture
def household(cast):
    return make.household(given="Aisha", surname="Test", owner=cast.samira, location=cast.place)


def write(household, by=None, **changed) -> Task:
    by = by or household.owner.user
    values = {"text": "Bel de verhuurder", "due_on": DUE, "owner": by} | changed
    return actions.add_task(household=household, by=by, now=clock.now(), **values)


def settle(task, by, state=TaskState.DONE, **given) -> Task:
    return actions.settle_task(task=task, state=state, by=by, now=clock.now(), **given)


def test_a_task_is_written_down_once_per_form(household):
    token = uuid4()
    first = write(household, form_token=token)
    assert write(household, form_token=token, text="Iets anders") == first
    assert Task.objects.count() == 1
    assert AuditEntry.objects.filter(action="add_task", object_key=f"household:{household.pk}").count() == 1


def test_the_audit_trail_does_not_say_what_must_be_done(household):
    write(household, text="Geheime zaak")
    assert not AuditEntry.objects.filter(details__icontains="Geheime").exists()


def test_what_says_nothing_is_refused_at_its_field(household):
    with pytest.raises(Refused) as refused:
        write(household, text="  ")
    assert refused.value.field == "text"


def test_nothing_new_starts_for_a_closed_household_but_a_request(household):
    by = household.owner.user
    actions.close_household(household=household, reason="Afgerond", on=dt.date(2026, 11, 2), by=by, now=clock.now())
    with pytest.raises(actions.HouseholdClosed):
        write(household)
    assert write(household, kind="inspection", owner=None, role=Role.PRIVACY_OFFICER).is_open


@pytest.mark.parametrize("values", [{"owner": None, "role": ""}, {"role": "desk"}])
def test_a_task_is_of_one_person_or_of_a_role(household, values):
    by = household.owner.user
    columns = {"owner": by, "role": ""} | values
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.create(household=household, text="x", due_on=DUE, made_at=clock.now(), made_by=by, **columns)


def test_ending_is_repeatable_and_never_overwritten(household, cast):
    by = household.owner.user
    task = settle(write(household), by, result="Hij belt terug")
    assert (task.settled_by, task.result) == (by, "Hij belt terug")
    assert settle(task, cast.users[Role.SUPERVISOR]).settled_by == by
    with pytest.raises(actions.TaskSettled):
        settle(task, cast.users[Role.SUPERVISOR], TaskState.DROPPED)
    assert AuditEntry.objects.filter(action="settle_task").count() == 1


def test_only_whose_task_it_is_the_counsellor_and_supervisors_end_it(household, cast):
    other = make.user(Role.COUNSELLOR)
    with pytest.raises(actions.NotYourTask):
        settle(write(household), other)
    # For anybody in a role, and one's own household's whoever has the task.
    assert (
        settle(write(household, owner=None, role=Role.DESK), cast.users[Role.DESK]).settled_by == cast.users[Role.DESK]
    )
    assert settle(write(household, owner=other), household.owner.user).state == TaskState.DONE
    assert settle(write(household, owner=other), cast.users[Role.SUPERVISOR]).state == TaskState.DONE


def test_ten_minutes_long_it_can_be_taken_back(household):
    by, ten = household.owner.user, clock.now() + dt.timedelta(minutes=10)
    task = settle(write(household), by, result="Gebeld")
    back = actions.reopen_task(task=task, by=by, now=ten)
    assert (back.state, back.settled_at, back.result) == (TaskState.OPEN, None, "")
    assert actions.reopen_task(task=task, by=by, now=ten).is_open
    settle(task, by)
    with pytest.raises(actions.TooLateToUndo):
        actions.reopen_task(task=task, by=by, now=ten + dt.timedelta(seconds=1))


def test_a_change_never_overwrites_a_colleagues(household, cast):
    task, by = write(household), household.owner.user
    values = {"text": "Bel de gemeente", "due_on": DUE, "move": "partner", "owner": by}
    assert actions.change_task(task=task, values=values, version=1, by=by, now=clock.now()).version == 2
    assert actions.change_task(task=task, values=values, version=1, by=by, now=clock.now()).version == 2
    with pytest.raises(ChangedMeanwhile):
        actions.change_task(task=task, values=values | {"text": "x"}, version=1, by=by, now=clock.now())
    settle(task, by)
    with pytest.raises(actions.TaskSettled):
        actions.change_task(task=task, values=values, version=3, by=by, now=clock.now())


def test_what_waits_for_a_role_gets_an_owner_or_goes_on_waiting(household, cast):
    task, by = write(household, owner=None, role=Role.SUPERVISOR), cast.users[Role.SUPERVISOR]
    values = {"text": "Zoek plek", "due_on": DUE, "move": "us", "owner": None}
    assert actions.change_task(task=task, values=values, version=1, by=by, now=clock.now()).role == Role.SUPERVISOR
    taken = actions.change_task(task=task, values=values | {"owner": by}, version=2, by=by, now=clock.now())
    assert (taken.owner, taken.role) == (by, "")


def test_what_went_with_the_help_ends_with_it_and_a_request_stays(household):
    by = household.owner.user
    plain, request = write(household), write(household, kind="deletion")
    actions.close_household(household=household, reason="Afgerond", on=dt.date(2026, 11, 2), by=by, now=clock.now())
    plain.refresh_from_db()
    request.refresh_from_db()
    assert (plain.state, request.state) == (TaskState.DROPPED, TaskState.OPEN)
    with pytest.raises(actions.HouseholdClosed):
        actions.reopen_task(task=plain, by=by, now=clock.now())


# Doors


def seen(browser, query="") -> list[str]:
    return [one.text for one in browser.get(reverse("tasks") + query).context["page"].object_list]


def test_everybody_sees_their_own_and_their_role_first(household, cast, browse):
    write(household, text="Samira belt")
    write(household, text="Balie belt", owner=None, role=Role.DESK)
    write(household, text="Ingrid beslist", owner=cast.users[Role.SUPERVISOR], due_on=dt.date(2026, 11, 3))
    assert seen(browse(cast.samira.user)) == ["Samira belt"]
    assert seen(browse(cast.samira.user), "?whose=all") == ["Ingrid beslist", "Samira belt", "Balie belt"]
    assert seen(browse(cast.users[Role.DESK])) == ["Balie belt"]
    assert seen(browse(cast.users[Role.DESK]), "?whose=all") == ["Balie belt"]
    assert seen(browse(cast.users[Role.SUPERVISOR]), "?whose=all&sort=-due") == [
        "Balie belt",
        "Samira belt",
        "Ingrid beslist",
    ]
    assert seen(browse(cast.users[Role.SUPERVISOR]), "?move=resident") == []


def test_an_unknown_filter_is_left_out_with_a_notice(household, cast, browse):
    write(household)
    page = browse(cast.samira.user).get(reverse("tasks") + "?state=x&move=y&sort=z")
    assert page.status_code == 200
    assert page.context["ignored"]


def test_ending_and_undoing_from_the_list(household, cast, browse):
    task, browser = write(household), browse(cast.samira.user)
    browser.post(reverse("settle_task", args=[task.pk]), {"state": "done", "back": "state=open"})
    page = browser.get(reverse("tasks"))
    assert page.context["just_ended"] == [task]
    browser.post(reverse("reopen_task", args=[task.pk]))
    task.refresh_from_db()
    assert task.is_open


@pytest.mark.parametrize("state", ["", "open", "x"])
def test_no_other_end_than_two(household, cast, browse, state):
    task, browser = write(household), browse(cast.samira.user)
    page = browser.post(reverse("settle_task", args=[task.pk]), {"state": state}, follow=True)
    assert "Kies of de taak gedaan is" in page.content.decode()
    task.refresh_from_db()
    assert task.is_open


def test_a_task_of_somebody_else_is_not_there(household, cast, browse):
    task, desk = write(household), browse(cast.users[Role.DESK])
    assert desk.post(reverse("settle_task", args=[task.pk]), {"state": "done"}).status_code == 404
    assert desk.get(reverse("change_task", args=[household.case_number, task.pk])).status_code == 404
    assert "Bel de verhuurder" not in desk.get(reverse("household", args=[household.case_number])).content.decode()


def test_a_day_that_has_passed_is_asked_again(household, cast, browse):
    door = reverse("add_task", args=[household.case_number])
    browser = browse(cast.samira.user)
    token = browser.get(door).context["form"]["token"].value()
    typed = {"token": token, "text": "Bel", "due_on": "1-11-2026", "move": "us", "owner": cast.samira.user.pk}
    page = browser.post(door, typed)
    assert page.context["form"].errors["due_on"] == ["Kies vandaag of een latere dag."]
    browser.post(door, typed | {"due_on": "9-11-2026"})
    assert Task.objects.get().due_on == DUE


def test_the_household_page_shows_what_is_open_and_what_was_done(household, cast, browse):
    settle(write(household, text="Gebeld en klaar"), cast.samira.user)
    write(household, text="Nog te doen")
    page = browse(cast.samira.user).get(reverse("household", args=[household.case_number]))
    assert [one["row"].text for one in page.context["tasks"]] == ["Nog te doen"]
    assert "Taak (Gedaan): Gebeld en klaar" in " ".join(page.content.decode().split())


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_asks_as_much_for_one_task_as_for_three(household, cast, browse, django_assert_num_queries, rows):
    for number in range(rows):
        write(make.household(owner=cast.samira, mobile=""), by=cast.samira.user, text=f"Taak {number}")
        settle(write(household, text=f"Klaar {number}"), cast.samira.user)
    browser = browse(cast.samira.user)
    with django_assert_num_queries(8):
        browser.get(reverse("tasks"))
