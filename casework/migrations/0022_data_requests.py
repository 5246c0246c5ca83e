"""What residents ask about their own data (R-64), and the postcode that an employee may give (S26)."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import casework.core.models
from casework.migrations._at_once import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0021_tasks"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="postcode",
            field=models.CharField(
                blank=True,
                help_text="Not required. Only used to see whether somebody opens households in their own postcode area.",
                max_length=6,
                verbose_name="own postcode",
            ),
        ),
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("inspection", "Inspection: see one's own data"),
                            ("deletion", "Deletion: have one's own data removed"),
                        ],
                        max_length=10,
                        verbose_name="request",
                    ),
                ),
                ("received_on", models.DateField(verbose_name="received on")),
                ("due_on", models.DateField(verbose_name="answer by")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="answered on")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("granted", "Granted"),
                            ("partly", "Partly granted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn by the resident"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("explanation", models.CharField(blank=True, max_length=300, verbose_name="explanation")),
                ("form_token", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="data_requests",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="data_requests",
                        to="casework.member",
                        verbose_name="who asks",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "task",
                    models.OneToOneField(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="data_request",
                        to="casework.task",
                        verbose_name="task",
                    ),
                ),
            ],
            options={
                "verbose_name": "request about own data",
                "verbose_name_plural": "requests about own data",
                "ordering": ["due_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="DataRequestChange",
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
                            ("inspection", "Inspection: see one's own data"),
                            ("deletion", "Deletion: have one's own data removed"),
                        ],
                        max_length=10,
                        verbose_name="request",
                    ),
                ),
                ("received_on", models.DateField(verbose_name="received on")),
                ("due_on", models.DateField(verbose_name="answer by")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="answered on")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("granted", "Granted"),
                            ("partly", "Partly granted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn by the resident"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("explanation", models.CharField(blank=True, max_length=300, verbose_name="explanation")),
                (
                    "done_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="answered by",
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
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.member",
                        verbose_name="who asks",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.datarequest",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="casework.task",
                        verbose_name="task",
                    ),
                ),
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="datarequest",
            index=models.Index(condition=models.Q(("done_on", None)), fields=["due_on"], name="data_request_open"),
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_by", None), ("done_on", None), ("outcome", "")),
                    models.Q(
                        ("done_by__isnull", False), ("done_on__isnull", False), models.Q(("outcome", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="data_request_done_with_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__gt", models.F("received_on"))), name="data_request_due_after_receipt"
            ),
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("done_on", None), ("done_on__gte", models.F("received_on")), _connector="OR"),
                name="data_request_done_after_receipt",
            ),
        ),
        migrations.AddConstraint(
            model_name="datarequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("done_on", None)),
                fields=("household", "member", "kind"),
                name="data_request_once_at_a_time",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datarequest",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_datarequestchange" ("done_by_id", "done_on", "due_on", "explanation", "household_id", "id", "kind", "member_id", "outcome", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "recorded_at", "recorded_by_id", "task_id") VALUES (NEW."done_by_id", NEW."done_on", NEW."due_on", NEW."explanation", NEW."household_id", NEW."id", NEW."kind", NEW."member_id", NEW."outcome", NOW(), \'insert\', NEW."id", NEW."received_on", NEW."recorded_at", NEW."recorded_by_id", NEW."task_id"); RETURN NULL;',
                    hash="2daa0061b427736033382a1f51726f64ec0ba01d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_dcc24",
                    table="casework_datarequest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datarequest",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."done_by_id" IS DISTINCT FROM (NEW."done_by_id") OR OLD."done_on" IS DISTINCT FROM (NEW."done_on") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."explanation" IS DISTINCT FROM (NEW."explanation") OR OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."member_id" IS DISTINCT FROM (NEW."member_id") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."received_on" IS DISTINCT FROM (NEW."received_on") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."task_id" IS DISTINCT FROM (NEW."task_id"))',
                    func='INSERT INTO "casework_datarequestchange" ("done_by_id", "done_on", "due_on", "explanation", "household_id", "id", "kind", "member_id", "outcome", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "recorded_at", "recorded_by_id", "task_id") VALUES (NEW."done_by_id", NEW."done_on", NEW."due_on", NEW."explanation", NEW."household_id", NEW."id", NEW."kind", NEW."member_id", NEW."outcome", NOW(), \'update\', NEW."id", NEW."received_on", NEW."recorded_at", NEW."recorded_by_id", NEW."task_id"); RETURN NULL;',
                    hash="3283253d03abb731dc2c95ec3c3b5984ae902da2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2d191",
                    table="casework_datarequest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datarequest",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_datarequestchange" ("done_by_id", "done_on", "due_on", "explanation", "household_id", "id", "kind", "member_id", "outcome", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_on", "recorded_at", "recorded_by_id", "task_id") VALUES (OLD."done_by_id", OLD."done_on", OLD."due_on", OLD."explanation", OLD."household_id", OLD."id", OLD."kind", OLD."member_id", OLD."outcome", NOW(), \'delete\', OLD."id", OLD."received_on", OLD."recorded_at", OLD."recorded_by_id", OLD."task_id"); RETURN NULL;',
                    hash="b2b94fb151003d682b61055d974a8590051fadcc",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0b47f",
                    table="casework_datarequest",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="datarequestchange",
            index=models.Index(fields=["household"], name="casework_da_househo_35b856_idx"),
        ),
        migrations.AddIndex(
            model_name="datarequestchange",
            index=models.Index(fields=["member"], name="casework_da_member__641c2f_idx"),
        ),
        migrations.AddIndex(
            model_name="datarequestchange",
            index=models.Index(fields=["task"], name="casework_da_task_id_74f5ef_idx"),
        ),
        migrations.AddIndex(
            model_name="datarequestchange",
            index=models.Index(fields=["pgh_transaction"], name="casework_da_pgh_tra_8a9e86_idx"),
        ),
        migrations.RunSQL(
            "select casework_keep_history('casework_datarequestchange', 'casework_datarequest')",
            migrations.RunSQL.noop,
        ),
    ]
    operations = at_once(operations)
