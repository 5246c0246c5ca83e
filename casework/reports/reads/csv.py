"""CSV as Dutch spreadsheets read it, without running a formula (R-95, R-96)."""

import csv
import datetime as dt
import io
from decimal import Decimal

from casework.core import clock

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def cell(value) -> str:
    """One cell: numbers with a comma, local dates and times in ISO order, text guarded against formulas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return f"{Decimal(str(value)):f}".replace(".", ",")
    if isinstance(value, dt.datetime):
        return f"{clock.local(value):%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    text = str(value)
    # "After spaces": a tab or carriage return in front is dangerous itself.
    return "'" + text if text.lstrip(" \u00a0").startswith(_DANGEROUS) else text


def write(header: list[str], rows) -> str:
    """The whole file as text: BOM, semicolons, CRLF, quotes per RFC 4180; the last line is data."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def file_name(kind: str, first: dt.date, last: dt.date) -> str:
    return f"etf_{kind}_{first:%Y-%m-%d}_{last:%Y-%m-%d}.csv"
