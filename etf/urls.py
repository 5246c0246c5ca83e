"""All addresses, feature by feature. Dutch on screen, so Dutch in the address bar; names are English."""

from django.urls import include, path

from casework.admin import site

urlpatterns = [
    path("beheer/", site.urls),
    path("", include("casework.core.urls")),
    path("", include("casework.households.urls")),
    path("", include("casework.overview.urls")),
    path("", include("casework.appointments.urls")),
    path("", include("casework.messaging.urls")),
    path("", include("casework.debts.urls")),
    path("", include("casework.reports.urls")),
    path("", include("casework.retention.urls")),
    path("", include("casework.privacy.urls")),
    path("", include("partners.organisations.urls")),
]

handler400 = "casework.core.views.bad_request"
handler403 = "casework.core.views.forbidden"
handler404 = "casework.core.views.not_found"
handler500 = "casework.core.views.server_error"
