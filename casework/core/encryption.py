"""A text field that is only readable with the key ring of the settings, and the fingerprint to search it by."""

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

_NONCE = 12


def encrypt(text: str) -> str:
    """AES-256-GCM with the first key of the ring; the key's id stands in front so that keys can be replaced."""
    key_id, key = next(iter(settings.BSN_KEYS.items()))
    nonce = os.urandom(_NONCE)
    return f"{key_id}:{(nonce + AESGCM(key).encrypt(nonce, text.encode(), key_id.encode())).hex()}"


def decrypt(stored: str) -> str:
    """Raises KeyError when the key is no longer in the ring, InvalidTag when the text was tampered with."""
    key_id, _, sealed = stored.partition(":")
    raw = bytes.fromhex(sealed)
    return AESGCM(settings.BSN_KEYS[key_id]).decrypt(raw[:_NONCE], raw[_NONCE:], key_id.encode()).decode()


def fingerprint(text: str) -> str:
    """A keyed hash: equal texts have equal fingerprints, and nobody without the key can make one."""
    return hmac.new(settings.BSN_HMAC_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


class EncryptedField(models.TextField):
    """Text that is encrypted in the database and plain in Python. It cannot be searched: keep a fingerprint beside it."""

    def get_prep_value(self, value):
        return encrypt(value) if value else ""

    def from_db_value(self, value, expression, connection):
        return decrypt(value) if value else ""


def encrypted_columns(model: type[models.Model]) -> dict[str, str]:
    """Of each encrypted field of a model the field that holds its fingerprint, or nothing when it has none."""
    fields = {field.name for field in model._meta.local_fields}
    secret = [field.name for field in model._meta.local_fields if isinstance(field, EncryptedField)]
    return {name: f"{name}_fingerprint" if f"{name}_fingerprint" in fields else "" for name in secret}
