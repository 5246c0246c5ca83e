"""Which household an address is about, and the question that stands before it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode

from casework.core import clock
from casework.core.models import User
from casework.households import actions
from casework.households.models import Household


def get_household(user: User, case_number: str) -> Household:
    """A household that this user may see, with what the identity bar shows, or 404."""
    return get_object_or_404(Household.objects.visible_to(user).with_identity(), case_number=case_number)


def reason_first(request: HttpRequest, household: Household) -> HttpResponse | None:
    """The way to the question why, when this person must answer it before this page (R-91); it leads back here."""
    if not actions.needs_reason(user=request.user, household=household, now=clock.now()):
        return None
    question = reverse("access_reason", args=[household.case_number])
    back = reverse("household", args=[household.case_number])
    if request.method != "GET" or request.path == back:
        return redirect(question)
    return redirect(f"{question}?{urlencode({'next': request.path})}")
