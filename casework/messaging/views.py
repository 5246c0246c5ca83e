"""The doors to what goes out: every message with its state, and the call list."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from casework.core import clock
from casework.core.access import Right, may
from casework.core.actions import audit
from casework.core.models import AuditKind, User
from casework.core.paging import PAGE_SIZES, keyset_page, without
from casework.core.refusals import Refused
from casework.counsellors.models import location_of
from casework.households.views import reason_first
from casework.messaging import actions, texts
from casework.messaging.filters import MessageFilter
from casework.messaging.models import Channel, Message


def _visible(user: User):
    """Messages of households that this person may open."""
    return Message.objects.visible_to(user).select_related("household")


@may(Right.SEE_OUTBOX)
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    given = request.GET.copy()
    rows = _visible(request.user).order_by("-due_at", "-id")
    found = MessageFilter(given, queryset=rows)
    ignored = list(found.form.errors)
    for name in ignored:
        del given[name]
    if ignored:
        found = MessageFilter(given, queryset=rows)
    context = {
        "filter": found,
        "chips": [chip | {"without": without(given, chip["name"])} for chip in found.form.chips()],
        "page": keyset_page(found.qs, order="-due_at", params=given),
        "number": found.qs.count(),
        "sizes": PAGE_SIZES,
        "ignored": ignored,
    }
    return render(request, "messaging/outbox.html", context)


@may(Right.SEE_OUTBOX)
@require_GET
def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message as it went out, or as it would go out now."""
    row = get_object_or_404(_visible(request.user), pk=pk)
    if stop := reason_first(request, row.household):
        return stop
    audit(by=request.user, now=clock.now(), action="view_message", on=row.household, kind=AuditKind.VIEWED)
    is_preview = not row.text
    if is_preview:
        row.language = texts.language_for(row.household.language)
        row.channel = row.channel or Channel.SMS
        texts.fill(row)
    return render(request, "messaging/message.html", {"message": row, "is_preview": is_preview})


@may(Right.SEE_OUTBOX)
@require_GET
def call_list(request: HttpRequest) -> HttpResponse:
    """Whom a person must call because no message could be sent, or nobody knows whether it was (R-39, R-42)."""
    rows = _visible(request.user).to_call()
    place = location_of(request.user) if request.user.role == "desk" else None
    if place:
        rows = rows.filter(household__location=place)
    context = {
        "page": keyset_page(rows, order="planned_start", params=request.GET),
        "number": rows.count(),
        "sizes": PAGE_SIZES,
        "now": clock.now(),
        "results": actions.CallResult.LABELS,
    }
    return render(request, "messaging/call_list.html", context)


@may(Right.SEE_OUTBOX)
@require_POST
def settle_call(request: HttpRequest, pk: UUID) -> HttpResponse:
    row = get_object_or_404(_visible(request.user), pk=pk)
    if stop := reason_first(request, row.household):
        return stop
    try:
        actions.settle_call(message=row, result=request.POST.get("result", ""), by=request.user, now=clock.now())
        messages.success(request, _("The call is recorded."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("call_list")
