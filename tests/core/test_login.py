"""Getting in and out (S01, R-98), the language of the screens, and one's own profile (S28)."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from casework.core.models import Role
from tests import make

LOGIN = "/inloggen/"


@pytest.fixture
def joris(db):
    return make.user(Role.DESK, username="joris", name="Joris de Wit")


def log_in(client, password=make.PASSWORD, username="joris", address=LOGIN):
    return client.post(address, {"login": username, "password": password})


def test_the_right_password_opens_the_first_page(client, joris):
    assert log_in(client).url == reverse("today")
    assert client.get("/").status_code == 200


def test_after_login_one_is_where_one_wanted_to_be(client, joris):
    wanted = client.get("/agenda/").url
    assert wanted == "/inloggen/?next=/agenda/"
    page = client.get(wanted)
    assert 'name="next" value="/agenda/"' in page.content.decode()
    assert client.post(wanted, {"login": "joris", "password": make.PASSWORD, "next": "/agenda/"}).url == "/agenda/"


def test_login_never_sends_to_another_site(client, joris):
    sent = client.post(LOGIN, {"login": "joris", "password": make.PASSWORD, "next": "https://kwaad.example/"})
    assert sent.url == reverse("today")


@pytest.mark.parametrize(("username", "password"), [("joris", "anders"), ("niemand", make.PASSWORD)])
def test_a_wrong_name_and_a_wrong_password_get_the_same_sentence(client, joris, username, password):
    page = log_in(client, password, username)
    assert page.status_code == 200
    assert page.context["form"].errors == {
        "__all__": ["De gebruikersnaam of het wachtwoord klopt niet. Probeer het opnieuw."]
    }
    assert f'value="{username}"' in page.content.decode(), "what was typed stays"
    assert page.content.decode().split("<title>")[1].startswith("Fout:")


@pytest.mark.parametrize(
    ("username", "password"),
    [("", ""), ("jo\x00ris", "x"), ("j" * 10_000, "x" * 10_000), ("joris", "\x00"), ("ö😀", "é")],
)
def test_odd_input_is_an_error_on_the_page(client, joris, username, password):
    page = log_in(client, password, username)
    assert page.status_code == 200
    assert page.context["form"].errors


def test_five_failures_close_the_door_for_a_quarter_of_an_hour(client, joris):
    """R-98: also for the right password, and also for somebody who tries from elsewhere."""
    with time_machine.travel(make.moment("2026-11-02 09:00"), tick=False) as clock:
        for _attempt in range(5):
            assert log_in(client, "fout").status_code == 200
        refused = log_in(client)
        assert refused.status_code == 200
        assert "_auth_user_id" not in client.session
        assert refused.context["form"].errors["__all__"] == [
            "Dit ging vijf keer mis. Wacht tot 09.15 uur of bel de beheerder."
        ]
        clock.shift(dt.timedelta(minutes=14))
        assert log_in(client).status_code == 200
        clock.shift(dt.timedelta(minutes=2))
        assert log_in(client).status_code == 302


def test_failures_of_one_do_not_close_the_door_for_another(client, joris):
    make.user(Role.DESK, username="fatima")
    for _attempt in range(5):
        log_in(client, "fout")
    assert log_in(client, username="fatima").status_code == 302


def test_an_account_that_is_switched_off_does_not_come_in(client, joris):
    joris.is_active = False
    joris.save()
    assert log_in(client).url == reverse("account_inactive")
    assert client.get("/").url.startswith(LOGIN)
    assert client.get(reverse("account_inactive")).status_code == 200


def test_nobody_signs_up(client, db):
    page = client.get(reverse("account_signup"))
    assert "beheerder" in page.content.decode()
    client.post(reverse("account_signup"), {"username": "x", "password1": "x", "password2": "x"})
    assert "_auth_user_id" not in client.session


def test_a_session_ends_after_half_an_hour_of_silence(client, joris):
    """R-98: each request starts the half hour again."""
    with time_machine.travel(make.moment("2026-11-02 09:00"), tick=False) as clock:
        log_in(client)
        for _visit in range(2):
            clock.shift(dt.timedelta(minutes=29))
            assert client.get("/").status_code == 200
        clock.shift(dt.timedelta(minutes=31))
        assert client.get("/").url == "/inloggen/?next=/&ended=1"


def test_pages_are_not_kept_by_the_browser(client, joris):
    """R-98: *back* after logging out shows the login page."""
    log_in(client)
    for address in ("/", "/huishoudens/", "/profiel/"):
        assert "no-store" in client.get(address)["Cache-Control"], address


def test_logging_out_asks_first_and_ends_the_session(client, joris):
    log_in(client)
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get("/").status_code == 200
    client.post(reverse("account_logout"))
    assert client.get("/").url.startswith(LOGIN)


def test_help_names_the_administrator(client, db, settings):
    settings.ADMINISTRATOR_PHONE = "010 123 45 67"
    assert "010 123 45 67" in client.get(reverse("account_reset_password")).content.decode()


# Language


def test_screens_are_dutch_until_somebody_chooses_english(client, joris):
    log_in(client)
    page = client.get("/").content.decode()
    assert '<html lang="nl">' in page
    assert "Vandaag" in page
    answer = client.post(reverse("set_language"), {"language": "en"}, headers={"referer": "http://testserver/profiel/"})
    assert answer.url == "http://testserver/profiel/"
    english = client.get("/").content.decode()
    assert '<html lang="en">' in english
    assert "Today" in english
    client.post(reverse("set_language"), {"language": "nl"})
    assert '<html lang="nl">' in client.get("/").content.decode()


@pytest.mark.parametrize("language", ["tr", "", "nl\x00", "x" * 5000, "../en"])
def test_a_language_that_is_not_there_changes_nothing(client, joris, language):
    log_in(client)
    assert client.post(reverse("set_language"), {"language": language}).status_code == 302
    assert '<html lang="nl">' in client.get("/").content.decode()


def test_switching_language_never_sends_to_another_site(client, db):
    answer = client.post(reverse("set_language"), {"language": "en", "next": "https://kwaad.example/"})
    assert answer.url == "/"


# Profile


def test_desk_mode_is_one_s_own_choice(client, joris):
    log_in(client)
    assert client.post(reverse("profile"), {"initials_mode": "on"}).url == reverse("profile")
    joris.refresh_from_db()
    assert joris.initials_mode
    assert "opgeslagen" in client.get(reverse("profile")).content.decode()


def test_a_profile_form_changes_nothing_else(client, joris):
    log_in(client)
    client.post(reverse("profile"), {"initials_mode": "on", "role": "supervisor", "username": "baas"})
    joris.refresh_from_db()
    assert (joris.role, joris.username) == (Role.DESK, "joris")
