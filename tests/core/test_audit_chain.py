"""The audit trail: nobody changes it, and who goes round the triggers is found (R-92, R-63)."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, models, transaction

from casework.core import chain, tasks
from casework.core.actions import audit
from casework.core.models import AuditEntry, AuditLink
from casework.management.commands import etf_grants
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(now, joris):
    """Five lines, linked as they are at commit."""
    rows = [
        audit(by=joris, now=now + dt.timedelta(seconds=number), action="view", on="household:1", reason="waarneming",
              details={"q": "ağca ‘\"’ \\u0000", "number": number})
        for number in range(5)
    ]  # fmt: skip
    commit()
    return rows


def run(sql: str, *values) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values or None)


def commit() -> None:
    """What PostgreSQL does at the end of a transaction."""
    run("set constraints all immediate")
    run("set constraints all deferred")


def found(**asked) -> list[tuple[str, int]]:
    return [(problem.what, problem.number) for problem in chain.problems(**asked)]


def without_triggers(sql: str, *values) -> None:
    """As somebody with the rights of the owner, who switches the triggers off first."""
    for table in ("casework_auditentry", "casework_auditlink"):
        run(f"alter table {table} disable trigger user")
    run(sql, *values)
    for table in ("casework_auditentry", "casework_auditlink"):
        run(f"alter table {table} enable trigger user")


def test_each_line_is_one_link_in_the_order_of_commits(trail):
    links = list(AuditLink.objects.order_by("number"))
    assert [link.entry for link in links] == [row.pk for row in trail]
    assert [link.number for link in links] == [1, 2, 3, 4, 5]
    assert [link.previous for link in links] == ["", *(link.hash for link in links[:-1])]
    assert found() == []


def test_a_line_that_was_rolled_back_leaves_no_link(trail, now):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        audit(by=None, now=now, action="test", on="household:1")
        raise ZeroDivisionError
    commit()
    assert AuditLink.objects.count() == 5
    assert found() == []


# Who keeps to the triggers

ENTRY, LINK = "casework_auditentry", "casework_auditlink"
STATEMENTS = [
    f"update {ENTRY} set reason = 'x'", f"update {ENTRY} set at = now()", f"update {ENTRY} set details = '{{}}'",
    f"update {ENTRY} set salt = null, user_id_at_time = null, username = '', reason = '', details = '{{}}'",
    f"delete from {ENTRY}", f"truncate {ENTRY}", f"truncate {ENTRY}, {LINK} cascade",
    f"update {LINK} set hash = 'x'", f"delete from {LINK}", f"truncate {LINK}",
    f"merge into {ENTRY} a using {ENTRY} b on a.id = b.id when matched then delete",
    f"with gone as (delete from {ENTRY} returning 1) select * from gone",
    f"insert into {LINK} (number, entry, previous, personal, hash) values (1, 1, 'x', 'x', 'x') on conflict (number)"
    " do update set hash = 'x'",
]  # fmt: skip


def as_app_role() -> None:
    """From here the transaction has the rights that docs/operations.md gives to web, worker and clock."""
    run("create role etf_proef_app")
    for statement in etf_grants.statements("etf_proef_app"):
        run(statement)
    run("set local role etf_proef_app")


@pytest.mark.parametrize("statement", STATEMENTS)
@pytest.mark.parametrize("role", ["owner", "app"])
def test_no_statement_changes_the_trail(statement, role, trail):
    before = list(AuditEntry.objects.order_by("pk").values()), list(AuditLink.objects.order_by("pk").values())
    with transaction.atomic():
        if role == "app":
            as_app_role()
        with pytest.raises(DatabaseError, match=r"append-only|permission denied"), transaction.atomic():
            run(statement)
        run("reset role")
    assert (list(AuditEntry.objects.order_by("pk").values()), list(AuditLink.objects.order_by("pk").values())) == before


def test_the_app_role_cannot_switch_off_what_guards_it(trail):
    as_app_role()
    for statement in (
        f"alter table {ENTRY} disable trigger user",
        f"drop trigger audit_append_only on {ENTRY}",
        f"drop table {LINK}",
        "set session_replication_role = replica",
        "drop function casework_audit_append_only() cascade",
        f"insert into {LINK} (number, entry, previous, personal, hash) values (6, 1, 'x', 'x', 'x')",
    ):
        with pytest.raises(DatabaseError, match=r"must be owner|permission denied"), transaction.atomic():
            run(statement)


def test_the_app_role_does_its_work(trail, now):
    """It adds lines, whose links the database writes, and changes what is no history."""
    as_app_role()
    audit(by=None, now=now, action="test", on="household:1")
    make.household()
    commit()
    assert AuditLink.objects.count() == 6
    assert found() == []


def _save(row):
    row.reason = "x"
    row.save()


API = {
    "save": _save,
    "save of one field": lambda row: row.save(update_fields=["reason"]),
    "delete": lambda row: row.delete(),
    "update": lambda row: type(row).objects.update(**{type(row)._meta.concrete_fields[-1].name: None}),
    "update of one": lambda row: type(row).objects.filter(pk=row.pk).update(
        **{type(row)._meta.concrete_fields[1].name: models.F(type(row)._meta.concrete_fields[1].name)}
    ),
    "bulk_update": lambda row: type(row).objects.bulk_update([row], [type(row)._meta.concrete_fields[-1].name]),
    "delete of many": lambda row: type(row).objects.all().delete(),
    "raw delete": lambda row: type(row).objects.all()._raw_delete("default"),
    "update_or_create": lambda row: type(row).objects.update_or_create(
        defaults={type(row)._meta.concrete_fields[-1].name: None}, pk=row.pk
    ),
    "bulk_create over": lambda row: type(row).objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["pk"], update_fields=[type(row)._meta.concrete_fields[-1].name]
    ),
}  # fmt: skip


@pytest.mark.parametrize("api", API)
@pytest.mark.parametrize("model", [AuditEntry, AuditLink])
def test_no_call_of_a_model_changes_the_trail(model, api, trail):
    if model is AuditLink and api == "save of one field":
        return
    before = list(model.objects.order_by("pk").values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        API[api](model.objects.order_by("pk").first())
    assert list(model.objects.order_by("pk").values()) == before


# Who goes round the triggers


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        (f"update {ENTRY} set reason = 'verzoek inwoner' where id = %s", [("line changed", 3)]),
        (f"update {ENTRY} set at = at - interval '1 day' where id = %s", [("line changed", 3)]),
        (f"update {ENTRY} set role = 'system' where id = %s", [("line changed", 3)]),
        (f"update {ENTRY} set kind = 'exported' where id = %s", [("line changed", 3)]),
        (f"update {ENTRY} set action = 'other' where id = %s", [("line changed", 3)]),
        (f"update {ENTRY} set object_key = 'household:2' where id = %s", [("line changed", 3)]),
        (f"update {ENTRY} set username = 'ingrid' where id = %s", [("line changed", 3)]),
        (f"update {ENTRY} set user_id_at_time = 0 where id = %s", [("line changed", 3)]),
        (f"update {ENTRY} set details = details || '{{\"number\": 9}}' where id = %s", [("line changed", 3)]),
        (f"update {ENTRY} set salt = null, user_id_at_time = null, username = '', reason = '', details = '{{}}'"
         " where id = %s", [("line changed", 3)]),
        (f"update {ENTRY} set id = -1 where id = %s", [("line without link", 0), ("line gone", 3)]),
        (f"delete from {ENTRY} where id = %s", [("line gone", 3)]),
        (f"delete from {LINK} where entry = %s", [("line without link", 0), ("gap", 4)]),
        (f"with line as (delete from {ENTRY} where id = %s returning id) delete from {LINK} using line"
         " where entry = line.id", [("gap", 4)]),
        (f"update {LINK} set hash = repeat('0', 64) where entry = %s", [("line changed", 3), ("broken", 4)]),
        (f"update {LINK} set previous = repeat('0', 64) where entry = %s", [("broken", 3)]),
        (f"update {LINK} set personal = repeat('0', 64) where entry = %s", [("line changed", 3)]),
        (f"insert into {ENTRY} (at, username, role, kind, action, object_key, reason, details) select at, username, role,"
         f" kind, action, object_key, reason, details from {ENTRY} where id = %s", [("line without link", 0)]),
    ],
)  # fmt: skip
def test_tampering_with_the_triggers_off_is_found(sql, problem, trail):
    without_triggers(sql, trail[2].pk)
    assert found() == problem
    with pytest.raises(CommandError, match=f"{len(problem)} problems"):
        call_command("verify_audit")


def test_a_line_put_in_between_with_a_link_of_its_own_is_found(trail):
    """Whoever knows how hashes are made must make all later ones again, and then the remembered one is gone."""
    remembered = chain.last_link().hash
    without_triggers(f"""
        delete from {LINK} where number > 2;
        insert into {ENTRY} (id, at, username, role, kind, action, object_key, reason, details)
        select -1, at, username, role, kind, action, object_key, reason, details from {ENTRY} where id = {trail[2].pk};
    """)
    relink([-1, *(row.pk for row in trail[2:])])
    assert found() == []
    assert found(remembered=remembered) == [("remembered hash gone", 0)]


def relink(entries: list[int]) -> None:
    """Makes honest-looking links, with the functions of the database itself."""
    for entry in entries:
        without_triggers(
            f"""insert into {LINK} (number, entry, previous, personal, hash)
            select last.number + 1, line.id, last.hash, casework_audit_personal(line),
              casework_audit_hash(last.number + 1, last.hash, line, casework_audit_personal(line))
            from {ENTRY} line, (select * from {LINK} order by number desc limit 1) last where line.id = %s""",
            entry,
        )


def test_an_end_that_was_cut_off_is_found_by_a_hash_that_was_kept(trail):
    remembered = chain.last_link().hash
    without_triggers(f"delete from {LINK} where number > 3; delete from {ENTRY} where id > {trail[2].pk}")
    assert found() == []
    assert found(remembered=remembered) == [("remembered hash gone", 0)]
    with pytest.raises(CommandError, match="tampered"):
        call_command("verify_audit", hash=remembered)


def test_the_command_prints_the_last_hash(trail, capsys):
    last = chain.last_link()
    call_command("verify_audit", hash=last.previous)
    assert f"5 lines, last hash {last.hash}" in capsys.readouterr().out


# What goes when its term is over


def test_personal_text_goes_and_the_chain_stays_whole(trail, ingrid, now):
    entries = [row.pk for row in trail[:2]]
    assert chain.redact(entries=entries, by=ingrid, now=now) == 2
    assert chain.redact(entries=entries, by=ingrid, now=now) == 0
    commit()
    row = AuditEntry.objects.get(pk=entries[0])
    assert (row.username, row.user_id_at_time, row.reason, row.details, row.salt) == ("", None, "", {}, None)
    assert (row.object_key, row.role, row.action) == ("household:1", "desk", "view")
    assert found() == []
    said = AuditEntry.objects.get(action="redact_audit")
    assert said.details == {"entries": entries}
    assert chain.redact(entries=[said.pk], by=ingrid, now=now) == 0


def test_the_app_role_may_blank_only_what_a_line_names(trail, ingrid, now):
    as_app_role()
    assert chain.redact(entries=[trail[0].pk], by=ingrid, now=now) == 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(f"update {ENTRY} set reason = '' where id = %s", trail[1].pk)
    commit()
    assert found() == []


def test_what_was_blanked_is_not_filled_in_again(trail, ingrid, now):
    chain.redact(entries=[trail[0].pk], by=ingrid, now=now)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        run(f"update {ENTRY} set reason = 'anders', username = 'x' where id = %s", trail[0].pk)
    commit()
    without_triggers(f"update {ENTRY} set reason = 'anders' where id = %s", trail[0].pk)
    assert found() == [("line changed", 1)]


# The clock


def test_the_last_hash_is_noted_once_a_day(trail, now):
    last = chain.last_link()
    assert [tasks.note_audit_chain(), tasks.note_audit_chain()] == [True, False]
    row = AuditEntry.objects.get(action="note_last_hash")
    assert (row.object_key, row.details) == ("auditchain:2026-11-02", {"number": 5, "hash": last.hash})
    assert chain.note_last_hash(now=now + dt.timedelta(days=1))


def test_the_clock_says_so_when_the_noted_hash_is_gone(trail, now, monkeypatch):
    tasks.note_audit_chain()
    commit()
    without_triggers(f"delete from {LINK} where number > 4")
    said = []
    monkeypatch.setattr(chain.log, "error", lambda event, **words: said.append((event, json.dumps(words))))
    chain.note_last_hash(now=now + dt.timedelta(days=1))
    assert said == [("audit_chain_cut_off", '{"noted_on": "auditchain:2026-11-02"}')]


@pytest.mark.django_db(transaction=True)
def test_many_commits_at_once_make_one_chain(now):
    def lines(worker: int) -> None:
        try:
            for number in range(20):
                with transaction.atomic():
                    audit(by=None, now=now, action="test", on=f"household:{worker}", details={"number": number})
                    audit(by=None, now=now, action="test", on=f"household:{worker}")
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lines, range(6)))
    assert AuditLink.objects.count() == chain.last_link().number == 240
    assert found() == []
