"""Table R-90, line by line, with the scope of each right: own, own location, with a reason, with a confirmation."""

import datetime as dt

import pytest
from django.urls import reverse

from casework.appointments.models import Appointment
from casework.core import encryption
from casework.core.actions import audit
from casework.core.models import AuditEntry, Role
from casework.counsellors.models import Absence, Posting, Team
from casework.households.models import AccessReason
from casework.messaging.models import Message
from tests import make
from tests.cast import BSN, ONE_CAST, debts

pytestmark = ONE_CAST

DESK, COUNSELLOR, SUPERVISOR = Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR
PARTNER, ADMIN, PRIVACY = Role.PARTNER, Role.ADMIN, Role.PRIVACY_OFFICER
REASON, CONFIRM, YES, NO = "reason first", "confirm first", "yes", "no"


@pytest.fixture
def rows(cast):
    """What is not one's own: of a colleague's household, and at another location."""
    charlois = make.location("CHA", name="Vraagwijzer Charlois")
    debts(cast.strange)
    member = cast.strange.members.get()
    member.bsn, member.bsn_fingerprint = "999901000", encryption.fingerprint("999901000")
    member.save()
    strange = make.appointment(household=cast.strange, counsellor=cast.bram, start="2026-11-02 09:30")
    message = Message.objects.get(pk=cast.message.pk)
    message.pk, message.household, message.appointment_key = None, cast.strange, strange.pk
    message._state.adding = True
    message.pk = message._meta.pk.get_default()
    message.save()
    femke = make.counsellor(at=charlois, name="Femke Bos")
    elsewhere = make.appointment(household=cast.free, counsellor=femke, start="2026-11-02 09:30")
    return {"strange": strange, "elsewhere": elsewhere, "message": message, "charlois": charlois, "femke": femke}


def got(response) -> str:
    """The answer in the words of the table."""
    if response.status_code in {403, 404}:
        return NO
    if response.status_code == 302:
        return REASON if "/reden/" in response["Location"] else YES
    return CONFIRM if 'name="place_confirmed"' in response.content.decode() else YES


# Each door of a household: what desk, counsellor and supervisor meet when it is not of their own caseload.
FOREIGN = {
    "household": (YES, REASON, YES),
    "change_contact": (YES, REASON, YES),
    "add_member": (YES, REASON, YES),
    "record_threat": (YES, REASON, YES),
    "debt_file": (NO, REASON, YES),
    "book": (YES, REASON, YES),
}
FOREIGN_APPOINTMENT = {
    "appointment": (YES, REASON, YES),
    "move": (YES, REASON, YES),
    "cancel": (YES, REASON, YES),
    "record_attendance": (YES, REASON, YES),
    "correct_attendance": (YES, REASON, YES),
}


def test_a_everybody_who_helps_finds_a_household_the_desk_not_by_bsn(cast, browse):
    hits = {
        role: browse(cast.users[role]).get(reverse("households"), {"q": BSN}).context["number"]
        for role in (DESK, COUNSELLOR, SUPERVISOR)
    }
    assert hits == {DESK: 0, COUNSELLOR: 1, SUPERVISOR: 1}
    for role in (PARTNER, ADMIN, PRIVACY):
        assert browse(cast.users[role]).get(reverse("households")).status_code == 403


@pytest.mark.parametrize("door", FOREIGN)
def test_b_and_c_a_household_of_a_colleague_opens_after_a_reason(door, cast, rows, browse):
    for place, role in enumerate((DESK, COUNSELLOR, SUPERVISOR)):
        response = browse(cast.users[role]).get(reverse(door, args=[cast.strange.case_number]))
        assert got(response) == FOREIGN[door][place], role


@pytest.mark.parametrize("door", FOREIGN_APPOINTMENT)
def test_b_an_appointment_of_a_colleagues_household_too(door, cast, rows, browse):
    for place, role in enumerate((DESK, COUNSELLOR, SUPERVISOR)):
        response = browse(cast.users[role]).get(reverse(door, args=[rows["strange"].pk]))
        assert got(response) == FOREIGN_APPOINTMENT[door][place], role


def test_b_a_message_and_a_bsn_too(cast, rows, browse):
    client = browse(cast.samira.user)
    message, member = rows["message"], cast.strange.members.get()
    assert got(client.get(reverse("message", args=[message.pk]))) == REASON
    assert got(client.post(reverse("settle_call", args=[message.pk]), {"result": "reached"})) == REASON
    assert got(client.post(reverse("show_bsn", args=[cast.strange.case_number, member.pk]))) == REASON
    assert not AuditEntry.objects.filter(kind="bsn_shown").exists()
    message.refresh_from_db()
    assert message.state == "call"


LOOKS = ("household", "change_contact", "debt_file", "book", "message", "show_bsn")


@pytest.mark.parametrize("door", LOOKS)
def test_b_each_look_has_its_reason_in_its_line(door, cast, rows, browse):
    """R-92: time, user, role, object, reason; no reason where none is asked."""
    member = cast.strange.members.get()
    of = {"message": [rows["message"].pk], "show_bsn": [cast.strange.case_number, member.pk]}
    AccessReason.objects.create(
        user=cast.samira.user, household=cast.strange, valid_on=dt.date(2026, 11, 2), kind="cover"
    )
    for by in (cast.samira.user, cast.users[SUPERVISOR]):
        client = browse(by)
        address = reverse(door, args=of.get(door, [cast.strange.case_number]))
        assert (client.post if door == "show_bsn" else client.get)(address).status_code == 200
    lines = AuditEntry.objects.filter(object_key=f"household:{cast.strange.pk}", kind__in=["viewed", "bsn_shown"])
    assert list(lines.order_by("pk").values_list("role", "reason")) == [(COUNSELLOR, "cover"), (SUPERVISOR, "")]


def test_b_the_reason_leads_back_to_the_page_that_was_asked_for(cast, rows, browse):
    client = browse(cast.samira.user)
    page = reverse("appointment", args=[rows["strange"].pk])
    question = client.get(page)["Location"]
    assert client.post(question, {"kind": "cover"})["Location"] == page
    assert client.get(page).status_code == 200
    line = AuditEntry.objects.get(action="give_access_reason")
    assert (line.object_key, line.reason) == (f"household:{cast.strange.pk}", "cover")


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org/", "javascript:alert(1)", "\\\\example.org"])
def test_b_and_nowhere_else(target, cast, browse):
    question = reverse("access_reason", args=[cast.strange.case_number])
    answer = browse(cast.samira.user).post(f"{question}?next={target}", {"kind": "cover"})
    assert answer["Location"] == reverse("household", args=[cast.strange.case_number])


def test_b_ones_own_appointment_needs_no_reason(cast, browse):
    """R-90e: who covers for a colleague stands in the agenda with it."""
    covering = make.appointment(household=cast.strange, counsellor=cast.samira, start="2026-11-03 09:30")
    assert got(browse(cast.samira.user).get(reverse("appointment", args=[covering.pk]))) == YES


def test_b_who_registers_somebody_goes_on_without_a_question(cast, browse):
    typed = {"given_names": "Ayşe", "surname": "Yıldız", "mobile": "06 12 00 00 01", "language": "nl", "channel": "sms",
             "came_through": "self", "book": "1"}  # fmt: skip
    client = browse(cast.samira.user)
    token = client.get(reverse("register_household")).context["form"]["token"].value()
    answer = client.post(reverse("register_household"), typed | {"token": str(token)})
    assert answer.status_code == 302, answer.context["form"].errors
    assert client.get(answer["Location"]).status_code == 200
    assert AccessReason.objects.get(user=cast.samira.user).kind == "resident"


def test_d_the_desk_confirms_another_location(cast, rows, browse):
    client, row = browse(cast.users[DESK]), rows["elsewhere"]
    page = client.post(reverse("check_in", args=[row.pk]), {"next": "agenda"})
    assert got(page) == CONFIRM
    assert "Vraagwijzer Charlois" in page.content.decode()
    row.refresh_from_db()
    assert row.arrived_at is None
    client.post(reverse("check_in", args=[row.pk]), {"next": "agenda", "place_confirmed": "on"})
    row.refresh_from_db()
    assert row.arrived_at is not None
    assert got(client.post(reverse("undo_check_in", args=[row.pk]))) == CONFIRM
    client.post(reverse("undo_check_in", args=[row.pk]), {"place_confirmed": "on"})
    row.refresh_from_db()
    assert row.arrived_at is None


def test_d_cancelling_elsewhere_asks_first_and_keeps_what_was_typed(cast, rows, browse):
    later = make.appointment(household=cast.free, counsellor=rows["femke"], start="2026-11-12 10:00")
    client, door = browse(cast.users[DESK]), reverse("cancel", args=[later.pk])
    typed = {"who": "resident", "told_date": "2-11-2026", "told_time": "8.45", "told_how": "phone"}
    page = client.post(door, typed)
    assert got(page) == CONFIRM
    assert page.context["form"]["told_time"].value() == "8.45"
    assert client.post(door, typed | {"place_confirmed": "on"}).status_code == 302
    later.refresh_from_db()
    assert later.outcome == "A1"


def test_d_booking_elsewhere_asks_first(cast, rows, browse):
    client = browse(cast.users[DESK])
    address = reverse("book", args=[cast.free.case_number]) + "?kind=EG&location=CHA"
    page = client.get(address)
    slot = page.context["slots"][0]["slot"].key
    typed = {"token": str(page.context["form"]["token"].value()), "slot": slot, "note": "trap"}
    answer = client.post(address, typed)
    assert got(answer) == CONFIRM
    assert not Appointment.objects.filter(note="trap").exists()
    assert client.post(address, typed | {"place_confirmed": "on"}).status_code == 302
    assert Appointment.objects.get(note="trap").location == rows["charlois"]


def test_d_at_its_own_location_nothing_is_asked_and_others_are_never_asked(cast, rows, browse):
    for role, row in ((DESK, cast.appointment), (SUPERVISOR, rows["strange"]), (COUNSELLOR, rows["elsewhere"])):
        assert got(browse(cast.users[role]).post(reverse("check_in", args=[row.pk]))) == YES
        row.refresh_from_db()
        assert row.arrived_at is not None, role


def test_e_attendance_at_the_own_location_or_of_own_appointments(cast, rows, browse):
    """The others find no outcome to choose; tests/appointments/test_attendance.py asks the action itself."""
    possible = {
        (role, name): bool(
            browse(cast.users[role]).get(reverse("record_attendance", args=[row.pk])).context["outcomes"]
        )
        for role in (DESK, SUPERVISOR)
        for name, row in rows.items()
        if isinstance(row, Appointment)
    }
    assert possible == {
        (DESK, "strange"): True, (DESK, "elsewhere"): False, (SUPERVISOR, "strange"): True,
        (SUPERVISOR, "elsewhere"): True,
    }  # fmt: skip


def test_h_only_a_supervisor_gives_a_household_away(cast, browse):
    for role in (DESK, COUNSELLOR):
        door = reverse("allocate_household", args=[cast.free.case_number])
        assert browse(cast.users[role]).post(door, {"owner": cast.samira.pk}).status_code == 403


def test_i_the_desk_sees_numbers_of_its_own_day_and_location_only(cast, rows, browse):
    page = browse(cast.users[DESK]).get(reverse("today"))
    assert page.context["counts"]["all"] == 2
    Appointment.objects.filter(pk=cast.appointment.pk).update(arrived_at=cast.appointment.starts_at)
    assert browse(cast.users[DESK]).get(reverse("today")).context["counts"]["arrived"] == 1
    assert browse(cast.users[DESK]).get(reverse("figures")).status_code == 403


def test_i_a_counsellor_sees_own_figures_only(cast, browse):
    form = browse(cast.samira.user).get(reverse("figures"), {"counsellor": cast.bram.pk}).context["filter_form"]
    assert form.scope().counsellor_id == cast.samira.pk


def test_j_rows_with_names_leave_through_a_supervisor_with_a_purpose_only(cast, browse):
    list_, copy = reverse("figure_list", args=["m1"]), make.data_request(cast.own)
    doors = (f"{list_}?format=csv", reverse("export_inspection", args=[copy.pk]))
    for role in (DESK, COUNSELLOR, PARTNER, ADMIN, PRIVACY):
        assert [browse(cast.users[role]).post(door, {"purpose": "Controle"}).status_code for door in doors] == [
            403,
            403,
        ]
    assert not AuditEntry.objects.filter(kind="exported").exists()
    for door in doors:
        assert browse(cast.users[SUPERVISOR]).post(door)["Content-Type"].startswith("text/html")
        assert "attachment" in browse(cast.users[SUPERVISOR]).post(door, {"purpose": "Controle"})["Content-Disposition"]
    lines = AuditEntry.objects.filter(kind="exported").order_by("pk")
    assert list(lines.values_list("action", "reason")) == [
        ("export_figure_list", "Controle"), ("export_inspection", "Controle")
    ]  # fmt: skip


def test_k_figures_without_names_leave_through_supervisor_and_privacy_officer(cast, browse):
    door = reverse("figure_no_show") + "?format=csv"
    got = {role: browse(cast.users[role]).get(door).status_code for role in Role}
    assert {role for role, status in got.items() if status == 200} == {SUPERVISOR, PRIVACY}
    assert AuditEntry.objects.filter(kind="exported", action="export_figure").count() == 2


def test_m_the_audit_is_for_the_privacy_officer_and_for_a_supervisor_of_the_own_team(cast, rows, browse):
    """No searches for a supervisor, and nothing of another team."""
    now = make.moment("2026-11-02 09:00")
    own = audit(by=cast.samira.user, now=now, action="view_household", on=cast.own, kind="viewed")
    typed = audit(by=cast.samira.user, now=now, action="search", on="household:*", kind="searched", reason="Ndiaye")
    other = audit(by=rows["femke"].user, now=now, action="view_household", on=cast.own, kind="viewed")
    seen = {}
    for role in Role:
        answer = browse(cast.users[role]).get(reverse("audit"))
        lines = answer.context["lines"] if answer.status_code == 200 else []
        seen[role] = {one.entry.pk for one in lines} & {own.pk, typed.pk, other.pk}
    assert seen == {role: set() for role in Role} | {SUPERVISOR: {own.pk}, PRIVACY: {own.pk, typed.pk, other.pk}}


ABSENCE = {"first_date": "9-11-2026", "first_time": "9.00", "last_date": "9-11-2026", "last_time": "17.00",
           "kind": "ziek", "note": ""}  # fmt: skip


def test_l_a_supervisor_keeps_absences_of_their_own_team(cast, rows, browse):
    client, door = browse(cast.users[SUPERVISOR]), reverse("team_absences")
    assert client.post(door, ABSENCE | {"counsellor": cast.bram.pk}).status_code == 302
    made = Absence.objects.get(counsellor=cast.bram)
    assert made.period.lower == make.moment("2026-11-09 09:00")
    assert client.post(door, ABSENCE | {"counsellor": cast.bram.pk}).status_code == 302
    assert Absence.objects.filter(counsellor=cast.bram).count() == 1
    client.post(reverse("remove_absence", args=[made.pk]))
    assert not Absence.objects.filter(counsellor=cast.bram).exists()
    actions = AuditEntry.objects.filter(object_key=f"absence:{made.pk}").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["add_absence", "remove_absence"]


def test_l_what_an_absence_hits_is_seen_first(cast, rows, browse):
    """S25: nothing is saved until the supervisor saw how many appointments have to be re-planned."""
    make.appointment(household=make.household(), counsellor=cast.bram, start="2026-11-09 10:00")
    client, door = browse(cast.users[SUPERVISOR]), reverse("team_absences")
    sent = ABSENCE | {"counsellor": cast.bram.pk}
    page = client.post(door, sent)
    assert (page.status_code, len(page.context["effect"].hit)) == (200, 1)
    assert not Absence.objects.filter(counsellor=cast.bram).exists()
    assert client.post(door, sent | {"effect": page.context["effect"].mark}).status_code == 302
    assert Absence.objects.filter(counsellor=cast.bram).exists()


def test_l_and_of_no_other_team(cast, rows, browse):
    client, door = browse(cast.users[SUPERVISOR]), reverse("team_absences")
    page = client.post(door, ABSENCE | {"counsellor": rows["femke"].pk})
    assert "counsellor" in page.context["form"].errors
    other = make.absence(rows["femke"], "2026-11-09 09:00", "2026-11-09 17:00")
    assert client.post(reverse("remove_absence", args=[other.pk])).status_code == 404
    Posting.objects.filter(user=cast.users[SUPERVISOR]).update(team=Team.objects.create(name="Leeg"))
    assert client.post(reverse("remove_absence", args=[cast.absence.pk])).status_code == 404
    Posting.objects.filter(user=cast.users[SUPERVISOR]).update(team=None)
    assert "niet in een team" in client.get(door).content.decode()
    assert client.post(door, ABSENCE | {"counsellor": cast.bram.pk}).status_code == 200
    assert Absence.objects.count() == 2


@pytest.mark.parametrize("wrong", [{"last_date": "8-11-2026"}, {"first_time": "25.99"}, {"kind": "x"}, {"counsellor": "\x00"},
                                   {"first_date": "29-3-2026", "first_time": "2.30"}, {"note": "x" * 141}])  # fmt: skip
def test_l_a_wrong_absence_is_said_and_kept(wrong, cast, browse):
    page = browse(cast.users[SUPERVISOR]).post(reverse("team_absences"), ABSENCE | {"counsellor": cast.bram.pk} | wrong)
    assert page.status_code == 200
    assert page.context["form"].errors
    assert Absence.objects.count() == 1
