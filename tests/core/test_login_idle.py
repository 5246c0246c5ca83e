"""Thirty minutes without a sign of life end a session; what was half filled in waits a day for its owner (R-98)."""

import datetime as dt
import json

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection

from casework.core import clock, tasks
from casework.core.login import concepts
from casework.core.models import AuditEntry, Concept, Role
from tests import make

LOGIN = "/inloggen/"
PAGE = "/huishoudens/aanmelden/"
KEEP = "/sessie/concept/"


@pytest.fixture
def travel(db):
    with time_machine.travel(make.moment("2026-11-02 09:00"), tick=False) as travel:
        yield travel


@pytest.fixture
def joris(travel):
    return make.user(Role.DESK, username="joris")


@pytest.fixture
def at_work(client, joris):
    """A browser in which Joris has logged in."""
    client.post(LOGIN, {"login": "joris", "password": make.PASSWORD})
    return client


def minutes(number: float) -> dt.timedelta:
    return dt.timedelta(minutes=number)


def keep(client, fields: dict, page: str = PAGE):
    return client.post(KEEP, {"concept": json.dumps({"page": page, "fields": fields})})


def kept() -> dict:
    return json.loads(Concept.objects.get().fields)


# The limit


def test_the_limit_is_thirty_minutes_to_the_second(at_work, travel):
    travel.shift(minutes(30))
    assert at_work.get("/").status_code == 200
    travel.shift(minutes(30) + dt.timedelta(seconds=1))
    assert at_work.get("/").url == "/inloggen/?next=/&ended=1"
    assert at_work.get("/").url == "/inloggen/?next=/", "said once"


def test_the_login_page_says_why(at_work, travel):
    travel.shift(minutes(31))
    page = at_work.get("/", follow=True).content.decode()
    assert "U was 30 minuten niet actief. Log opnieuw in." in page
    assert "concept" not in page
    page = at_work.get(LOGIN, {"ended": "concept"}).content.decode()
    assert "U was 30 minuten niet actief. Log opnieuw in; uw concept is bewaard." in page


def test_a_cookie_that_outlived_its_session_leads_nowhere(at_work, travel):
    """Also when the row of the session was never looked at again."""
    key = at_work.session.session_key
    travel.shift(minutes(31))
    at_work.get("/")
    at_work.cookies["sessionid"] = key
    assert at_work.get("/").status_code == 302


def test_a_login_without_a_first_page_ends_too(at_work, travel):
    """The half hour starts at logging in, not at the page after it."""
    travel.shift(minutes(31))
    assert at_work.post("/sessie/verlengen/").status_code == 302


def test_the_end_of_a_session_leaves_a_line(at_work, joris, travel):
    travel.shift(minutes(31))
    at_work.get("/")
    line = AuditEntry.objects.latest("id")
    assert (line.action, line.username, line.object_key) == ("session_expired", "joris", f"user:{joris.pk}")


def test_i_am_still_here_starts_the_half_hour_again(at_work, travel):
    travel.shift(minutes(28))
    assert at_work.post("/sessie/verlengen/").status_code == 204
    travel.shift(minutes(29))
    assert at_work.get("/").status_code == 200


def test_looking_for_doubles_is_no_sign_of_life(at_work, travel):
    """The warning takes the focus out of a field, and the page then looks by itself (R-52, R-98)."""
    travel.shift(minutes(28))
    assert at_work.post("/huishoudens/aanmelden/lijkt-op/", {"mobile": "06 87654321"}).status_code == 200
    travel.shift(minutes(3))
    assert at_work.get("/").url == "/inloggen/?next=/&ended=1"


def test_keeping_a_draft_is_no_sign_of_life(at_work, travel):
    """A script does it; otherwise an abandoned screen would stay open for ever."""
    travel.shift(minutes(28))
    assert keep(at_work, {"given_names": ["Fatou"]}).status_code == 204
    travel.shift(minutes(3))
    assert at_work.get("/").url == "/inloggen/?next=/&ended=1"


def test_the_page_knows_when_to_warn(at_work, settings):
    page = at_work.get("/").content.decode()
    assert 'data-warn-after="1680"' in page
    assert 'data-end-after="1800"' in page
    assert "idle.js" not in at_work.get("/healthz").content.decode()


def test_the_login_page_has_no_clock(client, db):
    assert 'id="idle"' not in client.get(LOGIN).content.decode()


def test_the_cookie_ends_with_the_browser(client, joris):
    """Shared computers: nothing to come back to."""
    answer = client.post(LOGIN, {"login": "joris", "password": make.PASSWORD})
    cookie = answer.cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"]) == ("", "")
    assert cookie["httponly"]


# Drafts


def test_a_draft_comes_back_to_the_form_it_was_typed_in(at_work, travel):
    keep(at_work, {"given_names": ["Fatou"], "threats": ["eviction", "energy"]})
    travel.shift(minutes(31))
    at_work.get(PAGE)
    answer = at_work.post(LOGIN, {"login": "joris", "password": make.PASSWORD, "next": PAGE})
    page = at_work.get(answer.url).content.decode()
    assert 'id="concept-offer"' in page
    assert "Uw concept van ma 2 nov 09.00 uur is bewaard." in page
    assert f'<a href="{PAGE}">Open het formulier</a>' in page
    fields = at_work.get(KEEP, {"page": PAGE}).json()["fields"]
    assert fields == {"given_names": ["Fatou"], "threats": ["eviction", "energy"]}


def test_other_pages_offer_nothing(at_work):
    keep(at_work, {"given_names": ["Fatou"]})
    assert 'id="concept-offer"' not in at_work.get("/profiel/").content.decode()


def test_the_database_holds_nothing_readable(at_work):
    keep(at_work, {"surname": ["Ndiaye"]})
    with connection.cursor() as cursor:
        cursor.execute("select fields from casework_concept")
        stored = cursor.fetchone()[0]
    assert stored.startswith("local:")
    assert "Ndiaye" not in stored


@pytest.mark.parametrize(
    "name",
    ["password", "new_password", "id_wachtwoord", "token", "csrfmiddlewaretoken", "form_token", "bsn", "member_bsn",
     "BSN", "code", "credential", "secret"],
)  # fmt: skip
def test_secrets_are_never_kept(at_work, name):
    keep(at_work, {name: ["geheim"], "given_names": ["Fatou"]})
    assert kept() == {"given_names": ["Fatou"]}


@pytest.mark.parametrize("typed", ["999900109", "9999.00.109", " 999900109 "])
def test_a_bsn_is_not_kept_whatever_the_field(at_work, typed):
    keep(at_work, {"note": [typed], "given_names": ["Fatou"]})
    assert kept() == {"given_names": ["Fatou"]}


def test_a_form_with_nothing_in_it_is_no_draft(at_work):
    keep(at_work, {"given_names": ["  "], "bsn": ["999900109"]})
    assert not Concept.objects.exists()


def test_the_newest_draft_of_a_page_replaces_the_older(at_work):
    keep(at_work, {"given_names": ["Fatou"]})
    keep(at_work, {"given_names": ["Fatima"]})
    assert kept() == {"given_names": ["Fatima"]}


def test_nobody_gets_a_draft_of_somebody_else(at_work, browse):
    keep(at_work, {"given_names": ["Fatou"]})
    other = browse(make.user(Role.DESK))
    assert other.get(KEEP, {"page": PAGE}).status_code == 204
    other.post("/sessie/concept/weg/", {"page": PAGE})
    assert Concept.objects.count() == 1


@pytest.mark.parametrize(
    "sent",
    ["", "x", "[]", "{}", "null", "1", '{"page": 1, "fields": {}}', '{"page": "/x/", "fields": []}',
     '{"page": "/profiel/", "fields": {"a": "text"}}', '{"page": "/profiel/", "fields": {"a": [1]}}',
     '{"page": "/profiel/", "fields": {"a": ["\\u0000"]}}', '{"page": "/bestaat-niet/", "fields": {"a": ["b"]}}',
     '{"page": "/cijfers/", "fields": {"a": ["b"]}}', '{"page": "//kwaad.example/profiel/", "fields": {"a": ["b"]}}',
     json.dumps({"page": "/profiel/", "fields": {"a": ["b" * 20_001]}}),
     json.dumps({"page": "/profiel/", "fields": {str(number): ["b"] for number in range(201)}}),
     json.dumps({"page": "/" + "p" * 400, "fields": {"a": ["b"]}})],
)  # fmt: skip
def test_what_our_own_script_would_not_send_is_refused(at_work, sent):
    answer = at_work.post(KEEP, {"concept": sent})
    assert (answer.status_code, Concept.objects.count()) == (400, 0)


def test_sending_the_form_takes_the_draft_away(at_work):
    keep(at_work, {"initials_mode": ["on"]}, page="/profiel/")
    keep(at_work, {"given_names": ["Fatou"]})
    at_work.post("/profiel/", {"initials_mode": "on"})
    assert [one.page for one in Concept.objects.all()] == [PAGE]


def test_a_form_that_was_refused_keeps_its_draft(at_work):
    keep(at_work, {"given_names": ["Fatou"]})
    assert at_work.post(PAGE, {"given_names": "Fatou"}).status_code == 200
    assert Concept.objects.count() == 1


def test_throwing_it_away(at_work):
    keep(at_work, {"given_names": ["Fatou"]})
    assert at_work.post("/sessie/concept/weg/", {"page": PAGE}).url == PAGE
    assert not Concept.objects.exists()
    assert 'id="concept-offer"' not in at_work.get(PAGE).content.decode()


def test_throwing_away_never_sends_to_another_site(at_work):
    assert at_work.post("/sessie/concept/weg/", {"page": "//kwaad.example/profiel/"}).url == "/"
    assert at_work.post("/sessie/concept/weg/", {"page": "\x00"}).url == "/"


def test_after_a_day_a_draft_is_gone(at_work, joris, travel):
    keep(at_work, {"given_names": ["Fatou"]})
    travel.shift(dt.timedelta(hours=23, minutes=59))
    assert concepts.find(user=joris, page=PAGE, now=clock.now())
    assert tasks.clear_logins() == 0
    travel.shift(minutes(1))
    assert concepts.find(user=joris, page=PAGE, now=clock.now()) is None
    assert tasks.clear_logins() == 1
    assert tasks.clear_logins() == 0
    assert not Concept.objects.exists()
    assert not Session.objects.exists(), "sessions that are over go too"


def test_a_session_that_idled_out_is_not_shown_as_running(at_work, joris, travel, browse):
    travel.shift(minutes(31))
    elsewhere = browse(joris)
    assert "Alleen in deze browser." in elsewhere.get("/profiel/").content.decode()
