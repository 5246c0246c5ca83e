"""A series: from the finder to a page that shows each date, and from there to appointments (S09)."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from casework.appointments import actions
from casework.appointments.filters import Finder
from casework.appointments.forms import BookingForm, CompanyForm, RepeatForm
from casework.appointments.models import Occurrence, Slot, occurrences
from casework.appointments.views.booking import chosen, kind_of, message_line, second_of, shown_by
from casework.appointments.views.doors import is_place_confirmed, refuse
from casework.core import clock
from casework.core.access import Right, may
from casework.core.refusals import Refused
from casework.households.models import Household
from casework.households.views import household_of, reason_first

# What stands in the form of a date that is left out of the series.
LEFT_OUT = "-"


@may(Right.BOOK)
@require_POST
def book_series(request: HttpRequest, case_number: str) -> HttpResponse:
    """First the dates with what fits and what does not; then, with a choice for each, all at once or nothing."""
    rows = Household.objects.visible_to(request.user).select_related("owner__user", "location")
    household = household_of(rows, case_number)
    if stop := reason_first(request, household):
        return stop
    finder = Finder(params=request.GET, user=request.user, household=household)
    form = BookingForm(request.POST, may_overrule=False)
    company, repeat = CompanyForm(request.POST, household=household), RepeatForm(request.POST)
    context = {
        "household": household, "form": form, "company": company, "repeat": repeat, "finder": finder,
        "message_line": message_line(household),
    }  # fmt: skip
    if not (form.is_valid() & company.is_valid() & repeat.is_valid()):
        return render(request, "appointments/book.html", context | shown_by(finder))
    try:
        where = chosen(form, finder)
        dates = _dates(finder, where, repeat.cleaned_data)
        said = {}
        if "confirmed" in request.POST:
            starts, said = _read_choices(request, dates)
            if not said:
                made = _book(request, context, where, starts)
                text = ngettext("%(number)d appointment is booked.", "%(number)d appointments are booked.", len(made))
                messages.success(request, text % {"number": len(made)})
                return redirect("appointment", pk=made[0].pk)
            form.add_error(None, _("Choose for each date. Nothing is saved yet."))
    except actions.SeriesRefused as refused:
        form.add_error(None, str(refused))
        dates, said = (
            _dates(finder, where, repeat.cleaned_data),
            {clock.local_date(start): text for start, text in refused.rows.items()},
        )
    except Refused as refused:
        refuse(form, refused)
        if not isinstance(refused, actions.OtherLocation):
            return render(request, "appointments/book.html", context | shown_by(finder))
    shown = [_row(request, number, one, said) for number, one in enumerate(dates)]
    return render(request, "appointments/series.html", context | {"rows": shown, "kind": finder.kind} | where)


def _dates(finder: Finder, where: dict, repeat: dict) -> list[Occurrence]:
    area = finder.area_with(where["counsellor"], where["location"])
    return occurrences(area, where["start"], weeks=repeat["weeks"], times=repeat["times"], now=finder.now)


def _read_choices(request: HttpRequest, dates: list[Occurrence]) -> tuple[list[dt.datetime], dict[dt.date, str]]:
    """The starts that were chosen, and the dates for which there is no choice that can be read."""
    starts, missing = [], {}
    for number, one in enumerate(dates):
        given = request.POST.get(f"date_{number}", "")
        if read := Slot.read_key(given):
            starts.append(read[0])
        elif given != LEFT_OUT:
            missing[one.date] = _("Choose a time, or leave this date out.")
    return starts, missing


def _book(request: HttpRequest, context: dict, where: dict, starts: list[dt.datetime]):
    finder, form = context["finder"], context["form"]
    return actions.book_series(
        household=context["household"], counsellor=where["counsellor"], location=where["location"],
        kind=kind_of(finder), starts=starts, note=form.cleaned_data["note"], form_token=form.cleaned_data["token"],
        place_confirmed=is_place_confirmed(request), company=context["company"].with_second(second_of(finder)),
        by=request.user, now=finder.now,
    )  # fmt: skip


def _row(request: HttpRequest, number: int, one: Occurrence, said: dict[dt.date, str]) -> dict:
    """One date with what can be chosen; what was chosen before stays chosen while it can be."""
    slots = [one.slot] if one.slot else one.others
    given = request.POST.get(f"date_{number}", "")
    keys = {slot.key for slot in slots} | {LEFT_OUT}
    usual = one.slot.key if one.slot else ""
    return {
        "name": f"date_{number}", "date": one.date, "fits": bool(one.slot), "slots": slots,
        "chosen": given if given in keys else usual, "said": said.get(one.date, ""), "left_out": LEFT_OUT,
    }  # fmt: skip
