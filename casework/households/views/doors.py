"""Which household an address is about; the number of a merged one leads to the household it went into (R-53).

And the question that stands before it (R-91).
"""

import datetime as dt

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from casework.core import clock
from casework.core.actions import audit
from casework.core.models import AuditKind, User
from casework.households import actions
from casework.households.models import Household


class MergedAway(Http404):
    """The number belongs to a household that was merged into `household`."""

    def __init__(self, household: Household):
        super().__init__()
        self.household = household


def get_household(user: User, case_number: str) -> Household:
    """A household that this user may see, with what the identity bar shows, or 404."""
    return household_of(Household.objects.visible_to(user).with_identity(), case_number)


def household_of(rows: QuerySet[Household], case_number: str) -> Household:
    """The one of these rows with that number, or 404. Raises MergedAway for a number that was merged into one."""
    if found := rows.filter(case_number=case_number).first():
        return found
    if survivor := rows.filter(merged_here__case_number=case_number).first():
        raise MergedAway(survivor)
    raise Http404


def reason_first(request: HttpRequest, household: Household) -> HttpResponse | None:
    """The way to the question why, when this person must answer it before this page (R-91); it leads back here."""
    if not actions.needs_reason(user=request.user, household=household, now=clock.now()):
        return None
    question = reverse("access_reason", args=[household.case_number])
    back = reverse("household", args=[household.case_number])
    if request.method != "GET" or request.path == back:
        return redirect(question)
    return redirect(f"{question}?{urlencode({'next': request.path})}")


def note_look(
    request: HttpRequest, household: Household, action: str, *, now: dt.datetime, kind: AuditKind = AuditKind.VIEWED,
    details: dict | None = None,
) -> None:  # fmt: skip
    """One line for a look at a household, with the reason that stands for it today (R-91, R-92). May query once more."""
    reason = actions.reason_today(user=request.user, household=household, now=now)
    audit(by=request.user, now=now, action=action, on=household, kind=kind, reason=reason, details=details)


class MergedHouseholds:
    """Whoever asks for the old number is sent on to the same page of the household that stayed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, MergedAway):
            return None
        number = exception.household.case_number
        messages.info(request, _("This number was merged: the household is now %(number)s.") % {"number": number})
        match = request.resolver_match
        if request.method != "GET" or match.url_name == "show_bsn":
            return redirect("household", case_number=number)
        address = reverse(match.view_name, kwargs=match.kwargs | {"case_number": number})
        query = request.META.get("QUERY_STRING")
        return redirect(f"{address}?{query}" if query else address)
