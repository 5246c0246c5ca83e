"""What stands around a household: agreements, consents, life events, helpers, programmes, notes; versions (R-19)."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from casework.migrations._at_once import at_once


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0010_login"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agreement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "with_whom",
                    models.CharField(
                        choices=[("MAIT", "MAIT"), ("KBR", "KBR"), ("JPF", "JPF"), ("other", "Somebody else")],
                        max_length=5,
                        verbose_name="with whom",
                    ),
                ),
                ("other_name", models.CharField(blank=True, max_length=120, verbose_name="name of the organisation")),
                ("purpose", models.CharField(max_length=200, verbose_name="what for")),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("name", "Name"),
                                ("phone", "Telephone"),
                                ("language", "Language"),
                                ("postcode", "Postcode area"),
                                ("question", "The question"),
                                ("documents", "Chosen documents"),
                                ("address", "Address"),
                                ("born", "Date of birth"),
                                ("bsn", "BSN"),
                                ("debts", "Debts"),
                                ("budget", "Budget"),
                                ("work", "Education and work"),
                            ],
                            max_length=10,
                        ),
                        size=None,
                        verbose_name="what we may share",
                    ),
                ),
                (
                    "how",
                    models.CharField(
                        choices=[("spoken", "By word of mouth"), ("signed", "Signed")], max_length=6, verbose_name="how"
                    ),
                ),
                ("agreed_on", models.DateField(verbose_name="agreed on")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("recorded_on", models.DateField(verbose_name="recorded on")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                ("form_token", models.UUIDField(editable=False, null=True, unique=True)),
            ],
            options={
                "verbose_name": "agreement",
                "verbose_name_plural": "agreements",
                "ordering": ["-agreed_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ChannelConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("sms", "Text message"),
                            ("email", "E-mail"),
                            ("whatsapp", "WhatsApp"),
                            ("voicemail", "Voicemail"),
                        ],
                        max_length=10,
                        verbose_name="way of contact",
                    ),
                ),
                ("agreed", models.BooleanField(verbose_name="agreed")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("talk", "In a talk"),
                            ("phone", "By telephone"),
                            ("form", "On a form"),
                            ("other", "Otherwise"),
                        ],
                        max_length=6,
                        verbose_name="how we know",
                    ),
                ),
                ("given_on", models.DateField(verbose_name="said on")),
                ("recorded_on", models.DateField(verbose_name="recorded on")),
                ("form_token", models.UUIDField(editable=False, null=True, unique=True)),
            ],
            options={
                "verbose_name": "consent to a way of contact",
                "verbose_name_plural": "consents to ways of contact",
                "ordering": ["given_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Helper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("organisation", models.CharField(blank=True, max_length=120, verbose_name="organisation")),
                ("role", models.CharField(blank=True, max_length=80, verbose_name="role")),
                ("phone", models.CharField(blank=True, max_length=16, verbose_name="telephone")),
                ("may_contact", models.BooleanField(default=False, verbose_name="we may contact them")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("form_token", models.UUIDField(editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "other helper",
                "verbose_name_plural": "other helpers",
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="LifeEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("divorce", "Divorce or separation"),
                            ("death", "Death of somebody near"),
                            ("birth", "Birth of a child"),
                            ("moving_in", "Moving in together"),
                            ("eighteen", "A child turns 18"),
                            ("leaving_home", "A child leaves home"),
                            ("job_loss", "Loss of work"),
                            ("new_job", "New work"),
                            ("pension", "Pension"),
                            ("moving", "Moving house"),
                            ("illness", "Unable to work"),
                            ("release", "Release from detention"),
                            ("residence", "Residence permit"),
                            ("other", "Something else"),
                        ],
                        max_length=14,
                        verbose_name="what happened",
                    ),
                ),
                ("happened_on", models.DateField(verbose_name="date")),
                ("consequence", models.CharField(blank=True, max_length=200, verbose_name="what follows from it")),
                ("checked_on", models.DateField(blank=True, null=True, verbose_name="consequences checked on")),
                ("form_token", models.UUIDField(editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "life event",
                "verbose_name_plural": "life events",
                "ordering": ["-happened_on", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="when")),
                (
                    "kind",
                    models.CharField(
                        choices=[("talk", "Talk"), ("phone", "Telephone"), ("note", "Note")],
                        default="note",
                        max_length=5,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                ("form_token", models.UUIDField(editable=False, null=True, unique=True)),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ProgrammeLabel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "programme",
                    models.CharField(
                        choices=[
                            ("vindplaats", "Vindplaats"),
                            ("gezinsaanpak", "Gezinsaanpak"),
                            ("hulpteam", "Hulpteam"),
                            ("prio", "PRIO"),
                            ("jpf", "JPF"),
                        ],
                        max_length=12,
                        verbose_name="programme",
                    ),
                ),
                ("since", models.DateField(verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("form_token", models.UUIDField(editable=False, null=True, unique=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
            ],
            options={
                "verbose_name": "programme",
                "verbose_name_plural": "programmes",
                "ordering": ["since", "id"],
            },
        ),
        migrations.AddField(
            model_name="household",
            name="administrator_from",
            field=models.DateField(blank=True, null=True, verbose_name="administrator since"),
        ),
        migrations.AddField(
            model_name="household",
            name="administrator_kind",
            field=models.CharField(
                blank=True,
                choices=[
                    ("bewind", "Financial administrator"),
                    ("curator", "Legal guardian"),
                    ("mentor", "Mentor"),
                    ("budget", "Budget manager"),
                ],
                max_length=7,
                verbose_name="kind of administrator",
            ),
        ),
        migrations.AddField(
            model_name="household",
            name="administrator_name",
            field=models.CharField(blank=True, max_length=120, verbose_name="name of the administrator"),
        ),
        migrations.AddField(
            model_name="household",
            name="administrator_phone",
            field=models.CharField(blank=True, max_length=16, verbose_name="telephone of the administrator"),
        ),
        migrations.AddField(
            model_name="household",
            name="administrator_until",
            field=models.DateField(blank=True, null=True, verbose_name="administrator until"),
        ),
        migrations.AddField(
            model_name="household",
            name="preferred_phone",
            field=models.CharField(
                blank=True,
                choices=[("mobile", "Mobile number"), ("phone", "Other telephone")],
                max_length=6,
                verbose_name="call first on",
            ),
        ),
        migrations.AddField(
            model_name="household",
            name="quiet_from",
            field=models.TimeField(blank=True, null=True, verbose_name="do not call from"),
        ),
        migrations.AddField(
            model_name="household",
            name="quiet_until",
            field=models.TimeField(blank=True, null=True, verbose_name="do not call until"),
        ),
        migrations.AddField(
            model_name="household",
            name="refused_channels",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=10), blank=True, default=list, editable=False, size=None
            ),
        ),
        migrations.AddField(
            model_name="household",
            name="shared_phone",
            field=models.BooleanField(default=False, verbose_name="others use this telephone too"),
        ),
        migrations.AddField(
            model_name="member",
            name="form_token",
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="member",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AddField(
            model_name="threat",
            name="ended_on",
            field=models.DateField(blank=True, null=True, verbose_name="ended on"),
        ),
        migrations.AddField(
            model_name="threat",
            name="form_token",
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from", None), ("quiet_until", None)),
                    models.Q(
                        ("quiet_from__isnull", False),
                        ("quiet_until__isnull", False),
                        models.Q(("quiet_from", models.F("quiet_until")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="household_quiet_hours_whole",
                violation_error_message="Enter from when and until when not to call.",
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("administrator_from", None),
                    ("administrator_until", None),
                    ("administrator_until__gte", models.F("administrator_from")),
                    _connector="OR",
                ),
                name="household_administrator_dates_in_order",
                violation_error_message="The last date must not be before the first.",
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="agreements",
                to="casework.household",
                verbose_name="household",
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="member",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="casework.member",
                verbose_name="who agreed",
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="recorded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="agreement",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="withdrawal recorded by",
            ),
        ),
        migrations.AddField(
            model_name="channelconsent",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="consents",
                to="casework.household",
                verbose_name="household",
            ),
        ),
        migrations.AddField(
            model_name="channelconsent",
            name="recorded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="helper",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="helpers",
                to="casework.household",
                verbose_name="household",
            ),
        ),
        migrations.AddField(
            model_name="lifeevent",
            name="checked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="consequences checked by",
            ),
        ),
        migrations.AddField(
            model_name="lifeevent",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="life_events",
                to="casework.household",
                verbose_name="household",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="note",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notes",
                to="casework.household",
                verbose_name="household",
            ),
        ),
        migrations.AddField(
            model_name="programmelabel",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="programmes",
                to="casework.household",
                verbose_name="household",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("agreed_on__lte", models.F("recorded_on"))),
                name="agreement_not_in_future",
                violation_error_message="This date must not lie in the future.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("agreed_on")), _connector="OR"),
                name="agreement_dates_in_order",
                violation_error_message="The last date must not be before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(("fields", []), _negated=True),
                name="agreement_shares_something",
                violation_error_message="Choose what we may share.",
            ),
        ),
        migrations.AddConstraint(
            model_name="agreement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("with_whom", "other"), _negated=True),
                    models.Q(("other_name", ""), _negated=True),
                    _connector="OR",
                ),
                name="agreement_names_the_other",
                violation_error_message="Write the name of the organisation.",
            ),
        ),
        migrations.AddConstraint(
            model_name="channelconsent",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_on__lte", models.F("recorded_on"))),
                name="consent_not_in_future",
                violation_error_message="This date must not lie in the future.",
            ),
        ),
        migrations.AddConstraint(
            model_name="helper",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True),
                name="helper_has_a_name",
                violation_error_message="Enter the name.",
            ),
        ),
        migrations.AddConstraint(
            model_name="lifeevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("checked_by", None), ("checked_on", None)),
                    models.Q(("checked_by__isnull", False), ("checked_on__isnull", False)),
                    _connector="OR",
                ),
                name="life_event_checked_by_somebody",
            ),
        ),
        migrations.AddIndex(
            model_name="note",
            index=models.Index(fields=["household", "-at"], name="note_of_household"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="note_says_something",
                violation_error_message="Write the note.",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmelabel",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="programme_dates_in_order",
                violation_error_message="The last date must not be before the first.",
            ),
        ),
        migrations.AddConstraint(
            model_name="programmelabel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("household", "programme"),
                name="programme_runs_once",
                violation_error_message="This household takes part in this programme already.",
            ),
        ),
    ]
    operations = at_once(operations)
