"""What every test stands on: strict templates, no outside network, one login per role, and the moment of most tests."""

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import translation

from casework.core.models import Role
from tests import make


@pytest.fixture(scope="session", autouse=True)
def _audit_may_be_emptied_between_tests():
    """Tests with real transactions empty all tables afterwards; the audit trail refuses that, so its triggers rest."""
    empty = TransactionTestCase._fixture_teardown

    def empty_all(case):
        _audit_triggers("disable")
        try:
            empty(case)
        finally:
            _audit_triggers("enable")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_all)
        yield


def _audit_triggers(word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"alter table casework_auditentry {word} trigger user")


@pytest.fixture(autouse=True)
def _dutch():
    """A page in English leaves its language behind in the thread; every test starts in Dutch."""
    translation.activate("nl")


@pytest.fixture(autouse=True)
def _empty_cache():
    """Failed logins are counted in the cache; no test should see another's."""
    cache.clear()


def pytest_configure(config):
    """The Dutch catalogue is compiled once, before the first page is made."""
    if not hasattr(config, "workerinput"):
        from casework.management.commands.etf_messages import compile_catalogue

        compile_catalogue()


# Monday 2 November 2026, 09:00 in Rotterdam: the moment most examples of the rulebook start from.
NOW = "2026-11-02T09:00:00+01:00"


@pytest.fixture
def now():
    """Freezes the clock at NOW and returns that moment."""
    with time_machine.travel(make.moment(NOW), tick=False):
        yield make.moment(NOW)


@pytest.fixture
def feijenoord(db):
    return make.location("FEI", name="Vraagwijzer Feijenoord")


@pytest.fixture
def samira(feijenoord):
    """A counsellor at Feijenoord, all week."""
    return make.counsellor(at=feijenoord, name="Samira El Amrani", username="samira")


@pytest.fixture
def joris(feijenoord):
    return make.user(Role.DESK, username="joris", name="Joris de Wit", location=feijenoord)


@pytest.fixture
def ingrid(feijenoord):
    return make.user(Role.SUPERVISOR, username="ingrid", name="Ingrid Smit", location=feijenoord)


@pytest.fixture
def everyone(db, samira, joris, ingrid):
    """One user per role, by role."""
    return {
        Role.DESK: joris,
        Role.COUNSELLOR: samira.user,
        Role.SUPERVISOR: ingrid,
        Role.PARTNER: make.user(Role.PARTNER),
        Role.ADMIN: make.user(Role.ADMIN),
        Role.PRIVACY_OFFICER: make.user(Role.PRIVACY_OFFICER),
    }


@pytest.fixture
def browse():
    """`browse(user)` gives a client that is logged in as that user."""

    def log_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in
