"""Every line of the audit trail becomes a link of a chain of hashes (R-92; docs/decisions/0033)."""

import uuid

import django.contrib.postgres.functions
from django.db import migrations, models

# What a line says, in two parts: what stays for ever, and what may be blanked when its term is over. The columns
# are named one by one, so that a column added later leaves old hashes as they are; jsonb writes each value in one way
# only, and the time zone is fixed because it writes moments in that of the session.
CHAIN = """
create function casework_audit_personal(line casework_auditentry) returns text language sql stable
set search_path from current set timezone to 'UTC' as $$
  select encode(sha256(convert_to(jsonb_build_array(
    line.salt, line.user_id_at_time, line.username, line.reason, line.details)::text, 'UTF8')), 'hex')
$$;

create function casework_audit_hash(number bigint, previous text, line casework_auditentry, personal text)
returns text language sql stable set search_path from current set timezone to 'UTC' as $$
  select encode(sha256(convert_to(jsonb_build_array(
    number, previous, line.id, line.at, line.role, line.kind, line.action, line.object_key, personal)::text, 'UTF8')), 'hex')
$$;

-- Only ever called for a line without a link. The lock makes one chain of what commits at the same time; it is taken
-- as the last thing of a transaction, so that nobody waits for a row while holding it.
create function casework_audit_link() returns trigger language plpgsql security definer
set search_path from current as $$
declare
  last casework_auditlink;
  digest text := casework_audit_personal(new);
begin
  perform pg_advisory_xact_lock(hashtext('casework_auditlink'));
  select * into last from casework_auditlink order by number desc limit 1;
  insert into casework_auditlink (number, entry, previous, personal, hash)
  values (
    coalesce(last.number, 0) + 1, new.id, coalesce(last.hash, ''), digest,
    casework_audit_hash(coalesce(last.number, 0) + 1, coalesce(last.hash, ''), new, digest)
  );
  return null;
end $$;

-- Lines from before the chain become its first links.
do $$
declare
  line casework_auditentry;
  number bigint := 0;
  previous text := '';
  digest text;
begin
  for line in select * from casework_auditentry order by id loop
    number := number + 1;
    digest := casework_audit_personal(line);
    insert into casework_auditlink (number, entry, previous, personal, hash)
    values (number, line.id, previous, digest, casework_audit_hash(number, previous, line, digest))
    returning hash into previous;
  end loop;
end $$;

create constraint trigger audit_link after insert on casework_auditentry deferrable initially deferred
  for each row execute function casework_audit_link();

-- One exception: the personal part of a line goes, all of it at once, after a line that says so (R-63).
create or replace function casework_audit_append_only() returns trigger language plpgsql
set search_path from current as $$
begin
  if tg_op = 'UPDATE' and tg_table_name = 'casework_auditentry' then
    if (new.id, new.at, new.role, new.kind, new.action, new.object_key)
       is not distinct from (old.id, old.at, old.role, old.kind, old.action, old.object_key)
      and (new.salt, new.user_id_at_time, new.username, new.reason, new.details)
          is not distinct from (null::uuid, null::bigint, '', '', '{}'::jsonb)
      and old.action <> 'redact_audit'
      and exists (select from casework_auditentry
                  where action = 'redact_audit' and details -> 'entries' @> to_jsonb(old.id))
    then
      return new;
    end if;
  end if;
  raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
end $$;

create index audit_redacted on casework_auditentry using gin ((details -> 'entries')) where action = 'redact_audit';

create trigger audit_append_only before update or delete on casework_auditlink
  for each row execute function casework_audit_append_only();
create trigger audit_no_truncate before truncate on casework_auditlink
  for each statement execute function casework_audit_append_only();
"""
WITHOUT_CHAIN = """
drop trigger audit_link on casework_auditentry;
drop function casework_audit_link();
drop function casework_audit_hash(bigint, text, casework_auditentry, text);
drop function casework_audit_personal(casework_auditentry);
drop index audit_redacted;
drop trigger audit_append_only on casework_auditlink;
drop trigger audit_no_truncate on casework_auditlink;
create or replace function casework_audit_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
end $$;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0015_retention")]
    operations = [
        migrations.AddField(
            model_name="auditentry",
            name="salt",
            field=models.UUIDField(
                db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, null=True
            ),
        ),
        migrations.CreateModel(
            name="AuditLink",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField(unique=True)),
                ("previous", models.CharField(max_length=64, unique=True)),
                ("personal", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={"verbose_name": "audit link", "verbose_name_plural": "audit links", "ordering": ["-number"]},
        ),
        migrations.RunSQL(CHAIN, WITHOUT_CHAIN),
    ]
