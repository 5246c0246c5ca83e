"""Who works where and when, and who may come in."""

from django import forms
from django.contrib import admin
from django.contrib.postgres.forms import DateTimeRangeField
from django.contrib.postgres.forms.ranges import RangeWidget
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from casework.admin.audited import Audited, HoursFormSet, NamedFieldsFormSet, SettingsForm
from casework.admin.effects import ShowsEffect
from casework.admin.site import site
from casework.core.forms import PostcodeField
from casework.core.models import User
from casework.counsellors.models import LANGUAGES, Absence, Counsellor, Posting, Team, WorkingHours
from partners.organisations.models import Membership, Organisation


@admin.register(Team, site=site)
class TeamAdmin(Audited):
    list_display = ["name", "active"]


class WorkingHoursInline(admin.TabularInline):
    model = WorkingHours
    formset = HoursFormSet
    form = SettingsForm
    extra = 0


class AbsenceForm(SettingsForm):
    period = DateTimeRangeField(label=_("Period"), widget=RangeWidget(forms.DateTimeInput))

    class Meta:
        model = Absence
        fields = ["period", "kind", "note"]


class AbsenceInline(admin.TabularInline):
    model = Absence
    formset = NamedFieldsFormSet
    form = AbsenceForm
    extra = 0


class CounsellorForm(SettingsForm):
    languages = forms.MultipleChoiceField(label=_("Languages"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = Counsellor
        fields = ["user", "location", "team", "languages", "capacity", "active"]


@admin.register(Counsellor, site=site)
class CounsellorAdmin(ShowsEffect, Audited):
    form = CounsellorForm
    list_display = ["user", "location", "team", "capacity", "active"]
    list_filter = ["active", "location"]
    list_select_related = ["user", "location", "team"]
    inlines = [WorkingHoursInline, AbsenceInline]

    def stops(self, obj):
        if not obj.active or obj.working_hours.exists():
            return []
        return [_now("Without working hours the planner shows no times for %(name)s.") % {"name": obj}]


@admin.register(Posting, site=site)
class PostingAdmin(Audited):
    list_display = ["user", "location", "team"]
    list_select_related = ["user", "location", "team"]


class UserForm(SettingsForm):
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
