"""The door to register a household (S06): what may be typed, double sending, and the interruption (R-17, R-52, R-54…)."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from casework.core.models import AuditEntry
from casework.households.models import Household, MemberRole, TermKind, ThreatKind
from tests import make

pytestmark = pytest.mark.usefixtures("now")
ADDRESS = "/huishoudens/aanmelden/"


@pytest.fixture
def desk(browse, joris):
    return browse(joris)


def form(**typed) -> dict:
    """The least that registers somebody."""
    return {
        "token": str(uuid.uuid4()), "given_names": "Fatou", "surname": "Ndiaye", "mobile": "06 12 34 56 78",
        "language": "nl", "channel": "sms", "came_through": "self", "city": "Rotterdam",
    } | typed  # fmt: skip


def text(page) -> str:
    return " ".join(page.content.decode().split())


def test_an_empty_form_offers_what_is_usual(desk):
    page = desk.get(ADDRESS)
    asked = page.context["form"]
    assert (asked["language"].value(), asked["channel"].value()) == ("nl", "sms")
    assert "geslacht" not in text(page).lower(), "never asked for an appointment (S06)"


def test_the_least_is_a_name_and_one_way_to_reach_somebody(desk, joris, feijenoord):
    answer = desk.post(ADDRESS, form())
    made = Household.objects.get()
    assert answer.url == reverse("household", args=[made.case_number])
    assert (made.mobile, made.location, made.owner) == ("+31612345678", feijenoord, None)
    assert "Fatou Ndiaye is aangemeld" in text(desk.get(answer.url))


def test_one_button_goes_on_to_booking(desk):
    answer = desk.post(ADDRESS, form(book="1"))
    assert answer.url == reverse("book", args=[Household.objects.get().case_number])


def test_everything_that_was_typed_is_kept_as_it_is_kept(desk):
    desk.post(ADDRESS, form(
        given_names=" Zoë  Maria ", surname="van den Berg", born="17-5-84", phone="(010) 498 48 48",
        email="zoe@example.org", postcode="3072 ab", house_number="12", addition="B", street="Voorbeeldstraat",
        secret_address="on", language="tr", interpreter="on", came_through="partner", channel="email",
        no_voicemail="on", safety="on", safety_note="Bel overdag", administrator="on", bsn="9999.00.109",
        threats=["eviction", "water"], threat_date="6 november 2026", partner_given_names="Jan",
        partner_surname="de Wit", partner_born="1-2-1980", children="2",
    ))  # fmt: skip
    made = Household.objects.get()
    client, partner, *children = made.members.all()
    assert (client.given_names, client.prefix, client.surname) == ("Zoë Maria", "van den", "Berg")
    assert (client.born, client.bsn) == (dt.date(1984, 5, 17), "999900109")
    assert (partner.role, partner.full_name, partner.born) == (MemberRole.PARTNER, "Jan de Wit", dt.date(1980, 2, 1))
    assert [child.role for child in children] == [MemberRole.CHILD] * 2
    assert (made.postcode, made.house_number, made.phone, made.email) == (
        "3072AB", "12", "+31104984848", "zoe@example.org",
    )  # fmt: skip
    assert (made.language, made.channel, made.came_through) == ("tr", "email", "partner")
    flags = ("secret_address", "interpreter", "no_voicemail", "safety", "administrator")
    assert all(getattr(made, flag) for flag in flags)
    assert {(threat.kind, threat.happens_on) for threat in made.threats.all()} == {
        ("eviction", dt.date(2026, 11, 6)), ("water", dt.date(2026, 11, 6)),
    }  # fmt: skip
    assert {term.kind: term.deadline for term in made.terms.all()} == {
        TermKind.FIRST_TALK: dt.date(2026, 11, 30), TermKind.URGENT: dt.date(2026, 11, 5),
    }  # fmt: skip


BAD = [
    ({"given_names": ""}, "given_names"),
    ({"surname": "   "}, "surname"),
    ({"surname": "x" * 81}, "surname"),
    ({"surname": "Nd\x00iaye"}, "surname"),
    ({"given_names": "y" * 20_000}, "given_names"),
    ({"born": "3-11-2026"}, "born"),
    ({"born": "31-2-1984"}, "born"),
    ({"born": "1-1-1900"}, "born"),
    ({"born": "gisteren"}, "born"),
    ({"mobile": "12"}, "mobile"),
    ({"mobile": "06-1234567"}, "mobile"),
    ({"mobile": "06 ABCDEFGH"}, "mobile"),
    ({"mobile": "0612345678x"}, "mobile"),
    ({"phone": "\x00"}, "phone"),
    ({"email": "geen adres"}, "email"),
    ({"email": "a" * 300 + "@example.org"}, "email"),
    ({"postcode": "0123 AB"}, "postcode"),
    ({"postcode": "3072 SS"}, "postcode"),
    ({"house_number": "1" * 11}, "house_number"),
    ({"language": "klingon"}, "language"),
    ({"language": ""}, "language"),
    ({"channel": "duif"}, "channel"),
    ({"came_through": "x"}, "came_through"),
    ({"threats": ["brand"]}, "threats"),
    ({"threats": ["eviction"], "threat_date": "ooit"}, "threat_date"),
    ({"bsn": "123456789"}, "bsn"),
    ({"bsn": "0" * 9}, "bsn"),
    ({"bsn": "٩٩٩٩٠٠١٠٩"}, "bsn"),
    ({"children": "-1"}, "children"),
    ({"children": "16"}, "children"),
    ({"children": "twee"}, "children"),
    ({"partner_born": "1-1-2030"}, "partner_born"),
    ({"token": ""}, "token"),
    ({"token": "geen token"}, "token"),
    ({"mobile": ""}, "mobile"),
]


@pytest.mark.parametrize(
    ("typed", "field"), BAD, ids=[f"{field}-{number}" for number, (_typed, field) in enumerate(BAD)]
)
def test_what_is_not_understood_is_said_beside_its_field_and_nothing_is_lost(desk, typed, field):
    page = desk.post(ADDRESS, form(street="Voorbeeldstraat") | typed)
    assert page.status_code == 200
    assert field in page.context["form"].errors
    whole = text(page)
    assert 'role="alert"' in whole
    assert "<title>Fout: " in whole
    assert 'value="Voorbeeldstraat"' in whole
    assert not Household.objects.exists()


def test_a_date_of_birth_is_enough_to_find_somebody_again(desk):
    """Somebody without telephone or address can be registered too."""
    desk.post(ADDRESS, form(mobile="", born="17-5-1984"))
    assert Household.objects.count() == 1


def test_names_that_grow_when_folded_still_fit(desk):
    """One letter may become several: ß, and the ligature of eighteen letters."""
    for number, name in enumerate(("ß" * 80, "ﷺ" * 80)):
        sent = form(given_names=name, surname=name, prefix="van der", born="17-5-1984", mobile=f"061234567{number}")
        assert desk.post(ADDRESS, sent).status_code == 302


# Twice the same


def test_the_same_form_twice_gives_one_household_and_leads_to_it(desk):
    sent = form()
    first, second = desk.post(ADDRESS, sent), desk.post(ADDRESS, sent)
    assert Household.objects.count() == 1
    assert first.url == second.url


def test_the_same_form_from_a_colleague_does_not_open_a_second_one(desk, browse, ingrid):
    sent = form()
    desk.post(ADDRESS, sent)
    browse(ingrid).post(ADDRESS, sent | {"surname": "Anders"})
    assert Household.objects.count() == 1


# Duplicates


@pytest.fixture
def fatou(samira):
    return make.household(
        given="Fatou", surname="Ndiaye", born=dt.date(1984, 5, 17), mobile="+31611111111", postcode="3011AB",
        house_number="7", owner=samira,
    )  # fmt: skip


def test_the_same_bsn_is_refused_and_leads_to_who_has_it(desk, fatou):
    desk.post(ADDRESS, form(bsn="999900109", surname="Eerder", mobile="0622222222"))
    known = Household.objects.exclude(pk=fatou.pk).get()
    page = desk.post(ADDRESS, form(bsn="999900109", surname="Anders", mobile="0633333333"))
    assert page.context["form"].errors["bsn"] == [f"Dit BSN hoort bij {known.case_number}. Open dat huishouden."]
    assert f'href="{reverse("household", args=[known.case_number])}"' in text(page)
    assert Household.objects.count() == 2


@pytest.mark.parametrize(
    "typed",
    [{"born": "17-5-1984", "surname": "NDIÁYE"}, {"born": "17-5-1984", "surname": "Anders", "mobile": "06 11111111"}],
)
def test_somebody_very_alike_interrupts_with_the_differences(desk, fatou, typed):
    page = desk.post(ADDRESS, form(given_names="Awa", postcode="3072AB", house_number="12") | typed)
    whole = text(page)
    assert page.status_code == 200
    assert "Is deze persoon al aangemeld?" in whole
    row = whole.split('data-test="candidate"')[1].split("</tr>")[0]
    assert fatou.case_number in row
    assert "17-05-1984" in row
    assert "Samira El Amrani" in row
    assert "verschilt" in row
    assert Household.objects.count() == 1


def test_after_the_interruption_nothing_typed_is_lost_and_a_reason_goes_on(desk, fatou):
    typed = form(born="17-5-1984", threats=["water", "heat"], interpreter="on", children="1")
    page = desk.post(ADDRESS, typed)
    again = {field.html_name: field.value() for field in page.context["form"]}
    hidden = text(page)
    assert hidden.count('name="threats"') == 2
    assert f'value="{typed["token"]}"' in hidden
    asked = desk.post(ADDRESS, typed | {"asked": "1"})
    assert "Schrijf waarom dit iemand anders is" in text(asked)
    assert 'href="#id_duplicate_reason"' in text(asked)
    assert Household.objects.count() == 1
    answer = desk.post(ADDRESS, typed | {"asked": "1", "duplicate_reason": "Nicht met dezelfde geboortedag"})
    made = Household.objects.exclude(pk=fatou.pk).get()
    assert answer.url == reverse("household", args=[made.case_number])
    assert (made.interpreter, made.threats.count(), made.members.count()) == (True, 2, 2)
    assert again["born"] == "17-5-1984"


@pytest.mark.parametrize("typed", [{"mobile": "06 11111111"}, {"postcode": "3011 AB", "house_number": "7"}])
def test_the_same_number_or_address_is_only_worth_a_note(desk, fatou, typed):
    answer = desk.post(ADDRESS, form(surname="Anders") | typed)
    assert Household.objects.count() == 2
    assert f"Hetzelfde telefoonnummer of adres: {fatou.case_number}" in text(desk.get(answer.url))


def test_a_search_term_is_carried_over(desk):
    for typed, field, value in (
        ("Ndiaye", "surname", "Ndiaye"), ("06 12345678", "mobile", "06 12 34 56 78"), ("17-5-84", "born", "17-05-1984"),
        ("\x00", "surname", ""), ("x" * 5000, "surname", "x" * 80), ("3072AB", "surname", None),
    ):  # fmt: skip
        assert desk.get(ADDRESS, {"typed": typed}).context["form"][field].value() == value, typed


def test_the_questions_about_threats_name_each_kind(desk):
    whole = text(desk.get(ADDRESS))
    for kind in ThreatKind:
        assert str(kind.label) in whole


@pytest.mark.parametrize("rows", [1, 3])
def test_the_interruption_asks_as_much_for_one_candidate_as_for_three(desk, samira, django_assert_num_queries, rows):
    for number in range(rows):
        make.household(given=f"Fatou{number}", surname="Ndiaye", born=dt.date(1984, 5, 17), owner=samira)
    with django_assert_num_queries(15):
        page = desk.post(ADDRESS, form(born="17-5-1984"))
    assert text(page).count('data-test="candidate"') == rows


# While somebody types (S06)

ALIKE = "/huishoudens/aanmelden/lijkt-op/"


def test_while_somebody_types_a_candidate_is_shown_with_what_differs(desk, fatou):
    typed = {"given_names": "Awa", "surname": "NDIÁYE", "born": "17-5-84", "mobile": "06 22222222"}
    whole = text(desk.post(ALIKE, typed))
    assert f'href="{reverse("household", args=[fatou.case_number])}"' in whole
    assert whole.count('data-test="alike"') == 1
    assert "andere naam" in whole
    assert "ander nummer" in whole


def test_a_known_bsn_is_said_at_once_and_stands_in_no_line(desk, fatou):
    desk.post(ADDRESS, form(surname="Bekend", bsn="999900109"))
    whole = text(desk.post(ALIKE, {"bsn": "9999 00 109"}))
    assert "Dit BSN hoort bij ETF-" in whole
    line = AuditEntry.objects.latest("pk")
    assert (line.action, line.details) == ("search_bsn", {"hits": 1})
    assert "999900109" not in line.reason


@pytest.mark.parametrize("typed", [{"mobile": "06 11111111"}, {"postcode": "3011ab", "house_number": "7"}])
def test_a_known_number_or_address_is_a_note_while_somebody_types(desk, fatou, typed):
    whole = text(desk.post(ALIKE, typed))
    assert "Hetzelfde telefoonnummer of adres:" in whole
    assert fatou.case_number in whole


def test_looking_while_somebody_types_is_a_search_and_leaves_one_line(desk, fatou):
    """R-92: what was compared, and how many were found; the same again is the same search."""
    typed = {"surname": "Ndiaye", "born": "17-5-84"}
    for _again in range(2):
        desk.post(ALIKE, typed)
    line = AuditEntry.objects.get(kind="searched")
    assert (line.action, line.reason, line.details) == ("search_households", "Ndiaye 17-05-1984", {"hits": 1})


@pytest.mark.parametrize(
    "typed", [{}, {"surname": "Ndiaye"}, {"born": "gisteren", "mobile": "12", "bsn": "1"}, {"surname": "\x00"},
              {"postcode": "3011AB"}, {"surname": "x" * 9000, "born": "17-5-1984"}],
)  # fmt: skip
def test_what_is_too_little_or_not_understood_finds_nobody(desk, fatou, typed):
    page = desk.post(ALIKE, typed)
    assert (page.status_code, text(page)) == (200, "")


def test_it_is_sent_and_never_asked_for(desk):
    assert desk.get(ALIKE).status_code == 405


@pytest.mark.parametrize("rows", [1, 3])
def test_looking_asks_as_much_for_one_candidate_as_for_three(desk, samira, django_assert_num_queries, rows):
    for number in range(rows):
        make.household(given=f"Fatou{number}", surname="Ndiaye", born=dt.date(1984, 5, 17), owner=samira)
    with django_assert_num_queries(10):
        page = desk.post(ALIKE, {"surname": "Ndiaye", "born": "17-5-1984"})
    assert text(page).count('data-test="alike"') == rows


# Other members


def test_another_row_keeps_what_was_typed_and_registers_nobody(desk):
    typed = form(born="ooit", city="", threats=["water"], interpreter="on")
    page = desk.post(ADDRESS, typed | {"another_member": "1"})
    whole = text(page)
    assert not Household.objects.exists()
    assert 'role="alert"' not in whole, "not an error: somebody is still typing"
    kept = page.context["form"]
    assert [kept[name].value() for name in ("born", "city", "mobile", "threats")] == [
        "ooit", "", "06 12 34 56 78", ["water"]
    ]  # fmt: skip
    assert f'value="{typed["token"]}"' in whole
    more = desk.post(ADDRESS, typed | {"another_member": "1", "member_rows": "1", "member1_given_names": "Awa"})
    assert more.context["form"]["member1_given_names"].value() == "Awa"
    assert "Voornaam van lid 2" in text(more)


def test_members_of_the_rows_are_registered_and_empty_rows_are_not(desk):
    desk.post(ADDRESS, form(
        member_rows="3", member1_given_names="Awa", member1_surname="van Dijk", member1_role="adult_child",
        member1_born="1-2-2004", member2_role="child", member3_given_names="Omar", member3_role="parent",
    ))  # fmt: skip
    _client, awa, omar = Household.objects.get().members.all()
    assert (awa.full_name, awa.role, awa.born) == ("Awa van Dijk", "adult_child", dt.date(2004, 2, 1))
    assert (omar.full_name, omar.role) == ("Omar", "parent")


def test_a_wrong_row_is_said_beside_it_and_survives_the_interruption(desk, fatou):
    rows = {"member_rows": "1", "member1_given_names": "Awa", "member1_role": "child", "member1_born": "gisteren"}
    page = desk.post(ADDRESS, form() | rows)
    assert "member1_born" in page.context["form"].errors
    asked = desk.post(ADDRESS, form(born="17-5-1984") | rows | {"member1_born": "1-2-2015"})
    assert 'name="member1_born" value="1-2-2015"' in text(asked)


@pytest.mark.parametrize("rows", ["-1", "x", "\x00", "9" * 400, "٣", "99"])
def test_nonsense_for_the_number_of_rows_is_no_error(desk, rows):
    for more in ({}, {"another_member": "1"}):
        page = desk.post(ADDRESS, form(surname="") | {"member_rows": rows} | more)
        assert page.status_code == 200
        assert page.context["form"].rows <= 12
