"""A new file for who comes back: a link to the earlier one, and a BSN once among open households (R-62)."""

import django.db.models.deletion
from django.db import migrations, models

from casework.migrations._at_once import at_once

# Keeps the copy, whoever writes the member or closes the household.
TRIGGERS = """
create function casework_member_household_closed() returns trigger language plpgsql as $$
begin
  select closed_on is not null into new.household_closed from casework_household where id = new.household_id;
  new.household_closed := coalesce(new.household_closed, false);
  return new;
end $$;
create trigger member_household_closed before insert or update on casework_member
  for each row execute function casework_member_household_closed();
create function casework_household_closes_members() returns trigger language plpgsql as $$
begin
  update casework_member set household_closed = new.closed_on is not null where household_id = new.id;
  return null;
end $$;
create trigger household_closes_members after update of closed_on on casework_household
  for each row when ((old.closed_on is null) is distinct from (new.closed_on is null))
  execute function casework_household_closes_members();
"""
WITHOUT_TRIGGERS = """
drop trigger household_closes_members on casework_household;
drop function casework_household_closes_members();
drop trigger member_household_closed on casework_member;
drop function casework_member_household_closed();
"""
FILL = """
update casework_member set household_closed = true
from casework_household household where household.id = household_id and household.closed_on is not null
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0019_history"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="member",
            name="member_bsn_once",
        ),
        migrations.AddField(
            model_name="household",
            name="continued_in",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="earlier_files",
                to="casework.household",
                verbose_name="continued in",
            ),
        ),
        migrations.AddField(
            model_name="member",
            name="household_closed",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.RunSQL(TRIGGERS, WITHOUT_TRIGGERS),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                condition=models.Q(("bsn_fingerprint", ""), _negated=True),
                fields=["bsn_fingerprint"],
                name="member_by_bsn",
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("continued_in", None),
                    models.Q(("closed_on__isnull", False), models.Q(("continued_in", models.F("id")), _negated=True)),
                    _connector="OR",
                ),
                name="household_continued_after_closing",
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("household_closed", False), ("left_on", None), models.Q(("bsn_fingerprint", ""), _negated=True)
                ),
                fields=("bsn_fingerprint",),
                name="member_bsn_once",
                violation_error_message="This BSN already belongs to somebody.",
            ),
        ),
    ]
    operations = at_once(operations)
