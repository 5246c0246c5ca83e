"""The doors to households: finding, registering, changing, and the reason to look."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from casework.core import clock, values
from casework.core.access import Right, may
from casework.core.actions import audit
from casework.core.models import AuditKind, User
from casework.core.paging import PAGE_SIZES, keyset_page
from casework.core.refusals import Refused
from casework.counsellors.models import location_of
from casework.households import actions
from casework.households.filters import HouseholdFilter
from casework.households.forms import AccessReasonForm, AllocateForm, MemberForm, RegisterForm, ThreatForm
from casework.households.models import Household, Member

SORTS = {"name": "sort_name", "-name": "-sort_name", "registered": "registered_at", "-registered": "-registered_at"}
# Longer than any name with a date and a postcode.
LONGEST_SEARCH = 100


def get_household(user: User, case_number: str) -> Household:
    """A household that this user may see, with what the identity bar shows, or 404."""
    return get_object_or_404(Household.objects.visible_to(user).with_identity(), case_number=case_number)


def typed_text(text: str) -> str:
    """What somebody typed to search, without characters that nobody types."""
    return "".join(ch for ch in text if ch.isprintable()).strip()[:LONGEST_SEARCH]


@may(Right.FIND_HOUSEHOLDS)
@require_GET
def households(request: HttpRequest) -> HttpResponse:
    """The list and the search. A search leaves one line in the audit trail (R-92)."""
    given = request.GET.copy()
    typed = given["q"] = typed_text(given.get("q", ""))
    if not request.GET and hasattr(request.user, "counsellor"):
        given["owner"] = str(request.user.counsellor.pk)
    if not typed:
        given.setdefault("state", HouseholdFilter.OPEN)
    visible = Household.objects.visible_to(request.user)
    rows = visible.select_related("owner__user").prefetch_related("members")
    found = HouseholdFilter(given, queryset=rows, request=request)
    if ignored := list(found.form.errors):
        # an unknown value is left out with a notice, the others still count.
        for name in ignored:
            del given[name]
        found = HouseholdFilter(given, queryset=rows, request=request)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "name"
    page, number = keyset_page(found.qs, order=SORTS[sort], params=request.GET), found.qs.count()
    if typed:
        _note_search(request.user, typed, number)
        if number == 1 and page.object_list and typed.upper() == page.object_list[0].case_number:
            return redirect("household", case_number=page.object_list[0].case_number)
    context = {
        "filter": found, "chips": [chip | {"without": _without(given, chip["name"])} for chip in found.chips()],
        "page": page, "sizes": PAGE_SIZES, "number": number, "total": visible.count(), "typed": typed,
        "ignored": ignored, "sort": sort,
    }  # fmt: skip
    return render(request, "households/list.html", context)


def _note_search(user: User, typed: str, hits: int) -> None:
    """A search for a BSN says so, and never holds it (S05, R-54)."""
    kept = values.hide_bsns(typed)
    action = "search_households" if kept == typed else "search_bsn"
    audit(by=user, now=clock.now(), action=action, on="household:*", kind=AuditKind.SEARCHED, reason=kept,
          details={"hits": hits})  # fmt: skip


def _without(given, name: str) -> str:
    """The address of the list without one filter. An empty value stays in it: no value means the usual choice."""
    params = given.copy()
    for gone in ("before", "after"):
        params.pop(gone, None)
    params[name] = ""
    return "?" + params.urlencode()


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def register_household(request: HttpRequest) -> HttpResponse:
    """Register (S06); somebody very alike interrupts, and nothing typed is lost (R-52)."""
    form = RegisterForm(request.POST or None, initial=RegisterForm.read(typed_text(request.GET.get("typed", ""))))
    context = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.register_household(
                client=form.client(),
                contact=form.contact(),
                location=location_of(request.user),
                came_through=form.cleaned_data["came_through"],
                threats=form.new_threats(),
                others=form.others(),
                duplicate_reason=form.cleaned_data["duplicate_reason"],
                form_token=form.cleaned_data["token"],
                by=request.user,
                now=clock.now(),
            )
        except actions.PossibleDuplicate as refused:
            if request.POST.get("asked"):
                form.add_error("duplicate_reason", _("Write why this is somebody else."))
            context["candidates"] = form.compared(refused.candidates)
            return render(request, "households/possible_duplicate.html", context)
        except Refused as refused:
            context["known"] = getattr(refused, "household", None)
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, _("%(name)s is registered.") % {"name": made})
            _note_alike(request, form, made)
            return redirect("book" if "book" in request.POST else "household", case_number=made.case_number)
    return render(request, "households/register.html", context)


def _note_alike(request: HttpRequest, form: RegisterForm, made: Household) -> None:
    """The same number or address is only worth a note (R-52)."""
    found = actions.find_duplicates(client=form.client(), contact=form.contact())
    for other in found.noted:
        if other.pk != made.pk:
            messages.warning(
                request, _("The same telephone number or address: %(number)s.") % {"number": other.case_number}
            )


@may(Right.SEE_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def access_reason(request: HttpRequest, case_number: str) -> HttpResponse:
    """R-91: a household outside the own caseload opens after a reason."""
    household, now = get_household(request.user, case_number), clock.now()
    if not actions.needs_reason(user=request.user, household=household, now=now):
        return redirect("household", case_number=household.case_number)
    form = AccessReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_access_reason(
                user=request.user, household=household, kind=form.cleaned_data["kind"],
                text=form.cleaned_data["text"], now=now,
            )  # fmt: skip
            return redirect("household", case_number=household.case_number)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
    return render(request, "households/access_reason.html", {"form": form, "household": household})


@may(Right.SEE_BSN)
@require_POST
def show_bsn(request: HttpRequest, case_number: str, pk: int) -> HttpResponse:
    """One BSN, once, on demand, with a line of its own in the audit trail (R-54, R-92)."""
    household = get_household(request.user, case_number)
    now = clock.now()
    if actions.needs_reason(user=request.user, household=household, now=now):
        return redirect("access_reason", case_number=case_number)
    member = get_object_or_404(Member.objects.filter(household=household).exclude(bsn=""), pk=pk)
    details = {"member": member.pk}
    audit(by=request.user, now=now, action="show_bsn", on=household, kind=AuditKind.BSN_SHOWN, details=details)
    return render(request, "households/bsn.html", {"household": household, "member": member})


def _changing(request: HttpRequest, case_number: str, form_class, template: str, save) -> HttpResponse:
    """One form about one household: who must first give a reason goes there, a refusal stands in the form."""
    household, now = get_household(request.user, case_number), clock.now()
    if actions.needs_reason(user=request.user, household=household, now=now):
        return redirect("access_reason", case_number=case_number)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, save(household, form, now))
            return redirect("household", case_number=case_number)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
    return render(request, template, {"household": household, "form": form})


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def add_member(request: HttpRequest, case_number: str) -> HttpResponse:
    def save(household, form, now):
        made = actions.add_member(household=household, person=form.person(), by=request.user, now=now)
        return _("%(name)s is added.") % {"name": made}

    return _changing(request, case_number, MemberForm, "households/add_member.html", save)


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def record_threat(request: HttpRequest, case_number: str) -> HttpResponse:
    def save(household, form, now):
        actions.record_threat(household=household, by=request.user, now=now, **form.cleaned_data)
        return _("What threatens is recorded.")

    return _changing(request, case_number, ThreatForm, "households/record_threat.html", save)


@may(Right.ALLOCATE)
@require_http_methods(["GET", "POST"])
def allocate_household(request: HttpRequest, case_number: str) -> HttpResponse:
    """A household without a counsellor gets one (S04, R-60)."""

    def save(household, form, now):
        owner = form.cleaned_data["owner"]
        actions.allocate_household(household=household, owner=owner, by=request.user, now=now)
        return _("This household now belongs to %(name)s.") % {"name": owner}

    return _changing(request, case_number, AllocateForm, "households/allocate.html", save)
