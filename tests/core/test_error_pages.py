"""Pages for when something is wrong (S29), and the doors that machines ask (health)."""

import re

import pytest
import redis
from django.db import DatabaseError, connection
from django.test import Client
from django.urls import reverse

from casework.core import views
from casework.overview import reads


@pytest.fixture
def desk(browse, joris):
    return browse(joris)


def title(page) -> str:
    return " ".join(page.content.decode().split("<title>")[1].split("</title>")[0].split())


def test_an_address_that_is_not_there(desk):
    page = desk.get("/bestaat-niet/")
    assert (page.status_code, title(page)) == (404, "Pagina niet gevonden – ETF")
    assert "eerste pagina" in page.content.decode()


def test_who_is_not_logged_in_gets_the_same_page_for_what_is_not_there(client, db):
    assert client.get("/bestaat-niet/").status_code == 404


@pytest.mark.parametrize("number", ["ETF-2026-999999", "x", "ETF%002026", "%F0%9F%98%80", "a" * 3000])
def test_a_household_that_is_not_there(desk, number):
    for part in ("", "contact/", "leden/", "dreiging/", "reden/", "afspraak/"):
        assert desk.get(f"/huishoudens/{number}/{part}").status_code == 404, part


def test_no_access_says_so_and_nothing_more(desk):
    page = desk.get(reverse("figures"))
    assert (page.status_code, title(page)) == (403, "U heeft geen toegang – ETF")
    assert "teamleider" in page.content.decode()


def test_a_form_that_is_too_old(joris):
    client = Client(enforce_csrf_checks=True)
    client.force_login(joris)
    page = client.post(reverse("register_household"), {"surname": "Ndiaye"})
    assert (page.status_code, title(page)) == (403, "Dit formulier is verlopen – ETF")


def test_a_request_that_is_not_understood(desk):
    page = desk.get("/", headers={"host": "kwaad.example"})
    assert (page.status_code, title(page)) == (400, "Dit verzoek is niet begrepen – ETF")


def test_more_fields_than_a_form_has(desk):
    page = desk.post(reverse("register_household"), {f"veld{number}": "x" for number in range(1500)})
    assert page.status_code == 400


def test_a_fault_of_ours_gives_a_reference_and_no_detail(desk, monkeypatch, now):
    def broken(moment):
        raise RuntimeError("geheim detail")

    monkeypatch.setattr(reads, "appointments_today", broken)
    desk.raise_request_exception = False
    page = desk.get("/")
    text = page.content.decode()
    assert (page.status_code, title(page)) == (500, "Er ging iets mis – ETF")
    assert "geheim detail" not in text
    assert re.search(r"Noem dit kenmerk: <strong>[0-9a-f]{8}</strong> \(ma 2 nov 09\.00\)", " ".join(text.split()))


@pytest.mark.django_db
def test_a_fault_page_needs_no_database_and_no_user(rf, now, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert views.server_error(rf.get("/")).status_code == 500


@pytest.mark.parametrize("method", ["put", "delete", "post"])
def test_a_page_to_read_takes_nothing_else(desk, method):
    assert getattr(desk, method)(reverse("households")).status_code == 405


def test_every_page_has_a_policy_for_scripts_and_frames(desk):
    """R-97."""
    page = desk.get("/")
    assert "script-src 'self'" in page["Content-Security-Policy"]
    assert "unsafe-inline" not in page["Content-Security-Policy"]
    assert page["X-Frame-Options"] == "DENY"


# Health


def test_alive(client):
    assert client.get("/healthz").content == b"ok"


@pytest.mark.django_db
def test_ready(client):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"database": True, "migrations": True, "broker": True})


@pytest.mark.django_db
def test_not_ready_without_a_broker(client, monkeypatch):
    def no_broker(*_args, **_kwargs):
        raise redis.ConnectionError

    monkeypatch.setattr(views.redis.Redis, "from_url", no_broker)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["broker"], answer.json()["database"]) == (503, False, True)


@pytest.mark.django_db
def test_not_ready_without_a_database(client, monkeypatch):
    def no_database():
        raise DatabaseError

    monkeypatch.setattr(connection, "cursor", no_database)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)
