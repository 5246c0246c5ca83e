"""Members change and leave; consents, agreements, life events, helpers, programmes, notes (domain.md 4.1, 4.2)."""

import datetime as dt
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from casework.core.models import AuditEntry
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.households import actions
from casework.households.actions import NewAgreement, NewMember
from casework.households.models import Agreement, Helper, LifeEvent, Note, ProgrammeLabel, Term, Threat
from casework.messaging import actions as messaging
from casework.messaging.models import Message, MessageKind
from tests import make

TODAY = dt.date(2026, 11, 2)
AGREED = NewAgreement(
    with_whom="MAIT", purpose="Hulp met papieren", fields=["name", "phone"], how="spoken", agreed_on=TODAY
)


@pytest.fixture
def household(samira):
    return make.household(given="Fatou", surname="Ndiaye", owner=samira)


@pytest.fixture
def closed(samira):
    return make.household(given="Henk", surname="Klaar", closed_on=dt.date(2026, 10, 1), exit_reason="Afgerond")


def person(member, **changed) -> dict:
    names = ("given_names", "prefix", "surname", "born", "role", "gender", "may_be_spoken_to", "joined_on", "left_on")
    return {name: getattr(member, name) for name in names} | changed


def lines(action: str) -> list[dict]:
    return [one.details for one in AuditEntry.objects.filter(action=action).order_by("id")]


# Members


def test_a_changed_name_is_found_and_leaves_one_line_without_the_name(household, joris, now):
    member = household.members.get()
    changed = actions.change_member(
        member=member, values=person(member, surname="Şahin", prefix="van der"), version=1, by=joris, now=now
    )
    household.refresh_from_db()
    assert (household.display_name, household.search_name) == ("Fatou van der Şahin", "fatou vandersahin sahin van der")
    assert (changed.search_surname, changed.version) == ("sahin", 2)
    assert lines("change_member") == [{"member": member.pk, "changed": ["prefix", "surname"]}]


def test_the_same_values_change_nothing_whatever_version(household, joris, now):
    member = household.members.get()
    actions.change_member(member=member, values=person(member), version=99, by=joris, now=now)
    member.refresh_from_db()
    assert member.version == 1
    assert lines("change_member") == []


def test_a_member_changed_meanwhile_is_refused_with_the_row_as_it_stands(household, joris, now):
    """R-19."""
    member = household.members.get()
    actions.change_member(member=member, values=person(member, gender="Vrouw"), version=1, by=joris, now=now)
    with pytest.raises(ChangedMeanwhile) as refused:
        actions.change_member(member=member, values=person(member, gender="Man"), version=1, by=joris, now=now)
    assert refused.value.current.gender == "Vrouw"


def test_a_bsn_is_added_changed_taken_away_and_belongs_to_one_person(household, joris, now):
    """R-52, R-54."""
    other = make.household(surname="Ander")
    theirs = actions.add_member(household=other, person=NewMember(given_names="B", bsn="999900109"), by=joris, now=now)
    member = household.members.get()

    def change(bsn, version):
        return actions.change_member(member=member, values=person(member), bsn=bsn, version=version, by=joris, now=now)

    with pytest.raises(actions.BsnKnown) as refused:
        change("999900109", 1)
    assert refused.value.household == other
    assert change("999900018", 1).masked_bsn == "••••••018"
    assert change(None, 2).bsn == "999900018"
    gone = change("", 2)
    assert (gone.bsn, gone.bsn_fingerprint) == ("", "")
    assert "9999" not in str(lines("change_member"))
    # Who left no longer holds the number; coming back while another has it is refused.
    actions.change_member(member=theirs, values=person(theirs, left_on=TODAY), version=1, by=joris, now=now)
    assert change("999900109", 3).bsn == "999900109"
    theirs.refresh_from_db()
    with pytest.raises(actions.BsnKnown):
        actions.change_member(member=theirs, values=person(theirs, left_on=None), version=2, by=joris, now=now)


def test_leaving_takes_the_name_out_of_the_search_but_keeps_the_row(household, joris, now):
    partner = actions.add_member(household=household, person=NewMember("Awa", surname="Diop"), by=joris, now=now)
    actions.change_member(member=partner, values=person(partner, left_on=TODAY), version=1, by=joris, now=now)
    household.refresh_from_db()
    assert "diop" not in household.search_name
    assert household.members.count() == 2


@pytest.mark.parametrize(
    ("left", "joined"), [(dt.date(2026, 11, 3), None), (dt.date(2026, 10, 1), dt.date(2026, 10, 2))]
)
def test_leaving_tomorrow_or_before_coming_is_refused(household, joris, now, left, joined):
    partner = actions.add_member(household=household, person=NewMember("Awa"), by=joris, now=now)
    with pytest.raises(Refused) as refused:
        values = person(partner, left_on=left, joined_on=joined)
        actions.change_member(member=partner, values=values, version=1, by=joris, now=now)
    assert refused.value.field == "left_on"


def test_the_last_member_cannot_leave(household, joris, now):
    member = household.members.get()
    with pytest.raises(Refused, match="blijven"):
        actions.change_member(member=member, values=person(member, left_on=TODAY), version=1, by=joris, now=now)
    member.refresh_from_db()
    assert member.left_on is None


# One-time tokens


def test_the_same_form_twice_makes_one_of_everything(household, joris, now):
    token = uuid.uuid4
    adds = [
        lambda **same: actions.add_member(household=household, person=NewMember(role="child"), **same),
        lambda **same: actions.record_threat(household=household, kind="water", **same),
        lambda **same: actions.give_agreement(household=household, agreement=AGREED, **same),
        lambda **same: actions.add_life_event(
            household=household, values={"kind": "birth", "happened_on": TODAY}, **same
        ),
        lambda **same: actions.add_helper(household=household, values={"name": "Wil"}, **same),
        lambda **same: actions.add_programme(household=household, values={"programme": "prio", "since": TODAY}, **same),
        lambda **same: actions.write_note(household=household, kind="note", text="Gebeld", **same),
        lambda **same: actions.record_consent(
            household=household, channel="sms", agreed=True, source="talk", given_on=TODAY, **same
        ),
    ]
    for add in adds:
        same = {"form_token": token(), "by": joris, "now": now}
        first = add(**same)
        assert add(**same) == first
        assert type(first).objects.filter(form_token=same["form_token"]).count() == 1
    assert AuditEntry.objects.exclude(action="login").count() == len(adds)


def test_the_token_of_another_household_is_refused(household, joris, now):
    token, other = uuid.uuid4(), make.household(surname="Ander")
    actions.add_helper(household=household, values={"name": "Wil"}, form_token=token, by=joris, now=now)
    with pytest.raises(Refused):
        actions.add_helper(household=other, values={"name": "Wil"}, form_token=token, by=joris, now=now)
    assert other.helpers.count() == 0


def test_nothing_new_starts_in_a_closed_household_but_a_note(closed, joris, now):
    refused = [
        lambda: actions.give_agreement(household=closed, agreement=AGREED, by=joris, now=now),
        lambda: actions.add_helper(household=closed, values={"name": "Wil"}, by=joris, now=now),
        lambda: actions.add_life_event(
            household=closed, values={"kind": "birth", "happened_on": TODAY}, by=joris, now=now
        ),
        lambda: actions.add_programme(
            household=closed, values={"programme": "prio", "since": TODAY}, by=joris, now=now
        ),
    ]
    for add in refused:
        with pytest.raises(actions.HouseholdClosed):
            add()
    actions.write_note(household=closed, kind="phone", text="Vroeg om een kopie", by=joris, now=now)
    assert closed.notes.count() == 1


# Ways of contact (domain.md 4.2)


def test_the_newest_answer_counts_and_a_no_stops_that_channel(household, joris, now):
    household.email = "fatou@example.org"
    household.save()

    def say(agreed, on):
        actions.record_consent(
            household=household, channel="sms", agreed=agreed, source="talk", given_on=on, by=joris, now=now
        )
        household.refresh_from_db()
        return messaging.choose_channel(household, Message(kind=MessageKind.CONFIRMATION), letter_in_time=False)[0]

    assert say(True, dt.date(2026, 10, 1)) == "sms"
    assert say(False, dt.date(2026, 10, 20)) == "email"
    # What was said earlier but heard later does not undo the newest answer.
    assert say(True, dt.date(2026, 10, 10)) == "email"
    assert say(True, TODAY) == "sms"
    assert household.consents.count() == 4


def test_an_answer_of_tomorrow_is_refused(household, joris, now):
    with pytest.raises(Refused) as refused:
        actions.record_consent(
            household=household, channel="sms", agreed=True, source="talk", given_on=dt.date(2026, 11, 3), by=joris,
            now=now,
        )  # fmt: skip
    assert refused.value.field == "given_on"


@pytest.mark.parametrize("hours", [{"quiet_from": dt.time(9)}, {"quiet_until": dt.time(9)},
                                   {"quiet_from": dt.time(9), "quiet_until": dt.time(9)}])  # fmt: skip
def test_quiet_hours_are_whole(household, joris, now, hours):
    with pytest.raises(Refused, match="niet mogen bellen"):
        actions.change_contact(household=household, values=hours, version=1, by=joris, now=now)


# Agreements


def test_an_agreement_says_what_with_whom_how_and_until_when(household, joris, now):
    made = actions.give_agreement(household=household, agreement=AGREED, by=joris, now=now)
    assert (made.whom, made.shared, made.recorded_on, made.recorded_by) == (
        "MAIT", ["Naam", "Telefoon"], TODAY, joris,
    )  # fmt: skip
    assert made.is_standing(TODAY)
    assert lines("give_agreement") == [{"agreement": made.pk, "with": "MAIT", "fields": ["name", "phone"]}]


@pytest.mark.parametrize(
    "wrong",
    [{"agreed_on": dt.date(2026, 11, 3)}, {"until": dt.date(2026, 11, 1)}, {"fields": []}, {"with_whom": "other"}],
)
def test_an_agreement_that_cannot_be_is_refused_and_the_database_agrees(household, joris, now, wrong):
    with pytest.raises(Refused):
        actions.give_agreement(household=household, agreement=NewAgreement(**(vars(AGREED) | wrong)), by=joris, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(household=household, recorded_on=TODAY, **(vars(AGREED) | wrong))


def test_somebody_of_another_household_cannot_agree(household, joris, now):
    stranger = make.household(surname="Ander").members.get()
    with pytest.raises(Refused) as refused:
        agreement = NewAgreement(**(vars(AGREED) | {"member": stranger}))
        actions.give_agreement(household=household, agreement=agreement, by=joris, now=now)
    assert refused.value.field == "member"


def test_withdrawing_counts_from_this_second_and_only_once(household, joris, now):
    made = actions.give_agreement(household=household, agreement=AGREED, by=joris, now=now)
    gone = actions.withdraw_agreement(agreement=made, by=joris, now=now)
    assert not gone.is_standing(TODAY)
    assert not Agreement.objects.standing(TODAY).exists()
    later = actions.withdraw_agreement(agreement=made, by=joris, now=now + dt.timedelta(days=1))
    assert later.withdrawn_at == now
    assert len(lines("withdraw_agreement")) == 1


def test_an_agreement_ends_by_itself(household, joris, now):
    agreement = NewAgreement(**(vars(AGREED) | {"until": dt.date(2026, 11, 30)}))
    made = actions.give_agreement(household=household, agreement=agreement, by=joris, now=now)
    assert made.is_standing(dt.date(2026, 11, 30))
    assert not made.is_standing(dt.date(2026, 12, 1))


# Life events, helpers, programmes, notes


def test_who_first_checked_the_consequences_stays(household, joris, samira, now):
    values = {"kind": "job_loss", "happened_on": TODAY, "consequence": "Huurtoeslag"}
    made = actions.add_life_event(household=household, values=values, by=joris, now=now)
    assert made.checked_on is None

    def check(checked, version, by):
        return actions.change_life_event(event=made, values=values, checked=checked, version=version, by=by, now=now)

    assert check(True, 1, samira.user).checked_by == samira.user
    assert check(True, 2, joris).checked_by == samira.user
    assert check(False, 2, joris).checked_on is None
    assert "Huurtoeslag" not in str(lines("change_lifeevent"))
    with pytest.raises(ChangedMeanwhile):
        check(True, 1, joris)


def test_a_helper_and_a_programme_change_with_a_version(household, joris, now):
    helper = actions.add_helper(household=household, values={"name": "Wil", "may_contact": True}, by=joris, now=now)
    actions.change_helper(helper=helper, values={"may_contact": False}, version=1, by=joris, now=now)
    with pytest.raises(ChangedMeanwhile):
        actions.change_helper(helper=helper, values={"name": "Wim"}, version=1, by=joris, now=now)
    values = {"programme": "prio", "since": TODAY}
    label = actions.add_programme(household=household, values=values, by=joris, now=now)
    with pytest.raises(Refused, match="al mee"):
        actions.add_programme(household=household, values=values, by=joris, now=now)
    with pytest.raises(Refused):
        actions.change_programme(label=label, values={"until": dt.date(2026, 1, 1)}, version=1, by=joris, now=now)
    ended = actions.change_programme(label=label, values={"until": TODAY}, version=1, by=joris, now=now)
    assert ended.runs(TODAY)
    assert not ended.runs(dt.date(2026, 11, 3))
    actions.add_programme(household=household, values=values | {"since": dt.date(2026, 11, 3)}, by=joris, now=now)


def test_a_note_says_something_and_stays_out_of_the_trail(household, joris, now):
    with pytest.raises(Refused):
        actions.write_note(household=household, kind="note", text="  \n", by=joris, now=now)
    made = actions.write_note(household=household, kind="talk", text=" Komt met zus ", by=joris, now=now)
    assert (made.text, made.by, made.at) == ("Komt met zus", joris, now)
    assert lines("write_note") == [{"note": made.pk, "kind": "talk"}]


def test_a_threat_ends_once_and_its_term_goes_on(household, joris, now):
    """Decision 0035."""
    threat = actions.record_threat(household=household, kind="water", by=joris, now=now)
    assert actions.end_threat(threat=threat, by=joris, now=now).ended_on == TODAY
    later = actions.end_threat(threat=threat, by=joris, now=now + dt.timedelta(days=3))
    assert later.ended_on == TODAY
    assert Term.objects.get(household=household, kind="urgent").is_open
    assert len(lines("end_threat")) == 1
    # The same again is a new threat, not the one that ended.
    assert actions.record_threat(household=household, kind="water", by=joris, now=now) != threat


def test_rows_read_as_what_they_are(household, joris, now):
    rows = [
        LifeEvent(kind="birth"), Helper(name="Wil"), ProgrammeLabel(programme="jpf"), Threat(kind="water"),
        Note(kind="talk", at=now), Agreement(with_whom="other", other_name="Kerk", purpose="Maaltijd"),
    ]  # fmt: skip
    assert [str(one) for one in rows] == [
        "Geboorte van een kind", "Wil", "JPF", "Afsluiting water", "Gesprek 2026-11-02", "Kerk: Maaltijd",
    ]  # fmt: skip
    with pytest.raises(ValidationError):
        Helper(name="", household=household).validate_constraints()
