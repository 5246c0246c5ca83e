"""The doors to what stands around a household: right, wrong, twice, meanwhile, by whom (R-17, R-19, R-91, S07)."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from casework.core.models import AuditEntry, Role
from casework.households.models import Agreement, Helper, LifeEvent, Member, ProgrammeLabel
from tests import make
from tests.cast import BSN, ONE_CAST

pytestmark = ONE_CAST


def text(page) -> str:
    return " ".join(page.content.decode().split())


def door(name: str, household, *more) -> str:
    return reverse(name, args=[household.case_number, *more])


@pytest.fixture
def counsellor(cast, browse):
    return browse(cast.samira.user)


@pytest.fixture
def supervisor(cast, browse):
    return browse(cast.users[Role.SUPERVISOR])


# What a right form holds, what makes it wrong, and what it makes.
FORMS = {
    "add_consent": (
        {"channel": "sms", "agreed": "no", "source": "phone", "given_on": "2-11-2026"},
        [{"channel": "duif"}, {"agreed": ""}, {"source": ""}, {"given_on": "3-11-2026"}, {"given_on": "nooit"}],
        "consents",
    ),
    "add_agreement": (
        {"with_whom": "MAIT", "purpose": "Papieren", "fields_shared": ["name", "phone"], "how": "signed",
         "agreed_on": "1-11-2026", "until": "31-12-2026"},
        [{"with_whom": ""}, {"with_whom": "other"}, {"purpose": ""}, {"fields_shared": []}, {"fields_shared": ["soul"]},
         {"how": ""}, {"agreed_on": "3-11-2026"}, {"until": "1-1-2026"}, {"member": "0"}, {"purpose": "x" * 201}],
        "agreements",
    ),
    "add_life_event": (
        {"kind": "job_loss", "happened_on": "1-10-2026", "consequence": "Huurtoeslag", "checked": "on"},
        [{"kind": ""}, {"happened_on": ""}, {"consequence": "x" * 201}, {"consequence": "\x00"}],
        "life_events",
    ),
    "add_helper": (
        {"name": "Wil Coach", "organisation": "Wijkteam", "role": "coach", "phone": "010 123 45 67",
         "may_contact": "on"},
        [{"name": ""}, {"name": "x" * 121}, {"phone": "12"}],
        "helpers",
    ),
    "add_programme": ({"programme": "prio", "since": "1-11-2026"}, [{"programme": ""}, {"since": "x"}], "programmes"),
    "add_note": ({"kind": "talk", "text": "Komt met zus"}, [{"text": " "}, {"text": "x" * 2001}, {"kind": "x"}], "notes"),
}  # fmt: skip
ADDS = list(FORMS)


def right(form: str, household, **typed) -> dict:
    found = {"token": str(uuid.uuid4())} | FORMS[form][0]
    if form == "add_agreement":
        found["member"] = household.members.get().pk
    return found | typed


@pytest.mark.parametrize("name", ADDS)
def test_the_same_form_twice_makes_one_and_the_second_answer_leads_to_it(cast, counsellor, name):
    """R-17."""
    sent = right(name, cast.own)
    for _time in range(2):
        answer = counsellor.post(door(name, cast.own), sent)
        assert answer.status_code == 302, answer.context["form"].errors
        assert answer.url == door("household", cast.own)
    assert getattr(cast.own, FORMS[name][2]).count() == 1
    assert 'role="status"' in text(counsellor.get(answer.url))


@pytest.mark.parametrize(
    ("name", "typed"), [(name, typed) for name, (_right, wrong, _rows) in FORMS.items() for typed in wrong]
)
def test_what_is_not_understood_stays_in_the_form(cast, counsellor, name, typed):
    page = counsellor.post(door(name, cast.own), right(name, cast.own, **typed))
    assert page.status_code == 200
    assert page.context["form"].errors
    assert 'role="alert"' in text(page)
    assert not getattr(cast.own, FORMS[name][2]).exists()


@pytest.mark.parametrize("name", ADDS)
def test_a_form_without_a_token_is_opened_again(cast, counsellor, name):
    page = counsellor.post(door(name, cast.own), right(name, cast.own, token=""))
    assert "token" in page.context["form"].errors
    assert "Open deze pagina opnieuw." in text(page)


@pytest.mark.parametrize("name", [*ADDS, "change_member", "change_helper", "change_life_event", "change_programme"])
def test_a_colleague_gives_a_reason_first(cast, browse, name):
    """R-91."""
    rows = make.around(cast.strange)
    rows["member"] = cast.strange.members.get()
    more = [rows[name.removeprefix("change_")].pk] if name.startswith("change_") else []
    answer = browse(cast.samira.user).post(door(name, cast.strange, *more), {})
    assert answer.url == door("access_reason", cast.strange)


def test_the_row_of_another_household_is_not_there(cast, counsellor):
    rows = make.around(cast.strange)
    for name, row in (("change_helper", rows["helper"]), ("withdraw_agreement", rows["agreement"]),
                      ("change_member", cast.strange.members.get())):  # fmt: skip
        answer = counsellor.post(door(name, cast.own, row.pk), {})
        assert answer.status_code == 404


# Changing, with both versions in sight (R-19)


def member_form(row: Member, **typed) -> dict:
    return {"version": row.version, "given_names": row.given_names, "surname": row.surname, "role": row.role} | typed


def test_a_member_changes_and_the_search_follows(cast, counsellor):
    answer = counsellor.post(
        door("change_member", cast.own, cast.member.pk),
        member_form(cast.member, surname="van der Wal", born="17-5-84", gender="Vrouw", may_be_spoken_to="on"),
    )
    assert answer.url == door("household", cast.own)
    cast.member.refresh_from_db()
    assert (cast.member.prefix, cast.member.surname, cast.member.born) == ("van der", "Wal", dt.date(1984, 5, 17))
    assert cast.member.bsn == BSN
    assert counsellor.get("/huishoudens/", {"q": "vanderwal"}).context["number"] == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"born": "1-1-2030"}, "born"), ({"left_on": "3-11-2026"}, "left_on"), ({"left_on": "1-11-2026"}, "left_on"),
     ({"role": "hond"}, "role"), ({"bsn": "123"}, "bsn"), ({"bsn": "999900018", "remove_bsn": "on"}, "bsn"),
     ({"version": ""}, "version"), ({"surname": "x" * 81}, "surname"), ({"given_names": "\x00"}, "given_names")],
)  # fmt: skip
def test_a_change_of_a_member_that_cannot_be(cast, counsellor, typed, field):
    """The one of `left_on` yesterday would leave a household without members."""
    page = counsellor.post(door("change_member", cast.own, cast.member.pk), member_form(cast.member, **typed))
    assert page.status_code == 200
    assert field in page.context["form"].errors
    cast.member.refresh_from_db()
    assert cast.member.version == 1


def test_the_form_of_a_member_never_holds_the_bsn_whole(cast, counsellor):
    page = text(counsellor.get(door("change_member", cast.own, cast.member.pk)))
    assert BSN not in page
    assert "••••••109" in page


def test_both_versions_of_a_member_with_the_bsn_masked(cast, counsellor, supervisor):
    address = door("change_member", cast.own, cast.member.pk)
    sent = member_form(cast.member, surname="Ander")
    supervisor.post(address, member_form(cast.member, bsn="999900018", may_be_spoken_to="on"))
    page = counsellor.post(address, sent | {"bsn": "999900031"})
    assert page.status_code == 200
    rows = {one["label"]: (one["typed"], one["stands"]) for one in page.context["theirs"]}
    assert rows == {
        "Achternaam (niet verplicht)": ("Ander", "Ndiaye"),
        "Mag hierover worden aangesproken (niet verplicht)": ("nee", "ja"),
        "Nieuw BSN (niet verplicht)": ("••••••031", "••••••018"),
    }
    assert "999900018" not in text(page)
    again = sent | {"bsn": "999900031", "version": page.context["form"]["version"].value()}
    assert counsellor.post(address, again).status_code == 302
    cast.member.refresh_from_db()
    assert (cast.member.surname, cast.member.bsn) == ("Ander", "999900031")


CHANGES = {
    "change_life_event": ("life_event", {"kind": "job_loss", "happened_on": "20-10-2026"},
                          {"consequence": "A"}, {"consequence": "B", "checked": "on"}, "consequence"),
    "change_helper": ("helper", {"name": "Wil Wijkcoach 0", "organisation": "Wijkteam", "may_contact": "on"},
                      {"name": "A"}, {"name": "B"}, "name"),
    "change_programme": ("programme", {"since": "20-10-2026"}, {"until": "1-11-2026"}, {"until": "2-11-2026"}, "until"),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_meanwhile_shows_both_and_nothing_is_lost(cast, counsellor, supervisor, name):
    which, base, theirs, mine, field = CHANGES[name]
    row = make.around(cast.own)[which]
    address = door(name, cast.own, row.pk)
    assert counsellor.get(address).context["form"]["version"].value() == 1
    assert supervisor.post(address, {"version": 1} | base | theirs).status_code == 302
    page = counsellor.post(address, {"version": 1} | base | mine)
    assert page.status_code == 200
    assert page.context["theirs"]
    assert "Een collega heeft dit intussen gewijzigd" in text(page)
    assert page.context["form"][field].value() == mine[field]
    row.refresh_from_db()
    assert row.version == 2
    again = {"version": page.context["form"]["version"].value()} | base | mine
    assert counsellor.post(address, again).status_code == 302
    row.refresh_from_db()
    assert row.version == 3


def test_a_second_programme_of_the_same_kind_is_refused_in_words(cast, counsellor):
    make.around(cast.own)
    page = counsellor.post(door("add_programme", cast.own), right("add_programme", cast.own))
    assert "doet al mee" in text(page)
    assert 'href="#id_programme"' in text(page), "the summary leads to the field"


# Buttons


def test_withdrawing_is_one_button_and_says_what_follows(cast, counsellor):
    """R-73."""
    row = make.around(cast.own)["agreement"]
    assert "Akkoord gegeven" in text(counsellor.get(door("household", cast.own)))
    for _time in range(2):
        counsellor.post(door("withdraw_agreement", cast.own, row.pk))
    page = text(counsellor.get(door("household", cast.own)))
    assert "Het akkoord met MAIT is ingetrokken" in page
    assert "Nog geen akkoord" in page
    assert "Ingetrokken op ma 2 nov om 09.00" in page
    assert AuditEntry.objects.filter(action="withdraw_agreement").count() == 1
    assert Agreement.objects.get().withdrawn_by == cast.samira.user


def test_a_threat_that_is_over_no_longer_stands_under_mind(cast, counsellor):
    row = make.around(cast.own)["threat"]
    counsellor.post(door("end_threat", cast.own, row.pk))
    page = text(counsellor.get(door("household", cast.own)))
    assert "Afsluiting water dreigt niet meer" in page
    assert 'aria-label="Let op"' not in page


def test_opening_a_form_with_what_is_known_leaves_a_line(cast, counsellor):
    """R-92."""
    rows = make.around(cast.own)
    for name, which in (("change_helper", "helper"), ("change_life_event", "life_event")):
        counsellor.get(door(name, cast.own, rows[which].pk))
    assert set(AuditEntry.objects.values_list("action", "kind")) == {
        ("view_helper", "viewed"), ("view_lifeevent", "viewed"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "queries"), [("add_agreement", 9), ("change_member", 11), ("change_helper", 11), ("add_note", 9)]
)
@pytest.mark.parametrize("rows", [1, 3])
def test_a_form_asks_as_much_for_one_of_each_as_for_three(
    cast, counsellor, django_assert_num_queries, name, queries, rows
):
    for number in range(rows):
        made = make.around(cast.own, number=number)
        cast.own.members.create(given_names=f"Kind{number}", search_surname="", role="child")
    more = {"change_member": [cast.member.pk], "change_helper": [made["helper"].pk]}.get(name, [])
    with django_assert_num_queries(queries):
        assert counsellor.get(door(name, cast.own, *more)).status_code == 200


def test_nothing_is_left_behind_by_a_refused_form(cast, browse):
    """The desk has no form for what stands around a household."""
    desk = browse(cast.users[Role.DESK])
    for name in ("add_agreement", "add_life_event", "add_helper", "add_programme", "add_note"):
        assert desk.post(door(name, cast.own), right(name, cast.own)).status_code == 403
    for model in (Agreement, LifeEvent, Helper, ProgrammeLabel):
        assert not model.objects.exists()
