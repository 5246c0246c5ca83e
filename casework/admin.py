"""Settings for an administrator: places, hours, calendar, types, counsellors, users. Nothing about residents."""

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import DateTimeRangeField
from django.contrib.postgres.forms.ranges import RangeWidget
from django.utils.translation import gettext_lazy as _

from casework.appointments.models import AppointmentType
from casework.core import clock
from casework.core.access import Right
from casework.core.actions import audit
from casework.core.models import User
from casework.counsellors.models import LANGUAGES, Absence, Counsellor, Posting, Team, WorkingHours
from casework.households.actions import recompute_terms
from casework.places.models import Area, CalendarDay, Location, OpeningHours
from partners.organisations.models import Membership, Organisation


class SettingsSite(admin.AdminSite):
    """Django's admin, for administrators only, behind the ordinary login."""

    site_header = site_title = _("ETF – Settings")
    index_title = _("Settings")
    login_template = None

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.may(Right.SETTINGS)


site = SettingsSite(name="admin")


class Audited(admin.ModelAdmin):
    """Every change leaves a line with the names of the changed fields; things in use are switched off, not deleted."""

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        audit(by=request.user, now=clock.now(), action="change_settings" if change else "add_settings", on=obj,
              details={"changed": [name for name in form.changed_data if name != "password"]})  # fmt: skip

    def delete_model(self, request, obj):
        audit(by=request.user, now=clock.now(), action="delete_settings", on=obj)
        super().delete_model(request, obj)


class OpeningHoursInline(admin.TabularInline):
    model = OpeningHours
    extra = 0


@admin.register(Location, site=site)
class LocationAdmin(Audited):
    list_display = ["name", "code", "kind", "area", "active"]
    list_filter = ["active", "kind"]
    list_select_related = ["area"]
    inlines = [OpeningHoursInline]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Area, site=site)
class AreaAdmin(Audited):
    list_display = ["name"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(CalendarDay, site=site)
class CalendarDayAdmin(Audited):
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

    def delete_queryset(self, request, queryset):
        for day in queryset:
            audit(by=request.user, now=clock.now(), action="delete_settings", on=day)
        super().delete_queryset(request, queryset)
        recompute_terms(by=request.user, now=clock.now())


@admin.register(AppointmentType, site=site)
class AppointmentTypeAdmin(Audited):
    list_display = ["name", "code", "minutes", "channel", "first_talk", "active"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Team, site=site)
class TeamAdmin(Audited):
    list_display = ["name"]


class WorkingHoursInline(admin.TabularInline):
    model = WorkingHours
    extra = 0


class AbsenceForm(forms.ModelForm):
    period = DateTimeRangeField(label=_("Period"), widget=RangeWidget(forms.DateTimeInput))

    class Meta:
        model = Absence
        fields = ["period", "kind", "note"]


class AbsenceInline(admin.TabularInline):
    model = Absence
    form = AbsenceForm
    extra = 0


class CounsellorForm(forms.ModelForm):
    languages = forms.MultipleChoiceField(label=_("Languages"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Counsellor
        fields = ["user", "location", "team", "languages", "capacity", "active"]


@admin.register(Counsellor, site=site)
class CounsellorAdmin(Audited):
    form = CounsellorForm
    list_display = ["user", "location", "team", "capacity", "active"]
    list_filter = ["active", "location"]
    list_select_related = ["user", "location", "team"]
    inlines = [WorkingHoursInline, AbsenceInline]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Posting, site=site)
class PostingAdmin(Audited):
    list_display = ["user", "location", "team"]
    list_select_related = ["user", "location", "team"]


class UserForm(forms.ModelForm):
    new_password = forms.CharField(
        label=_("New password"), required=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Empty leaves the password as it is."),
    )  # fmt: skip

    class Meta:
        model = User
        fields = ["username", "full_name", "first_name", "role", "email", "is_active"]

    def save(self, commit=True):
        if self.cleaned_data["new_password"]:
            self.instance.set_password(self.cleaned_data["new_password"])
        elif not self.instance.pk:
            self.instance.set_unusable_password()
        return super().save(commit)


@admin.register(User, site=site)
class UserAdmin(Audited):
    """Users are switched off, never deleted: what they did stays theirs."""

    form = UserForm
    list_display = ["username", "full_name", "role", "is_active"]
    list_filter = ["role", "is_active"]
    search_fields = ["username", "full_name"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Organisation, site=site)
class OrganisationAdmin(Audited):
    list_display = ["name", "code"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Membership, site=site)
class MembershipAdmin(Audited):
    list_display = ["user", "organisation"]
    list_select_related = ["user", "organisation"]
