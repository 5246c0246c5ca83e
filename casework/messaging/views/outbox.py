"""The doors to what goes out: every message with its state, and the call list."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from casework.core import clock
from casework.core.access import Right, may
from casework.core.actions import audit
from casework.core.models import AuditKind, User
from casework.core.paging import filtered, same_place, stretch
from casework.core.refusals import Refused
from casework.counsellors.models import location_of
from casework.households.views import note_look, reason_first
from casework.messaging import actions, reads, texts
from casework.messaging.channels import Malformed, NotifyChannel, NotTheProvider, Receipt, mail_callbacks
from casework.messaging.filters import CallFilter, MessageFilter
from casework.messaging.models import Channel, Message, ReceivedText

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
    context = {
        "silent_since": reads.silent_since(clock.now()),
        "may_print": request.user.may(Right.PRINT_LETTERS),
    }
    context |= shown | stretch(rows, given, sorts={"-due": "-due_at", "due": "due_at"})
    return render(request, "messaging/outbox.html", context)


@may(Right.SEE_OUTBOX)
@require_GET
def message(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One message as it went out, or as it would go out now."""
    row = get_object_or_404(_visible(request.user).select_related("wording", "batch"), pk=pk)
    if stop := reason_first(request, row.household):
        return stop
    note_look(request, row.household, "view_message", now=clock.now())
    is_preview = not row.text
    if is_preview:
        row.channel = row.channel or Channel.SMS
        texts.fill(row, preferred=row.household.language, on=clock.today())
    in_other = is_preview and row.language != row.household.language
    context = {
        "message": row, "is_preview": is_preview, "in_other_language": in_other,
        "may_print": request.user.may(Right.PRINT_LETTERS),
    }  # fmt: skip
    return render(request, "messaging/message.html", context)


@may(Right.SEE_OUTBOX)
@require_GET
def call_list(request: HttpRequest) -> HttpResponse:
    """Whom a person must call because no message could be sent, or nobody knows whether it was (R-39, R-42)."""
    now, given, choices = clock.now(), request.GET.copy(), CallFilter.known_choices()
    if place := location_of(request.user) if request.user.role == "desk" else None:
        given.setdefault("location", place.code)
    waiting = _visible(request.user).to_call()
    rows, shown = filtered(lambda params: CallFilter(params, queryset=waiting, choices=choices), given)
    context = {
        "now": now,
        "results": actions.CallResult.LABELS,
        "silent_since": reads.silent_since(now),
        **reads.strangers(request.user),
    }
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


# What residents send back


@may(Right.SEE_OUTBOX)
@require_GET
def received(request: HttpRequest, pk: int) -> HttpResponse:
    """One text message as it came in, and what it may be an answer to. Each look leaves a line (R-92)."""
    row = get_object_or_404(_received(request.user), pk=pk)
    now = clock.now()
    if row.household is None:
        audit(by=request.user, now=now, action="view_received", on=row, kind=AuditKind.VIEWED)
        return render(request, "messaging/received.html", {"received": row})
    if stop := reason_first(request, row.household):
        return stop
    note_look(request, row.household, "view_received", now=now)
    return render(request, "messaging/received.html", {"received": row, "last_sent": reads.sent_before(row)})


@may(Right.SEE_OUTBOX)
@require_GET
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """From a task to the text message that it is about."""
    return redirect("received", pk=get_object_or_404(_received(request.user), task=pk).pk)


@may(Right.SEE_OUTBOX)
@require_POST
def settle_received(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        row = get_object_or_404(_received(request.user), pk=pk)
        actions.settle_received(received=row, by=request.user, now=clock.now())
        messages.success(request, _("The reply is handled."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("call_list")


def _received(user: User):
    return ReceivedText.objects.visible_to(user).select_related("household", "task__settled_by", "settled_by")


# What the provider calls back: nobody is logged in, and who does not know the token hears nothing


@csrf_exempt
@login_not_required
@require_POST
def notify_receipt(request: HttpRequest) -> HttpResponse:
    """NotifyNL tells what became of a message (R-42)."""
    return called_back(request, Receipt, lambda said: actions.record_receipt(receipt=said, now=clock.now()))


@csrf_exempt
@login_not_required
@require_POST
def mail_receipt(request: HttpRequest) -> HttpResponse:
    """The provider of e-mail tells what became of messages (R-42)."""
    return _answered(lambda: [
        actions.record_receipt(receipt=one, now=clock.now()) for one in mail_callbacks.receipts(request)
    ])  # fmt: skip


@csrf_exempt
@login_not_required
@require_POST
def mail_received(request: HttpRequest) -> HttpResponse:
    """The provider of e-mail hands over replies."""
    now = clock.now()
    return _answered(lambda: [
        actions.note_received(received=one, now=now) for one in mail_callbacks.received(request, now=now)
    ])  # fmt: skip


def called_back(request: HttpRequest, wanted: type, act) -> HttpResponse:
    """204 when it is taken, known already or of no message of ours; 403 without the token; 400 for what is not understood."""

    def take() -> None:
        said = NotifyChannel().parse_webhook(request)
        if not isinstance(said, wanted):
            raise Malformed
        act(said)

    return _answered(take)


def _answered(take) -> HttpResponse:
    try:
        take()
    except NotTheProvider:
        return HttpResponse(status=403)
    except Malformed:
        return HttpResponse(status=400)
    return HttpResponse(status=204)
