"""The list of reasons for missing an appointment is a setting of the city (S11, S25)."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse
from django.utils import translation

from casework.appointments import actions
from casework.appointments.models import MissedReason
from casework.core.models import AuditEntry, Role
from casework.core.refusals import Refused
from tests import make
from tests.core.test_settings_effects import filled
from tests.counsellors.test_admin import address, text_of

NEW = {"code": "strike", "name": "Staking", "name_english": "Strike", "place": 45, "active": "on"}


@pytest.fixture
def ada(browse, db):
    return browse(make.user(Role.ADMIN, username="ada"))


@pytest.fixture
def row(samira, now):
    return make.appointment(household=make.household(owner=samira), counsellor=samira, start="2026-11-02 08:30")


def offered(client, row) -> str:
    return text_of(client.get(reverse("record_attendance", args=[row.pk])))


def test_the_nine_of_the_rulebook_are_there_in_its_order(db):
    assert [name for _code, name in MissedReason.objects.choices()] == [
        "Vergeten", "Ziek", "Werk", "Vervoer", "Angst of stress", "Geen papieren", "Verkeerde tijd of plek",
        "Niet bereikt", "Anders",
    ]  # fmt: skip
    with translation.override("en"):
        assert dict(MissedReason.objects.choices())["fear"] == "Fear or stress"


def test_a_new_reason_is_offered_recorded_and_in_the_audit_trail(ada, browse, samira, row):
    assert ada.post(address(MissedReason, "add"), NEW).status_code == 302
    assert AuditEntry.objects.get(action="add_settings").details["new"]["name"] == "Staking"
    client = browse(samira.user)
    assert "Staking" in offered(client, row)
    client.post(reverse("record_attendance", args=[row.pk]), {"outcome": "N", "reason": "strike"})
    row.refresh_from_db()
    assert row.reason_id == "strike"
    assert "(Staking)" in text_of(client.get(reverse("appointment", args=[row.pk])))


def test_out_of_use_is_offered_nowhere_and_stays_where_it_stands(browse, samira, row, now):
    other = make.appointment(
        household=make.household(owner=samira),
        counsellor=samira,
        start="2026-11-02 07:00",
        outcome="N",
        reason_id="work",
    )
    MissedReason.objects.filter(code="work").update(active=False)
    client = browse(samira.user)
    assert "Werk" not in offered(client, row)
    answer = client.post(reverse("record_attendance", args=[row.pk]), {"outcome": "N", "reason": "work"})
    assert "Deze reden is niet meer in gebruik. Kies een andere." in text_of(answer)
    row.refresh_from_db()
    assert row.outcome == ""
    assert "(Werk)" in text_of(client.get(reverse("appointment", args=[other.pk])))


def test_a_proposal_that_waited_keeps_its_reason(samira, ingrid, now):
    old = make.appointment(
        household=make.household(owner=samira), counsellor=samira, start="2026-10-01 10:00", outcome="N"
    )
    waits = actions.propose_correction(
        appointment=old, outcome="X", reason="ill", why="Belde vooraf", by=samira.user, now=now
    )
    MissedReason.objects.filter(code="ill").update(active=False)
    actions.approve_correction(proposal=waits, by=ingrid, now=now)
    old.refresh_from_db()
    assert (old.outcome, old.reason_id) == ("X", "ill")


def test_a_reason_that_is_gone_is_refused_in_words(samira, row, now):
    with pytest.raises(Refused) as refused:
        actions.record_attendance(appointment=row, outcome="X", reason="gone", by=samira.user, now=now)
    assert refused.value.field == "reason"


@pytest.mark.parametrize(
    "wrong", [{"code": "Ziek!"}, {"code": ""}, {"name": "Ziek"}, {"name_english": ""}, {"place": "x"}]
)
def test_what_is_wrong_is_said_and_stays_typed(ada, wrong):
    answer = ada.post(address(MissedReason, "add"), NEW | wrong)
    assert answer.status_code == 200
    assert "45" in answer.content.decode() or "place" in wrong
    assert MissedReason.objects.count() == 9


def test_the_code_of_what_was_recorded_never_changes(ada, row):
    one = MissedReason.objects.get(code="ill")
    path = address(MissedReason, "change", one.pk)
    assert ada.post(path, filled(ada.get(path)) | NEW).status_code == 302
    one.refresh_from_db()
    assert (one.code, one.name) == ("ill", "Staking")


def test_the_database_refuses_a_reason_that_nobody_knows(samira, row):
    with pytest.raises(IntegrityError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(reason_id="nobody")
        connection.check_constraints()
    type(row).objects.filter(pk=row.pk).update(reason_id="ill")
    with pytest.raises(ProtectedError):
        MissedReason.objects.get(code="ill").delete()
