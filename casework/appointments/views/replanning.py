"""*Herplannen nodig*: many at once, each with a proposal (R-14)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from casework.appointments import actions
from casework.appointments.filters import ReplanFilter
from casework.appointments.forms import ReplanForm
from casework.appointments.models import Appointment, proposals
from casework.appointments.views.doors import is_place_confirmed
from casework.core import clock
from casework.core.access import Right, may
from casework.core.models import Role
from casework.core.paging import filtered, same_place, stretch
from casework.core.refusals import Refused
from casework.counsellors.models import Counsellor, location_of
from casework.places.models import Location

REPLAN_SORTS = {"start": "starts_at", "-start": "-starts_at"}


@may(Right.BOOK)
@require_http_methods(["GET", "POST"])
def replan(request: HttpRequest) -> HttpResponse:
    """What nobody can receive, with a choice per row; what was chosen is saved at once, what is refused stays with why."""
    form, result = ReplanForm(request.POST or None), actions.Replanned()
    if request.method == "POST" and form.is_valid():
        result = _save(request, form)
        if result.done:
            text = ngettext(
                "%(number)d appointment has a new time. The resident hears of it.",
                "%(number)d appointments have a new time. The residents hear of it.",
                len(result.done),
            )
            messages.success(request, text % {"number": len(result.done)})
        if result.done and not result.refused:
            return same_place("replan", request.GET.urlencode())
        if not result.refused:
            form.add_error(None, _("Choose a new time for at least one appointment."))
        else:
            form.add_error(None, _("Not everything could be saved. Below is why; the other rows are saved."))
    return render(request, "appointments/replan.html", _context(request, form, result))


def _save(request: HttpRequest, form: ReplanForm) -> actions.Replanned:
    """One action for all rows; who or what is gone meanwhile is refused like a time that is."""
    rows = Appointment.objects.visible_to(request.user).for_list().in_bulk(form.choices)
    counsellors = Counsellor.objects.filter(active=True).in_bulk({one.slot[1] for one in form.choices.values()})
    locations = Location.objects.filter(active=True).in_bulk({one.slot[2] for one in form.choices.values()})
    wanted = [
        actions.Replacement(rows[key], one.version, counsellors[one.slot[1]], locations[one.slot[2]], one.slot[0])
        for key, one in form.choices.items()
        if key in rows and one.slot[1] in counsellors and one.slot[2] in locations
    ]
    result = actions.replan(
        replacements=wanted, form_token=form.cleaned_data["token"], place_confirmed=is_place_confirmed(request),
        by=request.user, now=clock.now(),
    )  # fmt: skip
    gone = Refused(_("This time is no longer on offer. Choose another time."))
    result.refused |= dict.fromkeys(rows.keys() - {one.appointment.pk for one in wanted}, gone)
    return result


def _asked(request: HttpRequest) -> QueryDict:
    """The own location of a desk, the own appointments of a counsellor, unless they ask for others."""
    given = request.GET.copy()
    if hasattr(request.user, "counsellor"):
        given.setdefault("counsellor", str(request.user.counsellor.pk))
    elif place := location_of(request.user) if request.user.role == Role.DESK else None:
        given.setdefault("location", place.code)
    return given


def _context(request: HttpRequest, form: ReplanForm, result: actions.Replanned) -> dict:
    now, given = clock.now(), _asked(request)
    rows = Appointment.objects.visible_to(request.user).for_list().to_replan(now)
    choices = ReplanFilter.known_choices() | {"absence": ReplanFilter.coming_absences(now)}
    found, shown = filtered(lambda params: ReplanFilter(params, queryset=rows, choices=choices), given)
    page = stretch(found, given, sorts=REPLAN_SORTS)
    elsewhere = any(isinstance(one, actions.OtherLocation) for one in result.refused.values())
    offers = [
        {
            "proposal": one,
            "options": [{"slot": slot, "late": one.is_late(slot)} for slot in one.slots],
            "chosen": form.choices[one.appointment.pk].key if one.appointment.pk in form.choices else "",
            "refused": str(result.refused.get(one.appointment.pk, "")),
        }
        for one in proposals(page["page"].object_list, now=now)
    ]
    return {"form": form, "offers": offers, "elsewhere": elsewhere, "now": now} | shown | page
