"""Numbers in rules that a city chooses, by date; rows are only ever added."""

from decimal import Decimal

import django.db.models.functions.math
from django.db import migrations, models

ADDED_ONLY = """
create function casework_threshold_added_only() returns trigger language plpgsql as $$
begin
  raise exception 'values of thresholds are only ever added' using errcode = 'insufficient_privilege';
end $$;
create trigger threshold_added_only before update or delete on casework_thresholdvalue
  for each row execute function casework_threshold_added_only();
create trigger threshold_no_truncate before truncate on casework_thresholdvalue
  for each statement execute function casework_threshold_added_only();
"""
WITHOUT_ADDED_ONLY = """
drop trigger threshold_added_only on casework_thresholdvalue;
drop trigger threshold_no_truncate on casework_thresholdvalue;
drop function casework_threshold_added_only();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0025_born_known"),
    ]

    operations = [
        migrations.CreateModel(
            name="ThresholdValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "threshold",
                    models.CharField(
                        choices=[
                            ("lead_time", "An appointment starts at least so long from now"),
                            ("suggestions", "So many times are suggested at most"),
                            ("in_time", "Cancelled or moved in time: at least so long before the start"),
                            ("check_in_from", "Checking in is possible from so long before the start"),
                            ("no_show_from", "“Did not appear” is possible from so long after the start"),
                            ("phone_attempts", "“Did not appear” by telephone: attempts needed"),
                            ("phone_attempts_apart", "Attempts by telephone: at least so long apart"),
                            (
                                "correction_days",
                                "Counsellor and desk correct attendance until so long after the appointment",
                            ),
                            (
                                "unrecorded_after",
                                "Without outcome an appointment is to be recorded so long after its end",
                            ),
                            ("notice_from", "The counsellor hears what is to be recorded from this hour"),
                            ("exception_after", "To be recorded for longer than this: also on the supervisor’s list"),
                            ("missed_after", "The message after a missed appointment goes out so much later"),
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
                ("value", models.DecimalField(decimal_places=2, max_digits=6, verbose_name="value")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("added_on", models.DateField(verbose_name="added")),
                ("number", models.PositiveIntegerField(editable=False)),
            ],
            options={
                "verbose_name": "threshold",
                "verbose_name_plural": "thresholds",
                "ordering": ["threshold", "-valid_from", "-number"],
                "constraints": [
                    models.UniqueConstraint(fields=("threshold", "number"), name="threshold_values_are_numbered"),
                    models.CheckConstraint(
                        condition=models.Q(("valid_from__gt", models.F("added_on"))),
                        name="threshold_from_a_later_date",
                        violation_error_message="Choose a date after today, so that everybody can see it before it counts.",
                    ),
                    models.CheckConstraint(
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
                                ("threshold", "weight_urgent"),
                                ("value__gte", Decimal("0")),
                                ("value__lte", Decimal("9")),
                            ),
                            models.Q(
                                ("threshold", "weight_aftercare"),
                                ("value__gte", Decimal("0")),
                                ("value__lte", Decimal("9")),
                            ),
                            _connector="OR",
                        ),
                        name="threshold_within_bounds",
                        violation_error_message="Choose a number within the bounds of this threshold.",
                    ),
                ],
            },
        ),
        migrations.RunSQL(ADDED_ONLY, WITHOUT_ADDED_ONLY),
    ]
