"""The doors to what stands around a household: answers, agreements, life events, helpers, programmes, notes (S07)."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from casework.core.access import Right, may
from casework.households import actions
from casework.households.forms import (
    AgreementForm,
    ChangeHelperForm,
    ChangeLifeEventForm,
    ChangeProgrammeForm,
    ConsentForm,
    ContactAttemptForm,
    HelperForm,
    LifeEventForm,
    NoteForm,
    ProgrammeForm,
)
from casework.households.models import Agreement, Helper, LifeEvent, ProgrammeLabel
from casework.households.views.changing import act_on_part, change_part, form_about_household

_PAGE = "households/part.html"


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def add_consent(request: HttpRequest, case_number: str) -> HttpResponse:
    """An answer to "may we reach you this way?" (domain.md 4.2)."""

    def save(household, form, now):
        actions.record_consent(household=household, by=request.user, now=now, **form.values())
        return _("The answer is recorded.")

    title, button = _("How may we reach you?"), _("Record this answer")
    return form_about_household(request, case_number, ConsentForm, _PAGE, save, title=title, button=button)


@may(Right.KEEP_RECORD)
@require_http_methods(["GET", "POST"])
def add_agreement(request: HttpRequest, case_number: str) -> HttpResponse:
    """What a resident agreed that we share (R-70)."""

    def save(household, form, now):
        token = form.cleaned_data["token"]
        actions.give_agreement(
            household=household, agreement=form.agreement(), form_token=token, by=request.user, now=now
        )
        return _("The agreement is recorded.")

    title, button = _("Record an agreement"), _("Record this agreement")
    return form_about_household(
        request, case_number, AgreementForm, _PAGE, save, title=title, button=button, form_wants=("household",)
    )


@may(Right.KEEP_RECORD)
@require_POST
def withdraw_agreement(request: HttpRequest, case_number: str, pk: int) -> HttpResponse:
    """It counts from this second (R-73)."""

    def act(row, now):
        actions.withdraw_agreement(agreement=row, by=request.user, now=now)
        return _("The agreement with %(whom)s is withdrawn. From now on we share nothing more.") % {"whom": row.whom}

    return act_on_part(request, case_number, Agreement, pk, act)


@may(Right.KEEP_RECORD)
@require_http_methods(["GET", "POST"])
def add_life_event(request: HttpRequest, case_number: str) -> HttpResponse:
    def save(household, form, now):
        data = form.cleaned_data
        actions.add_life_event(
            household=household, values=form.values(), checked=data["checked"], form_token=data["token"],
            by=request.user, now=now,
        )  # fmt: skip
        return _("The life event is recorded.")

    title, button = _("Record a life event"), _("Record this life event")
    return form_about_household(request, case_number, LifeEventForm, _PAGE, save, title=title, button=button)


@may(Right.KEEP_RECORD)
@require_http_methods(["GET", "POST"])
def change_life_event(request: HttpRequest, case_number: str, pk: int) -> HttpResponse:
    def save(row, form, now):
        data = form.cleaned_data
        actions.change_life_event(
            event=row, values=form.values(), checked=data["checked"], version=data["version"], by=request.user, now=now
        )
        return _("The life event is saved.")

    title, button = _("Change a life event"), _("Save this life event")
    return change_part(request, case_number, LifeEvent, pk, ChangeLifeEventForm, save, title=title, button=button)


@may(Right.KEEP_RECORD)
@require_http_methods(["GET", "POST"])
def add_helper(request: HttpRequest, case_number: str) -> HttpResponse:
    def save(household, form, now):
        token = form.cleaned_data["token"]
        actions.add_helper(household=household, values=form.values(), form_token=token, by=request.user, now=now)
        return _("The other helper is added.")

    title, button = _("Add another helper"), _("Add this helper")
    return form_about_household(request, case_number, HelperForm, _PAGE, save, title=title, button=button)


@may(Right.KEEP_RECORD)
@require_http_methods(["GET", "POST"])
def change_helper(request: HttpRequest, case_number: str, pk: int) -> HttpResponse:
    def save(row, form, now):
        version = form.cleaned_data["version"]
        actions.change_helper(helper=row, values=form.values(), version=version, by=request.user, now=now)
        return _("The other helper is saved.")

    title, button = _("Change another helper"), _("Save this helper")
    return change_part(request, case_number, Helper, pk, ChangeHelperForm, save, title=title, button=button)


@may(Right.KEEP_RECORD)
@require_http_methods(["GET", "POST"])
def add_programme(request: HttpRequest, case_number: str) -> HttpResponse:
    def save(household, form, now):
        token = form.cleaned_data["token"]
        actions.add_programme(household=household, values=form.values(), form_token=token, by=request.user, now=now)
        return _("The programme is added.")

    title, button = _("Add a programme"), _("Add this programme")
    return form_about_household(request, case_number, ProgrammeForm, _PAGE, save, title=title, button=button)


@may(Right.KEEP_RECORD)
@require_http_methods(["GET", "POST"])
def change_programme(request: HttpRequest, case_number: str, pk: int) -> HttpResponse:
    def save(row, form, now):
        version = form.cleaned_data["version"]
        actions.change_programme(label=row, values=form.values(), version=version, by=request.user, now=now)
        return _("The programme is saved.")

    title, button = _("Change a programme"), _("Save this programme")
    return change_part(request, case_number, ProgrammeLabel, pk, ChangeProgrammeForm, save, title=title, button=button)


@may(Right.KEEP_RECORD)
@require_http_methods(["GET", "POST"])
def add_note(request: HttpRequest, case_number: str) -> HttpResponse:
    """A short note on the timeline; also of a closed household."""

    def save(household, form, now):
        data = form.cleaned_data
        actions.write_note(
            household=household,
            kind=data["kind"],
            text=data["text"],
            form_token=data["token"],
            by=request.user,
            now=now,
        )
        return _("The note is kept.")

    title, button = _("Write a note"), _("Keep this note")
    return form_about_household(request, case_number, NoteForm, _PAGE, save, title=title, button=button)


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def add_contact_attempt(request: HttpRequest, case_number: str) -> HttpResponse:
    """That somebody tried to reach this household, and what came of it (R-25)."""

    def save(household, form, now):
        data = form.cleaned_data
        actions.log_contact_attempt(
            household=household, kind=data["kind"], result=data["result"], form_token=data["token"],
            by=request.user, now=now,
        )  # fmt: skip
        return _("The contact attempt is recorded.")

    title, button = _("Record a contact attempt"), _("Record this attempt")
    return form_about_household(request, case_number, ContactAttemptForm, _PAGE, save, title=title, button=button)
