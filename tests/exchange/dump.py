"""The whole database as plain rows, to see that nothing changed."""

from django.db import connection

# Kept by Django itself, not by what people do.
_LEFT_OUT = {"django_session"}


def every_row() -> dict[str, list[tuple]]:
    """Each table with all its rows, the audit trail and the links between rows included."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table not in _LEFT_OUT:
                cursor.execute(f'select * from "{table}"')
                rows[table] = sorted(cursor.fetchall(), key=repr)
    return rows


def numbers() -> dict[str, int]:
    return {table: len(rows) for table, rows in every_row().items()}
