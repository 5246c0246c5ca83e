"""Whom we missed, and what is done about it (S12)."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.appointments import actions
from casework.appointments.filters import FollowUpFilter
from casework.appointments.forms import FollowUpContactForm, FollowUpEndForm
from casework.appointments.models import Appointment, AppointmentType, FollowUp, TypeChannel
from casework.core import clock
from casework.core.access import Right, may
from casework.core.models import AuditKind, User
from casework.core.paging import filtered, stretch
from casework.core.refusals import Refused
from casework.core.thresholds import Threshold
from casework.core.typeset import CannotBeTypeset, Letter, as_file, pdf_of
from casework.counsellors.models import location_of
from casework.households.models import AttemptKind, AttemptResult, ContactAttempt
from casework.households.views import note_look, reason_first
from casework.messaging import texts
from casework.messaging.models import Message, MessageKind, TextForm

FOLLOW_UP_SORTS = {
    "rank": "rank", "due": "due_on", "-due": "-due_on", "missed": "appointment__starts_at",
    "-missed": "-appointment__starts_at", "name": "appointment__household__sort_name",
    "-name": "-appointment__household__sort_name", "row": "in_a_row", "-row": "-in_a_row",
}  # fmt: skip
# What comes of a call, in the words of the buttons.
CALL_RESULTS = (
    (AttemptResult.SPOKEN.value, gettext_lazy("Spoken")), (AttemptResult.VOICEMAIL.value, gettext_lazy("Voicemail")),
    (AttemptResult.NO_ANSWER.value, gettext_lazy("No answer")),
)  # fmt: skip


def _visible(user: User):
    return FollowUp.objects.visible_to(user).for_list()


def _with_usual_filters(request: HttpRequest) -> QueryDict:
    """A counsellor starts with the own ones, the desk with its location; both can be taken away."""
    given = request.GET.copy()
    if hasattr(request.user, "counsellor"):
        given.setdefault("owner", str(request.user.counsellor.pk))
    elif place := location_of(request.user) if request.user.role == "desk" else None:
        given.setdefault("location", place.code)
    return given


@may(Right.FOLLOW_UP)
@require_GET
def follow_ups(request: HttpRequest) -> HttpResponse:
    """Missed appointments that are still open: urgent first, then how often in a row, then the oldest (S12)."""
    given, choices = _with_usual_filters(request), FollowUpFilter.known_choices()
    ranked = _visible(request.user).ranked()
    found, shown = filtered(lambda params: FollowUpFilter(params, queryset=ranked.open(), choices=choices), given)
    context = shown | stretch(found, given, sorts=FOLLOW_UP_SORTS, anchors=FollowUp.objects.ranked())
    home = AppointmentType.objects.filter(active=True, channel=TypeChannel.HOME).order_by("name", "pk").first()
    context |= {
        "rows": _rows(context["page"].object_list),
        "results": CALL_RESULTS,
        "handled": _handled(request),
        "home_visit": home,
        "may_see_returned": request.user.may(Right.SEE_FIGURES),
        "today": clock.today(),
        "here": request.GET.urlencode(),
    }
    return render(request, "appointments/follow_ups.html", context)


def _rows(items: list[FollowUp]) -> list[dict]:
    """The items with their last contact and what is planned. Two queries."""
    homes = [one.appointment.household_id for one in items]
    contacts = ContactAttempt.objects.filter(household__in=homes).order_by("household_id", "-at", "-pk")
    last = {one.household_id: one for one in contacts.distinct("household_id")}
    standing = Appointment.objects.standing(clock.now()).filter(household__in=homes)
    planned = {
        one.household_id: one for one in standing.order_by("household_id", "starts_at", "pk").distinct("household_id")
    }
    following = [one.pk for one in items[1:]] + [None]
    today, risk = clock.today(), Threshold.DROP_OUT_RISK_FROM.number(clock.now())
    return [
        {
            "item": one,
            "token": uuid.uuid4(),
            "next": after,
            "days_ago": (today - clock.local_date(one.appointment.starts_at)).days,
            "at_risk": one.in_a_row >= risk,
            "last": last.get(one.appointment.household_id),
            "planned": planned.get(one.appointment.household_id),
        }
        for one, after in zip(items, following, strict=False)
    ]


def _handled(request: HttpRequest) -> dict | None:
    """The row that a colleague closed while somebody had it on screen: grey, with by whom (S12)."""
    key = request.GET.get("handled", "")
    row = _visible(request.user).filter(pk=key).first() if key.isascii() and key.isdigit() and len(key) < 18 else None
    return {"item": row, "by": actions.handled_by(row)} if row and not row.is_open else None


def _back(request: HttpRequest, *, handled: int | None = None) -> HttpResponse:
    """Back to the same stretch of the list, with the focus on the row after the one that was done."""
    asked = QueryDict(request.POST.get("back", ""), mutable=True)
    asked.pop("handled", None)
    if handled:
        asked["handled"] = handled
    following = request.POST.get("following", "")
    spot = f"#row-{following}" if following.isascii() and following.isdigit() else ""
    return redirect(reverse("follow_ups") + (f"?{asked.urlencode()}" if asked else "") + spot)


def _one(request: HttpRequest, pk: int) -> FollowUp:
    return get_object_or_404(_visible(request.user).select_related("appointment__household__location"), pk=pk)


@may(Right.FOLLOW_UP)
@require_POST
def log_follow_up_call(request: HttpRequest, pk: int) -> HttpResponse:
    """*Gebeld*: spoken, voicemail or no answer."""
    row = _one(request, pk)
    if stop := reason_first(request, row.household):
        return stop
    form = FollowUpContactForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Open this page again."))
        return _back(request)
    return _log(request, row, form, kind=AttemptKind.PHONE, said=_("The call to %(name)s is recorded."))


def _log(request: HttpRequest, row: FollowUp, form: FollowUpContactForm, *, kind: str, said: str) -> HttpResponse:
    asked = form.cleaned_data
    try:
        actions.log_follow_up_contact(
            follow_up=row, kind=kind, result=asked["result"], version=asked["version"], form_token=asked["token"],
            by=request.user, now=clock.now(),
        )  # fmt: skip
        messages.success(request, said % {"name": row.household})
    except actions.HandledMeanwhile as refused:
        messages.error(request, str(refused))
        return _back(request, handled=row.pk)
    except Refused as refused:
        messages.error(request, str(refused))
    return _back(request)


def _open_or_back(request: HttpRequest, row: FollowUp) -> HttpResponse | None:
    """The way elsewhere, when this page is not to be shown; opening it leaves a line (R-91, R-92)."""
    if stop := reason_first(request, row.household):
        return stop
    if request.method == "GET" and not row.is_open:
        messages.error(request, actions.handled_by(row))
        return _back(request, handled=row.pk)
    if request.method == "GET":
        note_look(request, row.household, "view_follow_up", now=clock.now())
    return None


@may(Right.FOLLOW_UP)
@require_http_methods(["GET", "POST"])
def follow_up_letter(request: HttpRequest, pk: int) -> HttpResponse:
    """*Brief*: the letter to print, in the words that are approved (R-40), and the button that says it was sent."""
    row = _one(request, pk)
    if stop := _open_or_back(request, row):
        return stop
    form = FollowUpContactForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        return _log(request, row, form, kind=AttemptKind.LETTER, said=_("The letter to %(name)s is recorded."))
    missed = Message(
        kind=MessageKind.MISSED, planned_start=row.appointment.starts_at, facts=actions.message_facts(row.appointment)
    )
    letter = texts.words(missed, form=TextForm.LETTER, preferred=row.household.language, on=clock.today())
    if request.GET.get("format") == "pdf":
        return _as_pdf(request, row, letter)
    context = {
        "item": row, "form": form, "letter": letter, "today": clock.today(), "result": AttemptResult.LEFT.value,
        "back": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "appointments/follow_up_letter.html", context)


def _as_pdf(request: HttpRequest, row: FollowUp, letter: texts.Words) -> HttpResponse:
    """The letter for an envelope with a window; without an address for one that somebody writes on."""
    address = row.household.postal_lines or (str(row.household),)
    made = Letter(language=letter.language, address=address, subject=letter.subject, text=letter.text)
    try:
        document = pdf_of([made], title=letter.subject, language=letter.language, on=clock.today())
    except CannotBeTypeset:
        messages.error(request, _("This name or address cannot be put on paper. Print the page instead."))
        return redirect("follow_up_letter", pk=row.pk)
    note_look(request, row.household, "print_letter", now=clock.now(), kind=AuditKind.EXPORTED)
    return as_file(document, f"etf_brief_{row.pk}.pdf")


@may(Right.FOLLOW_UP)
@require_http_methods(["GET", "POST"])
def end_follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """*Niet nodig*, with the reason."""
    row = _one(request, pk)
    if stop := _open_or_back(request, row):
        return stop
    form = FollowUpEndForm(request.POST or None, initial={"version": row.version})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        try:
            actions.end_follow_up(
                follow_up=row, why=asked["why"], version=asked["version"], by=request.user, now=clock.now()
            )
            messages.success(request, _("%(name)s is no longer on the list.") % {"name": row.household})
            return _back(request)
        except actions.HandledMeanwhile as refused:
            messages.error(request, str(refused))
            return _back(request, handled=row.pk)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    context = {"item": row, "form": form, "back": request.POST.get("back", request.GET.urlencode())}
    return render(request, "appointments/follow_up_end.html", context)
