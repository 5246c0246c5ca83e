"""The doors of booking, the agenda and attendance."""

import datetime as dt
import functools

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.appointments import actions
from casework.appointments.filters import AgendaForm, Finder
from casework.appointments.forms import (
    AttendanceForm,
    BookingForm,
    CancelForm,
    CorrectionForm,
    ToldForm,
    ask_place,
    hold_correction,
    what_stands,
)
from casework.appointments.models import (
    OCCUPIES_TIME,
    Appointment,
    AppointmentType,
    Grid,
    Slot,
    counsellor_grid,
    day_grid,
    week_of,
)
from casework.core import clock
from casework.core.access import Right, may
from casework.core.actions import audit
from casework.core.models import AuditKind, User
from casework.core.paging import PAGE_SIZES, keyset_page
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.counsellors.models import Counsellor, location_of
from casework.households.actions import note_search
from casework.households.models import ContactChannel, Household, SearchTerm, typed_text
from casework.households.views import household_of, reason_first
from casework.messaging import actions as messaging
from casework.messaging.models import Message, MessageKind
from casework.places.models import CalendarDay, Location

# So many households a search for a picked time shows; more words make it less.
MOST_FOUND = 8


def _get_appointment(request: HttpRequest, pk: int) -> Appointment:
    rows = Appointment.objects.visible_to(request.user).for_list().select_related("household__owner__user")
    return get_object_or_404(rows, pk=pk)


def _about_one(view):
    """A page that shows whom an appointment is about: opening it leaves a line (R-92), after a reason where one is asked.

    One's own appointment needs none, whosever household it is (R-90e, R-91).
    """

    @functools.wraps(view)
    def opened(request: HttpRequest, pk: int) -> HttpResponse:
        row = _get_appointment(request, pk)
        own = row.counsellor.user_id == request.user.pk
        if not own and (stop := reason_first(request, row.household)):
            return stop
        if request.method == "GET":
            audit(by=request.user, now=clock.now(), action="view_appointment", on=row.household, kind=AuditKind.VIEWED)
        return view(request, row)

    return opened


def _place_confirmed(request: HttpRequest) -> bool:
    """R-90d: the desk says that it means a location that is not its own."""
    return "place_confirmed" in request.POST


def message_line(household: Household) -> dict:
    """How the resident will hear of it: shown before booking, so that the desk can check the number (S09)."""
    if not household.wants_messages:
        return {"channel": ContactChannel.NONE, "to": ""}
    reminder = Message(kind=MessageKind.TWO_DAYS_BEFORE)
    channel, address = messaging.choose_channel(household, reminder, letter_in_time=True)
    return {"channel": channel, "to": address}


def _chosen(form: BookingForm, finder: Finder) -> dict:
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


def _booking_form(request: HttpRequest) -> BookingForm:
    picked = {"slot": request.GET.get("slot", "")}
    return BookingForm(request.POST or None, initial=picked, may_overrule=request.user.may(Right.OVERRULE_HOURS))


def _refuse(form, refused: Refused) -> None:
    if isinstance(refused, actions.OtherLocation):
        ask_place(form)
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def _kind_of(finder: Finder) -> AppointmentType:
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
    form = _booking_form(request)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.book(
                household=household,
                kind=_kind_of(finder),
                note=form.cleaned_data["note"],
                overruled_reason=form.cleaned_data.get("overruled_reason", ""),
                form_token=form.cleaned_data["token"],
                place_confirmed=_place_confirmed(request),
                by=request.user,
                now=finder.now,
                **_chosen(form, finder),
            )
            messages.success(request, _("The appointment is booked."))
            return redirect("appointment", pk=made.pk)
        except Refused as refused:
            _refuse(form, refused)
            finder = Finder(params=request.GET, user=request.user, household=household)
    if request.method == "GET":
        audit(by=request.user, now=finder.now, action="view_finder", on=household, kind=AuditKind.VIEWED)
    context = {"household": household, "form": form, "message_line": message_line(household), **finder.context()}
    return render(request, "appointments/book.html", context)


@may(Right.BOOK)
@require_http_methods(["GET", "POST"])
@_about_one
def move(request: HttpRequest, old: Appointment) -> HttpResponse:
    finder = Finder(params=request.GET, user=request.user, household=old.household, moving=old)
    form, told, theirs = _booking_form(request), ToldForm(request.POST or None), []
    if request.method == "POST" and form.is_valid() & told.is_valid():
        try:
            made = actions.move(
                appointment=old,
                told_at=told.cleaned_data["told_at"],
                told_how=told.cleaned_data["told_how"],
                note=form.cleaned_data["note"],
                overruled_reason=form.cleaned_data.get("overruled_reason", ""),
                form_token=form.cleaned_data["token"],
                place_confirmed=_place_confirmed(request),
                by=request.user,
                now=finder.now,
                **_chosen(form, finder),
            )
            messages.success(request, _("The appointment is moved."))
            return redirect("appointment", pk=made.pk)
        except Refused as refused:
            _refuse(told if refused.field in told.fields else form, refused)
            theirs = what_stands(form, old, by=request.user)
            finder = Finder(params=request.GET, user=request.user, household=old.household, moving=old)
    context = {
        "household": old.household,
        "old": old,
        "form": form,
        "told": told,
        "theirs": theirs,
        "now": finder.now,
        "message_line": message_line(old.household),
    }
    return render(request, "appointments/move.html", context | finder.context())


@may(Right.BOOK)
@require_http_methods(["GET", "POST"])
@_about_one
def cancel(request: HttpRequest, row: Appointment) -> HttpResponse:
    form, theirs = CancelForm(request.POST or None), []
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(
                appointment=row,
                by_resident=form.cleaned_data["who"] == CancelForm.BY_RESIDENT,
                told_at=form.cleaned_data["told_at"],
                told_how=form.cleaned_data["told_how"],
                place_confirmed=_place_confirmed(request),
                by=request.user,
                now=clock.now(),
            )
            messages.success(request, _("The appointment is cancelled."))
            return redirect("household", case_number=row.household.case_number)
        except Refused as refused:
            _refuse(form, refused)
            theirs = what_stands(form, row, by=request.user)
    context = {"appointment": row, "form": form, "theirs": theirs, "now": clock.now()}
    return render(request, "appointments/cancel.html", context)


@may(Right.SEE_AGENDA)
@require_GET
@_about_one
def appointment(request: HttpRequest, row: Appointment) -> HttpResponse:
    """What stands, to read aloud or print; after booking this is the confirmation."""
    now = clock.now()
    context = {
        "appointment": row,
        "now": now,
        "outbox": Message.objects.filter(appointment_key=row.pk),
        "message_line": message_line(row.household),
        "can_change": _allowed(actions.check_can_change, row, now=now),
        "can_check_in": _allowed(actions.check_can_check_in, row, by=request.user, place_confirmed=True, now=now),
        "can_correct": _allowed(actions.check_can_correct, row, by=request.user, now=now),
        "municipality_phone": settings.MUNICIPALITY_PHONE,
    }
    return render(request, "appointments/appointment.html", context)


def _allowed(check, row: Appointment, **kwargs) -> bool:
    """Whether the rule behind a button says yes."""
    try:
        check(row, **kwargs)
    except Refused:
        return False
    return True


def _days(rows: QuerySet[Appointment], dates: list[dt.date], *, user: User, now: dt.datetime) -> list[dict]:
    """One entry per local date, also the empty ones, with what makes a day special."""
    special = {day.date: day for day in CalendarDay.objects.filter(date__in=dates)}
    by_date: dict[dt.date, list[dict]] = {date: [] for date in dates}
    for row in rows:
        by_date[clock.local_date(row.starts_at)].append(
            {
                "appointment": row,
                "can_check_in": _allowed(actions.check_can_check_in, row, by=user, place_confirmed=True, now=now),
            }
        )
    return [{"date": date, "rows": by_date[date], "special": special.get(date)} for date in dates]


@may(Right.SEE_AGENDA)
@require_GET
def agenda(request: HttpRequest) -> HttpResponse:
    """A day or week of a location or a counsellor, as times or as a list; without a choice that of who looks (S10)."""
    given = request.GET.copy()
    if not set(given) & {"location", "counsellor", "span"}:
        given.update(_own_agenda(request.user))
    form, now = AgendaForm(given), clock.now()
    form.is_valid()
    asked = form.cleaned_data
    date = asked.get("date") or clock.local_date(now)
    week = asked.get("span") == AgendaForm.WEEK
    dates = week_of(date) if week else [date]
    as_list = asked.get("weergave") == AgendaForm.LIST
    grid = None if as_list else _grid(dates, asked.get("counsellor"), asked.get("location"), now)
    context = {
        "filter_form": form,
        "grid": grid,
        "days": [] if grid else _list(request.user, dates, asked, now),
        "left_out": _left_out(dates, asked) if grid else 0,
        "may_check_in": _to_check_in(grid, request.user, now) if grid else (),
        "now": now,
        "week": week,
        "one_column": bool(asked.get("counsellor")),
        "first": dates[0],
        "last": dates[-1],
        "before": dates[0] - dt.timedelta(days=len(dates)),
        "after": dates[0] + dt.timedelta(days=len(dates)),
        "ignored": bool(form.errors),
    }
    return render(request, "appointments/agenda.html", context)


def _grid(dates: list[dt.date], counsellor: Counsellor | None, location: Location | None, now: dt.datetime):
    """The table of times, where one fits: of one counsellor, or of one day at a location. Otherwise a list."""
    if counsellor:
        return counsellor_grid(dates, counsellor, now=now)
    return day_grid(dates[0], location, now=now) if location and len(dates) == 1 else None


def _to_check_in(grid: Grid, user: User, now: dt.datetime) -> set[int]:
    """Whom one can check in now, by the same rule as the action."""
    rows = [one for column in grid.columns for one in column.appointments]
    return {one.pk for one in rows if _allowed(actions.check_can_check_in, one, by=user, place_confirmed=True, now=now)}


def _rows_of(dates: list[dt.date], asked: dict) -> QuerySet[Appointment]:
    rows = Appointment.objects.between(clock.day_bounds(dates[0])[0], clock.day_bounds(dates[-1])[1])
    wanted = {name: asked[name] for name in ("location", "counsellor") if asked.get(name)}
    return rows.filter(**wanted)


def _list(user: User, dates: list[dt.date], asked: dict, now: dt.datetime) -> list[dict]:
    rows = _rows_of(dates, asked).visible_to(user).for_list()
    return _days(rows.order_by("starts_at", "counsellor__sort_name", "pk"), dates, user=user, now=now)


def _left_out(dates: list[dt.date], asked: dict) -> int:
    """What no longer takes up time and so stands in the list only."""
    return _rows_of(dates, asked).exclude(OCCUPIES_TIME).count()


@may(Right.BOOK)
@require_GET
def agenda_time(request: HttpRequest) -> HttpResponse:
    """A free time of the agenda: for whom is it? Then the finder opens with it (S10)."""
    picked = Slot.read_key(request.GET.get("slot", ""))
    counsellor = Counsellor.objects.filter(active=True, pk=picked[1]).select_related("user").first() if picked else None
    if not counsellor:
        raise Http404
    typed = typed_text(request.GET.get("q", ""))
    terms = SearchTerm.all_from(typed, today=clock.today(), by_bsn=request.user.may(Right.SEE_BSN))
    found = Household.objects.visible_to(request.user).open().matching(terms) if terms else Household.objects.none()
    rows = list(found.with_identity().order_by("sort_name", "pk")[: MOST_FOUND + 1])
    if terms:
        note_search(typed=typed, hits=len(rows), by=request.user, now=clock.now())
    context = {
        "start": picked[0], "counsellor": counsellor, "typed": typed, "rows": rows[:MOST_FOUND],
        "more": len(rows) > MOST_FOUND, "slot": request.GET["slot"],
    }  # fmt: skip
    return render(request, "appointments/time.html", context)


def _own_agenda(user: User) -> dict:
    if hasattr(user, "counsellor"):
        return {"counsellor": user.counsellor.pk, "span": AgendaForm.WEEK}
    place = location_of(user)
    return {"location": place.code} if place else {}


@may(Right.RECORD_ATTENDANCE)
@require_GET
def unrecorded(request: HttpRequest) -> HttpResponse:
    """Everything whose outcome somebody must still record, oldest first (R-21)."""
    now = clock.now()
    rows = Appointment.objects.visible_to(request.user).for_list().unrecorded(now)
    if hasattr(request.user, "counsellor"):
        rows = rows.filter(counsellor=request.user.counsellor)
    elif place := location_of(request.user) if request.user.role == "desk" else None:
        rows = rows.filter(location=place)
    context = {
        "page": keyset_page(rows, order="starts_at", params=request.GET),
        "number": rows.count(),
        "sizes": PAGE_SIZES,
        "now": now,
    }
    return render(request, "appointments/unrecorded.html", context)


def _after_attendance(request: HttpRequest, row: Appointment) -> HttpResponse:
    """Back to the list the person came from; only our own lists are known."""
    target = request.POST.get("next", "")
    return redirect(target if target in {"today", "agenda", "unrecorded"} else "today")


def _confirm_place(request: HttpRequest, row: Appointment, refused: Refused) -> HttpResponse:
    """The same button once more, on a page that names the other location (R-90d)."""
    context = {"appointment": row, "question": str(refused), "next": request.POST.get("next", "")}
    return render(request, "appointments/confirm_place.html", context)


@may(Right.BOOK)
@require_POST
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    row = _get_appointment(request, pk)
    try:
        actions.check_in(
            appointment=row, place_confirmed=_place_confirmed(request), by=request.user, now=clock.now()
        )  # fmt: skip
        messages.success(request, _("%(name)s has arrived.") % {"name": row.household})
    except actions.OtherLocation as refused:
        return _confirm_place(request, row, refused)
    except Refused as refused:
        messages.error(request, str(refused))
    return _after_attendance(request, row)


@may(Right.BOOK)
@require_POST
def undo_check_in(request: HttpRequest, pk: int) -> HttpResponse:
    row = _get_appointment(request, pk)
    try:
        actions.undo_check_in(
            appointment=row, place_confirmed=_place_confirmed(request), by=request.user, now=clock.now()
        )  # fmt: skip
        messages.success(request, _("The arrival of %(name)s is taken back.") % {"name": row.household})
    except actions.OtherLocation as refused:
        return _confirm_place(request, row, refused)
    except Refused as refused:
        messages.error(request, str(refused))
    return _after_attendance(request, row)


@may(Right.RECORD_ATTENDANCE)
@require_http_methods(["GET", "POST"])
@_about_one
def record_attendance(request: HttpRequest, row: Appointment) -> HttpResponse:
    now = clock.now()
    outcomes = actions.possible_outcomes(row, by=request.user, now=now)
    form = AttendanceForm(request.POST or None, outcomes=outcomes)
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_attendance(
                appointment=row,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"],
                by=request.user,
                now=now,
            )
            messages.success(request, _("The attendance of %(name)s is recorded.") % {"name": row.household})
            return _after_attendance(request, row)
        except Refused as refused:
            _refuse(form, refused)
    context = {
        "appointment": row,
        "form": form,
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
    row = _get_appointment(request, pk)
    try:
        actions.log_phone_attempt(appointment=row, by=request.user, now=clock.now())
        messages.success(request, _("The attempt by telephone is logged."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("record_attendance", pk=row.pk)


@may(Right.RECORD_ATTENDANCE)
@require_http_methods(["GET", "POST"])
@_about_one
def correct_attendance(request: HttpRequest, row: Appointment) -> HttpResponse:
    now = clock.now()
    try:
        actions.check_can_correct(row, by=request.user, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("appointment", pk=row.pk)
    form, theirs = CorrectionForm(request.POST or None, appointment=row), []
    if request.method == "POST" and form.data.get("version") not in {str(row.version), "", None}:
        # Which outcomes there are to choose from depends on what stands, so this comes before the rest of the form.
        form.is_valid()
        theirs = hold_correction(form, row, by=request.user)
    elif request.method == "POST" and form.is_valid():
        try:
            actions.correct_attendance(
                appointment=row,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"],
                why=form.cleaned_data["why"],
                told_at=form.cleaned_data["told_at"],
                version=form.cleaned_data["version"],
                by=request.user,
                now=now,
            )
            messages.success(request, _("The attendance of %(name)s is corrected.") % {"name": row.household})
            return redirect("appointment", pk=row.pk)
        except ChangedMeanwhile as refused:
            theirs = hold_correction(form, refused.current, by=request.user)
        except Refused as refused:
            _refuse(form, refused)
    context = {"appointment": row, "form": form, "theirs": theirs, "now": now}
    return render(request, "appointments/correct.html", context)
