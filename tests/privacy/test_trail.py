"""The screen of the audit trail: who sees which lines, how one looks for them, and what stands out (S26, R-90m, R-92)."""

import csv
import datetime as dt
import io

import pytest
from django.urls import reverse

from casework.core.actions import audit
from casework.core.models import AuditEntry, AuditKind, Role, User
from casework.counsellors.models import Counsellor, Posting, Team
from casework.households.actions import write_note
from casework.households.models import Household, Member
from casework.privacy import reads
from tests import make
from tests.core.test_audit_chain import run

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(everyone, samira, ingrid, now):
    """Samira and Ingrid in one team, Bram in another; the privacy officer in none."""
    south, north = Team.objects.create(name="Zuid"), Team.objects.create(name="Noord")
    Counsellor.objects.filter(pk=samira.pk).update(team=south)
    Posting.objects.filter(user=ingrid).update(team=south)
    bram = make.counsellor(name="Bram de Groot", username="bram")
    Counsellor.objects.filter(pk=bram.pk).update(team=north)
    return {"samira": samira, "bram": bram, "ingrid": ingrid, "privacy": everyone[Role.PRIVACY_OFFICER]}


def look(by, on, now, **changes):
    return audit(by=by, now=now, action="view_household", on=on, **{"kind": AuditKind.VIEWED, **changes})


def seen(response) -> list[int]:
    return [one.entry.pk for one in response.context["lines"]]


def test_a_privacy_officer_sees_all_and_a_supervisor_the_own_team_without_searches(office, browse, now):
    household = make.household()
    mine, other = look(office["samira"].user, household, now), look(office["bram"].user, household, now)
    search = look(office["samira"].user, "household:*", now, kind=AuditKind.SEARCHED)
    everything = {mine.pk, other.pk, search.pk}
    assert everything <= set(seen(browse(office["privacy"]).get(reverse("audit"))))
    page = browse(office["ingrid"]).get(reverse("audit"))
    assert set(seen(page)) & everything == {mine.pk}
    assert "searched" not in dict(page.context["filter_form"].fields["kind"].choices)
    assert browse(office["ingrid"]).get(reverse("audit_line", args=[other.pk])).status_code == 404
    assert browse(office["ingrid"]).get(reverse("audit_line", args=[search.pk])).status_code == 404


def test_a_supervisor_without_a_team_sees_nothing(office, browse, now):
    Posting.objects.filter(user=office["ingrid"]).update(team=None)
    look(office["ingrid"], make.household(), now)
    assert seen(browse(office["ingrid"]).get(reverse("audit"))) == []


def test_each_filter(office, browse, now):
    client, samira, bram = browse(office["privacy"]), office["samira"].user, office["bram"].user
    one, two = make.household(), make.household()
    first = look(samira, one, now - dt.timedelta(days=3))
    note = write_note(household=one, kind="note", text="Gebeld", by=samira, now=now)
    changed = AuditEntry.objects.get(action="write_note")
    why = look(bram, two, now, reason="cover")
    old = look(bram, two, now - dt.timedelta(days=40))

    def found(**asked) -> set[int]:
        return set(seen(client.get(reverse("audit"), asked))) & {first.pk, changed.pk, why.pk, old.pk}

    assert note
    assert found() == {first.pk, changed.pk, why.pk}
    assert found(person=samira.pk) == {first.pk, changed.pk}
    assert found(number=one.case_number.lower()) == {first.pk, changed.pk}
    assert found(number="ETF-0000") == set()
    assert found(kind="changed") == {changed.pk}
    assert found(reason="with") == {why.pk}
    assert found(reason="without") == {first.pk, changed.pk}
    assert found(first="1-9-2026", last="30-9-2026") == {old.pk}
    assert found(first="1-11-2026") == {changed.pk, why.pk}


def test_what_is_not_understood_is_left_out_with_a_notice(office, browse, now):
    line = look(office["samira"].user, make.household(), now)
    for asked in ({"person": "x"}, {"kind": "gone"}, {"first": "gisteren"}, {"number": "a\x00b"}, {"reason": "?"}):
        page = browse(office["privacy"]).get(reverse("audit"), asked)
        assert page.context["ignored"], asked
        assert line.pk in seen(page)


def test_nothing_found_says_so(office, browse):
    page = browse(office["privacy"]).get(reverse("audit"), {"kind": "exported"})
    assert "Geen regels voor deze filters." in page.content.decode()


def test_a_row_has_no_content_of_a_case(office, browse, now):
    household = make.household(surname="Zebedeus")
    look(office["samira"].user, household, now)
    page = browse(office["privacy"]).get(reverse("audit")).content.decode()
    assert household.case_number in page
    assert "Zebedeus" not in page


def test_each_line_stands_once_on_the_pages(office, browse, now):
    lines = {look(office["samira"].user, "household:1", now).pk for _number in range(60)}
    client, found, address = browse(office["privacy"]), [], reverse("audit")
    asked: dict = {"person": office["samira"].user.pk}
    while True:
        page = client.get(address, asked)
        found += seen(page)
        if not page.context["page"].after:
            break
        asked["after"] = page.context["page"].after
    assert sorted(found) == sorted(lines)


@pytest.mark.parametrize(("first", "long"), [("3-8-2026", False), ("2-8-2026", True)])
def test_a_period_over_92_days_asks_to_narrow_or_to_export(office, browse, first, long):
    for name in ("audit", "odd_looks"):
        page = browse(office["privacy"]).get(reverse(name), {"first": first}).content.decode()
        assert ("langer dan 92 dagen" in page) == long, name


@pytest.mark.parametrize("number", [1, 3])
def test_a_constant_number_of_queries(office, browse, now, number, django_assert_num_queries):
    for _number in range(number):
        look(make.counsellor().user, make.household(), now)
    client = browse(office["privacy"])
    client.get(reverse("audit"))
    with django_assert_num_queries(11):
        client.get(reverse("audit"))
    with django_assert_num_queries(10):
        client.get(reverse("odd_looks"))


def test_looking_at_the_audit_leaves_a_line_too(office, browse):
    browse(office["privacy"]).get(reverse("audit"), {"kind": "viewed"})
    line = AuditEntry.objects.get(action="view_audit")
    assert (line.kind, line.details) == ("viewed", {"filters": ["kind"]})


# One line


@pytest.fixture
def changed(office, now):
    """A change of a telephone number, of a location and of a BSN, in a transaction of its own."""
    household = make.household(mobile="+31611111111")
    run("select set_config('etf.transaction', '', true)")
    Household.objects.filter(pk=household.pk).update(mobile="+31622222222", location=office["samira"].location)
    Member.objects.filter(household=household).update(bsn="999900109", bsn_fingerprint="f" * 64)
    return audit(by=office["samira"].user, now=now, action="change_contact", on=household)


def test_a_supervisor_reads_what_stood_there_and_that_is_a_look(changed, office, browse):
    page = browse(office["ingrid"]).get(reverse("audit_line", args=[changed.pk])).content.decode()
    assert "+31611111111" in page
    assert "+31622222222" in page
    assert office["samira"].location.name in page
    assert "999900109" not in page
    assert "f" * 64 not in page
    assert AuditEntry.objects.get(action="view_audit_line").object_key == changed.object_key


def test_a_privacy_officer_reads_that_it_changed(changed, office, browse):
    answer = browse(office["privacy"]).get(reverse("audit_line", args=[changed.pk]))
    page = answer.content.decode()
    assert "+316" not in page
    assert "mobiel" in page.lower()
    assert {one.hidden for one in answer.context["changes"]} == {True, False}
    assert AuditEntry.objects.get(action="view_audit_line").object_key == f"auditentry:{changed.pk}"


# Export


def test_an_export_counts_first_asks_what_for_and_is_a_line_itself(office, browse, now):
    look(office["samira"].user, make.household(), now, reason="=cmd")
    client, address = browse(office["privacy"]), reverse("export_audit") + "?kind=viewed&first=1-1-2020"
    assert "Het bestand krijgt 1 regels van de audit." in client.get(address).content.decode()
    assert "Schrijf op waarvoor" in client.post(address, {"purpose": " "}).content.decode()
    answer = client.post(address, {"purpose": "Steekproef oktober"})
    assert answer["Content-Disposition"] == 'attachment; filename="etf_audit_2020-01-01_2026-11-02.csv"'
    text = b"".join(answer.streaming_content).decode()
    assert text.startswith("\ufeffTijd;Wie;Rol;")
    assert text.endswith("\r\n")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=";"))
    assert len(rows) == 2
    assert rows[1][:4] == ["2026-11-02 09:00", "Samira El Amrani", "Trajectbegeleider", "Bekeken"]
    assert rows[1][6] == "'=cmd"
    line = AuditEntry.objects.get(kind="exported")
    assert (line.action, line.reason, line.details["rows"]) == ("export_audit", "Steekproef oktober", 1)


# Stands out


def odd(office, name: str) -> list[dict]:
    first, after = make.moment("2026-10-01 00:00"), make.moment("2026-12-01 00:00")
    return getattr(reads, name)(User.objects.order_by("pk"), first, after)


def test_a_look_outside_the_caseload_that_nothing_followed(office, now):
    samira, bram = office["samira"], office["bram"].user
    mine, worked, booked, peeked = (make.household(owner=samira) for _number in range(4))
    look(samira.user, mine, now)
    for household in (worked, booked, peeked):
        look(bram, household, now, reason="cover")
    write_note(household=worked, kind="note", text="Overlegd", by=bram, now=now + dt.timedelta(days=2))
    appointment = make.appointment(household=booked, counsellor=samira, start="2026-11-10 10:00")
    audit(by=bram, now=now + dt.timedelta(hours=1), action="book", on=appointment)
    assert [(one["case_number"], one["who"], one["looks"], one["why"]) for one in odd(office, "without_follow_up")] == [
        (peeked.case_number, "Bram de Groot", 1, "Waarneming voor een collega")
    ]
    write_note(household=peeked, kind="note", text="Later", by=bram, now=now + dt.timedelta(days=8))
    assert len(odd(office, "without_follow_up")) == 1


def test_a_namesake_and_a_neighbour(office, now):
    bram = office["bram"].user
    namesake, neighbour, stranger = (
        make.household(surname="Groot", prefix="de"), make.household(postcode="3072AB"), make.household(postcode="3011AA")
    )  # fmt: skip
    for household in (namesake, neighbour, stranger):
        look(bram, household, now)
    assert [(one["case_number"], one["why"]) for one in odd(office, "at_home")] == [
        (namesake.case_number, "achternaam")
    ]
    User.objects.filter(pk=bram.pk).update(postcode="3072AB")
    found = {one["case_number"]: one["why"] for one in odd(office, "at_home")}
    assert found == {namesake.case_number: "achternaam", neighbour.case_number: "postcode"}


@pytest.mark.parametrize(("number", "minutes", "stands_out"), [(60, 59, False), (61, 59, True), (61, 200, False)])
def test_more_than_sixty_households_within_an_hour(office, now, number, minutes, stands_out):
    for place in range(number):
        moment = now + dt.timedelta(minutes=minutes * place / number)
        look(office["bram"].user, f"household:{place + 1}", moment)
        look(office["bram"].user, f"household:{place + 1}", moment)
    found = odd(office, "many_at_once")
    assert [(one["who"], one["number"]) for one in found] == ([("Bram de Groot", 61)] if stands_out else [])


def test_the_tab_shows_them_to_who_may_see_those_lines(office, browse, now):
    household = make.household(owner=office["samira"])
    look(office["bram"].user, household, now)
    assert household.case_number in browse(office["privacy"]).get(reverse("odd_looks")).content.decode()
    assert household.case_number not in browse(office["ingrid"]).get(reverse("odd_looks")).content.decode()


# Who looked


def test_a_resident_reads_day_role_and_reason_and_no_name(office, browse, now):
    household = make.household(owner=office["samira"])
    look(office["bram"].user, household, now, reason="cover")
    look(office["bram"].user, household, now + dt.timedelta(hours=1), reason="cover")
    look(office["samira"].user, household, now - dt.timedelta(days=1))
    look(office["samira"].user, make.household(), now)
    looks = reads.looks_at(household)
    assert [(f"{one.on}", one.role, one.reason) for one in looks] == [
        ("2026-11-02", "Trajectbegeleider", "Waarneming voor een collega"), ("2026-11-01", "Trajectbegeleider", "")
    ]  # fmt: skip
    page = browse(office["privacy"]).get(reverse("who_looked", args=[household.case_number])).content.decode()
    main = page[page.index("<main") :]
    assert "Waarneming voor een collega" in main
    assert "Bram" not in main
    assert "Samira" not in main


def test_nobody_looked_yet(office, browse):
    page = browse(office["privacy"]).get(reverse("who_looked", args=[make.household().case_number])).content.decode()
    assert "Wie keken in uw dossier" in page


# The kind of network


@pytest.mark.parametrize(
    ("networks", "address", "kind"),
    [("10.0.0.0/8", "10.1.2.3", "office"), ("10.0.0.0/8", "8.8.8.8", "outside"), ("", "10.1.2.3", "unknown"),
     ("10.0.0.0/8", "::ffff:10.1.2.3", "office"), ("10.0.0.0/8", "no address", "unknown"), ("fd00::/8", "fd00::1", "office")],
)  # fmt: skip
def test_a_line_says_from_what_kind_of_network(networks, address, kind, office, settings, browse, monkeypatch):
    from etf import environment

    monkeypatch.setenv("ETF_OFFICE_NETWORKS", networks)
    settings.ETF_OFFICE_NETWORKS = environment.networks("ETF_OFFICE_NETWORKS")
    browse(office["privacy"]).get(reverse("audit"), REMOTE_ADDR=address)
    assert AuditEntry.objects.get(action="view_audit").network == kind


def test_behind_a_proxy_the_last_address_counts(office, settings, browse):
    import ipaddress

    settings.ETF_OFFICE_NETWORKS = [ipaddress.ip_network("10.0.0.0/8")]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    browse(office["privacy"]).get(reverse("audit"), HTTP_X_FORWARDED_FOR="10.0.0.1, 8.8.8.8")
    assert AuditEntry.objects.get(action="view_audit").network == "outside"


def test_what_the_system_does_comes_from_nowhere(now):
    assert audit(by=None, now=now, action="test", on="household:1").network == ""
