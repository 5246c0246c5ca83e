"""Who comes back after closing gets a file of their own, with a way to the earlier one and back (R-62)."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from casework.core import clock, encryption
from casework.core.models import AuditEntry
from casework.core.refusals import Refused
from casework.households import actions
from casework.households.actions import NewMember, NewThreat
from casework.households.models import Agreement, ChannelConsent, Household, Member, SearchTerm, Term, quick_find
from casework.reports.reads import Scope, figures
from casework.retention import actions as retention
from tests import make

BSN = "999900109"
CLOSED = dt.date(2026, 6, 1)


@pytest.fixture
def earlier(now, samira) -> Household:
    """Fatou and Jan with their child, helped until June."""
    made = make.household(
        given="Fatou", surname="Ndiaye", born=dt.date(1984, 5, 17), owner=samira, registered="2026-01-05 09:00",
        closed_on=CLOSED, exit_reason="Ingetrokken", language="tr", interpreter=True, no_voicemail=True,
        postcode="3072AB", house_number="12", quiet_from=dt.time(9), quiet_until=dt.time(12),
    )  # fmt: skip
    fatou = made.members.get()
    fatou.bsn, fatou.bsn_fingerprint, fatou.gender = BSN, encryption.fingerprint(BSN), "Vrouw"
    fatou.save()
    rows = (("Jan", "partner"), ("Awa", "child"))
    Member.objects.bulk_create(
        Member(household=made, given_names=name, surname="Ndiaye", role=role, search_surname="ndiaye")
        for name, role in rows
    )
    make.around(made)
    return made


def people(household: Household) -> dict[str, Member]:
    return {one.given_names: one for one in household.members.all()}


def come_back(earlier, now, joris, *, client: str = "Fatou", others=("Jan", "Awa"), **given) -> Household:
    by_name = people(earlier)
    given = {"contact": {}, "location": None, "others": [by_name[name] for name in others], "by": joris} | given
    return actions.reopen_household(earlier=earlier, client=by_name[client], now=now, **given)


def test_people_and_contact_come_along_and_what_was_agreed_does_not(earlier, now, joris):
    made = come_back(earlier, now, joris, contact={"mobile": "+31687654321"})
    fatou = people(made)["Fatou"]
    assert (fatou.bsn, fatou.born, fatou.gender, fatou.role) == (BSN, dt.date(1984, 5, 17), "Vrouw", "client")
    assert {name: one.role for name, one in people(made).items()} == {
        "Fatou": "client",
        "Jan": "partner",
        "Awa": "child",
    }
    assert (made.language, made.interpreter, made.no_voicemail, made.postcode) == ("tr", True, True, "3072AB")
    assert (made.mobile, made.quiet_from) == ("+31687654321", dt.time(9))
    assert not Agreement.objects.filter(household=made).exists()
    assert not ChannelConsent.objects.filter(household=made).exists()
    assert (made.refused_channels, made.owner, made.debt_files.count()) == ([], None, 0)
    assert Agreement.objects.filter(household=earlier).exists(), "they stay where they were given"


def test_terms_start_today_and_the_earlier_file_stays_closed(earlier, now, joris):
    made = come_back(earlier, now, joris, threats=[NewThreat("eviction", now)])
    assert {term.kind: term.deadline for term in made.terms.all()} == {
        "first_talk": dt.date(2026, 11, 30), "urgent": dt.date(2026, 11, 5),
    }  # fmt: skip
    earlier.refresh_from_db()
    assert (earlier.closed_on, earlier.exit_reason, earlier.continued_in) == (CLOSED, "Ingetrokken", made)
    assert not Term.objects.filter(household=earlier).exists()
    lines = AuditEntry.objects.order_by("pk").values_list("action", "object_key", "details")
    assert ("reopen_household", f"household:{earlier.pk}", {}) in lines


@pytest.mark.parametrize(
    ("client", "others", "roles"),
    [
        ("Jan", ("Fatou", "Awa"), {"Jan": "client", "Fatou": "partner", "Awa": "child"}),
        ("Awa", ("Fatou", "Jan"), {"Awa": "client", "Fatou": "other", "Jan": "other"}),
        ("Jan", (), {"Jan": "client"}),
        ("Fatou", ("Fatou",), {"Fatou": "client"}),
    ],
)
def test_somebody_else_of_the_household_may_ask_for_help_now(earlier, now, joris, client, others, roles):
    made = come_back(earlier, now, joris, client=client, others=others)
    assert {name: one.role for name, one in people(made).items()} == roles
    assert made.display_name == f"{client} Ndiaye"


def test_a_file_is_taken_up_again_once(earlier, now, joris):
    token = uuid.uuid4()
    made = come_back(earlier, now, joris, form_token=token)
    assert come_back(earlier, now, joris, form_token=token) == made, "the same form (R-17)"
    with pytest.raises(actions.ReopenedAlready) as refused:
        come_back(earlier, now, joris, form_token=uuid.uuid4())
    assert refused.value.household == made
    assert Household.objects.count() == 2


def test_what_nobody_can_come_back_to(earlier, now, joris):
    opened = make.household()
    with pytest.raises(actions.CannotReopen):
        actions.reopen_household(
            earlier=opened, client=opened.members.get(), others=[], contact={}, location=None, by=joris, now=now
        )
    fatou = people(earlier)["Fatou"]
    with pytest.raises(Refused):
        actions.reopen_household(
            earlier=earlier, client=fatou, others=[opened.members.get()], contact={}, location=None, by=joris, now=now
        )
    Household.objects.filter(pk=earlier.pk).update(anonymised_on=dt.date(2026, 11, 1))
    with pytest.raises(actions.CannotReopen):
        come_back(earlier, now, joris)
    assert Household.objects.count() == 2


# The BSN


def test_a_bsn_of_a_closed_household_is_in_nobodys_way(earlier, now, joris):
    other = make.household()
    actions.add_member(household=other, person=NewMember(given_names="Fatou", bsn=BSN), by=joris, now=now)
    with pytest.raises(actions.BsnKnown) as refused:
        come_back(earlier, now, joris)
    assert refused.value.household == other
    with pytest.raises(actions.BsnKnown):
        actions.register_household(
            client=NewMember(given_names="Fatou", bsn=BSN), contact={}, location=None, by=joris, now=now
        )


def test_the_database_keeps_a_bsn_once_among_open_households(earlier):
    """By a column that a trigger keeps, whoever writes: an index cannot look at another table."""
    first, second = make.household(), make.household()
    secret = {"bsn": BSN, "bsn_fingerprint": encryption.fingerprint(BSN)}
    Member.objects.filter(household=first).update(**secret)
    with pytest.raises(IntegrityError, match="member_bsn_once"), transaction.atomic():
        Member.objects.filter(household=second).update(**secret)
    with pytest.raises(IntegrityError, match="member_bsn_once"), transaction.atomic():
        Household.objects.filter(pk=earlier.pk).update(closed_on=None, exit_reason="")
    Household.objects.filter(pk=first.pk).update(closed_on=CLOSED, exit_reason="Afgerond")
    assert Member.objects.filter(household=second).update(**secret, household_closed=True) == 1
    assert Member.objects.get(household=second).household_closed is False, "nobody writes it by hand"


def test_only_a_closed_household_goes_on_in_another(earlier):
    opened = make.household()
    for row, into in ((opened, earlier), (earlier, earlier)):
        with pytest.raises(IntegrityError, match="household_continued_after_closing"), transaction.atomic():
            Household.objects.filter(pk=row.pk).update(continued_in=into)


# Doubles


def test_a_closed_file_with_the_same_bsn_is_shown_first_also_under_another_name(earlier, now, joris):
    who = NewMember(given_names="Fatima", surname="Anders", bsn=BSN)
    found = actions.find_duplicates(client=who, contact={})
    assert (found.same_bsn, found.candidates) == (None, [earlier])
    with pytest.raises(actions.PossibleDuplicate):
        actions.register_household(client=who, contact={}, location=None, by=joris, now=now)
    made = actions.register_household(
        client=who, contact={}, location=None, duplicate_reason="Woont nu apart", by=joris, now=now
    )
    assert made.members.get().bsn == BSN


def test_of_several_files_the_one_that_nothing_follows_is_shown(earlier, now, joris):
    made = come_back(earlier, now, joris)
    who = NewMember(given_names="Fatou", surname="Ndiaye", born=dt.date(1984, 5, 17))
    found = actions.find_duplicates(client=who, contact={"mobile": "+31612345678"})
    assert (found.candidates, found.noted) == ([made], [])


def test_somebody_who_was_registered_meanwhile_without_a_link_interrupts(earlier, now, joris):
    again = make.household(given="Fatou", surname="Ndiaye", born=dt.date(1984, 5, 17))
    with pytest.raises(actions.PossibleDuplicate) as refused:
        come_back(earlier, now, joris)
    assert refused.value.candidates == [again]
    assert come_back(earlier, now, joris, duplicate_reason="Een nicht").pk


# Afterwards


def test_quick_find_shows_the_file_of_now_first(earlier, now, joris):
    made = come_back(earlier, now, joris)
    for typed in ("ndiaye", "17-5-1984", BSN):
        terms = SearchTerm.all_from(typed, today=clock.local_date(now), by_bsn=True)
        assert quick_find(terms).keys == [made.pk, earlier.pk], typed


def test_a_merge_takes_the_earlier_file_along_and_its_undo_gives_it_back(earlier, now, joris, ingrid):
    made = come_back(earlier, now, joris)
    double = make.household(given="Fatou", surname="Ndiaye", registered="2026-10-01 09:00", owner=earlier.owner)
    Household.objects.filter(pk=double.pk).update(case_number="ETF-2020-000001")
    double.refresh_from_db()
    merge = actions.absorb(merge=make.merge_proposal(double, made), by=ingrid, now=now)
    earlier.refresh_from_db()
    assert earlier.continued_in == double
    actions.undo_merge(merge=merge, by=ingrid, now=now)
    earlier.refresh_from_db()
    assert earlier.continued_in == made


def test_a_new_registration_counts_as_new(earlier, now, joris, feijenoord):
    """M5: a registration after closing is a trajectory of its own; M2 counts registrations."""
    scope = Scope(dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    later = now + dt.timedelta(days=90)
    before = figures.show_up(scope, now=later).total.denominator
    come_back(earlier, now, joris, location=feijenoord)
    assert figures.show_up(scope, now=later).total.denominator == before + 1


@pytest.mark.parametrize("first", ["earlier", "later"])
def test_each_file_goes_after_its_own_term_and_nothing_leads_from_one_to_the_other(earlier, now, joris, first):
    """The earlier one after 12 months; the later one too, when it was closed first in time to go."""
    made = come_back(earlier, now, joris)
    if first == "later":
        Household.objects.filter(pk=earlier.pk).update(exit_reason="Afgerond")
        actions.close_household(household=made, reason="Ingetrokken", on=dt.date(2026, 11, 2), by=joris, now=now)
    goes, stays = (earlier, made) if first == "earlier" else (made, earlier)
    day = dt.date(2027, 11, 3) if first == "later" else dt.date(2027, 6, 2)
    assert retention.retain(now=clock.at(day, dt.time(3)), today=day)["households"] == 1
    for row in (goes, stays):
        row.refresh_from_db()
    assert goes.anonymised_on == day
    assert (stays.anonymised_on, earlier.continued_in) == (None, None)
    assert str(goes.pk) not in str(
        list(AuditEntry.objects.filter(object_key=f"household:{stays.pk}").values("details"))
    )


# At the door


@pytest.fixture
def desk(browse, joris):
    return browse(joris)


def door(household: Household) -> str:
    return reverse("reopen_household", args=[household.case_number])


def typed(earlier, **given) -> dict:
    by_name = people(earlier)
    return {
        "token": str(uuid.uuid4()), "client": by_name["Fatou"].pk, "others": [by_name["Awa"].pk], "language": "tr",
        "channel": "sms", "came_through": "self", "city": "Rotterdam", "mobile": "06 12 34 56 78",
    } | given  # fmt: skip


def text(page) -> str:
    return " ".join(page.content.decode().split())


def test_the_page_of_a_closed_household_leads_to_the_form_with_everything_filled_in(earlier, desk):
    page = desk.get(reverse("household", args=[earlier.case_number]))
    assert f'href="{door(earlier)}"' in text(page)
    form = desk.get(door(earlier)).context["form"]
    assert (form["client"].value(), form["language"].value()) == (people(earlier)["Fatou"].pk, "tr")
    assert set(form["others"].value()) == {people(earlier)[name].pk for name in ("Jan", "Awa")}
    assert AuditEntry.objects.filter(action="view_reopening", object_key=f"household:{earlier.pk}").exists()


def test_coming_back_leads_to_the_new_file_and_each_names_the_other(earlier, desk, browse, ingrid):
    answer = desk.post(door(earlier), typed(earlier))
    made = Household.objects.exclude(pk=earlier.pk).get()
    assert answer.url == reverse("household", args=[made.case_number])
    assert {one.given_names for one in made.members.all()} == {"Fatou", "Awa"}
    client = browse(ingrid)
    assert earlier.case_number in text(client.get(answer.url))
    assert "Eerder dossier gesloten: Ingetrokken" in text(client.get(answer.url))
    old = client.get(reverse("household", args=[earlier.case_number]))
    assert "Opnieuw aangemeld als" in text(old)
    assert made.case_number in text(old)
    assert f'href="{door(earlier)}"' not in text(old)


def test_one_button_goes_on_to_booking(earlier, desk):
    answer = desk.post(door(earlier), typed(earlier, book="1"))
    assert answer.url == reverse("book", args=[Household.objects.exclude(pk=earlier.pk).get().case_number])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"client": ""}, "client"),
        ({"client": "0"}, "client"),
        ({"client": "\x00"}, "client"),
        ({"others": ["999999"]}, "others"),
        ({"others": ["x"]}, "others"),
        ({"mobile": "12"}, "mobile"),
        ({"threats": ["brand"]}, "threats"),
        ({"threats": ["eviction"], "threat_date": "ooit"}, "threat_date"),
        ({"token": ""}, "token"),
    ],
)
def test_what_is_not_understood_is_said_and_nothing_is_lost(earlier, desk, wrong, field):
    page = desk.post(door(earlier), typed(earlier, street="Voorbeeldstraat") | wrong)
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert 'value="Voorbeeldstraat"' in text(page)
    assert Household.objects.count() == 1


def test_somebody_very_alike_asks_why_and_the_answer_goes_on(earlier, desk):
    again = make.household(given="Fatou", surname="Ndiaye", born=dt.date(1984, 5, 17))
    sent = typed(earlier)
    page = desk.post(door(earlier), sent)
    assert again.case_number in text(page)
    assert 'type="text" name="duplicate_reason"' in text(page)
    assert desk.post(door(earlier), sent | {"duplicate_reason": "Een nicht"}).status_code == 302


def test_a_bsn_that_is_in_use_leads_to_where(earlier, desk, joris, now):
    other = make.household()
    actions.add_member(household=other, person=NewMember(given_names="Fatou", bsn=BSN), by=joris, now=now)
    page = desk.post(door(earlier), typed(earlier))
    assert f'href="{reverse("household", args=[other.case_number])}"' in text(page)


def test_an_open_household_and_one_taken_up_already_send_on(earlier, desk):
    opened = make.household()
    assert desk.get(door(opened)).url == reverse("household", args=[opened.case_number])
    desk.post(door(earlier), typed(earlier))
    made = Household.objects.exclude(pk__in=[earlier.pk, opened.pk]).get()
    assert desk.get(door(earlier)).url == reverse("household", args=[made.case_number])
    page = desk.post(door(earlier), typed(earlier))
    assert f'href="{reverse("household", args=[made.case_number])}"' in text(page)


def test_a_foreign_counsellor_says_why_first(earlier, browse):
    stranger = make.counsellor(at=earlier.owner.location)
    question = reverse("access_reason", args=[earlier.case_number])
    assert browse(stranger.user).get(door(earlier)).url.startswith(question)


def test_registering_leads_to_the_earlier_file_and_carries_what_was_typed(earlier, desk):
    """From the page that asks whether somebody is registered already (R-52): what is newer wins."""
    sent = {
        "token": str(uuid.uuid4()), "given_names": "Fatou", "surname": "Ndiaye", "born": "17-5-1984",
        "mobile": "06 87 65 43 21", "language": "nl", "channel": "sms", "came_through": "partner",
        "city": "Rotterdam", "threats": ["water"],
    }  # fmt: skip
    page = desk.post("/huishoudens/aanmelden/", sent)
    assert f'formaction="{door(earlier)}"' in text(page)
    form = desk.post(door(earlier), sent | {"carried": "1"}).context["form"]
    assert not form.is_bound
    assert (form["mobile"].value(), form["came_through"].value()) == ("06 87 65 43 21", "partner")
    assert form["threats"].value() == ["water"]
    assert (form["language"].value(), form["postcode"].value()) == ("tr", "3072 AB"), "a default was not typed"
    assert Household.objects.count() == 1


def test_the_note_while_typing_offers_it_too(earlier, desk):
    page = desk.post(reverse("look_alike"), {"surname": "Ndiaye", "born": "17-5-1984", "bsn": BSN})
    assert f'formaction="{door(earlier)}"' in text(page)
