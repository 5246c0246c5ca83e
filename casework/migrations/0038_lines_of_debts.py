"""Lines of the list of debts: who collects, how it stands, what threatens, and what does not count with its reason (S08)."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from casework.migrations._at_once import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0034_mail_addresses"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="debt",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="debt",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="debt",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="debt",
            name="collector",
            field=models.CharField(blank=True, max_length=160, verbose_name="collector"),
        ),
        migrations.AddField(
            model_name="debt",
            name="form_token",
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="debt",
            name="left_out",
            field=models.CharField(
                blank=True,
                choices=[
                    ("mistake", "entered by mistake"),
                    ("double", "stands in the list already"),
                    ("annulled", "dropped by the creditor"),
                    ("purchased", "bought by a fund"),
                ],
                max_length=9,
                verbose_name="does not count",
            ),
        ),
        migrations.AddField(
            model_name="debt",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "Amount asked"),
                    ("confirmed", "Confirmed"),
                    ("disputed", "Disputed"),
                    ("settled", "Settled"),
                ],
                default="asked",
                max_length=9,
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="debt",
            name="threatening",
            field=models.BooleanField(default=False, verbose_name="threatening"),
        ),
        migrations.AddField(
            model_name="debt",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="debtchange",
            name="collector",
            field=models.CharField(blank=True, max_length=160, verbose_name="collector"),
        ),
        migrations.AddField(
            model_name="debtchange",
            name="left_out",
            field=models.CharField(
                blank=True,
                choices=[
                    ("mistake", "entered by mistake"),
                    ("double", "stands in the list already"),
                    ("annulled", "dropped by the creditor"),
                    ("purchased", "bought by a fund"),
                ],
                max_length=9,
                verbose_name="does not count",
            ),
        ),
        migrations.AddField(
            model_name="debtchange",
            name="state",
            field=models.CharField(
                choices=[
                    ("asked", "Amount asked"),
                    ("confirmed", "Confirmed"),
                    ("disputed", "Disputed"),
                    ("settled", "Settled"),
                ],
                default="asked",
                max_length=9,
                verbose_name="state",
            ),
        ),
        migrations.AddField(
            model_name="debtchange",
            name="threatening",
            field=models.BooleanField(default=False, verbose_name="threatening"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="debt",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_debtchange" ("amount", "as_of", "business", "collector", "creditor_id", "debt_file_id", "id", "kind", "left_out", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred", "reference", "state", "threatening") VALUES (NEW."amount", NEW."as_of", NEW."business", NEW."collector", NEW."creditor_id", NEW."debt_file_id", NEW."id", NEW."kind", NEW."left_out", NOW(), \'insert\', NEW."id", NEW."preferred", NEW."reference", NEW."state", NEW."threatening"); RETURN NULL;',
                    hash="6ec2825d2f40a7c387fed0815a06be53f14ce59d",
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
                    condition='WHEN (OLD."amount" IS DISTINCT FROM (NEW."amount") OR OLD."as_of" IS DISTINCT FROM (NEW."as_of") OR OLD."business" IS DISTINCT FROM (NEW."business") OR OLD."collector" IS DISTINCT FROM (NEW."collector") OR OLD."creditor_id" IS DISTINCT FROM (NEW."creditor_id") OR OLD."debt_file_id" IS DISTINCT FROM (NEW."debt_file_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."left_out" IS DISTINCT FROM (NEW."left_out") OR OLD."preferred" IS DISTINCT FROM (NEW."preferred") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."threatening" IS DISTINCT FROM (NEW."threatening"))',
                    func='INSERT INTO "casework_debtchange" ("amount", "as_of", "business", "collector", "creditor_id", "debt_file_id", "id", "kind", "left_out", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred", "reference", "state", "threatening") VALUES (NEW."amount", NEW."as_of", NEW."business", NEW."collector", NEW."creditor_id", NEW."debt_file_id", NEW."id", NEW."kind", NEW."left_out", NOW(), \'update\', NEW."id", NEW."preferred", NEW."reference", NEW."state", NEW."threatening"); RETURN NULL;',
                    hash="c6b86be292e1268a96a81fd804def1b6b810f564",
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
                    func='INSERT INTO "casework_debtchange" ("amount", "as_of", "business", "collector", "creditor_id", "debt_file_id", "id", "kind", "left_out", "pgh_created_at", "pgh_label", "pgh_obj_id", "preferred", "reference", "state", "threatening") VALUES (OLD."amount", OLD."as_of", OLD."business", OLD."collector", OLD."creditor_id", OLD."debt_file_id", OLD."id", OLD."kind", OLD."left_out", NOW(), \'delete\', OLD."id", OLD."preferred", OLD."reference", OLD."state", OLD."threatening"); RETURN NULL;',
                    hash="f7283617d7f60c1822de2af031fcacebefb2b4d1",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a25f3",
                    table="casework_debt",
                    when="AFTER",
                ),
            ),
        ),
    ]
    operations = at_once(operations)
