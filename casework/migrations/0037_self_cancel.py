"""Residents who cancel by themselves: codes, the words of the reminder with one, and who recorded it (decision 0067)."""

import datetime as dt

import django.db.models.deletion
from django.db import migrations, models

from casework.migrations._at_once import at_once
from casework.migrations._message_texts import TEXTS_TO_CANCEL

# In force on every date that ETF knows, as the first texts are.
WRITTEN = dt.datetime(2014, 12, 31, 11, tzinfo=dt.UTC)
VALID_FROM = dt.date(2015, 1, 1)


def fill_texts(apps, schema_editor):
    model = apps.get_model("casework", "MessageText")
    rows = [
        model(kind=kind, form=form, language=language, version=1, subject=subject, text=text,
              written_at=WRITTEN, approved_at=WRITTEN, valid_from=VALID_FROM)
        for kind, form, language, subject, text in TEXTS_TO_CANCEL
    ]  # fmt: skip
    # After a way back they are still there: an approved text never goes.
    model.objects.bulk_create(rows, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0033_letters"),
    ]

    operations = [
        migrations.CreateModel(
            name="CancelCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("starts_at", models.DateTimeField(verbose_name="start")),
                ("token", models.CharField(editable=False, max_length=12, unique=True)),
                ("code", models.CharField(editable=False, max_length=4)),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="used")),
            ],
            options={
                "verbose_name": "code to cancel",
                "verbose_name_plural": "codes to cancel",
                "ordering": ["-made_at", "-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="appointment",
            name="appointment_outcome_with_who_and_when",
        ),
        migrations.AddField(
            model_name="location",
            name="self_cancel",
            field=models.BooleanField(
                default=False,
                help_text="The reminder in advance has a code or an address with which they cancel. A reply can only come in where the sender of our text messages is a telephone number.",
                verbose_name="residents can cancel by themselves",
            ),
        ),
        migrations.AlterField(
            model_name="appointment",
            name="told_how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("phone", "By telephone"),
                    ("desk", "At the desk"),
                    ("email", "By e-mail"),
                    ("other", "Otherwise"),
                    ("reply", "By a reply to our message"),
                    ("link", "Through the page to cancel"),
                ],
                max_length=6,
                verbose_name="told how",
            ),
        ),
        migrations.AlterField(
            model_name="appointmentchange",
            name="told_how",
            field=models.CharField(
                blank=True,
                choices=[
                    ("phone", "By telephone"),
                    ("desk", "At the desk"),
                    ("email", "By e-mail"),
                    ("other", "Otherwise"),
                    ("reply", "By a reply to our message"),
                    ("link", "Through the page to cancel"),
                ],
                max_length=6,
                verbose_name="told how",
            ),
        ),
        migrations.AlterField(
            model_name="messagetext",
            name="kind",
            field=models.CharField(
                choices=[
                    ("confirmation", "Confirmation"),
                    ("t2", "Reminder in advance"),
                    ("t2_self", "Reminder in advance, with a code to cancel"),
                    ("t0", "Reminder, same day"),
                    ("t0_evening", "Reminder, evening before"),
                    ("changed", "Changed"),
                    ("cancelled", "Cancelled"),
                    ("missed", "Missed"),
                    ("phone", "Telephone talk"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="task",
            name="kind",
            field=models.CharField(
                choices=[
                    ("plain", "Task"),
                    ("no_room", "No room within the term"),
                    ("inspection", "Request to see the data"),
                    ("deletion", "Request to delete the data"),
                    ("reply", "Reply to a message"),
                    ("call_back", "Call back for a new appointment"),
                ],
                default="plain",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="taskchange",
            name="kind",
            field=models.CharField(
                choices=[
                    ("plain", "Task"),
                    ("no_room", "No room within the term"),
                    ("inspection", "Request to see the data"),
                    ("deletion", "Request to delete the data"),
                    ("reply", "Reply to a message"),
                    ("call_back", "Call back for a new appointment"),
                ],
                default="plain",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", ""), ("recorded_at", None), ("recorded_by", None)),
                    models.Q(
                        models.Q(("outcome", ""), _negated=True),
                        ("recorded_at__isnull", False),
                        ("recorded_by__isnull", False),
                    ),
                    models.Q(
                        ("outcome__in", ["A1", "A2"]),
                        ("recorded_at__isnull", False),
                        ("recorded_by", None),
                        ("told_how__in", ["reply", "link"]),
                    ),
                    _connector="OR",
                ),
                name="appointment_outcome_with_who_and_when",
            ),
        ),
        migrations.AddField(
            model_name="cancelcode",
            name="appointment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="cancel_codes",
                to="casework.appointment",
                verbose_name="appointment",
            ),
        ),
        migrations.AddConstraint(
            model_name="cancelcode",
            constraint=models.UniqueConstraint(fields=("appointment", "starts_at"), name="cancel_code_once"),
        ),
        migrations.AddConstraint(
            model_name="cancelcode",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("token__regex", "^[23456789ABCDEFGHJKMNPQRSTUVWXYZ]{12}$"), ("code__regex", "^[0-9]{4}$")
                ),
                name="cancel_code_in_its_alphabet",
            ),
        ),
        migrations.RunPython(fill_texts, migrations.RunPython.noop),
    ]
    operations = at_once(operations)
