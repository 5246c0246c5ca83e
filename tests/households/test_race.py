"""Two desks at the same moment: one household per form (R-17), one owner per BSN (R-52), no change lost (R-19)."""

import threading
import uuid

import pytest
from django.db import connection

from casework.core.refusals import ChangedMeanwhile
from casework.households import actions
from casework.households.actions import NewMember
from casework.households.models import Household, Member
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20


def together(*works) -> list:
    """Each in a thread of its own; what it gave, or the refusal it met."""
    gave = [None] * len(works)

    def run(place, work):
        try:
            gave[place] = work()
        except Exception as refused:
            gave[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    return gave


@pytest.fixture
def both_have_looked(monkeypatch):
    """Holds each registration after its check for duplicates until the other has made its own."""
    barrier, look = threading.Barrier(2, timeout=PATIENCE), actions.find_duplicates

    def look_and_wait(**asked):
        found = look(**asked)
        barrier.wait()
        return found

    monkeypatch.setattr(actions, "find_duplicates", look_and_wait)


def register(surname: str, now, *, bsn: str = "", token=None):
    client = NewMember(given_names="Fatou", surname=surname, bsn=bsn)
    return lambda: actions.register_household(
        client=client, contact={}, location=None, form_token=token, by=None, now=now
    )


def test_one_form_sent_twice_at_once_is_one_household(now, both_have_looked):
    token = uuid.uuid4()
    first, second = together(register("Ndiaye", now, token=token), register("Ndiaye", now, token=token))
    assert isinstance(first, Household)
    assert first == second
    assert (Household.objects.count(), Member.objects.count()) == (1, 1)


def test_one_bsn_at_two_desks_is_one_person(now, both_have_looked):
    gave = together(register("Ndiaye", now, bsn="999900109"), register("Diop", now, bsn="999900109"))
    made = [one for one in gave if isinstance(one, Household)]
    refused = [one for one in gave if isinstance(one, actions.BsnKnown)]
    assert (len(made), len(refused)) == (1, 1)
    assert refused[0].household == made[0]
    assert Household.objects.count() == 1


def test_of_two_changes_at_once_the_second_is_told(now, joris, ingrid):
    household = make.household()
    change = {"household": household, "version": 1, "now": now}
    gave = together(
        lambda: actions.change_contact(**change, values={"mobile": "+31600000001"}, by=joris),
        lambda: actions.change_contact(**change, values={"mobile": "+31600000002"}, by=ingrid),
    )
    kept = [one for one in gave if isinstance(one, Household)]
    assert [type(one) for one in gave if one not in kept] == [ChangedMeanwhile]
    household.refresh_from_db()
    assert (household.mobile, household.version) == (kept[0].mobile, 2)


def test_a_household_is_given_to_one_of_two(now, ingrid):
    household = make.household()
    owners = [make.counsellor(), make.counsellor()]
    gave = together(*(
        lambda owner=owner: actions.allocate_household(household=household, owner=owner, by=ingrid, now=now)
        for owner in owners
    ))  # fmt: skip
    assert sorted(type(one).__name__ for one in gave) == ["Household", "OwnedAlready"]
