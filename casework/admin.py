"""Settings for an administrator: places, hours, calendar, types, counsellors, users. Nothing about residents."""

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import DateTimeRangeField
from django.contrib.postgres.forms.ranges import RangeWidget
from django.core.exceptions import PermissionDenied
from django.forms.models import BaseInlineFormSet
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from casework.appointments.models import AppointmentType
from casework.core import clock
from casework.core.access import Right, may
from casework.core.actions import audit
from casework.core.forms import OpenedForm, PostcodeField
from casework.core.models import User
from casework.counsellors.models import LANGUAGES, Absence, Counsellor, Posting, Team, WorkingHours
from casework.households.actions import recompute_terms
from casework.places.models import Area, CalendarDay, Location, OpeningHours
from casework.retention.models import RetentionTerm
from partners.organisations.models import Membership, Organisation


class SettingsSite(admin.AdminSite):
    """Django's admin, for administrators only, behind the ordinary login."""

    site_header = site_title = _("ETF – Settings")
    index_title = _("Settings")
    login_template = None

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.may(Right.SETTINGS)

    def admin_view(self, view, cacheable=False):
        """403 for who is logged in without the right, as at every other door (R-93)."""
        return may(Right.SETTINGS)(super().admin_view(view, cacheable))

    def login(self, request, extra_context=None):
        """No second login beside the ordinary one, which counts failures (R-98)."""
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")


site = SettingsSite(name="admin")


# Never in the audit trail: secrets, and free text about a person.
_NOT_KEPT = {"password", "new_password", "note", "postcode"}


def _changes(form) -> dict:
    """Old and new value of each changed field, as text (S25); of a secret or a note only that it changed."""
    changed = [name for name in form.changed_data if name not in {"id", "DELETE"}]
    kept = [name for name in changed if name not in _NOT_KEPT]
    return {"changed": changed, "old": {name: str(form.initial.get(name, "")) for name in kept},
            "new": {name: str(form.cleaned_data.get(name, "")) for name in kept}}  # fmt: skip


class Audited(admin.ModelAdmin):
    """Every change leaves a line with old and new values; things in use are switched off, not deleted.

    What a colleague changed since the page was opened is not written over (R-19).
    """

    form = OpenedForm

    def _line(self, request, action: str, obj, details: dict | None = None) -> None:
        audit(by=request.user, now=clock.now(), action=action, on=obj, details=details)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        self._line(request, "change_settings" if change else "add_settings", obj, _changes(form))

    def save_formset(self, request, form, formset, change):
        """Hours and absences stand in rows of their own, and so do their lines."""
        deleted = {one.instance.pk: one.instance for one in formset.deleted_forms if one.instance.pk}
        for one in deleted.values():
            self._line(request, "delete_settings", one)
        super().save_formset(request, form, formset, change)
        for one in formset.forms:
            if one.has_changed() and one.instance.pk and one.instance.pk not in deleted and one.cleaned_data:
                new = one.instance in formset.new_objects
                self._line(request, "add_settings" if new else "change_settings", one.instance, _changes(one))

    def delete_model(self, request, obj):
        self._line(request, "delete_settings", obj)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for obj in queryset:
            self._line(request, "delete_settings", obj)
        super().delete_queryset(request, queryset)


class NamedFieldsFormSet(BaseInlineFormSet):
    """Rows of a table without labels of their own: every field gets the name of its column and row to be heard."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        row = form.instance if form.instance.pk else _("new row")
        for name, field in form.fields.items():
            label = _("Delete") if name == "DELETE" else field.label
            # A choice of related rows stands inside a widget of Django's own.
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", f"{label}: {row}")


class HoursFormSet(NamedFieldsFormSet):
    """The database refuses overlapping hours, but only looks at rows that are already there."""

    def clean(self):
        super().clean()
        rows = [
            form.instance
            for form in self.forms
            if form.has_changed() | bool(form.instance.pk) and not self._should_delete_form(form) and not form.errors
        ]
        for place, row in enumerate(rows):
            if any(row.overlaps(other) for other in rows[:place]):
                raise forms.ValidationError(_("Some of these hours overlap. Change the times or remove a row."))


class OpeningHoursInline(admin.TabularInline):
    model = OpeningHours
    formset = HoursFormSet
    form = OpenedForm
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
        super().delete_queryset(request, queryset)
        recompute_terms(by=request.user, now=clock.now())


@admin.register(RetentionTerm, site=site)
class RetentionTermAdmin(Audited):
    """How long things are kept; a change counts from its date on, so that it can be seen before it acts (R-63)."""

    list_display = ["kept", "months", "valid_from"]
    ordering = ["kept", "-valid_from"]


@admin.register(AppointmentType, site=site)
class AppointmentTypeAdmin(Audited):
    list_display = ["name", "code", "minutes", "channel", "travel_minutes", "first_talk", "active"]

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Team, site=site)
class TeamAdmin(Audited):
    list_display = ["name"]


class WorkingHoursInline(admin.TabularInline):
    model = WorkingHours
    formset = HoursFormSet
    form = OpenedForm
    extra = 0


class AbsenceForm(OpenedForm):
    period = DateTimeRangeField(label=_("Period"), widget=RangeWidget(forms.DateTimeInput))

    class Meta:
        model = Absence
        fields = ["period", "kind", "note"]


class AbsenceInline(admin.TabularInline):
    model = Absence
    formset = NamedFieldsFormSet
    form = AbsenceForm
    extra = 0


class CounsellorForm(OpenedForm):
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


class UserForm(OpenedForm):
    new_password = forms.CharField(
        label=_("New password"), required=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Empty leaves the password as it is."),
    )  # fmt: skip
    postcode = PostcodeField(
        label=User._meta.get_field("postcode").verbose_name, required=False,
        help_text=User._meta.get_field("postcode").help_text,
    )  # fmt: skip
    remove_second_factors = forms.BooleanField(
        label=_("Remove second factors"), required=False,
        help_text=_("For somebody who lost their telephone and codes; they set them up again at the next login."),
    )  # fmt: skip

    class Meta:
        model = User
        fields = ["username", "full_name", "first_name", "role", "email", "postcode", "is_active"]

    def save(self, commit=True):
        if self.cleaned_data["new_password"]:
            self.instance.set_password(self.cleaned_data["new_password"])
        elif not self.instance.pk:
            self.instance.set_unusable_password()
        if self.cleaned_data["remove_second_factors"]:
            self.instance.authenticator_set.all().delete()
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
