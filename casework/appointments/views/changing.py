"""What stands, and cancelling it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from casework.appointments import actions
from casework.appointments.forms import CancelForm, ChangeCompanyForm, company_values, what_stands
from casework.appointments.models import Appointment
from casework.appointments.views.booking import message_line
from casework.appointments.views.doors import about_one, allowed, is_place_confirmed, refuse
from casework.appointments.views.waiting import say_who_waits_for
from casework.core import clock
from casework.core.access import Right, may
from casework.core.forms import hold_both
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.messaging.models import Message


@may(Right.BOOK)
@require_http_methods(["GET", "POST"])
@about_one
def cancel(request: HttpRequest, row: Appointment) -> HttpResponse:
    form, theirs = CancelForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(
                appointment=row,
                by_resident=form.cleaned_data["who"] == CancelForm.BY_RESIDENT,
                told_at=form.cleaned_data["told_at"],
                told_how=form.cleaned_data["told_how"],
                place_confirmed=is_place_confirmed(request),
                by=request.user,
                now=clock.now(),
            )
            messages.success(request, _("The appointment is cancelled."))
            say_who_waits_for(request, row)
            return redirect("household", case_number=row.household.case_number)
        except Refused as refused:
            refuse(form, refused)
            theirs = what_stands(form, row, by=request.user)
    context = {"appointment": row, "form": form, "theirs": theirs, "now": clock.now()}
    return render(request, "appointments/cancel.html", context)


@may(Right.BOOK)
@require_http_methods(["GET", "POST"])
@about_one
def change_company(request: HttpRequest, row: Appointment) -> HttpResponse:
    """A second counsellor, an interpreter, somebody of a partner."""
    form, theirs = ChangeCompanyForm(request.POST or None, appointment=row), []
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_company(
                appointment=row, company=form.asked, version=form.cleaned_data["version"],
                place_confirmed=is_place_confirmed(request), by=request.user, now=clock.now(),
            )  # fmt: skip
            messages.success(request, _("Who comes too is saved."))
            return redirect("appointment", pk=row.pk)
        except ChangedMeanwhile as refused:
            theirs = hold_both(form, refused, company_values(refused.current))
        except Refused as refused:
            refuse(form, refused)
    context = {"appointment": row, "form": form, "theirs": theirs, "now": clock.now()}
    return render(request, "appointments/company.html", context)


@may(Right.SEE_AGENDA)
@require_GET
@about_one
def appointment(request: HttpRequest, row: Appointment) -> HttpResponse:
    """What stands, to read aloud or print; after booking this is the confirmation."""
    now = clock.now()
    context = {
        "appointment": row,
        "now": now,
        "outbox": Message.objects.filter(appointment_key=row.pk),
        "message_line": message_line(row.household),
        "can_change": allowed(actions.check_can_change, row, now=now),
        "can_check_in": allowed(actions.check_can_check_in, row, by=request.user, place_confirmed=True, now=now),
        "can_correct": allowed(actions.check_can_correct, row, by=request.user, now=now),
        "can_propose": allowed(actions.check_can_propose, row, by=request.user, now=now),
        "corrections": row.corrections.select_related("proposed_by", "settled_by").order_by("-proposed_at", "-pk"),
        "may_decide": request.user.may(Right.CORRECT_LATE),
        "municipality_phone": settings.MUNICIPALITY_PHONE,
    }
    return render(request, "appointments/appointment.html", context)
