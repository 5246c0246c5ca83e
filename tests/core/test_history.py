"""The history of changes: whatever way a row changes, and nobody changes the history (R-92, R-63)."""

import datetime as dt

import pytest
from django.db import DatabaseError, connection, transaction

from casework.core import encryption, history
from casework.core.actions import audit
from casework.core.models import AuditEntry
from casework.households.actions import write_note
from casework.households.models import Household, Member, Note, NoteKind
from casework.messaging.models import Message
from casework.retention import actions as retention
from tests import make
from tests.core.test_audit_chain import as_app_role, commit, run

pytestmark = pytest.mark.django_db
TABLE = "casework_memberchange"


def changes(row, *names) -> list[tuple]:
    return list(history.of(type(row)).objects.filter(pgh_obj=row.pk).values_list("pgh_label", *names))


@pytest.fixture
def household(now):
    made = make.household(city="Rotterdam", mobile="+31611111111")
    commit()
    return made


# What is written down


def test_a_row_that_is_added_changed_and_removed_leaves_three(household):
    member = household.members.get()
    member.surname = "Ağca"
    member.save()
    Member.objects.filter(pk=member.pk).delete()
    assert [label for label, _name in changes(member, "surname")] == ["insert", "update", "delete"]
    assert changes(member, "surname")[1:] == [("update", "Ağca"), ("delete", "Ağca")]


@pytest.mark.parametrize(
    "way",
    [
        lambda row: Household.objects.filter(pk=row.pk).update(city="Schiedam"),
        lambda row: Household.objects.bulk_update([Household(pk=row.pk, city="Schiedam")], ["city"]),
        lambda row: run("update casework_household set city = 'Schiedam' where id = %s", row.pk),
        lambda row: run("merge into casework_household a using casework_household b on a.id = b.id and a.id = %s"
                        " when matched then update set city = 'Schiedam'", row.pk),
    ],
    ids=["update", "bulk_update", "sql", "merge"],
)  # fmt: skip
def test_no_way_to_change_a_row_goes_past_it(way, household):
    way(household)
    assert changes(household, "city")[-1] == ("update", "Schiedam")


def test_many_rows_at_once_are_each_written_down(household, samira, now):
    Note.objects.bulk_create(
        [Note(household=household, at=now, by=samira.user, kind=NoteKind.NOTE, text=f"{number}") for number in range(3)]
    )
    assert history.of(Note).objects.filter(household=household, pgh_label="insert").count() == 3


def test_what_is_no_change_is_not_written_down(household):
    """The version, what is made from other fields, and the same BSN encrypted anew."""
    member = household.members.get()
    member.bsn, member.bsn_fingerprint = "999900109", encryption.fingerprint("999900109")
    member.save()
    before = len(changes(member))
    member.save()
    Household.objects.filter(pk=household.pk).update(version=9)
    assert len(changes(member)) == before
    assert len(changes(household)) == 1


def test_a_bsn_is_in_the_history_as_in_the_row(household):
    member = household.members.get()
    member.bsn, member.bsn_fingerprint = "999900109", encryption.fingerprint("999900109")
    member.save()
    with connection.cursor() as cursor:
        cursor.execute(f"select string_agg(t::text, ' ') from {TABLE} t")
        assert "999900109" not in cursor.fetchone()[0]
    assert history.of(Member).objects.last().bsn == "999900109"


def test_what_has_a_record_of_its_own_has_no_history():
    assert history.of(Message) is None


# Who


def test_a_change_and_its_line_were_written_in_one_transaction(household, samira, now):
    """A test is one transaction: here a new one begins as it would after commit."""
    run("select set_config('etf.transaction', '', true)")
    note = write_note(household=household, kind=NoteKind.NOTE, text="Gebeld", by=samira.user, now=now)
    change, line = history.of(Note).objects.get(pgh_obj=note.pk), AuditEntry.objects.first()
    assert (line.action, line.username) == ("write_note", "samira")
    assert change.pgh_transaction == line.transaction
    assert history.of(Household).objects.first().pgh_transaction != line.transaction


@pytest.mark.django_db(transaction=True)
def test_each_transaction_has_a_key_of_its_own(now):
    keys = set()
    for _number in range(3):
        with transaction.atomic():
            one = audit(by=None, now=now, action="test", on="household:1")
            with transaction.atomic():
                other = audit(by=None, now=now, action="test", on="household:1")
        assert one.transaction == other.transaction
        keys.add(one.transaction)
    assert len(keys) == 3


def test_somebody_in_the_database_itself_is_named(household):
    with connection.cursor() as cursor:
        cursor.execute("select session_user")
        user = cursor.fetchone()[0]
    assert changes(household, "pgh_written_by") == [("insert", user)]


# Nobody changes it

STATEMENTS = [
    f"update {TABLE} set surname = 'x'", f"update {TABLE} set pgh_created_at = now()", f"update {TABLE} set bsn = ''",
    f"delete from {TABLE}", f"truncate {TABLE}", f"truncate {TABLE}, casework_member cascade",
    f"merge into {TABLE} a using {TABLE} b on a.pgh_id = b.pgh_id when matched then delete",
    f"with gone as (delete from {TABLE} returning 1) select * from gone",
]  # fmt: skip


def everything() -> list:
    return list(history.of(Member).objects.order_by("pgh_id").values())


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("role", ["owner", "app"])
def test_no_statement_changes_the_history(statement, role, household):
    before = everything()
    with transaction.atomic():
        if role == "app":
            as_app_role()
        with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
            run(statement)
        run("reset role")
    assert everything() == before != []


@pytest.mark.parametrize("change", history.all_of_them(), ids=lambda change: change.__name__)
def test_no_table_of_changes_can_be_emptied(change):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(f"truncate {change._meta.db_table}")


def test_the_app_role_cannot_switch_history_off(household):
    as_app_role()
    for setting in ("pgtrigger.ignore", "session_replication_role"):
        value = "replica" if "session" in setting else "{pgtrigger_update_update_00000}"
        try:
            with transaction.atomic():
                run(f"set local {setting} = '{value}'")
        except DatabaseError:
            assert setting == "session_replication_role"
    with connection.cursor() as cursor:
        cursor.execute("select array_agg(tgname) from pg_trigger where tgrelid = 'casework_household'::regclass")
        run("select set_config('pgtrigger.ignore', %s, true)", "{" + ",".join(cursor.fetchone()[0]) + "}")
    Household.objects.filter(pk=household.pk).update(city="Schiedam")
    assert changes(household, "city")[-1] == ("update", "Schiedam")


# What goes when its term is over


def forgotten(member: Member, now: dt.datetime) -> int:
    return history.forget(objects={Member: {member.pk}}, on="household:1", by=None, now=now)


def test_what_a_line_names_goes_and_nothing_else(household, now):
    other = make.household().members.get()
    member = household.members.get()
    assert forgotten(member, now) == 1
    assert forgotten(member, now) == 0
    assert (changes(member), len(changes(other))) == ([], 1)
    line = AuditEntry.objects.get(action="forget_history")
    assert (line.object_key, line.details) == ("history:household:1", {"forgotten": {TABLE: [member.pk]}})


def test_the_app_role_forgets_what_is_over_and_no_more(household, now):
    other = make.household().members.get()
    as_app_role()
    assert forgotten(household.members.get(), now) == 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(f"delete from {TABLE} where pgh_obj_id = %s", other.pk)


def test_a_line_of_before_lets_nothing_go(household, now):
    """Only in its own transaction: after commit, when it has a link, nobody can lean on it."""
    member = household.members.get()
    details = {"forgotten": {TABLE: [member.pk]}}
    audit(by=None, now=now, action="forget_history", on="history:household:1", details=details)
    commit()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(f"delete from {TABLE} where pgh_obj_id = %s", member.pk)


def test_what_was_removed_before_goes_with_its_household(now):
    """A note and a member that are gone already are still rows of the household that once had them."""
    household = make.household(closed_on=dt.date(2021, 11, 2), exit_reason="Afgerond")
    member = household.members.get()
    file = make.debt_file(household, "2021-01-04", closed_on=dt.date(2021, 11, 2), exit_reason="Overig")
    phase = file.phases.create(kind="stabilisation", started_on=dt.date(2021, 1, 4))
    phase.delete()
    file.clients.clear()
    Member.objects.filter(pk=member.pk).delete()
    moved = make.household()
    living_elsewhere = moved.members.get()
    Member.objects.filter(pk=living_elsewhere.pk).update(household=household)
    Member.objects.filter(pk=living_elsewhere.pk).update(household=moved)
    assert retention.retain(now=now, today=dt.date(2026, 11, 3))["households"] == 1
    assert (changes(member), changes(phase), changes(household)) == ([], [], [])
    assert len(changes(living_elsewhere)) == 3
