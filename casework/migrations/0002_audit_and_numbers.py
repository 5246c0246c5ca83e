"""An audit trail that nobody can change, and the sequence that case numbers come from."""

from django.db import migrations

APPEND_ONLY = """
create function casework_audit_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_append_only before update or delete on casework_auditentry
  for each row execute function casework_audit_append_only();
create trigger audit_no_truncate before truncate on casework_auditentry
  for each statement execute function casework_audit_append_only();
"""
WITHOUT_APPEND_ONLY = """
drop trigger audit_append_only on casework_auditentry;
drop trigger audit_no_truncate on casework_auditentry;
drop function casework_audit_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_initial")]
    operations = [
        migrations.RunSQL(APPEND_ONLY, WITHOUT_APPEND_ONLY),
        # Gaps are fine (a rolled-back registration leaves one); the number says nothing about anybody.
        migrations.RunSQL("create sequence casework_case_number start 101", "drop sequence casework_case_number"),
    ]
