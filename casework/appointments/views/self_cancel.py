"""The page on which a resident cancels, and the door through which replies come in; nobody is logged in (decision 0067)."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from casework.appointments import actions
from casework.appointments.models import CancelCode, ToldHow
from casework.core import clock
from casework.core.refusals import Refused
from casework.messaging.channels import Received
from casework.messaging.models import DUTCH, TEXT_LANGUAGES
from casework.messaging.views import called_back

LANGUAGE = "taal"


# Who has the address may cancel, with or without cookies; there is no login that a foreign page could borrow.
@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def self_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Day, time and place, nothing else, and two buttons: cancel, or cancel and be called back.

    Looking changes nothing: programs that look at links for safety press no button. What is not known, has passed or was
    moved gives the same page. Pressing twice is as good as once.
    """
    now = clock.now()
    code = CancelCode.objects.called(token).with_everything().first()
    if request.method == "POST" and code:
        try:
            call_back = "call_back" in request.POST
            actions.cancel_by_code(code=code, told_how=ToldHow.LINK, told_at=now, call_back=call_back, now=now)
        except Refused:
            # Moved, begun, recorded, or merged this very moment.
            return _answer(request, None)
        return redirect(f"{request.path}?{LANGUAGE}={_language(request, code)}")
    return _answer(request, code if code and (code.is_open(now) or code.has_cancelled) else None)


def _answer(request: HttpRequest, code: CancelCode | None) -> HttpResponse:
    language = _language(request, code)
    other = next(one for one in TEXT_LANGUAGES if one[0] != language)
    with translation.override(language):
        page = render(request, "appointments/self_cancel.html", {
            "code": code, "language": language, "other": other, "LANGUAGE": LANGUAGE,
            "phone_number": settings.MUNICIPALITY_PHONE,
        }, status=200 if code else 404)  # fmt: skip
    patch_cache_control(page, no_store=True, private=True)
    # The address is a secret: it goes to nobody else, and no search engine keeps it.
    page["Referrer-Policy"], page["X-Robots-Tag"] = "no-referrer", "noindex"
    return page


def _language(request: HttpRequest, code: CancelCode | None) -> str:
    known = [key for key, _name in TEXT_LANGUAGES]
    wished = request.GET.get(LANGUAGE) or (code.appointment.household.language if code else DUTCH)
    return wished if wished in known else DUTCH


@csrf_exempt
@login_not_required
@require_POST
def notify_received(request: HttpRequest) -> HttpResponse:
    """NotifyNL hands over what a resident sent."""
    return called_back(request, Received, lambda said: actions.take_reply(received=said, now=clock.now()))
