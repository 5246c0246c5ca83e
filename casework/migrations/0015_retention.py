"""How long things are kept, what went, and legal holds (R-63)."""

import datetime as dt

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from casework.migrations._at_once import at_once

# Selectielijst gemeenten 2020: ended or refused help 5 years, broken off 1 year; texts of messages 13 months.
BROKEN_OFF = ("Nietverschenen", "Ingetrokken")
ENDED = ("Overleden", "Verhuisd", "Niet passend", "Voldoet niet", "Zelf", "Afgerond", "Overig")
MONTHS = {**dict.fromkeys(BROKEN_OFF, 12), **dict.fromkeys(ENDED, 60), "messages": 13, "searches": 24}

APPEND_ONLY = """
create function casework_destruction_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the destruction log is append-only' using errcode = 'insufficient_privilege';
end $$;
create trigger destruction_append_only before update or delete on casework_destruction
  for each row execute function casework_destruction_append_only();
create trigger destruction_no_truncate before truncate on casework_destruction
  for each statement execute function casework_destruction_append_only();
"""
WITHOUT_APPEND_ONLY = """
drop trigger destruction_append_only on casework_destruction;
drop trigger destruction_no_truncate on casework_destruction;
drop function casework_destruction_append_only();
"""


def first_terms(apps, schema_editor):
    terms = apps.get_model("casework", "RetentionTerm").objects
    for kept, months in MONTHS.items():
        terms.create(kept=kept, months=months, valid_from=dt.date(2020, 1, 1))


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0012_people"),
    ]

    operations = [
        migrations.CreateModel(
            name="Destruction",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "kept",
                    models.CharField(
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
                            ("messages", "Texts of messages"),
                            ("searches", "What was searched for"),
                        ],
                        max_length=20,
                        verbose_name="what went",
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=20, verbose_name="key")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ended")),
                ("months", models.PositiveSmallIntegerField(verbose_name="months")),
                ("rows", models.JSONField(default=dict, verbose_name="rows")),
            ],
            options={
                "verbose_name": "destruction",
                "verbose_name_plural": "destructions",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="LegalHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200, verbose_name="reason")),
                ("set_at", models.DateTimeField(verbose_name="since")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="lifted")),
            ],
            options={
                "verbose_name": "legal hold",
                "verbose_name_plural": "legal holds",
                "ordering": ["-set_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="RetentionTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kept",
                    models.CharField(
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
                            ("messages", "Texts of messages"),
                            ("searches", "What was searched for"),
                        ],
                        max_length=20,
                        verbose_name="what is kept",
                    ),
                ),
                ("months", models.PositiveSmallIntegerField(verbose_name="months")),
                ("valid_from", models.DateField(verbose_name="valid from")),
            ],
            options={
                "verbose_name": "retention term",
                "verbose_name_plural": "retention terms",
                "ordering": ["kept", "-valid_from"],
            },
        ),
        migrations.AddField(
            model_name="household",
            name="anonymised_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="anonymised"),
        ),
        migrations.AddIndex(
            model_name="household",
            index=models.Index(
                condition=models.Q(("anonymised_on", None), ("closed_on__isnull", False)),
                fields=["exit_reason", "closed_on"],
                name="household_to_go",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(
                    models.Q(("facts", {}), _negated=True),
                    models.Q(("recipient", ""), _negated=True),
                    models.Q(("text", ""), _negated=True),
                    _connector="OR",
                ),
                fields=["due_at"],
                name="message_with_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("anonymised_on", None),
                    models.Q(("closed_on__isnull", False), ("legal_hold", False)),
                    _connector="OR",
                ),
                name="household_anonymised_after_closing",
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="holds",
                to="casework.household",
                verbose_name="household",
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="lifted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="lifted by",
            ),
        ),
        migrations.AddField(
            model_name="legalhold",
            name="set_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionterm",
            constraint=models.UniqueConstraint(
                fields=("kept", "valid_from"),
                name="retention_term_once_a_day",
                violation_error_message="This already has a term from that date on.",
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionterm",
            constraint=models.CheckConstraint(
                condition=models.Q(("months__gte", 1), ("months__lte", 240)),
                name="retention_term_between_one_month_and_twenty_years",
                violation_error_message="Enter 1 to 240 months.",
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)), fields=("household",), name="legal_hold_one_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="legalhold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lifted_at", None), ("lifted_by", None)),
                    models.Q(("lifted_at__isnull", False), ("lifted_by__isnull", False)),
                    _connector="OR",
                ),
                name="legal_hold_lifted_by_somebody",
            ),
        ),
        migrations.RunPython(first_terms, migrations.RunPython.noop),
        migrations.RunSQL(APPEND_ONLY, WITHOUT_APPEND_ONLY),
    ]
    operations = at_once(operations)
