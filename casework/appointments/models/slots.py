"""Free time, worked out by PostgreSQL in one statement.

Working hours inside opening hours, minus closed days, minus absences, minus what takes the counsellor (travel included),
within what is free of a second counsellor, minus what stands for the household. Ranges do the arithmetic; nothing is
looped over in Python (performance.md).
"""

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from casework.core import clock
from casework.core.thresholds import Threshold

# starts stand on the quarter of an hour.
GRID = dt.timedelta(minutes=15)


def earliest_start(now: dt.datetime) -> dt.datetime:
    """Before this no appointment can start any more (R-11)."""
    return now + Threshold.LEAD_TIME.span(now)


@dataclass(frozen=True)
class Slot:
    """A start that can be booked."""

    start: dt.datetime
    length: dt.timedelta
    counsellor_id: int
    counsellor_name: str
    location_id: int
    location_name: str

    @property
    def end(self) -> dt.datetime:
        return self.start + self.length

    @property
    def date(self) -> dt.date:
        return clock.local_date(self.start)

    @property
    def key(self) -> str:
        """What a form sends back for this slot."""
        return f"{self.start.astimezone(dt.UTC):%Y%m%dT%H%MZ}.{self.counsellor_id}.{self.location_id}"

    @staticmethod
    def read_key(text: str) -> tuple[dt.datetime, int, int] | None:
        """Start, counsellor and location of a key; None for any other text. Whether it is free is another question."""
        try:
            moment, counsellor, location = text.split(".")
            start = dt.datetime.strptime(moment, "%Y%m%dT%H%MZ").replace(tzinfo=dt.UTC)
            keys = int(counsellor), int(location)
        except ValueError:
            return None
        return (start, *keys) if start.year < dt.MAXYEAR and min(keys) > 0 and max(keys) < 2**63 else None


@dataclass(frozen=True)
class SearchArea:
    """Where to look: a length of talk, a span of moments, and whom and where it may be.

    `household_id`: its own standing appointments are not free either. `counsellor_id`, `location_id`, `language`
    narrow the search; None means everybody, everywhere, any language. `leave_out_id`: an appointment that is being
    moved and so does not stand in its own way. `second_id`: who comes too, and must be at work and free, wherever.
    `travel`: one way; the counsellors are taken that much longer before and after, the household is not. `quiet`: from
    when until when not to call, every day.
    """

    length: dt.timedelta
    earliest: dt.datetime
    latest_date: dt.date
    household_id: int | None = None
    counsellor_id: int | None = None
    location_id: int | None = None
    language: str | None = None
    leave_out_id: int | None = None
    second_id: int | None = None
    travel: dt.timedelta = dt.timedelta()
    quiet: tuple[dt.time, dt.time] | None = None

    def parameters(self, now: dt.datetime) -> dict:
        earliest = max(self.earliest, earliest_start(now))
        return {
            "zone": clock.LOCAL.key,
            "length": self.length,
            "grid": GRID.total_seconds(),
            "earliest": earliest,
            "first_date": clock.local_date(earliest),
            "last_date": self.latest_date,
            "household": self.household_id,
            "counsellor": self.counsellor_id,
            "location": self.location_id,
            "language": self.language,
            "leave_out": self.leave_out_id,
            "second": self.second_id,
            "travel": self.travel,
            "quiet_from": self.quiet and self.quiet[0],
            "quiet_until": self.quiet and self.quiet[1],
        }


def _moment(wall: str) -> str:
    """SQL for the moment of a wall time (R-01): of a time that exists twice the first; a skipped one is the hour after."""
    moment = f"(({wall}) at time zone %(zone)s)"
    return f"""case
        when {moment} at time zone %(zone)s <> {wall}
          then (date_trunc('hour', {wall}) + interval '1 hour') at time zone %(zone)s
        when ({moment} - interval '1 hour') at time zone %(zone)s = {wall} then {moment} - interval '1 hour'
        else {moment} end"""


# Of the counsellors that the condition after it names: a stretch of work per day and pair of hours.
_STRETCHES = f"""
  select w.counsellor_id, w.location_id,
         tstzrange({_moment("d.date + greatest(w.starts, o.opens)")},
                   {_moment("d.date + least(w.ends, o.closes)")}) as stretch
  from days d
  join casework_workinghours w on w.weekday = d.weekday
       and (w.valid_from is null or w.valid_from <= d.date) and (w.valid_to is null or w.valid_to >= d.date)
  join casework_openinghours o on o.location_id = w.location_id and o.weekday = d.weekday
       and o.opens < w.ends and o.closes > w.starts
  join casework_counsellor c on c.id = w.counsellor_id and c.active
  join casework_location p on p.id = w.location_id and p.active
"""

# The evening before may go on until this morning.
_QUIET_UNTIL = """(d.date + %(quiet_until)s::time
  + case when %(quiet_until)s::time < %(quiet_from)s::time then interval '1 day' else interval '0' end)"""

_FREE = f"""
with days as (
  select day::date as date, extract(isodow from day)::int as weekday
  from generate_series(%(first_date)s::date, %(last_date)s::date, interval '1 day') as day
  where not exists (select from casework_calendarday c where c.date = day::date and c.closed)
), span as (
  select tstzrange(%(first_date)s::date::timestamp at time zone %(zone)s,
                   (%(last_date)s::date + 1)::timestamp at time zone %(zone)s) as whole
), working as (
  select counsellor_id, location_id, range_agg(stretch) as hours from ({_STRETCHES}
    where (%(counsellor)s::bigint is null or w.counsellor_id = %(counsellor)s)
      and (%(location)s::bigint is null or w.location_id = %(location)s)
      and (%(language)s::text is null or c.languages @> array[%(language)s]::varchar[])
      and w.counsellor_id is distinct from %(second)s::bigint
  ) as found group by counsellor_id, location_id
), taken as (
  select counsellor_id, range_agg(during) as during from (
    select o.counsellor_id, o.during from casework_occupancy o, span
    where o.during && span.whole and o.appointment_id is distinct from %(leave_out)s::bigint
      and (o.counsellor_id in (select counsellor_id from working) or o.counsellor_id = %(second)s)
    union all
    select b.counsellor_id, b.period from casework_absence b, span
    where b.period && span.whole
      and (b.counsellor_id in (select counsellor_id from working) or b.counsellor_id = %(second)s)
  ) both_kinds group by counsellor_id
), beside as (
  select case when %(second)s::bigint is null then '{{(,)}}'::tstzmultirange else
    coalesce((select range_agg(stretch) from ({_STRETCHES} where w.counsellor_id = %(second)s) as found),
             '{{}}'::tstzmultirange)
    - coalesce((select during from taken where counsellor_id = %(second)s), '{{}}'::tstzmultirange)
  end as during
), own as (
  select coalesce(range_agg(during), '{{}}'::tstzmultirange) as during from (
    select tstzrange(a.starts_at, a.ends_at, '[)') as during from casework_appointment a, span
    where a.household_id = %(household)s and (a.outcome = '' or a.outcome in ('V', 'L'))
      and a.id is distinct from %(leave_out)s::bigint and tstzrange(a.starts_at, a.ends_at, '[)') && span.whole
    union all
    select tstzrange({_moment("d.date + %(quiet_from)s::time")}, {_moment(_QUIET_UNTIL)})
    from (select date from days union select %(first_date)s::date - 1) as d where %(quiet_from)s::time is not null
  ) as busy
), blocks as (
  select w.counsellor_id, w.location_id,
         unnest((w.hours - coalesce(t.during, '{{}}'::tstzmultirange)) * beside.during) as block
  from working w left join taken t using (counsellor_id), beside
), free as (
  select counsellor_id, location_id,
         unnest(tstzmultirange(tstzrange(lower(block) + %(travel)s::interval, upper(block) - %(travel)s::interval))
                - own.during) as block
  from blocks, own where upper(block) - lower(block) > 2 * %(travel)s::interval
), starts as (
  select counsellor_id, location_id, start, (start at time zone %(zone)s)::date as date,
         extract(hour from start at time zone %(zone)s) >= 12 as afternoon
  from free, generate_series(
    to_timestamp(ceil(extract(epoch from greatest(lower(block), %(earliest)s)) / %(grid)s) * %(grid)s),
    upper(block) - %(length)s::interval,
    make_interval(secs => %(grid)s)) as start
)
"""

_NAMES = """
join casework_counsellor c on c.id = s.counsellor_id
join casework_user u on u.id = c.user_id
join casework_location l on l.id = s.location_id
"""
_COLUMNS = "s.start, s.counsellor_id, u.full_name, s.location_id, l.name"

# the earliest start of each half-day; among equals who has the fewest appointments that date, then by name.
_SUGGESTIONS = (
    _FREE
    + """
, earliest as (
  select date, afternoon, min(start) as start from starts
  group by date, afternoon order by date, afternoon limit %(half_days)s
), load as (
  select o.counsellor_id, (lower(o.during) at time zone %(zone)s)::date as date, count(*) as number
  from casework_occupancy o, span
  where o.during && span.whole and o.counsellor_id in (select counsellor_id from working)
  group by 1, 2
)
select distinct on (s.date, s.afternoon) """
    + _COLUMNS
    + """
from starts s
join earliest e on e.date = s.date and e.afternoon = s.afternoon and e.start = s.start
"""
    + _NAMES
    + """
left join load on load.counsellor_id = s.counsellor_id and load.date = s.date
order by s.date, s.afternoon, coalesce(load.number, 0), c.sort_name, c.id, l.name, l.id
"""
)
_ALL = _FREE + "select " + _COLUMNS + " from starts s " + _NAMES + " order by s.start, c.sort_name, c.id, l.name, l.id"


def _slots(sql: str, area: SearchArea, parameters: dict) -> list[Slot]:
    if parameters["first_date"] > parameters["last_date"]:
        # Late in the evening the first possible start is tomorrow; a term may have passed.
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [
            Slot(start, area.length, counsellor_id, counsellor_name, location_id, location_name)
            for start, counsellor_id, counsellor_name, location_id, location_name in cursor.fetchall()
        ]


def suggestions(area: SearchArea, *, now: dt.datetime, half_days: int | None = None) -> list[Slot]:
    """At most `half_days` slots, one per half-day, earliest first (R-13). One query."""
    most = half_days or Threshold.SUGGESTIONS.number(now)
    return _slots(_SUGGESTIONS, area, area.parameters(now) | {"half_days": most})


def free_slots(area: SearchArea, *, now: dt.datetime) -> list[Slot]:
    """Every free start in the area, by time and then by counsellor. One query."""
    return _slots(_ALL, area, area.parameters(now))


_DAYS = _FREE + "select date, count(distinct start) from starts group by date order by date"


def free_days(area: SearchArea, *, now: dt.datetime) -> dict[dt.date, int]:
    """Local date → at how many different times somebody is free, for the dates with any. One query."""
    parameters = area.parameters(now)
    if parameters["first_date"] > parameters["last_date"]:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, parameters)
        return dict(cursor.fetchall())


@dataclass(frozen=True)
class Block:
    """A stretch in which a counsellor is free at a location."""

    start: dt.datetime
    end: dt.datetime
    counsellor_id: int
    counsellor_name: str
    languages: tuple[str, ...]
    location_id: int
    location_name: str
    location_code: str


_BLOCKS = (
    _FREE
    + """
select lower(s.block), upper(s.block), s.counsellor_id, u.full_name, c.languages, s.location_id, l.name, l.code
from free s
"""
    + _NAMES
    + " order by lower(s.block), c.sort_name, c.id, l.name, l.id"
)


def free_blocks(area: SearchArea, *, now: dt.datetime) -> list[Block]:
    """Free time in whole stretches, whatever their length; those of today begin before now. One query."""
    parameters = area.parameters(now)
    if parameters["first_date"] > parameters["last_date"]:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_BLOCKS, parameters)
        return [
            Block(start, end, counsellor_id, name, tuple(languages), *place)
            for start, end, counsellor_id, name, languages, *place in cursor.fetchall()
        ]


# How many talks of this length fit in what is still free, per location and week (Monday).
_CAPACITY = (
    _FREE
    + """
, rest as (
  select location_id, greatest(lower(block), %(earliest)s) as starts, upper(block) as ends from free
  where upper(block) > %(earliest)s
)
select location_id, date_trunc('week', starts at time zone %(zone)s)::date,
       sum(floor(extract(epoch from ends - starts) / extract(epoch from %(length)s::interval)))::int
from rest group by 1, 2 order by 2, 1
"""
)


def capacity(area: SearchArea, *, now: dt.datetime) -> dict[tuple[int, dt.date], int]:
    """(location, Monday) → how many talks of the length of `area` fit one after the other in the free time. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_CAPACITY, area.parameters(now))
        return {(location, monday): number for location, monday, number in cursor.fetchall()}
