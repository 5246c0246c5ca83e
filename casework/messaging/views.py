"""The doors to what goes out: every message with its state, and the call list."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from casework.core import clock
from casework.core.access import Right, may
from casework.core.models import User
from casework.core.paging import filtered, same_place, stretch
from casework.core.refusals import Refused
from casework.counsellors.models import location_of
from casework.households.views import note_look, reason_first
from casework.messaging import actions, texts
from casework.messaging.filters import CallFilter, MessageFilter
from casework.messaging.models import Channel, Message

CALL_SORTS = {
    "start": "planned_start", "-start": "-planned_start",
    "name": "household__sort_name", "-name": "-household__sort_name",
}  # fmt: skip


def _visible(user: User):
    """Messages of households that this person may open."""
    return Message.objects.visible_to(user).select_related("household")


@may(Right.SEE_OUTBOX)
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    given = request.GET.copy()
    rows, shown = filtered(lambda params: MessageFilter(params, queryset=_visible(request.user)), given)
    context = shown | stretch(rows, given, sorts={"-due": "-due_at", "due": "due_at"})
    return render(request, "messaging/outbox.html", context)


@may(Right.SEE_OUTBOX)
@require_GET
def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message as it went out, or as it would go out now."""
    row = get_object_or_404(_visible(request.user).select_related("wording"), pk=pk)
    if stop := reason_first(request, row.household):
        return stop
    note_look(request, row.household, "view_message", now=clock.now())
    is_preview = not row.text
    if is_preview:
        row.channel = row.channel or Channel.SMS
        texts.fill(row, preferred=row.household.language, on=clock.today())
    in_other = is_preview and row.language != row.household.language
    return render(
        request, "messaging/message.html", {"message": row, "is_preview": is_preview, "in_other_language": in_other}
    )


@may(Right.SEE_OUTBOX)
@require_GET
def call_list(request: HttpRequest) -> HttpResponse:
    """Whom a person must call because no message could be sent, or nobody knows whether it was (R-39, R-42)."""
    given, choices = request.GET.copy(), CallFilter.known_choices()
    if place := location_of(request.user) if request.user.role == "desk" else None:
        given.setdefault("location", place.code)
    waiting = _visible(request.user).to_call()
    rows, shown = filtered(lambda params: CallFilter(params, queryset=waiting, choices=choices), given)
    context = {"now": clock.now(), "results": actions.CallResult.LABELS}
    context |= shown | stretch(rows, given, sorts=CALL_SORTS)
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
    return same_place("call_list", request.POST.get("back", ""))
