"""What goes, when, and what stays (R-63; domain.md 7.4)."""

import datetime as dt
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection, models
from hypothesis import given
from hypothesis import strategies as st

from casework.appointments.models import FollowUp, WaitingEntry
from casework.core import chain, clock
from casework.core.actions import audit
from casework.core.heartbeat import Heartbeat
from casework.core.models import AuditEntry
from casework.core.retention import RETENTION, Retention
from casework.debts.models import Creditor, Debt, JournalEntry
from casework.households.actions import settle_task
from casework.households.models import (
    AccessReason,
    Agreement,
    ChannelConsent,
    ContactAttempt,
    ExitReason,
    Helper,
    Household,
    LifeEvent,
    Member,
    Merge,
    MergeStep,
    Note,
    ProgrammeLabel,
    Task,
    Threat,
    TransferProposal,
)
from casework.messaging.models import Message, ReceivedText
from casework.reports import reads
from casework.retention import actions
from casework.retention.models import Destruction, LegalHold, RetentionTerm, going, months_before
from casework.retention.tasks import retention
from tests import make
from tests.cast import debts

pytestmark = pytest.mark.django_db
MARK = "Zebedeus"
CLOSED = dt.date(2021, 11, 2)
LAST_DAY, DAY_AFTER = dt.date(2026, 11, 2), dt.date(2026, 11, 3)


def closed(on: dt.date = CLOSED, reason: str = ExitReason.COMPLETED, **fields) -> Household:
    return make.household(closed_on=on, exit_reason=reason, **fields)


def run(today: dt.date) -> dict[str, int]:
    return actions.retain(now=clock.at(today, dt.time(3)), today=today)


# When


@pytest.mark.parametrize(
    ("reason", "on", "last_day"),
    [
        (ExitReason.COMPLETED, dt.date(2021, 11, 2), dt.date(2026, 11, 2)),
        (ExitReason.NOT_FITTING, dt.date(2021, 11, 2), dt.date(2026, 11, 2)),
        (ExitReason.DID_NOT_APPEAR, dt.date(2025, 11, 2), dt.date(2026, 11, 2)),
        (ExitReason.WITHDRAWN, dt.date(2024, 2, 29), dt.date(2025, 2, 28)),
    ],
)
def test_a_household_goes_on_the_day_after_its_term(reason, on, last_day):
    household = closed(on, reason)
    assert run(last_day)["households"] == 0
    assert run(last_day + dt.timedelta(days=1))["households"] == 1
    household.refresh_from_db()
    assert household.anonymised_on == last_day + dt.timedelta(days=1)


def test_the_term_counts_from_the_last_debt_file_and_waits_for_an_open_one():
    household = closed()
    file = make.debt_file(household, "2021-01-04")
    assert run(DAY_AFTER)["households"] == 0
    file.closed_on = dt.date(2022, 1, 10)
    file.save()
    assert run(DAY_AFTER)["households"] == 0
    assert run(dt.date(2027, 1, 10))["households"] == 0
    assert run(dt.date(2027, 1, 11))["households"] == 1


def test_a_term_counts_from_its_date_on():
    closed()
    RetentionTerm.objects.create(kept=ExitReason.COMPLETED, months=72, valid_from=dt.date(2026, 11, 3))
    assert run(DAY_AFTER)["households"] == 0
    assert run(dt.date(2027, 11, 3))["households"] == 1


def test_what_has_no_term_stays():
    closed()
    RetentionTerm.objects.filter(kept=ExitReason.COMPLETED).delete()
    assert run(dt.date(2090, 1, 1))["households"] == 0


def test_an_open_household_stays():
    make.household(registered="2001-01-01 09:00")
    assert run(dt.date(2090, 1, 1))["households"] == 0


def test_who_waits_for_a_copy_of_the_data_stays_until_it_is_given(samira):
    """R-64: a request to see the data is not answered by taking them away; another task holds nothing."""
    waits, other = closed(), closed()
    values = {"text": "Kopie", "due_on": CLOSED, "owner": samira.user, "made_at": clock.now(), "made_by": samira.user}
    request = waits.tasks.create(kind="inspection", **values)
    other.tasks.create(kind="deletion", **values)
    assert run(DAY_AFTER)["households"] == 1
    waits.refresh_from_db()
    assert waits.anonymised_on is None
    settle_task(task=request, state="done", by=samira.user, now=clock.now())
    assert run(DAY_AFTER)["households"] == 1


@given(end=st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31)), months=st.integers(1, 240), ahead=st.integers(-40, 40))
def test_the_coarse_bound_leaves_nothing_out(end, months, ahead):
    """Whatever is due is closed on or before the bound that the index is asked for."""
    with connection.cursor() as cursor:
        cursor.execute("select (%s::date + make_interval(months => %s) + interval '1 day')::date", [end, months])
        goes_on = cursor.fetchone()[0]
    until = goes_on + dt.timedelta(days=abs(ahead))
    assert end <= months_before(until, months)


# What goes


def write_about(household: Household, member: Member, by) -> None:
    """A row of everything else that people write about a household."""
    of = {"household": household}
    Agreement.objects.create(
        **of, member=member, with_whom="other", other_name=MARK, purpose=MARK, fields=["name"], how="spoken",
        agreed_on=CLOSED, recorded_on=CLOSED, recorded_by=by,
    )  # fmt: skip
    LifeEvent.objects.create(**of, kind="job_loss", happened_on=CLOSED, consequence=MARK)
    Helper.objects.create(**of, name=MARK, organisation=MARK, role=MARK)
    Note.objects.create(**of, at=make.moment("2021-10-04 10:00"), by=by, kind="note", text=MARK)
    Task.objects.create(**of, text=MARK, due_on=CLOSED, owner=by, made_at=make.moment("2021-10-04 10:00"), made_by=by,
                        state="done", settled_at=make.moment("2021-10-05 10:00"), settled_by=by, result=MARK,
                        form_token=uuid4())  # fmt: skip
    ContactAttempt.objects.create(**of, at=make.moment("2021-10-04 10:00"), by=by, kind="phone", result="spoken")
    Threat.objects.create(**of, kind="eviction", recorded_at=make.moment("2021-10-04 10:00"), form_token=uuid4())
    ProgrammeLabel.objects.create(**of, programme="jpf", since=CLOSED, form_token=uuid4())
    ChannelConsent.objects.create(**of, channel="sms", agreed=True, source="spoken", given_on=CLOSED,
                                  recorded_on=CLOSED, recorded_by=by, form_token=uuid4())  # fmt: skip


@pytest.fixture
def full_household(samira):
    """A closed household with the mark in every text about it."""
    household = closed(
        given=MARK, surname=MARK, owner=samira, location=samira.location, born=dt.date(1984, 5, 17), street=MARK,
        email=f"{MARK}@example.org", safety_note=MARK, phone="+31101234567", dead_mobile=MARK[:16], dead_email=f"{MARK}@example.org",
    )  # fmt: skip
    member = household.members.get()
    member.bsn, member.bsn_fingerprint, member.initials = "999900109", "f" * 64, MARK
    member.save()
    appointment = make.appointment(
        household=household,
        counsellor=samira,
        start="2021-10-04 09:30",
        outcome="N",
        note=MARK,
        interpreter_language="tr",
        interpreter_agency=MARK,
        partner_worker=MARK,
    )
    appointment.cancel_codes.create(
        starts_at=appointment.starts_at, token="K7QM2XW9PT4H", code="4821", made_at=appointment.booked_at
    )
    FollowUp.objects.create(
        appointment=appointment, state="not_needed", due_on=CLOSED, made_at=appointment.starts_at,
        closed_at=appointment.starts_at, closed_by=samira.user, why=MARK,
    )  # fmt: skip
    make.correction(
        appointment,
        "X",
        why=MARK,
        answer=MARK,
        state="declined",
        settled_at=appointment.starts_at,
        settled_by=samira.user,
    )
    WaitingEntry.objects.create(
        household=household, type=appointment.type, until=CLOSED, added_at=appointment.booked_at, added_by=samira.user,
        ended_at=appointment.starts_at, end_reason="help_ended",
    )  # fmt: skip
    Message.objects.create(
        household=household, appointment_key=appointment.pk, kind="confirmation", planned_start=appointment.starts_at,
        due_at=appointment.booked_at, expires_at=appointment.starts_at, created_at=appointment.booked_at,
        state="sent", sent_at=appointment.booked_at, text=MARK, recipient=MARK, subject=MARK, facts={"who": MARK},
        provider_reference=MARK, error=MARK,
    )  # fmt: skip
    received = make.received(household, MARK)
    ReceivedText.objects.filter(pk=received.pk).update(sender=MARK)
    Task.objects.filter(pk=received.task_id).update(state="done", settled_at=appointment.starts_at)
    AccessReason.objects.create(user=samira.user, household=household, valid_on=CLOSED, kind="other", text=MARK)
    proposed = {"proposed_at": appointment.booked_at, "proposed_by": samira.user}
    settled = {"settled_at": appointment.booked_at, "settled_by": samira.user}
    TransferProposal.objects.create(
        household=household, to=samira, reason=MARK, state="approved", **proposed, **settled
    )
    # Who was merged into it: a number, and the double of a member.
    double = make.household(given=MARK, surname=MARK, mobile="")
    Household.objects.filter(pk=double.pk).update(
        case_number=f"ETF-{MARK}", merged_into=household, search_name="", sort_name="", display_name="", location=None
    )
    merge = Merge.objects.create(
        surviving=household, absorbed=double, state="merged", reason=MARK, **proposed, **settled
    )
    MergeStep.objects.create(merge=merge, model="casework.note", key="1", before=MARK, after=MARK)
    LegalHold.objects.create(household=household, reason=MARK, set_at=appointment.booked_at, set_by=samira.user,
                             lifted_at=appointment.starts_at, lifted_by=samira.user)  # fmt: skip
    write_about(household, member, samira.user)
    make.data_request(household, "2021-10-04", by=samira.user, explanation=MARK, done_on=CLOSED, done_by=samira.user,
                      outcome="granted")  # fmt: skip
    file = debts(household)
    file.closed_on, file.description, file.exit_note, file.import_key = CLOSED, MARK, MARK, MARK
    file.opened_on = dt.date(2021, 1, 4)
    file.save()
    private = Creditor.objects.create(name=MARK, search_name=MARK.lower(), private_person=True, postcode="3072AB")
    Debt.objects.create(debt_file=file, creditor=private, amount="12.50", reference=MARK)
    JournalEntry.objects.create(debt_file=file, at=appointment.starts_at, by=samira.user, kind="gesprek", text=MARK)
    return household


def every_text() -> str:
    """Everything that stands in the tables of ETF, as one text; but when a task ran last, which is about nobody."""
    found = []
    for model in apps.get_models():
        if model is not Heartbeat and model._meta.app_label in {"casework", "partners"} and model._meta.managed:
            with connection.cursor() as cursor:
                cursor.execute(f"select coalesce(string_agg(t::text, chr(10)), '') from \"{model._meta.db_table}\" t")
                found.append(f"{model._meta.label}: {cursor.fetchone()[0]}")
    return "\n".join(found)


def test_nothing_of_a_household_says_afterwards_who_it_was(full_household):
    number = full_household.case_number
    wanted = {MARK.casefold(), "f" * 64, number.casefold(), "1984-05-17", full_household.mobile, "+31101234567"}
    assert all(one in every_text().casefold() for one in wanted)
    assert run(DAY_AFTER)["households"] == 1
    left = every_text().casefold()
    assert [one for one in wanted if one in left] == []
    member = Member.objects.get(household=full_household)
    assert (member.born, member.bsn, member.bsn_fingerprint) == (dt.date(1984, 1, 1), "", "")


def test_every_model_with_a_household_has_a_way_to_it_and_every_field_a_way_to_go():
    for label, fields in RETENTION.items():
        if fields.personal and fields.retention in {Retention.HOUSEHOLD, Retention.MESSAGE}:
            assert actions.way_to_household(apps.get_model(label)) or label == "casework.creditor", label
            assert set(actions.gone(label)) == fields.personal


def test_figures_do_not_change(full_household, samira):
    other = make.household(owner=samira, location=samira.location)
    make.appointment(household=other, counsellor=samira, start="2021-10-05 09:30", outcome="V")
    now, scope = clock.at(DAY_AFTER, dt.time(9)), reads.Scope(first=dt.date(2021, 1, 1), last=dt.date(2021, 12, 31))
    before = {code: figure(scope, now=now) for code, figure in reads.FIGURES.items()}
    kept = list(Household.objects.order_by("pk").values_list("pk", "registered_at", "location", "owner", "exit_reason"))
    run(DAY_AFTER)
    assert {code: figure(scope, now=now) for code, figure in reads.FIGURES.items()} == before
    assert before["m1"].total.numerator == 1
    after = Household.objects.order_by("pk").values_list("pk", "registered_at", "location", "owner", "exit_reason")
    assert list(after) == kept


def test_a_private_creditor_of_somebody_who_stays_stays(full_household):
    stays = closed(dt.date(2026, 1, 5))
    private = Creditor.objects.get(private_person=True)
    file = make.debt_file(stays, "2025-01-06", closed_on=dt.date(2026, 1, 5))
    Debt.objects.create(debt_file=file, creditor=private, amount="1.00")
    run(DAY_AFTER)
    assert Creditor.objects.get(pk=private.pk).name == MARK
    run(dt.date(2031, 1, 6))
    assert Creditor.objects.get(pk=private.pk).name == ""


def test_the_log_says_how_much_went_and_of_nobody(full_household):
    run(DAY_AFTER)
    line, household = Destruction.objects.get(), Household.objects.get(merged_into=None)
    assert (line.kept, line.ended_on, line.months) == (ExitReason.COMPLETED, CLOSED, 60)
    assert line.key == household.case_number
    # The household of these tests has a row of everything, so that nothing here goes unseen.
    assert set(line.rows) == {*actions.labels_of_a_household(), "casework.creditor"}
    assert AuditEntry.objects.get(action="anonymise_household").object_key == f"household:{household.pk}"


def test_once_more_changes_nothing(full_household):
    run(DAY_AFTER)
    before = every_text()
    assert retention() == {"households": 0, "messages": 0, "searches": 0}
    assert run(dt.date(2030, 1, 1)) == {"households": 0, "messages": 0, "searches": 0}
    assert every_text() == before


@pytest.mark.parametrize("sql", ["update casework_destruction set months = 1", "delete from casework_destruction",
                                 "truncate casework_destruction"])  # fmt: skip
def test_nobody_changes_the_log(full_household, sql):
    run(DAY_AFTER)
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute(sql)


# Texts of messages


def message(household: Household, due: str, state: str = "sent", **fields) -> Message:
    at = make.moment(due)
    return Message.objects.create(
        household=household, appointment_key=1, kind="confirmation", planned_start=at, due_at=at, expires_at=at,
        created_at=at, state=state, sent_at=at if state == "sent" else None, text=MARK, recipient="0612345678",
        facts={"first_name": "S"}, **fields,
    )  # fmt: skip


def test_the_text_of_a_message_goes_after_thirteen_months():
    old = message(make.household(), "2025-10-02 23:59")
    young = message(make.household(), "2025-10-03 00:00")
    assert run(LAST_DAY)["messages"] == 0
    assert run(DAY_AFTER)["messages"] == 1
    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.text, old.recipient, old.facts, old.state) == ("", "", {}, "sent")
    assert young.text == MARK
    assert Destruction.objects.get().rows == {"casework.message": 1}


def test_of_a_message_about_which_somebody_called_too():
    message(make.household(), "2025-10-02 23:59", state="called")
    assert run(DAY_AFTER)["messages"] == 1


def test_a_message_that_is_still_to_go_keeps_its_text():
    message(make.household(), "2024-01-02 10:00", state="planned")
    assert run(DAY_AFTER)["messages"] == 0


def test_more_messages_than_fit_in_one_transaction_all_go(monkeypatch):
    monkeypatch.setattr(actions, "BATCH", 2)
    for number in range(5):
        message(make.household(), f"2024-01-0{number + 1} 10:00")
    assert run(DAY_AFTER)["messages"] == 5


def test_what_was_searched_for_goes_after_two_years(joris):
    """That somebody searched stays in the trail, and the trail stays whole."""
    for at in ("2024-10-02 23:59", "2024-10-03 00:00"):
        moment = make.moment(at)
        audit(by=joris, now=moment, action="search_households", on="household:*", kind="searched", reason=MARK)
    assert run(dt.date(2026, 10, 3))["searches"] == 1
    first, second = AuditEntry.objects.filter(kind="searched").order_by("pk")
    assert (first.reason, first.username, first.action) == ("", "", "search_households")
    assert (second.reason, second.username) == (MARK, "joris")
    assert run(dt.date(2026, 10, 3))["searches"] == 0
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    assert chain.problems() == []


# Legal hold


def test_a_legal_hold_stops_everything_until_it_is_lifted(full_household, ingrid, now):
    actions.set_legal_hold(household=full_household, reason="Verzoek van de rechter", by=ingrid, now=now)
    before = every_text()
    assert run(DAY_AFTER) == {"households": 0, "messages": 0, "searches": 0}
    assert every_text() == before
    actions.lift_legal_hold(household=full_household, by=ingrid, now=now)
    assert run(DAY_AFTER)["households"] == 1
    assert "rechter" not in every_text()


def test_a_hold_that_comes_while_the_job_runs_wins(full_household, ingrid, now):
    """The job looks again under the lock of the row."""
    listed = going(DAY_AFTER, until=DAY_AFTER).get()
    actions.set_legal_hold(household=full_household, reason="Klacht", by=ingrid, now=now)
    assert actions.anonymise_household(household=listed, now=now, today=DAY_AFTER) is None


def test_a_hold_needs_a_reason_and_is_set_once(full_household, ingrid, now):
    with pytest.raises(actions.Refused, match="Schrijf"):
        actions.set_legal_hold(household=full_household, reason="  ", by=ingrid, now=now)
    first = actions.set_legal_hold(household=full_household, reason="Klacht", by=ingrid, now=now)
    assert actions.set_legal_hold(household=full_household, reason="Anders", by=ingrid, now=now) == first
    actions.lift_legal_hold(household=full_household, by=ingrid, now=now)
    actions.lift_legal_hold(household=full_household, by=ingrid, now=now)
    assert AuditEntry.objects.filter(action="lift_legal_hold").count() == 1


def test_nothing_is_left_to_keep_of_who_went(full_household, ingrid, now):
    run(DAY_AFTER)
    with pytest.raises(actions.AlreadyGone):
        actions.set_legal_hold(household=full_household, reason="Klacht", by=ingrid, now=now)


def test_who_went_is_found_by_nobody(full_household, ingrid, browse):
    assert Household.objects.visible_to(ingrid).count() == 1
    run(DAY_AFTER)
    assert Household.objects.visible_to(ingrid).count() == 0
    key = Household.objects.get(merged_into=None).case_number
    assert browse(ingrid).get(f"/huishoudens/{key}/").status_code == 404


def test_a_model_with_a_household_stays_in_no_list_by_hand():
    """Whatever points at a household and holds something personal is found along its foreign keys."""
    assert {"casework.member", "casework.appointment", "casework.journalentry"} <= set(actions.labels_of_a_household())
    assert all(isinstance(apps.get_model(label), models.base.ModelBase) for label in actions.labels_of_a_household())


def test_lines_of_the_audit_trail_keep_their_key_and_lose_their_text(now, joris):
    """R-63; the chain behind the trail stays whole (R-92)."""
    home = make.household(closed_on=dt.date(2020, 1, 6), exit_reason="Afgerond")
    booked = make.appointment(household=home, counsellor=make.counsellor(), start="2020-01-02 10:00", outcome="V")
    lines = [
        audit(by=joris, now=now, action="view_household", on=home, reason="verzoek inwoner"),
        audit(by=joris, now=now, action="correct_attendance", on=booked, reason="was ziek"),
        audit(by=joris, now=now, action="view_household", on=make.household(), reason="klacht"),
    ]
    assert actions.anonymise_household(household=home, now=now, today=dt.date(2026, 11, 2))
    kept = [AuditEntry.objects.get(pk=line.pk) for line in lines]
    assert [line.object_key for line in kept] == [line.object_key for line in lines]
    assert [line.reason for line in kept] == ["", "", "klacht"]
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
    assert chain.problems() == []
