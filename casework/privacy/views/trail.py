"""The doors to the audit trail: its lines, one line, what stands out, its export, and who looked (S26)."""

import itertools
from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods

from casework.core import clock, csv
from casework.core.access import Right, may
from casework.core.actions import audit
from casework.core.forms import PurposeForm
from casework.core.models import AuditEntry, AuditKind, User
from casework.core.paging import filtered, stretch
from casework.core.refusals import Refused
from casework.households.models import Household
from casework.privacy import actions, reads
from casework.privacy.filters import LONGEST, AuditFilter, PeriodFilter

# The order of writing, which no two lines share.
_SORTS = {"-at": "-id"}
_AT_ONCE = 1000


def _lines(user: User, asked: QueryDict) -> tuple[QuerySet[AuditEntry], dict]:
    """The lines that an address asks for, of those that this user may see, and the filters as the page shows them."""
    params, people = asked.copy(), list(reads.users_seen_by(user))
    return filtered(lambda data: AuditFilter(data, user=user, people=people), params)


@may(Right.SEE_AUDIT)
@require_GET
def trail(request: HttpRequest) -> HttpResponse:
    """Who looked at what, and who changed what; no content of a case (S26, R-92)."""
    rows, shown = _lines(request.user, request.GET)
    form = shown["filter_form"]
    context = {**shown, "too_long": form.is_too_long, "days": LONGEST.days, "tab": "audit"}
    if not form.is_too_long:
        context |= stretch(rows, request.GET, sorts=_SORTS)
        context["lines"] = reads.for_rows(context["page"].object_list)
    number = form.cleaned_data.get("number", "").strip().upper()
    context["household"] = reads.of_household(number) if number else None
    details = {"filters": sorted(chip["name"] for chip in shown["chips"])}
    audit(by=request.user, now=clock.now(), action="view_audit", on="auditentry:*", kind=AuditKind.VIEWED,
          details=details)  # fmt: skip
    return render(request, "privacy/audit.html", context)


@may(Right.SEE_AUDIT)
@require_GET
def audit_line(request: HttpRequest, pk: int) -> HttpResponse:
    """One line, and which fields it changed. Personal values only for who may see the file itself."""
    entry = get_object_or_404(reads.trail_for(request.user), pk=pk)
    with_content = request.user.may(Right.SEE_DEBT_FILE)
    changes = reads.changes_of(entry, with_content=with_content)
    # Whoever sees what stood in a file looked into that file.
    on = entry.object_key if with_content and changes else f"auditentry:{entry.pk}"
    audit(by=request.user, now=clock.now(), action="view_audit_line", on=on, kind=AuditKind.VIEWED)
    context = {"line": reads.for_rows([entry])[0], "changes": changes, "with_content": with_content}
    return render(request, "privacy/line.html", context)


@may(Right.SEE_AUDIT)
@require_GET
def odd_looks(request: HttpRequest) -> HttpResponse:
    """What stands out, to be asked about: it is no proof of anything (S26, tab Opvallend)."""
    _rows, shown = filtered(PeriodFilter, request.GET.copy())
    form = shown["filter_form"]
    context = {**shown, "too_long": form.is_too_long, "days": LONGEST.days, "tab": "odd", "many": reads.MANY_IN_AN_HOUR}
    if not form.is_too_long:
        people, (first, after) = reads.users_seen_by(request.user), form.moments()
        context |= {
            "without_follow_up": reads.without_follow_up(people, first, after),
            "at_home": reads.at_home(people, first, after),
            "many_at_once": reads.many_at_once(people, first, after),
        }
    audit(by=request.user, now=clock.now(), action="view_odd_looks", on="auditentry:*", kind=AuditKind.VIEWED)
    return render(request, "privacy/odd.html", context)


@may(Right.SEE_AUDIT)
@require_http_methods(["GET", "POST"])
def export_audit(request: HttpRequest) -> HttpResponse:
    """How many lines, and what for; then the file, written while it is sent and kept nowhere (R-94, R-95)."""
    rows, shown = _lines(request.user, request.GET)
    form, number = PurposeForm(request.POST or None), rows.count()
    if request.method == "POST" and form.is_valid():
        try:
            first, last = shown["filter_form"].period()
            actions.note_export(
                what="export_audit", on="auditentry:*", rows=number, purpose=form.cleaned_data["purpose"],
                details={"filters": sorted(chip["name"] for chip in shown["chips"])}, by=request.user, now=clock.now(),
            )  # fmt: skip
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            answer = StreamingHttpResponse(_as_csv(rows), content_type="text/csv; charset=utf-8")
            answer["Content-Disposition"] = f'attachment; filename="{csv.file_name("audit", first, last)}"'
            return answer
    context = {
        "form": form,
        "number": number,
        "chips": shown["chips"],
        "back": f"{reverse('audit')}?{request.GET.urlencode()}",
        "what": _("lines of the audit trail"),
    }
    return render(request, "core/export.html", context)


def _as_csv(rows: QuerySet[AuditEntry]) -> Iterator[str]:
    """In Dutch whatever the language of the page; the oldest line first."""
    with override("nl"):
        header = [_("Time"), _("Who"), _("Role"), _("Kind"), _("Action"), _("About"), _("Reason"), _("Network")]
    yield from csv.stream(header, _cells(rows.order_by("pk")))


def _cells(rows: QuerySet[AuditEntry]) -> Iterator[list]:
    for batch in _batches(rows):
        with override("nl"):
            found = [
                [clock.local(one.entry.at), one.who, one.role, one.entry.get_kind_display(), one.entry.action, one.about,
                 one.reason, one.entry.get_network_display()]
                for one in reads.for_rows(batch)
            ]  # fmt: skip
        yield from found


def _batches(rows: QuerySet[AuditEntry]) -> Iterator[list[AuditEntry]]:
    found = rows.iterator(chunk_size=_AT_ONCE)
    while batch := list(itertools.islice(found, _AT_ONCE)):
        yield batch


@may(Right.SEE_AUDIT)
@require_GET
def who_looked(request: HttpRequest, case_number: str) -> HttpResponse:
    """ "Wie keken in uw dossier": for the resident, on paper; day, role and reason, no name (S26)."""
    household = Household.objects.filter(case_number=case_number, anonymised_on=None).first()
    if household is None:
        raise Http404
    audit(by=request.user, now=clock.now(), action="view_who_looked", on=household, kind=AuditKind.VIEWED)
    context = {"household": household, "looks": reads.looks_at(household), "now": clock.now()}
    return render(request, "privacy/who_looked.html", context)
