"""Drafts of forms whose session ran out, and the lines of logging in in the audit trail."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import casework.core.encryption


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0004_unrecorded_notice"),
    ]

    operations = [
        migrations.AlterField(
            model_name="auditentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("viewed", "Viewed"),
                    ("changed", "Changed"),
                    ("exported", "Exported"),
                    ("bsn_shown", "BSN shown"),
                    ("searched", "Searched"),
                    ("refused", "Refused"),
                    ("login", "Login"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Concept",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page", models.CharField(max_length=300)),
                ("fields", casework.core.encryption.EncryptedField()),
                ("saved_at", models.DateTimeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="concepts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "draft",
                "verbose_name_plural": "drafts",
                "ordering": ["-saved_at"],
                "constraints": [models.UniqueConstraint(fields=("user", "page"), name="concept_one_per_page")],
            },
        ),
    ]
