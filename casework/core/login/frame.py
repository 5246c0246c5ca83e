"""What base.html needs for the idle limit and drafts (R-98). No query: the session is there already."""

from django.conf import settings

from casework.core.login import concepts


def session(request):
    user = getattr(request, "user", None)
    logged_in = bool(user and user.is_authenticated)
    return {
        "idle_seconds": settings.SESSION_IDLE_SECONDS if logged_in else None,
        "idle_warning_seconds": settings.SESSION_IDLE_WARNING_SECONDS,
        "idle_minutes": settings.SESSION_IDLE_SECONDS // 60,
        "concept_saved_at": concepts.noted(request, request.path) if logged_in else None,
    }
