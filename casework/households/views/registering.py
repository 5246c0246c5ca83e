"""Registration (S06)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from casework.core import clock
from casework.core.access import Right, may
from casework.core.refusals import Refused
from casework.counsellors.models import location_of
from casework.households import actions
from casework.households.forms import AlikeForm, RegisterForm, compare
from casework.households.models import Household
from casework.households.views.finding import typed_text


@may(Right.REGISTER_HOUSEHOLD)
@require_http_methods(["GET", "POST"])
def register_household(request: HttpRequest) -> HttpResponse:
    """Register (S06); somebody very alike interrupts, and nothing typed is lost (R-52)."""
    if "another_member" in request.POST:
        return render(request, "households/register.html", {"form": RegisterForm.with_another(request.POST)})
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


@may(Right.REGISTER_HOUSEHOLD)
@require_POST
def look_alike(request: HttpRequest) -> HttpResponse:
    """The part of the page with who this may be, while somebody types (R-52, S06). It is a search, and leaves its line.

    Sent and not asked for, so that no address holds a name or number. Saving checks again.
    """
    form = AlikeForm(request.POST)
    form.is_valid()
    client, contact, found = form.client(), form.contact(), actions.Duplicates()
    if searched := form.searched():
        found = actions.find_duplicates(client=client, contact=contact)
        hits = bool(found.same_bsn) + len(found.candidates) + len(found.noted)
        actions.note_search(typed=searched, hits=hits, by=request.user, now=clock.now())
    context = {"found": found, "candidates": compare(found.candidates, client, contact)}
    return render(request, "households/_alike.html", context)


def _note_alike(request: HttpRequest, form: RegisterForm, made: Household) -> None:
    """The same number or address is only worth a note (R-52)."""
    found = actions.find_duplicates(client=form.client(), contact=form.contact())
    for other in found.noted:
        if other.pk != made.pk:
            messages.warning(
                request, _("The same telephone number or address: %(number)s.") % {"number": other.case_number}
            )
