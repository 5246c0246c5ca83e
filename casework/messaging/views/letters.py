"""The doors to letters on paper: what waits, a stack to print and to post (decision 0063)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from casework.core import clock
from casework.core.access import Right, may
from casework.core.models import AuditKind
from casework.core.paging import filtered, stretch
from casework.core.refusals import Refused
from casework.core.typeset import CannotBeTypeset, as_file
from casework.counsellors.models import location_of
from casework.households.views import note_look
from casework.messaging import actions, reads
from casework.messaging.filters import LetterFilter
from casework.messaging.models import LetterBatch, Message
from casework.places.models import Location

LETTER_SORTS = {"due": "due_at", "-due": "-due_at"}


@may(Right.PRINT_LETTERS)
@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """What waits to be printed, the oldest first; the desk starts with its own location."""
    given, choices = request.GET.copy(), LetterFilter.known_choices()
    if place := location_of(request.user) if request.user.role == "desk" else None:
        given.setdefault("location", place.code)
    waiting = Message.objects.visible_to(request.user).to_print().select_related("household__location")
    rows, shown = filtered(lambda params: LetterFilter(params, queryset=waiting, choices=choices), given)
    context = shown | stretch(rows, given, sorts=LETTER_SORTS)
    context |= {
        "rows": reads.with_last_posting_day(context["page"].object_list, clock.today()),
        "stack": min(context["number"], actions.MOST_LETTERS),
        "location": given.get("location", ""),
        "batches": reads.stacks(request.user),
    }
    return render(request, "messaging/letters.html", context)


@may(Right.PRINT_LETTERS)
@require_POST
def print_letters(request: HttpRequest) -> HttpResponse:
    """*Brieven printen*: what waits becomes one stack."""
    code = request.POST.get("location", "")
    place = get_object_or_404(Location, code=code.replace("\x00", "")) if code else None
    try:
        batch = actions.make_batch(location=place, by=request.user, now=clock.now())
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("letters")
    if batch is None:
        messages.warning(request, _("None of these letters can be sent any more. They stand on the call list."))
        return redirect("letters")
    return redirect("letter_batch", pk=batch.pk)


@may(Right.PRINT_LETTERS)
@require_GET
def letter_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One stack: what is in it, what must be taken out of it, and what became of it."""
    batch = _batch(request, pk)
    rows = reads.letters_of(batch)
    context = {
        "batch": batch,
        "rows": [one for one in rows if one.stands],
        "gone": [one for one in rows if not one.stands],
        "can_be_downloaded": any(one.stands and one.text for one in rows),
    }
    return render(request, "messaging/letter_batch.html", context)


@may(Right.PRINT_LETTERS)
@require_GET
def letters_document(request: HttpRequest, pk: int) -> HttpResponse:
    """The letters of a stack that still stand, as one PDF that is made now; each household gets a line (R-92)."""
    batch, now = _batch(request, pk), clock.now()
    rows = [one for one in reads.letters_of(batch) if one.stands and one.text]
    try:
        document = actions.document_of(batch, rows) if rows else None
    except CannotBeTypeset:
        document = None
    if document is None:
        messages.error(request, _("There is no letter in this stack that can be printed."))
        return redirect("letter_batch", pk=batch.pk)
    for one in rows:
        note_look(request, one.household, "print_letter", now=now, kind=AuditKind.EXPORTED, details={"batch": batch.pk})
    return as_file(document, f"etf_brieven_{batch.pk}.pdf")


@may(Right.PRINT_LETTERS)
@require_POST
def post_letters(request: HttpRequest, pk: int) -> HttpResponse:
    """*Gepost*."""
    try:
        actions.post_batch(batch=_batch(request, pk), by=request.user, now=clock.now())
        messages.success(request, _("It is recorded that this stack was posted."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("letter_batch", pk=pk)


@may(Right.PRINT_LETTERS)
@require_POST
def print_again(request: HttpRequest, pk: int) -> HttpResponse:
    """*Niet gelukt, opnieuw*: of one letter, or of the whole stack."""
    batch = _batch(request, pk)
    key = request.POST.get("letter", "")
    try:
        letter = get_object_or_404(batch.letters, pk=_key(key)) if key else None
        number = actions.print_again(batch=batch, letter=letter, by=request.user, now=clock.now())
        words = ngettext("%(number)s letter waits again.", "%(number)s letters wait again.", number)
        messages.success(request, words % {"number": number})
    except Refused as refused:
        messages.error(request, str(refused))
    batch.refresh_from_db()
    return redirect("letter_batch", pk=pk) if batch.is_open else redirect("letters")


def _batch(request: HttpRequest, pk: int) -> LetterBatch:
    rows = LetterBatch.objects.visible_to(request.user).select_related("made_by", "settled_by")
    return get_object_or_404(rows, pk=pk)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
