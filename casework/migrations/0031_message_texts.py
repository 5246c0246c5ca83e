"""The words of messages in rows with versions, and the words that never stand in one (R-40, R-41, decision 0060)."""

import datetime as dt

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

from casework.migrations._at_once import at_once
from casework.migrations._message_texts import ABBREVIATIONS, TEXTS, WORDS

# In force on every date that ETF knows.
WRITTEN = dt.datetime(2014, 12, 31, 11, tzinfo=dt.UTC)
VALID_FROM = dt.date(2015, 1, 1)

# Writing a row as it stands is no change: that is how a copy of the database is read back.
APPROVED_STAYS = """
create function casework_approved_text_stays() returns trigger language plpgsql as $$
begin
  if old.approved_at is not null and (tg_op = 'DELETE' or new is distinct from old) then
    raise exception 'an approved text never changes' using errcode = 'insufficient_privilege';
  end if;
  return coalesce(new, old);
end $$;
create trigger approved_text_stays before update or delete on casework_messagetext
  for each row execute function casework_approved_text_stays();
"""
WITHOUT_APPROVED_STAYS = """
drop trigger approved_text_stays on casework_messagetext;
drop function casework_approved_text_stays();
"""


def fill_texts(apps, schema_editor):
    model = apps.get_model("casework", "MessageText")
    model.objects.bulk_create(
        model(id=number, kind=kind, form=form, language=language, version=1, subject=subject, text=text,
              written_at=WRITTEN, approved_at=WRITTEN, valid_from=VALID_FROM)
        for number, (kind, form, language, subject, text) in enumerate(TEXTS, start=1)
    )  # fmt: skip
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("select setval(pg_get_serial_sequence('casework_messagetext', 'id'), %s)", [len(TEXTS)])


def fill_words(apps, schema_editor):
    model = apps.get_model("casework", "ForbiddenWord")
    for language, words in WORDS.items():
        model.objects.bulk_create(model(language=language, word=word) for word in words)
        model.objects.bulk_create(model(language=language, word=word, whole_word=True) for word in ABBREVIATIONS)


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0030_missed_reasons"),
    ]

    operations = [
        migrations.CreateModel(
            name="ForbiddenWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "language",
                    models.CharField(
                        choices=[("nl", "Dutch"), ("en", "English")],
                        default="nl",
                        max_length=3,
                        verbose_name="language",
                    ),
                ),
                ("word", models.CharField(max_length=40, verbose_name="word")),
                (
                    "whole_word",
                    models.BooleanField(
                        default=False,
                        help_text="For an abbreviation. Otherwise the word is also found inside longer words.",
                        verbose_name="only as a whole word",
                    ),
                ),
            ],
            options={
                "verbose_name": "forbidden word",
                "verbose_name_plural": "forbidden words",
                "ordering": ["language", "word"],
                "constraints": [
                    models.UniqueConstraint(
                        models.F("language"),
                        django.db.models.functions.text.Lower("word"),
                        name="forbidden_word_once",
                        violation_error_message="This word stands in the list already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("word__regex", "^\\S(.*\\S)?$")),
                        name="forbidden_word_not_empty",
                        violation_error_message="Enter a word without spaces around it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MessageText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("confirmation", "Confirmation"),
                            ("t2", "Reminder, two days before"),
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
                (
                    "form",
                    models.CharField(
                        choices=[("sms", "Text message"), ("mail", "E-mail"), ("letter", "Letter")],
                        max_length=6,
                        verbose_name="form",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("nl", "Dutch"), ("en", "English")], max_length=3, verbose_name="language"
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(editable=False, verbose_name="version")),
                ("subject", models.CharField(blank=True, max_length=160, verbose_name="subject")),
                ("text", models.TextField(max_length=3000, verbose_name="text")),
                ("written_at", models.DateTimeField(editable=False, verbose_name="written")),
                ("approved_at", models.DateTimeField(editable=False, null=True, verbose_name="approved")),
                ("valid_from", models.DateField(editable=False, null=True, verbose_name="valid from")),
                (
                    "approved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "message text",
                "verbose_name_plural": "message texts",
                "ordering": ["kind", "form", "language", "-version"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "form", "language", "version"), name="message_text_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("approved_at", None)),
                        fields=("kind", "form", "language"),
                        name="message_text_one_waits",
                        violation_error_message="A version of this text waits for approval already. Change that one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("approved_at", None),
                                ("approved_by", None),
                                ("valid_from", None),
                                ("written_by__isnull", False),
                            ),
                            models.Q(("approved_at__isnull", False), ("valid_from__isnull", False)),
                            _connector="OR",
                        ),
                        name="message_text_approved_from_a_date",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("approved_by", None), ("written_by", None)),
                            ("approved_at", None),
                            models.Q(
                                ("approved_by__isnull", False),
                                models.Q(("approved_by", models.F("written_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="message_text_four_eyes",
                        violation_error_message="Another administrator than its writer approves a text.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_at", None),
                            (
                                "valid_from__gt",
                                models.Func(
                                    models.F("approved_at"),
                                    output_field=models.DateField(),
                                    template="(%(expressions)s at time zone 'Europe/Amsterdam')::date",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="message_text_from_a_later_date",
                        violation_error_message="Choose a date after today, so that everybody can see it before it counts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("form", "sms"), ("subject", "")),
                            models.Q(
                                models.Q(("form", "sms"), _negated=True), models.Q(("subject", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="message_text_subject_of_mail",
                        violation_error_message="An e-mail and a letter have a subject, a text message has none.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["t0", "t0_evening"]), _negated=True),
                            ("form", "sms"),
                            _connector="OR",
                        ),
                        name="message_text_same_day_by_sms",
                        violation_error_message="On the day itself only a text message comes in time.",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="message",
            name="wording",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="casework.messagetext",
                verbose_name="version of the text",
            ),
        ),
        migrations.RunSQL(APPROVED_STAYS, WITHOUT_APPROVED_STAYS),
        migrations.RunPython(fill_texts, migrations.RunPython.noop),
        migrations.RunPython(fill_words, migrations.RunPython.noop),
    ]
    operations = at_once(operations)
