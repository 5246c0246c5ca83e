"""What the logs may hold: a path, a status, who by number. Never what somebody typed, nor a row (R-43, R-98)."""

import io
import json
import logging

import pytest
from celery.app.trace import build_tracer
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.urls import include, path

from casework.core.models import Role
from etf.celery import app
from tests import make

SAID = ("Achternaamson", "0612345678", "+31612345678", "111222333", "stil-water-9")


@login_not_required
def breaks(request):
    """The database refuses a row, and says which one; and something else goes wrong because of it."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "create temporary table refused (mobile text, surname text, check (surname = '')) on commit drop"
            )
            cursor.execute("insert into refused values (%s, %s)", SAID[:2])
    except Exception as error:
        raise ValueError(SAID) from error


urlpatterns = [path("breekt", breaks), path("", include("etf.urls"))]
handler500 = "casework.core.views.server_error"


@pytest.fixture
def lines(caplog):
    """The log as it is written: one JSON object a line."""
    caplog.set_level(logging.DEBUG)
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(next(one.formatter for one in logging.getLogger().handlers if one.name == "console"))
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def said_in(lines) -> list[str]:
    # Queries are logged at DEBUG only, and settings raise that logger to WARNING: a test of its own, below.
    text = json.dumps([line for line in lines() if line["logger"] != "django.db.backends"])
    return [word for word in SAID if word in text]


def test_a_search_is_logged_by_its_path_alone(browse, lines, db):
    make.household(surname="Achternaamson")
    page = browse(make.user(Role.DESK)).get("/huishoudens/?q=Achternaamson 0612345678")
    assert page.status_code == 200
    assert [line["request"] for line in lines() if line["event"] == "request_started"] == ["GET /huishoudens/"]
    assert said_in(lines) == []


def test_what_is_sent_in_a_form_is_not_logged(client, lines, db):
    client.post("/inloggen/?next=/huishoudens/?q=0612345678", {"login": "Achternaamson", "password": "stil-water-9"})
    assert "POST /inloggen/" in [line.get("request") for line in lines()]
    assert said_in(lines) == []


def test_an_address_that_does_not_exist_is_logged_without_what_followed_it(client, lines, db):
    assert client.get("/niets?q=0612345678").status_code == 404
    assert said_in(lines) == []


@pytest.mark.urls(__name__)
def test_a_page_that_breaks_logs_where_but_not_the_words_of_the_error(client, lines, db):
    client.raise_request_exception = False
    assert client.get("/breekt?bsn=111222333").status_code == 500
    (failed,) = [line for line in lines() if line["event"] == "request_failed"]
    assert failed["request"] == "GET /breekt"
    assert "CheckViolation" in failed["exception"]
    assert failed["exception"].endswith("ValueError")
    assert "in breaks" in failed["exception"]
    assert said_in(lines) == []


def test_a_task_that_breaks_logs_its_name_but_not_the_words_of_the_error(lines):
    @app.task(name="tests.breaks", shared=False)
    def task():
        raise ValueError(SAID)

    try:
        build_tracer(task.name, task, app=app)("an-id", (), {}, {"id": "an-id", "retries": 0})
    finally:
        app.tasks.pop("tests.breaks")
    (failed,) = [line for line in lines() if line["logger"] == "celery.app.trace"]
    assert failed["event"] == "Task tests.breaks[an-id] failed"
    assert failed["exception"].endswith("ValueError")
    assert said_in(lines) == []


def test_the_user_is_a_number_in_the_log(browse, lines, db):
    desk = make.user(Role.DESK, username="achterna", name="Jo Achternaamson")
    browse(desk).get("/profiel/")
    assert desk.pk in [line.get("user_id") for line in lines()]
    assert "achterna" not in json.dumps(lines()).lower()


def test_queries_with_their_values_are_not_logged(settings):
    assert settings.LOGGING["loggers"]["django.db.backends"]["level"] == "WARNING"
    assert not logging.getLogger("django.db.backends").isEnabledFor(logging.DEBUG)
