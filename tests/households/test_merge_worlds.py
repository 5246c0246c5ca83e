"""Random worlds: a merge loses nothing, and its undo leaves every row as it was (R-53)."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casework.appointments import actions
from casework.appointments.models import Appointment
from casework.core import encryption
from casework.core.models import Role
from casework.debts.models import DebtFile
from casework.households.actions import describe, undo_merge
from casework.households.models import (
    AccessReason,
    Agreement,
    Helper,
    Household,
    Member,
    Note,
    Programme,
    ProgrammeLabel,
    TermKind,
    Threat,
)
from casework.messaging.models import Message
from tests import make
from tests.households.test_merging import snapshot

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 2)
KEPT_WHOLE = (Appointment, Message, Note, Agreement, DebtFile, Member, Threat, Helper)
some = st.integers(0, 2)
home = st.fixed_dictionaries({
    "notes": some, "appointments": some, "threats": some, "agreements": some, "helpers": some,
    "terms": st.sets(st.sampled_from(TermKind.values)), "met": st.booleans(),
    "programmes": st.sets(st.sampled_from(Programme.values), max_size=2), "reason": st.booleans(),
    "people": st.lists(st.tuples(st.sampled_from(["Awa", "Bo"]), st.booleans()), max_size=3),
    "mobile": st.sampled_from(["", "+31611111111", "+31622222222"]), "channel": st.sampled_from(["sms", "none"]),
    "postcode": st.sampled_from(["", "3072AB"]), "safety": st.booleans(), "owned": st.booleans(),
    "file": st.sampled_from(["", "open", "closed"]),
})  # fmt: skip


def build(spec: dict, at: int, counsellor, user) -> Household:
    made = make.household(
        given="Fatou", surname="Ndiaye", born=dt.date(1984, 5, 17), owner=counsellor if spec["owned"] else None,
        **{name: spec[name] for name in ("mobile", "channel", "postcode", "safety")},
    )  # fmt: skip
    for given_names, has_bsn in spec["people"]:
        # One BSN per household at most, and never the same in both.
        bsn = ("999900109", "999990019")[at] if has_bsn and not made.members.exclude(bsn="").exists() else ""
        Member.objects.create(
            household=made, given_names=given_names, surname="Ndiaye", search_surname="ndiaye", role="child",
            born=dt.date(2010, 1, 1), bsn=bsn, bsn_fingerprint=encryption.fingerprint(bsn) if bsn else "",
        )  # fmt: skip
    describe(made, list(made.members.order_by("pk")))
    made.save()
    member, moment = made.members.first(), make.moment("2026-11-01 10:00")
    for number in range(spec["notes"]):
        Note.objects.create(household=made, at=moment, by=user, kind="talk", text=f"{number}")
    for number in range(spec["appointments"]):
        one = make.appointment(household=made, counsellor=counsellor, start=f"2026-11-{10 + number} {10 + at}:00")
        Message.objects.create(
            household=made, appointment_key=one.pk, kind="t2", planned_start=one.starts_at, due_at=one.booked_at,
            expires_at=one.starts_at, created_at=one.booked_at,
        )  # fmt: skip
    for _number in range(spec["threats"]):
        Threat.objects.create(household=made, kind="water", recorded_at=moment)
    for _number in range(spec["agreements"]):
        Agreement.objects.create(household=made, member=member, with_whom="MAIT", purpose="hulp", fields=["name"],
                                 how="spoken", agreed_on=TODAY, recorded_on=TODAY)  # fmt: skip
    for number in range(spec["helpers"]):
        Helper.objects.create(household=made, name=f"Helper {number}")
    for kind in sorted(spec["terms"]):
        make.term(made, kind, f"2026-11-0{2 + at}", f"2026-11-{20 + at}", met_on=TODAY if spec["met"] else None)
    for programme in sorted(spec["programmes"]):
        ProgrammeLabel.objects.create(household=made, programme=programme, since=TODAY)
    if spec["reason"]:
        AccessReason.objects.create(user=user, household=made, valid_on=TODAY, kind="cover")
    if spec["file"]:
        closed = {"closed_on": TODAY, "exit_reason": "Overig"} if spec["file"] == "closed" else {}
        make.debt_file(made, opened=f"2026-10-0{1 + at}", **closed)
    return made


def counts() -> dict:
    return {model.__name__: model.objects.count() for model in KEPT_WHOLE}


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=home, other=home, taken=st.sets(st.sampled_from(["mobile", "address", "channel", "email"])))
def test_a_merge_loses_nothing_and_its_undo_leaves_every_row_as_it_was(one, other, taken, now):
    with transaction.atomic():
        try_out(one, other, taken, now)
        transaction.set_rollback(True)


def try_out(one: dict, other: dict, taken: set[str], now: dt.datetime) -> None:
    counsellor, boss = make.counsellor(), make.user(Role.SUPERVISOR)
    first, second = build(one, 0, counsellor, boss), build(other, 1, counsellor, boss)
    before, number = snapshot(), counts()
    if one["file"] == other["file"] == "open":
        with pytest.raises(actions.merging.CannotMerge):
            actions.merge_households(one=first, other=second, takes=[], reason="Dubbel", by=boss, now=now)
        assert snapshot() == before
        return
    done = actions.merge_households(
        one=second, other=first, takes=sorted(taken), reason="Dubbel", by=boss, now=now
    )  # fmt: skip
    assert counts() == number
    for model in (Appointment, Message, Note, Agreement, DebtFile, Threat, Helper):
        assert not model.objects.filter(household=second).exists(), model
    undo_merge(merge=done, by=boss, now=now)
    after = snapshot()
    # A message that an opt-out stopped was stopped by a rule of its own, and stays so.
    for kept in (before, after) if "none" in {one["channel"], other["channel"]} else ():
        for row in kept["casework.message"].values():
            row.pop("state"), row.pop("reason")
    assert after == before
