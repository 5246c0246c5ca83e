"""What stands out among the looks at households (S26, tab Opvallend; domain.md 7.3). One query each, beside the users."""

import datetime as dt

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from casework.core import names
from casework.core.models import User
from casework.privacy.reads.trail import reason_words

# More households than this within an hour is no ordinary work.
MANY_IN_AN_HOUR = 60
# So long after a look something may still follow from it.
FOLLOW_UP = dt.timedelta(days=7)
_MOST = 100

_LOOKED = """
looked as (
  select line.id, line.at, line.user_id_at_time as user_id, line.reason, substr(line.object_key, 11)::bigint as household
  from casework_auditentry line
  where line.kind = 'viewed' and line.object_key ~ '^household:[0-9]{1,18}$'
    and line.at >= %(first)s and line.at < %(after)s and line.user_id_at_time = any(%(users)s)
)
"""

_WITHOUT_FOLLOW_UP = f"""
with {_LOOKED}, strange as (
  select looked.user_id, looked.household, household.case_number, min(looked.at) as at, count(*) as looks,
    coalesce((array_agg(looked.reason order by looked.at desc) filter (where looked.reason <> ''))[1], '') as reason
  from looked
  join casework_household household on household.id = looked.household
  join casework_counsellor own on own.user_id = looked.user_id
  where household.owner_id is distinct from own.id
  group by looked.user_id, looked.household, household.case_number
)
select strange.user_id, strange.case_number, strange.at, strange.looks, strange.reason
from strange
where not exists (
    select from casework_auditentry done
    where done.user_id_at_time = strange.user_id and done.kind = 'changed' and done.action <> 'give_access_reason'
      and done.object_key = 'household:' || strange.household and done.at >= strange.at
      and done.at < strange.at + %(follow_up)s)
  and not exists (
    select from casework_appointment appointment
    join casework_auditentry done on done.object_key = 'appointment:' || appointment.id
    where appointment.household_id = strange.household and done.user_id_at_time = strange.user_id
      and done.kind = 'changed' and done.at >= strange.at and done.at < strange.at + %(follow_up)s)
order by strange.at desc, strange.case_number limit {_MOST}
"""

_AT_HOME = f"""
with {_LOOKED}, staff as (
  select * from unnest(%(keys)s::bigint[], %(surnames)s::text[], %(postcodes)s::text[]) as one(user_id, surname, postcode)
)
select looked.user_id, household.case_number, min(looked.at), count(distinct looked.id),
  coalesce(bool_or(member.id is not null), false) as same_name,
  bool_or(staff.postcode <> '' and household.postcode = staff.postcode) as same_postcode
from looked
join staff on staff.user_id = looked.user_id
join casework_household household on household.id = looked.household
left join casework_member member
  on member.household_id = household.id and staff.surname <> '' and member.search_surname = staff.surname
where member.id is not null or (staff.postcode <> '' and household.postcode = staff.postcode)
group by looked.user_id, household.case_number
order by min(looked.at) desc, household.case_number limit {_MOST}
"""

_MANY_AT_ONCE = f"""
with {_LOOKED}, once as (
  select user_id, household, min(at) as at from looked group by user_id, household, date_trunc('day', at)
), counted as (
  select user_id, at, count(*) over (partition by user_id order by at range interval '1 hour' preceding) as number
  from once
)
select distinct on (user_id, (at at time zone 'Europe/Amsterdam')::date) user_id, at, number from counted
where number > {MANY_IN_AN_HOUR}
order by user_id, (at at time zone 'Europe/Amsterdam')::date, number desc, at limit {_MOST}
"""


def without_follow_up(users: QuerySet[User], first: dt.datetime, after: dt.datetime) -> list[dict]:
    """Counsellors who looked at a household of a colleague, and nothing came of it within a week."""
    names_of = {user.pk: str(user) for user in users}
    rows = _ask(_WITHOUT_FOLLOW_UP, first, after, users=list(names_of), follow_up=FOLLOW_UP)
    return [
        {"who": names_of[key], "case_number": number, "at": at, "looks": looks, "why": reason_words(reason)}
        for key, number, at, looks, reason in rows
    ]


def at_home(users: QuerySet[User], first: dt.datetime, after: dt.datetime) -> list[dict]:
    """Who looked at somebody with the same surname, or at a household in the postcode they gave as their own."""
    staff = list(users)
    names_of = {user.pk: str(user) for user in staff}
    rows = _ask(
        _AT_HOME, first, after, users=list(names_of), keys=list(names_of),
        surnames=[_surname(user) for user in staff], postcodes=[user.postcode for user in staff],
    )  # fmt: skip
    return [
        {"who": names_of[key], "case_number": number, "at": at, "looks": looks, "why": _the_same(same_name, near)}
        for key, number, at, looks, same_name, near in rows
    ]


def many_at_once(users: QuerySet[User], first: dt.datetime, after: dt.datetime) -> list[dict]:
    """Who opened more than sixty different households within an hour; of each day the busiest hour."""
    names_of = {user.pk: str(user) for user in users}
    rows = _ask(_MANY_AT_ONCE, first, after, users=list(names_of))
    return [{"who": names_of[key], "at": at, "number": number} for key, at, number in rows]


def _the_same(surname: bool, postcode: bool) -> str:
    said = [(surname, _("surname")), (postcode, _("postcode"))]
    return ", ".join(str(word) for is_so, word in said if is_so)


def _surname(user: User) -> str:
    """Folded and without prefix, as members have it."""
    surname = user.full_name.partition(" ")[2]
    return names.fold(names.split_prefix(surname)[1])


def _ask(sql: str, first: dt.datetime, after: dt.datetime, **values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"first": first, "after": after, **values})
        return cursor.fetchall()
