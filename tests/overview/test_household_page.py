"""The household page (S07): what each role sees, what it says in which state, and the line it leaves (R-90b, R-92)."""

import datetime as dt

import pytest
from django.urls import reverse

from casework.core.models import AuditEntry, AuditKind, Role
from casework.households.models import Threat
from casework.messaging.models import Message, MessageKind
from tests import make
from tests.cast import ONE_CAST, debts

pytestmark = ONE_CAST


def text(page) -> str:
    return " ".join(page.content.decode().split())


def address(household) -> str:
    return reverse("household", args=[household.case_number])


def section(page, heading: str) -> str:
    return text(page).split(f"{heading}</h2>")[1].split("</section>")[0]


@pytest.fixture
def desk(cast, browse):
    return browse(cast.users[Role.DESK])


@pytest.fixture
def counsellor(cast, browse):
    return browse(cast.samira.user)


def test_every_opening_leaves_one_line_with_who_and_what(cast, desk, counsellor):
    """R-92."""
    desk.get(address(cast.own))
    counsellor.get(address(cast.own))
    lines = AuditEntry.objects.filter(action="view_household").order_by("id")
    assert [(line.username, line.role, line.kind, line.object_key) for line in lines] == [
        ("joris", "desk", AuditKind.VIEWED, f"household:{cast.own.pk}"),
        ("samira", "counsellor", AuditKind.VIEWED, f"household:{cast.own.pk}"),
    ]


def test_a_refused_opening_leaves_a_line_of_its_own(cast, browse):
    browse(cast.users[Role.PARTNER]).get(address(cast.own))
    line = AuditEntry.objects.get()
    assert (line.kind, line.username, line.object_key) == (
        AuditKind.REFUSED, "maartje", f"address:{address(cast.own)}",
    )  # fmt: skip


def test_a_desk_sees_no_debts(cast, desk, counsellor):
    assert "812,40" in text(counsellor.get(address(cast.own)))
    page = text(desk.get(address(cast.own)))
    assert "812,40" not in page
    assert "Schulddossier" not in page
    assert reverse("debt_file", args=[cast.own.case_number]) not in page


def test_the_identity_bar_says_who_of_whom_and_by_when(cast, desk):
    """Screens 2.0."""
    cast.member.born = dt.date(1984, 5, 17)
    cast.member.save()
    make.term(cast.own, "decision", "2026-11-02", "2026-12-28")
    make.term(cast.own, "first_talk", "2026-11-02", "2026-11-30")
    make.term(cast.own, "urgent", "2026-10-30", "2026-11-04", met_on=dt.date(2026, 11, 1))
    bar = text(desk.get(address(cast.own))).split('class="etf-identity-inner"')[1].split("</section>")[0]
    assert "17-05-1984 (42)" in bar
    assert cast.own.case_number in bar
    assert "Samira El Amrani" in bar
    assert "uiterlijk ma 30 nov (over 28 dagen)" in bar
    assert "Nog geen akkoord" in bar


def test_a_household_without_anything_offers_the_next_step(cast, desk):
    page = desk.get(address(cast.free))
    whole = text(page)
    assert "Nog geen afspraken." in whole
    assert reverse("book", args=[cast.free.case_number]) in whole
    assert "Geen berichten." in whole


def test_a_household_without_names_still_has_a_page(cast, desk):
    cast.free.members.update(given_names="", surname="")
    type(cast.free).objects.filter(pk=cast.free.pk).update(display_name="")
    assert cast.free.case_number in text(desk.get(address(cast.free))).split("<h1>")[1].split("</h1>")[0]
    cast.free.members.all().delete()
    assert desk.get(address(cast.free)).status_code == 200


def test_what_to_mind_stands_in_words(cast, desk):
    type(cast.own).objects.filter(pk=cast.own.pk).update(
        safety=True, safety_note="Bel alleen overdag", no_voicemail=True, secret_address=True, administrator=True,
        interpreter=True, language="tr", street="Geheimstraat", postcode="3072AB",
    )  # fmt: skip
    Threat.objects.create(
        household=cast.own, kind="water", recorded_at=make.moment("2026-11-02 08:00"), happens_on=dt.date(2026, 11, 6)
    )
    page = text(desk.get(address(cast.own)))
    for words in ("Bel alleen overdag", "Turks", "Afsluiting water", "vrijdag 6 november", "Geheim"):
        assert words in page
    assert "Geheimstraat" not in page


@pytest.mark.parametrize(
    ("deadline", "fields", "words"),
    [("2026-11-30", {}, "nog 28 dagen"), ("2026-11-03", {}, "nog 1 dag"), ("2026-11-01", {}, "Te laat"),
     ("2026-11-30", {"met_on": dt.date(2026, 11, 1)}, "gedaan op zo 1 nov"),
     ("2026-11-30", {"ended_on": dt.date(2026, 11, 1)}, "beëindigd")],
)  # fmt: skip
def test_a_term_says_how_it_stands(cast, counsellor, deadline, fields, words):
    make.term(cast.own, "first_talk", "2026-10-20", deadline, **fields)
    assert words in section(counsellor.get(address(cast.own)), "Termijnen")


def test_a_closed_household_offers_nothing_new(cast, browse):
    closed = make.household(given="Henk", surname="Klaar", closed_on=dt.date(2026, 10, 1), exit_reason="Afgerond")
    page = text(browse(cast.users[Role.SUPERVISOR]).get(address(closed)))
    assert "Gesloten" in page
    for name in ("book", "add_member", "record_threat", "allocate_household"):
        assert f'"{reverse(name, args=[closed.case_number])}"' not in page


@pytest.mark.parametrize("kept", [False, True])
def test_of_a_closed_household_a_supervisor_sees_that_it_goes_and_can_keep_it(cast, browse, kept):
    """R-63: the date itself stands with the hold, and only for who may set one."""
    closed = make.household(
        given="Henk", surname="Klaar", closed_on=dt.date(2026, 10, 1), exit_reason="Afgerond", legal_hold=kept,
        owner=cast.samira,
    )  # fmt: skip
    door = f'"{reverse("legal_hold", args=[closed.case_number])}"'
    page = text(browse(cast.users[Role.SUPERVISOR]).get(address(closed)))
    assert door in page
    assert ("Dit huishouden wordt langer bewaard" if kept else "wordt geanonimiseerd na afloop") in page
    for role in (Role.DESK, Role.COUNSELLOR):
        assert door not in text(browse(cast.users[role]).get(address(closed)))
    assert 'href="/bewaartermijnen/' not in text(browse(cast.users[Role.SUPERVISOR]).get(address(cast.own)))


def test_coming_before_past_and_the_timeline_newest_first(cast, counsellor):
    make.appointment(household=cast.own, counsellor=cast.samira, start="2026-11-09 10:00")
    page = counsellor.get(address(cast.own))
    part = section(page, "Afspraken")
    assert part.index("maandag 2 november") < part.index("maandag 9 november") < part.index("vr 30 okt")
    kinds = [entry["what"] for entry in page.context["timeline"]]
    moments = [entry["at"] for entry in page.context["timeline"]]
    assert moments == sorted(moments, reverse=True)
    assert set(kinds) == {"registered", "booked", "recorded"}


def test_what_was_typed_about_a_household_is_escaped(cast, desk):
    """R-97."""
    type(cast.own).objects.filter(pk=cast.own.pk).update(
        display_name="<img src=x>", safety=True, safety_note="<script>x</script>", street="<b>", email="a&b@example.org"
    )
    page = text(desk.get(address(cast.own)))
    assert "<img src=x>" not in page
    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_the_page_reads_in_english_too(cast, desk):
    desk.post(reverse("set_language"), {"language": "en"})
    page = text(desk.get(address(cast.own)))
    assert "Appointments" in page
    assert "Afspraken" not in page


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("role", "queries"), [(Role.DESK, 18), (Role.COUNSELLOR, 25), (Role.SUPERVISOR, 25)])
def test_the_page_asks_as_much_for_one_of_each_as_for_three(
    cast, browse, django_assert_num_queries, role, queries, rows
):
    household = make.household(given="Vol", surname="Huis", owner=cast.samira, location=cast.place)
    file = debts(household, number=rows)
    for number in range(rows):
        start = f"2026-10-{20 + number} 10:00"
        past = make.appointment(household=household, counsellor=cast.samira, start=start, outcome="V")
        make.appointment(household=household, counsellor=cast.samira, start=f"2026-11-{10 + number} 10:00")
        household.members.create(given_names=f"Kind{number}", search_surname="", role="child")
        make.around(household, number=number)
        make.household(owner=cast.bram, closed_on=dt.date(2026, 3, 1), exit_reason="Afgerond", continued_in=household)
        make.term(household, ("first_talk", "urgent", "decision")[number], "2026-11-01", "2026-12-01")
        file.phases.create(
            kind="report", started_on=dt.date(2026, 1, number + 1), ended_on=dt.date(2026, 1, number + 2)
        )
        Message.objects.create(
            household=household, appointment_key=past.pk, kind=MessageKind.CONFIRMATION, planned_start=past.starts_at,
            due_at=past.booked_at, expires_at=past.starts_at, created_at=past.booked_at, state="sent",
            sent_at=past.booked_at, channel="sms",
        )  # fmt: skip
    client = browse(cast.users[role])
    with django_assert_num_queries(queries):
        assert client.get(address(household)).status_code == 200
