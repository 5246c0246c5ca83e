"""Where ETF works and on which days."""

from django.contrib import admin
from django.utils.translation import gettext as _

from casework.admin.audited import Audited, HoursFormSet, SettingsForm
from casework.admin.effects import ShowsEffect
from casework.admin.site import site
from casework.core import clock
from casework.households.actions import recompute_terms
from casework.places.models import Area, CalendarDay, Location, OpeningHours


class OpeningHoursInline(admin.TabularInline):
    model = OpeningHours
    formset = HoursFormSet
    form = SettingsForm
    extra = 0


@admin.register(Location, site=site)
class LocationAdmin(ShowsEffect, Audited):
    list_display = ["name", "code", "kind", "area", "active"]
    list_filter = ["active", "kind"]
    list_select_related = ["area"]
    inlines = [OpeningHoursInline]

    def stops(self, obj):
        if obj.hours.exists():
            return []
        return [_("Without opening hours the planner shows no times at %(name)s.") % {"name": obj}]


@admin.register(Area, site=site)
class AreaAdmin(Audited):
    list_display = ["name", "active"]


@admin.register(CalendarDay, site=site)
class CalendarDayAdmin(ShowsEffect, Audited):
    """Changing a day lets the open terms follow at once (R-04)."""

    list_display = ["date", "name", "working_day", "closed"]
    list_filter = ["closed", "working_day"]
    date_hierarchy = "date"

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        recompute_terms(by=request.user, now=clock.now())

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        recompute_terms(by=request.user, now=clock.now())
