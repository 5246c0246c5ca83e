"""The numbers in rules that a city may choose: what counts now, what is to come, and the way to another one."""

from django import forms
from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from casework.admin.audited import SavedByAction
from casework.admin.site import site
from casework.core import clock
from casework.core.actions import check_can_set_threshold, set_threshold, take_back_threshold
from casework.core.models import AuditEntry
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.core.thresholds import Threshold, ThresholdValue, coming


class ThresholdForm(forms.ModelForm):
    """A value from a date on. `opened`: of which threshold this page was opened, and its how many-eth value stood (R-19)."""

    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = ThresholdValue
        fields = ["threshold", "value", "valid_from"]
        help_texts = {"valid_from": _("A date after today, so that everybody can see it before it counts.")}

    by = None

    def asked(self) -> dict:
        """What the action wants."""
        opened, _colon, number = self.cleaned_data["opened"].partition(":")
        same = opened == self.cleaned_data["threshold"] and number.isascii() and number.isdigit()
        return {
            "threshold": Threshold(self.cleaned_data["threshold"]), "value": self.cleaned_data["value"],
            "valid_from": self.cleaned_data["valid_from"], "number": int(number[:6]) if same else None,
        }  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        if {"threshold", "value", "valid_from"} <= cleaned.keys():
            try:
                check_can_set_threshold(**self.asked(), by=self.by, now=clock.now())
            except ChangedMeanwhile as refused:
                self._hold_both(refused)
            except Refused as refused:
                self.add_error(refused.field, str(refused))
        return cleaned

    def _hold_both(self, refused: ChangedMeanwhile) -> None:
        """Saving again is a choice made with both in sight."""
        row = refused.current
        self.data = self.data.copy()
        self.data[self.add_prefix("opened")] = opened_mark(row.threshold, row.number)
        self.add_error(None, str(refused))
        self.add_error("value", _now("It now says: %(value)s") % {"value": f"{row}, {row.valid_from:%d-%m-%Y}"})

    def _get_validation_exclusions(self):
        """What the database asks of a whole row is asked by the action, in words of its own."""
        return super()._get_validation_exclusions() | {"value", "valid_from"}


def opened_mark(threshold: str, number: int) -> str:
    return f"{threshold}:{number}"


@admin.register(ThresholdValue, site=site)
class ThresholdAdmin(SavedByAction, admin.ModelAdmin):
    """Values are added only; the list is of thresholds, not of rows."""

    form = ThresholdForm

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        back = require_POST(self.admin_site.admin_view(self.take_back))
        return [path("<int:key>/take-back/", back, name="casework_thresholdvalue_take_back"), *super().get_urls()]

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.by = request.user
        return form

    def get_changeform_initial_data(self, request):
        asked = request.GET.get("threshold", "")
        if asked not in Threshold.values:
            return {}
        last = ThresholdValue.objects.filter(threshold=asked).order_by("-number").first()
        return {"threshold": asked, "opened": opened_mark(asked, last.number if last else 0)}

    def changelist_view(self, request, extra_context=None):
        return render(request, "admin/thresholds.html", self.admin_site.each_context(request) | {
            "title": _("Thresholds"), "opts": self.opts, "rows": _rows(),
        })  # fmt: skip

    def save_model(self, request, obj, form, change):
        """The action writes the row and its line."""
        obj.pk = set_threshold(**form.asked(), by=request.user, now=clock.now()).pk

    def take_back(self, request, key: int):
        """Let a coming value not come."""
        row = get_object_or_404(ThresholdValue, pk=key)
        try:
            take_back_threshold(row=row, by=request.user, now=clock.now())
            messages.success(request, _now("Taken back: what counts now goes on."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("admin:casework_thresholdvalue_changelist")


def _rows() -> list[dict]:
    """One per threshold: what counts, what comes, and who changed it last. Two queries."""
    now = clock.now()
    keys = [f"threshold:{one}" for one in Threshold]
    lines = AuditEntry.objects.filter(object_key__in=keys, action="set_threshold").order_by("object_key", "-id")
    last = {one.object_key: one for one in lines.distinct("object_key")}
    expected = coming(clock.local_date(now))
    return [
        {
            "threshold": one, "rule": one.known.rule, "unit": one.known.unit.label, "counts": one.words(now),
            "lowest": one.known.words(one.known.lowest), "highest": one.known.words(one.known.highest),
            "coming": [{"row": row, "words": one.known.words(row.value)} for row in expected.get(one, [])],
            "last": last.get(f"threshold:{one}"),
        }
        for one in Threshold
    ]  # fmt: skip
