"""Recording several appointments on one page (S11)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from casework.appointments import actions
from casework.appointments.forms import SeveralForm, stands_already
from casework.appointments.models import Appointment, Outcome
from casework.core import clock
from casework.core.access import Right, may
from casework.core.models import User
from casework.core.refusals import Refused

# A day has no more; an address with more is not ours.
AT_ONCE = 50


@may(Right.RECORD_ATTENDANCE)
@require_http_methods(["GET", "POST"])
def record_several(request: HttpRequest) -> HttpResponse:
    """First the list of what was ticked, then saved row by row: a row that is refused stays, with why (S11)."""
    asked = request.POST if request.method == "POST" else request.GET
    rows = _rows(request.user, asked.getlist("appointment"))
    back = asked.get("next") if asked.get("next") in {"today", "unrecorded"} else "unrecorded"
    if not rows:
        messages.error(request, _("Choose a row first."))
        return redirect(back)
    now = clock.now()
    waiting = [one for one in rows if not one.outcome]
    possible = {one.pk: actions.possible_outcomes(one, by=request.user, now=now) for one in waiting}
    form = SeveralForm(request.POST or None, rows=waiting, possible=possible)
    # Rows that a colleague recorded while they stood on the page, and rows that are refused: key → who, when and what.
    refused = {one.pk: stands_already(one.pk) for one in rows if one.outcome}
    if request.method == "POST" and form.is_valid():
        chosen = form.chosen()
        refused |= _save(waiting, chosen, request.user)
        _say(request, len(chosen) - len(refused.keys() & chosen.keys()))
        if not refused:
            return redirect(back)
        rows = [one for one in rows if one.pk in refused or one.pk not in chosen]
        form = SeveralForm(None, rows=[one for one in rows if one in waiting], possible=possible)
    context = {"entries": _entries(rows, form, possible, refused), "form": form, "back": back, "now": now}
    return render(request, "appointments/several.html", context)


def _rows(user: User, asked: list[str]) -> list[Appointment]:
    keys = [int(one) for one in asked[:AT_ONCE] if one.isascii() and one.isdigit() and len(one) < 18]
    found = Appointment.objects.visible_to(user).for_list().select_related("household__owner__user")
    return list(found.filter(pk__in=keys).order_by("starts_at", "pk"))


def _save(rows: list[Appointment], chosen: dict[int, tuple[str, str]], by: User) -> dict[int, str]:
    """One call per row, so that one that is refused takes no other along; key → why not."""
    refused = {}
    for one in rows:
        if one.pk not in chosen:
            continue
        outcome, reason = chosen[one.pk]
        try:
            actions.record_attendance(appointment=one, outcome=outcome, reason=reason, by=by, now=clock.now())
        except Refused as why:
            refused[one.pk] = stands_already(one.pk) or str(why)
    return refused


def _say(request: HttpRequest, done: int) -> None:
    if done:
        said = ngettext("%(number)s appointment is recorded.", "%(number)s appointments are recorded.", done)
        messages.success(request, said % {"number": done})


def _entries(rows, form: SeveralForm, possible: dict[int, list[Outcome]], refused: dict[int, str]) -> list[dict]:
    """Each row with its fields, or with why there are none."""
    return [
        {
            "appointment": one,
            "outcome": form[f"outcome-{one.pk}"] if possible.get(one.pk) else None,
            "reason": form[f"reason-{one.pk}"] if possible.get(one.pk) else None,
            "refused": refused.get(one.pk, ""),
        }
        for one in rows
    ]
