"""When tasks finished last, what a provider tells afterwards, and what residents send back (decisions 0061 and 0062)."""

from decimal import Decimal

import django.db.models.deletion
import django.db.models.functions.math
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from casework.migrations._at_once import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0031_message_texts"),
    ]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("task", models.CharField(max_length=60, primary_key=True, serialize=False, verbose_name="task")),
                ("at", models.DateTimeField(verbose_name="finished")),
            ],
            options={
                "verbose_name": "heartbeat",
                "verbose_name_plural": "heartbeats",
                "ordering": ["task"],
            },
        ),
        migrations.CreateModel(
            name="ReceivedText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("provider_id", models.UUIDField(editable=False, null=True)),
                ("copy", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("sender", models.CharField(blank=True, max_length=40, verbose_name="from")),
                ("text", models.TextField(blank=True, verbose_name="text")),
                ("received_at", models.DateTimeField(verbose_name="received")),
                ("noted_at", models.DateTimeField(verbose_name="made")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="handled")),
            ],
            options={
                "verbose_name": "received text message",
                "verbose_name_plural": "received text messages",
                "ordering": ["-received_at", "-id"],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="household",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="household",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="household",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="thresholdvalue",
            name="threshold_within_bounds",
        ),
        migrations.AddField(
            model_name="household",
            name="dead_mobile",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=16, verbose_name="mobile number that does not exist"
            ),
        ),
        migrations.AddField(
            model_name="householdchange",
            name="dead_mobile",
            field=models.CharField(
                blank=True, default="", editable=False, max_length=16, verbose_name="mobile number that does not exist"
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="delivery",
            field=models.CharField(
                blank=True,
                choices=[
                    ("delivered", "Delivered"),
                    ("temporary", "Could not be delivered"),
                    ("permanent", "Number or address does not exist"),
                ],
                max_length=9,
                verbose_name="delivery",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="delivery_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="delivery told"),
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
                ],
                default="plain",
                max_length=10,
                verbose_name="kind",
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
        pgtrigger.migrations.AddTrigger(
            model_name="household",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_householdchange" ("addition", "administrator", "administrator_from", "administrator_kind", "administrator_name", "administrator_phone", "administrator_until", "anonymised_on", "came_through", "case_number", "channel", "city", "closed_on", "dead_mobile", "email", "exit_reason", "house_number", "id", "interpreter", "language", "legal_hold", "location_id", "merged_into_id", "mobile", "no_voicemail", "owner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "preferred_phone", "quiet_from", "quiet_until", "refused_channels", "registered_at", "safety", "safety_note", "secret_address", "shared_phone", "street") VALUES (NEW."addition", NEW."administrator", NEW."administrator_from", NEW."administrator_kind", NEW."administrator_name", NEW."administrator_phone", NEW."administrator_until", NEW."anonymised_on", NEW."came_through", NEW."case_number", NEW."channel", NEW."city", NEW."closed_on", NEW."dead_mobile", NEW."email", NEW."exit_reason", NEW."house_number", NEW."id", NEW."interpreter", NEW."language", NEW."legal_hold", NEW."location_id", NEW."merged_into_id", NEW."mobile", NEW."no_voicemail", NEW."owner_id", NOW(), \'insert\', NEW."id", NEW."phone", NEW."postcode", NEW."preferred_phone", NEW."quiet_from", NEW."quiet_until", NEW."refused_channels", NEW."registered_at", NEW."safety", NEW."safety_note", NEW."secret_address", NEW."shared_phone", NEW."street"); RETURN NULL;',
                    hash="b5089d2b158a51b76b2d1b9a782f29f92672695f",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_68139",
                    table="casework_household",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="household",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."addition" IS DISTINCT FROM (NEW."addition") OR OLD."administrator" IS DISTINCT FROM (NEW."administrator") OR OLD."administrator_from" IS DISTINCT FROM (NEW."administrator_from") OR OLD."administrator_kind" IS DISTINCT FROM (NEW."administrator_kind") OR OLD."administrator_name" IS DISTINCT FROM (NEW."administrator_name") OR OLD."administrator_phone" IS DISTINCT FROM (NEW."administrator_phone") OR OLD."administrator_until" IS DISTINCT FROM (NEW."administrator_until") OR OLD."anonymised_on" IS DISTINCT FROM (NEW."anonymised_on") OR OLD."came_through" IS DISTINCT FROM (NEW."came_through") OR OLD."case_number" IS DISTINCT FROM (NEW."case_number") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."city" IS DISTINCT FROM (NEW."city") OR OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."dead_mobile" IS DISTINCT FROM (NEW."dead_mobile") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."exit_reason" IS DISTINCT FROM (NEW."exit_reason") OR OLD."house_number" IS DISTINCT FROM (NEW."house_number") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."interpreter" IS DISTINCT FROM (NEW."interpreter") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."legal_hold" IS DISTINCT FROM (NEW."legal_hold") OR OLD."location_id" IS DISTINCT FROM (NEW."location_id") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."mobile" IS DISTINCT FROM (NEW."mobile") OR OLD."no_voicemail" IS DISTINCT FROM (NEW."no_voicemail") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."postcode" IS DISTINCT FROM (NEW."postcode") OR OLD."preferred_phone" IS DISTINCT FROM (NEW."preferred_phone") OR OLD."quiet_from" IS DISTINCT FROM (NEW."quiet_from") OR OLD."quiet_until" IS DISTINCT FROM (NEW."quiet_until") OR OLD."refused_channels" IS DISTINCT FROM (NEW."refused_channels") OR OLD."registered_at" IS DISTINCT FROM (NEW."registered_at") OR OLD."safety" IS DISTINCT FROM (NEW."safety") OR OLD."safety_note" IS DISTINCT FROM (NEW."safety_note") OR OLD."secret_address" IS DISTINCT FROM (NEW."secret_address") OR OLD."shared_phone" IS DISTINCT FROM (NEW."shared_phone") OR OLD."street" IS DISTINCT FROM (NEW."street"))',
                    func='INSERT INTO "casework_householdchange" ("addition", "administrator", "administrator_from", "administrator_kind", "administrator_name", "administrator_phone", "administrator_until", "anonymised_on", "came_through", "case_number", "channel", "city", "closed_on", "dead_mobile", "email", "exit_reason", "house_number", "id", "interpreter", "language", "legal_hold", "location_id", "merged_into_id", "mobile", "no_voicemail", "owner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "preferred_phone", "quiet_from", "quiet_until", "refused_channels", "registered_at", "safety", "safety_note", "secret_address", "shared_phone", "street") VALUES (NEW."addition", NEW."administrator", NEW."administrator_from", NEW."administrator_kind", NEW."administrator_name", NEW."administrator_phone", NEW."administrator_until", NEW."anonymised_on", NEW."came_through", NEW."case_number", NEW."channel", NEW."city", NEW."closed_on", NEW."dead_mobile", NEW."email", NEW."exit_reason", NEW."house_number", NEW."id", NEW."interpreter", NEW."language", NEW."legal_hold", NEW."location_id", NEW."merged_into_id", NEW."mobile", NEW."no_voicemail", NEW."owner_id", NOW(), \'update\', NEW."id", NEW."phone", NEW."postcode", NEW."preferred_phone", NEW."quiet_from", NEW."quiet_until", NEW."refused_channels", NEW."registered_at", NEW."safety", NEW."safety_note", NEW."secret_address", NEW."shared_phone", NEW."street"); RETURN NULL;',
                    hash="e16afd7e460d3346a5c08255bc9c8fac3f71cbe9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_98294",
                    table="casework_household",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="household",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_householdchange" ("addition", "administrator", "administrator_from", "administrator_kind", "administrator_name", "administrator_phone", "administrator_until", "anonymised_on", "came_through", "case_number", "channel", "city", "closed_on", "dead_mobile", "email", "exit_reason", "house_number", "id", "interpreter", "language", "legal_hold", "location_id", "merged_into_id", "mobile", "no_voicemail", "owner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "preferred_phone", "quiet_from", "quiet_until", "refused_channels", "registered_at", "safety", "safety_note", "secret_address", "shared_phone", "street") VALUES (OLD."addition", OLD."administrator", OLD."administrator_from", OLD."administrator_kind", OLD."administrator_name", OLD."administrator_phone", OLD."administrator_until", OLD."anonymised_on", OLD."came_through", OLD."case_number", OLD."channel", OLD."city", OLD."closed_on", OLD."dead_mobile", OLD."email", OLD."exit_reason", OLD."house_number", OLD."id", OLD."interpreter", OLD."language", OLD."legal_hold", OLD."location_id", OLD."merged_into_id", OLD."mobile", OLD."no_voicemail", OLD."owner_id", NOW(), \'delete\', OLD."id", OLD."phone", OLD."postcode", OLD."preferred_phone", OLD."quiet_from", OLD."quiet_until", OLD."refused_channels", OLD."registered_at", OLD."safety", OLD."safety_note", OLD."secret_address", OLD."shared_phone", OLD."street"); RETURN NULL;',
                    hash="1a5a028171d851c23f55845966b6b4d7b125ca50",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e6dac",
                    table="casework_household",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("delivery", ""), ("delivery_at", None)),
                    models.Q(("delivery__in", ["delivered", "temporary", "permanent"]), ("delivery_at__isnull", False)),
                    _connector="OR",
                ),
                name="message_delivery_with_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(("delivery", "permanent"), ("state", "sent"), _negated=True),
                name="message_that_never_arrives_is_not_sent",
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
            model_name="receivedtext",
            name="household",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="received_texts",
                to="casework.household",
                verbose_name="household",
            ),
        ),
        migrations.AddField(
            model_name="receivedtext",
            name="settled_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="handled by",
            ),
        ),
        migrations.AddField(
            model_name="receivedtext",
            name="task",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="received_text",
                to="casework.task",
                verbose_name="task",
            ),
        ),
        migrations.AddIndex(
            model_name="receivedtext",
            index=models.Index(
                condition=models.Q(("household", None), ("settled_at", None)),
                fields=["-received_at", "-id"],
                name="received_text_from_strangers",
            ),
        ),
        migrations.AddIndex(
            model_name="receivedtext",
            index=models.Index(
                condition=models.Q(
                    models.Q(("sender", ""), _negated=True),
                    models.Q(("text", ""), _negated=True),
                    ("provider_id__isnull", False),
                    _connector="OR",
                ),
                fields=["noted_at"],
                name="received_text_with_text",
            ),
        ),
        migrations.AddConstraint(
            model_name="receivedtext",
            constraint=models.UniqueConstraint(fields=("provider_id", "copy"), name="received_text_once"),
        ),
        migrations.AddConstraint(
            model_name="receivedtext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("household", None), ("task", None)),
                    models.Q(
                        ("household__isnull", False),
                        ("settled_at", None),
                        ("settled_by", None),
                        ("task__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="received_text_has_one_end",
            ),
        ),
        migrations.AddConstraint(
            model_name="receivedtext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("settled_at", None), ("settled_by", None)),
                    models.Q(("settled_at__isnull", False), ("settled_by__isnull", False)),
                    _connector="OR",
                ),
                name="received_text_handled_by_somebody",
            ),
        ),
    ]
    operations = at_once(operations)
