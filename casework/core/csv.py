"""CSV as Dutch spreadsheets read it, without running a formula (R-95, R-96)."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator
from decimal import Decimal

from casework.core import clock

# Says to a spreadsheet that the file is UTF-8.
BOM = "\ufeff"
# What a spreadsheet skips before it looks for a formula; tab and carriage return are dangerous themselves.
_SKIPPED = " \n\v\f\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
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
    return "'" + text if text.lstrip(_SKIPPED).startswith(_DANGEROUS) else text


def write(header: list[str], rows) -> str:
    """The whole file as text: BOM, semicolons, CRLF, quotes per RFC 4180; the last line is data."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
    writer.writerow(header)
    writer.writerows([cell(value) for value in row] for row in rows)
    return BOM + out.getvalue()


def file_name(kind: str, first: dt.date, last: dt.date) -> str:
    return f"etf_{kind}_{first:%Y-%m-%d}_{last:%Y-%m-%d}.csv"


def stream(header: list[str], rows: Iterable[Iterable]) -> Iterator[str]:
    """As `write`, line by line, for what is too much to hold at once."""
    yield write(header, [])
    for row in rows:
        yield write([cell(value) for value in row], []).removeprefix(BOM)
