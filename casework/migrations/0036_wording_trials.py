"""Trials of wording: two texts by lot, and which of them a message has."""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
from django.conf import settings
from django.db import migrations, models

from casework.migrations._at_once import at_once

# An approved trial may be ended earlier, once. Its texts are approved, which never changes, so they may be looked at once.
APPROVED_STAYS = """
create function casework_approved_trial_stays() returns trigger language plpgsql as $$
begin
  if old.approved_at is not null and (tg_op = 'DELETE' or (new is distinct from old and (
      old.ended_from is not null or to_jsonb(new) - 'ended_from' - 'ended_by_id'
      is distinct from to_jsonb(old) - 'ended_from' - 'ended_by_id'))) then
    raise exception 'an approved trial never changes' using errcode = 'insufficient_privilege';
  end if;
  return coalesce(new, old);
end $$;
create trigger approved_trial_stays before update or delete on casework_wordingtrial
  for each row execute function casework_approved_trial_stays();
create function casework_trial_of_approved_texts() returns trigger language plpgsql as $$
begin
  if new.approved_at is not null and 2 <> (
      select count(*) from casework_messagetext
      where approved_at is not null and form = 'sms' and kind = new.kind and language = new.language
        and ((id = new.text_a_id and not for_trial) or (id = new.text_b_id and for_trial))) then
    raise exception 'a trial is of two approved texts of its kind' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger trial_of_approved_texts before insert or update on casework_wordingtrial
  for each row execute function casework_trial_of_approved_texts();
"""
WITHOUT_APPROVED_STAYS = """
drop trigger approved_trial_stays on casework_wordingtrial;
drop function casework_approved_trial_stays();
drop trigger trial_of_approved_texts on casework_wordingtrial;
drop function casework_trial_of_approved_texts();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0037_self_cancel"),
    ]

    operations = [
        migrations.CreateModel(
            name="WordingTrial",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
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
                        editable=False,
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("nl", "Dutch"), ("en", "English")],
                        editable=False,
                        max_length=3,
                        verbose_name="language",
                    ),
                ),
                (
                    "share_b",
                    models.PositiveSmallIntegerField(
                        default=50,
                        help_text="10 to 90. With half and half the fewest appointments are needed.",
                        verbose_name="so many percent get B",
                    ),
                ),
                ("first", models.DateField(verbose_name="first day")),
                ("last", models.DateField(verbose_name="last day")),
                ("written_at", models.DateTimeField(editable=False, verbose_name="written")),
                ("approved_at", models.DateTimeField(editable=False, null=True, verbose_name="approved")),
                ("ended_from", models.DateField(editable=False, null=True, verbose_name="ended from")),
            ],
            options={
                "verbose_name": "trial of wording",
                "verbose_name_plural": "trials of wording",
                "ordering": ["-first", "-id"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="messagetext",
            name="message_text_one_waits",
        ),
        migrations.AddField(
            model_name="message",
            name="variant",
            field=models.CharField(
                blank=True, choices=[("a", "A"), ("b", "B")], max_length=1, verbose_name="text of the trial"
            ),
        ),
        migrations.AddField(
            model_name="messagetext",
            name="for_trial",
            field=models.BooleanField(
                default=False,
                help_text="It goes out only as text B of a trial of wording. For a text message that goes out before an appointment.",
                verbose_name="only for a trial",
            ),
        ),
        migrations.AddConstraint(
            model_name="messagetext",
            constraint=models.UniqueConstraint(
                condition=models.Q(("approved_at", None)),
                fields=("kind", "form", "language", "for_trial"),
                name="message_text_one_waits",
                violation_error_message="A version of this text waits for approval already. Change that one.",
            ),
        ),
        migrations.AddConstraint(
            model_name="messagetext",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("for_trial", False),
                    models.Q(
                        ("form", "sms"),
                        ("kind__in", ("confirmation", "t2", "t2_self", "t0", "t0_evening", "changed", "phone")),
                    ),
                    _connector="OR",
                ),
                name="message_text_for_trial",
                violation_error_message="Only a text message that goes out before an appointment is tried.",
            ),
        ),
        migrations.AddField(
            model_name="wordingtrial",
            name="approved_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="approved by",
            ),
        ),
        migrations.AddField(
            model_name="wordingtrial",
            name="ended_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="ended by",
            ),
        ),
        migrations.AddField(
            model_name="wordingtrial",
            name="text_a",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="casework.messagetext",
                verbose_name="text A",
            ),
        ),
        migrations.AddField(
            model_name="wordingtrial",
            name="text_b",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="casework.messagetext",
                verbose_name="text B",
            ),
        ),
        migrations.AddField(
            model_name="wordingtrial",
            name="written_by",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="written by",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="trial",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="casework.wordingtrial",
                verbose_name="trial of wording",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("trial__isnull", False)),
                fields=["trial", "appointment_key"],
                name="message_of_trial",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("trial", None), ("variant", "")),
                    models.Q(("trial__isnull", False), ("variant__in", ["a", "b"])),
                    _connector="OR",
                ),
                name="message_of_a_trial_has_a_variant",
            ),
        ),
        migrations.AddConstraint(
            model_name="wordingtrial",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("approved_at__isnull", False)),
                expressions=[
                    ("kind", "="),
                    ("language", "="),
                    (
                        models.Func(
                            models.F("first"),
                            django.db.models.functions.comparison.Greatest(
                                models.F("first"),
                                django.db.models.functions.comparison.Coalesce(
                                    models.F("ended_from"),
                                    django.db.models.functions.comparison.Cast(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("last"), "+", models.Value(datetime.timedelta(days=1))
                                        ),
                                        models.DateField(),
                                    ),
                                ),
                            ),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="wording_trial_one_at_a_time",
                violation_error_message="Another trial of this kind and language runs in these days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="wordingtrial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ("confirmation", "t2", "t2_self", "t0", "t0_evening", "changed", "phone"))
                ),
                name="wording_trial_before_the_appointment",
                violation_error_message="Only what goes out before an appointment is tried.",
            ),
        ),
        migrations.AddConstraint(
            model_name="wordingtrial",
            constraint=models.CheckConstraint(
                condition=models.Q(("text_a", models.F("text_b")), _negated=True),
                name="wording_trial_of_two_texts",
                violation_error_message="A trial is of two texts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="wordingtrial",
            constraint=models.CheckConstraint(
                condition=models.Q(("share_b__range", (10, 90))),
                name="wording_trial_share",
                violation_error_message="Choose 10 to 90 percent.",
            ),
        ),
        migrations.AddConstraint(
            model_name="wordingtrial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last__gte", models.F("first")),
                    (
                        "last__lt",
                        django.db.models.expressions.CombinedExpression(
                            models.F("first"), "+", models.Value(datetime.timedelta(days=365))
                        ),
                    ),
                ),
                name="wording_trial_of_some_days",
                violation_error_message="A trial takes 1 to 365 days.",
            ),
        ),
        migrations.AddConstraint(
            model_name="wordingtrial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("approved_at", None), ("approved_by", None)),
                    models.Q(
                        ("approved_at__isnull", False),
                        ("approved_by__isnull", False),
                        models.Q(("approved_by", models.F("written_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="wording_trial_four_eyes",
                violation_error_message="Another administrator than its writer approves a trial.",
            ),
        ),
        migrations.AddConstraint(
            model_name="wordingtrial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_at", None),
                    (
                        "first__gt",
                        models.Func(
                            models.F("approved_at"),
                            output_field=models.DateField(),
                            template="(%(expressions)s at time zone 'Europe/Amsterdam')::date",
                        ),
                    ),
                    _connector="OR",
                ),
                name="wording_trial_from_a_later_date",
                violation_error_message="Choose a date after today, so that everybody can see it before it counts.",
            ),
        ),
        migrations.AddConstraint(
            model_name="wordingtrial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_by", None), ("ended_from", None)),
                    models.Q(
                        ("approved_at__isnull", False), ("ended_by__isnull", False), ("ended_from__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="wording_trial_ended_by_somebody",
            ),
        ),
        migrations.RunSQL(APPROVED_STAYS, WITHOUT_APPROVED_STAYS),
    ]
    operations = at_once(operations)
