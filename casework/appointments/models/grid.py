"""The agenda as a table: quarters of an hour down, counsellors or days across (S10)."""

import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from casework.appointments.models.appointments import OCCUPIES_TIME, Appointment
from casework.appointments.models.slots import GRID, Slot, earliest_start
from casework.core import clock
from casework.counsellors.models import Absence, Counsellor, WorkingHours
from casework.places.models import CalendarDay, Location, OpeningHours

QUARTERS_IN_A_DAY = 24 * 4


class CellKind(enum.Enum):
    """What a stretch of an agenda is; the template has the words."""

    FREE = "free"
    PAST = "past"
    TAKEN = "taken"
    TRAVEL = "travel"
    BREAK = "break"
    OUTSIDE = "outside"
    AWAY = "away"
    CLOSED = "closed"
    LOOSE = "loose"


@dataclass(frozen=True)
class Cell:
    """A stretch of one column: so many quarters from a moment. `slot` only where one can book."""

    kind: CellKind
    start: dt.datetime
    quarters: int
    appointments: tuple[Appointment, ...] = ()
    slot: Slot | None = None
    note: str = ""


@dataclass
class Column:
    """One counsellor on one date. `counsellor` is None for what stands with nobody to receive it."""

    date: dt.date
    counsellor: Counsellor | None
    # Quarters in which one works at a location that is open then.
    working: list[tuple[int, int, Location]] = field(default_factory=list)
    away: list[tuple[dt.datetime, dt.datetime]] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    # On the way to a talk at home, and back.
    travel: list[tuple[dt.datetime, dt.datetime]] = field(default_factory=list)
    closed: str = ""


@dataclass(frozen=True)
class Row:
    """A quarter of an hour: its wall time, and per column the cell that starts there, or None where one goes on."""

    time: dt.time
    cells: list[Cell | None]

    @property
    def is_hour(self) -> bool:
        return self.time.minute == 0


@dataclass(frozen=True)
class Grid:
    columns: list[Column]
    rows: list[Row]


def day_grid(date: dt.date, location: Location, *, now: dt.datetime) -> Grid:
    """A day at a location, a column per counsellor who works or has somebody there. Five queries."""
    rows = _standing([date]).filter(location=location)
    hours = _working_hours([date]).filter(location=location)
    counsellors = {one.counsellor_id: one.counsellor for one in (*hours, *rows)}
    counsellors |= {one.second_counsellor_id: one.second_counsellor for one in rows if one.second_counsellor_id}
    columns = [Column(date, one) for one in sorted(counsellors.values(), key=lambda one: (one.sort_name, one.pk))]
    return _fill(columns, hours, rows, now=now, loose=True)


def week_of(date: dt.date) -> list[dt.date]:
    """The seven local dates of the week of a date (R-01: dates, never 168 hours)."""
    monday = date - dt.timedelta(days=date.weekday())
    return [monday + dt.timedelta(days=number) for number in range(7)]


def counsellor_grid(dates: list[dt.date], counsellor: Counsellor, *, now: dt.datetime) -> Grid:
    """Consecutive dates of one counsellor, at whatever location. Five queries."""
    rows = _standing(dates).of(counsellor)
    hours = _working_hours(dates).filter(counsellor=counsellor)
    return _fill([Column(date, counsellor) for date in dates], hours, rows, now=now, loose=False)


def _standing(dates: list[dt.date]):
    """What takes up time; what was cancelled or missed stands in the list."""
    rows = Appointment.objects.for_list().filter(OCCUPIES_TIME)
    return rows.between(clock.day_bounds(dates[0])[0], clock.day_bounds(dates[-1])[1]).order_by("starts_at", "pk")


def _working_hours(dates: list[dt.date]):
    weekdays = {date.isoweekday() for date in dates}
    rows = WorkingHours.objects.filter(weekday__in=weekdays, counsellor__active=True)
    return rows.select_related("counsellor__user", "location").order_by("starts", "pk")


def _fill(
    columns: list[Column],
    hours: Iterable[WorkingHours],
    rows: Iterable[Appointment],
    *,
    now: dt.datetime,
    loose: bool,
) -> Grid:
    hours, rows = list(hours), list(rows)
    dates = sorted({column.date for column in columns})
    opening = _opening({one.location_id for one in hours})
    closed = {one.date: one.name for one in CalendarDay.objects.filter(date__in=dates, closed=True)}
    away = _away({column.counsellor.pk for column in columns}, dates)
    unreceived = Column(dates[0], None) if loose and dates else None
    for column in columns:
        key = column.counsellor.pk
        column.closed = closed.get(column.date, "")
        column.away = away[key]
        column.working = [
            (max(start, opens), min(end, closes), one.location)
            for one in hours if one.counsellor_id == key and _counts_on(one, column.date)
            for start, end in [(_quarter(one.starts), _quarter(one.ends))]
            for opens, closes in opening[one.location_id, one.weekday] if opens < end and start < closes
        ]  # fmt: skip
        for one in rows:
            if key in one.counsellor_ids and clock.local_date(one.starts_at) == column.date:
                first = one.counsellor_id == key
                away_then = unreceived and first and not one.outcome and _nobody_receives(one, column)
                (unreceived if away_then else column).appointments.append(one)
                if one.travel:
                    column.travel += [
                        (one.starts_at - one.travel, one.starts_at),
                        (one.ends_at, one.ends_at + one.travel),
                    ]
    shown = [column for column in columns if not loose or column.working or column.appointments or column.away]
    if unreceived and unreceived.appointments:
        shown.append(unreceived)
    first, last = _bounds(shown)
    down = [_cells(column, first, last, now) for column in shown]
    return Grid(shown, [Row(_time(quarter), [cells.get(quarter) for cells in down]) for quarter in range(first, last)])


def _nobody_receives(one: Appointment, column: Column) -> bool:
    gone = not one.counsellor.active
    return gone or any(start < one.ends_at and end > one.starts_at for start, end in column.away)


def _opening(locations: set[int]) -> dict[tuple[int, int], list[tuple[int, int]]]:
    found = defaultdict(list)
    for one in OpeningHours.objects.filter(location__in=locations).order_by("opens", "pk"):
        found[one.location_id, one.weekday].append((_quarter(one.opens), _quarter(one.closes)))
    return found


def _away(counsellors: set[int], dates: list[dt.date]) -> dict[int, list[tuple[dt.datetime, dt.datetime]]]:
    found = defaultdict(list)
    if dates:
        whole = (clock.day_bounds(dates[0])[0], clock.day_bounds(dates[-1])[1])
        rows = Absence.objects.filter(counsellor__in=counsellors, period__overlap=whole).order_by("pk")
        for one in rows:
            found[one.counsellor_id].append((one.period.lower, one.period.upper))
    return found


def _counts_on(one: WorkingHours, date: dt.date) -> bool:
    return one.weekday == date.isoweekday() and (one.valid_from or date) <= date <= (one.valid_to or date)


def _quarter(time: dt.time) -> int:
    return time.hour * 4 + time.minute // 15


def _time(quarter: int) -> dt.time:
    return dt.time(quarter // 4, quarter % 4 * 15)


def _span(one: Appointment) -> tuple[int, int]:
    """From the quarter it starts in to the end of the one it ends in; never past midnight."""
    local = clock.local(one.starts_at)
    into_quarter = dt.timedelta(minutes=local.minute % 15)
    start = _quarter(local.time())
    return start, min(QUARTERS_IN_A_DAY, start + max(1, -((one.starts_at - into_quarter - one.ends_at) // GRID)))


def _bounds(columns: list[Column]) -> tuple[int, int]:
    """From the first to the last quarter in which anybody works or anything stands."""
    spans = [(start, end) for column in columns for start, end, _place in column.working]
    spans += [_span(one) for column in columns for one in column.appointments]
    return (min(start for start, _end in spans), max(end for _start, end in spans)) if spans else (0, 0)


def _cells(column: Column, first: int, last: int, now: dt.datetime) -> dict[int, Cell]:
    """Quarter → the cell that starts there. Free quarters stand alone; what cannot be booked stands together."""
    if column.counsellor is None:
        return _loose_cells(column, first, last)
    taken = _by_start(column)
    cells, quarter = {}, first
    while quarter < last:
        here = taken.get(quarter, ())
        kind = CellKind.TAKEN if here else _kind(column, quarter, now)
        end = max(_span(one)[1] for one in here) if here else quarter + 1
        # What was not booked on the grid may end in the quarter in which the next one starts.
        end = min([last, end, *(start for start in taken if start > quarter)])
        while not here and kind != CellKind.FREE and end < last and end not in taken:
            if _kind(column, end, now) != kind:
                break
            end += 1
        cells[quarter] = Cell(
            kind, _moment(column.date, quarter), end - quarter, here,
            slot=_slot(column, quarter) if kind == CellKind.FREE else None,
            note=column.closed if kind == CellKind.CLOSED else "",
        )  # fmt: skip
        quarter = end
    return cells


def _by_start(column: Column) -> dict[int, tuple[Appointment, ...]]:
    """Quarter → who starts in it; more than one only where a delivery did not keep to the grid."""
    found = defaultdict(list)
    for one in column.appointments:
        found[_span(one)[0]].append(one)
    return {quarter: tuple(rows) for quarter, rows in found.items()}


def _loose_cells(column: Column, first: int, last: int) -> dict[int, Cell]:
    """Several may start at once: they stand in the quarter in which they start."""
    starting = _by_start(column)
    return {
        quarter: Cell(CellKind.LOOSE, _moment(column.date, quarter), 1, starting.get(quarter, ()))
        for quarter in range(first, last)
    }


def _kind(column: Column, quarter: int, now: dt.datetime) -> CellKind:
    if column.closed:
        return CellKind.CLOSED
    if not any(start <= quarter < end for start, end, _place in column.working):
        before = any(end <= quarter for _start, end, _place in column.working)
        after = any(start > quarter for start, _end, _place in column.working)
        return CellKind.BREAK if before and after else CellKind.OUTSIDE
    start = _moment(column.date, quarter)
    if any(away < start + GRID and back > start for away, back in column.away):
        return CellKind.AWAY
    if any(leaves < start + GRID and comes > start for leaves, comes in column.travel):
        return CellKind.TRAVEL
    return CellKind.FREE if start >= earliest_start(now) else CellKind.PAST


def _slot(column: Column, quarter: int) -> Slot:
    place = next(place for start, end, place in column.working if start <= quarter < end)
    start = _moment(column.date, quarter)
    return Slot(start, GRID, column.counsellor.pk, str(column.counsellor), place.pk, place.name)


def _moment(date: dt.date, quarter: int) -> dt.datetime:
    """The moment of a wall time; of one that is skipped the hour after, of one that comes twice the first (R-01)."""
    try:
        return clock.at(date, _time(quarter))
    except clock.NoSuchLocalTime:
        return clock.at(date, dt.time(quarter // 4 + 1))
