"""Corrections after 14 days: proposed by whom it concerns, decided by a supervisor (R-22, R-90e, R-19, S04)."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casework.appointments import actions
from casework.appointments.models import Appointment, CorrectionProposal, CorrectionState, Outcome
from casework.core.models import AuditEntry, Role
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.households.models import Household
from tests import make

LONG_AGO = "2026-10-12 10:00"


@pytest.fixture
def row(samira, now):
    """Three weeks ago, recorded as missed."""
    home = make.household(given="Fatou", surname="Ndiaye", owner=samira, location=samira.location)
    return make.appointment(household=home, counsellor=samira, start=LONG_AGO, outcome="N", reason_id="forgotten")


@pytest.fixture
def bram(samira):
    return make.counsellor(at=samira.location, name="Bram de Groot", username="bram")


def propose(row, by, now, **given) -> CorrectionProposal:
    values = {"outcome": "V", "why": "Zij was er wel, verkeerde regel", "version": row.version} | given
    return actions.propose_correction(appointment=row, by=by, now=now, **values)


def approve(proposal, by, now):
    return actions.approve_correction(proposal=proposal, by=by, now=now)


def decline(proposal, by, now, answer="Op de lijst van die dag staat zij niet"):
    return actions.decline_correction(proposal=proposal, answer=answer, by=by, now=now)


# Proposing


@pytest.mark.parametrize("who", ["samira", "joris"])
def test_a_proposal_changes_nothing_yet(row, samira, joris, now, who):
    by = {"samira": samira.user, "joris": joris}[who]
    made = propose(row, by, now)
    row.refresh_from_db()
    assert (row.outcome, made.was, made.becomes, made.state, made.proposed_by) == ("N", "N", "V", "open", by)
    line = AuditEntry.objects.get(action="propose_correction")
    assert (line.username, line.details) == (by.username, {"proposal": made.pk, "old": "N", "new": "V"})


def test_who_may_not_record_may_not_propose(row, bram, now):
    elsewhere = make.user(Role.DESK, location=make.location())
    for by in (bram.user, elsewhere, make.user(Role.PARTNER), make.user(Role.ADMIN), make.user(Role.PRIVACY_OFFICER)):
        with pytest.raises(actions.NotYours):
            propose(row, by, now)
    assert not CorrectionProposal.objects.exists()


def test_the_second_counsellor_proposes_too(row, bram, now):
    Appointment.objects.filter(pk=row.pk).update(second_counsellor=bram)
    assert propose(Appointment.objects.get(pk=row.pk), bram.user, now).is_open


def test_whoever_may_correct_does_not_propose(row, samira, ingrid, now):
    recent = make.appointment(household=row.household, counsellor=samira, start="2026-10-19 10:00", outcome="N")
    for of, by in ((recent, samira.user), (row, ingrid)):
        with pytest.raises(Refused, match="zelf corrigeren"):
            propose(of, by, now)


@pytest.mark.parametrize(
    ("given", "words"),
    [({"why": "  "}, "waarom"), ({"outcome": "N"}, "andere uitkomst"), ({"outcome": "R1"}, "andere uitkomst"),
     ({"outcome": "A1"}, "wanneer de inwoner")],
)  # fmt: skip
def test_what_a_correction_refuses_is_refused_at_once(row, samira, now, given, words):
    with pytest.raises(Refused, match=words):
        propose(row, samira.user, now, **given)


def test_what_changed_since_it_was_opened_is_refused(row, samira, now):
    with pytest.raises(ChangedMeanwhile):
        propose(row, samira.user, now, version=row.version - 1)


def test_the_same_proposal_twice_is_one(row, samira, joris, now):
    assert propose(row, samira.user, now) == propose(row, samira.user, now)
    for by, given in ((samira.user, {"outcome": "X"}), (joris, {})):
        with pytest.raises(actions.CorrectionWaits):
            propose(row, by, now, **given)
    assert CorrectionProposal.objects.count() == 1


def test_two_open_ones_are_refused_by_the_database(row, samira, now):
    made = propose(row, samira.user, now)
    made.pk = None
    with pytest.raises(IntegrityError, match="correction_proposed_once"), transaction.atomic():
        made.save(force_insert=True)


# Deciding


def test_approving_corrects_with_both_names_in_the_trail(row, samira, ingrid, now):
    done = approve(propose(row, samira.user, now), ingrid, now)
    row.refresh_from_db()
    assert (row.outcome, row.reason, row.recorded_by) == ("V", None, ingrid)
    assert (done.state, done.settled_by, done.settled_at) == (CorrectionState.APPROVED, ingrid, now)
    line = AuditEntry.objects.get(action="correct_attendance")
    assert (line.username, line.details["proposed_by"]) == ("ingrid", "samira")
    assert (line.details["old"], line.details["new"], line.reason) == ("N", "V", "Zij was er wel, verkeerde regel")


def test_terms_and_follow_up_go_along(row, samira, ingrid, now):
    term = make.term(row.household, "first_talk", "2026-10-01", "2026-10-29")
    item = make.follow_up(row)
    approve(propose(row, samira.user, now), ingrid, now)
    term.refresh_from_db()
    item.refresh_from_db()
    assert (term.met_on.isoformat(), item.state) == ("2026-10-12", "withdrawn")


def test_approving_twice_corrects_once(row, samira, ingrid, now):
    made = propose(row, samira.user, now)
    assert approve(made, ingrid, now) == approve(made, ingrid, now)
    assert AuditEntry.objects.filter(action="correct_attendance").count() == 1
    with pytest.raises(actions.CorrectionSettled):
        decline(made, ingrid, now)


def test_declining_says_why_and_changes_nothing(row, samira, ingrid, now):
    made = propose(row, samira.user, now)
    with pytest.raises(Refused, match="Schrijf waarom"):
        decline(made, ingrid, now, answer=" ")
    assert decline(made, ingrid, now).answer == "Op de lijst van die dag staat zij niet"
    decline(made, ingrid, now)
    row.refresh_from_db()
    assert (row.outcome, AuditEntry.objects.filter(action="decline_correction").count()) == ("N", 1)
    with pytest.raises(actions.CorrectionSettled):
        approve(made, ingrid, now)
    assert propose(row, samira.user, now).pk != made.pk, "a second thought is another proposal"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SUPERVISOR])
def test_only_a_supervisor_decides(row, samira, everyone, now, role):
    made = propose(row, samira.user, now)
    for act in (approve, decline):
        with pytest.raises(actions.NotYours):
            act(made, everyone[role], now)
    row.refresh_from_db()
    assert row.outcome == "N"


def test_what_changed_meanwhile_is_not_overwritten_and_said(row, samira, ingrid, now):
    made = propose(row, samira.user, now)
    actions.correct_attendance(appointment=row, outcome="X", reason="ill", why="Belde", by=ingrid, now=now)
    with pytest.raises(actions.CorrectionOutdated) as refused:
        approve(made, ingrid, now)
    assert "Toen stond er: Niet verschenen." in str(refused.value)
    assert "Nu staat er: Niet verschenen – verontschuldigd, door Ingrid Smit" in str(refused.value)
    row.refresh_from_db()
    assert row.outcome == "X"
    assert decline(made, ingrid, now).is_declined


def test_a_supervisor_who_does_the_same_directly_answers_the_proposal(row, samira, ingrid, now):
    made = propose(row, samira.user, now)
    actions.correct_attendance(appointment=row, outcome="V", why="Gezien op de lijst", by=ingrid, now=now)
    made.refresh_from_db()
    assert (made.state, made.settled_by) == ("approved", ingrid)


def test_each_outcome_of_an_appointment_has_room_in_a_proposal():
    for field in ("was", "becomes"):
        assert CorrectionProposal._meta.get_field(field).choices == Outcome.choices


# Doors


@pytest.mark.parametrize("who", ["samira", "joris"])
def test_the_page_of_a_correction_becomes_one_of_a_proposal(row, samira, joris, browse, now, who):
    client = browse({"samira": samira.user, "joris": joris}[who])
    address = reverse("correct_attendance", args=[row.pk])
    assert f'href="{address}"' in client.get(reverse("appointment", args=[row.pk])).content.decode()
    page = client.get(address)
    assert "Correctie voorstellen" in page.content.decode()
    asked = {"outcome": "V", "why": "Verkeerde regel", "version": row.version}
    assert client.post(address, asked)["Location"] == reverse("appointment", args=[row.pk])
    shown = client.get(reverse("appointment", args=[row.pk])).content.decode()
    assert "Uw voorstel ligt bij de teamleider." in shown
    assert "Wacht op de teamleider." in shown
    assert f'href="{address}"' not in shown, "who waits for an answer proposes nothing else"
    assert client.get(address)["Location"] == reverse("appointment", args=[row.pk])


def test_a_supervisor_finds_opens_and_decides(row, samira, ingrid, browse, now):
    made = propose(row, samira.user, now)
    client, address = browse(ingrid), reverse("decide_correction", args=[made.pk])
    assert f'href="{address}"' in client.get(reverse("to_approve")).content.decode()
    page = client.get(address).content.decode()
    assert all(words in page for words in ("Zij was er wel, verkeerde regel", "Samira El Amrani", "Niet verschenen"))
    assert AuditEntry.objects.filter(action="view_correction").count() == 1
    assert client.post(address, {"decline": "1"}).status_code == 200
    assert client.post(address, {"approve": "1"})["Location"] == reverse("to_approve")
    row.refresh_from_db()
    assert row.outcome == "V"
    assert client.get(address)["Location"] == reverse("appointment", args=[row.pk])


def test_the_proposer_reads_the_answer_on_the_first_page_and_with_the_appointment(row, joris, ingrid, browse, now):
    made, client = propose(row, joris, now), browse(joris)
    assert "Antwoord op uw voorstel" not in client.get("/").content.decode()
    browse(ingrid).post(
        reverse("decide_correction", args=[made.pk]), {"decline": "1", "answer": "Zij stond er niet op"}
    )
    for address in ("/", reverse("appointment", args=[row.pk])):
        page = " ".join(client.get(address).content.decode().split())
        assert "Niet gecorrigeerd: Zij stond er niet op (Ingrid Smit" in page
    assert "Antwoord op uw voorstel" not in browse(ingrid).get("/").content.decode()


def test_what_is_out_of_date_is_said_on_its_page(row, samira, ingrid, browse, now):
    made, client = propose(row, samira.user, now), browse(ingrid)
    actions.correct_attendance(appointment=row, outcome="X", why="Belde", by=ingrid, now=now)
    address = reverse("decide_correction", args=[made.pk])
    assert "Nu staat er: Niet verschenen – verontschuldigd" in client.get(address).content.decode()
    assert "kan niet meer" in client.post(address, {"approve": "1"}).content.decode()


def test_of_an_anonymised_household_nothing_waits(row, samira, ingrid, browse, now):
    made = propose(row, samira.user, now)
    closed = {"closed_on": now.date(), "exit_reason": "Afgerond", "anonymised_on": now.date()}
    Household.objects.filter(pk=row.household_id).update(**closed)
    assert browse(ingrid).get("/").context["to_decide"] == 0
    assert browse(ingrid).get(reverse("decide_correction", args=[made.pk])).status_code == 404
