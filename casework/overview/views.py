"""Screens across features: today per role, and the household page."""

import datetime as dt

from django.contrib import messages
from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from casework.appointments import actions as appointments
from casework.appointments.models import CHECK_IN_FROM, Appointment
from casework.core import clock
from casework.core.access import Right, everyone_logged_in, may
from casework.core.actions import audit
from casework.core.models import AuditKind, Role
from casework.core.refusals import Refused
from casework.counsellors.models import location_of
from casework.households.actions import CONTACT_FIELDS, ChangedMeanwhile, needs_reason
from casework.households.forms import ContactForm
from casework.households.models import Household
from casework.households.views import get_household
from casework.overview import reads


@everyone_logged_in
@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """The day in one look, per role (S02 to S04); roles without a day go to their own first page."""
    doors = {
        Role.DESK: _today_desk,
        Role.COUNSELLOR: _today_counsellor,
        Role.SUPERVISOR: _today_supervisor,
        Role.PARTNER: lambda request: redirect("inbox"),
        Role.ADMIN: lambda request: redirect("admin:index"),
    }
    return doors.get(request.user.role, _today_plain)(request)


def _rows(rows, now: dt.datetime) -> list[dict]:
    """Rows with whether they can be checked in now; the same rule as the action asks."""
    return [
        {
            "appointment": one,
            "can_check_in": not one.outcome
            and not one.arrived_at
            and one.starts_at - CHECK_IN_FROM <= now <= one.ends_at,
        }
        for one in rows
    ]


def _today_desk(request: HttpRequest) -> HttpResponse:
    now, place = clock.now(), location_of(request.user)
    here = Appointment.objects.filter(location=place) if place else Appointment.objects.all()
    rows = reads.appointments_today(now)
    rows = list(rows.filter(location=place) if place else rows)
    context = {
        "now": now,
        "location": place,
        "rows": _rows(rows, now),
        "next": None if rows else reads.next_appointment(here, now),
        "to_call": reads.to_call(place),
        "absent": reads.absent_with_appointments(now),
    }
    return render(request, "overview/today_desk.html", context)


def _today_counsellor(request: HttpRequest) -> HttpResponse:
    now, own = clock.now(), getattr(request.user, "counsellor", None)
    mine = Appointment.objects.filter(counsellor=own)
    rows = list(reads.appointments_today(now).filter(counsellor=own))
    context = {
        "now": now,
        "next": reads.next_appointment(mine, now),
        "terms": list(reads.terms_now(now, own)) if own else [],
        "now_date": clock.local_date(now),
        "rows": _rows(rows, now),
        "unrecorded": list(mine.unrecorded(now).for_list().order_by("starts_at", "pk")[:20]),
        "active": Household.objects.open().filter(owner=own).count(),
    }
    return render(request, "overview/today_counsellor.html", context)


def _today_supervisor(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    context = {
        "now": now,
        "terms": list(reads.terms_now(now)[:50]),
        "now_date": clock.local_date(now),
        "long_unrecorded": reads.long_unrecorded(now),
        "absent": reads.absent_with_appointments(now),
        "to_call": reads.to_call(),
        "balance": list(reads.balance()),
        "without_owner": Household.objects.open().filter(owner=None).count(),
    }
    return render(request, "overview/today_supervisor.html", context)


def _today_plain(request: HttpRequest) -> HttpResponse:
    return render(request, "overview/today_plain.html", {"now": clock.now()})


@may(Right.SEE_HOUSEHOLD)
@require_GET
def household(request: HttpRequest, case_number: str) -> HttpResponse:
    """The household page (S07). Every opening leaves one line in the audit trail (R-92)."""
    row, now = get_household(request.user, case_number), clock.now()
    if needs_reason(user=request.user, household=row, now=now):
        return redirect("access_reason", case_number=row.case_number)
    audit(by=request.user, now=now, action="view_household", on=row, kind=AuditKind.VIEWED)
    with_debts = request.user.may(Right.SEE_DEBT_FILE)
    blocks = reads.household_blocks(row, now=now, with_debts=with_debts)
    terms = [{"term": term, "days": term.days_left(clock.local_date(now))} for term in blocks.pop("terms")]
    context = {"household": row, "now": now, "with_debts": with_debts, "terms": terms, "debt_file": None, **blocks}
    context["may_allocate"] = not row.owner_id and not row.is_closed and request.user.may(Right.ALLOCATE)
    context["next_term"] = next((one for one in terms if one["term"].is_open), None)
    return render(request, "overview/household.html", context)


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def change_contact(request: HttpRequest, case_number: str) -> HttpResponse:
    """Change how a household is reached; a colleague's change meanwhile is shown beside one's own (R-19)."""
    row, now = get_household(request.user, case_number), clock.now()
    if needs_reason(user=request.user, household=row, now=now):
        return redirect("access_reason", case_number=row.case_number)
    initial = {name: getattr(row, name) for name in (*CONTACT_FIELDS, "version")}
    form = ContactForm(request.POST or None, initial=initial)
    theirs = []
    if request.method == "GET":
        audit(by=request.user, now=now, action="view_contact", on=row, kind=AuditKind.VIEWED)
    if request.method == "POST" and form.is_valid():
        try:
            appointments.change_contact(
                household=row, values=form.contact(), version=form.cleaned_data["version"], by=request.user, now=now
            )
            messages.success(request, _("The contact details are saved."))
            return redirect("household", case_number=row.case_number)
        except ChangedMeanwhile as refused:
            form.add_error(None, str(refused))
            theirs = _differences(form, refused.current)
            # Saving again is a choice made with both versions in sight.
            form.data = form.data.copy()
            form.data["version"] = refused.current.version
        except Refused as refused:
            form.add_error(None, str(refused))
    return render(request, "overview/change_contact.html", {"household": row, "form": form, "theirs": theirs})


def _differences(form: ContactForm, current: Household) -> list[dict]:
    """Fields where what was typed and what stands differ."""
    return [
        {
            "label": form.fields[name].label,
            "typed": _in_words(form.fields[name], typed),
            "stands": _in_words(form.fields[name], getattr(current, name)),
        }
        for name, typed in form.contact().items()
        if getattr(current, name) != typed
    ]


def _in_words(field: Field, value) -> str:
    """A stored value as the form shows it: yes or no, the word of a choice, a number with its spaces."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return dict(getattr(field, "choices", ())).get(value) or field.prepare_value(value)
