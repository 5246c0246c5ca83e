"""Letters that people print and post (decision 0063)."""

from decimal import Decimal

import django.db.models.deletion
import django.db.models.functions.math
from django.conf import settings
from django.db import migrations, models

from casework.migrations._at_once import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0035_reminder_moments"),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("to_post", "To be posted"), ("posted", "Posted"), ("again", "Not printed")],
                        default="to_post",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="posted")),
            ],
            options={
                "verbose_name": "stack of letters",
                "verbose_name_plural": "stacks of letters",
                "ordering": ["-made_at", "-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="thresholdvalue",
            name="threshold_within_bounds",
        ),
        migrations.AlterField(
            model_name="message",
            name="recipient",
            field=models.CharField(blank=True, max_length=500, verbose_name="to"),
        ),
        migrations.AlterField(
            model_name="message",
            name="state",
            field=models.CharField(
                choices=[
                    ("planned", "Planned"),
                    ("claimed", "Being sent"),
                    ("print", "To print"),
                    ("sent", "Sent"),
                    ("withdrawn", "Withdrawn"),
                    ("failed", "Failed"),
                    ("uncertain", "Uncertain"),
                    ("call", "On the call list"),
                    ("called", "Called"),
                ],
                default="planned",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AlterField(
            model_name="thresholdvalue",
            name="threshold",
            field=models.CharField(
                choices=[
                    ("lead_time", "An appointment starts at least so long from now"),
                    ("suggestions", "So many times are suggested at most"),
                    ("in_time", "Cancelled or moved in time: at least so long before the start"),
                    ("check_in_from", "Checking in is possible from so long before the start"),
                    ("no_show_from", "“Did not appear” is possible from so long after the start"),
                    ("phone_attempts", "“Did not appear” by telephone: attempts needed"),
                    ("phone_attempts_apart", "Attempts by telephone: at least so long apart"),
                    ("correction_days", "Counsellor and desk correct attendance until so long after the appointment"),
                    ("unrecorded_after", "Without outcome an appointment is to be recorded so long after its end"),
                    ("notice_from", "The counsellor hears what is to be recorded from this hour"),
                    ("exception_after", "To be recorded for longer than this: also on the supervisor’s list"),
                    ("missed_after", "The message after a missed appointment goes out so much later"),
                    ("outbox_silent_after", "Staff hear it when nobody looked at the outbox for longer than"),
                    ("letter_takes", "A letter is there so long after it was posted"),
                    ("follow_up_after", "Follow-up of a missed appointment: first step within"),
                    ("drop_out_risk_from", "Likely to drop out: missed so often in a row"),
                    ("next_step_phone", "Next step after calling"),
                    ("next_step_sms", "Next step after a text message"),
                    ("next_step_email", "Next step after an e-mail"),
                    ("next_step_letter", "Next step after a letter"),
                    ("next_step_visit", "Next step after a visit"),
                    ("next_step_spoken", "Next step after we spoke with somebody"),
                    ("attempts", "Closing with “did not appear”: contact attempts needed"),
                    ("attempt_kinds", "Closing with “did not appear”: in so many ways"),
                    ("attempts_within", "Closing with “did not appear”: attempts count for"),
                    ("silent_after", "A household is named when it had no contact for longer than"),
                    ("new_within", "A household is new in a caseload for"),
                    ("weight_urgent", "Weight of an urgent household in a caseload"),
                    ("weight_aftercare", "Weight of a household in aftercare in a caseload"),
                ],
                max_length=24,
                verbose_name="threshold",
            ),
        ),
        migrations.AddConstraint(
            model_name="thresholdvalue",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("threshold", "lead_time"),
                        ("value__gte", Decimal("0")),
                        ("value__lte", Decimal("1440")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "suggestions"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("20")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "in_time"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("168")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "check_in_from"),
                        ("value__gte", Decimal("0")),
                        ("value__lte", Decimal("480")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "no_show_from"),
                        ("value__gte", Decimal("0")),
                        ("value__lte", Decimal("120")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "phone_attempts"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("5")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "phone_attempts_apart"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("120")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "correction_days"),
                        ("value__gte", Decimal("0")),
                        ("value__lte", Decimal("92")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "unrecorded_after"),
                        ("value__gte", Decimal("0")),
                        ("value__lte", Decimal("72")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "notice_from"),
                        ("value__gte", Decimal("6")),
                        ("value__lte", Decimal("17")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "exception_after"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("60")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "missed_after"),
                        ("value__gte", Decimal("0")),
                        ("value__lte", Decimal("1440")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "outbox_silent_after"),
                        ("value__gte", Decimal("2")),
                        ("value__lte", Decimal("120")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "letter_takes"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("5")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "follow_up_after"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("20")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "drop_out_risk_from"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("10")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "next_step_phone"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("20")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "next_step_sms"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("20")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "next_step_email"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("20")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "next_step_letter"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("20")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "next_step_visit"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("20")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "next_step_spoken"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("20")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "attempts"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("10")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "attempt_kinds"),
                        ("value__gte", Decimal("1")),
                        ("value__lte", Decimal("5")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "attempts_within"),
                        ("value__gte", Decimal("7")),
                        ("value__lte", Decimal("365")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "silent_after"),
                        ("value__gte", Decimal("7")),
                        ("value__lte", Decimal("365")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "new_within"),
                        ("value__gte", Decimal("7")),
                        ("value__lte", Decimal("92")),
                        ("value", django.db.models.functions.math.Floor(models.F("value"))),
                    ),
                    models.Q(
                        ("threshold", "weight_urgent"), ("value__gte", Decimal("0")), ("value__lte", Decimal("9"))
                    ),
                    models.Q(
                        ("threshold", "weight_aftercare"), ("value__gte", Decimal("0")), ("value__lte", Decimal("9"))
                    ),
                    _connector="OR",
                ),
                name="threshold_within_bounds",
                violation_error_message="Choose a number within the bounds of this threshold.",
            ),
        ),
        migrations.AddField(
            model_name="letterbatch",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="made by",
            ),
        ),
        migrations.AddField(
            model_name="letterbatch",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="posted by",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="batch",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letters",
                to="casework.letterbatch",
                verbose_name="stack of letters",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "print")), fields=["due_at", "id"], name="message_to_print"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(condition=models.Q(("batch__isnull", False)), fields=["batch"], name="message_by_batch"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("state", "print"), _negated=True), ("channel", "letter"), _connector="OR"),
                name="message_to_print_is_a_letter",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("batch", None),
                    models.Q(("channel", "letter"), models.Q(("state__in", ["planned", "claimed"]), _negated=True)),
                    _connector="OR",
                ),
                name="message_in_a_stack_is_a_letter",
            ),
        ),
        migrations.AddIndex(
            model_name="letterbatch",
            index=models.Index(
                condition=models.Q(("state", "to_post")), fields=["made_at"], name="letter_batch_to_post"
            ),
        ),
        migrations.AddConstraint(
            model_name="letterbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("settled_by", None), ("state", "to_post")),
                    models.Q(
                        models.Q(("state", "to_post"), _negated=True),
                        ("settled_at__isnull", False),
                        ("settled_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="letter_batch_settled_by_somebody",
            ),
        ),
    ]
    operations = at_once(operations)
