"""Settings from the environment: whatever is missing or wrong is named, and nothing starts (README: deployment)."""

import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from etf import environment

BASE = Path(__file__).resolve().parents[2]
KEY = base64.b64encode(b"k" * 32).decode()
REQUIRED = {
    "ETF_SECRET_KEY": "s" * 60, "ETF_BSN_KEYS": f"k1:{KEY}", "ETF_BSN_HMAC_KEY": "h" * 40, "ETF_HOSTS": "etf.example.org",
    "DATABASE_URL": "postgresql://etf:stil@db.example.org/etf", "REDIS_URL": "redis://:stil@redis.example.org/0",
}  # fmt: skip


def check(**given: str) -> subprocess.Popen:
    """`manage.py check` with nothing of ETF in its environment but this."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.Popen([sys.executable, "manage.py", "check"], cwd=BASE, env=kept | given, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip


@pytest.mark.slow
def test_production_starts_with_everything_and_names_whatever_is_missing():
    running = {
        name: check(ETF_ENV="production", **{other: value for other, value in REQUIRED.items() if other != name})
        for name in REQUIRED
    }
    complete = check(ETF_ENV="production", **REQUIRED)
    for name, process in running.items():
        errors = process.communicate(timeout=120)[1]
        assert process.returncode != 0, name
        assert f"Set the environment variable {name}: ETF does not start without it." in errors
        assert not [value for value in REQUIRED.values() if value in errors], "a secret is in the error"
    errors = complete.communicate(timeout=120)[1]
    assert complete.returncode == 0, errors


@pytest.mark.slow
def test_a_typing_error_does_not_start_a_city_with_local_secrets():
    process = check(ETF_ENV="prodution", **REQUIRED)
    errors = process.communicate(timeout=120)[1]
    assert process.returncode != 0
    assert "ETF_ENV must be local, test or production, not 'prodution'." in errors


def test_an_empty_variable_is_a_missing_one(monkeypatch):
    monkeypatch.setenv("ETF_THING", "")
    with pytest.raises(ImproperlyConfigured, match="ETF_THING"):
        environment.text("ETF_THING")
    assert environment.text("ETF_THING", "as said") == "as said"


@pytest.mark.parametrize(("given", "read"), [("1", True), ("yes", True), ("0", False), ("no", False), ("", True)])
def test_a_flag(monkeypatch, given, read):
    monkeypatch.setenv("ETF_THING", given)
    assert environment.flag("ETF_THING", True) is read


def test_a_flag_that_is_none(monkeypatch):
    monkeypatch.setenv("ETF_THING", "ja")
    with pytest.raises(ImproperlyConfigured, match="ETF_THING must be 1 or 0"):
        environment.flag("ETF_THING", False)


def test_words_are_parted_by_commas(monkeypatch):
    monkeypatch.setenv("ETF_THING", "a.nl, b.nl,,")
    assert environment.words("ETF_THING") == ["a.nl", "b.nl"]


def test_a_key_ring_keeps_its_order(monkeypatch):
    monkeypatch.setenv("ETF_THING", f"new:{KEY},old:{base64.b64encode(b'o' * 32).decode()}")
    assert environment.keys("ETF_THING") == {"new": b"k" * 32, "old": b"o" * 32}
    assert list(environment.keys("ETF_THING")) == ["new", "old"]


@pytest.mark.parametrize("wrong", ["k1", f":{KEY}", "k1:c2hvcnQ=", "k1:no base64!", f"k1:{KEY},"])
def test_a_key_of_another_length_is_refused_without_being_shown(monkeypatch, wrong):
    monkeypatch.setenv("ETF_THING", wrong)
    with pytest.raises(ImproperlyConfigured, match="ETF_THING must look like") as refused:
        environment.keys("ETF_THING")
    assert KEY not in str(refused.value)


def test_a_database_address(monkeypatch):
    monkeypatch.setenv("ETF_THING", "postgresql://me:a%40b@db.example.org:5433/city?sslmode=require")
    found = environment.database("ETF_THING")
    assert found == {
        "ENGINE": "django.db.backends.postgresql", "NAME": "city", "USER": "me", "PASSWORD": "a@b",
        "HOST": "db.example.org", "PORT": "5433", "OPTIONS": {"sslmode": "require", "options": "-c jit=off"},
    }  # fmt: skip


def test_a_database_behind_a_socket(monkeypatch):
    monkeypatch.setenv("ETF_THING", "postgresql://me@/city?host=/run/postgresql")
    found = environment.database("ETF_THING")
    assert (found["HOST"], found["PORT"], found["OPTIONS"]) == ("/run/postgresql", "", {"options": "-c jit=off"})


def test_another_database_is_refused(monkeypatch):
    monkeypatch.setenv("ETF_THING", "mysql://me@db/city")
    with pytest.raises(ImproperlyConfigured, match="ETF needs PostgreSQL"):
        environment.database("ETF_THING")
