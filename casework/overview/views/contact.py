"""Changing how a household is reached, with both versions in sight (R-19)."""

from django.contrib import messages
from django.forms import Field
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.appointments import actions as appointments
from casework.core import clock
from casework.core.access import Right, may
from casework.core.actions import audit
from casework.core.models import AuditKind
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.households.actions import CONTACT_FIELDS, needs_reason
from casework.households.forms import ContactForm
from casework.households.models import Household
from casework.households.views import get_household


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
