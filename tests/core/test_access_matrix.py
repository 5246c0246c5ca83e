"""Every address and every role: who comes in, who is refused, who must log in first (R-90, R-93).

The table below is written by hand from R-90; a new address that is not in it fails.
"""

import pytest
from django.urls import URLResolver, get_resolver, reverse

from casework.appointments.models import FollowUp
from casework.core.access import Right
from casework.core.actions import audit
from casework.core.models import AuditEntry, Role
from casework.messaging.models import LetterBatch
from tests import make
from tests.cast import ONE_CAST

pytestmark = ONE_CAST

# Columns: anonymous, desk, counsellor (own household), supervisor, partner, administrator, privacy officer.
# LOG is the login page; a number is the status of the answer; 302 is any other page.
ROLES = ("", Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR, Role.PARTNER, Role.ADMIN, Role.PRIVACY_OFFICER)
LOG = "login"
TABLE = {
    # Everybody, also without login
    "healthz": (200, 200, 200, 200, 200, 200, 200),
    "readyz": (200, 200, 200, 200, 200, 200, 200),
    "pumpz": (200, 200, 200, 200, 200, 200, 200),
    "set_language": (302, 302, 302, 302, 302, 302, 302),
    "account_login": (200, 302, 302, 302, 302, 302, 302),
    "account_logout": (302, 200, 200, 200, 200, 200, 200),
    "account_signup": (200, 302, 302, 302, 302, 302, 302),
    "account_inactive": (200, 200, 200, 200, 200, 200, 200),
    "account_reset_password": (200, 200, 200, 200, 200, 200, 200),
    "mfa_authenticate": (302, 302, 302, 302, 302, 302, 302),
    "mfa_login_webauthn": (302, 302, 302, 302, 302, 302, 302),
    # Only where a provider is set; tests/core/test_login_organisation.py
    "openid_connect_login": (404, 404, 404, 404, 404, 404, 404),
    "openid_connect_callback": (404, 404, 404, 404, 404, 404, 404),
    # Everybody with a login
    "profile": (LOG, 200, 200, 200, 200, 200, 200),
    "help": (LOG, 200, 200, 200, 200, 200, 200),
    "today": (LOG, 200, 200, 200, 302, 302, 200),
    # One's own login (S28). Without a login just behind them these ask for the password first.
    "account_reauthenticate": (LOG, 200, 200, 200, 200, 200, 200),
    "mfa_reauthenticate": (LOG, 302, 302, 302, 302, 302, 302),
    "mfa_reauthenticate_webauthn": (LOG, 302, 302, 302, 302, 302, 302),
    "mfa_index": (LOG, 302, 302, 302, 302, 302, 302),
    "mfa_activate_totp": (LOG, 302, 302, 302, 302, 302, 302),
    "mfa_deactivate_totp": (LOG, 404, 404, 404, 404, 404, 404),
    "mfa_add_webauthn": (LOG, 302, 302, 302, 302, 302, 302),
    "mfa_remove_webauthn": (LOG, 302, 302, 302, 302, 302, 302),
    "mfa_view_recovery_codes": (LOG, 404, 404, 404, 404, 404, 404),
    "mfa_generate_recovery_codes": (LOG, 302, 302, 302, 302, 302, 302),
    "end_other_sessions": (LOG, 302, 302, 302, 302, 302, 302),
    "keep_session": (LOG, 204, 204, 204, 204, 204, 204),
    "keep_concept": (LOG, 204, 204, 204, 204, 204, 204),
    "drop_concept": (LOG, 302, 302, 302, 302, 302, 302),
    # Households (R-90a, b)
    "find": (LOG, 200, 200, 200, 403, 403, 403),
    "households": (LOG, 200, 200, 200, 403, 403, 403),
    "register_household": (LOG, 200, 200, 200, 403, 403, 403),
    "look_alike": (LOG, 200, 200, 200, 403, 403, 403),
    # Somebody who comes back: the household of the cast is open, so back to it
    "board": (LOG, 403, 403, 200, 403, 403, 403),
    "reopen_household": (LOG, 302, 302, 302, 403, 403, 403),
    "household": (LOG, 200, 200, 200, 403, 403, 403),
    "change_contact": (LOG, 200, 200, 200, 403, 403, 403),
    "add_member": (LOG, 200, 200, 200, 403, 403, 403),
    "record_threat": (LOG, 200, 200, 200, 403, 403, 403),
    "change_member": (LOG, 200, 200, 200, 403, 403, 403),
    "end_threat": (LOG, 302, 302, 302, 403, 403, 403),
    "add_consent": (LOG, 200, 200, 200, 403, 403, 403),
    # What stands around a household is not for the desk (S07).
    "add_agreement": (LOG, 403, 200, 200, 403, 403, 403),
    "withdraw_agreement": (LOG, 403, 302, 302, 403, 403, 403),
    "add_life_event": (LOG, 403, 200, 200, 403, 403, 403),
    "change_life_event": (LOG, 403, 200, 200, 403, 403, 403),
    "add_helper": (LOG, 403, 200, 200, 403, 403, 403),
    "change_helper": (LOG, 403, 200, 200, 403, 403, 403),
    "add_programme": (LOG, 403, 200, 200, 403, 403, 403),
    "change_programme": (LOG, 403, 200, 200, 403, 403, 403),
    "add_contact_attempt": (LOG, 200, 200, 200, 403, 403, 403),
    "tasks": (LOG, 200, 200, 200, 403, 403, 403),
    "add_task": (LOG, 200, 200, 200, 403, 403, 403),
    # Of a counsellor: not there for the desk.
    "change_task": (LOG, 404, 200, 200, 403, 403, 403),
    "settle_task": (LOG, 404, 302, 302, 403, 403, 403),
    "reopen_task": (LOG, 404, 302, 302, 403, 403, 403),
    # Counsellors close their own households, supervisors all (decision 0036).
    "close_household": (LOG, 403, 200, 200, 403, 403, 403),
    "add_note": (LOG, 403, 200, 200, 403, 403, 403),
    "allocate_household": (LOG, 403, 403, 200, 403, 403, 403),
    # Transfer and what waits for the supervisor (R-60, R-90h)
    "transfer": (LOG, 403, 200, 200, 403, 403, 403),
    "to_approve": (LOG, 403, 403, 200, 403, 403, 403),
    "merge": (LOG, 403, 200, 200, 403, 403, 403),
    "decide_merge": (LOG, 403, 403, 200, 403, 403, 403),
    "undo_merge": (LOG, 403, 403, 302, 403, 403, 403),
    # After 14 days
    "decide_correction": (LOG, 403, 403, 200, 403, 403, 403),
    "decline_transfer": (LOG, 403, 403, 302, 403, 403, 403),
    # Whoever needs no reason is sent on to the household.
    "access_reason": (LOG, 302, 302, 302, 403, 403, 403),
    "show_bsn": (LOG, 403, 200, 200, 403, 403, 403),
    # Debt file (R-90c)
    "debt_file": (LOG, 403, 200, 200, 403, 403, 403),
    "start_debt_file": (LOG, 403, 200, 200, 403, 403, 403),
    "change_debt": (LOG, 403, 200, 200, 403, 403, 403),
    # Appointments (R-90d, e)
    "arrival": (LOG, 200, 200, 200, 403, 403, 403),
    "agenda": (LOG, 200, 200, 200, 403, 403, 403),
    "forecast": (LOG, 403, 403, 200, 403, 403, 403),
    # The own calendar is a counsellor's; a program reads it with a secret instead of a login.
    "calendar_feed": (LOG, 403, 200, 403, 403, 403, 403),
    "read_feed": (404, 404, 404, 404, 404, 404, 404),
    # Whoever has the address; the one of the cast has none (tests/appointments/test_self_cancel.py).
    "self_cancel": (404, 404, 404, 404, 404, 404, 404),
    # Without a time there is nothing to choose for.
    "agenda_time": (LOG, 404, 404, 404, 403, 403, 403),
    "book": (LOG, 200, 200, 200, 403, 403, 403),
    "book_series": (LOG, 200, 200, 200, 403, 403, 403),
    "wait_for_earlier": (LOG, 200, 200, 200, 403, 403, 403),
    "waiting_list": (LOG, 200, 200, 200, 403, 403, 403),
    "end_waiting": (LOG, 302, 302, 302, 403, 403, 403),
    "report_no_room": (LOG, 302, 302, 302, 403, 403, 403),
    "replan": (LOG, 200, 200, 200, 403, 403, 403),
    "appointment": (LOG, 200, 200, 200, 403, 403, 403),
    "move": (LOG, 200, 200, 200, 403, 403, 403),
    "cancel": (LOG, 200, 200, 200, 403, 403, 403),
    "change_company": (LOG, 200, 200, 200, 403, 403, 403),
    "check_in": (LOG, 302, 302, 302, 403, 403, 403),
    "undo_check_in": (LOG, 302, 302, 302, 403, 403, 403),
    "unrecorded": (LOG, 200, 200, 200, 403, 403, 403),
    # Without rows there is nothing to record.
    "record_several": (LOG, 302, 302, 302, 403, 403, 403),
    "undo_attendance": (LOG, 302, 302, 302, 403, 403, 403),
    "record_attendance": (LOG, 200, 200, 200, 403, 403, 403),
    "log_phone_attempt": (LOG, 302, 302, 302, 403, 403, 403),
    # Whom we missed
    "follow_ups": (LOG, 200, 200, 200, 403, 403, 403),
    "log_follow_up_call": (LOG, 302, 302, 302, 403, 403, 403),
    "follow_up_letter": (LOG, 200, 200, 200, 403, 403, 403),
    "end_follow_up": (LOG, 200, 200, 200, 403, 403, 403),
    "correct_attendance": (LOG, 200, 200, 200, 403, 403, 403),
    # Messages
    "outbox": (LOG, 200, 200, 200, 403, 403, 403),
    "message": (LOG, 200, 200, 200, 403, 403, 403),
    "call_list": (LOG, 200, 200, 200, 403, 403, 403),
    "settle_call": (LOG, 302, 302, 302, 403, 403, 403),
    # What a resident sent back
    "received": (LOG, 200, 200, 200, 403, 403, 403),
    "reply": (LOG, 302, 302, 302, 403, 403, 403),
    "settle_received": (LOG, 302, 302, 302, 403, 403, 403),
    # A provider calls back with its token, not with a login; tests/messaging/test_callbacks.py
    "notify_receipt": (403, 403, 403, 403, 403, 403, 403),
    "notify_received": (403, 403, 403, 403, 403, 403, 403),
    "mail_receipt": (403, 403, 403, 403, 403, 403, 403),
    "mail_received": (403, 403, 403, 403, 403, 403, 403),
    # Figures (R-90i); the aggregated export of the privacy officer is tried apart.
    "figures": (LOG, 403, 200, 200, 403, 403, 403),
    "figure_no_show": (LOG, 403, 200, 200, 403, 403, 403),
    "figure_messages": (LOG, 403, 200, 200, 403, 403, 403),
    "figure_show_up": (LOG, 403, 200, 200, 403, 403, 403),
    "figure_unrecorded": (LOG, 403, 200, 200, 403, 403, 403),
    "headlines": (LOG, 403, 200, 200, 403, 403, 403),
    "returned": (LOG, 403, 200, 200, 403, 403, 403),
    "figure_list": (LOG, 403, 200, 200, 403, 403, 403),
    # The audit trail (R-90m), and what residents ask about their own data
    "audit": (LOG, 403, 403, 200, 403, 403, 200),
    "audit_line": (LOG, 403, 403, 200, 403, 403, 200),
    "odd_looks": (LOG, 403, 403, 200, 403, 403, 200),
    "export_audit": (LOG, 403, 403, 200, 403, 403, 200),
    "who_looked": (LOG, 403, 403, 200, 403, 403, 200),
    "add_data_request": (LOG, 200, 200, 200, 403, 403, 403),
    "data_requests": (LOG, 403, 403, 200, 403, 403, 200),
    "answer_data_request": (LOG, 403, 403, 200, 403, 403, 200),
    # Rows with names leave through a supervisor only (R-90j).
    "export_inspection": (LOG, 403, 403, 200, 403, 403, 403),
    # Retention: whoever looks after the archive, without names
    "retention": (LOG, 403, 403, 200, 403, 403, 200),
    "legal_hold": (LOG, 403, 403, 200, 403, 403, 200),
    "lift_legal_hold": (LOG, 403, 403, 302, 403, 403, 302),
    # The absences of one's own team (R-90l)
    "team_absences": (LOG, 403, 403, 200, 403, 403, 403),
    "remove_absence": (LOG, 403, 403, 302, 403, 403, 403),
    # Letters on paper: those who may open every household (decision 0063)
    "letters": (LOG, 200, 403, 200, 403, 403, 403),
    "print_letters": (LOG, 302, 403, 302, 403, 403, 403),
    "letter_batch": (LOG, 200, 403, 200, 403, 403, 403),
    "letters_document": (LOG, 200, 403, 200, 403, 403, 403),
    "post_letters": (LOG, 302, 403, 302, 403, 403, 403),
    "print_again": (LOG, 302, 403, 302, 403, 403, 403),
    # Partners (R-90g, R-72)
    "inbox": (LOG, 403, 403, 403, 200, 403, 403),
}
POSTED = {
    "look_alike", "undo_attendance", "log_follow_up_call", "book_series", "end_waiting", "report_no_room",
    "set_language", "show_bsn", "check_in", "undo_check_in", "log_phone_attempt", "settle_call", "end_other_sessions",
    "keep_session", "drop_concept", "lift_legal_hold", "decline_transfer", "undo_merge", "remove_absence", "end_threat", "withdraw_agreement",
    "settle_task", "reopen_task", "settle_received", "notify_receipt", "notify_received",
    "mail_receipt", "mail_received", "print_letters", "post_letters", "print_again",
}  # fmt: skip
OF_HOUSEHOLDS = sorted(name for name, row in TABLE.items() if row[0] == LOG and row[4:] == (403, 403, 403))


def arguments(name: str, cast) -> list:
    """What an address is about, from the names of its arguments."""
    known = {"case_number": cast.own.case_number, "code": "m1", "token": "none"}
    if name == "end_waiting":
        return [cast.waiting.pk]
    of_door = {
        "show_bsn": cast.member.pk, "message": cast.message.pk, "settle_call": cast.message.pk,
        "correct_attendance": cast.recorded.pk, "decline_transfer": cast.proposal.pk, "decide_merge": cast.merge.pk, "undo_merge": cast.merge.pk, "decide_correction": cast.correction.pk, "change_member":
        cast.member.pk, "remove_absence": cast.absence.pk, "change_debt": cast.file.debts.first().pk,
    }  # fmt: skip
    around = {
        "end_threat": "threats", "withdraw_agreement": "agreements", "change_life_event": "life_events",
        "change_helper": "helpers", "change_programme": "programmes", "change_task": "tasks", "settle_task": "tasks", "reopen_task": "tasks",
    }  # fmt: skip
    if name in around:
        rows = getattr(cast.own, around[name])
        if not rows.exists():
            make.around(cast.own)
        of_door[name] = rows.get().pk
    if name in {"log_follow_up_call", "follow_up_letter", "end_follow_up"}:
        of_door[name] = _follow_up(cast).pk
    if name in {"answer_data_request", "export_inspection"}:
        of_door[name] = (cast.own.data_requests.first() or make.data_request(cast.own)).pk
    if name in {"received", "reply", "settle_received"}:
        row = cast.own.received_texts.first() or make.received(cast.own)
        of_door[name] = row.task_id if name == "reply" else row.pk
    if name in {"letter_batch", "letters_document", "post_letters", "print_again"}:
        of_door[name] = (LetterBatch.objects.first() or make.stack(cast.own, by=cast.users[Role.DESK])).pk
    if name == "audit_line":
        of_door[name] = audit(
            by=cast.samira.user, now=cast.appointment.booked_at, action="view_household", on=cast.own
        ).pk
    known["pk"] = of_door.get(name, cast.appointment.pk)
    return [known[argument] for argument in PATTERNS[name].pattern.converters]


def _follow_up(cast) -> FollowUp:
    missed = {"household": cast.own, "counsellor": cast.samira, "start": "2026-10-29 10:00", "outcome": "N"}
    return FollowUp.objects.first() or make.follow_up(make.appointment(**missed))


def _patterns(resolver) -> dict:
    found = {}
    for one in resolver.url_patterns:
        if not isinstance(one, URLResolver):
            found[one.name] = one
        elif not one.namespace:
            found |= _patterns(one)
    return found


PATTERNS = _patterns(get_resolver())


def test_the_table_names_every_address_and_no_other():
    assert set(TABLE) == set(PATTERNS)
    assert {len(row) for row in TABLE.values()} == {len(ROLES)}


def answer(client, name: str, cast):
    """The status, or LOG for the way to the login page; a page of a healthy door counts as 200."""
    address = reverse(name, args=arguments(name, cast))
    response = client.post(address) if name in POSTED else client.get(address)
    if response.status_code == 302 and response["Location"].startswith(reverse("account_login") + "?"):
        return LOG
    return response.status_code


@pytest.mark.parametrize("name", TABLE)
def test_who_comes_in(name, cast, client, browse):
    got = tuple(answer(browse(cast.users[role]) if role else client, name, cast) for role in ROLES)
    assert got == TABLE[name]


@pytest.mark.parametrize("name", OF_HOUSEHOLDS)
@pytest.mark.parametrize("role", [Role.PARTNER, Role.ADMIN, Role.PRIVACY_OFFICER])
def test_whoever_sees_no_household_hears_nothing_of_it(name, role, cast, browse):
    """The answer is the same for a household that exists and for one that does not: it betrays neither (S29)."""
    client = browse(cast.users[role])
    args = arguments(name, cast)
    there = client.post(reverse(name, args=args)) if name in POSTED else client.get(reverse(name, args=args))
    assert there.status_code == 403
    page = there.content.decode()
    assert "Ndiaye" not in page
    assert cast.own.case_number not in page


@pytest.mark.parametrize("name", [name for name in OF_HOUSEHOLDS if not name.startswith("figure_")])
@pytest.mark.parametrize("role", [Role.PARTNER, Role.ADMIN, Role.PRIVACY_OFFICER])
def test_a_form_sent_by_somebody_without_the_right_changes_nothing(name, role, cast, browse):
    """A hidden button is no protection (R-93)."""
    response = browse(cast.users[role]).post(reverse(name, args=arguments(name, cast)), {"kind": "cover"})
    assert response.status_code == 403
    assert not AuditEntry.objects.exclude(kind="refused").exists()


def test_a_foreign_counsellor_meets_the_question_why_at_each_door_of_a_household(cast, browse):
    """R-91: the reason page stands before everything of a household outside the own caseload."""
    client = browse(cast.bram.user)
    question = reverse("access_reason", args=[cast.own.case_number])
    for name in ("household", "change_contact", "add_member", "record_threat", "debt_file"):
        assert client.get(reverse(name, args=[cast.own.case_number]))["Location"].partition("?")[0] == question, name
    shown = client.post(reverse("show_bsn", args=[cast.own.case_number, cast.member.pk]))
    assert shown["Location"] == question


def test_the_privacy_officer_gets_figures_without_names_only(cast, browse):
    """R-90k, and none of R-90i and j."""
    client = browse(cast.users[Role.PRIVACY_OFFICER])
    assert client.get(reverse("figure_no_show"), {"format": "csv"}).status_code == 200
    assert client.get(reverse("figure_no_show"), {"format": "json"}).status_code == 403
    assert client.get(reverse("figure_list", args=["m1"]), {"format": "csv"}).status_code == 403


@pytest.mark.parametrize("role", [Role.DESK, Role.COUNSELLOR])
def test_rows_with_names_leave_only_through_a_supervisor(role, cast, browse):
    """R-90j."""
    address = reverse("figure_list", args=["m1"])
    assert browse(cast.users[role]).get(address, {"format": "csv"}).status_code == 403
    boss = browse(cast.users[Role.SUPERVISOR])
    assert "Waarvoor heeft u dit nodig?" in boss.get(address, {"format": "csv"}).content.decode()
    assert boss.post(f"{address}?format=csv", {"purpose": "Controle"})["Content-Type"] == "text/csv; charset=utf-8"


# The administration

ADMIN = [
    "admin:index", "admin:login", "admin:password_change", "admin:password_change_done", "admin:jsi18n",
    "admin:autocomplete", *(
        f"admin:{model}_{what}"
        for model in (
            "casework_location", "casework_area", "casework_calendarday", "casework_appointmenttype", "casework_team",
            "casework_missedreason", "casework_counsellor", "casework_posting", "casework_retentionterm",
            "casework_messagetext", "casework_forbiddenword", "casework_wordingtrial", "casework_remindermoments", "casework_thresholdvalue", "casework_user", "partners_organisation", "partners_membership",
        )
        for what in ("changelist", "add")
    ),
]  # fmt: skip


@pytest.mark.parametrize("name", ADMIN)
def test_only_an_administrator_changes_settings(name, cast, client, browse):
    """R-90l. Logged in without the right is 403 there too, and there is no second login page."""
    address = reverse(name)
    assert client.get(address, follow=True).redirect_chain[-1][0].startswith(reverse("account_login") + "?")
    for role in ROLES[1:]:
        if role != Role.ADMIN:
            assert browse(cast.users[role]).get(address).status_code == 403, role
    if name != "admin:autocomplete":
        assert browse(cast.users[Role.ADMIN]).get(address).status_code in {200, 302}


def test_the_administration_shows_nothing_about_residents():
    names = {one.name for one in _namespace("admin") if one.name}
    assert {name for name in names if name.endswith("_changelist")} == {
        name.removeprefix("admin:") for name in ADMIN if name.endswith("_changelist")
    }


def _namespace(name: str) -> list:
    def flat(resolver):
        for one in resolver.url_patterns:
            if isinstance(one, URLResolver):
                yield from flat(one)
            else:
                yield one

    return [pattern for one in get_resolver().url_patterns
            if isinstance(one, URLResolver) and one.namespace == name for pattern in flat(one)]  # fmt: skip


def test_somebody_who_left_comes_in_nowhere(cast, browse):
    """A user who is switched off is logged out at the next request."""
    user = cast.users[Role.SUPERVISOR]
    client = browse(user)
    assert client.get(reverse("today")).status_code == 200
    user.is_active = False
    user.save()
    assert client.get(reverse("today"))["Location"].startswith(reverse("account_login"))
    assert not user.may(Right.FIND_HOUSEHOLDS)
