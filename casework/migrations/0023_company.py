"""Who else comes to a talk, how long the way is, and a table of when counsellors are taken, kept by a trigger."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from casework.migrations._at_once import at_once

# Whoever writes the appointment: an action, an import, a merge, or somebody at a shell.
TRIGGER = """
create function casework_appointment_occupancy() returns trigger language plpgsql as $$
begin
  delete from casework_occupancy where appointment_id = new.id;
  if new.outcome = '' or new.outcome in ('V', 'L') then
    insert into casework_occupancy (appointment_id, counsellor_id, during)
    select new.id, who, tstzrange(new.starts_at - make_interval(mins => new.travel_minutes),
                                  new.ends_at + make_interval(mins => new.travel_minutes), '[)')
    from unnest(array[new.counsellor_id, new.second_counsellor_id]) as who where who is not null;
  end if;
  return null;
end $$;
create function casework_appointment_no_occupancy() returns trigger language plpgsql as $$
begin
  delete from casework_occupancy where appointment_id = old.id;
  return old;
end $$;
create trigger appointment_occupancy_made after insert on casework_appointment
  for each row execute function casework_appointment_occupancy();
create trigger appointment_occupancy_changed after update on casework_appointment
  for each row when (
    (old.counsellor_id, old.second_counsellor_id, old.starts_at, old.ends_at, old.travel_minutes, old.outcome)
    is distinct from
    (new.counsellor_id, new.second_counsellor_id, new.starts_at, new.ends_at, new.travel_minutes, new.outcome)
  ) execute function casework_appointment_occupancy();
create trigger appointment_occupancy_gone before delete on casework_appointment
  for each row execute function casework_appointment_no_occupancy();
"""
# What stands until now: nobody joined and nobody travelled.
FILL = """
insert into casework_occupancy (appointment_id, counsellor_id, during)
select id, counsellor_id, tstzrange(starts_at, ends_at, '[)') from casework_appointment
where outcome = '' or outcome in ('V', 'L')
"""
WITHOUT_TRIGGER = """
drop trigger appointment_occupancy_made on casework_appointment;
drop trigger appointment_occupancy_changed on casework_appointment;
drop trigger appointment_occupancy_gone on casework_appointment;
drop function casework_appointment_occupancy();
drop function casework_appointment_no_occupancy();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0022_data_requests"),
    ]

    operations = [
        migrations.CreateModel(
            name="Occupancy",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("during", django.contrib.postgres.fields.ranges.DateTimeRangeField(verbose_name="during")),
            ],
            options={
                "verbose_name": "taken time",
                "verbose_name_plural": "taken times",
                "ordering": ["during", "id"],
            },
        ),
        migrations.AddField(
            model_name="appointment",
            name="interpreter_agency",
            field=models.CharField(blank=True, max_length=80, verbose_name="agency of the interpreter"),
        ),
        migrations.AddField(
            model_name="appointment",
            name="interpreter_booked",
            field=models.BooleanField(default=False, verbose_name="interpreter is booked"),
        ),
        migrations.AddField(
            model_name="appointment",
            name="interpreter_language",
            field=models.CharField(
                blank=True,
                choices=[
                    ("nl", "Dutch"),
                    ("en", "English"),
                    ("tr", "Turkish"),
                    ("ar", "Arabic"),
                    ("pl", "Polish"),
                    ("pap", "Papiamentu"),
                    ("pt", "Portuguese"),
                    ("es", "Spanish"),
                    ("fr", "French"),
                    ("so", "Somali"),
                    ("ti", "Tigrinya"),
                    ("fa", "Farsi"),
                    ("bg", "Bulgarian"),
                    ("uk", "Ukrainian"),
                    ("ru", "Russian"),
                    ("zh", "Chinese"),
                    ("vi", "Vietnamese"),
                    ("ber", "Berber"),
                    ("hi", "Hindustani"),
                    ("ur", "Urdu"),
                ],
                max_length=3,
                verbose_name="interpreter for",
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="partner_worker",
            field=models.CharField(blank=True, max_length=120, verbose_name="worker of a partner"),
        ),
        migrations.AddField(
            model_name="appointment",
            name="second_counsellor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="joined",
                to="casework.counsellor",
                verbose_name="second counsellor",
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="series",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="appointment",
            name="travel_minutes",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="minutes of travel"),
        ),
        migrations.AddField(
            model_name="appointmenttype",
            name="travel_minutes",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="For talks at home. The counsellor is not free then, the household is.",
                verbose_name="minutes of travel, there and back each",
            ),
        ),
        migrations.AddIndex(
            model_name="appointment",
            index=models.Index(
                condition=models.Q(("series__isnull", False)), fields=["series"], name="appointment_by_series"
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("second_counsellor", None),
                    models.Q(("second_counsellor", models.F("counsellor")), _negated=True),
                    _connector="OR",
                ),
                name="appointment_second_is_another",
                violation_error_message="Choose somebody else as the second counsellor.",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("interpreter_language", ""), _negated=True), ("interpreter_agency", ""), _connector="OR"
                ),
                name="appointment_interpreter_of_a_language",
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.CheckConstraint(
                condition=models.Q(("travel_minutes__lte", 120)), name="appointment_travel_at_most"
            ),
        ),
        migrations.AddConstraint(
            model_name="appointmenttype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("travel_minutes", 0), models.Q(("channel", "home"), ("travel_minutes__lte", 120)), _connector="OR"
                ),
                name="appointment_type_travel",
                violation_error_message="Only for a talk at home one travels, at most 120 minutes.",
            ),
        ),
        migrations.AddField(
            model_name="occupancy",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="occupancies",
                to="casework.appointment",
                verbose_name="appointment",
            ),
        ),
        migrations.AddField(
            model_name="occupancy",
            name="counsellor",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="occupancies",
                to="casework.counsellor",
                verbose_name="counsellor",
            ),
        ),
        migrations.AddConstraint(
            model_name="occupancy",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("counsellor", "="), ("during", "&&")],
                name="occupancy_counsellor_free",
                violation_error_message="This counsellor already has an appointment at this time.",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGER, WITHOUT_TRIGGER),
        pgtrigger.migrations.RemoveTrigger(
            model_name="appointment",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="appointment",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="appointment",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="appointmentchange",
            name="interpreter_agency",
            field=models.CharField(blank=True, max_length=80, verbose_name="agency of the interpreter"),
        ),
        migrations.AddField(
            model_name="appointmentchange",
            name="interpreter_booked",
            field=models.BooleanField(default=False, verbose_name="interpreter is booked"),
        ),
        migrations.AddField(
            model_name="appointmentchange",
            name="interpreter_language",
            field=models.CharField(
                blank=True,
                choices=[
                    ("nl", "Dutch"),
                    ("en", "English"),
                    ("tr", "Turkish"),
                    ("ar", "Arabic"),
                    ("pl", "Polish"),
                    ("pap", "Papiamentu"),
                    ("pt", "Portuguese"),
                    ("es", "Spanish"),
                    ("fr", "French"),
                    ("so", "Somali"),
                    ("ti", "Tigrinya"),
                    ("fa", "Farsi"),
                    ("bg", "Bulgarian"),
                    ("uk", "Ukrainian"),
                    ("ru", "Russian"),
                    ("zh", "Chinese"),
                    ("vi", "Vietnamese"),
                    ("ber", "Berber"),
                    ("hi", "Hindustani"),
                    ("ur", "Urdu"),
                ],
                max_length=3,
                verbose_name="interpreter for",
            ),
        ),
        migrations.AddField(
            model_name="appointmentchange",
            name="partner_worker",
            field=models.CharField(blank=True, max_length=120, verbose_name="worker of a partner"),
        ),
        migrations.AddField(
            model_name="appointmentchange",
            name="second_counsellor",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="casework.counsellor",
                verbose_name="second counsellor",
            ),
        ),
        migrations.AddField(
            model_name="appointmentchange",
            name="series",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="appointmentchange",
            name="travel_minutes",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="minutes of travel"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_appointmentchange" ("arrived_at", "booked_at", "booked_by_id", "counsellor_id", "ends_at", "household_id", "id", "interpreter_agency", "interpreter_booked", "interpreter_language", "location_id", "moved_to_id", "note", "outcome", "overruled_reason", "partner_worker", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "reference", "second_counsellor_id", "series", "starts_at", "told_at", "told_how", "travel_minutes", "type_id", "walk_in") VALUES (NEW."arrived_at", NEW."booked_at", NEW."booked_by_id", NEW."counsellor_id", NEW."ends_at", NEW."household_id", NEW."id", NEW."interpreter_agency", NEW."interpreter_booked", NEW."interpreter_language", NEW."location_id", NEW."moved_to_id", NEW."note", NEW."outcome", NEW."overruled_reason", NEW."partner_worker", NOW(), \'insert\', NEW."id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."reference", NEW."second_counsellor_id", NEW."series", NEW."starts_at", NEW."told_at", NEW."told_how", NEW."travel_minutes", NEW."type_id", NEW."walk_in"); RETURN NULL;',
                    hash="247876cea504813383088692bea381ad05f551ab",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_532f7",
                    table="casework_appointment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."arrived_at" IS DISTINCT FROM (NEW."arrived_at") OR OLD."booked_at" IS DISTINCT FROM (NEW."booked_at") OR OLD."booked_by_id" IS DISTINCT FROM (NEW."booked_by_id") OR OLD."counsellor_id" IS DISTINCT FROM (NEW."counsellor_id") OR OLD."ends_at" IS DISTINCT FROM (NEW."ends_at") OR OLD."household_id" IS DISTINCT FROM (NEW."household_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."interpreter_agency" IS DISTINCT FROM (NEW."interpreter_agency") OR OLD."interpreter_booked" IS DISTINCT FROM (NEW."interpreter_booked") OR OLD."interpreter_language" IS DISTINCT FROM (NEW."interpreter_language") OR OLD."location_id" IS DISTINCT FROM (NEW."location_id") OR OLD."moved_to_id" IS DISTINCT FROM (NEW."moved_to_id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."overruled_reason" IS DISTINCT FROM (NEW."overruled_reason") OR OLD."partner_worker" IS DISTINCT FROM (NEW."partner_worker") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."recorded_at" IS DISTINCT FROM (NEW."recorded_at") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."second_counsellor_id" IS DISTINCT FROM (NEW."second_counsellor_id") OR OLD."series" IS DISTINCT FROM (NEW."series") OR OLD."starts_at" IS DISTINCT FROM (NEW."starts_at") OR OLD."told_at" IS DISTINCT FROM (NEW."told_at") OR OLD."told_how" IS DISTINCT FROM (NEW."told_how") OR OLD."travel_minutes" IS DISTINCT FROM (NEW."travel_minutes") OR OLD."type_id" IS DISTINCT FROM (NEW."type_id") OR OLD."walk_in" IS DISTINCT FROM (NEW."walk_in"))',
                    func='INSERT INTO "casework_appointmentchange" ("arrived_at", "booked_at", "booked_by_id", "counsellor_id", "ends_at", "household_id", "id", "interpreter_agency", "interpreter_booked", "interpreter_language", "location_id", "moved_to_id", "note", "outcome", "overruled_reason", "partner_worker", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "reference", "second_counsellor_id", "series", "starts_at", "told_at", "told_how", "travel_minutes", "type_id", "walk_in") VALUES (NEW."arrived_at", NEW."booked_at", NEW."booked_by_id", NEW."counsellor_id", NEW."ends_at", NEW."household_id", NEW."id", NEW."interpreter_agency", NEW."interpreter_booked", NEW."interpreter_language", NEW."location_id", NEW."moved_to_id", NEW."note", NEW."outcome", NEW."overruled_reason", NEW."partner_worker", NOW(), \'update\', NEW."id", NEW."reason", NEW."recorded_at", NEW."recorded_by_id", NEW."reference", NEW."second_counsellor_id", NEW."series", NEW."starts_at", NEW."told_at", NEW."told_how", NEW."travel_minutes", NEW."type_id", NEW."walk_in"); RETURN NULL;',
                    hash="b1554c0b0cb223274920befa50d267d17c979603",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_68a07",
                    table="casework_appointment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="appointment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "casework_appointmentchange" ("arrived_at", "booked_at", "booked_by_id", "counsellor_id", "ends_at", "household_id", "id", "interpreter_agency", "interpreter_booked", "interpreter_language", "location_id", "moved_to_id", "note", "outcome", "overruled_reason", "partner_worker", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "recorded_at", "recorded_by_id", "reference", "second_counsellor_id", "series", "starts_at", "told_at", "told_how", "travel_minutes", "type_id", "walk_in") VALUES (OLD."arrived_at", OLD."booked_at", OLD."booked_by_id", OLD."counsellor_id", OLD."ends_at", OLD."household_id", OLD."id", OLD."interpreter_agency", OLD."interpreter_booked", OLD."interpreter_language", OLD."location_id", OLD."moved_to_id", OLD."note", OLD."outcome", OLD."overruled_reason", OLD."partner_worker", NOW(), \'delete\', OLD."id", OLD."reason", OLD."recorded_at", OLD."recorded_by_id", OLD."reference", OLD."second_counsellor_id", OLD."series", OLD."starts_at", OLD."told_at", OLD."told_how", OLD."travel_minutes", OLD."type_id", OLD."walk_in"); RETURN NULL;',
                    hash="fe634b821b8d30dc5caccb1af91283b217024e37",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3c297",
                    table="casework_appointment",
                    when="AFTER",
                ),
            ),
        ),
    ]
    operations = at_once(operations)
