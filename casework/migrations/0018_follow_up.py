import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0017_contact_attempts"),
    ]

    operations = [
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "To be followed up"),
                            ("returned", "Came back"),
                            ("not_needed", "Not needed"),
                            ("withdrawn", "Withdrawn: the attendance was corrected"),
                            ("ended", "The help has ended"),
                        ],
                        default="open",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="next step before")),
                ("made_at", models.DateTimeField(verbose_name="made")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("why", models.CharField(blank=True, max_length=200, verbose_name="why this is not needed")),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "appointment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="follow_up",
                        to="casework.appointment",
                        verbose_name="appointment",
                    ),
                ),
                (
                    "came_with",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="brought_back",
                        to="casework.appointment",
                        verbose_name="came back with",
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="closed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "follow-up",
                "verbose_name_plural": "follow-ups",
                "ordering": ["due_on", "id"],
                "indexes": [
                    models.Index(condition=models.Q(("state", "open")), fields=["due_on"], name="follow_up_open")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("state", "open")),
                            models.Q(models.Q(("state", "open"), _negated=True), ("closed_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="follow_up_open_until_closed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "not_needed"), _negated=True),
                            models.Q(models.Q(("why", ""), _negated=True), ("closed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="follow_up_not_needed_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("came_with__isnull", False), ("state", "returned")),
                            models.Q(models.Q(("state", "returned"), _negated=True), ("came_with", None)),
                            _connector="OR",
                        ),
                        name="follow_up_returned_with_appointment",
                    ),
                ],
            },
        ),
    ]
