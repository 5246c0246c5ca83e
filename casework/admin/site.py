"""The site that the settings stand on."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from casework.admin.clocks import late
from casework.core import clock
from casework.core.access import Right, may
from casework.messaging.reads import silent_since


class SettingsSite(admin.AdminSite):
    """Django's admin, for administrators only, behind the ordinary login."""

    site_header = site_title = _("ETF – Settings")
    index_title = _("Settings")
    login_template = None

    def has_permission(self, request):
        return request.user.is_authenticated and request.user.may(Right.SETTINGS)

    def admin_view(self, view, cacheable=False):
        """403 for who is logged in without the right, as at every other door (R-93)."""
        return may(Right.SETTINGS)(super().admin_view(view, cacheable))

    def index(self, request, extra_context=None):
        """The first page also says it when no messages go out, or another task did not run (decision 0062)."""
        now = clock.now()
        said = {"silent_since": silent_since(now), "late": late(now)}
        return super().index(request, (extra_context or {}) | said)

    def login(self, request, extra_context=None):
        """No second login beside the ordinary one, which counts failures (R-98)."""
        if not self.has_permission(request):
            raise PermissionDenied
        return redirect("admin:index")


site = SettingsSite(name="admin")
