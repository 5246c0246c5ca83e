"""Which fields are about a person, and how long they stay (R-63; domain.md 7.4). One table for the whole of ETF.

A consistency test fails when a field stands in no row, so whoever adds a field decides this with it.
"""

import enum
from dataclasses import dataclass, field


class Retention(enum.Enum):
    """When the personal fields of a row go; the terms are settings of the retention job."""

    HOUSEHOLD = "with its household: some years after closing, by exit result"
    MESSAGE = "thirteen months after sending; only counts remain"
    AUDIT = "with its audit line; the key of the object stays, personal text goes"
    DAY = "one day: a form that somebody had half filled in"
    STAFF = "as long as this person works here, then as long as something they did is kept"
    ALWAYS = "not about a person: stays"


@dataclass(frozen=True)
class Fields:
    """Of one model: until when, what goes then, and what stays so that figures do not change.

    `year_only`: of these dates the year stays. `instead`: what stands in place of a personal field, where that is not
    nothing. `whole_row`: nothing stays.
    """

    retention: Retention
    personal: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    year_only: frozenset[str] = frozenset()
    instead: dict[str, str] = field(default_factory=dict)
    whole_row: bool = False


def _fields(
    retention: Retention, *, personal: str = "", kept: str = "", year_only: str = "", instead=None, whole_row=False
) -> Fields:
    sets = (frozenset(names.split()) for names in (personal, kept, year_only))
    return Fields(retention, *sets, instead or {}, whole_row)


RETENTION: dict[str, Fields] = {
    "casework.user": _fields(
        Retention.STAFF,
        personal="username password last_login email full_name first_name postcode",
        kept="id role is_superuser is_staff is_active date_joined initials_mode groups user_permissions",
    ),
    "casework.user_groups": _fields(Retention.STAFF, kept="id user group"),
    "casework.user_user_permissions": _fields(Retention.STAFF, kept="id user permission"),
    "casework.auditentry": _fields(
        Retention.AUDIT,
        personal="user_id_at_time username reason details salt",
        kept="id at role kind action object_key transaction network",
    ),
    "casework.auditlink": _fields(Retention.AUDIT, kept="number entry previous personal hash"),
    "casework.concept": _fields(Retention.DAY, personal="page fields", kept="id user saved_at"),
    "casework.area": _fields(Retention.ALWAYS, kept="id name active"),
    "casework.neighbourhood": _fields(Retention.ALWAYS, kept="id area code name"),
    "casework.location": _fields(Retention.ALWAYS, kept="id code name address directions kind area self_cancel active"),
    "casework.openinghours": _fields(Retention.ALWAYS, kept="id location weekday opens closes"),
    "casework.calendarday": _fields(Retention.ALWAYS, kept="id date name working_day closed"),
    "casework.team": _fields(Retention.ALWAYS, kept="id name active"),
    "casework.posting": _fields(Retention.STAFF, kept="id user location team"),
    "casework.counsellor": _fields(
        Retention.STAFF, personal="languages sort_name", kept="id user location team capacity active"
    ),
    "casework.workinghours": _fields(
        Retention.STAFF, kept="id counsellor location weekday starts ends valid_from valid_to"
    ),
    "casework.absence": _fields(Retention.STAFF, personal="kind note", kept="id counsellor period"),
    "casework.calendarfeed": _fields(Retention.STAFF, kept="id counsellor token_hash made_at"),
    "casework.unrecordednotice": _fields(Retention.STAFF, kept="id counsellor on number made_at"),
    "casework.household": _fields(
        Retention.HOUSEHOLD,
        personal=(
            "case_number street house_number addition postcode city mobile dead_mobile phone email dead_email language"
            " interpreter secret_address preferred_phone quiet_from quiet_until shared_phone refused_channels no_voicemail safety"
            " safety_note administrator administrator_kind administrator_name administrator_phone administrator_from"
            " administrator_until display_name sort_name search_name form_token continued_in"
        ),
        kept=(
            "id registered_at location owner came_through channel merged_into legal_hold anonymised_on closed_on exit_reason"
            " version"
        ),
    ),
    "casework.member": _fields(
        Retention.HOUSEHOLD,
        year_only="born",
        instead={"born_known": "year"},
        personal="given_names initials prefix surname born born_known bsn bsn_fingerprint may_be_spoken_to search_surname form_token",
        kept="id household household_closed role gender joined_on left_on version",
    ),
    "casework.threat": _fields(
        Retention.HOUSEHOLD, personal="form_token", kept="id household kind recorded_at happens_on ended_on"
    ),
    # A copy of the names of the household, kept by a trigger: it goes when they go.
    "casework.searchword": _fields(
        Retention.HOUSEHOLD, personal="word sort_name", kept="id household closed", whole_row=True
    ),
    "casework.term": _fields(Retention.HOUSEHOLD, kept="id household kind event_on deadline met_on ended_on"),
    # "Another reason" is never without words.
    "casework.accessreason": _fields(
        Retention.HOUSEHOLD, personal="text", kept="id user household valid_on kind", instead={"text": "–"}
    ),
    "casework.channelconsent": _fields(
        Retention.HOUSEHOLD,
        personal="form_token",
        kept="id household channel agreed source given_on recorded_on recorded_by",
    ),
    "casework.agreement": _fields(
        Retention.HOUSEHOLD,
        personal="member other_name purpose form_token",
        instead={"other_name": "–"},
        kept="id household with_whom fields how agreed_on until recorded_on recorded_by withdrawn_at withdrawn_by",
    ),
    "casework.lifeevent": _fields(
        Retention.HOUSEHOLD,
        personal="kind consequence form_token",
        kept="id household happened_on checked_on checked_by version",
    ),
    "casework.helper": _fields(
        Retention.HOUSEHOLD,
        personal="name organisation role phone form_token",
        kept="id household may_contact until version",
        whole_row=True,
    ),
    "casework.programmelabel": _fields(
        Retention.HOUSEHOLD, personal="form_token", kept="id household programme since until version"
    ),
    "casework.note": _fields(
        Retention.HOUSEHOLD, personal="text form_token", kept="id household at by kind", whole_row=True
    ),
    "casework.task": _fields(
        Retention.HOUSEHOLD,
        personal="text result form_token",
        instead={"text": "–"},
        kept="id household kind move due_on owner role made_at made_by state settled_at settled_by version",
    ),
    "casework.contactattempt": _fields(
        Retention.HOUSEHOLD, personal="form_token", kept="id household at by kind result"
    ),
    "casework.merge": _fields(
        Retention.HOUSEHOLD,
        personal="reason",
        instead={"reason": "–"},
        kept="id surviving absorbed state takes proposed_at proposed_by settled_at settled_by undone_at undone_by",
    ),
    "casework.mergestep": _fields(
        Retention.HOUSEHOLD, personal="before after", kept="id merge model key", whole_row=True
    ),
    "casework.transferproposal": _fields(
        Retention.HOUSEHOLD,
        personal="reason",
        instead={"reason": "–"},
        kept="id household to state proposed_at proposed_by settled_at settled_by",
    ),
    "casework.message": _fields(
        Retention.MESSAGE,
        personal="facts recipient subject text provider_reference error",
        kept=(
            "id household appointment_key kind planned_start due_at expires_at state reason created_at attempts"
            " claimed_at claimed_by first_attempt_at handed_over_at sent_at delivery delivery_at channel language wording batch"
            " trial variant"
        ),
    ),
    "casework.letterbatch": _fields(Retention.ALWAYS, kept="id state made_at made_by settled_at settled_by"),
    "casework.messagetext": _fields(
        Retention.ALWAYS,
        kept=(
            "id kind form language version for_trial subject text written_by written_at approved_by approved_at valid_from"
        ),
    ),
    "casework.wordingtrial": _fields(
        Retention.ALWAYS,
        kept=(
            "id kind language text_a text_b share_b first last written_by written_at approved_by approved_at ended_by ended_from"
        ),
    ),
    "casework.forbiddenword": _fields(Retention.ALWAYS, kept="id language word whole_word"),
    "casework.receivedtext": _fields(
        Retention.MESSAGE,
        personal="provider_id sender text",
        kept="id copy household task received_at noted_at settled_at settled_by",
    ),
    "casework.heartbeat": _fields(Retention.ALWAYS, kept="task at since"),
    "casework.appointmenttype": _fields(
        Retention.ALWAYS, kept="id code name minutes channel first_talk travel_minutes active"
    ),
    "casework.missedreason": _fields(Retention.ALWAYS, kept="id code name name_english place active"),
    "casework.remindermoments": _fields(
        Retention.ALWAYS,
        kept=(
            "id type as_others valid_from added_on number confirmation reminder days_before reminder_at same_day same_day_at"
            " early_before evening_at missed"
        ),
    ),
    "casework.appointment": _fields(
        Retention.HOUSEHOLD,
        personal="note overruled_reason interpreter_language interpreter_agency partner_worker form_token reference",
        kept=(
            "id household counsellor second_counsellor location type starts_at ends_at walk_in travel_minutes"
            " interpreter_booked series booked_at booked_by arrived_at outcome"
            " recorded_at recorded_by reason told_at told_how moved_to version"
        ),
    ),
    # "Declined" is never without words, and no proposal is.
    "casework.correctionproposal": _fields(
        Retention.HOUSEHOLD,
        personal="why answer",
        instead={"why": "–", "answer": "–"},
        kept=(
            "id appointment version was becomes missed_reason told_at state proposed_at proposed_by settled_at settled_by"
        ),
    ),
    # "Not needed" is never without words.
    "casework.followup": _fields(
        Retention.HOUSEHOLD,
        personal="why",
        instead={"why": "–"},
        kept="id appointment state due_on made_at closed_at closed_by came_with version",
    ),
    "casework.waitingentry": _fields(
        Retention.HOUSEHOLD,
        personal="form_token",
        kept="id household type locations half_days until added_at added_by ended_at ended_by end_reason",
    ),
    # Kept by a trigger from the appointment.
    "casework.occupancy": _fields(Retention.HOUSEHOLD, kept="id appointment counsellor during"),
    "casework.cancelcode": _fields(
        Retention.HOUSEHOLD, personal="token code", kept="id appointment starts_at made_at used_at", whole_row=True
    ),
    "casework.phoneattempt": _fields(Retention.HOUSEHOLD, kept="id appointment at by"),
    "casework.debtfile": _fields(
        Retention.HOUSEHOLD,
        personal="description exit_note import_key import_digest",
        kept=(
            "id household clients opened_on municipality_code crisis_at_report granted_on total_at_start"
            " plan_completed_on decision_kind decided_on solution_kind solution_start solution_end vtlb"
            " arrangement_submitted_on arrangement_granted_on arrangement_refused_on arrangement_withdrawn_on"
            " forced_agreement_asked_on forced_agreement exit_reason closed_on"
        ),
    ),
    "casework.debtfile_clients": _fields(Retention.HOUSEHOLD, kept="id debtfile member"),
    "casework.phase": _fields(
        Retention.HOUSEHOLD, kept="id debt_file kind guidance started_on ended_on asked_on granted_on"
    ),
    # A private person can be a creditor; who is one by trade is no person.
    "casework.creditor": _fields(
        Retention.HOUSEHOLD, personal="name postcode search_name", kept="id kvk_number private_person"
    ),
    "casework.debt": _fields(
        Retention.HOUSEHOLD,
        personal="reference collector form_token",
        kept="id debt_file creditor kind amount as_of preferred business state threatening left_out version",
    ),
    "casework.journalentry": _fields(Retention.HOUSEHOLD, personal="text", kept="id debt_file at by kind"),
    "casework.thresholdvalue": _fields(Retention.ALWAYS, kept="id threshold value valid_from added_on number"),
    "casework.retentionterm": _fields(Retention.ALWAYS, kept="id kept months valid_from"),
    "casework.destruction": _fields(Retention.ALWAYS, kept="id at kept key ended_on months rows"),
    "casework.legalhold": _fields(
        Retention.HOUSEHOLD, personal="reason", kept="id household set_at set_by lifted_at lifted_by"
    ),
    "casework.datarequest": _fields(
        Retention.HOUSEHOLD,
        personal="member explanation form_token",
        kept="id household kind task received_on due_on recorded_at recorded_by done_on done_by outcome",
    ),
    "partners.organisation": _fields(Retention.ALWAYS, kept="id code name"),
    "partners.membership": _fields(Retention.STAFF, kept="id user organisation"),
}
