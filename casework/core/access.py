"""Who may do what: one table of rights per role (R-90), and the doors that ask it.

Views are closed by default (Django's LoginRequiredMiddleware). Each view says in one visible word who may come in:
`@may(Right.…)`, `@everyone_logged_in`, or Django's `@login_not_required`.
"""

import enum
import functools
import re

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from django_structlog.middlewares import RequestMiddleware


class Right(enum.Enum):
    """A row of table R-90; names say what one may do, not which button one sees."""

    FIND_HOUSEHOLDS = "find households"
    SEE_HOUSEHOLD = "see a household page"
    REGISTER_HOUSEHOLD = "register and change a household"
    PROPOSE = "propose a transfer or a merge"
    APPROVE = "transfer and merge households, decide on what is proposed"
    HAVE_TASKS = "write, do and end tasks about households"
    KEEP_RECORD = "write notes, agreements, life events and other helpers"
    CLOSE = "end the help of a household: counsellors of their own, supervisors of all"
    ALLOCATE = "give a household to a counsellor"
    SEE_DEBT_FILE = "see a debt file"
    SEE_BSN = "see a BSN"
    SEE_AGENDA = "see the agenda"
    BOOK = "book, move, cancel, check in"
    OVERRULE_HOURS = "book outside working hours, with a reason"
    RECORD_ATTENDANCE = "record attendance"
    FOLLOW_UP = "follow up missed appointments"
    CORRECT_LATE = "correct attendance later than its counsellor and desk may"
    SEE_DAY_COUNTS = "see how many of today's appointments of one's own location came"
    SEE_FIGURES = "see figures"
    SEE_ALL_FIGURES = "see the figures of all"
    EXPORT_PERSONAL = "export rows with names"
    EXPORT_FIGURES = "export aggregated figures"
    SEE_OUTBOX = "see the messages that went out"
    PRINT_LETTERS = "print and post letters of all households"
    SEE_AUDIT = "see the audit trail: privacy officers all of it, supervisors that of their team without searches"
    ANSWER_REQUESTS = "answer what residents ask about their own data"
    LEGAL_HOLD = "see what retention takes away, and keep a household from it"
    REFERRAL_INBOX = "see referrals to one's own organisation"
    SETTINGS = "change settings and users"
    TEAM_ABSENCES = "change the absences of one's own team"


_EVERY_CASEWORKER = {
    Right.FIND_HOUSEHOLDS, Right.SEE_HOUSEHOLD, Right.REGISTER_HOUSEHOLD, Right.SEE_AGENDA, Right.BOOK,
    Right.RECORD_ATTENDANCE, Right.FOLLOW_UP, Right.SEE_OUTBOX, Right.HAVE_TASKS,
}  # fmt: skip

ROLE_RIGHTS: dict[str, frozenset[Right]] = {
    "desk": frozenset(_EVERY_CASEWORKER | {Right.SEE_DAY_COUNTS, Right.PRINT_LETTERS}),
    "counsellor": frozenset(
        _EVERY_CASEWORKER
        | {Right.KEEP_RECORD, Right.PROPOSE, Right.CLOSE, Right.SEE_DEBT_FILE, Right.SEE_BSN, Right.SEE_FIGURES}
    ),
    "supervisor": frozenset(
        _EVERY_CASEWORKER
        | {
            Right.KEEP_RECORD,
            Right.PROPOSE,
            Right.APPROVE,
            Right.CLOSE,
            Right.ALLOCATE,
            Right.SEE_DEBT_FILE,
            Right.SEE_BSN,
            Right.SEE_FIGURES,
            Right.SEE_ALL_FIGURES,
            Right.OVERRULE_HOURS,
            Right.CORRECT_LATE,
            Right.TEAM_ABSENCES,
            Right.EXPORT_PERSONAL,
            Right.EXPORT_FIGURES,
            Right.PRINT_LETTERS,
            Right.LEGAL_HOLD,
            Right.SEE_AUDIT,
            Right.ANSWER_REQUESTS,
        }
    ),
    "partner": frozenset({Right.REFERRAL_INBOX}),
    "admin": frozenset({Right.SETTINGS}),
    "privacy_officer": frozenset({Right.EXPORT_FIGURES, Right.LEGAL_HOLD, Right.SEE_AUDIT, Right.ANSWER_REQUESTS}),
}


def may(right: Right):
    """Open a view to the roles with this right; others get 403 (R-93)."""

    def decorate(view):
        @functools.wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.may(right):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.access = right
        return guarded

    return decorate


def everyone_logged_in(view):
    """Open a view to every role; says so where the consistency test can read it."""
    view.access = "everyone logged in"
    return view


class PrivateResponsesMiddleware:
    """Pages for somebody logged in are never kept by a browser or proxy: *back* after logout shows login (R-98)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            patch_cache_control(response, no_store=True, private=True)
        return response


_SECRET_PATH = re.compile(r"^(/agenda/feed/|/a/).*")


class QuietRequestMiddleware(RequestMiddleware):
    """Request logs with the path only: what people typed to search stays out, and so do secret addresses."""

    @staticmethod
    def format_request(request):
        shown = _SECRET_PATH.sub(r"\1…", request.path)
        return f"{request.method} {shown}"


# The main menu: (address name, text, right, right of those who have another entry instead). Five entries at most per
# role; where others have *Figures*, a supervisor has *Team*, which leads there (screens.md 2.0).
MENU = (
    ("today", _("Today"), None, None),
    ("agenda", _("Agenda"), Right.SEE_AGENDA, None),
    ("households", _("Households"), Right.FIND_HOUSEHOLDS, None),
    ("board", _("Team"), Right.ALLOCATE, None),
    ("figures", _("Figures"), Right.SEE_FIGURES, Right.ALLOCATE),
    ("outbox", _("Messages"), Right.SEE_OUTBOX, None),
)


def frame(request):
    """Context for base.html: the menu of this role and the theme. No query."""
    user = getattr(request, "user", None)
    menu = []
    if user and user.is_authenticated:
        menu = [
            {
                "url": reverse(name),
                "text": text,
                "current": request.resolver_match and request.resolver_match.url_name == name,
            }
            for name, text, right, instead in MENU
            if (right is None or user.may(right)) and (instead is None or not user.may(instead))
        ]
    return {
        "menu": menu,
        "may_find": bool(menu) and user.may(Right.FIND_HOUSEHOLDS),
        "may_see_audit": bool(menu) and user.may(Right.SEE_AUDIT),
        "theme_css": settings.ETF_THEME_CSS,
        "environment": settings.ETF_ENV,
    }
