"""Encrypting anew with the first key of the ring, so that an older key can go (docs/operations.md)."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Cast

from casework.core.actions import audit
from casework.core.encryption import decrypt, encrypt, encrypted_columns, fingerprint

BATCH = 500


@dataclass(frozen=True)
class Batch:
    """Rows of one table up to key `last`: how many were looked at, written anew, and not readable with any key."""

    table: str
    last: int
    seen: int = 0
    renewed: int = 0
    unreadable: int = 0


def rekey(*, now: dt.datetime, size: int = BATCH) -> Iterator[Batch]:
    """Write everything encrypted with the first key of the ring, and fingerprints with the key of today.

    One transaction and one line in the audit trail per batch of `size` rows in which something changed. Repeatable, and
    goes on where it was broken off: what is of today is only looked at. What no key opens is counted and left alone.
    """
    for model in secret_models():
        last = 0
        while batch := _renew_batch(model, after=last, size=size, now=now):
            last = batch.last
            yield batch
    yield _renew_second_factors(now=now)


def secret_models() -> list[type[models.Model]]:
    """Models with something encrypted, the history of changes included."""
    return [model for model in apps.get_models() if model._meta.managed and encrypted_columns(model)]


@transaction.atomic
def _renew_batch(model: type[models.Model], *, after: int, size: int, now: dt.datetime) -> Batch | None:
    columns = encrypted_columns(model)
    # As it stands in the table: reading it as the field does would fail on the first that no key opens.
    stored = {f"stored_{name}": Cast(name, models.TextField()) for name in columns}
    filled = Q()
    for name in stored:
        filled |= ~Q(**{name: ""})
    rows = model._base_manager.select_for_update(of=("self",), no_key=True).order_by("pk").filter(pk__gt=after)
    prints = [name for name in columns.values() if name]
    found = list(rows.annotate(**stored).filter(filled).values("pk", *stored, *prints)[:size])
    if not found:
        return None
    wanted, unreadable = {}, 0
    for row in found:
        try:
            changed = _renewed(row, columns)
        except Exception:
            # A key that is gone, or a text that was tampered with; its words could quote it.
            unreadable += 1
            continue
        if changed:
            wanted[row["pk"]] = changed
    table = model._meta.db_table
    if wanted:
        both = [name for pair in columns.items() for name in pair if name]
        # The history lets these columns be written anew in the transaction of this line only.
        audit(by=None, now=now, action="rekey", on=f"rekey:{table}",
              details={"columns": {table: both}, "rows": len(wanted)})  # fmt: skip
    for pk, changed in wanted.items():
        model._base_manager.filter(pk=pk).update(**changed)
    return Batch(table, found[-1]["pk"], len(found), len(wanted), unreadable)


def _renewed(row: dict, columns: dict[str, str]) -> dict[str, str]:
    """What of a row is to be written anew, in plain text: the field encrypts it."""
    changed = {}
    for name, print_name in columns.items():
        stored = row[f"stored_{name}"]
        if not stored:
            continue
        plain = decrypt(stored)
        text = _with_prints_of_today(plain)
        if not _of_today(stored) or text != plain:
            changed[name] = text
        if print_name and row[print_name] != fingerprint(plain):
            changed[print_name] = fingerprint(plain)
    return changed


def _of_today(stored: str) -> bool:
    return stored.partition(":")[0] == next(iter(settings.BSN_KEYS))


def _with_prints_of_today(text: str) -> str:
    """A step of a merge remembers columns as JSON, fingerprints among them: taking it back must find them right."""
    if "_fingerprint" not in text:
        return text
    try:
        columns = json.loads(text)
    except ValueError:
        return text
    prints = [f"{name}_fingerprint" for name in columns if f"{name}_fingerprint" in columns]
    for name in prints:
        plain = columns[name.removesuffix("_fingerprint")]
        columns[name] = fingerprint(plain) if plain else columns[name]
    return json.dumps(columns)


@transaction.atomic
def _renew_second_factors(*, now: dt.datetime) -> Batch:
    """Secrets of authenticator apps and recovery codes, which allauth keeps inside JSON; there are few."""
    table, seen, renewed, unreadable = Authenticator._meta.db_table, 0, 0, 0
    for one in Authenticator.objects.exclude(type="webauthn").order_by("pk").select_for_update(no_key=True):
        seen += 1
        try:
            data = _renewed_json(one.data)
        except Exception:
            unreadable += 1
            continue
        if data != one.data:
            Authenticator.objects.filter(pk=one.pk).update(data=data)
            renewed += 1
    if renewed:
        audit(by=None, now=now, action="rekey", on=f"rekey:{table}", details={"rows": renewed})
    return Batch(table, 0, seen, renewed, unreadable)


def _renewed_json(value):
    if isinstance(value, dict):
        return {name: _renewed_json(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_renewed_json(one) for one in value]
    if isinstance(value, str) and ":" in value and not _of_today(value):
        return encrypt(decrypt(value))
    return value
