"""Who wants to come earlier, with its history."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import casework.core.models
from casework.migrations._at_once import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0023_company"),
    ]

    operations = [
        migrations.CreateModel(
            name="WaitingEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "locations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="locations",
                    ),
                ),
                (
                    "half_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("1m", "Monday morning"),
                                ("1a", "Monday afternoon"),
                                ("2m", "Tuesday morning"),
                                ("2a", "Tuesday afternoon"),
                                ("3m", "Wednesday morning"),
                                ("3a", "Wednesday afternoon"),
                                ("4m", "Thursday morning"),
                                ("4a", "Thursday afternoon"),
                                ("5m", "Friday morning"),
                                ("5a", "Friday afternoon"),
                            ],
                            max_length=2,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="half-days",
                    ),
                ),
                ("until", models.DateField(verbose_name="until")),
                ("added_at", models.DateTimeField(verbose_name="added")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("booked", "Comes earlier"),
                            ("not_wanted", "Does not want to come earlier any more"),
                            ("not_reached", "Could not be reached"),
                            ("help_ended", "The help has ended"),
                        ],
                        max_length=12,
                        verbose_name="why it ended",
                    ),
                ),
                ("form_token", models.UUIDField(editable=False, null=True, unique=True)),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting",
                        to="casework.household",
                        verbose_name="household",
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="casework.appointmenttype", verbose_name="type"
                    ),
                ),
            ],
            options={
                "verbose_name": "somebody who wants to come earlier",
                "verbose_name_plural": "people who want to come earlier",
                "ordering": ["added_at", "id"],
            },
        ),
        migrations.CreateModel(
            name="WaitingEntryChange",
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
                    "locations",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="locations",
                    ),
                ),
                (
                    "half_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("1m", "Monday morning"),
                                ("1a", "Monday afternoon"),
                                ("2m", "Tuesday morning"),
                                ("2a", "Tuesday afternoon"),
                                ("3m", "Wednesday morning"),
                                ("3a", "Wednesday afternoon"),
                                ("4m", "Thursday morning"),
                                ("4a", "Thursday afternoon"),
                                ("5m", "Friday morning"),
                                ("5a", "Friday afternoon"),
                            ],
                            max_length=2,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="half-days",
                    ),
                ),
                ("until", models.DateField(verbose_name="until")),
                ("added_at", models.DateTimeField(verbose_name="added")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "end_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("booked", "Comes earlier"),
                            ("not_wanted", "Does not want to come earlier any more"),
                            ("not_reached", "Could not be reached"),
                            ("help_ended", "The help has ended"),
                        ],
                        max_length=12,
                        verbose_name="why it ended",
                    ),
                ),
                (
                    "added_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="added by",
                    ),
                ),
                (
                    "ended_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="ended by",
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
                        to="casework.waitingentry",
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
            },
        ),
        migrations.AddIndex(
            model_name="waitingentry",
            index=models.Index(condition=models.Q(("ended_at", None)), fields=["added_at", "id"], name="waiting_now"),
        ),
        migrations.AddConstraint(
            model_name="waitingentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("household", "type"), name="waiting_once_per_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="waitingentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end_reason", ""), ("ended_at", None)),
                    models.Q(("ended_at__isnull", False), models.Q(("end_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="waiting_ended_with_reason",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="waitingentry",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_waitingentrychange" ("added_at", "added_by_id", "end_reason", "ended_at", "ended_by_id", "half_days", "household_id", "id", "locations", "pgh_created_at", "pgh_label", "pgh_obj_id", "type_id", "until") VALUES (NEW."added_at", NEW."added_by_id", NEW."end_reason", NEW."ended_at", NEW."ended_by_id", NEW."half_days", NEW."household_id", NEW."id", NEW."locations", NOW(), \'insert\', NEW."id", NEW."type_id", NEW."until"); RETURN NULL;',
                    hash="6ddf7a097e93af605e7db71a5ccd5240d8227c6d",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_e30c9",
                    table="casework_waitingentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="waitingentry",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."added_at" IS DISTINCT FROM (NEW."added_at") OR OLD."added_by_id" IS DISTINCT FROM (NEW."added_by_id") OR OLD."end_reason" IS DISTINCT FROM (NEW."end_reason") OR OLD."ended_at" IS DISTINCT FROM (NEW."ended_at") OR OLD."ended_by_id" IS DISTINCT FROM (NEW."ended_by_id") OR OLD."half_days" IS DISTINCT FROM (NEW."half_days") OR OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."locations" IS DISTINCT FROM (NEW."locations") OR OLD."type_id" IS DISTINCT FROM (NEW."type_id") OR OLD."until" IS DISTINCT FROM (NEW."until"))',
                    func='INSERT INTO "casework_waitingentrychange" ("added_at", "added_by_id", "end_reason", "ended_at", "ended_by_id", "half_days", "household_id", "id", "locations", "pgh_created_at", "pgh_label", "pgh_obj_id", "type_id", "until") VALUES (NEW."added_at", NEW."added_by_id", NEW."end_reason", NEW."ended_at", NEW."ended_by_id", NEW."half_days", NEW."household_id", NEW."id", NEW."locations", NOW(), \'update\', NEW."id", NEW."type_id", NEW."until"); RETURN NULL;',
                    hash="c23eab686b4a0313b5a7a43c090ad696f41a4c56",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_eda30",
                    table="casework_waitingentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="waitingentry",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_waitingentrychange" ("added_at", "added_by_id", "end_reason", "ended_at", "ended_by_id", "half_days", "household_id", "id", "locations", "pgh_created_at", "pgh_label", "pgh_obj_id", "type_id", "until") VALUES (OLD."added_at", OLD."added_by_id", OLD."end_reason", OLD."ended_at", OLD."ended_by_id", OLD."half_days", OLD."household_id", OLD."id", OLD."locations", NOW(), \'delete\', OLD."id", OLD."type_id", OLD."until"); RETURN NULL;',
                    hash="052a2f6e23ea4c737585fd20fa3d9442bfa8a830",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_408bf",
                    table="casework_waitingentry",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddIndex(
            model_name="waitingentrychange",
            index=models.Index(fields=["household"], name="casework_wa_househo_4bb4db_idx"),
        ),
        migrations.AddIndex(
            model_name="waitingentrychange",
            index=models.Index(fields=["pgh_transaction"], name="casework_wa_pgh_tra_b2aace_idx"),
        ),
        migrations.RunSQL(
            "select casework_keep_history('casework_waitingentrychange', 'casework_waitingentry')",
            migrations.RunSQL.noop,
        ),
    ]
    operations = at_once(operations)
