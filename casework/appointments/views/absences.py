"""The door to the absences of one's own team (R-90l): what one hits is seen before it is saved (S25)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from casework.appointments.actions import EffectNotSeen, effect_seen
from casework.core import clock
from casework.core.access import Right, may
from casework.core.refusals import Refused
from casework.counsellors import actions
from casework.counsellors.forms import TeamAbsenceForm
from casework.counsellors.models import Absence


def _of_team(request: HttpRequest):
    """Absences of this supervisor's team; none for who has no team."""
    return Absence.objects.filter(counsellor__team=actions.team_of(request.user)).exclude(counsellor__team=None)


@may(Right.TEAM_ABSENCES)
@require_http_methods(["GET", "POST"])
def team_absences(request: HttpRequest) -> HttpResponse:
    """Who of the team is away or will be, and a form to add one."""
    now, team = clock.now(), actions.team_of(request.user)
    form, effect = TeamAbsenceForm(request.POST or None, team=team), None
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            with effect_seen(mark=request.POST.get("effect", ""), now=now):
                actions.add_absence(
                    counsellor=asked["counsellor"], first=asked["first"], last=asked["last"], kind=asked["kind"],
                    note=asked["note"], by=request.user, now=now,
                )  # fmt: skip
            messages.success(request, _("The absence of %(name)s is saved.") % {"name": asked["counsellor"]})
            return redirect("team_absences")
        except EffectNotSeen as not_seen:
            effect = not_seen.effect
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    rows = _of_team(request).filter(period__endswith__gt=now).select_related("counsellor__user")
    context = {"form": form, "effect": effect, "rows": rows.order_by("period", "pk"), "has_team": team is not None}
    return render(request, "counsellors/absences.html", context)


@may(Right.TEAM_ABSENCES)
@require_POST
def remove_absence(request: HttpRequest, pk: int) -> HttpResponse:
    absence = get_object_or_404(_of_team(request).select_related("counsellor__user"), pk=pk)
    actions.remove_absence(absence=absence, by=request.user, now=clock.now())
    messages.success(request, _("The absence of %(name)s is removed.") % {"name": absence.counsellor})
    return redirect("team_absences")
