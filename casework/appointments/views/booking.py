"""The finder: booking and moving (S09)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.appointments import actions
from casework.appointments.filters import Finder
from casework.appointments.forms import BookingForm, CompanyForm, NoRoomForm, RepeatForm, ToldForm, what_stands
from casework.appointments.models import Appointment, AppointmentType, Company
from casework.appointments.views.doors import about_one, is_place_confirmed, refuse
from casework.appointments.views.waiting import say_who_waits_for
from casework.core.access import Right, may
from casework.core.refusals import Refused
from casework.counsellors.models import Counsellor
from casework.households.models import ContactChannel, Household
from casework.households.views import household_of, note_look, reason_first
from casework.messaging import actions as messaging
from casework.messaging.models import Message, MessageKind
from casework.places.models import Location


def message_line(household: Household) -> dict:
    """How the resident will hear of it: shown before booking, so that the desk can check the number (S09)."""
    if not household.wants_messages:
        return {"channel": ContactChannel.NONE, "to": ""}
    reminder = Message(kind=MessageKind.TWO_DAYS_BEFORE)
    channel, address = messaging.choose_channel(household, reminder, letter_in_time=True)
    return {"channel": channel, "to": address}


def chosen(form: BookingForm, finder: Finder) -> dict:
    """Counsellor, location and start as the action wants them; refuses a choice that names nobody any more."""
    if start := form.cleaned_data.get("other_start"):
        criteria = finder.criteria.cleaned_data
        counsellor = criteria["counsellor"] or finder.household.owner
        if not counsellor:
            raise Refused(_("Choose a counsellor above before you enter another time."), field="other_date")
        return {"start": start, "counsellor": counsellor, "location": criteria["location"] or counsellor.location}
    start, counsellor_id, location_id = form.cleaned_data["slot"]
    counsellor = Counsellor.objects.filter(active=True, pk=counsellor_id).first()
    location = Location.objects.filter(active=True, pk=location_id).first()
    if not counsellor or not location:
        raise Refused(_("This time is no longer on offer. Choose another time."), field="slot")
    return {"start": start, "counsellor": counsellor, "location": location}


def shown_by(finder: Finder) -> dict:
    """What the parts of the finder show on whatever page."""
    return finder.context() | {"no_room": NoRoomForm()}


def second_of(finder: Finder) -> Counsellor | None:
    return finder.criteria.cleaned_data["second"] if finder.criteria.is_valid() else None


def _booking_form(request: HttpRequest) -> BookingForm:
    picked = {"slot": request.GET.get("slot", "")}
    return BookingForm(request.POST or None, initial=picked, may_overrule=request.user.may(Right.OVERRULE_HOURS))


def kind_of(finder: Finder) -> AppointmentType:
    if not finder.kind:
        raise Refused(_("There is no kind of talk to book. Ask the administrator."))
    return finder.kind


@may(Right.BOOK)
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, case_number: str) -> HttpResponse:
    rows = Household.objects.visible_to(request.user).select_related("owner__user", "location")
    household = household_of(rows, case_number)
    if stop := reason_first(request, household):
        return stop
    finder = Finder(params=request.GET, user=request.user, household=household)
    form, company = _booking_form(request), CompanyForm(request.POST or None, household=household)
    if request.method == "POST" and form.is_valid() & company.is_valid():
        try:
            made = actions.book(
                household=household,
                kind=kind_of(finder),
                note=form.cleaned_data["note"],
                overruled_reason=form.cleaned_data.get("overruled_reason", ""),
                form_token=form.cleaned_data["token"],
                place_confirmed=is_place_confirmed(request),
                walk_in=finder.walk_in,
                company=company.with_second(second_of(finder)),
                by=request.user,
                now=finder.now,
                **chosen(form, finder),
            )
            messages.success(request, _("The appointment is booked."))
            return redirect("appointment", pk=made.pk)
        except Refused as refused:
            refuse(form, refused)
            finder = Finder(params=request.GET, user=request.user, household=household)
    if request.method == "GET":
        note_look(request, household, "view_finder", now=finder.now)
    context = {
        "household": household, "form": form, "company": company, "repeat": RepeatForm(),
        "message_line": message_line(household), **shown_by(finder),
    }  # fmt: skip
    return render(request, "appointments/book.html", context)


@may(Right.BOOK)
@require_http_methods(["GET", "POST"])
@about_one
def move(request: HttpRequest, old: Appointment) -> HttpResponse:
    finder = Finder(params=request.GET, user=request.user, household=old.household, moving=old)
    form, told, theirs = _booking_form(request), ToldForm(request.POST or None), []
    company = CompanyForm(request.POST or None, household=old.household, company=Company.of(old))
    if request.method == "POST" and form.is_valid() & told.is_valid() & company.is_valid():
        try:
            made = actions.move(
                appointment=old,
                told_at=told.cleaned_data["told_at"],
                told_how=told.cleaned_data["told_how"],
                company=company.with_second(second_of(finder)),
                note=form.cleaned_data["note"],
                overruled_reason=form.cleaned_data.get("overruled_reason", ""),
                form_token=form.cleaned_data["token"],
                place_confirmed=is_place_confirmed(request),
                by=request.user,
                now=finder.now,
                **chosen(form, finder),
            )
            messages.success(request, _("The appointment is moved."))
            say_who_waits_for(request, old)
            return redirect("appointment", pk=made.pk)
        except Refused as refused:
            refuse(told if refused.field in told.fields else form, refused)
            theirs = what_stands(form, old, by=request.user)
            finder = Finder(params=request.GET, user=request.user, household=old.household, moving=old)
    context = {
        "household": old.household,
        "old": old,
        "form": form,
        "told": told,
        "company": company,
        "theirs": theirs,
        "now": finder.now,
        "message_line": message_line(old.household),
    }
    return render(request, "appointments/move.html", context | shown_by(finder))
