"""Login through the organisation (OpenID Connect), for accounts that exist here already; see docs/decisions/0030.

allauth does the dance: state, PKCE, code for token. Stricter here: the signature of the token is always verified, with a
nonce and the issuer of the settings, and nobody gets an account by coming in.
"""

import secrets

import jwt
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from requests import RequestException

from casework.core.login import events
from casework.core.models import User

PROVIDER = "etf"
_ALGORITHMS = ["RS256", "PS256", "ES256"]
_NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
_LEEWAY_SECONDS = 60


class Client(OpenIDConnectOAuth2Adapter):
    """The side of the protocol that asks: where the provider is, and whether its token is to be believed."""

    @property
    def openid_config(self) -> dict:
        config = super().openid_config
        if not isinstance(config, dict) or any(name not in config for name in _NEEDED):
            raise OAuth2Error("the provider's configuration is incomplete")
        if config["issuer"].rstrip("/") != settings.ETF_OIDC["issuer"].rstrip("/"):
            raise OAuth2Error("the provider calls itself by another name")
        return config

    def complete_login(self, request, app, token, **kwargs):
        if not kwargs["response"].get("id_token"):
            raise OAuth2Error("no id_token")
        try:
            login = super().complete_login(request, app, token, **kwargs)
        except (KeyError, TypeError, ValueError) as error:
            raise OAuth2Error("the provider's answer is not understood") from error
        claims = login.account.extra_data
        if claims["userinfo"].get("sub") != claims["id_token"]["sub"]:
            raise OAuth2Error("token and user information are about different people")
        return login

    def _decode_id_token(self, app, id_token: str) -> dict:
        try:
            return jwt.decode(
                id_token, key=self._key_of(id_token), algorithms=_ALGORITHMS, audience=app.client_id,
                issuer=self.openid_config["issuer"], leeway=_LEEWAY_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise OAuth2Error("the token is not to be believed") from error

    def _key_of(self, id_token: str):
        with get_social_adapter().get_requests_session() as session:
            answer = session.get(self.openid_config["jwks_uri"])
            answer.raise_for_status()
        wanted = jwt.get_unverified_header(id_token).get("kid")
        for key in jwt.PyJWKSet.from_dict(answer.json()).keys:
            if key.key_id == wanted:
                return key
        raise OAuth2Error("the token is signed with a key that the provider does not publish")


class Provider(OpenIDConnectProvider):
    """The one provider of the settings. Nothing of the request goes with it but the page to return to."""

    oauth2_adapter_class = Client

    def get_redirect_from_request_kwargs(self, request):
        asked = super().get_redirect_from_request_kwargs(request)
        nonce = secrets.token_urlsafe(24)
        return {
            "process": AuthProcess.LOGIN, "next_url": asked.get("next_url"), "scope": self.get_scope(),
            "auth_params": {"nonce": nonce}, "nonce": nonce,
        }  # fmt: skip


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    """Who may come in this way: whoever the provider names by a claim that belongs to exactly one account here."""

    def is_open_for_signup(self, request, sociallogin):
        return False

    def populate_user(self, request, sociallogin, data):
        """Nobody is made from what the provider says."""
        return sociallogin.user

    def get_app(self, request, provider, client_id=None):
        known = settings.ETF_OIDC
        if not known or provider != PROVIDER:
            raise SocialApp.DoesNotExist
        return SocialApp(
            provider="openid_connect", provider_id=PROVIDER, name=known["name"], client_id=known["client_id"],
            secret=known["secret"], settings={"server_url": known["issuer"].rstrip("/"), "oauth_pkce_enabled": True},
        )  # fmt: skip

    def get_provider(self, request, provider, client_id=None):
        return Provider(request, app=self.get_app(request, provider))

    def pre_social_login(self, request, sociallogin):
        claims = sociallogin.account.extra_data["id_token"]
        if not secrets.compare_digest(str(claims.get("nonce", "")), sociallogin.state["nonce"]):
            raise ImmediateHttpResponse(_refuse(request, "failed"))
        user = _account({**sociallogin.account.extra_data["userinfo"], **claims})
        if not user:
            raise ImmediateHttpResponse(_refuse(request, "unknown"))
        if not user.is_active:
            raise ImmediateHttpResponse(_refuse(request, "closed", user))
        sociallogin.user = user

    def on_authentication_error(self, request, provider, error=None, exception=None, extra_context=None):
        raise ImmediateHttpResponse(_refuse(request, "cancelled" if error == AuthError.CANCELLED else "failed"))


def _account(claims: dict) -> User | None:
    """The account that the claim names. An e-mail address counts only when the provider has verified it."""
    claim = claims.get(settings.ETF_OIDC["claim"])
    if not isinstance(claim, str) or not claim.strip() or "\x00" in claim:
        return None
    if settings.ETF_OIDC["match"] == "email":
        found = (
            User.objects.filter(email__iexact=claim) if claims.get("email_verified") is True else User.objects.none()
        )
    else:
        found = User.objects.filter(username__iexact=claim)
    users = list(found.order_by("pk")[:2])
    return users[0] if len(users) == 1 else None


def _refuse(request: HttpRequest, reason: str, user: User | None = None) -> HttpResponse:
    """One page, in plain words: cancelled, failed, unknown here, or closed here."""
    if reason != "cancelled":
        events.failed(request, user, how=f"single sign-on: {reason}")
    context = {"reason": reason, "provider": settings.ETF_OIDC["name"]}
    return render(request, "account/single_sign_on_refused.html", context, status=403)


def _door(view_class):
    """404 as long as no provider is set; a provider that does not answer is a page, not an error."""

    @login_not_required
    @require_GET
    def view(request: HttpRequest, provider_id: str) -> HttpResponse:
        if not settings.ETF_OIDC:
            raise Http404
        try:
            return view_class.adapter_view(Client(request, provider_id))(request)
        except (RequestException, OAuth2Error):
            return _refuse(request, "failed")

    return view


start = _door(OAuth2LoginView)
finish = _door(OAuth2CallbackView)
