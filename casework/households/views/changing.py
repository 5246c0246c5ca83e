"""Forms about one household, and about one row of it."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from casework.core import clock
from casework.core.access import Right, may
from casework.core.forms import hold_both
from casework.core.refusals import ChangedMeanwhile, Refused
from casework.households import actions
from casework.households.forms import ChangeMemberForm, MemberForm, ThreatForm
from casework.households.models import Household, Member, Threat
from casework.households.views.doors import get_household, note_look, reason_first


def form_about_household(
    request: HttpRequest, case_number: str, make_form: Callable, template: str, save: Callable, **context
) -> HttpResponse:
    """One form about one household: who must first give a reason goes there, a refusal stands in the form.

    `make_form` is the form class, or takes its data and the household as `household`.
    """
    household, now = get_household(request.user, case_number), clock.now()
    if stop := reason_first(request, household):
        return stop
    needs_household = "household" in context.pop("form_wants", ())
    form = make_form(request.POST or None, **({"household": household} if needs_household else {}))
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, save(household, form, now))
            return redirect("household", case_number=case_number)
        except Refused as refused:
            refuse(form, refused)
    return render(request, template, {"household": household, "form": form, "theirs": [], **context})


def change_part(
    request: HttpRequest, case_number: str, model: type, pk: int, form_class: type, save: Callable, **context
) -> HttpResponse:
    """Change one row of a household. A colleague's change meanwhile is shown beside one's own (R-19)."""
    household, now = get_household(request.user, case_number), clock.now()
    if stop := reason_first(request, household):
        return stop
    row = get_object_or_404(model, pk=pk, household=household)
    if request.method == "GET":
        action = f"view_{model._meta.model_name}"
        note_look(request, household, action, now=now)
    form = form_class(request.POST or None, initial=form_class.of(row))
    theirs = []
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, save(row, form, now))
            return redirect("household", case_number=case_number)
        except ChangedMeanwhile as refused:
            stands = getattr(form_class, "stands", form_class.of)
            theirs = hold_both(form, refused, stands(refused.current))
        except Refused as refused:
            refuse(form, refused)
    context |= {"household": household, "form": form, "theirs": theirs, "row": row}
    return render(request, "households/part.html", context)


def refuse(form, refused: Refused) -> None:
    form.add_error(refused.field if refused.field in form.fields else None, str(refused))


def act_on_part(request: HttpRequest, case_number: str, model: type, pk: int, act: Callable) -> HttpResponse:
    """One button about one row of a household; back to its page with what was done."""
    household: Household = get_household(request.user, case_number)
    now = clock.now()
    if stop := reason_first(request, household):
        return stop
    row = get_object_or_404(model, pk=pk, household=household)
    messages.success(request, act(row, now))
    return redirect("household", case_number=case_number)


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def add_member(request: HttpRequest, case_number: str) -> HttpResponse:
    def save(household, form, now):
        token = form.cleaned_data["token"]
        made = actions.add_member(household=household, person=form.person(), form_token=token, by=request.user, now=now)
        return _("%(name)s is added.") % {"name": made}

    return form_about_household(request, case_number, MemberForm, "households/add_member.html", save)


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def change_member(request: HttpRequest, case_number: str, pk: int) -> HttpResponse:
    def save(row, form, now):
        actions.change_member(
            member=row, values=form.values(), bsn=form.new_bsn(), version=form.cleaned_data["version"],
            by=request.user, now=now,
        )  # fmt: skip
        return _("The details of this person are saved.")

    return change_part(
        request,
        case_number,
        Member,
        pk,
        ChangeMemberForm,
        save,
        title=_("Change a member"),
        button=_("Save this member"),
    )


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def record_threat(request: HttpRequest, case_number: str) -> HttpResponse:
    def save(household, form, now):
        data = form.cleaned_data
        actions.record_threat(
            household=household, kind=data["kind"], happens_on=data["happens_on"], form_token=data["token"],
            by=request.user, now=now,
        )  # fmt: skip
        return _("What threatens is recorded.")

    return form_about_household(request, case_number, ThreatForm, "households/record_threat.html", save)


@may(Right.REGISTER_HOUSEHOLD)
@require_POST
def end_threat(request: HttpRequest, case_number: str, pk: int) -> HttpResponse:
    def act(row, now):
        actions.end_threat(threat=row, by=request.user, now=now)
        return _("%(threat)s no longer threatens. The term goes on.") % {"threat": row}

    return act_on_part(request, case_number, Threat, pk, act)
