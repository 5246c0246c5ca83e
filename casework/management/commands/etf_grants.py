"""`manage.py etf_grants ROLE`: what the database role of the processes may do; run as owner after each `migrate`."""

import re

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from casework.core import history
from casework.core.encryption import encrypted_columns

# Tables that a trigger keeps from being emptied: the trail of audit and the history of changes.
_APPEND_ONLY = """
select c.relname, c.relname in ('casework_auditlink') as written_by_trigger
from pg_class c join pg_trigger t on t.tgrelid = c.oid
where not t.tgisinternal and t.tgtype & 32 > 0 and c.relnamespace = current_schema()::regnamespace
group by c.relname order by c.relname
"""


class Command(BaseCommand):
    help = (
        "Print the grants for the role that web, worker and clock log in with; it owns nothing and changes no history."
    )

    def add_arguments(self, parser):
        parser.add_argument("role")

    def handle(self, **options):
        for statement in statements(options["role"]):
            self.stdout.write(f"{statement};")


def statements(role: str) -> list[str]:
    """The statements in order; refuses a name that is not a plain one."""
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", role):
        raise CommandError("The role is a name in small letters, digits and underscores.")
    with connection.cursor() as cursor:
        cursor.execute("select quote_ident(current_schema())")
        schema = cursor.fetchone()[0]
        cursor.execute(_APPEND_ONLY)
        tables = cursor.fetchall()
    found = [
        f"grant usage on schema {schema} to {role}",
        f"grant select, insert, update, delete on all tables in schema {schema} to {role}",
        f"grant usage, select on all sequences in schema {schema} to {role}",
    ]
    for table, written_by_trigger in tables:
        words = "insert, update, delete" if written_by_trigger else "update, delete"
        found.append(f"revoke {words}, truncate on {table} from {role}")
    # Blanking what is over is the one change there is; the trigger lets nothing else through.
    found.append(f"grant update (salt, user_id_at_time, username, reason, details) on casework_auditentry to {role}")
    return found + _history(role)


def _history(role: str) -> list[str]:
    """Changes of rows whose term is over may go, and what is encrypted may get another key: the triggers watch both.

    Nobody switches the writing of history off by a setting, which pgtrigger would allow.
    """
    found = []
    for change in history.all_of_them():
        table = change._meta.db_table
        columns = [name for pair in encrypted_columns(change).items() for name in pair if name]
        found.append(f"grant delete on {table} to {role}")
        if columns:
            found.append(f"grant update ({', '.join(columns)}) on {table} to {role}")
    found.append(
        "create or replace function public._pgtrigger_should_ignore(trigger_name name) returns boolean"
        " language sql immutable as 'select false'"
    )
    return found
