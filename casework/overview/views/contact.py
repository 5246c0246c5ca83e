"""Changing how a household is reached, with both versions in sight (R-19)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.appointments import actions as appointments
from casework.core import clock
from casework.core.access import Right, may
from casework.core.forms import hold_both
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.households.forms import ContactForm
from casework.households.views import get_household, note_look, reason_first


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def change_contact(request: HttpRequest, case_number: str) -> HttpResponse:
    """Change how a household is reached; a colleague's change meanwhile is shown beside one's own (R-19)."""
    row, now = get_household(request.user, case_number), clock.now()
    if stop := reason_first(request, row):
        return stop
    form = ContactForm(request.POST or None, initial=ContactForm.of(row))
    theirs = []
    if request.method == "GET":
        note_look(request, row, "view_contact", now=now)
    if request.method == "POST" and form.is_valid():
        try:
            appointments.change_contact(
                household=row, values=form.contact(), version=form.cleaned_data["version"], by=request.user, now=now
            )
            messages.success(request, _("The contact details are saved."))
            return redirect("household", case_number=row.case_number)
        except ChangedMeanwhile as refused:
            theirs = hold_both(form, refused, ContactForm.of(refused.current))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return render(request, "overview/change_contact.html", {"household": row, "form": form, "theirs": theirs})
