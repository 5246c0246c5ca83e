"""Every screen of ETF, who sees it, and where. A new address that is not named here fails `test_screens`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from casework.core.models import Role
from tests.stories.town import Town

DESK, COUNSELLOR, SUPERVISOR = Role.DESK, Role.COUNSELLOR, Role.SUPERVISOR
STAFF = (DESK, COUNSELLOR, SUPERVISOR)
ALL_HOUSEHOLDS = (DESK, SUPERVISOR)
FIGURES = (COUNSELLOR, SUPERVISOR)
AUDITORS = (SUPERVISOR, Role.PRIVACY_OFFICER)
NOBODY = ("",)  # not logged in


@dataclass(frozen=True)
class Screen:
    """One address as some roles see it; `about` names the row of the town that it is about."""

    name: str
    roles: tuple[str, ...]
    about: Callable[[Town], list] = lambda town: []
    query: str | Callable[[Town], str] = ""

    def address(self, town: Town) -> str:
        query = self.query(town) if callable(self.query) else self.query
        return reverse(self.name, args=self.about(town)) + query


def _household(town: Town) -> list:
    return [town["household"].case_number]


def _appointment(name: str) -> Callable[[Town], list]:
    return lambda town: [town[name].pk]


def _around(name: str) -> Callable[[Town], list]:
    return lambda town: [*_household(town), town["around"][name].pk]


def _tomorrow_at_eleven(town: Town) -> str:
    return f"20261103T1000Z.{town.samira.pk}.{town.feijenoord.pk}"


def _several(town: Town) -> str:
    return "?" + "&".join(f"appointment={town[name].pk}" for name in ("unrecorded", "arrived", "appeared"))


SCREENS = [
    Screen("account_login", NOBODY),
    Screen("account_login", NOBODY, query="?next=/agenda/"),
    Screen("account_reset_password", NOBODY),
    Screen("account_signup", NOBODY),
    Screen("account_inactive", NOBODY),
    Screen("self_cancel", NOBODY, lambda town: [town["code"].token]),
    Screen("account_logout", (DESK,)),
    Screen("account_reauthenticate", (DESK,)),
    Screen("account_login", NOBODY, query="?next=/agenda/&ended=concept"),
    Screen("profile", tuple(Role)),
    Screen("help", tuple(Role)),
    Screen("help", (DESK,), query="?q=melden"),
    Screen("help", (DESK,), query="?q=olifant"),
    Screen("today", (*STAFF, Role.PRIVACY_OFFICER)),
    Screen("arrival", STAFF),
    Screen("arrival", (SUPERVISOR,), query="?location=CHA"),
    Screen("agenda", STAFF),
    Screen("agenda", STAFF, query="?span=week&date=05-11-2026"),
    Screen("agenda", STAFF, query="?weergave=lijst"),
    Screen("calendar_feed", (COUNSELLOR,)),
    Screen("forecast", (SUPERVISOR,)),
    Screen("forecast", (SUPERVISOR,), query="?week=16-11-2026"),
    Screen("agenda_time", (DESK,), query=lambda town: f"?slot={_tomorrow_at_eleven(town)}"),
    Screen("agenda_time", (DESK,), query=lambda town: f"?slot={_tomorrow_at_eleven(town)}&q=onbestaand"),
    Screen("unrecorded", STAFF),
    Screen("follow_ups", STAFF),
    Screen("follow_ups", STAFF, query="?talk=later&location="),
    Screen("follow_up_letter", STAFF, _appointment("follow_up")),
    Screen("end_follow_up", STAFF, _appointment("follow_up")),
    Screen("waiting_list", STAFF),
    Screen("waiting_list", (DESK,), query=lambda town: f"?slot={_tomorrow_at_eleven(town)}&end=20261103T1100Z"),
    Screen("wait_for_earlier", STAFF, _household),
    Screen("replan", STAFF),
    Screen("replan", (SUPERVISOR,), query="?location=FEI"),
    Screen("households", STAFF),
    Screen("households", STAFF, query="?q=vandaag"),
    Screen("households", FIGURES, query="?contact=silent&sort=contact"),
    Screen("households", STAFF, query="?q=onbestaand&owner=x"),
    Screen("register_household", STAFF),
    Screen("household", STAFF, _household),
    Screen("household", STAFF, lambda town: [town["closed"].case_number]),
    Screen("board", (SUPERVISOR,)),
    Screen("board", (SUPERVISOR,), query="?location="),
    Screen("board", (SUPERVISOR,), query="?names=1"),
    Screen("reopen_household", STAFF, lambda town: [town["closed"].case_number]),
    Screen("household", (DESK,), lambda town: [town["fresh"].case_number]),
    Screen("team_absences", (SUPERVISOR,)),
    Screen("access_reason", (COUNSELLOR,), lambda town: [town["stranger"].case_number]),
    Screen("change_contact", STAFF, _household),
    Screen("add_member", STAFF, _household),
    Screen("record_threat", STAFF, _household),
    Screen("household", (COUNSELLOR,), _household, "?kind=notes"),
    Screen("change_member", STAFF, lambda town: [*_household(town), town["member"].pk]),
    Screen("add_consent", STAFF, _household),
    Screen("add_agreement", FIGURES, _household),
    Screen("add_life_event", FIGURES, _household),
    Screen("change_life_event", FIGURES, _around("life_event")),
    Screen("add_helper", FIGURES, _household),
    Screen("change_helper", FIGURES, _around("helper")),
    Screen("add_programme", FIGURES, _household),
    Screen("change_programme", FIGURES, _around("programme")),
    Screen("add_note", FIGURES, _household),
    Screen("add_contact_attempt", STAFF, _household),
    Screen("tasks", STAFF),
    Screen("tasks", (DESK,), query="?whose=all&state=done"),
    Screen("add_task", STAFF, _household),
    Screen("change_task", FIGURES, _around("task")),
    Screen("close_household", FIGURES, _household),
    Screen("allocate_household", (SUPERVISOR,), lambda town: [town["fresh"].case_number]),
    Screen("debt_file", FIGURES, _household),
    Screen("debt_file", (COUNSELLOR,), _household, "?added=1"),
    Screen("start_debt_file", FIGURES, _household),
    Screen("change_debt", FIGURES, lambda town: [*_household(town), town["debt"].pk]),
    Screen("debt_file", (SUPERVISOR,), lambda town: [town["fresh"].case_number]),
    Screen("book", STAFF, _household),
    Screen("book", STAFF, _household, "?kind=VG&day=2026-11-04"),
    Screen("book", STAFF, _household, "?kind=VG&day=2026-11-07"),
    Screen("appointment", STAFF, _appointment("booked")),
    Screen("appointment", STAFF, _appointment("missed")),
    Screen("move", STAFF, _appointment("booked")),
    Screen("cancel", STAFF, _appointment("booked")),
    Screen("change_company", STAFF, _appointment("booked")),
    Screen("book", STAFF, _household, "?kind=TG&day=2026-11-04"),
    Screen("book", (DESK,), _household, "?walk_in=1&kind=VG"),
    Screen("record_attendance", STAFF, _appointment("arrived")),
    Screen("record_attendance", (COUNSELLOR,), _appointment("by_phone")),
    Screen("record_attendance", (COUNSELLOR,), _appointment("appeared")),
    Screen("record_several", STAFF, query=_several),
    Screen("correct_attendance", STAFF, _appointment("appeared")),
    Screen("correct_attendance", STAFF, _appointment("long_ago")),
    Screen("appointment", STAFF, _appointment("disputed")),
    Screen("decide_correction", (SUPERVISOR,), lambda town: [town["correction"].pk]),
    Screen("outbox", STAFF),
    Screen("outbox", STAFF, query="?state=failed"),
    Screen("message", STAFF, lambda town: [town["message"].pk]),
    Screen("call_list", STAFF),
    Screen("letters", ALL_HOUSEHOLDS),
    Screen("letters", (SUPERVISOR,), query="?location=CHA"),
    Screen("letter_batch", ALL_HOUSEHOLDS, lambda town: [town["stack"].pk]),
    Screen("letter_batch", (SUPERVISOR,), lambda town: [town["posted"].pk]),
    Screen("received", STAFF, lambda town: [town["received"].pk]),
    Screen("received", STAFF, lambda town: [town["from_nobody"].pk]),
    Screen("figures", FIGURES),
    Screen("figure_no_show", FIGURES),
    Screen("figure_no_show", (SUPERVISOR,), query="?first=01-01-2020&last=31-01-2020"),
    Screen("figure_show_up", FIGURES),
    Screen("figure_unrecorded", FIGURES),
    Screen("returned", FIGURES),
    Screen("returned", (SUPERVISOR,), query="?first=01-01-2020&last=31-01-2020"),
    Screen("figure_messages", FIGURES),
    Screen("figure_messages", (SUPERVISOR,), query="?first=01-01-2020&last=31-01-2020"),
    Screen("figure_list", FIGURES, lambda town: ["m1"]),
    Screen("figure_list", FIGURES, lambda town: ["m2"], "?which=denominator"),
    Screen("figure_list", (SUPERVISOR,), lambda town: ["m1"], "?format=csv"),
    Screen("audit", AUDITORS),
    Screen("audit", AUDITORS, query="?kind=exported&first=1-1-2020&last=2-1-2020"),
    Screen("audit", AUDITORS, query="?first=1-1-2020"),
    Screen("audit_line", AUDITORS, lambda town: [town["line"].pk]),
    Screen("odd_looks", AUDITORS),
    Screen("export_audit", AUDITORS),
    Screen("who_looked", AUDITORS, _household),
    Screen("data_requests", AUDITORS),
    Screen("answer_data_request", AUDITORS, lambda town: [town["request"].pk]),
    Screen("answer_data_request", AUDITORS, lambda town: [town["answered"].pk]),
    Screen("export_inspection", (SUPERVISOR,), lambda town: [town["request"].pk]),
    Screen("add_data_request", STAFF, _household),
    Screen("retention", (SUPERVISOR, Role.PRIVACY_OFFICER)),
    Screen("legal_hold", (SUPERVISOR, Role.PRIVACY_OFFICER), _household),
    Screen("inbox", (Role.PARTNER,)),
]

# Addresses that only do something and send back to a screen, answer a machine, or download.
DOORS = {
    "healthz", "readyz", "pumpz", "headlines", "undo_attendance", "log_follow_up_call", "set_language", "check_in", "undo_check_in", "log_phone_attempt", "settle_call", "show_bsn",
    "keep_session", "keep_concept", "drop_concept", "end_other_sessions", "mfa_index", "mfa_login_webauthn",
    "openid_connect_login", "openid_connect_callback", "lift_legal_hold", "read_feed", "end_threat", "withdraw_agreement",
    "remove_absence", "find", "look_alike", "settle_task", "reopen_task", "settle_received", "reply", "notify_receipt", "notify_received", "mail_receipt", "mail_received",
    "book_series", "end_waiting", "report_no_room", "print_letters", "letters_document", "post_letters", "print_again",
}  # fmt: skip

# Transfers and merges: `test_transfer_and_merge` walks through them, with the same checks.
STEPS_OF_A_DECISION = {"transfer", "to_approve", "merge", "decide_merge", "undo_merge", "decline_transfer"}

# Screens that exist only halfway a login or a change of it; `test_login` walks through them, with the same checks.
STEPS_OF_LOGIN = {
    "mfa_authenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_activate_totp",
    "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
}  # fmt: skip

# What an administrator changes. Screens of Django's own admin: list, new, change, history.
SETTINGS = (
    "casework_location", "casework_area", "casework_calendarday", "casework_appointmenttype", "casework_team",
    "casework_counsellor", "casework_posting", "casework_missedreason", "casework_retentionterm", "casework_thresholdvalue",
    "casework_messagetext", "casework_forbiddenword", "casework_wordingtrial", "casework_remindermoments", "casework_user", "partners_organisation", "partners_membership",
)  # fmt: skip
SETTINGS_SCREENS = ("changelist", "add", "change", "history")
SETTINGS_DOORS = {"login", "logout", "autocomplete", "jsi18n", "view_on_site", "app_list"}
SETTINGS_OTHER = ("index", "password_change", "password_change_done")
