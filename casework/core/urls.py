"""Login, language, profile and health."""

from allauth.account import views as account
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from casework.core import views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("taal/", login_not_required(set_language), name="set_language"),
    path("profiel/", views.profile, name="profile"),
    path("inloggen/", account.login, name="account_login"),
    path("inloggen/hulp/", views.forgotten_password, name="account_reset_password"),
    # allauth asks for this name; the adapter keeps the door closed.
    path("inloggen/nieuw/", account.signup, name="account_signup"),
    path("uitloggen/", account.logout, name="account_logout"),
    path("inloggen/opnieuw/", account.reauthenticate, name="account_reauthenticate"),
    path("inloggen/gesloten/", account.account_inactive, name="account_inactive"),
]
