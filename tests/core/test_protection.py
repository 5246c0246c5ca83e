"""Encryption of BSNs, the secrets of a start, and the length of text messages."""

import pytest
from cryptography.exceptions import InvalidTag
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from casework.core import encryption, gsm7
from casework.households.models import Member
from etf import environment
from tests import make


def test_what_is_encrypted_is_read_back_and_never_twice_the_same(settings):
    assert encryption.decrypt(encryption.encrypt("999900109")) == "999900109"
    assert encryption.encrypt("999900109") != encryption.encrypt("999900109")


def test_a_new_key_in_front_still_reads_the_old(settings):
    old = encryption.encrypt("999900109")
    settings.BSN_KEYS = {"new": b"n" * 32, **settings.BSN_KEYS}
    assert encryption.encrypt("1").startswith("new:")
    assert encryption.decrypt(old) == "999900109"


def test_a_changed_text_is_noticed():
    stored = encryption.encrypt("999900109")
    with pytest.raises(InvalidTag):
        encryption.decrypt(stored[:-2] + ("00" if stored[-2:] != "00" else "11"))


@pytest.mark.django_db
def test_the_database_holds_no_readable_bsn():
    member = make.household().members.get()
    member.bsn, member.bsn_fingerprint = "999900109", encryption.fingerprint("999900109")
    member.save()
    with connection.cursor() as cursor:
        cursor.execute("select bsn, bsn_fingerprint from casework_member where id = %s", [member.pk])
        assert "999900109" not in "".join(cursor.fetchone())
    assert Member.objects.get(pk=member.pk).bsn == "999900109"


def test_a_missing_secret_is_named(monkeypatch):
    monkeypatch.delenv("ETF_SECRET_KEY", raising=False)
    with pytest.raises(ImproperlyConfigured, match="ETF_SECRET_KEY"):
        environment.text("ETF_SECRET_KEY")


def test_a_key_ring_wants_32_bytes(monkeypatch):
    monkeypatch.setenv("ETF_BSN_KEYS", "k1:c2hvcnQ=")
    with pytest.raises(ImproperlyConfigured, match="32 bytes"):
        environment.keys("ETF_BSN_KEYS")


@pytest.mark.parametrize(
    ("text", "length", "parts"),
    [("a" * 160, 160, 1), ("a" * 161, 161, 2), ("a" * 306, 306, 2), ("a" * 307, 307, 3), ("€" * 80, 160, 1),
     ("€" * 81, 162, 2), ("ğ" * 70, 70, 1), ("ğ" * 71, 71, 2), ("öüé", 3, 1)],
)  # fmt: skip
def test_text_message_parts(text, length, parts):
    assert (gsm7.length(text), gsm7.parts(text)) == (length, parts)


def test_dutch_e_with_dots_is_not_gsm7_but_turkish_o_is():
    assert gsm7.outside("financiën, Ağca, Özgür") == {"ë", "ğ"}
