"""Households to another counsellor: each standing appointment is asked, and nothing is lost (R-60, R-61, S16)."""

import datetime as dt

import pytest
from django.urls import reverse

from casework.appointments import actions
from casework.appointments.actions import Choice
from casework.appointments.models import Appointment
from casework.core.models import AuditEntry, Role
from casework.core.refusals import Refused
from casework.households.actions import HouseholdClosed, ProposedAlready, propose_transfer
from casework.households.models import Household, ProposalState, TransferProposal
from casework.messaging.models import Message, MessageKind, MessageState
from casework.reports import reads
from tests import make

WHEN = "2026-11-09 10:00"


@pytest.fixture
def bram(samira):
    return make.counsellor(at=samira.location, name="Bram de Groot", username="bram")


@pytest.fixture
def home(samira, now):
    made = make.household(given="Fatou", surname="Ndiaye", location=samira.location, owner=samira)
    make.term(made, "first_talk", "2026-11-02", "2026-11-30")
    return made


@pytest.fixture
def booked(home, samira, joris, now):
    return actions.book(household=home, counsellor=samira, location=samira.location, kind=make.appointment_type(),
                        start=make.moment(WHEN), by=joris, now=now)  # fmt: skip


def transfer(home, to, choices, by, now):
    return actions.transfer_households(households=[home], to=to, choices=choices, by=by, now=now)


# The action


def test_an_appointment_that_stays_stays_with_its_counsellor(home, booked, bram, samira, ingrid, now):
    transfer(home, bram, {booked.pk: Choice(booked.version, stays=True)}, ingrid, now)
    home.refresh_from_db()
    booked.refresh_from_db()
    assert (home.owner, booked.counsellor) == (bram, samira)
    assert AuditEntry.objects.get(action="transfer_household").details == {"from": samira.pk, "to": bram.pk}


def test_at_the_same_time_and_place_nobody_gets_a_message(home, booked, bram, ingrid, now):
    before = list(Message.objects.order_by("pk").values_list("pk", "state"))
    transfer(home, bram, {booked.pk: Choice(booked.version)}, ingrid, now)
    booked.refresh_from_db()
    assert (booked.counsellor, booked.outcome, booked.version) == (bram, "", 2)
    assert list(Message.objects.order_by("pk").values_list("pk", "state")) == before
    # What still goes out names who will be there.
    assert {one.facts["first_name"] for one in Message.objects.filter(state=MessageState.PLANNED)} == {"Bram"}


def test_another_time_moves_it_and_tells_the_resident(home, booked, bram, ingrid, now):
    start = make.moment("2026-11-09 14:00")
    transfer(home, bram, {booked.pk: Choice(booked.version, start=start)}, ingrid, now)
    booked.refresh_from_db()
    assert (booked.outcome, booked.moved_to.counsellor, booked.moved_to.starts_at) == ("R1", bram, start)
    assert Message.objects.filter(appointment_key=booked.moved_to_id, kind=MessageKind.CHANGED).exists()


def test_nothing_is_saved_until_each_has_a_choice(home, booked, bram, samira, ingrid, now):
    with pytest.raises(actions.ChoicesMissing) as refused:
        transfer(home, bram, {}, ingrid, now)
    assert set(refused.value.rows) == {booked.pk}
    home.refresh_from_db()
    assert home.owner == samira


def test_a_busy_counsellor_and_a_changed_appointment_are_asked_again_and_all_else_waits(
    home, booked, bram, samira, ingrid, now
):
    other = make.household(owner=samira)
    second = make.appointment(household=other, counsellor=samira, start="2026-11-10 10:00")
    make.appointment(household=make.household(), counsellor=bram, start=WHEN)
    choices = {booked.pk: Choice(booked.version), second.pk: Choice(second.version)}
    with pytest.raises(actions.ChoicesMissing) as refused:
        actions.transfer_households(households=[home, other], to=bram, choices=choices, by=ingrid, now=now)
    assert set(refused.value.rows) == {booked.pk}
    second.refresh_from_db()
    assert second.counsellor == samira
    choices[booked.pk] = Choice(booked.version - 1, stays=True)
    with pytest.raises(actions.ChoicesMissing) as refused:
        actions.transfer_households(households=[home, other], to=bram, choices=choices, by=ingrid, now=now)
    assert "intussen" in refused.value.rows[booked.pk]
    assert set(Household.objects.filter(owner=samira)) == {home, other}


def test_outside_the_hours_of_the_new_counsellor_another_time_is_asked(home, booked, bram, ingrid, now):
    make.absence(bram, "2026-11-09 09:00", "2026-11-09 12:00")
    with pytest.raises(actions.ChoicesMissing) as refused:
        transfer(home, bram, {booked.pk: Choice(booked.version)}, ingrid, now)
    assert "andere tijd" in refused.value.rows[booked.pk]


def test_a_closed_household_and_somebody_who_left_get_none(home, samira, bram, ingrid, now):
    closed = make.household(owner=samira, closed_on=dt.date(2026, 11, 1), exit_reason="Afgerond")
    with pytest.raises(HouseholdClosed):
        transfer(closed, bram, {}, ingrid, now)
    bram.active = False
    bram.save()
    with pytest.raises(Refused):
        transfer(home, bram, {}, ingrid, now)


def test_what_was_attended_stays_whose_it_was(home, bram, samira, ingrid, now):
    """R-61, C11: appointments, and the registration, stay with the counsellor of the planned start."""
    make.appointment(household=home, counsellor=samira, start="2026-10-30 10:00", outcome="N")
    scope = reads.Scope(first=dt.date(2026, 10, 1), last=dt.date(2026, 11, 30))
    before = {code: figure(scope, now=now).as_json() for code, figure in reads.FIGURES.items()}
    transfer(home, bram, {}, ingrid, now)
    assert {code: figure(scope, now=now).as_json() for code, figure in reads.FIGURES.items()} == before


def test_a_transfer_decides_what_was_proposed(home, bram, samira, ingrid, now):
    mine = propose_transfer(household=home, to=bram, reason="Spreekt de taal", by=samira.user, now=now)
    assert propose_transfer(household=home, to=bram, reason="Nog eens", by=samira.user, now=now) == mine
    with pytest.raises(ProposedAlready):
        propose_transfer(household=home, to=make.counsellor(at=samira.location), reason="x", by=samira.user, now=now)
    transfer(home, bram, {}, ingrid, now)
    mine.refresh_from_db()
    assert (mine.state, mine.settled_by) == (ProposalState.APPROVED, ingrid)


# The door


def address(*homes, to=None):
    query = "&".join(f"household={one.case_number}" for one in homes)
    return f"{reverse('transfer')}?{query}" + (f"&to={to.pk}" if to else "")


def test_a_supervisor_chooses_per_appointment(home, booked, bram, ingrid, browse):
    client = browse(ingrid)
    page = client.get(address(home, to=bram)).content.decode()
    assert "blijft bij Samira El Amrani" in page
    assert "naar Bram de Groot (vrij)" in page
    empty = client.post(address(home, to=bram), {f"version-{booked.pk}": booked.version})
    assert "Kies wat er met deze afspraak gebeurt" in empty.content.decode()
    sent = {f"version-{booked.pk}": booked.version, f"choice-{booked.pk}": "along"}
    assert client.post(address(home, to=bram), sent).status_code == 302
    booked.refresh_from_db()
    assert booked.counsellor == bram


def test_a_busy_time_offers_others(home, booked, bram, ingrid, browse):
    make.appointment(household=make.household(), counsellor=bram, start=WHEN)
    client = browse(ingrid)
    page = client.get(address(home, to=bram)).content.decode()
    assert "naar Bram de Groot – bezet, kies tijd" in page
    sent = {f"version-{booked.pk}": booked.version, f"choice-{booked.pk}": "other_time"}
    assert "Kies een tijd" in client.post(address(home, to=bram), sent).content.decode()
    time = page.split('<option value="2026')[1].split('"')[0]
    assert client.post(address(home, to=bram), sent | {f"time-{booked.pk}": f"2026{time}"}).status_code == 302
    assert Appointment.objects.get(moved_from=booked).counsellor == bram


def test_only_what_a_colleague_changed_is_asked_again(home, booked, bram, samira, ingrid, browse):
    other = make.household(owner=samira)
    second = make.appointment(household=other, counsellor=samira, start="2026-11-10 10:00")
    client = browse(ingrid)
    sent = {f"version-{one.pk}": one.version for one in (booked, second)}
    sent |= {f"choice-{one.pk}": "stays" for one in (booked, second)}
    Appointment.objects.filter(pk=booked.pk).update(version=5)
    page = client.post(address(home, other, to=bram), sent)
    form = page.context["form"]
    assert form[f"choice-{booked.pk}"].value() is None
    assert form[f"choice-{second.pk}"].value() == "stays"
    assert "intussen" in page.content.decode()
    sent |= {f"version-{booked.pk}": form[f"version-{booked.pk}"].value()}
    assert client.post(address(home, other, to=bram), sent).status_code == 302
    assert Household.objects.filter(owner=bram).count() == 2


def test_a_counsellor_proposes_for_the_own_caseload_only(home, bram, samira, ingrid, browse):
    strange = make.household(owner=bram)
    client = browse(samira.user)
    assert strange.case_number in client.get(address(home, strange)).content.decode()
    assert "Schrijf waarom" in client.post(address(home, strange, to=bram), {"reason": ""}).content.decode()
    assert client.post(address(home, strange, to=bram), {"reason": "Spreekt Frans"}).status_code == 302
    assert TransferProposal.objects.get().household == home
    home.refresh_from_db()
    assert home.owner == samira
    page = browse(ingrid).get(reverse("today")).content.decode()
    assert "1 voorstel wacht op uw beslissing" in page
    assert "Spreekt Frans" in browse(ingrid).get(reverse("to_approve")).content.decode()


def test_a_declined_proposal_changes_nothing_and_is_decided_once(home, bram, samira, ingrid, browse, now):
    proposal = propose_transfer(household=home, to=bram, reason="Spreekt de taal", by=samira.user, now=now)
    client = browse(ingrid)
    for _again in range(2):
        assert client.post(reverse("decline_transfer", args=[proposal.pk])).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, Household.objects.get(pk=home.pk).owner) == (ProposalState.DECLINED, samira)
    assert AuditEntry.objects.filter(action="decline_transfer").count() == 1


@pytest.mark.parametrize("nonsense", ["\x00", "zzz", "99999999999999999999", "-1", "９"])
def test_nonsense_in_the_address_is_no_household_and_no_counsellor(home, nonsense, ingrid, browse):
    client = browse(ingrid)
    assert client.get(reverse("transfer"), {"household": nonsense}).status_code == 200
    assert client.get(reverse("transfer"), {"household": home.case_number, "to": nonsense}).status_code == 200


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_asks_the_same_queries_for_one_household_and_for_three(
    number, samira, bram, ingrid, browse, now, django_assert_num_queries
):
    homes = [make.household(owner=samira) for _one in range(number)]
    for day, one in enumerate(homes):
        make.appointment(household=one, counsellor=samira, start=f"2026-11-{9 + day:02} 10:00")
    client = browse(ingrid)
    with django_assert_num_queries(10):
        assert client.get(address(*homes, to=bram)).status_code == 200


@pytest.mark.parametrize("role", [Role.DESK, Role.PARTNER, Role.ADMIN, Role.PRIVACY_OFFICER])
def test_nobody_else_transfers(role, home, bram, everyone, browse):
    assert browse(everyone[role]).post(address(home, to=bram)).status_code == 403
