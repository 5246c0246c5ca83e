"""What may happen to a household: registering, members, threats, ownership, contact, closing, and the reason to look."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from casework.core.models import AuditEntry, AuditKind, Role
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.households import actions
from casework.households.actions import NewMember, NewThreat
from casework.households.models import AccessReason, ExitReason, Household, Member, Term, TermKind
from tests import make

pytestmark = pytest.mark.django_db
FATOU = NewMember(given_names="Fatou", surname="Ndiaye", born=dt.date(1984, 5, 17))


def register(now, **given) -> Household:
    facts = {"client": FATOU, "contact": {"mobile": "+31612345678"}, "location": None, "by": None, "now": now} | given
    return actions.register_household(**facts)


def last_line() -> AuditEntry:
    return AuditEntry.objects.first()


# Registering


def test_registering_writes_one_line_without_a_name(now, joris):
    made = register(now, by=joris)
    line = AuditEntry.objects.get()
    assert (line.action, line.username, line.kind) == ("register_household", "joris", AuditKind.CHANGED)
    assert line.object_key == f"household:{made.pk}"
    assert "Ndiaye" not in str(vars(line))
    assert "612345678" not in str(vars(line))


def test_case_numbers_follow_each_other_and_carry_the_year_of_rotterdam(now):
    numbers = [register(now, client=NewMember(given_names="A", surname=name)).case_number for name in ("Een", "Twee")]
    assert all(number.startswith("ETF-2026-") and len(number) == len("ETF-2026-000101") for number in numbers)
    assert int(numbers[1][-6:]) > int(numbers[0][-6:])
    new_year = make.moment("2027-01-01 00:30")
    assert register(new_year, client=NewMember(given_names="B", surname="Drie")).case_number.startswith("ETF-2027-")


def test_a_number_that_a_scenario_took_is_skipped(now):
    first = register(now, client=NewMember(given_names="A", surname="Een"))
    taken = f"ETF-2026-{int(first.case_number[-6:]) + 1:06}"
    register(now, client=NewMember(given_names="B", surname="Twee"), case_number=taken)
    third = register(now, client=NewMember(given_names="C", surname="Drie"))
    assert int(third.case_number[-6:]) == int(taken[-6:]) + 1


def test_the_names_that_lists_use_follow_the_members(now):
    child = NewMember(given_names="Awa", surname="Diop", role="child")
    made = register(now, client=NewMember(given_names="Zoë", prefix="van den", surname="Berg"), others=[child])
    assert (made.display_name, made.sort_name) == ("Zoë van den Berg", "berg vanden zoe")
    assert made.search_name == "zoe vandenberg berg van den awa diop"


@pytest.mark.parametrize(
    ("registered", "deadline"),
    [("2026-11-02 09:00", "2026-11-30"), ("2026-11-27 09:00", "2026-12-28"), ("2027-03-01 09:00", "2027-03-30"),
     ("2026-11-01 23:59", "2026-11-30"), ("2026-11-02 00:00", "2026-11-30")],
)  # fmt: skip
def test_the_first_talk_must_be_within_four_weeks(registered, deadline):
    """R-04, R-06 and the examples of 5.2; the local date counts."""
    moment = make.moment(registered)
    term = register(moment).terms.get()
    assert (term.kind, term.deadline) == (TermKind.FIRST_TALK, dt.date.fromisoformat(deadline))
    assert term.event_on == dt.date.fromisoformat(registered[:10])


@pytest.mark.parametrize(
    ("registered", "deadline"),
    [("2026-11-02 09:00", "2026-11-05"), ("2026-10-31 09:00", "2026-11-04"), ("2026-12-23 09:00", "2026-12-29"),
     ("2026-12-31 09:00", "2027-01-06"), ("2027-03-25 09:00", "2027-04-01"), ("2027-04-23 09:00", "2027-04-29"),
     ("2027-05-03 09:00", "2027-05-10")],
)  # fmt: skip
def test_who_is_threatened_is_talked_to_within_three_working_days(registered, deadline):
    """R-05 and the examples of 5.2."""
    moment = make.moment(registered)
    made = register(moment, threats=[NewThreat("eviction", moment), NewThreat("water", moment)])
    assert made.terms.get(kind=TermKind.URGENT).deadline == dt.date.fromisoformat(deadline)
    assert made.threats.count() == 2


def test_the_first_of_several_threats_starts_the_urgent_term(now):
    earlier = make.moment("2026-10-30 16:00")
    made = register(now, registered_at=earlier, threats=[NewThreat("water", now), NewThreat("eviction", earlier)])
    assert made.terms.get(kind=TermKind.URGENT).event_on == dt.date(2026, 10, 30)


def test_the_same_form_gives_the_same_household(now):
    token = uuid.uuid4()
    first = register(now, form_token=token)
    assert register(now, form_token=token, client=NewMember(given_names="Iemand", surname="Anders")) == first
    assert (Household.objects.count(), AuditEntry.objects.count()) == (1, 1)


# Duplicates


def test_a_known_bsn_is_refused_whatever_the_reason(now):
    first = register(now, client=NewMember(given_names="Fatou", surname="Ndiaye", bsn="999900109"))
    with pytest.raises(actions.BsnKnown) as refused:
        register(now, client=NewMember(given_names="Awa", surname="Diop", bsn="999900109"), duplicate_reason="toch")
    assert refused.value.household == first
    assert Household.objects.count() == 1


def test_a_known_bsn_of_another_member_is_refused_too(now):
    register(now, client=NewMember(given_names="Fatou", surname="Ndiaye", bsn="999900109"))
    partner = NewMember(given_names="Moussa", surname="Diop", role="partner", bsn="999900109")
    with pytest.raises(actions.BsnKnown):
        register(now, client=NewMember(given_names="Awa", surname="Diop"), others=[partner])
    assert Household.objects.count() == 1
    assert Member.objects.count() == 1


def test_two_in_one_household_with_one_bsn_are_refused(now):
    twin = NewMember(given_names="Awa", surname="Ndiaye", role="partner", bsn="999900109")
    with pytest.raises(Refused):
        register(now, client=NewMember(given_names="Fatou", surname="Ndiaye", bsn="999900109"), others=[twin])
    assert not Household.objects.exists()


@pytest.mark.parametrize(
    ("client", "contact", "alike"),
    [
        (NewMember(given_names="Awa", surname="NDIÁYE", born=dt.date(1984, 5, 17)), {}, True),
        (NewMember(given_names="Awa", surname="Diop", born=dt.date(1984, 5, 17)), {"mobile": "+31612345678"}, True),
        (NewMember(given_names="Awa", surname="Ndiaye", born=dt.date(1984, 5, 18)), {}, False),
        (NewMember(given_names="Fatou", surname="Ndiaye"), {"mobile": "+31612345678"}, False),
        (NewMember(given_names="Awa", surname="Diop", born=dt.date(1984, 5, 17)), {}, False),
        (NewMember(given_names="Awa", born=dt.date(1984, 5, 17)), {}, False),
    ],
)
def test_who_is_alike_interrupts(now, client, contact, alike):
    first = register(now)
    assert actions.find_duplicates(client=client, contact=contact).candidates == ([first] if alike else [])
    if alike:
        with pytest.raises(actions.PossibleDuplicate) as refused:
            register(now, client=client, contact=contact)
        assert refused.value.candidates == [first]
        made = register(now, client=client, contact=contact, duplicate_reason="Haar zus")
        assert last_line().reason == "Haar zus"
        assert made != first


def test_a_birth_date_and_a_surname_must_be_of_one_person(now):
    """A mother of that date and a child of that name are not one person."""
    register(now, others=[NewMember(given_names="Kind", surname="Diop", role="child", born=dt.date(2015, 1, 1))])
    wanted = NewMember(given_names="X", surname="Diop", born=dt.date(1984, 5, 17))
    assert actions.find_duplicates(client=wanted, contact={}).candidates == []


@pytest.mark.parametrize(
    ("contact", "noted"),
    [({"mobile": "+31612345678"}, True), ({"postcode": "3072AB", "house_number": "12", "addition": "b"}, True),
     ({"postcode": "3072AB", "house_number": "12"}, False), ({"postcode": "3072AB"}, False), ({}, False)],
)  # fmt: skip
def test_a_shared_number_or_address_is_noted(now, contact, noted):
    first = register(
        now, contact={"mobile": "+31612345678", "postcode": "3072AB", "house_number": "12", "addition": "b"}
    )
    other = NewMember(given_names="Iemand", surname="Anders")
    assert actions.find_duplicates(client=other, contact=contact).noted == ([first] if noted else [])


# Members


def test_a_member_joins_today_and_is_found(now, joris):
    household = register(now)
    made = actions.add_member(
        household=household, person=NewMember(given_names="Awa", surname="Diop", role="child"), by=joris, now=now
    )
    household.refresh_from_db()
    assert (made.joined_on, household.search_name) == (dt.date(2026, 11, 2), "fatou ndiaye awa diop 19840517")
    assert last_line().details == {"member": made.pk, "role": "child"}


def test_the_same_member_is_added_once(now, joris):
    household = register(now)
    person = NewMember(given_names="Awa", surname="Diop", role="child", born=dt.date(2015, 2, 1))
    first = actions.add_member(household=household, person=person, by=joris, now=now)
    assert actions.add_member(household=household, person=person, by=joris, now=now) == first
    assert household.members.count() == 2


def test_children_without_a_name_are_each_somebody(now, joris):
    household = register(now)
    for _child in range(2):
        actions.add_member(household=household, person=NewMember(role="child"), by=joris, now=now)
    assert household.members.count() == 3


def test_a_member_with_a_known_bsn_is_refused(now, joris):
    other = register(now, client=NewMember(given_names="Fatou", surname="Ndiaye", bsn="999900109"))
    household = register(now, client=NewMember(given_names="Awa", surname="Diop"))
    with pytest.raises(actions.BsnKnown) as refused:
        actions.add_member(household=household, person=NewMember(given_names="X", bsn="999900109"), by=joris, now=now)
    assert refused.value.household == other


# Owner


def test_a_household_is_given_once(now, ingrid, samira):
    household = register(now)
    for _time in range(2):
        row = actions.allocate_household(household=household, owner=samira, by=ingrid, now=now)
    assert (row.owner, row.version) == (samira, 2)
    assert AuditEntry.objects.filter(action="allocate_household").count() == 1


def test_a_household_of_somebody_else_or_a_closed_one_is_not_given(now, ingrid, samira):
    owned = make.household(owner=make.counsellor(name="Bram de Groot"))
    with pytest.raises(actions.OwnedAlready, match="Bram de Groot"):
        actions.allocate_household(household=owned, owner=samira, by=ingrid, now=now)
    closed = make.household(closed_on=dt.date(2026, 10, 1), exit_reason="Afgerond")
    with pytest.raises(actions.HouseholdClosed):
        actions.allocate_household(household=closed, owner=samira, by=ingrid, now=now)


# Threats and terms


def threat(household, now, by, kind="eviction", **given):
    return actions.record_threat(household=household, kind=kind, by=by, now=now, **given)


def test_a_later_threat_does_not_move_the_urgent_term(now, joris):
    household = register(now)
    threat(household, now, joris)
    threat(household, make.moment("2026-11-04 09:00"), joris, kind="water")
    assert household.terms.get(kind=TermKind.URGENT).deadline == dt.date(2026, 11, 5)
    assert household.threats.count() == 2


def test_the_same_threat_twice_on_a_day_is_one(now, joris):
    household = register(now)
    assert threat(household, now, joris) == threat(household, now, joris)
    threat(household, make.moment("2026-11-03 09:00"), joris)
    assert household.threats.count() == 2


def test_an_urgent_term_never_passes_the_four_weeks(joris):
    household = register(make.moment("2026-11-02 09:00"))
    threat(household, make.moment("2026-11-27 09:00"), joris)
    assert household.terms.get(kind=TermKind.URGENT).deadline == dt.date(2026, 11, 30)


def test_a_threat_after_the_four_weeks_still_has_three_working_days(joris):
    household = register(make.moment("2026-11-02 09:00"))
    threat(household, make.moment("2026-12-07 09:00"), joris)
    assert household.terms.get(kind=TermKind.URGENT).deadline == dt.date(2026, 12, 10)


def test_after_the_first_talk_a_threat_starts_no_term(now, joris):
    household = register(now)
    actions.meet_term(household=household, kind=TermKind.FIRST_TALK, on=dt.date(2026, 11, 3), by=joris, now=now)
    threat(household, now, joris)
    assert not household.terms.filter(kind=TermKind.URGENT).exists()
    assert household.threats.count() == 1


@pytest.mark.parametrize(("first_talk", "deadline"), [("2026-10-30", "2026-12-28"), ("2026-11-06", "2027-01-04")])
def test_a_decision_follows_within_eight_weeks(now, joris, first_talk, deadline):
    """R-07 and the examples of 5.2. A second talk changes nothing."""
    household = register(now)
    for on in (dt.date.fromisoformat(first_talk), dt.date(2026, 12, 1)):
        actions.open_decision_term(household=household, first_talk_on=on, by=joris, now=now)
    assert household.terms.get(kind=TermKind.DECISION).deadline == dt.date.fromisoformat(deadline)


def test_a_term_is_met_once_and_opens_again_after_a_correction(now, joris):
    household = register(now)
    meet = {"household": household, "kind": TermKind.FIRST_TALK, "by": joris, "now": now}
    actions.meet_term(**meet, on=dt.date(2026, 11, 3))
    actions.meet_term(**meet, on=dt.date(2026, 11, 9))
    assert household.terms.get().met_on == dt.date(2026, 11, 3)
    taken_back = {"household": household, "held_on": None, "by": joris, "now": now}
    actions.follow_first_talk(**taken_back, taken_back=dt.date(2026, 11, 9))
    assert household.terms.get(kind=TermKind.FIRST_TALK).met_on == dt.date(2026, 11, 3)
    actions.follow_first_talk(**taken_back, taken_back=dt.date(2026, 11, 3))
    assert household.terms.get().is_open


# Contact


def test_a_change_of_contact_names_fields_never_values(now, joris):
    household = make.household()
    changed = actions.change_contact(
        household=household, values={"mobile": "+31687654321", "street": "Nieuwstraat"}, version=1, by=joris, now=now
    )
    assert (changed.mobile, changed.version) == ("+31687654321", 2)
    assert last_line().details == {"changed": ["mobile", "street"]}


def test_an_old_version_is_refused_and_shows_what_stands(now, joris, ingrid):
    household = make.household()
    change = {"household": household, "version": 1, "now": now}
    actions.change_contact(**change, values={"mobile": "+31687654321"}, by=ingrid)
    with pytest.raises(ChangedMeanwhile) as refused:
        actions.change_contact(**change, values={"mobile": "+31600000001"}, by=joris)
    assert refused.value.current.mobile == "+31687654321"
    household.refresh_from_db()
    assert household.mobile == "+31687654321"


def test_what_stands_already_is_no_change(now, joris):
    household = make.household()
    actions.change_contact(household=household, values={"mobile": household.mobile}, version=99, by=joris, now=now)
    assert not AuditEntry.objects.exists()


def test_only_contact_details_change_through_this_door(now, joris, samira):
    household = make.household()
    actions.change_contact(household=household, values={"owner": samira, "version": 9}, version=1, by=joris, now=now)
    household.refresh_from_db()
    assert (household.owner, household.version) == (None, 1)


# Closing


def test_closing_ends_what_ran(now, joris):
    household = register(now)
    for _time in range(2):
        row = actions.close_household(
            household=household, reason=ExitReason.COMPLETED, on=dt.date(2026, 11, 2), by=joris, now=now
        )
    assert (row.is_closed, row.exit_reason) == (True, "Afgerond")
    assert [term.ended_on for term in Term.objects.all()] == [dt.date(2026, 11, 2)]
    assert AuditEntry.objects.filter(action="close_household").count() == 1


# Who may look


@pytest.mark.parametrize(
    ("role", "sees"),
    [(Role.DESK, True), (Role.COUNSELLOR, True), (Role.SUPERVISOR, True), (Role.PARTNER, False), (Role.ADMIN, False),
     (Role.PRIVACY_OFFICER, False)],
)  # fmt: skip
def test_which_roles_see_households(role, sees):
    household = make.household()
    user = make.user(role)
    assert list(Household.objects.visible_to(user)) == ([household] if sees else [])
    user.is_active = False
    assert not Household.objects.visible_to(user).exists()


def test_a_reason_is_asked_of_counsellors_outside_their_caseload(now, samira, joris, ingrid):
    own, other = make.household(owner=samira), make.household()
    asked = {(user.username, household.pk): actions.needs_reason(user=user, household=household, now=now)
             for user in (samira.user, joris, ingrid) for household in (own, other)}  # fmt: skip
    assert [key for key, asks in asked.items() if asks] == [("samira", other.pk)]


def test_a_reason_is_given_once_a_day(now, samira):
    household = make.household()
    give = {"user": samira.user, "household": household, "now": now}
    first = actions.give_access_reason(**give, kind="cover", text="")
    assert actions.give_access_reason(**give, kind="complaint", text="") == first
    assert AuditEntry.objects.filter(action="give_access_reason").count() == 1
    late = give | {"now": make.moment("2026-11-02 23:59")}
    assert not actions.needs_reason(**late)
    assert actions.needs_reason(**give | {"now": make.moment("2026-11-03 00:00")})


def test_another_reason_needs_words(now, samira):
    with pytest.raises(Refused) as refused:
        actions.give_access_reason(user=samira.user, household=make.household(), kind="other", text=" ", now=now)
    assert refused.value.field == "text"


# What the database does not allow, whoever asks


def refuses(name: str, change) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        change()


def test_the_database_refuses_what_cannot_be(now, samira):
    household = make.household()
    member = household.members.get()
    rows, members = Household.objects.filter(pk=household.pk), Member.objects.filter(pk=member.pk)
    refuses("household_closed_with_reason", lambda: rows.update(closed_on=dt.date(2026, 11, 2)))
    refuses("household_closed_with_reason", lambda: rows.update(exit_reason="Afgerond"))
    refuses("member_bsn_with_fingerprint", lambda: members.update(bsn="999900109"))
    refuses("member_bsn_with_fingerprint", lambda: members.update(bsn_fingerprint="x"))
    refuses("member_dates_in_order", lambda: members.update(joined_on=dt.date(2026, 2, 1), left_on=dt.date(2026, 1, 1)))
    refuses("term_deadline_after_event", lambda: make.term(household, "first_talk", "2026-11-02", "2026-11-01"))
    make.term(household, "first_talk", "2026-11-02", "2026-11-30")
    refuses("term_once_per_kind", lambda: make.term(household, "first_talk", "2026-11-03", "2026-12-01"))
    reason = {"user": samira.user, "household": household, "valid_on": dt.date(2026, 11, 2)}
    refuses("access_reason_other_explained", lambda: AccessReason.objects.create(**reason, kind="other"))
    AccessReason.objects.create(**reason, kind="cover")
    refuses("access_reason_once_a_day", lambda: AccessReason.objects.create(**reason, kind="cover"))


def test_a_bsn_is_free_again_after_somebody_left():
    """`member_bsn_once` counts people who live there now."""
    first, second = (make.household().members.get() for _number in range(2))
    secret = {"bsn": "999900109", "bsn_fingerprint": "f" * 64}
    Member.objects.filter(pk=first.pk).update(**secret)
    refuses("member_bsn_once", lambda: Member.objects.filter(pk=second.pk).update(**secret))
    Member.objects.filter(pk=first.pk).update(left_on=dt.date(2026, 11, 1))
    assert Member.objects.filter(pk=second.pk).update(**secret) == 1
