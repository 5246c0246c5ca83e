"""When counsellors are taken: their own talks, those they join, and the way there and back (decision 0046)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from casework.counsellors.models import Counsellor


class AtWork(models.Func):
    """Whether a counsellor works during a stretch of time, at a location (null: wherever), as the slot search says."""

    function = "casework_at_work"
    output_field = models.BooleanField()


class Occupancy(models.Model):
    """A stretch of time that an appointment takes of one counsellor, travelling included.

    A trigger keeps these rows from the appointment, whoever writes that; nothing else does. There is one per counsellor
    while the appointment takes up time. Households do not travel: their time is that of the appointment itself.
    """

    appointment = models.ForeignKey(
        "casework.Appointment", models.CASCADE, verbose_name=_("appointment"), related_name="occupancies"
    )
    # Indexed by the constraint, together with the range.
    counsellor = models.ForeignKey(
        Counsellor, models.CASCADE, verbose_name=_("counsellor"), related_name="occupancies", db_index=False
    )
    during = DateTimeRangeField(_("during"))

    class Meta:
        verbose_name = _("taken time")
        verbose_name_plural = _("taken times")
        ordering = ["during", "id"]
        constraints = [
            # The slot search and the check before a booking read through the index of this constraint.
            ExclusionConstraint(
                name="occupancy_counsellor_free",
                expressions=[("counsellor", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                violation_error_message=_("This counsellor already has an appointment at this time."),
            )
        ]

    def __str__(self):
        return f"{self.counsellor_id}: {self.during.lower:%Y-%m-%d %H:%M}"
