"""The chain of hashes behind the audit trail: proving it, remembering its end, blanking what is over (R-92, R-63)."""

import datetime as dt
from dataclasses import dataclass

import structlog
from django.db import connection, transaction

from casework.core import clock
from casework.core.actions import audit
from casework.core.models import AuditEntry, AuditLink, User

log = structlog.get_logger(__name__)

# Each row is one thing that is wrong: what, the number of the link (0 where there is none), and the line it is about.
_PROBLEMS = """
with redacted as (
  select jsonb_array_elements(details -> 'entries')::bigint as id from casework_auditentry where action = 'redact_audit'
), links as (
  select link.*, lag(link.number, 1, 0::bigint) over chain as number_before, lag(link.hash, 1, '') over chain as hash_before
  from casework_auditlink link window chain as (order by link.number)
), checked as (
  select links.number, links.entry,
    case
      when links.number <> links.number_before + 1 then 'gap'
      when links.previous <> links.hash_before then 'broken'
      when line.id is null then 'line gone'
      when links.hash <> casework_audit_hash(links.number, links.previous, line, links.personal) then 'line changed'
      when links.personal = casework_audit_personal(line) then null
      when line.id in (select id from redacted) and line.salt is null and line.user_id_at_time is null
        and line.username = '' and line.reason = '' and line.details = '{}' then null
      else 'line changed'
    end as problem
  from links left join casework_auditentry line on line.id = links.entry
)
select problem, number, entry from checked where problem is not null
union all
select 'line without link', 0, line.id from casework_auditentry line
where not exists (select from casework_auditlink link where link.entry = line.id)
order by 2, 3 limit %s
"""
MOST_SHOWN = 100


@dataclass(frozen=True)
class Problem:
    """`what` went wrong at link `number` (0: there is none), about line `entry`."""

    what: str
    number: int
    entry: int

    def __str__(self):
        return f"{self.what}: link {self.number}, line {self.entry}"


def problems(*, remembered: str = "") -> list[Problem]:
    """What is wrong with the trail; empty when it is whole. `remembered` is a hash that must still stand in it.

    A chain that is cut off at its end is whole in itself: only a hash that was kept elsewhere shows it. One query or two.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PROBLEMS, [MOST_SHOWN])
        found = [Problem(*row) for row in cursor.fetchall()]
    if remembered and not AuditLink.objects.filter(hash=remembered).exists():
        found.append(Problem("remembered hash gone", 0, 0))
    return found


def last_link() -> AuditLink | None:
    return AuditLink.objects.order_by("-number").first()


@transaction.atomic
def note_last_hash(*, now: dt.datetime) -> bool:
    """Once per local date: write the last hash to the log and the trail, and see that the one noted before still stands.

    Safe to repeat and to run in parallel; whether this was the first time today.
    """
    key = f"auditchain:{clock.local_date(now)}"
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('note_last_hash'))")
    if AuditEntry.objects.filter(object_key=key).exists():
        return False
    before = AuditEntry.objects.filter(action="note_last_hash").first()
    kept = before.details.get("hash", "") if before else ""
    if kept and not AuditLink.objects.filter(hash=kept).exists():
        log.error("audit_chain_cut_off", noted_on=before.object_key)
    last = last_link()
    details = {"number": last.number, "hash": last.hash} if last else {}
    audit(by=None, now=now, action="note_last_hash", on=key, details=details)
    log.info("audit_chain", **details)
    return True


@transaction.atomic
def redact(*, entries: list[int], by: User | None, now: dt.datetime) -> int:
    """Blank what is personal in these lines, whose term is over (R-63); the chain stays whole. How many were blanked.

    One line names the others. Repeatable: what was blanked is not blanked again. Lines that say what was blanked stay.
    """
    rows = AuditEntry.objects.filter(pk__in=entries, salt__isnull=False).exclude(action="redact_audit")
    due = list(rows.order_by("pk").values_list("pk", flat=True))
    if not due:
        return 0
    audit(by=by, now=now, action="redact_audit", on="auditentry", details={"entries": due})
    blank = {"salt": None, "user_id_at_time": None, "username": "", "reason": "", "details": {}}
    return AuditEntry.objects.filter(pk__in=due).update(**blank)
