"""What every test stands on: strict templates, no outside network, one login per role, and the moment of most tests."""

import copy
import datetime as dt
import ipaddress
import logging
import os
import socket
import sys
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models.functions import Random
from django.db.models.sql.compiler import SQLCompiler
from django.template import engines
from django.test import Client, TestCase, TransactionTestCase, override_settings
from django.utils import translation
from django.utils.translation.reloader import translation_file_changed
from structlog.stdlib import ProcessorFormatter

from casework.appointments.models import known_moments
from casework.core import thresholds
from casework.core.models import Role
from casework.messaging import texts
from tests import leaks, make, seeds
from tests.cast import Cast, assemble

# Speed is measured in bench/, never in a test: a machine under load is slow, not wrong.
hypothesis.settings.register_profile("etf", deadline=None)
hypothesis.settings.load_profile("etf")


class UndefinedVariable(str):
    """Django asks this when a template names something that is not there; templates of other packages may."""

    own = str(Path(__file__).resolve().parent.parent / "templates")

    def __contains__(self, text):
        return text == "%s"

    def __mod__(self, variable):
        template = sys._getframe(1).f_locals["context"].render_context.template
        if template.origin.name.startswith(self.own):
            raise AssertionError(f"{template.name} names {variable}, which is not there")
        return ""


@pytest.fixture(scope="session", autouse=True)
def _undefined_template_variables_fail():
    """A misspelt variable would show nothing. `{% if x %}` may still ask for what is not there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engines["django"].engine, "string_if_invalid", UndefinedVariable("undefined"))
        yield


@pytest.fixture(scope="session", autouse=True)
def _unordered_rows_come_in_any_order():
    """PostgreSQL promises no order without ORDER BY; here it never has one by chance."""
    get_order_by = SQLCompiler.get_order_by

    def in_some_order(compiler):
        found = get_order_by(compiler)
        query = compiler.query
        rows = (query.default_cols or query.select) and query.group_by is None
        if found or not rows or query.distinct or query.combinator or query.subquery:
            return found
        by = Random().asc().resolve_expression(query, allow_joins=True, reuse=None)
        sql, params = compiler.compile(by)
        return [(by, (sql, params, False))]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SQLCompiler, "get_order_by", in_some_order)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_network():
    """Nothing but this machine, and the servers that the run was given."""
    given = {urlsplit(os.environ.get(name, "")).hostname for name in ("DATABASE_URL", "REDIS_URL")}
    connect = socket.socket.connect

    def near_only(sock, address):
        if sock.family != socket.AF_UNIX and address[0] not in {"localhost", *given} and not _is_loopback(address[0]):
            raise AssertionError(f"a test reaches out to {address[0]}")
        return connect(sock, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", near_only)
        yield


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """A test with real transactions starts with the rows of migrations, and puts them back afterwards."""
    with django_db_blocker.unblock():
        seeds.keep()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_setup", classmethod(lambda case: None))
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: seeds.put_back())
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_connection_for_all_tests():
    """Django closes the connection after each test, and a new one has to learn all tables and triggers again."""

    def roll_back(case):
        if case._databases_support_transactions():
            case._rollback_atomics(case.cls_atomics)
        super(TestCase, case).tearDownClass()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TestCase, "tearDownClass", classmethod(roll_back))
        yield


@pytest.fixture(autouse=True)
def _dutch():
    """A page in English leaves its language behind in the thread; every test starts in Dutch."""
    translation.activate("nl")


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords():
    """Hashing is slow on purpose; logging in by the hundred need not be."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def _log_scan():
    formatter = next(one.formatter for one in logging.root.handlers if isinstance(one.formatter, ProcessorFormatter))
    return leaks.LogScan(formatter)


@pytest.fixture(autouse=True)
def leaked(_log_scan, monkeypatch):
    """No message, reference or line of a log betrays anybody, whatever a test does (R-43). What did, in words."""
    found = _log_scan.found = []
    # For each test anew: a worker that ran in this process takes the handlers of others away.
    logging.root.addHandler(_log_scan)
    monkeypatch.setattr("casework.messaging.actions.sending.channel_for", leaks.watching(found))
    yield found
    logging.root.removeHandler(_log_scan)
    assert not found


@pytest.fixture(autouse=True)
def _empty_cache():
    """Failed logins are counted in the cache; no test should see another's."""
    cache.clear()


@pytest.fixture(autouse=True)
def _thresholds_are_known():
    """Every test starts as a process that read the thresholds before, and found none; `make.threshold` lets it read."""
    thresholds.remember(values={}, until=dt.date.max)


@pytest.fixture(autouse=True)
def _moments_are_known():
    """As a process that read the moments of messages before, and found none; see `make.moments`."""
    known_moments.remember({}, until=dt.date.max)


@pytest.fixture(autouse=True)
def _texts_are_known():
    """As a process that read the texts of messages before, and found those that ETF comes with; see `make.message_text`."""
    texts.remember(wordings=make.texts_of_etf(), until=dt.date.max)
    texts.known_trials.remember({}, until=dt.date.max)


def pytest_collection_modifyitems(items):
    """What measures waiting or kills processes runs one at a time, also when tests run side by side."""
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.xdist_group("slow"))


def pytest_configure(config):
    """The Dutch catalogue is compiled once, before the first page is made."""
    if not hasattr(config, "workerinput"):
        from casework.management.commands.etf_messages import compile_catalogue

        # Django may have read the catalogue of an earlier run while it started.
        translation_file_changed(sender=None, file_path=compile_catalogue())


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


@pytest.fixture(scope="session")
def made_once(django_db_setup, django_db_blocker):
    """`with made_once(build) as made`: rows that a whole class or module starts from; each test goes back to them.

    Every test of it counts as one with a database: those without run last, when others may have emptied the tables.
    """

    @contextmanager
    def rows(build: Callable):
        with django_db_blocker.unblock(), transaction.atomic():
            with time_machine.travel(make.moment(NOW), tick=False):
                made = build()
            connection.check_constraints()
            with connection.cursor() as cursor:
                # What a test does is not of one transaction with what was made before it.
                cursor.execute("select set_config('etf.transaction', '', true)")
            yield made
            transaction.set_rollback(True)

    return rows


@pytest.fixture(scope="module")
def cast_of_module(made_once):
    """The cast, made once: for modules marked with `ONE_CAST`, in which every test that looks for rows asks for `cast`."""
    with made_once(assemble) as made:
        yield made


@pytest.fixture
def cast(request, now, db) -> Cast:
    if "cast_of_module" in request.fixturenames:
        return copy.deepcopy(request.getfixturevalue("cast_of_module"))
    return assemble()


@pytest.fixture
def browse():
    """`browse(user)` gives a client that is logged in as that user."""

    def log_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return log_in
