"""The partner's own door. Nothing else of ETF exists for a partner (R-72)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from casework.core.access import Right, may


@may(Right.REFERRAL_INBOX)
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    membership = getattr(request.user, "membership", None)
    return render(request, "partners/inbox.html", {"organisation": membership.organisation if membership else None})
