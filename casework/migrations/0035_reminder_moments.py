"""When residents are told about an appointment, per kind of talk and by date; since when each clock runs."""

import datetime

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from casework.migrations._at_once import at_once

ADDED_ONLY = """
create function casework_moments_added_only() returns trigger language plpgsql as $$
begin
  raise exception 'moments of messages are only ever added' using errcode = 'insufficient_privilege';
end $$;
create trigger moments_added_only before update or delete on casework_remindermoments
  for each row execute function casework_moments_added_only();
create trigger moments_no_truncate before truncate on casework_remindermoments
  for each statement execute function casework_moments_added_only();
"""
WITHOUT_ADDED_ONLY = """
drop trigger moments_added_only on casework_remindermoments;
drop trigger moments_no_truncate on casework_remindermoments;
drop function casework_moments_added_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0032_callbacks"),
    ]

    operations = [
        migrations.AddField(
            model_name="heartbeat",
            name="since",
            field=models.DateTimeField(null=True, verbose_name="first finished"),
        ),
        migrations.RunSQL("update casework_heartbeat set since = at", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="heartbeat",
            name="since",
            field=models.DateTimeField(verbose_name="first finished"),
        ),
        migrations.AlterField(
            model_name="message",
            name="kind",
            field=models.CharField(
                choices=[
                    ("confirmation", "Confirmation"),
                    ("t2", "Reminder in advance"),
                    ("t0", "Reminder, same day"),
                    ("changed", "Changed"),
                    ("cancelled", "Cancelled"),
                    ("missed", "Missed"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="messagetext",
            name="kind",
            field=models.CharField(
                choices=[
                    ("confirmation", "Confirmation"),
                    ("t2", "Reminder in advance"),
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
        migrations.CreateModel(
            name="ReminderMoments",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_others", models.BooleanField(default=False, verbose_name="as every other type")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("added_on", models.DateField(verbose_name="added")),
                ("number", models.PositiveIntegerField(editable=False)),
                ("confirmation", models.BooleanField(default=True, verbose_name="confirmation at booking")),
                ("reminder", models.BooleanField(default=True, verbose_name="reminder in advance")),
                ("days_before", models.PositiveSmallIntegerField(default=2, verbose_name="so many days before")),
                ("reminder_at", models.TimeField(default=datetime.time(10, 0), verbose_name="at what time")),
                ("same_day", models.BooleanField(default=True, verbose_name="reminder on the day itself")),
                ("same_day_at", models.TimeField(default=datetime.time(8, 0), verbose_name="on the day itself at")),
                (
                    "early_before",
                    models.TimeField(
                        default=datetime.time(10, 0), verbose_name="the evening before, if it starts before"
                    ),
                ),
                ("evening_at", models.TimeField(default=datetime.time(17, 0), verbose_name="the evening before at")),
                ("missed", models.BooleanField(default=True, verbose_name="message after missing it")),
                (
                    "type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.appointmenttype",
                        verbose_name="appointment type",
                    ),
                ),
            ],
            options={
                "verbose_name": "moments of messages",
                "verbose_name_plural": "moments of messages",
                "ordering": [models.OrderBy(models.F("type"), nulls_first=True), "-valid_from", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("type", "number"), name="reminder_moments_are_numbered", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_from__gt", models.F("added_on"))),
                        name="reminder_moments_from_a_later_date",
                        violation_error_message="Choose a date after today, so that everybody can see it before it counts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("as_others", False), ("type__isnull", False), _connector="OR"),
                        name="reminder_moments_as_others_of_a_type",
                        violation_error_message="Only one type can go as every other type.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("days_before__range", (1, 7))),
                        name="reminder_moments_days_before",
                        violation_error_message="Choose 1 to 7 days before.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("evening_at__range", (datetime.time(8, 0), datetime.time(19, 0))),
                            ("reminder_at__range", (datetime.time(8, 0), datetime.time(19, 0))),
                        ),
                        name="reminder_moments_inside_the_window",
                        violation_error_message="Choose a time from 08:00 to 19:00: no message goes out before or after the sending window.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("early_before__lte", datetime.time(20, 0)),
                            ("same_day_at__range", (datetime.time(8, 0), datetime.time(18, 0))),
                            (
                                "early_before__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("same_day_at"), "+", models.Value(datetime.timedelta(seconds=7200))
                                ),
                            ),
                        ),
                        name="reminder_moments_well_before_the_start",
                        violation_error_message="Who is reminded on the day itself hears it at least two hours before the start: choose a later start, no later than 20:00, or an earlier time from 08:00.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(ADDED_ONLY, WITHOUT_ADDED_ONLY),
    ]
    operations = at_once(operations)
