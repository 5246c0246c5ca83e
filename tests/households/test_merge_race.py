"""Two merges that cross, at once: one happens, and neither waits for the other for ever (R-53)."""

import threading

import pytest
from django.db import connection

from casework.appointments import actions
from casework.core.models import Role
from casework.core.refusals import Refused
from casework.households.models import Household, Merge, MergeState
from tests import make

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_two_merges_that_cross_make_one():
    one, other = make.household(), make.household()
    boss, now = make.user(Role.SUPERVISOR), make.moment("2026-11-02 09:00")
    ready, said = threading.Barrier(8), []

    def merge(first: Household, second: Household) -> None:
        try:
            ready.wait(timeout=30)
            actions.merge_households(one=first, other=second, takes=[], reason="Dubbel", by=boss, now=now)
            said.append("merged")
        except Refused:
            said.append("refused")
        except Exception as error:
            said.append(repr(error))
        finally:
            connection.close()

    pairs = [(one, other), (other, one)] * 4
    threads = [threading.Thread(target=merge, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(said) == ["merged"] + ["refused"] * 7
    assert Merge.objects.get().state == MergeState.MERGED
    assert Household.objects.get(merged_into=one) == other
