"""Login, language, profile and health."""

from allauth.account import views as account
from allauth.mfa.base import views as second
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.contrib.auth.decorators import login_not_required
from django.urls import path, reverse_lazy
from django.views.i18n import set_language

from casework.core import views
from casework.core.access import everyone_logged_in
from casework.core.login import oidc
from casework.core.login import views as login

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("taal/", login_not_required(set_language), name="set_language"),
    path("profiel/", views.profile, name="profile"),
    path("hulp/", views.help_page, name="help"),
    path("inloggen/", login.login, name="account_login"),
    path("inloggen/hulp/", views.forgotten_password, name="account_reset_password"),
    # allauth asks for this name; the adapter keeps the door closed.
    path("inloggen/nieuw/", account.signup, name="account_signup"),
    path("uitloggen/", account.logout, name="account_logout"),
    path("inloggen/gesloten/", account.account_inactive, name="account_inactive"),
    path("inloggen/code/", second.authenticate, name="mfa_authenticate"),
    path("inloggen/passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("inloggen/organisatie/", oidc.start, {"provider_id": oidc.PROVIDER}, name="openid_connect_login"),
    path("inloggen/organisatie/terug/", oidc.finish, {"provider_id": oidc.PROVIDER}, name="openid_connect_callback"),
    # Once more who one is, before a second factor changes
    path("bevestigen/", everyone_logged_in(account.reauthenticate), name="account_reauthenticate"),
    path("bevestigen/code/", everyone_logged_in(second.reauthenticate), name="mfa_reauthenticate"),
    path(
        "bevestigen/passkey/",
        everyone_logged_in(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    # Second factors and sessions of one's own
    path("profiel/tweede-stap/", login.second_factors, name="mfa_index"),
    path("profiel/tweede-stap/app/", everyone_logged_in(app.activate_totp), name="mfa_activate_totp"),
    path("profiel/tweede-stap/app/weg/", everyone_logged_in(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("profiel/tweede-stap/passkey/", everyone_logged_in(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path(
        "profiel/tweede-stap/passkey/<int:pk>/weg/",
        everyone_logged_in(passkeys.RemoveWebAuthnView.as_view(success_url=reverse_lazy("profile"))),
        name="mfa_remove_webauthn",
    ),
    path("profiel/herstelcodes/", everyone_logged_in(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "profiel/herstelcodes/nieuw/",
        everyone_logged_in(codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("profiel/sessies/", login.end_other_sessions, name="end_other_sessions"),
    path("sessie/verlengen/", login.keep_session, name="keep_session"),
    path("sessie/concept/", login.keep_concept, name="keep_concept"),
    path("sessie/concept/weg/", login.drop_concept, name="drop_concept"),
]
