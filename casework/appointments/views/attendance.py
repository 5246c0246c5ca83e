"""Arrival and attendance (S11)."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.appointments import actions
from casework.appointments.filters import UnrecordedFilter
from casework.appointments.forms import BY_RESIDENT, CorrectionForm, RecordForm, hold_correction, what_stands
from casework.appointments.models import Appointment
from casework.appointments.views.doors import about_one, allowed, get_appointment, is_place_confirmed, refuse
from casework.core import clock
from casework.core.access import Right, may
from casework.core.models import User
from casework.core.paging import filtered, same_place, stretch
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.counsellors.models import location_of

UNRECORDED_SORTS = {
    "start": "starts_at", "-start": "-starts_at", "name": "household__sort_name", "-name": "-household__sort_name",
    "counsellor": "counsellor__sort_name", "-counsellor": "-counsellor__sort_name",
}  # fmt: skip


@may(Right.RECORD_ATTENDANCE)
@require_GET
def unrecorded(request: HttpRequest) -> HttpResponse:
    """Everything whose outcome somebody must still record, oldest first (R-21)."""
    now, given = clock.now(), request.GET.copy()
    if hasattr(request.user, "counsellor"):
        given.setdefault("counsellor", str(request.user.counsellor.pk))
    elif place := location_of(request.user) if request.user.role == "desk" else None:
        given.setdefault("location", place.code)
    rows = Appointment.objects.visible_to(request.user).for_list().unrecorded(now)
    choices = UnrecordedFilter.known_choices()
    found, shown = filtered(lambda params: UnrecordedFilter(params, queryset=rows, choices=choices), given)
    context = {"now": now} | shown | stretch(found, given, sorts=UNRECORDED_SORTS)
    return render(request, "appointments/unrecorded.html", context)


def _after_attendance(request: HttpRequest, row: Appointment) -> HttpResponse:
    """Back to the list the person came from; only our own lists are known."""
    target = request.POST.get("next", "")
    if target in {"unrecorded", "today", "arrival"}:
        return same_place(target, request.POST.get("back", ""))
    return redirect("agenda" if target == "agenda" else "today")


def confirm_place(request: HttpRequest, row: Appointment, refused: Refused) -> HttpResponse:
    """The same button once more, on a page that names the other location (R-90d)."""
    came_from = [(name, request.POST[name]) for name in ("next", "back") if request.POST.get(name)]
    context = {"appointment": row, "question": str(refused), "came_from": came_from}
    return render(request, "appointments/confirm_place.html", context)


@may(Right.BOOK)
@require_POST
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_appointment(request, pk)
    try:
        actions.check_in(
            appointment=row, place_confirmed=is_place_confirmed(request), by=request.user, now=clock.now()
        )  # fmt: skip
        messages.success(request, _("%(name)s has arrived.") % {"name": row.household})
    except actions.OtherLocation as refused:
        return confirm_place(request, row, refused)
    except Refused as refused:
        messages.error(request, str(refused))
    return _after_attendance(request, row)


@may(Right.BOOK)
@require_POST
def undo_check_in(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_appointment(request, pk)
    try:
        actions.undo_check_in(
            appointment=row, place_confirmed=is_place_confirmed(request), by=request.user, now=clock.now()
        )  # fmt: skip
        messages.success(request, _("The arrival of %(name)s is taken back.") % {"name": row.household})
    except actions.OtherLocation as refused:
        return confirm_place(request, row, refused)
    except Refused as refused:
        messages.error(request, str(refused))
    return _after_attendance(request, row)


def said_with_undo(request: HttpRequest, row: Appointment) -> str:
    """What was recorded, with the button that takes it back (S11)."""
    said = _("The attendance of %(name)s is recorded.") % {"name": row.household}
    current = Appointment.objects.get(pk=row.pk)
    if not allowed(actions.check_can_undo, current, by=request.user, now=clock.now()):
        return said
    return render_to_string("appointments/_undo.html", {"said": said, "appointment": row}, request=request)


@may(Right.RECORD_ATTENDANCE)
@require_POST
def undo_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_appointment(request, pk)
    try:
        actions.undo_attendance(appointment=row, by=request.user, now=clock.now())
        messages.success(request, _("The attendance of %(name)s is no longer recorded.") % {"name": row.household})
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("appointment", pk=row.pk)


@may(Right.RECORD_ATTENDANCE)
@require_http_methods(["GET", "POST"])
@about_one
def record_attendance(request: HttpRequest, row: Appointment) -> HttpResponse:
    now = clock.now()
    asked = request.POST or request.GET
    outcomes = actions.possible_outcomes(row, by=request.user, now=now)
    form = RecordForm(request.POST or None, outcomes=outcomes, initial={"outcome": request.GET.get("outcome")})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["outcome"] == BY_RESIDENT:
            return redirect("cancel", pk=row.pk)
        try:
            actions.record_attendance(
                appointment=row,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=now,
            )
            messages.success(request, said_with_undo(request, row))
            return _after_attendance(request, row)
        except Refused as refused:
            refuse(form, refused)
    context = {
        "appointment": row,
        "form": form,
        "came_from": [(name, asked[name]) for name in ("next", "back") if asked.get(name)],
        "theirs": what_stands(form, row, by=request.user) if request.method == "POST" else [],
        "outcomes": outcomes,
        "attempts": row.phone_attempts.select_related("by"),
        "by_phone": row.type.channel == "phone",
        "now": now,
    }
    return render(request, "appointments/attendance.html", context)


@may(Right.RECORD_ATTENDANCE)
@require_POST
def log_phone_attempt(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_appointment(request, pk)
    try:
        actions.log_phone_attempt(appointment=row, by=request.user, now=clock.now())
        messages.success(request, _("The attempt by telephone is logged."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("record_attendance", pk=row.pk)


@may(Right.RECORD_ATTENDANCE)
@require_http_methods(["GET", "POST"])
@about_one
def correct_attendance(request: HttpRequest, row: Appointment) -> HttpResponse:
    """Another outcome (R-22). After 14 days the same page proposes it to a supervisor."""
    now = clock.now()
    try:
        proposes = _must_propose(row, request.user, now)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("appointment", pk=row.pk)
    form, theirs = CorrectionForm(request.POST or None, appointment=row), []
    if request.method == "POST" and form.data.get("version") not in {str(row.version), "", None}:
        # Which outcomes there are to choose from depends on what stands, so this comes before the rest of the form.
        form.is_valid()
        theirs = hold_correction(form, row, by=request.user)
    elif request.method == "POST" and form.is_valid():
        act = actions.propose_correction if proposes else actions.correct_attendance
        try:
            act(
                appointment=row,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"],
                why=form.cleaned_data["why"],
                told_at=form.cleaned_data["told_at"],
                version=form.cleaned_data["version"],
                by=request.user,
                now=now,
            )
            corrected = _("The attendance of %(name)s is corrected.") % {"name": row.household}
            messages.success(request, _("Your proposal waits for the supervisor.") if proposes else corrected)
            return redirect("appointment", pk=row.pk)
        except ChangedMeanwhile as refused:
            theirs = hold_correction(form, refused.current, by=request.user)
        except Refused as refused:
            refuse(form, refused)
    context = {"appointment": row, "form": form, "theirs": theirs, "now": now, "proposes": proposes}
    return render(request, "appointments/correct.html", context)


def _must_propose(row: Appointment, user: User, now: dt.datetime) -> bool:
    """Whether this person asks a supervisor instead of correcting; refuses who may do neither."""
    try:
        actions.check_can_correct(row, by=user, now=now)
    except actions.TooLateToCorrect:
        actions.check_can_propose(row, by=user, now=now)
        return True
    return False
