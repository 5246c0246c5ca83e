"""An e-mail address that does not exist, and replies by e-mail (decision 0064)."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from casework.migrations._at_once import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0036_wording_trials"),
    ]

    operations = [
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
        migrations.AddField(
            model_name="household",
            name="dead_email",
            field=models.EmailField(
                blank=True,
                default="",
                editable=False,
                max_length=254,
                verbose_name="e-mail address that does not exist",
            ),
        ),
        migrations.AddField(
            model_name="householdchange",
            name="dead_email",
            field=models.EmailField(
                blank=True,
                default="",
                editable=False,
                max_length=254,
                verbose_name="e-mail address that does not exist",
            ),
        ),
        migrations.AlterField(
            model_name="receivedtext",
            name="sender",
            field=models.CharField(blank=True, max_length=254, verbose_name="from"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="household",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_householdchange" ("addition", "administrator", "administrator_from", "administrator_kind", "administrator_name", "administrator_phone", "administrator_until", "anonymised_on", "came_through", "case_number", "channel", "city", "closed_on", "dead_email", "dead_mobile", "email", "exit_reason", "house_number", "id", "interpreter", "language", "legal_hold", "location_id", "merged_into_id", "mobile", "no_voicemail", "owner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "preferred_phone", "quiet_from", "quiet_until", "refused_channels", "registered_at", "safety", "safety_note", "secret_address", "shared_phone", "street") VALUES (NEW."addition", NEW."administrator", NEW."administrator_from", NEW."administrator_kind", NEW."administrator_name", NEW."administrator_phone", NEW."administrator_until", NEW."anonymised_on", NEW."came_through", NEW."case_number", NEW."channel", NEW."city", NEW."closed_on", NEW."dead_email", NEW."dead_mobile", NEW."email", NEW."exit_reason", NEW."house_number", NEW."id", NEW."interpreter", NEW."language", NEW."legal_hold", NEW."location_id", NEW."merged_into_id", NEW."mobile", NEW."no_voicemail", NEW."owner_id", NOW(), \'insert\', NEW."id", NEW."phone", NEW."postcode", NEW."preferred_phone", NEW."quiet_from", NEW."quiet_until", NEW."refused_channels", NEW."registered_at", NEW."safety", NEW."safety_note", NEW."secret_address", NEW."shared_phone", NEW."street"); RETURN NULL;',
                    hash="eba7a57259d0c4bd6c24ea2a4ecf68ee31d64328",
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
                    condition='WHEN (OLD."addition" IS DISTINCT FROM (NEW."addition") OR OLD."administrator" IS DISTINCT FROM (NEW."administrator") OR OLD."administrator_from" IS DISTINCT FROM (NEW."administrator_from") OR OLD."administrator_kind" IS DISTINCT FROM (NEW."administrator_kind") OR OLD."administrator_name" IS DISTINCT FROM (NEW."administrator_name") OR OLD."administrator_phone" IS DISTINCT FROM (NEW."administrator_phone") OR OLD."administrator_until" IS DISTINCT FROM (NEW."administrator_until") OR OLD."anonymised_on" IS DISTINCT FROM (NEW."anonymised_on") OR OLD."came_through" IS DISTINCT FROM (NEW."came_through") OR OLD."case_number" IS DISTINCT FROM (NEW."case_number") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."city" IS DISTINCT FROM (NEW."city") OR OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."dead_email" IS DISTINCT FROM (NEW."dead_email") OR OLD."dead_mobile" IS DISTINCT FROM (NEW."dead_mobile") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."exit_reason" IS DISTINCT FROM (NEW."exit_reason") OR OLD."house_number" IS DISTINCT FROM (NEW."house_number") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."interpreter" IS DISTINCT FROM (NEW."interpreter") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."legal_hold" IS DISTINCT FROM (NEW."legal_hold") OR OLD."location_id" IS DISTINCT FROM (NEW."location_id") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."mobile" IS DISTINCT FROM (NEW."mobile") OR OLD."no_voicemail" IS DISTINCT FROM (NEW."no_voicemail") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."postcode" IS DISTINCT FROM (NEW."postcode") OR OLD."preferred_phone" IS DISTINCT FROM (NEW."preferred_phone") OR OLD."quiet_from" IS DISTINCT FROM (NEW."quiet_from") OR OLD."quiet_until" IS DISTINCT FROM (NEW."quiet_until") OR OLD."refused_channels" IS DISTINCT FROM (NEW."refused_channels") OR OLD."registered_at" IS DISTINCT FROM (NEW."registered_at") OR OLD."safety" IS DISTINCT FROM (NEW."safety") OR OLD."safety_note" IS DISTINCT FROM (NEW."safety_note") OR OLD."secret_address" IS DISTINCT FROM (NEW."secret_address") OR OLD."shared_phone" IS DISTINCT FROM (NEW."shared_phone") OR OLD."street" IS DISTINCT FROM (NEW."street"))',
                    func='INSERT INTO "casework_householdchange" ("addition", "administrator", "administrator_from", "administrator_kind", "administrator_name", "administrator_phone", "administrator_until", "anonymised_on", "came_through", "case_number", "channel", "city", "closed_on", "dead_email", "dead_mobile", "email", "exit_reason", "house_number", "id", "interpreter", "language", "legal_hold", "location_id", "merged_into_id", "mobile", "no_voicemail", "owner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "preferred_phone", "quiet_from", "quiet_until", "refused_channels", "registered_at", "safety", "safety_note", "secret_address", "shared_phone", "street") VALUES (NEW."addition", NEW."administrator", NEW."administrator_from", NEW."administrator_kind", NEW."administrator_name", NEW."administrator_phone", NEW."administrator_until", NEW."anonymised_on", NEW."came_through", NEW."case_number", NEW."channel", NEW."city", NEW."closed_on", NEW."dead_email", NEW."dead_mobile", NEW."email", NEW."exit_reason", NEW."house_number", NEW."id", NEW."interpreter", NEW."language", NEW."legal_hold", NEW."location_id", NEW."merged_into_id", NEW."mobile", NEW."no_voicemail", NEW."owner_id", NOW(), \'update\', NEW."id", NEW."phone", NEW."postcode", NEW."preferred_phone", NEW."quiet_from", NEW."quiet_until", NEW."refused_channels", NEW."registered_at", NEW."safety", NEW."safety_note", NEW."secret_address", NEW."shared_phone", NEW."street"); RETURN NULL;',
                    hash="08df2ff1aea834a78bc397f68ca0029d32ed184e",
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
                    func='INSERT INTO "casework_householdchange" ("addition", "administrator", "administrator_from", "administrator_kind", "administrator_name", "administrator_phone", "administrator_until", "anonymised_on", "came_through", "case_number", "channel", "city", "closed_on", "dead_email", "dead_mobile", "email", "exit_reason", "house_number", "id", "interpreter", "language", "legal_hold", "location_id", "merged_into_id", "mobile", "no_voicemail", "owner_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "postcode", "preferred_phone", "quiet_from", "quiet_until", "refused_channels", "registered_at", "safety", "safety_note", "secret_address", "shared_phone", "street") VALUES (OLD."addition", OLD."administrator", OLD."administrator_from", OLD."administrator_kind", OLD."administrator_name", OLD."administrator_phone", OLD."administrator_until", OLD."anonymised_on", OLD."came_through", OLD."case_number", OLD."channel", OLD."city", OLD."closed_on", OLD."dead_email", OLD."dead_mobile", OLD."email", OLD."exit_reason", OLD."house_number", OLD."id", OLD."interpreter", OLD."language", OLD."legal_hold", OLD."location_id", OLD."merged_into_id", OLD."mobile", OLD."no_voicemail", OLD."owner_id", NOW(), \'delete\', OLD."id", OLD."phone", OLD."postcode", OLD."preferred_phone", OLD."quiet_from", OLD."quiet_until", OLD."refused_channels", OLD."registered_at", OLD."safety", OLD."safety_note", OLD."secret_address", OLD."shared_phone", OLD."street"); RETURN NULL;',
                    hash="31867365781b575dcabf9b16c32e41e226c0aea7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e6dac",
                    table="casework_household",
                    when="AFTER",
                ),
            ),
        ),
    ]
    operations = at_once(operations)
