"""Why somebody was missed becomes a list that the city keeps itself (S25). What stood stands, by the same codes."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from casework.migrations._at_once import at_once

# Code, Dutch, English, as S11 names them.
REASONS = (
    ("forgotten", "Vergeten", "Forgotten"),
    ("ill", "Ziek", "Ill"),
    ("work", "Werk", "Work"),
    ("transport", "Vervoer", "Transport"),
    ("fear", "Angst of stress", "Fear or stress"),
    ("no_papers", "Geen papieren", "No papers"),
    ("wrong_time", "Verkeerde tijd of plek", "Wrong time or place"),
    ("not_reached", "Niet bereikt", "Not reached"),
    ("other", "Anders", "Other"),
)
VALUES = ", ".join(
    f"('{code}', '{dutch}', '{english}', {10 * place}, true)" for place, (code, dutch, english) in enumerate(REASONS, 1)
)
FILL = f"insert into casework_missedreason (code, name, name_english, place, active) values {VALUES}"

# Nothing about a resident changes, so histories and other triggers rest.
WRITE = """
set constraints all immediate;
alter table {table} disable trigger user;
update {table} set {column} = {new} where {old};
alter table {table} enable trigger user;
"""
TABLES = (
    ("appointment", "reason"),
    ("appointmentchange", "reason"),
    ("correctionproposal", "missed_reason"),
    ("correctionproposalchange", "missed_reason"),
)


def _may_be_empty():
    """A text first, so that no row points nowhere when it becomes a reference."""
    for model, column in TABLES:
        table = f"casework_{model}"
        yield migrations.AlterField(
            model_name=model, name=column, field=models.CharField(max_length=12, null=True, db_column=column)
        )
        yield migrations.RunSQL(
            WRITE.format(table=table, column=column, old=f"{column} = ''", new="null"),
            WRITE.format(table=table, column=column, old=f"{column} is null", new="''"),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0029_at_work_and_out_of_use"),
    ]

    operations = [
        migrations.CreateModel(
            name="MissedReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "code",
                    models.CharField(
                        help_text="For files; it stays as it is. Small letters, such as no_papers.",
                        max_length=12,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator("^[a-z_]+\\Z", "Use only small letters a to z and _.")
                        ],
                        verbose_name="code",
                    ),
                ),
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name in Dutch")),
                ("name_english", models.CharField(max_length=60, verbose_name="name in English")),
                (
                    "place",
                    models.PositiveSmallIntegerField(
                        default=50, help_text="The lowest number stands first.", verbose_name="place in the list"
                    ),
                ),
                ("active", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "reason for missing an appointment",
                "verbose_name_plural": "reasons for missing an appointment",
                "ordering": ["place", "name"],
            },
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        *_may_be_empty(),
        migrations.AlterField(
            model_name="appointment",
            name="reason",
            field=models.ForeignKey(
                blank=True,
                db_column="reason",
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appointments",
                to="casework.missedreason",
                to_field="code",
                verbose_name="reason",
            ),
        ),
        migrations.AlterField(
            model_name="appointmentchange",
            name="reason",
            field=models.ForeignKey(
                blank=True,
                db_column="reason",
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.missedreason",
                to_field="code",
                verbose_name="reason",
            ),
        ),
        migrations.AlterField(
            model_name="correctionproposal",
            name="missed_reason",
            field=models.ForeignKey(
                blank=True,
                db_column="missed_reason",
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="casework.missedreason",
                to_field="code",
                verbose_name="reason, when missed",
            ),
        ),
        migrations.AlterField(
            model_name="correctionproposalchange",
            name="missed_reason",
            field=models.ForeignKey(
                blank=True,
                db_column="missed_reason",
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.missedreason",
                to_field="code",
                verbose_name="reason, when missed",
            ),
        ),
    ]
    operations = at_once(operations)
