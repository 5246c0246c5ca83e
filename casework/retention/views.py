"""What goes soon, what is kept from going, and what went: numbers and dates, never a name."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.core import clock
from casework.core.access import Right, may
from casework.core.paging import PAGE_SIZES, keyset_page
from casework.core.refusals import Refused
from casework.households.models import Household
from casework.households.views import household_of
from casework.retention import actions
from casework.retention.forms import LegalHoldForm
from casework.retention.models import KEPT, Destruction, going, terms_on

# So far ahead one can see who goes, and so many rows at once.
AHEAD, MOST = dt.timedelta(days=30), 100


@may(Right.LEGAL_HOLD)
@require_GET
def retention(request: HttpRequest) -> HttpResponse:
    """Who goes in the next thirty days, who is kept, the terms, and the destruction log (R-63)."""
    today = clock.today()
    until = today + AHEAD
    terms = terms_on(today)
    soon = list(going(today, until=until, terms=terms)[: MOST + 1])
    held = list(Household.objects.filter(legal_hold=True).order_by("case_number", "pk")[: MOST + 1])
    context = {
        "until": until,
        "soon": soon[:MOST],
        "more_soon": len(soon) > MOST,
        "held": held[:MOST],
        "more_held": len(held) > MOST,
        "terms": [{"words": words, "months": terms.get(kept)} for kept, words in KEPT],
        "page": keyset_page(Destruction.objects.all(), order="-at", params=request.GET),
        "sizes": PAGE_SIZES,
    }
    return render(request, "retention/retention.html", context)


def _household(case_number: str) -> Household:
    return household_of(Household.objects.filter(anonymised_on=None, merged_into=None), case_number)


@may(Right.LEGAL_HOLD)
@require_http_methods(["GET", "POST"])
def legal_hold(request: HttpRequest, case_number: str) -> HttpResponse:
    """Keep one household from going, with a reason (R-63)."""
    household, today = _household(case_number), clock.today()
    form = LegalHoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_legal_hold(
                household=household, reason=form.cleaned_data["reason"], by=request.user, now=clock.now()
            )
            messages.success(request, _("%(number)s is kept until somebody lifts that.") % {"number": case_number})
            return redirect("retention")
        except Refused as refused:
            form.add_error(refused.field, str(refused))
    due = going(today, until=dt.date(2300, 1, 1)).filter(pk=household.pk).first()
    hold = household.holds.filter(lifted_at=None).select_related("set_by").first()
    context = {"household": household, "form": form, "due": due, "hold": hold}
    return render(request, "retention/legal_hold.html", context)


@may(Right.LEGAL_HOLD)
@require_POST
def lift_legal_hold(request: HttpRequest, case_number: str) -> HttpResponse:
    actions.lift_legal_hold(household=_household(case_number), by=request.user, now=clock.now())
    messages.success(request, _("%(number)s is no longer kept beyond its term.") % {"number": case_number})
    return redirect("retention")
