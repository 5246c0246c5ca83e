"""The doors to what goes out: every message with its state, and the call list."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
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
from casework.messaging import actions, reads, texts
from casework.messaging.filters import CallFilter, MessageFilter
from casework.messaging.models import Channel, Message

CALL_SORTS = {
    "start": "planned_start", "-start": "-planned_start",
    "name": "household__sort_name", "-name": "-household__sort_name",
}  # fmt: skip


def _visible(user: User):
    """Messages of households that this person may open."""
    return Message.objects.visible_to(user).select_related("household")


@login_not_required
@require_GET
def pumpz(request: HttpRequest) -> JsonResponse:
    """For a watcher: 503 and since when, while nobody looks at the outbox. Apart from `readyz`: pages work on."""
    since = reads.silent_since(clock.now())
    return JsonResponse({"messages": since is None, "silent_since": since}, status=503 if since else 200)


@may(Right.SEE_OUTBOX)
@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    given = request.GET.copy()
    rows, shown = filtered(lambda params: MessageFilter(params, queryset=_visible(request.user)), given)
    context = {"silent_since": reads.silent_since(clock.now())}
    context |= shown | stretch(rows, given, sorts={"-due": "-due_at", "due": "due_at"})
    return render(request, "messaging/outbox.html", context)


@may(Right.SEE_OUTBOX)
@require_GET
def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message as it went out, or as it would go out now."""
    row = get_object_or_404(_visible(request.user), pk=pk)
    if stop := reason_first(request, row.household):
        return stop
    note_look(request, row.household, "view_message", now=clock.now())
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
    now, given, choices = clock.now(), request.GET.copy(), CallFilter.known_choices()
    if place := location_of(request.user) if request.user.role == "desk" else None:
        given.setdefault("location", place.code)
    waiting = _visible(request.user).to_call()
    rows, shown = filtered(lambda params: CallFilter(params, queryset=waiting, choices=choices), given)
    context = {"now": now, "results": actions.CallResult.LABELS, "silent_since": reads.silent_since(now)}
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
