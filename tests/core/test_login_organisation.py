"""Login through the organisation (OpenID Connect), against a provider that runs here (docs/decisions/0030)."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured

from casework.core.models import AuditEntry, Role, User
from etf import environment
from tests import make
from tests.core.provider import CLIENT_ID, SECRET, Provider, new_key

START = "/inloggen/organisatie/"


@pytest.fixture
def provider(settings):
    provider = Provider()
    provider.start()
    settings.ETF_OIDC = {
        "issuer": provider.issuer, "client_id": CLIENT_ID, "secret": SECRET, "name": "Rotterdam", "match": "username",
        "claim": "preferred_username",
    }  # fmt: skip
    yield provider
    provider.stop()


@pytest.fixture
def joris(db):
    return make.user(Role.DESK, username="joris")


def go_to_provider(client, **query) -> str:
    """Presses the button and logs in over there; gives the address to come back to."""
    there = client.get(START, query)
    assert there.status_code == 302
    return requests.get(there.url, allow_redirects=False, timeout=5).headers["Location"]


def come_in(client, **query):
    back = urlsplit(go_to_provider(client, **query))
    return client.get(f"{back.path}?{back.query}")


def is_in(client) -> bool:
    return "_auth_user_id" in client.session


def text(page) -> str:
    return " ".join(page.content.decode().split())


def test_the_login_page_offers_it(client, db, provider):
    page = text(client.get("/inloggen/", {"next": "/agenda/?span=week"}))
    assert "Inloggen met Rotterdam" in page
    assert f'href="{START}?next=%2Fagenda%2F%3Fspan%3Dweek"' in page


def test_without_a_provider_there_is_no_such_door(client, db):
    assert "organisatie" not in text(client.get("/inloggen/"))
    assert client.get(START).status_code == 404


def test_a_known_account_comes_in_to_the_page_asked_for(client, joris, provider):
    assert come_in(client, next="/agenda/").url == "/agenda/"
    assert client.get("/agenda/").status_code == 200
    assert int(client.session["_auth_user_id"]) == joris.pk
    assert AuditEntry.objects.get(action="log_in").details["how"] == ["socialaccount"]
    assert SocialAccount.objects.count() == 0, "the claim decides each time; nothing is linked"


def test_the_question_to_the_provider(client, joris, provider):
    come_in(client)
    asked = provider.asked[0]
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert asked["redirect_uri"] == "http://testserver/inloggen/organisatie/terug/"
    assert len(asked["nonce"]) >= 32


def test_nothing_of_the_address_goes_with_it(client, joris, provider):
    come_in(client, auth_params="nonce=mine&prompt=none", scope="everything", process="connect")
    assert provider.asked[0]["nonce"] != "mine"
    assert "prompt" not in provider.asked[0]
    assert "everything" not in provider.asked[0]["scope"]
    assert is_in(client)


def test_never_to_another_site(client, joris, provider):
    assert come_in(client, next="https://kwaad.example/").url == "/"


@pytest.mark.parametrize("name", ["onbekend", "", None, 7, "jo\x00ris", "%", "joris'; --"])
def test_an_unknown_person_is_told_so_in_plain_words(client, joris, provider, name):
    provider.claims["preferred_username"] = name
    page = come_in(client)
    assert page.status_code == 403
    assert "Rotterdam kent u, maar hier is geen account voor u. Vraag de beheerder om er een te maken." in text(page)
    assert not is_in(client)
    assert User.objects.count() == 1, "nobody gets an account by coming in"


def test_an_account_that_is_switched_off_is_refused(client, joris, provider):
    joris.is_active = False
    joris.save()
    page = come_in(client)
    assert "Uw account hier is gesloten." in text(page)
    assert not is_in(client)
    assert AuditEntry.objects.get().object_key == f"user:{joris.pk}"


def dishonest(**changes):
    def be(provider):
        for name, value in changes.items():
            setattr(provider, name, value)

    return be


@pytest.mark.parametrize(
    "be",
    [
        pytest.param(lambda provider: setattr(provider, "key", new_key()), id="signed with another key"),
        pytest.param(dishonest(algorithm="none"), id="not signed"),
        pytest.param(dishonest(algorithm="HS256"), id="signed with the shared secret"),
        pytest.param(dishonest(token_changes={"nonce": "anders"}), id="another nonce"),
        pytest.param(dishonest(token_changes={"nonce": None}), id="no nonce"),
        pytest.param(dishonest(token_changes={"iss": "https://kwaad.example"}), id="another issuer"),
        pytest.param(dishonest(token_changes={"aud": "iemand-anders"}), id="meant for another client"),
        pytest.param(dishonest(token_changes={"exp": int(time.time()) - 600}), id="expired"),
        pytest.param(dishonest(token_changes={"sub": None}), id="about nobody"),
        pytest.param(dishonest(userinfo_changes={"sub": "ander"}), id="information about somebody else"),
        pytest.param(dishonest(userinfo_changes={"sub": None}), id="information about nobody"),
        pytest.param(dishonest(without_id_token=True), id="no token"),
        pytest.param(dishonest(configuration_changes={"issuer": "https://kwaad.example"}), id="configured as another"),
    ],
)
def test_a_token_that_is_not_to_be_believed_opens_nothing(client, joris, provider, be):
    changes_configuration = be(provider) or provider.configuration_changes
    page = client.get(START) if changes_configuration else come_in(client)
    assert page.status_code == 403
    assert "Het inloggen met Rotterdam lukte niet." in text(page)
    assert not is_in(client)
    assert AuditEntry.objects.get().action == "login_failed"


def test_another_state_opens_nothing(client, joris, provider):
    back = urlsplit(go_to_provider(client))
    code = parse_qs(back.query)["code"][0]
    assert client.get(back.path, {"code": code, "state": "anders"}).status_code == 403
    assert client.get(back.path, {"code": code}).status_code == 403
    assert not is_in(client)


def test_an_answer_works_once_and_in_one_browser(client, joris, provider, browse):
    back = urlsplit(go_to_provider(client))
    stranger = type(client)()
    assert stranger.get(f"{back.path}?{back.query}").status_code == 403
    assert client.get(f"{back.path}?{back.query}").status_code == 302
    client.post("/uitloggen/")
    assert client.get(f"{back.path}?{back.query}").status_code == 403
    assert not is_in(client)


def test_breaking_off_over_there_is_no_error(client, joris, provider):
    provider.cancelled = True
    page = come_in(client)
    assert "Het inloggen met Rotterdam is afgebroken." in text(page)
    assert "Terug naar inloggen" in text(page)
    assert not AuditEntry.objects.exists()


def test_a_provider_that_is_broken_or_away_is_a_page(client, joris, provider):
    back = urlsplit(go_to_provider(client))
    provider.broken = True
    assert client.get(f"{back.path}?{back.query}").status_code == 403
    assert client.get(START).status_code == 403
    provider.stop()
    assert "lukte niet" in text(client.get(START))
    provider.start()


def test_matching_by_a_verified_e_mail_address(client, joris, provider, settings):
    settings.ETF_OIDC |= {"match": "email", "claim": "email"}
    joris.email = "joris@example.org"
    joris.save()
    provider.claims |= {"email": "Joris@example.org", "email_verified": True}
    assert come_in(client).status_code == 302
    assert is_in(client)


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_unverified_e_mail_address_is_nobody(client, joris, provider, settings, verified):
    settings.ETF_OIDC |= {"match": "email", "claim": "email"}
    joris.email = "joris@example.org"
    joris.save()
    provider.claims |= {"email": "joris@example.org", "email_verified": verified}
    assert "geen account" in text(come_in(client))


def test_two_accounts_with_one_address_is_nobody(client, joris, provider, settings):
    settings.ETF_OIDC |= {"match": "email", "claim": "email"}
    User.objects.update(email="team@example.org")
    make.user()
    User.objects.update(email="team@example.org")
    provider.claims |= {"email": "team@example.org", "email_verified": True}
    assert "geen account" in text(come_in(client))


def test_the_organisation_asks_for_the_second_step_itself(client, joris, provider, settings):
    settings.ETF_REQUIRE_SECOND_FACTOR = True
    come_in(client)
    assert client.get("/").status_code == 200


# The settings


def test_the_settings_name_what_is_missing(monkeypatch):
    assert environment.oidc("ETF_OIDC", https_only=True) is None
    monkeypatch.setenv("ETF_OIDC_ISSUER", "https://login.example.org/")
    with pytest.raises(ImproperlyConfigured, match="ETF_OIDC_CLIENT_ID"):
        environment.oidc("ETF_OIDC", https_only=True)
    monkeypatch.setenv("ETF_OIDC_CLIENT_ID", "etf")
    monkeypatch.setenv("ETF_OIDC_CLIENT_SECRET", "x")
    found = environment.oidc("ETF_OIDC", https_only=True)
    assert (found["claim"], found["match"]) == ("preferred_username", "username")
    monkeypatch.setenv("ETF_OIDC_MATCH", "email")
    assert environment.oidc("ETF_OIDC", https_only=True)["claim"] == "email"
    monkeypatch.setenv("ETF_OIDC_MATCH", "sub")
    with pytest.raises(ImproperlyConfigured, match="ETF_OIDC_MATCH"):
        environment.oidc("ETF_OIDC", https_only=True)


def test_a_provider_without_https_is_for_tests_only(monkeypatch):
    monkeypatch.setenv("ETF_OIDC_ISSUER", "http://login.example.org")
    with pytest.raises(ImproperlyConfigured, match="https"):
        environment.oidc("ETF_OIDC", https_only=True)
