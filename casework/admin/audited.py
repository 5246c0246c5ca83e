"""What every page of settings does: a line per change, nothing written over, rows of a table that can be heard."""

from django import forms
from django.contrib import admin, messages
from django.db.models import Q
from django.forms.models import BaseInlineFormSet
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from casework.admin.removing import SaysWhatUsesIt
from casework.core import clock
from casework.core.actions import audit
from casework.core.forms import OpenedForm
from casework.core.refusals import Refused

# Never in the audit trail: secrets, and free text about a person.
_NOT_KEPT = {"password", "new_password", "note", "postcode"}


def _changes(form) -> dict:
    """Old and new value of each changed field, as text (S25); of a secret or a note only that it changed."""
    changed = [name for name in form.changed_data if name not in {"id", "DELETE"}]
    kept = [name for name in changed if name not in _NOT_KEPT]
    return {"changed": changed, "old": {name: str(form.initial.get(name, "")) for name in kept},
            "new": {name: str(form.cleaned_data.get(name, "")) for name in kept}}  # fmt: skip


class SettingsForm(OpenedForm):
    """Offers what is in use, and what stands in this row."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField) and _has_active(field.queryset.model):
                stands = getattr(self.instance, f"{name}_id", None)
                field.queryset = field.queryset.filter(Q(active=True) | Q(pk=stands))


def _has_active(model) -> bool:
    return any(field.name == "active" for field in model._meta.get_fields())


class Audited(SaysWhatUsesIt, admin.ModelAdmin):
    """Every change leaves a line with old and new values; things in use are switched off, not deleted.

    What a colleague changed since the page was opened is not written over (R-19).
    """

    form = SettingsForm

    def stops(self, obj) -> list[str]:
        """What does not work while something is missing here, in sentences."""
        return []

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {"stops": self.stops(obj) if obj and request.method == "GET" else []}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _line(self, request, action: str, obj, details: dict | None = None) -> None:
        audit(by=request.user, now=clock.now(), action=action, on=obj, details=details)

    def save_row(self, request, obj, form, change):
        """For a page whose rows an action writes."""
        super().save_model(request, obj, form, change)

    def save_model(self, request, obj, form, change):
        self.save_row(request, obj, form, change)
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


class SavedByAction:
    """For a page whose rows are written by an action, which may refuse what the form still allowed."""

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refused:
            # A colleague was first by less than a second: the page opens anew with what stands.
            messages.error(request, str(refused))
            return redirect(request.get_full_path())


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


class OnlyWhileItWaits:
    """For what a second person approves: once that is done, a row is only looked at."""

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and (obj is None or obj.waits)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and (obj is None or obj.waits)
