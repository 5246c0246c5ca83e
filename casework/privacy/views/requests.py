"""The doors to what residents ask about their own data: recording, the list with its terms, answering, the copy (R-64)."""

import io
import json
import zipfile

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods

from casework.core import clock
from casework.core.access import Right, may
from casework.core.forms import PurposeForm
from casework.core.refusals import Refused
from casework.households.views import get_household, reason_first
from casework.privacy import actions, reads
from casework.privacy.forms import AnswerForm, DataRequestForm
from casework.privacy.models import DataRequest

_MOST = 100
# Of the files in a copy.
_NAME = "gegevens"


def _refuse(form, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def add_data_request(request: HttpRequest, case_number: str) -> HttpResponse:
    """A resident asks to see their data, or to have them removed; whoever helps them notes it (R-64)."""
    household, now = get_household(request.user, case_number), clock.now()
    if stop := reason_first(request, household):
        return stop
    form = DataRequestForm(request.POST or None, household=household)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = actions.record_request(
                household=household, member=data["member"], kind=data["kind"], received_on=data["received_on"],
                form_token=data["token"], by=request.user, now=now,
            )  # fmt: skip
            said = _("The request is recorded. It must be answered by %(date)s; supervisor and privacy officer see it.")
            messages.success(request, said % {"date": f"{made.due_on:%d-%m-%Y}"})
            return redirect("household", case_number=case_number)
        except Refused as refused:
            _refuse(form, refused)
    title, button = _("Request about own data"), _("Record this request")
    context = {"household": household, "form": form, "theirs": [], "title": title, "button": button}
    return render(request, "households/part.html", context)


@may(Right.ANSWER_REQUESTS)
@require_GET
def data_requests(request: HttpRequest) -> HttpResponse:
    """What must be answered, by when, the first one on top; and what was answered last."""
    rows = DataRequest.objects.with_household()
    context = {
        "open": rows.open().order_by("due_on", "pk")[:_MOST],
        "answered": rows.exclude(done_on=None).order_by("-done_on", "-pk")[:_MOST],
        "today": clock.today(),
        "may_export": request.user.may(Right.EXPORT_PERSONAL),
        "tab": "requests",
    }
    return render(request, "privacy/requests.html", context)


@may(Right.ANSWER_REQUESTS)
@require_http_methods(["GET", "POST"])
def answer_data_request(request: HttpRequest, pk: int) -> HttpResponse:
    """Note how a request was answered."""
    row = get_object_or_404(DataRequest.objects.with_household(), pk=pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer_request(request=row, by=request.user, now=clock.now(), **form.cleaned_data)
            messages.success(request, _("The answer is recorded."))
            return redirect("data_requests")
        except Refused as refused:
            _refuse(form, refused)
    return render(request, "privacy/answer.html", {"row": row, "form": form})


@may(Right.EXPORT_PERSONAL)
@require_http_methods(["GET", "POST"])
def export_inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """All data of the household for the resident who asked: how many rows, what for, then one file kept nowhere."""
    row, now = get_object_or_404(DataRequest.objects.with_household(), pk=pk), clock.now()
    with override("nl"):
        sections = reads.everything_about(row.household, asker=row.member)
    form, number = PurposeForm(request.POST or None), sum(len(one["rows"]) for one in sections)
    if request.method == "POST" and form.is_valid():
        try:
            actions.note_export(
                what="export_inspection", on=row.household, rows=number, purpose=form.cleaned_data["purpose"],
                details={"request": row.pk}, by=request.user, now=now,
            )  # fmt: skip
        except Refused as refused:
            _refuse(form, refused)
        else:
            answer = HttpResponse(_as_zip(row, sections, now), content_type="application/zip")
            name = f"etf_inzage_{row.household.case_number}_{clock.today():%Y-%m-%d}.zip"
            answer["Content-Disposition"] = f'attachment; filename="{name}"'
            return answer
    context = {
        "form": form,
        "number": number,
        "chips": [],
        "back": reverse("data_requests"),
        "what": _("rows about this household"),
    }
    return render(request, "core/export.html", context)


def _as_zip(row: DataRequest, sections: list[dict], now) -> bytes:
    """The same data twice: to read and print, and for a machine. In Dutch whatever the language of the page."""
    with override("nl"):
        looks = reads.looks_at(row.household)
        page = render_to_string(
            "privacy/inspection.html", {"row": row, "sections": sections, "looks": looks, "now": now}
        )
    data = {
        "huishouden": row.household.case_number,
        "gemaakt": f"{clock.local(now):%Y-%m-%d %H:%M}",
        "gegevens": {one["model"]: [dict(fields) for fields in one["rows"]] for one in sections},
        "wie_keken": [{"datum": f"{one.on}", "rol": one.role, "wat": one.what, "reden": one.reason} for one in looks],
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(f"{_NAME}.html", page)
        made.writestr(f"{_NAME}.json", json.dumps(data, ensure_ascii=False, indent=2))
    return out.getvalue()
