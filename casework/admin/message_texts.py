"""The words of messages: versions with their state, what a text takes, and the second pair of eyes (S25, R-41)."""

import json

from django import forms
from django.contrib import admin, messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from casework.admin.audited import Audited, OnlyWhileItWaits, SavedByAction, SettingsForm
from casework.admin.site import site
from casework.core import clock
from casework.core.forms import DutchDateField, MarkField
from casework.core.refusals import Refused
from casework.messaging.actions.message_texts import (
    approve_text,
    check_can_approve,
    check_can_write,
    first_date,
    mark_of,
    write_text,
)
from casework.messaging.checks import WORDS, Checked, check, forbidden_in, samples
from casework.messaging.models import (
    TEXT_LANGUAGES,
    TO_CANCEL,
    ForbiddenWord,
    MessageText,
    TextForm,
    TextKind,
    TextState,
    placeholders,
    states_of,
    text_forms,
)


@admin.register(ForbiddenWord, site=site)
class ForbiddenWordAdmin(Audited):
    list_display = ["word", "language", "whole_word"]
    list_filter = ["language"]


_TYPED = ["kind", "form", "language", "for_trial", "subject", "text"]


class LinesField(forms.CharField):
    """A browser sends line ends of two characters; on a telephone they are one."""

    def to_python(self, value):
        return super().to_python(_one_line_end(value))


def _one_line_end(value) -> str:
    return str(value or "").replace("\r\n", "\n").strip()


class MessageTextForm(SettingsForm):
    """A version that waits. What it takes must be seen once before it is saved; `seen` says what was (R-41)."""

    seen = MarkField(required=False, max_length=64, label="")

    class Meta:
        model = MessageText
        fields = _TYPED
        field_classes = {"text": LinesField}
        widgets = {"text": forms.Textarea(attrs={"rows": 10, "cols": 70})}
        help_texts = {"subject": _("Of an e-mail or letter; as neutral as a text message.")}

    by = None

    def _post_clean(self):
        super()._post_clean()
        if self.errors:
            return
        try:
            check_can_write(text=self.instance, by=self.by)
        except Refused as refused:
            self._add(refused.field, str(refused))
        found = check(self.instance)
        for field, why in found.refused:
            self._add(field, why)
        if not self.errors and found.to_be_seen and self.data.get(self.add_prefix("seen")) != found.mark:
            self.data = self.data.copy()
            self.data[self.add_prefix("seen")] = found.mark
            for one in found.to_be_seen:
                self.add_error("text", one)
            self.add_error(None, _now("Save again if this is what you mean."))

    def _add(self, field: str | None, why: str) -> None:
        self.add_error(field if field in self.fields else None, why)

    def as_typed(self) -> MessageText | None:
        """The text as it stands in the form, for what is shown of it; None until form and language are chosen."""
        known = {name: self[name].value() if name in self.fields else getattr(self.instance, name) for name in _TYPED}
        known = {name: _one_line_end(value) for name, value in known.items() if name != "for_trial"}
        sure = known["form"] in TextForm and known["language"] in dict(TEXT_LANGUAGES)
        return MessageText(**known) if sure else None


class _OnlyChecked:
    """*Check*: what was typed is looked at, and not saved."""

    def is_valid(self):
        super().is_valid()
        return False


class ApproveForm(forms.Form):
    valid_from = DutchDateField(label=_("Valid from"), help_text=_("A date after today, so that everybody can see it before it counts."))  # fmt: skip
    mark = forms.CharField(widget=forms.HiddenInput, max_length=64)


@admin.register(MessageText, site=site)
class MessageTextAdmin(OnlyWhileItWaits, SavedByAction, Audited):
    """The list is of texts with their versions. An approved version is only looked at."""

    form = MessageTextForm
    change_form_template = "admin/message_text.html"
    actions = None

    def get_fields(self, request, obj=None):
        marks = ["opened", "seen"] if obj is None or obj.waits else ["written_by", "approved_by", "valid_from"]
        return [*_TYPED, *marks]

    def get_readonly_fields(self, request, obj=None):
        """Which text it is stays; another text is another version of that one."""
        if not obj:
            return []
        return ["kind", "form", "language", "for_trial"] if obj.waits else self.get_fields(request, obj)

    def get_urls(self):
        approve = require_http_methods(["GET", "POST"])(self.admin_site.admin_view(self.approve))
        return [path("<int:key>/approve/", approve, name="casework_messagetext_approve"), *super().get_urls()]

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form = type(form)("CheckedForm", (_OnlyChecked, form), {}) if "_check" in request.POST else form
        form.by = request.user
        return form

    def get_changeform_initial_data(self, request):
        """A new version starts from the words of the last one."""
        asked = {name: request.GET.get(name, "")[:12] for name in ("kind", "form", "language")}
        if "\x00" in "".join(asked.values()):
            return {}
        last = MessageText.objects.of(**asked).in_turn().order_by("-version").first()
        asked |= {"for_trial": "for_trial" in request.GET}
        return asked | ({"subject": last.subject, "text": last.text} if last else {})

    def changelist_view(self, request, extra_context=None):
        return render(request, "admin/message_texts.html", self.admin_site.each_context(request) | {
            "title": _("Message texts"), "opts": self.opts, "groups": _groups(),
        })  # fmt: skip

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= panel(obj if obj and not obj.waits else context["adminform"].form.as_typed())
        context |= {
            "placeholders": _placeholders(),
            "is_checked": "_check" in request.POST,
            "is_own": bool(obj) and obj.written_by_id == request.user.pk,
        }  # fmt: skip
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_row(self, request, obj, form, change):
        """Who saves without a change is not its writer."""
        if form.changed_data or not change:
            write_text(text=obj, by=request.user, now=clock.now())

    def approve(self, request, key: int):
        """Read it once more, choose a date, and let it count (four eyes)."""
        row, now = get_object_or_404(MessageText.objects.select_related("written_by"), pk=key), clock.now()
        form = ApproveForm(request.POST or None, initial={"valid_from": first_date(now), "mark": mark_of(row)})
        if request.method == "POST" and form.is_valid():
            try:
                approve_text(text=row, **form.cleaned_data, by=request.user, now=now)
                messages.success(request, _now("Approved: %(text)s.") % {"text": row})
                return redirect("admin:casework_messagetext_changelist")
            except Refused as refused:
                form.add_error(refused.field, str(refused))
        context = {"title": row, "opts": self.opts, "row": row, "form": form, "stands_in_the_way": ""}
        try:
            check_can_approve(text=row, by=request.user)
        except Refused as refused:
            context["stands_in_the_way"] = str(refused)
        context |= self.admin_site.each_context(request) | panel(row)
        return render(request, "admin/message_text_approve.html", context)


def _placeholders() -> list[tuple]:
    """Per form what can be filled in, and what only a text to cancel with has."""
    return [(form.label, placeholders("", form)) for form in TextForm] + [
        (TextKind.TWO_DAYS_BEFORE_SELF.label, TO_CANCEL)
    ]


def panel(text: MessageText | None) -> dict:
    """What a text takes and an example, and what the page needs to count along while one types."""
    found = check(text) if text else Checked()
    live = {
        "samples": {language: {"full": one.full, "short": one.short, "facts": one.facts} for language, one in samples().items()},
        "words": {name: str(words) for name, words in WORDS.items()},
        "form": text.form if text else "", "language": text.language if text else "",
    }  # fmt: skip
    return {"checked": found, "live": json.dumps(live)}


def _groups() -> list[dict]:
    """Per kind every text that there can be, with its versions, the newest first. Two queries."""
    today, words = clock.today(), list(ForbiddenWord.objects.all())
    there: dict[tuple, list[MessageText]] = {}
    for row in MessageText.objects.select_related("written_by", "approved_by").order_by("-version"):
        there.setdefault((row.kind, row.form, row.language), []).append(row)
    return [
        {"kind": kind, "texts": [
            _one(kind, form, language, name, there.get((kind.value, form.value, language), []), words, today)
            for form in text_forms(kind) for language, name in TEXT_LANGUAGES
        ]}
        for kind in TextKind
    ]  # fmt: skip


def _one(kind: TextKind, form: TextForm, language: str, name: str, rows: list, words: list, today) -> dict:
    states = states_of(rows, today)
    in_use = next((row for row in rows if states[row.pk] == TextState.IN_USE), None)
    listed = [one for one in words if one.language in {language, "nl"}]
    return {
        "kind": kind, "form": form, "language": language, "language_name": name,
        "versions": [{"row": row, "state": states[row.pk]} for row in rows],
        "waiting": [row for row in rows if row.waits],
        "may_begin": not any(row.waits and not row.for_trial for row in rows),
        # A word may have come on the list after the text was approved.
        "betrays": forbidden_in(f"{in_use.subject} {in_use.text}", listed) if in_use else [],
        "id": f"{kind.value}-{form.value}-{language}",
    }  # fmt: skip
