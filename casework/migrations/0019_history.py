"""The history of changes by triggers (docs/decisions/0040), and what ties it to the audit trail.

Machine-made but for the SQL; see `casework.history` for which models have a history.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import casework.core.encryption
import casework.core.models
from casework.migrations._at_once import at_once

# One key for everything that is written in one transaction: a line of the audit trail and the changes it is about.
TRANSACTION = """
create function casework_transaction() returns uuid language plpgsql as $$
declare
  known text := current_setting('etf.transaction', true);
begin
  if coalesce(known, '') = '' then
    known := gen_random_uuid()::text;
    perform set_config('etf.transaction', known, true);
  end if;
  return known::uuid;
end $$;
"""

# The hash of lines from before stays as it was: what they do not have is not in it.
HASH = """
create or replace function casework_audit_hash(number bigint, previous text, line casework_auditentry, personal text)
returns text language sql stable set search_path from current set timezone to 'UTC' as $$
  select encode(sha256(convert_to((jsonb_build_array(
    number, previous, line.id, line.at, line.role, line.kind, line.action, line.object_key, personal)
    || case when line.transaction is null then '[]' else jsonb_build_array(line.transaction) end
    || case when line.network = '' then '[]' else jsonb_build_array(line.network) end)::text, 'UTF8')), 'hex')
$$;

create or replace function casework_audit_append_only() returns trigger language plpgsql
set search_path from current as $$
begin
  if tg_op = 'UPDATE' and tg_table_name = 'casework_auditentry' then
    if (new.id, new.at, new.role, new.kind, new.action, new.object_key, new.transaction, new.network)
       is not distinct from
       (old.id, old.at, old.role, old.kind, old.action, old.object_key, old.transaction, old.network)
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
"""

# Two exceptions, each only in the transaction of a line that says so, which is the one that has no link yet: changes of
# rows whose term is over go (R-63), and what is encrypted is encrypted anew with another key.
APPEND_ONLY = """
create function casework_history_append_only() returns trigger language plpgsql set search_path from current as $$
declare
  line record;
begin
  if tg_level = 'ROW' then
    for line in
      select entry.action, entry.details from casework_auditentry entry
      where entry.transaction = casework_transaction() and entry.action in ('forget_history', 'rekey')
        and not exists (select from casework_auditlink link where link.entry = entry.id)
    loop
      if tg_op = 'DELETE' then
        if line.action = 'forget_history' and line.details -> 'forgotten' -> tg_table_name @> to_jsonb(old.pgh_obj_id)
        then
          return old;
        end if;
      elsif line.action = 'rekey'
        and to_jsonb(new) - array(select jsonb_array_elements_text(line.details -> 'columns' -> tg_table_name))
          = to_jsonb(old) - array(select jsonb_array_elements_text(line.details -> 'columns' -> tg_table_name))
      then
        return new;
      end if;
    end loop;
  end if;
  raise exception 'the history of changes is append-only' using errcode = 'insufficient_privilege';
end $$;

-- Guards a table of changes, and writes down how the rows stand on which it starts.
create function casework_keep_history(changes regclass, tracked regclass) returns void language plpgsql as $$
declare
  columns text;
begin
  execute format('create trigger history_append_only before update or delete on %s
                  for each row execute function casework_history_append_only()', changes);
  execute format('create trigger history_no_truncate before truncate on %s
                  for each statement execute function casework_history_append_only()', changes);
  select string_agg(quote_ident(attname), ', ') into columns from pg_attribute
  where attrelid = changes and attnum > 0 and not attisdropped and left(attname, 4) <> 'pgh_';
  execute format('insert into %s (pgh_created_at, pgh_label, pgh_obj_id, %s) select now(), ''start'', id, %s from %s',
                 changes, columns, columns, tracked);
end $$;
"""
KEPT = [
    "agreement",
    "appointment",
    "channelconsent",
    "contactattempt",
    "creditor",
    "debt",
    "debtfile",
    "debtfile_clients",
    "followup",
    "helper",
    "household",
    "journalentry",
    "legalhold",
    "lifeevent",
    "member",
    "merge",
    "note",
    "phase",
    "phoneattempt",
    "programmelabel",
    "term",
    "threat",
    "transferproposal",
]


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0018_follow_up"),
    ]

    operations = [
        migrations.RunSQL(TRANSACTION, "drop function casework_transaction()"),
        migrations.CreateModel(
            name="AgreementChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "with_whom",
                    models.CharField(
                        choices=[("MAIT", "MAIT"), ("KBR", "KBR"), ("JPF", "JPF"), ("other", "Somebody else")],
                        max_length=5,
                        verbose_name="with whom",
                    ),
                ),
                ("other_name", models.CharField(blank=True, max_length=120, verbose_name="name of the organisation")),
                ("purpose", models.CharField(max_length=200, verbose_name="what for")),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("name", "Name"),
                                ("phone", "Telephone"),
                                ("language", "Language"),
                                ("postcode", "Postcode area"),
                                ("question", "The question"),
                                ("documents", "Chosen documents"),
                                ("address", "Address"),
                                ("born", "Date of birth"),
                                ("bsn", "BSN"),
                                ("debts", "Debts"),
                                ("budget", "Budget"),
                                ("work", "Education and work"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                        verbose_name="what we may share",
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[("spoken", "By word of mouth"), ("signed", "Signed")], max_length=6, verbose_name="how"
                    ),
                ),
                ("agreed_on", models.DateField(verbose_name="agreed on")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("recorded_on", models.DateField(verbose_name="recorded on")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.member",
                        verbose_name="who agreed",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.agreement",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="withdrawal recorded by",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["household"], name="casework_ag_househo_b63717_idx"),
                    models.Index(fields=["member"], name="casework_ag_member__fa0d15_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_ag_pgh_tra_5df30a_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AppointmentChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("starts_at", models.DateTimeField(verbose_name="start")),
                ("ends_at", models.DateTimeField(verbose_name="end")),
                ("walk_in", models.BooleanField(default=False, verbose_name="walk-in")),
                ("note", models.CharField(blank=True, max_length=140, verbose_name="note to the counsellor")),
                ("booked_at", models.DateTimeField(verbose_name="booked")),
                (
                    "overruled_reason",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="reason for booking outside working hours"
                    ),
                ),
                ("arrived_at", models.DateTimeField(blank=True, null=True, verbose_name="arrived")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("V", "Appeared"),
                            ("L", "Too late, not helped"),
                            ("N", "Did not appear"),
                            ("X", "Did not appear – excused"),
                            ("A1", "Cancelled by resident, in time"),
                            ("A2", "Cancelled by resident, late"),
                            ("E", "Cancelled by ETF"),
                            ("R1", "Moved, in time"),
                            ("R2", "Moved, late"),
                        ],
                        max_length=2,
                        verbose_name="outcome",
                    ),
                ),
                ("recorded_at", models.DateTimeField(blank=True, null=True, verbose_name="recorded")),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("forgotten", "Forgotten"),
                            ("ill", "Ill"),
                            ("work", "Work"),
                            ("transport", "Transport"),
                            ("fear", "Fear or stress"),
                            ("no_papers", "No papers"),
                            ("wrong_time", "Wrong time or place"),
                            ("not_reached", "Not reached"),
                            ("other", "Other"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="told")),
                (
                    "told_how",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("phone", "By telephone"),
                            ("desk", "At the desk"),
                            ("email", "By e-mail"),
                            ("other", "Otherwise"),
                        ],
                        max_length=6,
                        verbose_name="told how",
                    ),
                ),
                ("reference", models.CharField(editable=False, max_length=60, null=True)),
                (
                    "booked_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="booked by",
                    ),
                ),
                (
                    "counsellor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.counsellor",
                        verbose_name="counsellor",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.location",
                        verbose_name="location",
                    ),
                ),
                (
                    "moved_to",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.appointment",
                        verbose_name="moved to",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.appointment",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.appointmenttype",
                        verbose_name="type",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["household"], name="casework_ap_househo_0c54ec_idx"),
                    models.Index(fields=["moved_to"], name="casework_ap_moved_t_d509b1_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_ap_pgh_tra_f45747_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChannelConsentChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("sms", "Text message"),
                            ("email", "E-mail"),
                            ("whatsapp", "WhatsApp"),
                            ("voicemail", "Voicemail"),
                        ],
                        max_length=10,
                        verbose_name="way of contact",
                    ),
                ),
                ("agreed", models.BooleanField(verbose_name="agreed")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("talk", "In a talk"),
                            ("phone", "By telephone"),
                            ("form", "On a form"),
                            ("other", "Otherwise"),
                        ],
                        max_length=6,
                        verbose_name="how we know",
                    ),
                ),
                ("given_on", models.DateField(verbose_name="said on")),
                ("recorded_on", models.DateField(verbose_name="recorded on")),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.channelconsent",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["household"], name="casework_ch_househo_17c64d_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_ch_pgh_tra_a77979_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactAttemptChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("phone", "Telephone"),
                            ("sms", "Text message"),
                            ("email", "E-mail"),
                            ("letter", "Letter"),
                            ("visit", "Home visit"),
                        ],
                        max_length=6,
                        verbose_name="way of contact",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("no_answer", "No answer"),
                            ("voicemail", "Voicemail left"),
                            ("left", "Sent or left behind, no answer yet"),
                            ("unreachable", "Number or address is not right"),
                            ("spoken", "Spoken with"),
                        ],
                        max_length=11,
                        verbose_name="result",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.contactattempt",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["household"], name="casework_co_househo_940d79_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_co_pgh_tra_45e1e2_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CreditorChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=160, verbose_name="name")),
                ("kvk_number", models.CharField(blank=True, max_length=8, verbose_name="KvK number")),
                ("postcode", models.CharField(blank=True, max_length=6, verbose_name="postcode")),
                ("private_person", models.BooleanField(default=False, verbose_name="private person")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.creditor",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [models.Index(fields=["pgh_transaction"], name="casework_cr_pgh_tra_cd6f39_idx")],
            },
        ),
        migrations.CreateModel(
            name="DebtChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("Zorg", "Health"), ("Publiek", "Public"), ("Nuts", "Utilities"), ("Overig", "Other")],
                        default="Overig",
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=12, verbose_name="amount")),
                ("as_of", models.DateField(blank=True, null=True, verbose_name="amount on")),
                ("preferred", models.BooleanField(default=False, verbose_name="preferred")),
                ("business", models.BooleanField(default=False, verbose_name="business debt")),
                ("reference", models.CharField(blank=True, max_length=60, verbose_name="reference")),
                (
                    "creditor",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.creditor",
                        verbose_name="creditor",
                    ),
                ),
                (
                    "debt_file",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.debtfile",
                        verbose_name="debt file",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.debt",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["debt_file"], name="casework_de_debt_fi_591af8_idx"),
                    models.Index(fields=["creditor"], name="casework_de_credito_381152_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_de_pgh_tra_134e1b_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DebtFile_clientsChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "debtfile",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.debtfile",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        db_tablespace="",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.member",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.debtfile_clients",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["debtfile"], name="casework_de_debtfil_afea7a_idx"),
                    models.Index(fields=["member"], name="casework_de_member__ddb1a6_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_de_pgh_tra_5076c1_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DebtFileChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("opened_on", models.DateField(verbose_name="opened")),
                ("description", models.CharField(blank=True, max_length=200, verbose_name="description")),
                ("municipality_code", models.CharField(max_length=8, verbose_name="responsible municipality")),
                ("crisis_at_report", models.BooleanField(blank=True, null=True, verbose_name="crisis at the report")),
                ("granted_on", models.DateField(blank=True, null=True, verbose_name="granted")),
                (
                    "total_at_start",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=12, null=True, verbose_name="debts at the start"
                    ),
                ),
                ("plan_completed_on", models.DateField(blank=True, null=True, verbose_name="plan completed")),
                (
                    "decision_kind",
                    models.CharField(
                        blank=True,
                        choices=[("admission", "Admission"), ("refusal", "Refusal")],
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="decided")),
                (
                    "solution_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Betalingsregeling", "Repayment plan"),
                            ("Herfinanciering", "Refinancing"),
                            ("Saneringskrediet", "Restructuring credit"),
                            ("Schuldbemiddeling", "Debt mediation"),
                            ("0%-aanbod", "Arrangement without capacity"),
                        ],
                        max_length=20,
                        verbose_name="solution",
                    ),
                ),
                ("solution_start", models.DateField(blank=True, null=True, verbose_name="solution starts")),
                ("solution_end", models.DateField(blank=True, null=True, verbose_name="solution ended")),
                (
                    "vtlb",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="amount left free, euros a month"),
                ),
                (
                    "arrangement_submitted_on",
                    models.DateField(blank=True, null=True, verbose_name="arrangement submitted"),
                ),
                ("arrangement_granted_on", models.DateField(blank=True, null=True, verbose_name="arrangement granted")),
                ("arrangement_refused_on", models.DateField(blank=True, null=True, verbose_name="arrangement refused")),
                (
                    "arrangement_withdrawn_on",
                    models.DateField(blank=True, null=True, verbose_name="arrangement withdrawn"),
                ),
                (
                    "forced_agreement_asked_on",
                    models.DateField(blank=True, null=True, verbose_name="forced agreement asked"),
                ),
                (
                    "forced_agreement",
                    models.BooleanField(blank=True, null=True, verbose_name="forced agreement granted"),
                ),
                (
                    "exit_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Overleden", "Deceased"),
                            ("Verhuisd", "Moved away"),
                            ("Nietverschenen", "Did not appear"),
                            ("Ingetrokken", "Withdrawn"),
                            ("Niet passend", "Not fitting"),
                            ("Voldoet niet", "Obligations not met"),
                            ("Zelf", "Solved by themselves"),
                            ("Afgerond", "Completed"),
                            ("Overig", "Other"),
                        ],
                        max_length=20,
                        verbose_name="reason of exit",
                    ),
                ),
                ("exit_note", models.CharField(blank=True, max_length=200, verbose_name="explanation of exit")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed")),
                ("import_key", models.CharField(editable=False, max_length=64, null=True)),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.debtfile",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["household"], name="casework_de_househo_c24aed_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_de_pgh_tra_50069a_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUpChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be followed up"),
                            ("returned", "Came back"),
                            ("not_needed", "Not needed"),
                            ("withdrawn", "Withdrawn: the attendance was corrected"),
                            ("ended", "The help has ended"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="next step before")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("why", models.CharField(blank=True, max_length=200, verbose_name="why this is not needed")),
                (
                    "appointment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.appointment",
                        verbose_name="appointment",
                    ),
                ),
                (
                    "came_with",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.appointment",
                        verbose_name="came back with",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.followup",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["appointment"], name="casework_fo_appoint_b923e5_idx"),
                    models.Index(fields=["came_with"], name="casework_fo_came_wi_b9e91b_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_fo_pgh_tra_d8ffc0_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HelperChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("organisation", models.CharField(blank=True, max_length=120, verbose_name="organisation")),
                ("role", models.CharField(blank=True, max_length=80, verbose_name="role")),
                ("phone", models.CharField(blank=True, max_length=16, verbose_name="telephone")),
                ("may_contact", models.BooleanField(default=False, verbose_name="we may contact them")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.helper",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["household"], name="casework_he_househo_2acb80_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_he_pgh_tra_d33e8a_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseholdChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("case_number", models.CharField(max_length=20, verbose_name="case number")),
                ("registered_at", models.DateTimeField(verbose_name="registered")),
                (
                    "came_through",
                    models.CharField(
                        choices=[
                            ("self", "By themselves"),
                            ("signal", "Early signal"),
                            ("neighbourhood_team", "Neighbourhood team"),
                            ("youth_desk", "Youth desk"),
                            ("partner", "Partner"),
                            ("other", "Otherwise"),
                        ],
                        default="self",
                        max_length=20,
                        verbose_name="came through",
                    ),
                ),
                ("street", models.CharField(blank=True, max_length=120, verbose_name="street")),
                ("house_number", models.CharField(blank=True, max_length=10, verbose_name="house number")),
                ("addition", models.CharField(blank=True, max_length=10, verbose_name="addition")),
                ("postcode", models.CharField(blank=True, max_length=6, verbose_name="postcode")),
                ("city", models.CharField(blank=True, default="Rotterdam", max_length=80, verbose_name="city")),
                ("secret_address", models.BooleanField(default=False, verbose_name="secret address")),
                ("mobile", models.CharField(blank=True, max_length=16, verbose_name="mobile number")),
                ("phone", models.CharField(blank=True, max_length=16, verbose_name="other telephone")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                (
                    "language",
                    models.CharField(
                        choices=[
                            ("nl", "Dutch"),
                            ("en", "English"),
                            ("tr", "Turkish"),
                            ("ar", "Arabic"),
                            ("pl", "Polish"),
                            ("pap", "Papiamentu"),
                            ("pt", "Portuguese"),
                            ("es", "Spanish"),
                            ("fr", "French"),
                            ("so", "Somali"),
                            ("ti", "Tigrinya"),
                            ("fa", "Farsi"),
                            ("bg", "Bulgarian"),
                            ("uk", "Ukrainian"),
                            ("ru", "Russian"),
                            ("zh", "Chinese"),
                            ("vi", "Vietnamese"),
                            ("ber", "Berber"),
                            ("hi", "Hindustani"),
                            ("ur", "Urdu"),
                        ],
                        default="nl",
                        max_length=3,
                        verbose_name="language",
                    ),
                ),
                ("interpreter", models.BooleanField(default=False, verbose_name="interpreter needed")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("sms", "Text message"),
                            ("email", "E-mail"),
                            ("letter", "Letter"),
                            ("call", "Rather be called"),
                            ("none", "No automatic messages"),
                        ],
                        default="sms",
                        max_length=6,
                        verbose_name="messages by",
                    ),
                ),
                (
                    "preferred_phone",
                    models.CharField(
                        blank=True,
                        choices=[("mobile", "Mobile number"), ("phone", "Other telephone")],
                        max_length=6,
                        verbose_name="call first on",
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="do not call from")),
                ("quiet_until", models.TimeField(blank=True, null=True, verbose_name="do not call until")),
                ("shared_phone", models.BooleanField(default=False, verbose_name="others use this telephone too")),
                (
                    "refused_channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10), blank=True, default=list, editable=False, size=None
                    ),
                ),
                ("no_voicemail", models.BooleanField(default=False, verbose_name="do not leave a voicemail")),
                ("safety", models.BooleanField(default=False, verbose_name="safety")),
                ("safety_note", models.CharField(blank=True, max_length=200, verbose_name="what to take care of")),
                ("administrator", models.BooleanField(default=False, verbose_name="has an administrator")),
                (
                    "administrator_kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("bewind", "Financial administrator"),
                            ("curator", "Legal guardian"),
                            ("mentor", "Mentor"),
                            ("budget", "Budget manager"),
                        ],
                        max_length=7,
                        verbose_name="kind of administrator",
                    ),
                ),
                (
                    "administrator_name",
                    models.CharField(blank=True, max_length=120, verbose_name="name of the administrator"),
                ),
                (
                    "administrator_phone",
                    models.CharField(blank=True, max_length=16, verbose_name="telephone of the administrator"),
                ),
                ("administrator_from", models.DateField(blank=True, null=True, verbose_name="administrator since")),
                ("administrator_until", models.DateField(blank=True, null=True, verbose_name="administrator until")),
                ("legal_hold", models.BooleanField(default=False, verbose_name="legal hold")),
                ("anonymised_on", models.DateField(blank=True, editable=False, null=True, verbose_name="anonymised")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed")),
                (
                    "exit_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Overleden", "Deceased"),
                            ("Verhuisd", "Moved away"),
                            ("Nietverschenen", "Did not appear"),
                            ("Ingetrokken", "Withdrawn"),
                            ("Niet passend", "Not fitting"),
                            ("Voldoet niet", "Obligations not met"),
                            ("Zelf", "Solved by themselves"),
                            ("Afgerond", "Completed"),
                            ("Overig", "Other"),
                        ],
                        max_length=20,
                        verbose_name="reason of closing",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.location",
                        verbose_name="location of registration",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.counsellor",
                        verbose_name="counsellor",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.household",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["merged_into"], name="casework_ho_merged__0dbf77_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_ho_pgh_tra_549a66_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalEntryChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("gesprek", "Talk"),
                            ("telefoon", "Telephone"),
                            ("brief", "Letter"),
                            ("intern", "Internal"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "debt_file",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.debtfile",
                        verbose_name="debt file",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.journalentry",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["debt_file"], name="casework_jo_debt_fi_2b11e9_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_jo_pgh_tra_5e5e24_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalHoldChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("set_at", models.DateTimeField(verbose_name="since")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="lifted")),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="lifted by",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.legalhold",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["household"], name="casework_le_househo_2b132d_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_le_pgh_tra_2a70d5_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LifeEventChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("divorce", "Divorce or separation"),
                            ("death", "Death of somebody near"),
                            ("birth", "Birth of a child"),
                            ("moving_in", "Moving in together"),
                            ("eighteen", "A child turns 18"),
                            ("leaving_home", "A child leaves home"),
                            ("job_loss", "Loss of work"),
                            ("new_job", "New work"),
                            ("pension", "Pension"),
                            ("moving", "Moving house"),
                            ("illness", "Unable to work"),
                            ("release", "Release from detention"),
                            ("residence", "Residence permit"),
                            ("other", "Something else"),
                        ],
                        max_length=14,
                        verbose_name="what happened",
                    ),
                ),
                ("happened_on", models.DateField(verbose_name="date")),
                ("consequence", models.CharField(blank=True, max_length=200, verbose_name="what follows from it")),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="consequences checked on")),
                (
                    "checked_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="consequences checked by",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.lifeevent",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["household"], name="casework_li_househo_b6e5d9_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_li_pgh_tra_3a9a16_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MemberChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("client", "Client"),
                            ("partner", "Partner of client"),
                            ("child", "Child"),
                            ("adult_child", "Adult child"),
                            ("parent", "Parent"),
                            ("other", "Other resident"),
                        ],
                        default="client",
                        max_length=12,
                        verbose_name="role",
                    ),
                ),
                ("given_names", models.CharField(blank=True, max_length=80, verbose_name="first name")),
                ("initials", models.CharField(blank=True, max_length=20, verbose_name="initials")),
                ("prefix", models.CharField(blank=True, max_length=20, verbose_name="prefix")),
                ("surname", models.CharField(blank=True, max_length=80, verbose_name="surname")),
                ("born", models.DateField(blank=True, null=True, verbose_name="date of birth")),
                (
                    "gender",
                    models.CharField(
                        blank=True,
                        choices=[("Man", "Man"), ("Vrouw", "Woman"), ("Onbekend", "Unknown"), ("Leeg", "Left empty")],
                        max_length=8,
                        verbose_name="gender",
                    ),
                ),
                ("bsn", casework.core.encryption.EncryptedField(blank=True, verbose_name="BSN")),
                ("bsn_fingerprint", models.CharField(blank=True, editable=False, max_length=64)),
                ("may_be_spoken_to", models.BooleanField(default=True, verbose_name="may be spoken to about this")),
                ("joined_on", models.DateField(blank=True, null=True, verbose_name="since")),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.member",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["household"], name="casework_me_househo_368850_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_me_pgh_tra_e24636_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="MergeChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "To be decided"),
                            ("declined", "Declined"),
                            ("merged", "Merged"),
                            ("undone", "Undone"),
                        ],
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "takes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="what is taken over",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                (
                    "absorbed",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household that goes into it",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.merge",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "surviving",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household that stays",
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="undone by",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["surviving"], name="casework_me_survivi_e8deaa_idx"),
                    models.Index(fields=["absorbed"], name="casework_me_absorbe_3be818_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_me_pgh_tra_a35c0c_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoteChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "kind",
                    models.CharField(
                        choices=[("talk", "Talk"), ("phone", "Telephone"), ("note", "Note")],
                        default="note",
                        max_length=5,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.note",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["household"], name="casework_no_househo_2023c7_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_no_pgh_tra_60e133_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PhaseChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("report", "Report"),
                            ("crisis", "Crisis intervention"),
                            ("information", "Information and advice"),
                            ("intake", "Intake"),
                            ("stabilisation", "Stabilisation"),
                            ("arranging", "Arranging"),
                            ("solution", "Solution running"),
                            ("aftercare", "Aftercare"),
                            ("moratorium", "Moratorium"),
                            ("provisional", "Provisional measure"),
                            ("guidance", "Guidance"),
                        ],
                        max_length=15,
                        verbose_name="kind",
                    ),
                ),
                (
                    "guidance",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Budgetcoaching", "Budget coaching"),
                            ("Budgetbeheer", "Budget management"),
                            ("Beschermingsbewind", "Protective administration"),
                            ("Lange Termijn Begeleiding (DFD)", "Long-term guidance"),
                            ("Budgetbegeleiding", "Budget guidance"),
                        ],
                        max_length=40,
                        verbose_name="kind of guidance",
                    ),
                ),
                ("started_on", models.DateField(verbose_name="started")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended")),
                ("asked_on", models.DateField(blank=True, null=True, verbose_name="asked")),
                ("granted_on", models.DateField(blank=True, null=True, verbose_name="granted")),
                (
                    "debt_file",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.debtfile",
                        verbose_name="debt file",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.phase",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["debt_file"], name="casework_ph_debt_fi_19b0a9_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_ph_pgh_tra_78b3f5_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PhoneAttemptChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "appointment",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.appointment",
                        verbose_name="appointment",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.phoneattempt",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["appointment"], name="casework_ph_appoint_7e9077_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_ph_pgh_tra_0ebf43_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeLabelChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "programme",
                    models.CharField(
                        choices=[
                            ("vindplaats", "Vindplaats"),
                            ("gezinsaanpak", "Gezinsaanpak"),
                            ("hulpteam", "Hulpteam"),
                            ("prio", "PRIO"),
                            ("jpf", "JPF"),
                        ],
                        max_length=12,
                        verbose_name="programme",
                    ),
                ),
                ("since", models.DateField(verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.programmelabel",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["household"], name="casework_pr_househo_ef8fb4_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_pr_pgh_tra_f64242_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TermChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("first_talk", "First talk"),
                            ("urgent", "First talk, urgent"),
                            ("decision", "Decision"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("event_on", models.DateField(verbose_name="counts from")),
                ("deadline", models.DateField(verbose_name="deadline")),
                ("met_on", models.DateField(blank=True, null=True, verbose_name="met on")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended on")),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.term",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["household"], name="casework_te_househo_7bce36_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_te_pgh_tra_4413a1_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ThreatChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("eviction", "Eviction"),
                            ("energy", "Gas or electricity cut off"),
                            ("water", "Water cut off"),
                            ("heat", "Heating cut off"),
                            ("health_insurance", "End of health insurance"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("happens_on", models.DateField(blank=True, null=True, verbose_name="happens on")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended on")),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.threat",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["household"], name="casework_th_househo_eaf0fa_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_th_pgh_tra_1772ad_idx"),
                ],
            },
        ),
        migrations.CreateModel(
            name="TransferProposalChange",
            fields=[
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "pgh_transaction",
                    models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False),
                ),
                (
                    "pgh_written_by",
                    models.CharField(
                        db_default=models.Func(function="session_user", template="%(function)s"),
                        editable=False,
                        max_length=63,
                    ),
                ),
                ("id", models.BigIntegerField()),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "To be decided"), ("approved", "Approved"), ("declined", "Declined")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="decided")),
                (
                    "household",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.transferproposal",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.counsellor",
                        verbose_name="new counsellor",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["household"], name="casework_tr_househo_3572da_idx"),
                    models.Index(fields=["pgh_transaction"], name="casework_tr_pgh_tra_0ca720_idx"),
                ],
            },
        ),
        migrations.AddField(
            model_name="auditentry",
            name="network",
            field=models.CharField(
                blank=True,
                choices=[
                    ("office", "Office network"),
                    ("outside", "Outside the office"),
                    ("unknown", "Unknown network"),
                ],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
        # Lines from before have none, so the default comes second.
        migrations.AddField(
            model_name="auditentry",
            name="transaction",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name="auditentry",
            name="transaction",
            field=models.UUIDField(db_default=casework.core.models.ThisTransaction(), editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["transaction"], name="audit_by_transaction"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_agreementchange" ("agreed_on", "fields", "household_id", "how", "id", "member_id", "other_name", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "recorded_by_id", "recorded_on", "until", "with_whom", "withdrawn_at", "withdrawn_by_id") VALUES (NEW."agreed_on", NEW."fields", NEW."household_id", NEW."how", NEW."id", NEW."member_id", NEW."other_name", NOW(), \'insert\', NEW."id", NEW."purpose", NEW."recorded_by_id", NEW."recorded_on", NEW."until", NEW."with_whom", NEW."withdrawn_at", NEW."withdrawn_by_id"); RETURN NULL;',
                    hash="49b47faa3db4351b188abd8fb1db41e7d5cccb51",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_86d14",
                    table="casework_agreement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."agreed_on" IS DISTINCT FROM (NEW."agreed_on") OR OLD."fields" IS DISTINCT FROM (NEW."fields") OR OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."how" IS DISTINCT FROM (NEW."how") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."other_name" IS DISTINCT FROM (NEW."other_name") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."recorded_on" IS DISTINCT FROM (NEW."recorded_on") OR OLD."until" IS DISTINCT FROM (NEW."until") OR OLD."with_whom" IS DISTINCT FROM (NEW."with_whom") OR OLD."withdrawn_at" IS DISTINCT FROM (NEW."withdrawn_at") OR OLD."withdrawn_by_id" IS DISTINCT FROM (NEW."withdrawn_by_id"))',
                    func='INSERT INTO "casework_agreementchange" ("agreed_on", "fields", "household_id", "how", "id", "member_id", "other_name", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "recorded_by_id", "recorded_on", "until", "with_whom", "withdrawn_at", "withdrawn_by_id") VALUES (NEW."agreed_on", NEW."fields", NEW."household_id", NEW."how", NEW."id", NEW."member_id", NEW."other_name", NOW(), \'update\', NEW."id", NEW."purpose", NEW."recorded_by_id", NEW."recorded_on", NEW."until", NEW."with_whom", NEW."withdrawn_at", NEW."withdrawn_by_id"); RETURN NULL;',
                    hash="ab0336538ed648f471dd78dab3649fcfa08287d0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_353ea",
                    table="casework_agreement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agreement",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_agreementchange" ("agreed_on", "fields", "household_id", "how", "id", "member_id", "other_name", "pgh_created_at", "pgh_label", "pgh_obj_id", "purpose", "recorded_by_id", "recorded_on", "until", "with_whom", "withdrawn_at", "withdrawn_by_id") VALUES (OLD."agreed_on", OLD."fields", OLD."household_id", OLD."how", OLD."id", OLD."member_id", OLD."other_name", NOW(), \'delete\', OLD."id", OLD."purpose", OLD."recorded_by_id", OLD."recorded_on", OLD."until", OLD."with_whom", OLD."withdrawn_at", OLD."withdrawn_by_id"); RETURN NULL;',
                    hash="c18c279975d7a078a32448317988e810314a6746",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_995f1",
                    table="casework_agreement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_appointmentchange" ("arrived_at", "booked_at", "booked_by_id", "counsellor_id", "ends_at", "household_id", "id", "location_id", "moved_to_id", "note", "outcome", "overruled_reason", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "reference", "starts_at", "told_at", "told_how", "type_id", "walk_in") VALUES (NEW."arrived_at", NEW."booked_at", NEW."booked_by_id", NEW."counsellor_id", NEW."ends_at", NEW."household_id", NEW."id", NEW."location_id", NEW."moved_to_id", NEW."note", NEW."outcome", NEW."overruled_reason", NOW(), \'insert\', NEW."id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."reference", NEW."starts_at", NEW."told_at", NEW."told_how", NEW."type_id", NEW."walk_in"); RETURN NULL;',
                    hash="1ce87becf73fcfc0e0cbba4585157f93999a0784",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_532f7",
                    table="casework_appointment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."arrived_at" IS DISTINCT FROM (NEW."arrived_at") OR OLD."booked_at" IS DISTINCT FROM (NEW."booked_at") OR OLD."booked_by_id" IS DISTINCT FROM (NEW."booked_by_id") OR OLD."counsellor_id" IS DISTINCT FROM (NEW."counsellor_id") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."location_id" IS DISTINCT FROM (NEW."location_id") OR OLD."moved_to_id" IS DISTINCT FROM (NEW."moved_to_id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."overruled_reason" IS DISTINCT FROM (NEW."overruled_reason") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at") OR OLD."told_at" IS DISTINCT FROM (NEW."told_at") OR OLD."told_how" IS DISTINCT FROM (NEW."told_how") OR OLD."type_id" IS DISTINCT FROM (NEW."type_id") OR OLD."walk_in" IS DISTINCT FROM (NEW."walk_in"))',
                    func='INSERT INTO "casework_appointmentchange" ("arrived_at", "booked_at", "booked_by_id", "counsellor_id", "ends_at", "household_id", "id", "location_id", "moved_to_id", "note", "outcome", "overruled_reason", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "reference", "starts_at", "told_at", "told_how", "type_id", "walk_in") VALUES (NEW."arrived_at", NEW."booked_at", NEW."booked_by_id", NEW."counsellor_id", NEW."ends_at", NEW."household_id", NEW."id", NEW."location_id", NEW."moved_to_id", NEW."note", NEW."outcome", NEW."overruled_reason", NOW(), \'update\', NEW."id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."reference", NEW."starts_at", NEW."told_at", NEW."told_how", NEW."type_id", NEW."walk_in"); RETURN NULL;',
                    hash="1e5f19e275bb2123999072d4d7fc77d4c2f70342",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_68a07",
                    table="casework_appointment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_appointmentchange" ("arrived_at", "booked_at", "booked_by_id", "counsellor_id", "ends_at", "household_id", "id", "location_id", "moved_to_id", "note", "outcome", "overruled_reason", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "reference", "starts_at", "told_at", "told_how", "type_id", "walk_in") VALUES (OLD."arrived_at", OLD."booked_at", OLD."booked_by_id", OLD."counsellor_id", OLD."ends_at", OLD."household_id", OLD."id", OLD."location_id", OLD."moved_to_id", OLD."note", OLD."outcome", OLD."overruled_reason", NOW(), \'delete\', OLD."id", OLD."reason", OLD."recorded_at", OLD."recorded_by_id", OLD."reference", OLD."starts_at", OLD."told_at", OLD."told_how", OLD."type_id", OLD."walk_in"); RETURN NULL;',
                    hash="977dafa14808cd48414e0fdc220ff18ed9b4f021",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3c297",
                    table="casework_appointment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="channelconsent",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_channelconsentchange" ("agreed", "channel", "given_on", "household_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_by_id", "recorded_on", "source") VALUES (NEW."agreed", NEW."channel", NEW."given_on", NEW."household_id", NEW."id", NOW(), \'insert\', NEW."id", NEW."recorded_by_id", NEW."recorded_on", NEW."source"); RETURN NULL;',
                    hash="c5388520179a70d4a4df9963f1b2800aca8ca7d5",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_921f1",
                    table="casework_channelconsent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="channelconsent",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."agreed" IS DISTINCT FROM (NEW."agreed") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."given_on" IS DISTINCT FROM (NEW."given_on") OR OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."recorded_on" IS DISTINCT FROM (NEW."recorded_on") OR OLD."source" IS DISTINCT FROM (NEW."source"))',
                    func='INSERT INTO "casework_channelconsentchange" ("agreed", "channel", "given_on", "household_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_by_id", "recorded_on", "source") VALUES (NEW."agreed", NEW."channel", NEW."given_on", NEW."household_id", NEW."id", NOW(), \'update\', NEW."id", NEW."recorded_by_id", NEW."recorded_on", NEW."source"); RETURN NULL;',
                    hash="670e160206b4d71c634332857d02f668a6797a6f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3aa25",
                    table="casework_channelconsent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="channelconsent",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_channelconsentchange" ("agreed", "channel", "given_on", "household_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_by_id", "recorded_on", "source") VALUES (OLD."agreed", OLD."channel", OLD."given_on", OLD."household_id", OLD."id", NOW(), \'delete\', OLD."id", OLD."recorded_by_id", OLD."recorded_on", OLD."source"); RETURN NULL;',
                    hash="f513299522419a9226d90091534bd953b1bc8b4c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_cfe08",
                    table="casework_channelconsent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactattempt",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_contactattemptchange" ("at", "by_id", "household_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "result") VALUES (NEW."at", NEW."by_id", NEW."household_id", NEW."id", NEW."kind", NOW(), \'insert\', NEW."id", NEW."result"); RETURN NULL;',
                    hash="d89c5b7dfd45a5c2b45c61914b38d7f58cbca37d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_ad650",
                    table="casework_contactattempt",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactattempt",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."result" IS DISTINCT FROM (NEW."result"))',
                    func='INSERT INTO "casework_contactattemptchange" ("at", "by_id", "household_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "result") VALUES (NEW."at", NEW."by_id", NEW."household_id", NEW."id", NEW."kind", NOW(), \'update\', NEW."id", NEW."result"); RETURN NULL;',
                    hash="fc16ba007ebccca7a882fae280bcf85426c2d7c5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_be8fe",
                    table="casework_contactattempt",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactattempt",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_contactattemptchange" ("at", "by_id", "household_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "result") VALUES (OLD."at", OLD."by_id", OLD."household_id", OLD."id", OLD."kind", NOW(), \'delete\', OLD."id", OLD."result"); RETURN NULL;',
                    hash="cf98c88fce3f7cccae0441e1b823e0722c6ab70d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_4b2b8",
                    table="casework_contactattempt",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="creditor",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_creditorchange" ("id", "kvk_number", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "private_person") VALUES (NEW."id", NEW."kvk_number", NEW."name", NOW(), \'insert\', NEW."id", NEW."postcode", NEW."private_person"); RETURN NULL;',
                    hash="996c13fe6b37a29e42cb54c1d3114f786ce22569",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e0f05",
                    table="casework_creditor",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="creditor",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kvk_number" IS DISTINCT FROM (NEW."kvk_number") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."postcode" IS DISTINCT FROM (NEW."postcode") OR OLD."private_person" IS DISTINCT FROM (NEW."private_person"))',
                    func='INSERT INTO "casework_creditorchange" ("id", "kvk_number", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "private_person") VALUES (NEW."id", NEW."kvk_number", NEW."name", NOW(), \'update\', NEW."id", NEW."postcode", NEW."private_person"); RETURN NULL;',
                    hash="372a8b4c0a5fddefe36418ca096b9ced8d91a043",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ea340",
                    table="casework_creditor",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="creditor",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_creditorchange" ("id", "kvk_number", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "postcode", "private_person") VALUES (OLD."id", OLD."kvk_number", OLD."name", NOW(), \'delete\', OLD."id", OLD."postcode", OLD."private_person"); RETURN NULL;',
                    hash="a4740c106a51a92859369b389933e263ec7c3a9c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_63662",
                    table="casework_creditor",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="debt",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_debtchange" ("amount", "as_of", "business", "creditor_id", "debt_file_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred", "reference") VALUES (NEW."amount", NEW."as_of", NEW."business", NEW."creditor_id", NEW."debt_file_id", NEW."id", NEW."kind", NOW(), \'insert\', NEW."id", NEW."preferred", NEW."reference"); RETURN NULL;',
                    hash="4ee6dd613c438335ba3425f14c04bc0c7921ece5",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_775c3",
                    table="casework_debt",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="debt",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_debtchange" ("amount", "as_of", "business", "creditor_id", "debt_file_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred", "reference") VALUES (NEW."amount", NEW."as_of", NEW."business", NEW."creditor_id", NEW."debt_file_id", NEW."id", NEW."kind", NOW(), \'update\', NEW."id", NEW."preferred", NEW."reference"); RETURN NULL;',
                    hash="12f71b7e271a5b297be794f46a83a4534d10eef3",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3a1c8",
                    table="casework_debt",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="debt",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_debtchange" ("amount", "as_of", "business", "creditor_id", "debt_file_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred", "reference") VALUES (OLD."amount", OLD."as_of", OLD."business", OLD."creditor_id", OLD."debt_file_id", OLD."id", OLD."kind", NOW(), \'delete\', OLD."id", OLD."preferred", OLD."reference"); RETURN NULL;',
                    hash="af7b5f6cbe5fdf16786c1665623fd58fa7c9fc7a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a25f3",
                    table="casework_debt",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="debtfile",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_debtfilechange" ("arrangement_granted_on", "arrangement_refused_on", "arrangement_submitted_on", "arrangement_withdrawn_on", "closed_on", "crisis_at_report", "decided_on", "decision_kind", "description", "exit_note", "exit_reason", "forced_agreement", "forced_agreement_asked_on", "granted_on", "household_id", "id", "import_key", "municipality_code", "opened_on", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_completed_on", "solution_end", "solution_kind", "solution_start", "total_at_start", "vtlb") VALUES (NEW."arrangement_granted_on", NEW."arrangement_refused_on", NEW."arrangement_submitted_on", NEW."arrangement_withdrawn_on", NEW."closed_on", NEW."crisis_at_report", NEW."decided_on", NEW."decision_kind", NEW."description", NEW."exit_note", NEW."exit_reason", NEW."forced_agreement", NEW."forced_agreement_asked_on", NEW."granted_on", NEW."household_id", NEW."id", NEW."import_key", NEW."municipality_code", NEW."opened_on", NOW(), \'insert\', NEW."id", NEW."plan_completed_on", NEW."solution_end", NEW."solution_kind", NEW."solution_start", NEW."total_at_start", NEW."vtlb"); RETURN NULL;',
                    hash="bbc9661cdb7d778ef7f5aeb3ed0d2a2d2e9fcfd0",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e3192",
                    table="casework_debtfile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="debtfile",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."arrangement_granted_on" IS DISTINCT FROM (NEW."arrangement_granted_on") OR OLD."arrangement_refused_on" IS DISTINCT FROM (NEW."arrangement_refused_on") OR OLD."arrangement_submitted_on" IS DISTINCT FROM (NEW."arrangement_submitted_on") OR OLD."arrangement_withdrawn_on" IS DISTINCT FROM (NEW."arrangement_withdrawn_on") OR OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."crisis_at_report" IS DISTINCT FROM (NEW."crisis_at_report") OR OLD."decided_on" IS DISTINCT FROM (NEW."decided_on") OR OLD."decision_kind" IS DISTINCT FROM (NEW."decision_kind") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."exit_note" IS DISTINCT FROM (NEW."exit_note") OR OLD."exit_reason" IS DISTINCT FROM (NEW."exit_reason") OR OLD."forced_agreement" IS DISTINCT FROM (NEW."forced_agreement") OR OLD."forced_agreement_asked_on" IS DISTINCT FROM (NEW."forced_agreement_asked_on") OR OLD."granted_on" IS DISTINCT FROM (NEW."granted_on") OR OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."import_key" IS DISTINCT FROM (NEW."import_key") OR OLD."municipality_code" IS DISTINCT FROM (NEW."municipality_code") OR OLD."opened_on" IS DISTINCT FROM (NEW."opened_on") OR OLD."plan_completed_on" IS DISTINCT FROM (NEW."plan_completed_on") OR OLD."solution_end" IS DISTINCT FROM (NEW."solution_end") OR OLD."solution_kind" IS DISTINCT FROM (NEW."solution_kind") OR OLD."solution_start" IS DISTINCT FROM (NEW."solution_start") OR OLD."total_at_start" IS DISTINCT FROM (NEW."total_at_start") OR OLD."vtlb" IS DISTINCT FROM (NEW."vtlb"))',
                    func='INSERT INTO "casework_debtfilechange" ("arrangement_granted_on", "arrangement_refused_on", "arrangement_submitted_on", "arrangement_withdrawn_on", "closed_on", "crisis_at_report", "decided_on", "decision_kind", "description", "exit_note", "exit_reason", "forced_agreement", "forced_agreement_asked_on", "granted_on", "household_id", "id", "import_key", "municipality_code", "opened_on", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_completed_on", "solution_end", "solution_kind", "solution_start", "total_at_start", "vtlb") VALUES (NEW."arrangement_granted_on", NEW."arrangement_refused_on", NEW."arrangement_submitted_on", NEW."arrangement_withdrawn_on", NEW."closed_on", NEW."crisis_at_report", NEW."decided_on", NEW."decision_kind", NEW."description", NEW."exit_note", NEW."exit_reason", NEW."forced_agreement", NEW."forced_agreement_asked_on", NEW."granted_on", NEW."household_id", NEW."id", NEW."import_key", NEW."municipality_code", NEW."opened_on", NOW(), \'update\', NEW."id", NEW."plan_completed_on", NEW."solution_end", NEW."solution_kind", NEW."solution_start", NEW."total_at_start", NEW."vtlb"); RETURN NULL;',
                    hash="64ca445bd89304cd932910382a3c2e698939ed07",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_92e5b",
                    table="casework_debtfile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="debtfile",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_debtfilechange" ("arrangement_granted_on", "arrangement_refused_on", "arrangement_submitted_on", "arrangement_withdrawn_on", "closed_on", "crisis_at_report", "decided_on", "decision_kind", "description", "exit_note", "exit_reason", "forced_agreement", "forced_agreement_asked_on", "granted_on", "household_id", "id", "import_key", "municipality_code", "opened_on", "pgh_created_at", "pgh_label", "pgh_obj_id", "plan_completed_on", "solution_end", "solution_kind", "solution_start", "total_at_start", "vtlb") VALUES (OLD."arrangement_granted_on", OLD."arrangement_refused_on", OLD."arrangement_submitted_on", OLD."arrangement_withdrawn_on", OLD."closed_on", OLD."crisis_at_report", OLD."decided_on", OLD."decision_kind", OLD."description", OLD."exit_note", OLD."exit_reason", OLD."forced_agreement", OLD."forced_agreement_asked_on", OLD."granted_on", OLD."household_id", OLD."id", OLD."import_key", OLD."municipality_code", OLD."opened_on", NOW(), \'delete\', OLD."id", OLD."plan_completed_on", OLD."solution_end", OLD."solution_kind", OLD."solution_start", OLD."total_at_start", OLD."vtlb"); RETURN NULL;',
                    hash="1753c17c03030e682de538dcea720c151121e0be",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c2242",
                    table="casework_debtfile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="followup",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_followupchange" ("appointment_id", "came_with_id", "closed_at", "closed_by_id", "due_on", "id", "made_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "why") VALUES (NEW."appointment_id", NEW."came_with_id", NEW."closed_at", NEW."closed_by_id", NEW."due_on", NEW."id", NEW."made_at", NOW(), \'insert\', NEW."id", NEW."state", NEW."why"); RETURN NULL;',
                    hash="e7fcc47c515137154c03da232bd3d8bc2cb3152d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_27086",
                    table="casework_followup",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="followup",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."appointment_id" IS DISTINCT FROM (NEW."appointment_id") OR OLD."came_with_id" IS DISTINCT FROM (NEW."came_with_id") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."closed_by_id" IS DISTINCT FROM (NEW."closed_by_id") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."made_at" IS DISTINCT FROM (NEW."made_at") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."why" IS DISTINCT FROM (NEW."why"))',
                    func='INSERT INTO "casework_followupchange" ("appointment_id", "came_with_id", "closed_at", "closed_by_id", "due_on", "id", "made_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "why") VALUES (NEW."appointment_id", NEW."came_with_id", NEW."closed_at", NEW."closed_by_id", NEW."due_on", NEW."id", NEW."made_at", NOW(), \'update\', NEW."id", NEW."state", NEW."why"); RETURN NULL;',
                    hash="f11283f67f1d11dee924293a84e4b58bca712ecc",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d2d40",
                    table="casework_followup",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="followup",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_followupchange" ("appointment_id", "came_with_id", "closed_at", "closed_by_id", "due_on", "id", "made_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "why") VALUES (OLD."appointment_id", OLD."came_with_id", OLD."closed_at", OLD."closed_by_id", OLD."due_on", OLD."id", OLD."made_at", NOW(), \'delete\', OLD."id", OLD."state", OLD."why"); RETURN NULL;',
                    hash="bf60e075221fc5497a5e6a617a90030c8ed3527a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2fec4",
                    table="casework_followup",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="helper",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_helperchange" ("household_id", "id", "may_contact", "name", "organisation", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "role", "until") VALUES (NEW."household_id", NEW."id", NEW."may_contact", NEW."name", NEW."organisation", NOW(), \'insert\', NEW."id", NEW."phone", NEW."role", NEW."until"); RETURN NULL;',
                    hash="9c4c6a23484727db89f19383db5ac6efa2be8bb7",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d84fd",
                    table="casework_helper",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="helper",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."may_contact" IS DISTINCT FROM (NEW."may_contact") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."organisation" IS DISTINCT FROM (NEW."organisation") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."until" IS DISTINCT FROM (NEW."until"))',
                    func='INSERT INTO "casework_helperchange" ("household_id", "id", "may_contact", "name", "organisation", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "role", "until") VALUES (NEW."household_id", NEW."id", NEW."may_contact", NEW."name", NEW."organisation", NOW(), \'update\', NEW."id", NEW."phone", NEW."role", NEW."until"); RETURN NULL;',
                    hash="391edaa55c7833308ec697e2de34b87a6f1d5bb5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_08146",
                    table="casework_helper",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="helper",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_helperchange" ("household_id", "id", "may_contact", "name", "organisation", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "role", "until") VALUES (OLD."household_id", OLD."id", OLD."may_contact", OLD."name", OLD."organisation", NOW(), \'delete\', OLD."id", OLD."phone", OLD."role", OLD."until"); RETURN NULL;',
                    hash="d1e03210aa1c6ba5da6faf8f9d0675024c9ca0f3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f9cb5",
                    table="casework_helper",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="household",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_householdchange" ("addition", "administrator", "administrator_from", "administrator_kind", "administrator_name", "administrator_phone", "administrator_until", "anonymised_on", "came_through", "case_number", "channel", "city", "closed_on", "email", "exit_reason", "house_number", "id", "interpreter", "language", "legal_hold", "location_id", "merged_into_id", "mobile", "no_voicemail", "owner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "preferred_phone", "quiet_from", "quiet_until", "refused_channels", "registered_at", "safety", "safety_note", "secret_address", "shared_phone", "street") VALUES (NEW."addition", NEW."administrator", NEW."administrator_from", NEW."administrator_kind", NEW."administrator_name", NEW."administrator_phone", NEW."administrator_until", NEW."anonymised_on", NEW."came_through", NEW."case_number", NEW."channel", NEW."city", NEW."closed_on", NEW."email", NEW."exit_reason", NEW."house_number", NEW."id", NEW."interpreter", NEW."language", NEW."legal_hold", NEW."location_id", NEW."merged_into_id", NEW."mobile", NEW."no_voicemail", NEW."owner_id", NOW(), \'insert\', NEW."id", NEW."phone", NEW."postcode", NEW."preferred_phone", NEW."quiet_from", NEW."quiet_until", NEW."refused_channels", NEW."registered_at", NEW."safety", NEW."safety_note", NEW."secret_address", NEW."shared_phone", NEW."street"); RETURN NULL;',
                    hash="a258aa62b94e1f7e2fc99bfb7c75e25b9d7dbabf",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_68139",
                    table="casework_household",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="household",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."addition" IS DISTINCT FROM (NEW."addition") OR OLD."administrator" IS DISTINCT FROM (NEW."administrator") OR OLD."administrator_from" IS DISTINCT FROM (NEW."administrator_from") OR OLD."administrator_kind" IS DISTINCT FROM (NEW."administrator_kind") OR OLD."administrator_name" IS DISTINCT FROM (NEW."administrator_name") OR OLD."administrator_phone" IS DISTINCT FROM (NEW."administrator_phone") OR OLD."administrator_until" IS DISTINCT FROM (NEW."administrator_until") OR OLD."anonymised_on" IS DISTINCT FROM (NEW."anonymised_on") OR OLD."came_through" IS DISTINCT FROM (NEW."came_through") OR OLD."case_number" IS DISTINCT FROM (NEW."case_number") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."city" IS DISTINCT FROM (NEW."city") OR OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."exit_reason" IS DISTINCT FROM (NEW."exit_reason") OR OLD."house_number" IS DISTINCT FROM (NEW."house_number") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."interpreter" IS DISTINCT FROM (NEW."interpreter") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."legal_hold" IS DISTINCT FROM (NEW."legal_hold") OR OLD."location_id" IS DISTINCT FROM (NEW."location_id") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."mobile" IS DISTINCT FROM (NEW."mobile") OR OLD."no_voicemail" IS DISTINCT FROM (NEW."no_voicemail") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."postcode" IS DISTINCT FROM (NEW."postcode") OR OLD."preferred_phone" IS DISTINCT FROM (NEW."preferred_phone") OR OLD."quiet_from" IS DISTINCT FROM (NEW."quiet_from") OR OLD."quiet_until" IS DISTINCT FROM (NEW."quiet_until") OR OLD."refused_channels" IS DISTINCT FROM (NEW."refused_channels") OR OLD."registered_at" IS DISTINCT FROM (NEW."registered_at") OR OLD."safety" IS DISTINCT FROM (NEW."safety") OR OLD."safety_note" IS DISTINCT FROM (NEW."safety_note") OR OLD."secret_address" IS DISTINCT FROM (NEW."secret_address") OR OLD."shared_phone" IS DISTINCT FROM (NEW."shared_phone") OR OLD."street" IS DISTINCT FROM (NEW."street"))',
                    func='INSERT INTO "casework_householdchange" ("addition", "administrator", "administrator_from", "administrator_kind", "administrator_name", "administrator_phone", "administrator_until", "anonymised_on", "came_through", "case_number", "channel", "city", "closed_on", "email", "exit_reason", "house_number", "id", "interpreter", "language", "legal_hold", "location_id", "merged_into_id", "mobile", "no_voicemail", "owner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "preferred_phone", "quiet_from", "quiet_until", "refused_channels", "registered_at", "safety", "safety_note", "secret_address", "shared_phone", "street") VALUES (NEW."addition", NEW."administrator", NEW."administrator_from", NEW."administrator_kind", NEW."administrator_name", NEW."administrator_phone", NEW."administrator_until", NEW."anonymised_on", NEW."came_through", NEW."case_number", NEW."channel", NEW."city", NEW."closed_on", NEW."email", NEW."exit_reason", NEW."house_number", NEW."id", NEW."interpreter", NEW."language", NEW."legal_hold", NEW."location_id", NEW."merged_into_id", NEW."mobile", NEW."no_voicemail", NEW."owner_id", NOW(), \'update\', NEW."id", NEW."phone", NEW."postcode", NEW."preferred_phone", NEW."quiet_from", NEW."quiet_until", NEW."refused_channels", NEW."registered_at", NEW."safety", NEW."safety_note", NEW."secret_address", NEW."shared_phone", NEW."street"); RETURN NULL;',
                    hash="e033709bfe169d2e1da2aa2a023c39b2f4b45c13",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_98294",
                    table="casework_household",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="household",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_householdchange" ("addition", "administrator", "administrator_from", "administrator_kind", "administrator_name", "administrator_phone", "administrator_until", "anonymised_on", "came_through", "case_number", "channel", "city", "closed_on", "email", "exit_reason", "house_number", "id", "interpreter", "language", "legal_hold", "location_id", "merged_into_id", "mobile", "no_voicemail", "owner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "preferred_phone", "quiet_from", "quiet_until", "refused_channels", "registered_at", "safety", "safety_note", "secret_address", "shared_phone", "street") VALUES (OLD."addition", OLD."administrator", OLD."administrator_from", OLD."administrator_kind", OLD."administrator_name", OLD."administrator_phone", OLD."administrator_until", OLD."anonymised_on", OLD."came_through", OLD."case_number", OLD."channel", OLD."city", OLD."closed_on", OLD."email", OLD."exit_reason", OLD."house_number", OLD."id", OLD."interpreter", OLD."language", OLD."legal_hold", OLD."location_id", OLD."merged_into_id", OLD."mobile", OLD."no_voicemail", OLD."owner_id", NOW(), \'delete\', OLD."id", OLD."phone", OLD."postcode", OLD."preferred_phone", OLD."quiet_from", OLD."quiet_until", OLD."refused_channels", OLD."registered_at", OLD."safety", OLD."safety_note", OLD."secret_address", OLD."shared_phone", OLD."street"); RETURN NULL;',
                    hash="a78d6fc32b0256218d2f8d92419b2fd0e270fcb3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e6dac",
                    table="casework_household",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_journalentrychange" ("at", "by_id", "debt_file_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."at", NEW."by_id", NEW."debt_file_id", NEW."id", NEW."kind", NOW(), \'insert\', NEW."id", NEW."text"); RETURN NULL;',
                    hash="14868c2d43af21801a96697b2caaf2b18bcf2538",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d1e68",
                    table="casework_journalentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_journalentrychange" ("at", "by_id", "debt_file_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."at", NEW."by_id", NEW."debt_file_id", NEW."id", NEW."kind", NOW(), \'update\', NEW."id", NEW."text"); RETURN NULL;',
                    hash="38d2d4cfd75d9b523ba40530663a291748b6af8c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7c3da",
                    table="casework_journalentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="journalentry",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_journalentrychange" ("at", "by_id", "debt_file_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (OLD."at", OLD."by_id", OLD."debt_file_id", OLD."id", OLD."kind", NOW(), \'delete\', OLD."id", OLD."text"); RETURN NULL;',
                    hash="af6277e2f0eb226f97851e1d065d4c7ce350e9d4",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c303f",
                    table="casework_journalentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legalhold",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_legalholdchange" ("household_id", "id", "lifted_at", "lifted_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "set_at", "set_by_id") VALUES (NEW."household_id", NEW."id", NEW."lifted_at", NEW."lifted_by_id", NOW(), \'insert\', NEW."id", NEW."reason", NEW."set_at", NEW."set_by_id"); RETURN NULL;',
                    hash="2846f50c85e6da0014da790bce123cac6f2f2cd3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_c323a",
                    table="casework_legalhold",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legalhold",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_legalholdchange" ("household_id", "id", "lifted_at", "lifted_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "set_at", "set_by_id") VALUES (NEW."household_id", NEW."id", NEW."lifted_at", NEW."lifted_by_id", NOW(), \'update\', NEW."id", NEW."reason", NEW."set_at", NEW."set_by_id"); RETURN NULL;',
                    hash="108214af7bdc9827e9ae1a20e577446b7b25f471",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_81f17",
                    table="casework_legalhold",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legalhold",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_legalholdchange" ("household_id", "id", "lifted_at", "lifted_by_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "set_at", "set_by_id") VALUES (OLD."household_id", OLD."id", OLD."lifted_at", OLD."lifted_by_id", NOW(), \'delete\', OLD."id", OLD."reason", OLD."set_at", OLD."set_by_id"); RETURN NULL;',
                    hash="84071a2fca3191b4dec8f95ab0a3236f9d8acdba",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b3e65",
                    table="casework_legalhold",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lifeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_lifeeventchange" ("checked_by_id", "checked_on", "consequence", "happened_on", "household_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."checked_by_id", NEW."checked_on", NEW."consequence", NEW."happened_on", NEW."household_id", NEW."id", NEW."kind", NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="00709ba8c53a9187a7497c153fa5a244d4fdf231",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_8ab4c",
                    table="casework_lifeevent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lifeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."checked_by_id" IS DISTINCT FROM (NEW."checked_by_id") OR OLD."checked_on" IS DISTINCT FROM (NEW."checked_on") OR OLD."consequence" IS DISTINCT FROM (NEW."consequence") OR OLD."happened_on" IS DISTINCT FROM (NEW."happened_on") OR OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind"))',
                    func='INSERT INTO "casework_lifeeventchange" ("checked_by_id", "checked_on", "consequence", "happened_on", "household_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."checked_by_id", NEW."checked_on", NEW."consequence", NEW."happened_on", NEW."household_id", NEW."id", NEW."kind", NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="efeece0064911d3c5f939a80aa95aec624066680",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_60014",
                    table="casework_lifeevent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lifeevent",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_lifeeventchange" ("checked_by_id", "checked_on", "consequence", "happened_on", "household_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."checked_by_id", OLD."checked_on", OLD."consequence", OLD."happened_on", OLD."household_id", OLD."id", OLD."kind", NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="7cad857cf3b1d71cd84eb9c4f660955452289d1a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_56841",
                    table="casework_lifeevent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="member",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_memberchange" ("born", "bsn", "bsn_fingerprint", "gender", "given_names", "household_id", "id", "initials", "joined_on", "left_on", "may_be_spoken_to", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "role", "surname") VALUES (NEW."born", NEW."bsn", NEW."bsn_fingerprint", NEW."gender", NEW."given_names", NEW."household_id", NEW."id", NEW."initials", NEW."joined_on", NEW."left_on", NEW."may_be_spoken_to", NOW(), \'insert\', NEW."id", NEW."prefix", NEW."role", NEW."surname"); RETURN NULL;',
                    hash="086c5615687ca7f59e92ef878a774b47f36cd72f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cea70",
                    table="casework_member",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="member",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."born" IS DISTINCT FROM (NEW."born") OR OLD."bsn_fingerprint" IS DISTINCT FROM (NEW."bsn_fingerprint") OR OLD."gender" IS DISTINCT FROM (NEW."gender") OR OLD."given_names" IS DISTINCT FROM (NEW."given_names") OR OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."initials" IS DISTINCT FROM (NEW."initials") OR OLD."joined_on" IS DISTINCT FROM (NEW."joined_on") OR OLD."left_on" IS DISTINCT FROM (NEW."left_on") OR OLD."may_be_spoken_to" IS DISTINCT FROM (NEW."may_be_spoken_to") OR OLD."prefix" IS DISTINCT FROM (NEW."prefix") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."surname" IS DISTINCT FROM (NEW."surname"))',
                    func='INSERT INTO "casework_memberchange" ("born", "bsn", "bsn_fingerprint", "gender", "given_names", "household_id", "id", "initials", "joined_on", "left_on", "may_be_spoken_to", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "role", "surname") VALUES (NEW."born", NEW."bsn", NEW."bsn_fingerprint", NEW."gender", NEW."given_names", NEW."household_id", NEW."id", NEW."initials", NEW."joined_on", NEW."left_on", NEW."may_be_spoken_to", NOW(), \'update\', NEW."id", NEW."prefix", NEW."role", NEW."surname"); RETURN NULL;',
                    hash="a0999188923e7b5635f5ea6574aa4c41458d0d2c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_55269",
                    table="casework_member",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="member",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_memberchange" ("born", "bsn", "bsn_fingerprint", "gender", "given_names", "household_id", "id", "initials", "joined_on", "left_on", "may_be_spoken_to", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "role", "surname") VALUES (OLD."born", OLD."bsn", OLD."bsn_fingerprint", OLD."gender", OLD."given_names", OLD."household_id", OLD."id", OLD."initials", OLD."joined_on", OLD."left_on", OLD."may_be_spoken_to", NOW(), \'delete\', OLD."id", OLD."prefix", OLD."role", OLD."surname"); RETURN NULL;',
                    hash="64056d379467f1a2904f0cdc3f26ff37fc0d2743",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_abd55",
                    table="casework_member",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="merge",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_mergechange" ("absorbed_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "settled_at", "settled_by_id", "state", "surviving_id", "takes", "undone_at", "undone_by_id") VALUES (NEW."absorbed_id", NEW."id", NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."settled_at", NEW."settled_by_id", NEW."state", NEW."surviving_id", NEW."takes", NEW."undone_at", NEW."undone_by_id"); RETURN NULL;',
                    hash="927682c5c523aa0f7617af4e5f3e486880cce86c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_0f1c6",
                    table="casework_merge",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="merge",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_mergechange" ("absorbed_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "settled_at", "settled_by_id", "state", "surviving_id", "takes", "undone_at", "undone_by_id") VALUES (NEW."absorbed_id", NEW."id", NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."settled_at", NEW."settled_by_id", NEW."state", NEW."surviving_id", NEW."takes", NEW."undone_at", NEW."undone_by_id"); RETURN NULL;',
                    hash="d4d2bd49af44ab9045cbb9e03c8b979a89f00e1a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_522af",
                    table="casework_merge",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="merge",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_mergechange" ("absorbed_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "settled_at", "settled_by_id", "state", "surviving_id", "takes", "undone_at", "undone_by_id") VALUES (OLD."absorbed_id", OLD."id", NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."reason", OLD."settled_at", OLD."settled_by_id", OLD."state", OLD."surviving_id", OLD."takes", OLD."undone_at", OLD."undone_by_id"); RETURN NULL;',
                    hash="af08b4fd4a435dbb26844a39ecaae63a5be27578",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6bb23",
                    table="casework_merge",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="note",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_notechange" ("at", "by_id", "household_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."at", NEW."by_id", NEW."household_id", NEW."id", NEW."kind", NOW(), \'insert\', NEW."id", NEW."text"); RETURN NULL;',
                    hash="47da39e54ff1265c3cdc550bcbe3c536a7c75fab",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_3246a",
                    table="casework_note",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="note",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."by_id" IS DISTINCT FROM (NEW."by_id") OR OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."text" IS DISTINCT FROM (NEW."text"))',
                    func='INSERT INTO "casework_notechange" ("at", "by_id", "household_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."at", NEW."by_id", NEW."household_id", NEW."id", NEW."kind", NOW(), \'update\', NEW."id", NEW."text"); RETURN NULL;',
                    hash="3d6d276917ca13191fd6197e4816a876e8e030ea",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2778d",
                    table="casework_note",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="note",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_notechange" ("at", "by_id", "household_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (OLD."at", OLD."by_id", OLD."household_id", OLD."id", OLD."kind", NOW(), \'delete\', OLD."id", OLD."text"); RETURN NULL;',
                    hash="252cc29ecc51063ca859781523a25c78f7b36bef",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3d4aa",
                    table="casework_note",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="phase",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_phasechange" ("asked_on", "debt_file_id", "ended_on", "granted_on", "guidance", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_on") VALUES (NEW."asked_on", NEW."debt_file_id", NEW."ended_on", NEW."granted_on", NEW."guidance", NEW."id", NEW."kind", NOW(), \'insert\', NEW."id", NEW."started_on"); RETURN NULL;',
                    hash="165ae1062addbae3de99b55c02bca672f094d458",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b63db",
                    table="casework_phase",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="phase",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_phasechange" ("asked_on", "debt_file_id", "ended_on", "granted_on", "guidance", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_on") VALUES (NEW."asked_on", NEW."debt_file_id", NEW."ended_on", NEW."granted_on", NEW."guidance", NEW."id", NEW."kind", NOW(), \'update\', NEW."id", NEW."started_on"); RETURN NULL;',
                    hash="446b0a2a473702a4fde421cd546e8eefe4fca4ee",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_76ecb",
                    table="casework_phase",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="phase",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_phasechange" ("asked_on", "debt_file_id", "ended_on", "granted_on", "guidance", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_on") VALUES (OLD."asked_on", OLD."debt_file_id", OLD."ended_on", OLD."granted_on", OLD."guidance", OLD."id", OLD."kind", NOW(), \'delete\', OLD."id", OLD."started_on"); RETURN NULL;',
                    hash="cbf32bb5e2408bc05f8d187dad5360abaa2ac8e0",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2a95a",
                    table="casework_phase",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="phoneattempt",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_phoneattemptchange" ("appointment_id", "at", "by_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."appointment_id", NEW."at", NEW."by_id", NEW."id", NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="5ea8bea56c9c9437a257fcf2bd16a77eb286b182",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_170a1",
                    table="casework_phoneattempt",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="phoneattempt",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_phoneattemptchange" ("appointment_id", "at", "by_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."appointment_id", NEW."at", NEW."by_id", NEW."id", NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="6e6914452486973bb04abc47abd48f7a80b178a1",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_595be",
                    table="casework_phoneattempt",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="phoneattempt",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_phoneattemptchange" ("appointment_id", "at", "by_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."appointment_id", OLD."at", OLD."by_id", OLD."id", NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="482c721340e47c8f98583ef23ad37015c5834f98",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c6d9a",
                    table="casework_phoneattempt",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programmelabel",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_programmelabelchange" ("household_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme", "since", "until") VALUES (NEW."household_id", NEW."id", NOW(), \'insert\', NEW."id", NEW."programme", NEW."since", NEW."until"); RETURN NULL;',
                    hash="03b46b784302b5f55cff9aa732eb0c0378cb8009",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_2f3ba",
                    table="casework_programmelabel",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programmelabel",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."programme" IS DISTINCT FROM (NEW."programme") OR OLD."since" IS DISTINCT FROM (NEW."since") OR OLD."until" IS DISTINCT FROM (NEW."until"))',
                    func='INSERT INTO "casework_programmelabelchange" ("household_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme", "since", "until") VALUES (NEW."household_id", NEW."id", NOW(), \'update\', NEW."id", NEW."programme", NEW."since", NEW."until"); RETURN NULL;',
                    hash="cc453f2c3810632c7cb22180b9002d7e083fdb29",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c09b9",
                    table="casework_programmelabel",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="programmelabel",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_programmelabelchange" ("household_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme", "since", "until") VALUES (OLD."household_id", OLD."id", NOW(), \'delete\', OLD."id", OLD."programme", OLD."since", OLD."until"); RETURN NULL;',
                    hash="5234c26131652980c1786618e43e9b4d8e9ee765",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c0fed",
                    table="casework_programmelabel",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="term",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_termchange" ("deadline", "ended_on", "event_on", "household_id", "id", "kind", "met_on", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."deadline", NEW."ended_on", NEW."event_on", NEW."household_id", NEW."id", NEW."kind", NEW."met_on", NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="09a3e8056672310439da6e986eb53e4629e5ff39",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_d0307",
                    table="casework_term",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="term",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_termchange" ("deadline", "ended_on", "event_on", "household_id", "id", "kind", "met_on", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."deadline", NEW."ended_on", NEW."event_on", NEW."household_id", NEW."id", NEW."kind", NEW."met_on", NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="9e4f63014b3ab40c68f081d175a2dcbbee2a5b4f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d1a34",
                    table="casework_term",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="term",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_termchange" ("deadline", "ended_on", "event_on", "household_id", "id", "kind", "met_on", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."deadline", OLD."ended_on", OLD."event_on", OLD."household_id", OLD."id", OLD."kind", OLD."met_on", NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="9feee3f6d1614eb9d970d1d0b728d39a6aaace7e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2b261",
                    table="casework_term",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="threat",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_threatchange" ("ended_on", "happens_on", "household_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (NEW."ended_on", NEW."happens_on", NEW."household_id", NEW."id", NEW."kind", NOW(), \'insert\', NEW."id", NEW."recorded_at"); RETURN NULL;',
                    hash="e82fae2a5d32b2bc08e7a5316467d22756ad44ec",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5c835",
                    table="casework_threat",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="threat",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."ended_on" IS DISTINCT FROM (NEW."ended_on") OR OLD."happens_on" IS DISTINCT FROM (NEW."happens_on") OR OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at"))',
                    func='INSERT INTO "casework_threatchange" ("ended_on", "happens_on", "household_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (NEW."ended_on", NEW."happens_on", NEW."household_id", NEW."id", NEW."kind", NOW(), \'update\', NEW."id", NEW."recorded_at"); RETURN NULL;',
                    hash="ccf8b9e1c4d09f0d54e5ab9e8f38381b0d04f92d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b9589",
                    table="casework_threat",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="threat",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_threatchange" ("ended_on", "happens_on", "household_id", "id", "kind", "pgh_created_at", "pgh_label", "pgh_obj_id", "recorded_at") VALUES (OLD."ended_on", OLD."happens_on", OLD."household_id", OLD."id", OLD."kind", NOW(), \'delete\', OLD."id", OLD."recorded_at"); RETURN NULL;',
                    hash="a8b1194ba211ceb873589b0510109a16fc25515a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1bff2",
                    table="casework_threat",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transferproposal",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_transferproposalchange" ("household_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "settled_at", "settled_by_id", "state", "to_id") VALUES (NEW."household_id", NEW."id", NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."settled_at", NEW."settled_by_id", NEW."state", NEW."to_id"); RETURN NULL;',
                    hash="1fce9e67ee9749a2b09387aa29ef0c1b0a444d7f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a7fb9",
                    table="casework_transferproposal",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transferproposal",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "casework_transferproposalchange" ("household_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "settled_at", "settled_by_id", "state", "to_id") VALUES (NEW."household_id", NEW."id", NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."reason", NEW."settled_at", NEW."settled_by_id", NEW."state", NEW."to_id"); RETURN NULL;',
                    hash="c60ee18f72ab77ef91ff18d98568fa93115c9b24",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_cd197",
                    table="casework_transferproposal",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="transferproposal",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_transferproposalchange" ("household_id", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "reason", "settled_at", "settled_by_id", "state", "to_id") VALUES (OLD."household_id", OLD."id", NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."reason", OLD."settled_at", OLD."settled_by_id", OLD."state", OLD."to_id"); RETURN NULL;',
                    hash="fc952c158c8094a30680bfdefda99ccb2d7a15a9",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c66f1",
                    table="casework_transferproposal",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(HASH, migrations.RunSQL.noop),
        migrations.RunSQL(
            APPEND_ONLY,
            "drop function casework_keep_history(regclass, regclass);"
            " drop function casework_history_append_only() cascade;",
        ),
        *(
            migrations.RunSQL(
                f"select casework_keep_history('casework_{name}change', 'casework_{name}')", migrations.RunSQL.noop
            )
            for name in KEPT
        ),
    ]
    operations = at_once(operations)
