"""What residents are sent about an appointment and when: per kind of talk what counts, what comes, and examples (S25)."""

import datetime as dt

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from casework.admin.audited import SavedByAction
from casework.admin.site import site
from casework.admin.thresholds import opened_mark
from casework.appointments.actions.moments import (
    check_can_set_moments,
    check_moments,
    moments_key,
    planned_reminders,
    set_moments,
    take_back_moments,
)
from casework.appointments.models import (
    CHOSEN,
    AppointmentType,
    ReminderMoments,
    coming_moments,
    moments_of,
    own_moments,
)
from casework.core import clock, dates
from casework.core.models import AuditEntry
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.messaging.window import Moments, Window
from casework.places.models import CalendarDay


class MomentsForm(forms.ModelForm):
    """Moments from a date on. `opened`: of which type this page was opened, and its how many-eth row stood (R-19)."""

    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = ReminderMoments
        fields = ["type", "valid_from", "as_others", *CHOSEN]
        help_texts = {
            "valid_from": _("A date after today, so that everybody can see it before it counts."),
            "as_others": _("Only for a type that has moments of its own: it goes as the others again, whatever stands below."),
            "days_before": _("1 to 7. A day without a sending window, such as a Sunday, becomes the nearest day before it."),
            "confirmation": _("Who has another time, or whose appointment does not go on, always hears it."),
        }  # fmt: skip

    by = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A row that only is looked at has no fields.
        if kind := self.fields.get("type"):
            kind.empty_label = _("every type without moments of its own")
            kind.queryset = AppointmentType.objects.filter(active=True)

    def chosen(self) -> Moments | None:
        """The moments as typed, None for those of all others. Wants fields that were read."""
        read = {one: self.cleaned_data.get(one) for one in CHOSEN}
        return None if self.cleaned_data.get("as_others") else Moments(**read)

    def is_read(self) -> bool:
        return hasattr(self, "cleaned_data") and all(self.cleaned_data.get(one) is not None for one in CHOSEN)

    def asked(self) -> dict:
        """What the action wants."""
        kind = self.cleaned_data["type"]
        opened, _colon, number = self.cleaned_data["opened"].rpartition(":")
        same = opened == moments_key(kind) and number.isascii() and number.isdigit()
        return {
            "kind": kind, "moments": self.chosen(), "valid_from": self.cleaned_data["valid_from"],
            "number": int(number[:6]) if same else None,
        }  # fmt: skip

    def clean(self):
        cleaned = super().clean()
        if "type" in cleaned and self.is_read():
            try:
                if "valid_from" in cleaned:
                    check_can_set_moments(**self.asked(), by=self.by, now=clock.now())
                else:
                    check_moments(kind=cleaned["type"], moments=self.chosen(), now=clock.now())
            except ChangedMeanwhile as refused:
                self._hold_both(refused)
            except Refused as refused:
                self.add_error(refused.field, str(refused))
        return cleaned

    def _hold_both(self, refused: ChangedMeanwhile) -> None:
        """Saving again is a choice made with both in sight."""
        row = refused.current
        self.data = self.data.copy()
        self.data[self.add_prefix("opened")] = opened_mark(moments_key(row.type), row.number)
        self.add_error(None, str(refused))
        stands = _now("as every other type") if row.as_others else " ".join(in_words(row.moments))
        self.add_error("valid_from", _now("It now says: %(value)s") % {"value": f"{row.valid_from:%d-%m-%Y}: {stands}"})

    def _get_validation_exclusions(self):
        """What the database asks of a whole row is asked by the action, in words of its own."""
        return super()._get_validation_exclusions() | {"type", "valid_from", "as_others", *CHOSEN}


class _OnlyChecked:
    """*Check*: what was typed is looked at, and not saved."""

    def is_valid(self):
        super().is_valid()
        return False


@admin.register(ReminderMoments, site=site)
class ReminderMomentsAdmin(SavedByAction, admin.ModelAdmin):
    """Rows are added only; the list is of types, not of rows."""

    form = MomentsForm
    change_form_template = "admin/moments_form.html"

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_urls(self):
        back = require_POST(self.admin_site.admin_view(self.take_back))
        example = require_POST(self.admin_site.admin_view(self.example))
        return [
            path("<int:key>/take-back/", back, name="casework_remindermoments_take_back"),
            path("example/", example, name="casework_remindermoments_example"),
            *super().get_urls(),
        ]

    def get_form(self, request, obj=None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        form = type(form)("CheckedForm", (_OnlyChecked, form), {}) if "_check" in request.POST else form
        form.by = request.user
        return form

    def get_changeform_initial_data(self, request):
        """A change starts from what was chosen last for the type, or counts for it now."""
        asked = request.GET.get("type", "")
        kind = AppointmentType.objects.filter(code=asked).first() if "\x00" not in asked else None
        last = ReminderMoments.objects.filter(type=kind).order_by("-number").first()
        stands = last.moments if last else moments_of(kind and kind.pk, clock.now())
        return {
            "type": kind and kind.pk, "opened": opened_mark(moments_key(kind), last.number if last else 0),
            **{one: getattr(stands, one) for one in CHOSEN},
        }  # fmt: skip

    def changelist_view(self, request, extra_context=None):
        return render(request, "admin/moments.html", self.admin_site.each_context(request) | {
            "title": _("Moments of messages"), "opts": self.opts, "rows": _rows(),
        })  # fmt: skip

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        context |= panel(obj.type, obj.moments) if obj else _panel_of(form)
        context |= {"is_checked": "_check" in request.POST}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def save_model(self, request, obj, form, change):
        """The action writes the row and its line."""
        obj.pk = set_moments(**form.asked(), by=request.user, now=clock.now()).pk

    def take_back(self, request, key: int):
        """Let coming moments not come."""
        row = get_object_or_404(ReminderMoments.objects.select_related("type"), pk=key)
        try:
            take_back_moments(row=row, by=request.user, now=clock.now())
            messages.success(request, _now("Taken back: what counts now goes on."))
        except Refused as refused:
            messages.error(request, str(refused))
        return redirect("admin:casework_remindermoments_changelist")

    def example(self, request) -> HttpResponse:
        """The panel with what is typed so far, for who has JavaScript; nothing is saved."""
        form = self.get_form(request)(request.POST)
        form.is_valid()
        return render(request, "admin/_moments_panel.html", _panel_of(form))


def _panel_of(form: MomentsForm) -> dict:
    """What is typed, or what the page opened with; no examples of what cannot be read."""
    if not form.is_bound:
        initial = form.initial
        kind = AppointmentType.objects.filter(pk=initial.get("type")).first()
        return panel(kind, Moments(**{one: initial[one] for one in CHOSEN}))
    wrong = {"as_others", *CHOSEN} & set(form.errors)
    if not form.is_read() or wrong:
        return {"examples": [], "planned": None}
    return panel(form.cleaned_data.get("type"), form.chosen())


def panel(kind: AppointmentType | None, moments: Moments | None) -> dict:
    """Examples of when messages go out, and how many are planned that stay as they are. Three queries at most."""
    today = clock.today()
    shown = moments or moments_of(None, today)
    own = {key for key in AppointmentType.objects.values_list("pk", flat=True) if own_moments(key, today)}
    return {"examples": _examples(shown, today), "planned": planned_reminders(kind, own=own)}


# A Thursday afternoon, an early start, and one for which the days before have no window.
_TRIED = ((3, dt.time(14)), (3, dt.time(9)), (0, dt.time(9)))


def _examples(moments: Moments, today: dt.date) -> list[dict]:
    """Appointments of the week after next, each with what is sent about it and when."""
    monday = today + dt.timedelta(days=14 - today.weekday())
    closed = CalendarDay.objects.closed_dates(today, monday + dt.timedelta(days=7))
    window = Window(frozenset(closed))
    starts = [clock.at(monday + dt.timedelta(days=day), time) for day, time in _TRIED]
    return [
        {"start": start, "due": [_moment(due) for due in sorted(window.reminders(start, moments).values())]}
        for start in starts
    ]


def _moment(due: dt.datetime) -> str:
    local = clock.local(due)
    return f"{dates.short_date(local.date())} {dates.clock_time(local)}"


def in_words(moments: Moments) -> list[str]:
    """One sentence for each message."""
    time = dates.clock_time
    before = ngettext(
        "Reminder %(days)s day before at %(time)s.", "Reminder %(days)s days before at %(time)s.", moments.days_before
    )
    before %= {"days": moments.days_before, "time": time(moments.reminder_at)}
    day = {
        "time": time(moments.same_day_at), "early": time(moments.early_before), "evening": time(moments.evening_at),
    }  # fmt: skip
    return [
        _now("Confirmation at booking.") if moments.confirmation else _now("No confirmation at booking."),
        before if moments.reminder else _now("No reminder in advance."),
        _now("On the day itself at %(time)s; before %(early)s the evening before at %(evening)s.") % day
        if moments.same_day else _now("No reminder on the day itself."),
        _now("A message after missing it.") if moments.missed else _now("No message after missing it."),
    ]  # fmt: skip


def _rows() -> list[dict]:
    """All others first, then each type in use: what counts, what comes, and who changed it last. Three queries."""
    now = clock.now()
    today = clock.local_date(now)
    kinds = [None, *AppointmentType.objects.filter(active=True)]
    keys = [moments_key(kind) for kind in kinds]
    lines = AuditEntry.objects.filter(object_key__in=keys, action="set_moments").order_by("object_key", "-id")
    last = {one.object_key: one for one in lines.distinct("object_key")}
    expected = coming_moments(today)
    return [_one(kind, expected.get(kind and kind.pk, []), last.get(moments_key(kind)), today) for kind in kinds]


def _one(kind: AppointmentType | None, expected: list[ReminderMoments], last: AuditEntry | None, today) -> dict:
    own = own_moments(kind and kind.pk, today)
    return {
        "code": kind.code if kind else "", "name": str(kind) if kind else _now("every other type"),
        "as_others": bool(kind) and own is None, "counts": in_words(own or moments_of(kind and kind.pk, today)),
        "coming": [
            {"row": row, "as_others": row.as_others, "words": in_words(row.moments)} for row in expected
        ],
        "last": last,
    }  # fmt: skip
