"""The rows that migrations make, kept beside the tables, so that a test with real transactions ends where it began.

Django empties all tables with TRUNCATE afterwards, and reads the rows of migrations back one by one before the next: for
each story longer than the story itself.
"""

import functools

from django.db import connection, transaction

_KEPT = "seeds"


def keep() -> None:
    """Copy every table that has rows. Once per database, before any test."""
    with connection.cursor() as cursor:
        cursor.execute(f"drop schema if exists {_KEPT} cascade; create schema {_KEPT}")
        for table in _tables(cursor):
            cursor.execute(f"select exists(select 1 from public.{table})")
            if cursor.fetchone()[0]:
                cursor.execute(f"create table {_KEPT}.{table} as table public.{table}")


def put_back() -> None:
    """Every table as it was when it was kept. Triggers rest meanwhile: they would keep a history of it, or refuse it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_steps())


@functools.cache
def _steps() -> str:
    with connection.cursor() as cursor:
        tables, kept, with_triggers = _tables(cursor), _tables(cursor, _KEPT), _with_triggers(cursor)
    steps = ["set constraints all deferred"]
    steps += [f"alter table public.{one} disable trigger user" for one in with_triggers]
    steps += [f"delete from public.{one}" for one in tables]
    steps += [f"insert into public.{one} ({names}) select {names} from {_KEPT}.{one}" for one, names in kept.items()]
    # A table with checks still to come cannot be altered.
    steps += ["set constraints all immediate"]
    steps += [f"alter table public.{one} enable trigger user" for one in with_triggers]
    return ";\n".join(steps)


def _tables(cursor, schema: str = "public") -> dict[str, str]:
    """Names of tables with the names of the columns that can be written, in the order of the names."""
    cursor.execute(
        """
        select table_name, string_agg(quote_ident(column_name), ', ' order by ordinal_position)
          from information_schema.columns join information_schema.tables using (table_schema, table_name)
         where table_schema = %s and table_type = 'BASE TABLE' and is_generated = 'NEVER'
           and table_name <> 'django_migrations'
         group by table_name order by table_name
        """,
        [schema],
    )
    return dict(cursor.fetchall())


def _with_triggers(cursor) -> list[str]:
    cursor.execute("select distinct tgrelid::regclass::text from pg_trigger where not tgisinternal")
    return [table for (table,) in cursor.fetchall()]
