"""`manage.py etf_rekey`: an old key can go, and nobody loses anything (docs/operations.md)."""

import io
import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import connection

from casework.core import chain, encryption, history, rekey
from casework.core.login.adapters import SecondFactorAdapter
from casework.core.models import AuditEntry, Concept
from casework.households.models import Member, Merge, MergeStep
from tests import make
from tests.core.test_audit_chain import as_app_role, commit

pytestmark = pytest.mark.django_db
BSN, OTHER = "999900109", "999990019"


def run(**options) -> str:
    out = io.StringIO()
    call_command("etf_rekey", stdout=out, **options)
    return out.getvalue()


def key_ids() -> set[str]:
    """Of everything encrypted that stands in the database."""
    found = set()
    for model in rekey.secret_models():
        for column in encryption.encrypted_columns(model):
            with connection.cursor() as cursor:
                cursor.execute(
                    f"select distinct split_part({column}, ':', 1) from {model._meta.db_table} where {column} <> ''"
                )
                found |= {row[0] for row in cursor.fetchall()}
    return found | {one.data["secret"].partition(":")[0] for one in Authenticator.objects.filter(type="totp")}


@pytest.fixture
def secrets(now, samira):
    """Something in each place that is encrypted; the members, in order."""
    members = []
    for bsn in (BSN, OTHER):
        member = make.household().members.get()
        member.bsn, member.bsn_fingerprint = bsn, encryption.fingerprint(bsn)
        member.save()
        members.append(member)
    Concept.objects.create(user=samira.user, page="/", fields=json.dumps({"text": ["Fatou"]}), saved_at=now)
    one, other = (member.household for member in members)
    merge = Merge.objects.create(
        surviving=one, absorbed=other, state="proposed", reason="dubbel", proposed_at=now, proposed_by=samira.user
    )
    before = json.dumps({"bsn": BSN, "bsn_fingerprint": encryption.fingerprint(BSN)})
    MergeStep.objects.create(
        merge=merge, model="casework.member", key=str(members[0].pk), before=before, after='{"bsn": ""}'
    )  # fmt: skip
    Authenticator.objects.create(
        user=samira.user, type="totp", data={"secret": SecondFactorAdapter().encrypt("JBSWY3DPEHPK3PXP")}
    )
    commit()
    return members


@pytest.fixture
def new_key(secrets, settings):
    """A new key in front; gives the ring without the old one."""
    alone = {"new": b"n" * 32}
    settings.BSN_KEYS = alone | settings.BSN_KEYS
    return alone


def test_the_old_key_is_needed_before_and_not_after(new_key, secrets, settings):
    old = next(name for name in settings.BSN_KEYS if name != "new")
    assert key_ids() == {old}
    assert "casework_member: 2 of 2 written anew" in run()
    assert key_ids() == {"new"}
    settings.BSN_KEYS = new_key
    assert [Member.objects.get(pk=member.pk).bsn for member in secrets] == [BSN, OTHER]
    assert {change.bsn for change in history.of(Member).objects.exclude(bsn="")} == {BSN, OTHER}
    assert json.loads(Concept.objects.get().fields) == {"text": ["Fatou"]}
    assert json.loads(MergeStep.objects.get().before)["bsn"] == BSN
    assert SecondFactorAdapter().decrypt(Authenticator.objects.get().data["secret"]) == "JBSWY3DPEHPK3PXP"


def test_with_the_old_key_gone_too_early_nothing_is_lost(new_key, settings):
    ring, settings.BSN_KEYS = settings.BSN_KEYS, new_key
    before = list(Member.objects.order_by("pk").values_list("bsn_fingerprint"))
    with pytest.raises(CommandError, match="7 rows are not readable"):
        run()
    assert list(Member.objects.order_by("pk").values_list("bsn_fingerprint")) == before
    settings.BSN_KEYS = ring
    assert "can go" in run()


def test_a_second_time_nothing_is_written(new_key):
    run()
    lines = AuditEntry.objects.count()
    said = run()
    assert "0 of 2 written anew" in said
    assert " 1 of" not in said
    assert AuditEntry.objects.count() == lines


def test_it_goes_on_where_it_was_broken_off(new_key, now):
    batches = rekey.rekey(now=now, size=1)
    next(batches)
    batches.close()
    assert len(key_ids()) == 2
    assert "can go" in run(batch=1)
    assert key_ids() == {"new"}


def test_the_same_bsn_with_another_key_is_no_change(new_key, secrets):
    before = history.of(Member).objects.count()
    run()
    assert history.of(Member).objects.count() == before


def test_a_new_key_of_fingerprints_finds_people_again(secrets, settings, now):
    old = encryption.fingerprint(BSN)
    settings.BSN_HMAC_KEY = "another"
    assert not Member.objects.filter(bsn_fingerprint=encryption.fingerprint(BSN)).exists()
    run()
    commit()
    assert encryption.fingerprint(BSN) != old
    assert Member.objects.get(pk=secrets[0].pk).bsn_fingerprint == encryption.fingerprint(BSN)
    assert json.loads(MergeStep.objects.get().before)["bsn_fingerprint"] == encryption.fingerprint(BSN)
    assert old not in {change.bsn_fingerprint for change in history.of(Member).objects.all()}


def test_no_output_and_no_line_says_anything_about_anybody(new_key, settings):
    settings.BSN_HMAC_KEY = "another"
    said = run() + json.dumps(list(AuditEntry.objects.filter(action="rekey").values_list("object_key", "details")))
    assert all(text not in said for text in (BSN, OTHER, encryption.fingerprint(BSN), "Fatou"))


def test_the_app_role_may_do_it_and_the_trail_stays_whole(new_key):
    as_app_role()
    run()
    assert key_ids() == {"new"}
    commit()
    assert chain.problems() == []


def test_a_batch_has_a_row():
    with pytest.raises(CommandError, match="at least one row"):
        run(batch=0)
