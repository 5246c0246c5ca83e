"""The doors to add a member, record a threat, give a household away, show a BSN, and say why one looks (R-91, R-54)."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from casework.core.models import AuditEntry, AuditKind, Role
from casework.households.models import AccessReason, MemberRole, TermKind
from tests import make
from tests.cast import BSN, ONE_CAST

pytestmark = ONE_CAST


def text(page) -> str:
    return " ".join(page.content.decode().split())


@pytest.fixture
def desk(cast, browse):
    return browse(cast.users[Role.DESK])


def door(name: str, household, *more) -> str:
    return reverse(name, args=[household.case_number, *more])


# A member


def member(**typed) -> dict:
    return {"token": str(uuid.uuid4()), "given_names": "Awa", "surname": "", "role": "child"} | typed


def test_a_member_is_added_and_found_by_name(cast, desk):
    answer = desk.post(door("add_member", cast.own), member(surname="van Dijk", born="1-2-2015"))
    assert answer.url == door("household", cast.own)
    made = cast.own.members.exclude(pk=cast.member.pk).get()
    assert (made.role, made.prefix, made.surname, made.born) == (MemberRole.CHILD, "van", "Dijk", dt.date(2015, 2, 1))
    assert made.joined_on == dt.date(2026, 11, 2)
    assert "Awa van Dijk is toegevoegd" in text(desk.get(answer.url))
    assert desk.get("/huishoudens/", {"q": "vandijk"}).context["number"] == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"given_names": ""}, "given_names"), ({"given_names": "\x00"}, "given_names"), ({"surname": "x" * 81}, "surname"),
     ({"role": "client"}, "role"), ({"role": "hond"}, "role"), ({"role": ""}, "role"), ({"born": "1-1-2030"}, "born"),
     ({"bsn": "123"}, "bsn"), ({"bsn": BSN}, "bsn")],
)  # fmt: skip
def test_a_member_that_is_not_understood_is_kept_in_the_form(cast, desk, typed, field):
    page = desk.post(door("add_member", cast.free), member(prefix="van") | typed)
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert 'role="alert"' in text(page)
    assert 'value="van"' in text(page)
    assert cast.free.members.count() == 1


def test_the_same_member_twice_is_one(cast, desk):
    for _time in range(2):
        assert desk.post(door("add_member", cast.own), member(surname="Ndiaye", born="1-2-2015")).status_code == 302
    assert cast.own.members.count() == 2


# A threat


def threat(**typed) -> dict:
    return {"token": str(uuid.uuid4())} | typed


def test_a_threat_starts_the_urgent_term(cast, desk):
    answer = desk.post(door("record_threat", cast.own), threat(kind="eviction", happens_on="6-11-2026"))
    assert answer.url == door("household", cast.own)
    assert cast.own.terms.get().deadline == dt.date(2026, 11, 5)
    page = text(desk.get(answer.url))
    assert "Ontruiming" in page
    assert "vrijdag 6 november" in page


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"kind": ""}, "kind"), ({"kind": "brand"}, "kind"), ({"kind": "water", "happens_on": "nooit"}, "happens_on"),
     ({"kind": "\x00"}, "kind"), ({"kind": "water", "happens_on": "1-1-9999"}, "happens_on")],
)  # fmt: skip
def test_a_threat_that_is_not_understood(cast, desk, typed, field):
    page = desk.post(door("record_threat", cast.own), threat(**typed))
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert 'role="alert"' in text(page)
    assert not cast.own.threats.exists()


def test_a_closed_household_takes_no_threat(cast, desk):
    closed = make.household(closed_on=dt.date(2026, 10, 1), exit_reason="Afgerond")
    page = desk.post(door("record_threat", closed), threat(kind="water"))
    assert page.context["form"].non_field_errors() == ["Dit huishouden is gesloten."]


# A counsellor


@pytest.fixture
def supervisor(cast, browse):
    return browse(cast.users[Role.SUPERVISOR])


def test_a_household_without_a_counsellor_gets_one(cast, supervisor):
    page = text(supervisor.get(door("household", cast.free)))
    assert door("allocate_household", cast.free) in page
    answer = supervisor.post(door("allocate_household", cast.free), {"owner": cast.bram.pk})
    assert answer.url == door("household", cast.free)
    cast.free.refresh_from_db()
    assert cast.free.owner == cast.bram
    assert door("allocate_household", cast.free) not in text(supervisor.get(answer.url))


@pytest.mark.parametrize("typed", ["", "x", "999999", "9" * 40, "\x00", "-1"])
def test_a_forged_counsellor_is_refused(cast, supervisor, typed):
    page = supervisor.post(door("allocate_household", cast.free), {"owner": typed})
    assert page.status_code == 200
    assert "owner" in page.context["form"].errors
    cast.free.refresh_from_db()
    assert cast.free.owner is None


def test_somebody_who_left_is_no_choice(cast, supervisor):
    cast.bram.active = False
    cast.bram.save()
    page = supervisor.post(door("allocate_household", cast.free), {"owner": cast.bram.pk})
    assert "owner" in page.context["form"].errors
    assert "Bram de Groot" not in text(page)


def test_taking_over_from_a_colleague_is_another_door(cast, supervisor):
    """R-60: a transfer asks a choice per standing appointment."""
    page = supervisor.post(door("allocate_household", cast.strange), {"owner": cast.samira.pk})
    assert page.context["form"].errors["owner"] == ["Dit huishouden hoort al bij Bram de Groot."]


def test_who_may_not_give_away_sees_no_button(cast, desk):
    assert door("allocate_household", cast.free) not in text(desk.get(door("household", cast.free)))


# A BSN


def test_a_bsn_is_masked_until_somebody_asks_and_that_is_logged(cast, browse):
    client = browse(cast.samira.user)
    assert "••••••109" in text(client.get(door("household", cast.own)))
    assert BSN not in text(client.get(door("household", cast.own)))
    shown = client.post(door("show_bsn", cast.own, cast.member.pk))
    assert BSN in text(shown)
    line = AuditEntry.objects.get(kind=AuditKind.BSN_SHOWN)
    assert (line.username, line.object_key) == ("samira", f"household:{cast.own.pk}")
    assert BSN not in str(vars(line)), "a BSN never stands in the audit trail"
    assert "no-store" in shown["Cache-Control"]


def test_a_bsn_is_asked_for_not_linked_to(cast, browse):
    assert browse(cast.samira.user).get(door("show_bsn", cast.own, cast.member.pk)).status_code == 405


def test_the_desk_sees_no_bsn_at_all(cast, desk):
    page = text(desk.get(door("household", cast.own)))
    assert "109" not in page.split("Leden")[1].split("</table>")[0]
    assert "Toon BSN" not in page


def test_a_bsn_of_somebody_else_s_household_is_not_there(cast, browse):
    client = browse(cast.samira.user)
    for pk in (cast.strange.members.get().pk, 999_999):
        assert client.post(door("show_bsn", cast.own, pk)).status_code == 404
    assert not AuditEntry.objects.filter(kind=AuditKind.BSN_SHOWN).exists()


# The question why


def test_a_reason_opens_a_household_of_somebody_else_until_midnight(cast, browse):
    with time_machine.travel(make.moment("2026-11-02 09:00"), tick=False) as clock:
        client = browse(cast.samira.user)
        question = door("access_reason", cast.strange)
        assert client.get(door("household", cast.strange)).url == question
        assert "hoort niet bij uw caseload" in text(client.get(question))
        assert "Vreemd" not in text(client.get(question)), "no name before the reason"
        assert client.post(question, {"kind": "cover"}).url == door("household", cast.strange)
        assert client.get(door("household", cast.strange)).status_code == 200
        line = AuditEntry.objects.get(action="give_access_reason")
        assert (line.username, line.reason) == ("samira", "cover")
        clock.move_to(make.moment("2026-11-03 00:01"))
        client = browse(cast.samira.user)
        assert client.get(door("household", cast.strange)).url == question


def test_a_reason_counts_for_one_person_and_one_household(cast, browse):
    browse(cast.samira.user).post(door("access_reason", cast.strange), {"kind": "complaint"})
    other = make.counsellor(name="Cas Ander")
    assert browse(other.user).get(door("household", cast.strange)).status_code == 302
    assert browse(cast.samira.user).get(door("household", cast.free)).status_code == 302


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"kind": ""}, "kind"), ({"kind": "nieuwsgierig"}, "kind"), ({"kind": "other"}, "text"), ({"kind": "other", "text": "  "}, "text"),
     ({"kind": "other", "text": "x" * 201}, "text"), ({"kind": "cover", "text": "a\x00"}, "text")],
)  # fmt: skip
def test_without_a_reason_the_door_stays_shut(cast, browse, typed, field):
    client = browse(cast.samira.user)
    page = client.post(door("access_reason", cast.strange), typed)
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert 'role="alert"' in text(page)
    assert not AccessReason.objects.exists()
    assert client.get(door("household", cast.strange)).status_code == 302


def test_own_households_and_desk_and_supervisor_need_no_reason(cast, browse, desk):
    assert browse(cast.samira.user).get(door("household", cast.own)).status_code == 200
    for client in (desk, browse(cast.users[Role.SUPERVISOR])):
        assert client.get(door("household", cast.strange)).status_code == 200


# Queries


@pytest.mark.parametrize(("name", "queries"), [("add_member", 9), ("record_threat", 9), ("access_reason", 10)])
@pytest.mark.parametrize("rows", [1, 3])
def test_a_form_asks_as_much_for_one_member_as_for_three(cast, browse, django_assert_num_queries, name, queries, rows):
    household = cast.own if name != "access_reason" else cast.strange
    for number in range(rows - 1):
        household.members.create(given_names=f"Kind{number}", search_surname="", role="child")
        make.term(household, TermKind.values[number], "2026-11-02", "2026-11-30")
    client = browse(cast.samira.user)
    with django_assert_num_queries(queries):
        assert client.get(door(name, household)).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_choice_of_counsellors_is_one_query(cast, supervisor, django_assert_num_queries, rows):
    for _row in range(rows - 1):
        make.counsellor(at=cast.place)
    with django_assert_num_queries(10):
        assert supervisor.get(door("allocate_household", cast.free)).status_code == 200
