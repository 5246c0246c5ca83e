"""Whose household it is (S04, R-60)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from casework.core.access import Right, may
from casework.households import actions
from casework.households.forms import AllocateForm
from casework.households.views.changing import form_about_household


@may(Right.ALLOCATE)
@require_http_methods(["GET", "POST"])
def allocate_household(request: HttpRequest, case_number: str) -> HttpResponse:
    """A household without a counsellor gets one (S04, R-60)."""

    def save(household, form, now):
        owner = form.cleaned_data["owner"]
        actions.allocate_household(household=household, owner=owner, by=request.user, now=now)
        return _("This household now belongs to %(name)s.") % {"name": owner}

    return form_about_household(request, case_number, AllocateForm, "households/allocate.html", save)
