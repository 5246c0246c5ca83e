"""Which kinds of talk there are, and why somebody can be missed."""

from django.contrib import admin

from casework.admin.audited import Audited
from casework.admin.effects import ShowsEffect
from casework.admin.site import site
from casework.appointments.models import AppointmentType, MissedReason


@admin.register(AppointmentType, site=site)
class AppointmentTypeAdmin(ShowsEffect, Audited):
    list_display = ["name", "code", "minutes", "channel", "travel_minutes", "first_talk", "active"]


@admin.register(MissedReason, site=site)
class MissedReasonAdmin(Audited):
    list_display = ["name", "name_english", "code", "place", "active"]

    def get_readonly_fields(self, request, obj=None):
        """What was recorded holds the code."""
        return ["code"] if obj else []
