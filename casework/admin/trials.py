"""Trials of wording: what is tried, how many appointments have it, and the second pair of eyes (M3, decision 0066).

No outcome stands here: while a trial runs nobody sees who came. The figures tell when it has ended.
"""

from django import forms
from django.contrib import admin, messages
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from casework.admin.audited import Audited, OnlyWhileItWaits, SavedByAction, SettingsForm
from casework.admin.site import site
from casework.core import clock
from casework.core.refusals import Refused
from casework.messaging.actions.trials import (
    approve_trial,
    check_can_approve_trial,
    check_can_end_trial,
    check_can_write_trial,
    end_trial,
    trial_mark,
    write_trial,
)
from casework.messaging.checks import check
from casework.messaging.models import Message, MessageText, Variant, WordingTrial


class TrialForm(SettingsForm):
    """Kind, language and text A follow from text B and the first day."""

    class Meta:
        model = WordingTrial
        fields = ["text_b", "share_b", "first", "last"]
        help_texts = {
            "text_b": _("A version that is approved, and only for a trial."),
            "first": _("A date after today, so that everybody can see it before it counts."),
        }  # fmt: skip

    by = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A row that only is looked at has no fields.
        if text := self.fields.get("text_b"):
            text.queryset = MessageText.objects.approved().filter(for_trial=True)

    def clean(self):
        cleaned = super().clean()
        if set(self.Meta.fields) <= cleaned.keys():
            for name in self.Meta.fields:
                setattr(self.instance, name, cleaned[name])
            try:
                check_can_write_trial(trial=self.instance, by=self.by, now=clock.now())
            except Refused as refused:
                self.add_error(refused.field, str(refused))
        return cleaned

    def _get_validation_exclusions(self):
        """What the database asks of a whole row is asked by the action, in words of its own."""
        return super()._get_validation_exclusions() | set(self.Meta.fields)


class ApproveForm(forms.Form):
    mark = forms.CharField(widget=forms.HiddenInput, max_length=64)


@admin.register(WordingTrial, site=site)
class WordingTrialAdmin(OnlyWhileItWaits, SavedByAction, Audited):
    """An approved trial is only looked at, or ended earlier."""

    form = TrialForm
    change_form_template = "admin/trial.html"
    actions = None

    def get_fields(self, request, obj=None):
        if obj is None or obj.waits:
            return [*TrialForm.Meta.fields, "opened"]
        return ["kind", "language", "text_a", *TrialForm.Meta.fields, "written_by", "approved_by", "ended_from"]

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None or obj.waits else self.get_fields(request, obj)

    def get_urls(self):
        approve = require_http_methods(["GET", "POST"])(self.admin_site.admin_view(self.approve))
        end = require_POST(self.admin_site.admin_view(self.end))
        return [
            path("<int:key>/approve/", approve, name="casework_wordingtrial_approve"),
            path("<int:key>/end/", end, name="casework_wordingtrial_end"),
            *super().get_urls(),
        ]

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form.by = request.user
        return form

    def changelist_view(self, request, extra_context=None):
        return render(request, "admin/trials.html", self.admin_site.each_context(request) | {
            "title": _("Trials of wording"), "opts": self.opts, "rows": _rows(request.user),
            "there_is_a_text": MessageText.objects.approved().filter(for_trial=True).exists(),
        })  # fmt: skip

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {"texts": _texts(obj) if obj else [], "is_own": bool(obj) and obj.written_by_id == request.user.pk}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_row(self, request, obj, form, change):
        """Who saves without a change is not its writer."""
        if form.changed_data or not change:
            write_trial(trial=obj, by=request.user, now=clock.now())

    def approve(self, request, key: int):
        """Read it once more, both texts beside each other, and let it begin on its first day (four eyes)."""
        rows = WordingTrial.objects.select_related("text_a", "text_b", "written_by")
        row = get_object_or_404(rows, pk=key)
        form = ApproveForm(request.POST or None, initial={"mark": trial_mark(row)})
        if request.method == "POST" and form.is_valid():
            try:
                approve_trial(trial=row, mark=form.cleaned_data["mark"], by=request.user, now=clock.now())
                messages.success(request, _now("Approved: %(text)s.") % {"text": row})
                return redirect("admin:casework_wordingtrial_changelist")
            except Refused as refused:
                form.add_error(None, str(refused))
        context = {"title": row, "opts": self.opts, "row": row, "form": form, "texts": _texts(row)}
        context |= {"stands_in_the_way": _refusal(check_can_approve_trial, trial=row, by=request.user)}
        return render(request, "admin/trial_approve.html", self.admin_site.each_context(request) | context)

    def end(self, request, key: int):
        """From tomorrow everybody gets text A again."""
        row = get_object_or_404(WordingTrial, pk=key)
        try:
            end_trial(trial=row, by=request.user, now=clock.now())
            messages.success(request, _now("Ended from tomorrow."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("admin:casework_wordingtrial_changelist")


def _refusal(ask, **given) -> str:
    """Why an action would refuse; empty when it would not."""
    try:
        ask(**given)
    except Refused as refused:
        return str(refused)
    return ""


def _texts(trial: WordingTrial) -> list[dict]:
    """Both texts as they go out, with what they take. Two queries each."""
    return [
        {"variant": variant.label, "row": text, "checked": check(text)}
        for variant, text in ((Variant.A, trial.text_a), (Variant.B, trial.text_b))
    ]


def _rows(by) -> list[dict]:
    """Each trial with its state and how many appointments have a message of it. Two queries."""
    now = clock.now()
    numbers = {
        (row["trial"], row["variant"]): row["number"]
        for row in Message.objects.filter(trial__isnull=False).order_by().values("trial", "variant")
        .annotate(number=Count("appointment_key", distinct=True))
    }  # fmt: skip
    return [
        {
            "row": row, "state": row.state(clock.local_date(now)), "can_end": not _refusal(check_can_end_trial, trial=row, by=by, now=now),
            "numbers": [(variant.label, numbers.get((row.pk, variant.value), 0)) for variant in Variant],
        }
        for row in WordingTrial.objects.select_related("text_a", "text_b", "written_by", "approved_by")
    ]  # fmt: skip
