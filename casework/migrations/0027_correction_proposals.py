"""Corrections after 14 days that somebody proposed, with their history (R-22)."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import casework.core.models
from casework.migrations._at_once import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0026_thresholds"),
    ]

    operations = [
        migrations.CreateModel(
            name="CorrectionProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField(editable=False)),
                (
                    "was",
                    models.CharField(
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
                        verbose_name="outcome then",
                    ),
                ),
                (
                    "becomes",
                    models.CharField(
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
                        verbose_name="proposed outcome",
                    ),
                ),
                (
                    "missed_reason",
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
                        verbose_name="reason, when missed",
                    ),
                ),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="told")),
                ("why", models.CharField(max_length=200, verbose_name="why this is corrected")),
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
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="why this is not corrected")),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="casework.appointment",
                        verbose_name="appointment",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
            ],
            options={
                "verbose_name": "proposed correction",
                "verbose_name_plural": "proposed corrections",
                "ordering": ["proposed_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="CorrectionProposalChange",
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
                    "was",
                    models.CharField(
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
                        verbose_name="outcome then",
                    ),
                ),
                (
                    "becomes",
                    models.CharField(
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
                        verbose_name="proposed outcome",
                    ),
                ),
                (
                    "missed_reason",
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
                        verbose_name="reason, when missed",
                    ),
                ),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="told")),
                ("why", models.CharField(max_length=200, verbose_name="why this is corrected")),
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
                ("answer", models.CharField(blank=True, max_length=200, verbose_name="why this is not corrected")),
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
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="casework.correctionproposal",
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
            ],
            options={
                "ordering": ["pgh_id"],
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="correctionproposal",
            index=models.Index(fields=["proposed_by", "-settled_at"], name="correction_answers"),
        ),
        migrations.AddConstraint(
            model_name="correctionproposal",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("appointment",),
                name="correction_proposed_once",
                violation_error_message="A correction of this appointment is proposed already.",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctionproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("settled_by", None), ("state", "open")),
                    models.Q(
                        models.Q(("state", "open"), _negated=True),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="correction_settled_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctionproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "declined"), _negated=True),
                    models.Q(("answer", ""), _negated=True),
                    _connector="OR",
                ),
                name="correction_declined_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="correctionproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("why", ""), _negated=True), name="correction_says_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="correctionproposal",
            constraint=models.CheckConstraint(
                condition=models.Q(("becomes", models.F("was")), _negated=True), name="correction_changes_something"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="correctionproposal",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_correctionproposalchange" ("answer", "appointment_id", "becomes", "id", "missed_reason", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "settled_at", "settled_by_id", "state", "told_at", "was", "why") VALUES (NEW."answer", NEW."appointment_id", NEW."becomes", NEW."id", NEW."missed_reason", NOW(), \'insert\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."settled_at", NEW."settled_by_id", NEW."state", NEW."told_at", NEW."was", NEW."why"); RETURN NULL;',
                    hash="97d73003d8a1fb0db1b5dbc9858037de37d6afbe",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_5ccb1",
                    table="casework_correctionproposal",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="correctionproposal",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answer" IS DISTINCT FROM (NEW."answer") OR OLD."appointment_id" IS DISTINCT FROM (NEW."appointment_id") OR OLD."becomes" IS DISTINCT FROM (NEW."becomes") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."missed_reason" IS DISTINCT FROM (NEW."missed_reason") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."settled_at" IS DISTINCT FROM (NEW."settled_at") OR OLD."settled_by_id" IS DISTINCT FROM (NEW."settled_by_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."told_at" IS DISTINCT FROM (NEW."told_at") OR OLD."was" IS DISTINCT FROM (NEW."was") OR OLD."why" IS DISTINCT FROM (NEW."why"))',
                    func='INSERT INTO "casework_correctionproposalchange" ("answer", "appointment_id", "becomes", "id", "missed_reason", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "settled_at", "settled_by_id", "state", "told_at", "was", "why") VALUES (NEW."answer", NEW."appointment_id", NEW."becomes", NEW."id", NEW."missed_reason", NOW(), \'update\', NEW."id", NEW."proposed_at", NEW."proposed_by_id", NEW."settled_at", NEW."settled_by_id", NEW."state", NEW."told_at", NEW."was", NEW."why"); RETURN NULL;',
                    hash="eb64e0e2fc0d27e247b08b0f430b5728c79c9668",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ec16c",
                    table="casework_correctionproposal",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="correctionproposal",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_correctionproposalchange" ("answer", "appointment_id", "becomes", "id", "missed_reason", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposed_at", "proposed_by_id", "settled_at", "settled_by_id", "state", "told_at", "was", "why") VALUES (OLD."answer", OLD."appointment_id", OLD."becomes", OLD."id", OLD."missed_reason", NOW(), \'delete\', OLD."id", OLD."proposed_at", OLD."proposed_by_id", OLD."settled_at", OLD."settled_by_id", OLD."state", OLD."told_at", OLD."was", OLD."why"); RETURN NULL;',
                    hash="1e42d3deebb015fdda9601e709d48db7beaf99d5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ee337",
                    table="casework_correctionproposal",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="correctionproposalchange",
            index=models.Index(fields=["appointment"], name="casework_co_appoint_24ebf6_idx"),
        ),
        migrations.AddIndex(
            model_name="correctionproposalchange",
            index=models.Index(fields=["pgh_transaction"], name="casework_co_pgh_tra_dbcaec_idx"),
        ),
        migrations.RunSQL(
            "select casework_keep_history('casework_correctionproposalchange', 'casework_correctionproposal')",
            migrations.RunSQL.noop,
        ),
    ]
    operations = at_once(operations)
