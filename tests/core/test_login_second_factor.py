"""The second step of logging in: app and recovery codes, and where it is required (S01, S28). Passkeys: the stories."""

import re
import time

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.urls import reverse

from casework.core.models import AuditEntry, AuditKind, Role
from tests import make

LOGIN = "/inloggen/"


@pytest.fixture
def joris(now, db):
    return make.user(Role.DESK, username="joris")


@pytest.fixture
def secret(joris):
    """Joris has an authenticator app and recovery codes."""
    secret = generate_totp_secret()
    TOTP.activate(joris, secret)
    RecoveryCodes.activate(joris)
    return secret


def code(secret: str, *, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def wrong(secret: str) -> str:
    return format_hotp_value((int(code(secret)) + 1) % 1_000_000)


def log_in(client, **more):
    return client.post(LOGIN, {"login": "joris", "password": make.PASSWORD} | more)


def actions() -> list[str]:
    return list(AuditEntry.objects.filter(kind=AuditKind.LOGIN).order_by("id").values_list("action", flat=True))


def test_the_password_alone_opens_nothing(client, secret):
    assert log_in(client, next="/agenda/").url == reverse("mfa_authenticate")
    assert client.get("/").url.startswith(LOGIN)
    assert actions() == []


def test_the_code_opens_the_page_that_was_asked_for(client, secret):
    log_in(client, next="/agenda/")
    assert client.get(reverse("mfa_authenticate")).status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": code(secret)}).url == "/agenda/"
    assert AuditEntry.objects.get(action="log_in").details["how"] == ["password", "totp"]


def test_a_code_works_once(client, secret):
    log_in(client)
    used = code(secret)
    client.post(reverse("mfa_authenticate"), {"code": used})
    other = Client()
    log_in(other)
    assert other.post(reverse("mfa_authenticate"), {"code": used}).status_code == 200


def test_the_code_just_before_still_works_and_an_older_one_does_not(client, secret):
    log_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": code(secret, steps=-2)}).status_code == 200
    assert client.post(reverse("mfa_authenticate"), {"code": code(secret, steps=-1)}).status_code == 302


def test_a_recovery_code_works_once(client, joris, secret):
    recovery = Authenticator.objects.get(user=joris, type="recovery_codes").wrap().get_unused_codes()[0]
    log_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": recovery}).status_code == 302
    other = Client()
    log_in(other)
    assert other.post(reverse("mfa_authenticate"), {"code": recovery}).status_code == 200


def test_wrong_codes_shut_the_door_like_wrong_passwords(client, secret):
    """R-98: five in all, then not even the right code or a new start."""
    log_in(client)
    for _attempt in range(5):
        page = client.post(reverse("mfa_authenticate"), {"code": wrong(secret)})
        assert page.context["form"].errors["code"] == ["Deze code klopt niet. Probeer de volgende."]
    refused = client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert refused.context["form"].errors["code"] == [
        "Dit ging vijf keer mis. Wacht tot 09.15 uur of bel de beheerder."
    ]
    assert "vijf keer" in log_in(Client()).context["form"].errors["__all__"][0]
    assert actions() == [*["login_failed"] * 5, "login_locked"]


@pytest.mark.parametrize("typed", ["", "\x00", "12345678901234567890123", "１２３４５６", "'; --"])
def test_odd_codes_are_an_error_on_the_page(client, secret, typed):
    log_in(client)
    page = client.post(reverse("mfa_authenticate"), {"code": typed})
    assert page.status_code == 200
    assert page.context["form"].errors


def test_the_code_page_alone_leads_back_to_the_login_page(client, secret):
    assert client.get(reverse("mfa_authenticate")).url == LOGIN


def test_the_database_holds_no_readable_secret(joris, secret):
    with connection.cursor() as cursor:
        cursor.execute("select data::text from mfa_authenticator where user_id = %s", [joris.pk])
        stored = "".join(row[0] for row in cursor.fetchall())
    assert secret not in stored
    assert "local:" in stored


def set_up_app(client, capture) -> str:
    """Goes through the page as a person does; gives the secret."""
    secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
    with capture(execute=True):
        answer = client.post(reverse("mfa_activate_totp"), {"code": code(secret)})
    assert answer.url == reverse("mfa_view_recovery_codes")
    return secret


def test_setting_up_the_app(client, joris, django_capture_on_commit_callbacks):
    log_in(client)
    page = client.get(reverse("mfa_activate_totp"))
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert "style=" not in page.content.decode()
    wrong_code = client.post(reverse("mfa_activate_totp"), {"code": "000000"})
    assert wrong_code.context["form"].errors["code"] == ["Deze code klopt niet. Probeer de volgende."]
    set_up_app(client, django_capture_on_commit_callbacks)
    shown = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    unused = Authenticator.objects.get(user=joris, type="recovery_codes").wrap().get_unused_codes()
    assert len(unused) == 10
    assert all(one in shown for one in unused)
    assert AuditEntry.objects.get(action="change_second_factor").details["what"] == "totp_activated"
    assert "Authenticator-app" in client.get(reverse("profile")).content.decode()


def test_removing_the_app_takes_the_codes_along(client, joris, secret):
    log_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200
    assert client.post(reverse("mfa_deactivate_totp"), follow=True).redirect_chain[-1][0] == reverse("profile")
    assert not Authenticator.objects.filter(user=joris).exists()
    assert actions()[-1] == "change_second_factor"


def test_new_recovery_codes_replace_the_old(client, joris, secret, django_capture_on_commit_callbacks):
    log_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    old = Authenticator.objects.get(user=joris, type="recovery_codes").wrap().get_unused_codes()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.get(reverse("mfa_generate_recovery_codes")).status_code == 200
        client.post(reverse("mfa_generate_recovery_codes"))
    new = Authenticator.objects.get(user=joris, type="recovery_codes").wrap().get_unused_codes()
    assert not set(old) & set(new)
    assert AuditEntry.objects.latest("id").details["what"] == "recovery_codes_generated"


def test_some_minutes_after_logging_in_one_shows_once_more_who_one_is(client, secret):
    log_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    with time_machine.travel(time.time() + 600, tick=False):
        asked = client.get(reverse("mfa_deactivate_totp"))
        assert asked.url.startswith(reverse("account_reauthenticate"))
        page = client.get(asked.url)
        assert "Gebruik een code" in page.content.decode()
        no = client.post(asked.url, {"password": "fout", "next": reverse("mfa_deactivate_totp")})
        assert no.context["form"].errors["password"] == ["Het wachtwoord klopt niet. Probeer het opnieuw."]
        by_code = client.get(reverse("mfa_reauthenticate"))
        assert by_code.status_code == 200
        yes = client.post(reverse("mfa_reauthenticate"), {"code": code(secret), "next": reverse("mfa_deactivate_totp")})
        assert yes.url == reverse("mfa_deactivate_totp")
        assert client.get(yes.url).status_code == 200


def test_a_passkey_of_somebody_else_is_not_there(client, joris):
    strange = Authenticator.objects.create(user=make.user(), type="webauthn", data={"name": "x", "credential": {}})
    log_in(client)
    assert client.get(reverse("mfa_remove_webauthn", args=[strange.pk])).status_code == 404
    assert client.post(reverse("mfa_remove_webauthn", args=[strange.pk])).status_code == 404
    assert Authenticator.objects.filter(pk=strange.pk).exists()


@pytest.mark.parametrize("credential", ["", "null", "{}", "[]", "x", '{"response": {"userHandle": "\\u0000"}}'])
def test_an_invented_passkey_is_refused_in_words(client, joris, credential):
    answer = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert answer.url == LOGIN
    assert "_auth_user_id" not in client.session


def test_an_administrator_helps_whoever_lost_everything(browse, joris, secret):
    admin = browse(make.user(Role.ADMIN))
    address = reverse("admin:casework_user_change", args=[joris.pk])
    form = {"username": "joris", "full_name": joris.full_name, "first_name": "Desk", "role": "desk", "is_active": "on"}

    def save(**more) -> int:
        """As somebody sends it who opened the page just before (R-19)."""
        opened = re.search(r'name="opened" value="(\w+)"', admin.get(address).content.decode())[1]
        return admin.post(address, form | {"opened": opened} | more).status_code

    assert save() == 302
    assert Authenticator.objects.filter(user=joris).count() == 2
    assert save(remove_second_factors="on") == 302
    assert not Authenticator.objects.filter(user=joris).exists()
    assert "remove_second_factors" in AuditEntry.objects.latest("id").details["changed"]


# Where a second step is required


@pytest.fixture
def required(settings):
    settings.ETF_REQUIRE_SECOND_FACTOR = True


def test_without_a_second_step_nothing_else_opens(client, joris, required):
    assert log_in(client).url == "/"
    for address in ("/", "/huishoudens/", "/agenda/", "/profiel/", "/beheer/", "/bevestigen/code/"):
        assert client.get(address).url == reverse("mfa_index"), address
    assert client.post(reverse("profile"), {"initials_mode": "on"}).url == reverse("mfa_index")
    page = client.get(reverse("mfa_index"))
    assert page.status_code == 200
    assert reverse("mfa_activate_totp") in page.content.decode()
    assert client.post(reverse("account_logout")).status_code == 302


def test_setting_it_up_opens_everything(client, joris, required, django_capture_on_commit_callbacks):
    log_in(client)
    set_up_app(client, django_capture_on_commit_callbacks)
    assert client.get("/").status_code == 200
    assert client.get(reverse("mfa_index")).url == reverse("profile")


def test_recovery_codes_alone_are_no_second_step(client, joris, required):
    RecoveryCodes.activate(joris)
    log_in(client)
    assert client.get("/").url == reverse("mfa_index")


def test_whoever_has_one_notices_nothing(client, secret, required):
    log_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code(secret)})
    assert client.get("/").status_code == 200


def test_health_answers_without_login(client, db, required):
    assert client.get("/healthz").status_code == 200


# Running sessions


def test_other_sessions_are_shown_and_ended(client, joris):
    log_in(client)
    elsewhere = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/141.0 Safari/537.36"})
    log_in(elsewhere)
    page = client.get(reverse("profile")).content.decode()
    assert "Chrome, Windows" in page
    assert "deze browser" in page
    client.post(reverse("end_other_sessions"))
    assert elsewhere.get("/").url == "/inloggen/?next=/", "ended by somebody, so not because of idling"
    assert client.get("/").status_code == 200
    assert UserSession.objects.filter(user=joris).count() == 1
    assert AuditEntry.objects.get(action="end_sessions").details == {"number": 1}


def test_sessions_of_others_go_on(client, joris):
    make.user(Role.DESK, username="fatima")
    other = Client()
    other.post(LOGIN, {"login": "fatima", "password": make.PASSWORD})
    log_in(client)
    client.post(reverse("end_other_sessions"))
    assert other.get("/").status_code == 200
