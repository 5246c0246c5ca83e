"""How much of a date of birth is known: a year, a year and a month, or all of it (domain.md 4.2)."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from casework.migrations._at_once import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0024_waiting_list"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="member",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="member",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="member",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="member",
            name="born_known",
            field=models.CharField(
                choices=[("day", "Day"), ("month", "Month and year"), ("year", "Year only")],
                db_default="day",
                default="day",
                editable=False,
                max_length=5,
                verbose_name="known of the date of birth",
            ),
        ),
        migrations.AddField(
            model_name="memberchange",
            name="born_known",
            field=models.CharField(
                choices=[("day", "Day"), ("month", "Month and year"), ("year", "Year only")],
                db_default="day",
                default="day",
                editable=False,
                max_length=5,
                verbose_name="known of the date of birth",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="member",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_memberchange" ("born", "born_known", "bsn", "bsn_fingerprint", "gender", "given_names", "household_id", "id", "initials", "joined_on", "left_on", "may_be_spoken_to", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "role", "surname") VALUES (NEW."born", NEW."born_known", NEW."bsn", NEW."bsn_fingerprint", NEW."gender", NEW."given_names", NEW."household_id", NEW."id", NEW."initials", NEW."joined_on", NEW."left_on", NEW."may_be_spoken_to", NOW(), \'insert\', NEW."id", NEW."prefix", NEW."role", NEW."surname"); RETURN NULL;',
                    hash="7646f45b793eea4ce0b6531e59eb599840352f0d",
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
                    condition='WHEN (OLD."born" IS DISTINCT FROM (NEW."born") OR OLD."born_known" IS DISTINCT FROM (NEW."born_known") OR OLD."bsn_fingerprint" IS DISTINCT FROM (NEW."bsn_fingerprint") OR OLD."gender" IS DISTINCT FROM (NEW."gender") OR OLD."given_names" IS DISTINCT FROM (NEW."given_names") OR OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."initials" IS DISTINCT FROM (NEW."initials") OR OLD."joined_on" IS DISTINCT FROM (NEW."joined_on") OR OLD."left_on" IS DISTINCT FROM (NEW."left_on") OR OLD."may_be_spoken_to" IS DISTINCT FROM (NEW."may_be_spoken_to") OR OLD."prefix" IS DISTINCT FROM (NEW."prefix") OR OLD."role" IS DISTINCT FROM (NEW."role") OR OLD."surname" IS DISTINCT FROM (NEW."surname"))',
                    func='INSERT INTO "casework_memberchange" ("born", "born_known", "bsn", "bsn_fingerprint", "gender", "given_names", "household_id", "id", "initials", "joined_on", "left_on", "may_be_spoken_to", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "role", "surname") VALUES (NEW."born", NEW."born_known", NEW."bsn", NEW."bsn_fingerprint", NEW."gender", NEW."given_names", NEW."household_id", NEW."id", NEW."initials", NEW."joined_on", NEW."left_on", NEW."may_be_spoken_to", NOW(), \'update\', NEW."id", NEW."prefix", NEW."role", NEW."surname"); RETURN NULL;',
                    hash="4d928b7bfc536973d458a3c13ebffe5bdebb31b6",
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
                    func='INSERT INTO "casework_memberchange" ("born", "born_known", "bsn", "bsn_fingerprint", "gender", "given_names", "household_id", "id", "initials", "joined_on", "left_on", "may_be_spoken_to", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "role", "surname") VALUES (OLD."born", OLD."born_known", OLD."bsn", OLD."bsn_fingerprint", OLD."gender", OLD."given_names", OLD."household_id", OLD."id", OLD."initials", OLD."joined_on", OLD."left_on", OLD."may_be_spoken_to", NOW(), \'delete\', OLD."id", OLD."prefix", OLD."role", OLD."surname"); RETURN NULL;',
                    hash="405cd7ebd1f1e0ba1fe12c4d21cb0b9b40329b50",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_abd55",
                    table="casework_member",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="member",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("born", None),
                    ("born_known", "day"),
                    models.Q(("born__day", 1), ("born_known", "month")),
                    models.Q(("born__day", 1), ("born__month", 1), ("born_known", "year")),
                    _connector="OR",
                ),
                name="member_born_as_known",
            ),
        ),
    ]
    operations = at_once(operations)
