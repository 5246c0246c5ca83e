"""Which kinds of talk there are."""

from django.contrib import admin

from casework.admin.audited import Audited
from casework.admin.effects import ShowsEffect
from casework.admin.site import site
from casework.appointments.models import AppointmentType


@admin.register(AppointmentType, site=site)
class AppointmentTypeAdmin(ShowsEffect, Audited):
    list_display = ["name", "code", "minutes", "channel", "travel_minutes", "first_talk", "active"]
