"""The doors of booking, the agenda and attendance."""

import datetime as dt

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.appointments import actions
from casework.appointments.forms import (
    AgendaForm,
    AttendanceForm,
    BookingForm,
    CancelForm,
    CorrectionForm,
    CriteriaForm,
    ToldForm,
)
from casework.appointments.models import Appointment, AppointmentType, SearchArea, Slot, free_slots, suggestions
from casework.core import clock
from casework.core.access import Right, may
from casework.core.actions import audit
from casework.core.models import AuditKind, User
from casework.core.refusals import Refused
from casework.counsellors.models import Counsellor, location_of
from casework.households.models import ContactChannel, Household, Term, TermKind
from casework.messaging.models import Message
from casework.places.models import CalendarDay, Location

# How far ahead the finder looks when no term ends the search.
SEARCH_DAYS = 28


def _get_appointment(request: HttpRequest, pk: int) -> Appointment:
    return get_object_or_404(Appointment.objects.visible_to(request.user).for_list(), pk=pk)


class Finder:
    """The finder for one request: criteria, the term that binds, and the times on offer (S09)."""

    def __init__(self, request: HttpRequest, household: Household, moving: Appointment | None = None):
        self.now = clock.now()
        self.household, self.moving = household, moving
        self.terms = {term.kind: term for term in Term.objects.open().filter(household=household)}
        initial = self._initial(request.user)
        given = request.GET.copy()
        for name, value in initial.items():
            given.setdefault(name, value)
        if moving:
            given["kind"] = moving.type.code
        self.criteria = CriteriaForm(given)
        self.kind: AppointmentType | None = None
        if self.criteria.is_valid():
            self._search(request)
        else:
            self.slots, self.elsewhere, self.day = [], [], None

    def _initial(self, user: User) -> dict:
        if self.moving:
            return {"location": self.moving.location.code, "counsellor": self.moving.counsellor_id}
        place = location_of(user) or self.household.location
        return {
            "kind": self._usual_kind(),
            "location": place.code if place else "",
            "counsellor": self.household.owner_id or "",
        }

    def _usual_kind(self) -> str:
        """The first talk while its term is open, otherwise a follow-up."""
        types = AppointmentType.objects.filter(active=True, first_talk=TermKind.FIRST_TALK in self.terms)
        found = types.order_by("code").values_list("code", flat=True).first()
        return found or AppointmentType.objects.filter(active=True).values_list("code", flat=True).first() or ""

    @property
    def urgent(self) -> bool:
        return bool(self.kind and self.kind.first_talk and TermKind.URGENT in self.terms)

    @property
    def deadline(self) -> dt.date | None:
        """The term that this talk would meet: urgent before ordinary (R-05, R-06)."""
        if not self.kind or not self.kind.first_talk:
            return None
        term = self.terms.get(TermKind.URGENT) or self.terms.get(TermKind.FIRST_TALK)
        return term.deadline if term else None

    def _search(self, request: HttpRequest) -> None:
        asked = self.criteria.cleaned_data
        self.kind = asked["kind"]
        first = asked["first_date"]
        earliest = max(self.now, clock.day_bounds(first)[0]) if first else self.now
        self.area = SearchArea(
            length=self.kind.length,
            earliest=earliest,
            latest_date=clock.local_date(earliest) + dt.timedelta(days=SEARCH_DAYS),
            household_id=self.household.pk,
            counsellor_id=asked["counsellor"].pk if asked["counsellor"] else None,
            location_id=asked["location"].pk if asked["location"] else None,
            leave_out_id=self.moving.pk if self.moving else None,
        )
        self.day = self._asked_day(request.GET.get("day", ""))
        self.slots = self._day_slots() if self.day else suggestions(self.area, now=self.now)
        self.too_late = bool(self.urgent and not any(slot.date <= self.deadline for slot in self.slots))
        if self.urgent and not self.too_late and not self.day:
            # urgent offers only starts on or before the term.
            self.slots = [slot for slot in self.slots if slot.date <= self.deadline]
        self.elsewhere = [] if self.slots else self._elsewhere()

    def _asked_day(self, text: str) -> dt.date | None:
        try:
            day = dt.date.fromisoformat(text)
        except ValueError:
            return None
        return max(day, clock.today())

    def _day_slots(self) -> list[Slot]:
        start, _end = clock.day_bounds(self.day)
        return free_slots(self._changed(earliest=max(start, self.now), latest_date=self.day), now=self.now)

    def _elsewhere(self) -> list[Slot]:
        """The first times with anybody, anywhere: an empty answer still helps."""
        return suggestions(self._changed(location_id=None, counsellor_id=None), now=self.now, half_days=2)

    def _changed(self, **changes) -> SearchArea:
        return SearchArea(**{**self.area.__dict__, **changes})

    def context(self) -> dict:
        day = self.day
        return {
            "criteria": self.criteria,
            "slots": [{"slot": slot, "late": bool(self.deadline and slot.date > self.deadline)} for slot in self.slots],
            "elsewhere": self.elsewhere,
            "deadline": self.deadline,
            "urgent": self.urgent,
            "too_late": self.kind is not None and self.too_late,
            "day": day,
            "day_before": day - dt.timedelta(days=1) if day and day > clock.today() else None,
            "day_after": day + dt.timedelta(days=1) if day else None,
            "first_day": clock.today() if not self.slots else self.slots[0].date,
            "last_day": clock.today() + dt.timedelta(days=SEARCH_DAYS),
            "message_line": message_line(self.household),
        }


def message_line(household: Household) -> dict:
    """How the resident will hear of it: shown before booking, so that the desk can check the number (S09)."""
    if household.channel == ContactChannel.NONE:
        return {"channel": ContactChannel.NONE, "to": ""}
    if household.channel == ContactChannel.SMS and household.mobile:
        return {"channel": ContactChannel.SMS, "to": household.mobile}
    if household.channel in {ContactChannel.SMS, ContactChannel.EMAIL} and household.email:
        return {"channel": ContactChannel.EMAIL, "to": household.email}
    if household.channel == ContactChannel.CALL:
        return {"channel": ContactChannel.CALL, "to": household.mobile or household.phone}
    return {"channel": ContactChannel.LETTER if household.address_line else ContactChannel.CALL, "to": ""}


def _chosen(form: BookingForm, finder: Finder) -> dict:
    """Counsellor, location and start as the action wants them; 404 when a forged choice names nobody."""
    if start := form.cleaned_data.get("other_start"):
        criteria = finder.criteria.cleaned_data
        counsellor = criteria["counsellor"] or finder.household.owner
        if not counsellor:
            raise Refused(_("Choose a counsellor above before you enter another time."))
        location = criteria["location"] or counsellor.location
        return {"start": start, "counsellor": counsellor, "location": location}
    start, counsellor_id, location_id = form.cleaned_data["slot"]
    return {
        "start": start,
        "counsellor": get_object_or_404(Counsellor.objects.filter(active=True), pk=counsellor_id),
        "location": get_object_or_404(Location.objects.filter(active=True), pk=location_id),
    }


def _booking_form(request: HttpRequest, finder: Finder) -> BookingForm:
    return BookingForm(request.POST or None, offered=finder.slots, may_overrule=request.user.may(Right.OVERRULE_HOURS))


def _refuse(form, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


@may(Right.BOOK)
@require_http_methods(["GET", "POST"])
def book(request: HttpRequest, case_number: str) -> HttpResponse:
    household = get_object_or_404(
        Household.objects.visible_to(request.user).select_related("owner__user", "location"), case_number=case_number
    )
    finder = Finder(request, household)
    form = _booking_form(request, finder)
    if request.method == "POST" and finder.criteria.is_valid() and form.is_valid():
        try:
            made = actions.book(
                household=household,
                kind=finder.kind,
                note=form.cleaned_data["note"],
                overruled_reason=form.cleaned_data.get("overruled_reason", ""),
                form_token=form.cleaned_data["token"],
                by=request.user,
                now=finder.now,
                **_chosen(form, finder),
            )
            messages.success(request, _("The appointment is booked."))
            return redirect("appointment", pk=made.pk)
        except Refused as refused:
            _refuse(form, refused)
            finder = Finder(request, household)
            form.fields["slot"].choices = [(slot.key, str(slot)) for slot in finder.slots]
    if request.method == "GET":
        audit(by=request.user, now=finder.now, action="view_finder", on=household, kind=AuditKind.VIEWED)
    return render(request, "appointments/book.html", {"household": household, "form": form, **finder.context()})


@may(Right.BOOK)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, pk: int) -> HttpResponse:
    old = _get_appointment(request, pk)
    finder = Finder(request, old.household, moving=old)
    form, told = _booking_form(request, finder), ToldForm(request.POST or None)
    if request.method == "POST" and finder.criteria.is_valid() and form.is_valid() and told.is_valid():
        try:
            made = actions.move(
                appointment=old,
                told_at=told.cleaned_data["told_at"],
                told_how=told.cleaned_data["told_how"],
                note=form.cleaned_data["note"],
                overruled_reason=form.cleaned_data.get("overruled_reason", ""),
                form_token=form.cleaned_data["token"],
                by=request.user,
                now=finder.now,
                **_chosen(form, finder),
            )
            messages.success(request, _("The appointment is moved."))
            return redirect("appointment", pk=made.pk)
        except Refused as refused:
            _refuse(told if refused.field in told.fields else form, refused)
            finder = Finder(request, old.household, moving=old)
            form.fields["slot"].choices = [(slot.key, str(slot)) for slot in finder.slots]
    context = {"household": old.household, "old": old, "form": form, "told": told, "now": finder.now}
    return render(request, "appointments/move.html", context | finder.context())


@may(Right.BOOK)
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    row = _get_appointment(request, pk)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.cancel(
                appointment=row,
                by_resident=form.cleaned_data["who"] == CancelForm.BY_RESIDENT,
                told_at=form.cleaned_data["told_at"],
                told_how=form.cleaned_data["told_how"],
                by=request.user,
                now=clock.now(),
            )
            messages.success(request, _("The appointment is cancelled."))
            return redirect("household", case_number=row.household.case_number)
        except Refused as refused:
            _refuse(form, refused)
    return render(request, "appointments/cancel.html", {"appointment": row, "form": form, "now": clock.now()})


@may(Right.SEE_AGENDA)
@require_GET
def appointment(request: HttpRequest, pk: int) -> HttpResponse:
    """What stands, to read aloud or print; after booking this is the confirmation."""
    row = _get_appointment(request, pk)
    now = clock.now()
    audit(by=request.user, now=now, action="view_appointment", on=row.household, kind=AuditKind.VIEWED)
    context = {
        "appointment": row,
        "now": now,
        "outbox": Message.objects.filter(appointment_key=row.pk),
        "message_line": message_line(row.household),
        "can_change": not row.outcome,
        "can_check_in": _allowed(actions.check_can_check_in, row, now=now),
        "can_correct": _allowed(actions.check_can_correct, row, by=request.user, now=now),
    }
    return render(request, "appointments/appointment.html", context)


def _allowed(check, row: Appointment, **kwargs) -> bool:
    """Whether the rule behind a button says yes."""
    try:
        check(row, **kwargs)
    except Refused:
        return False
    return True


def _days(rows: QuerySet[Appointment], first: dt.date, count: int, now: dt.datetime) -> list[dict]:
    """One entry per local date, also the empty ones, with what makes a day special."""
    dates = [first + dt.timedelta(days=number) for number in range(count)]
    special = {day.date: day for day in CalendarDay.objects.filter(date__in=dates)}
    by_date: dict[dt.date, list[dict]] = {date: [] for date in dates}
    for row in rows:
        by_date[clock.local_date(row.starts_at)].append(
            {"appointment": row, "can_check_in": _allowed(actions.check_can_check_in, row, now=now)}
        )
    return [{"date": date, "rows": by_date[date], "special": special.get(date)} for date in dates]


@may(Right.SEE_AGENDA)
@require_GET
def agenda(request: HttpRequest) -> HttpResponse:
    """The list of a day or week, of a location or a counsellor; without a choice that of the person who looks."""
    given = request.GET.copy()
    for name, value in _own_agenda(request.user).items():
        if not set(given) & {"location", "counsellor", "span"}:
            given.setdefault(name, value)
    form = AgendaForm(given)
    form.is_valid()
    asked = form.cleaned_data
    now = clock.now()
    date = asked.get("date") or clock.local_date(now)
    week = asked.get("span") == AgendaForm.WEEK
    first = date - dt.timedelta(days=date.weekday()) if week else date
    count = 7 if week else 1
    rows = Appointment.objects.visible_to(request.user).for_list()
    rows = rows.between(clock.day_bounds(first)[0], clock.day_bounds(first + dt.timedelta(days=count - 1))[1])
    if asked.get("location"):
        rows = rows.filter(location=asked["location"])
    if asked.get("counsellor"):
        rows = rows.filter(counsellor=asked["counsellor"])
    context = {
        "filter_form": form,
        "days": _days(rows.order_by("starts_at", "counsellor__sort_name", "pk"), first, count, now),
        "now": now,
        "week": week,
        "first": first,
        "last": first + dt.timedelta(days=count - 1),
        "before": first - dt.timedelta(days=count),
        "after": first + dt.timedelta(days=count),
        "ignored": bool(form.errors),
    }
    return render(request, "appointments/agenda.html", context)


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
    return render(request, "appointments/unrecorded.html", {"rows": rows.order_by("starts_at", "pk")[:100], "now": now})


def _after_attendance(request: HttpRequest, row: Appointment) -> HttpResponse:
    """Back to the list the person came from; only our own lists are known."""
    target = request.POST.get("next", "")
    return redirect(target if target in {"today", "agenda", "unrecorded"} else "today")


@may(Right.BOOK)
@require_POST
def check_in(request: HttpRequest, pk: int) -> HttpResponse:
    row = _get_appointment(request, pk)
    try:
        actions.check_in(appointment=row, by=request.user, now=clock.now())
        messages.success(request, _("%(name)s has arrived.") % {"name": row.household})
    except Refused as refused:
        messages.error(request, str(refused))
    return _after_attendance(request, row)


@may(Right.BOOK)
@require_POST
def undo_check_in(request: HttpRequest, pk: int) -> HttpResponse:
    row = _get_appointment(request, pk)
    try:
        actions.undo_check_in(appointment=row, by=request.user, now=clock.now())
        messages.success(request, _("The arrival of %(name)s is taken back.") % {"name": row.household})
    except Refused as refused:
        messages.error(request, str(refused))
    return _after_attendance(request, row)


@may(Right.RECORD_ATTENDANCE)
@require_http_methods(["GET", "POST"])
def record_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    row = _get_appointment(request, pk)
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
def correct_attendance(request: HttpRequest, pk: int) -> HttpResponse:
    row = _get_appointment(request, pk)
    now = clock.now()
    try:
        actions.check_can_correct(row, by=request.user, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("appointment", pk=row.pk)
    form = CorrectionForm(request.POST or None, appointment=row)
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_attendance(
                appointment=row,
                outcome=form.cleaned_data["outcome"],
                reason=form.cleaned_data["reason"],
                why=form.cleaned_data["why"],
                told_at=form.cleaned_data["told_at"],
                by=request.user,
                now=now,
            )
            messages.success(request, _("The attendance of %(name)s is corrected.") % {"name": row.household})
            return redirect("appointment", pk=row.pk)
        except Refused as refused:
            _refuse(form, refused)
    return render(request, "appointments/correct.html", {"appointment": row, "form": form, "now": now})
