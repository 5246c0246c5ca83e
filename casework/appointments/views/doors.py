"""Which appointment an address is about, and what its pages share."""

import functools

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from casework.appointments import actions
from casework.appointments.forms import ask_place
from casework.appointments.models import Appointment
from casework.core import clock
from casework.core.refusals import Refused
from casework.households.views import note_look, reason_first


def get_appointment(request: HttpRequest, pk: int) -> Appointment:
    rows = Appointment.objects.visible_to(request.user).for_list().select_related("household__owner__user")
    return get_object_or_404(rows, pk=pk)


def about_one(view):
    """A page that shows whom an appointment is about: opening it leaves a line (R-92), after a reason where one is asked.

    One's own appointment needs none, whosever household it is (R-90e, R-91).
    """

    @functools.wraps(view)
    def opened(request: HttpRequest, pk: int) -> HttpResponse:
        row = get_appointment(request, pk)
        if not row.is_of(request.user) and (stop := reason_first(request, row.household)):
            return stop
        if request.method == "GET":
            note_look(request, row.household, "view_appointment", now=clock.now())
        return view(request, row)

    return opened


def is_place_confirmed(request: HttpRequest) -> bool:
    """R-90d: the desk says that it means a location that is not its own."""
    return "place_confirmed" in request.POST


def refuse(form, refused: Refused) -> None:
    if isinstance(refused, actions.OtherLocation):
        ask_place(form)
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def allowed(check, row: Appointment, **kwargs) -> bool:
    """Whether the rule behind a button says yes."""
    try:
        check(row, **kwargs)
    except Refused:
        return False
    return True
