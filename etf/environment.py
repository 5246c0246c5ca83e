"""Small loud helpers that read settings from the environment: a missing one is named, never guessed."""

import base64
import binascii
import ipaddress
import os
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The value of `name`; without a default a missing or empty one stops the start, by name."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"Set the environment variable {name}: ETF does not start without it.")
    return default


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, "").lower()
    if value not in {"", "0", "1", "false", "true", "no", "yes"}:
        raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
    return default if not value else value in {"1", "true", "yes"}


def choice(name: str, allowed: tuple[str, ...]) -> str:
    """One of `allowed`, the first when nothing is said; a typing error must not start a server with local secrets."""
    value = text(name, allowed[0])
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be {', '.join(allowed[:-1])} or {allowed[-1]}, not {value!r}.")
    return value


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in os.environ.get(name, default).split(",") if word.strip()]


def keys(name: str, default: str | None = None) -> dict[str, bytes]:
    """A key ring `id:BASE64[,id:BASE64…]`, each key 32 bytes; the first one encrypts, all of them decrypt."""
    ring = {}
    for part in text(name, default).split(","):
        key_id, _, encoded = part.strip().partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except binascii.Error:
            key = b""
        if not key_id or len(key) != 32:
            raise ImproperlyConfigured(f"{name} must look like id:BASE64 with 32 bytes a key.")
        ring[key_id] = key
    return ring


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Networks such as `10.0.0.0/8`, with commas between them; empty when there are none."""
    try:
        return [ipaddress.ip_network(one) for one in words(name)]
    except ValueError as error:
        raise ImproperlyConfigured(
            f"{name} must hold networks such as 10.0.0.0/8, with commas between them."
        ) from error


def database(name: str, default: str | None = None) -> dict:
    """A Django database from `postgresql://user:password@host:port/name?host=/socket/folder`.

    Compiling queries just in time is off unless `options` says otherwise: the search for free time is over in
    milliseconds, but looks so expensive to the planner that it would first be compiled for half a second.
    """
    parts = urlsplit(text(name, default))
    if parts.scheme not in {"postgresql", "postgres"}:
        raise ImproperlyConfigured(f"{name} must start with postgresql://, ETF needs PostgreSQL 15 or newer.")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "etf",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"options": "-c jit=off"} | query,
    }


def oidc(prefix: str, *, https_only: bool) -> dict | None:
    """Login through the organisation, when `PREFIX_ISSUER` is given; then the client and its secret are needed too."""
    issuer = text(f"{prefix}_ISSUER", "")
    if not issuer:
        return None
    if https_only and not issuer.startswith("https://"):
        raise ImproperlyConfigured(f"{prefix}_ISSUER must start with https://.")
    match = choice(f"{prefix}_MATCH", ("username", "email"))
    return {
        "issuer": issuer,
        "client_id": text(f"{prefix}_CLIENT_ID"),
        "secret": text(f"{prefix}_CLIENT_SECRET"),
        "name": text(f"{prefix}_NAME", "single sign-on"),
        "match": match,
        "claim": text(f"{prefix}_CLAIM", "email" if match == "email" else "preferred_username"),
    }


# Nobody guesses a token of so many characters.
_LONG_ENOUGH = 20
# E-mail by the API of a provider: what each must be given, under its name in anymail.
MAIL_PROVIDERS = {
    "postmark": ("SERVER_TOKEN",),
    "mailgun": ("API_KEY", "SENDER_DOMAIN", "WEBHOOK_SIGNING_KEY"),
    "mailjet": ("API_KEY", "SECRET_KEY"),
    "brevo": ("API_KEY",),
    "sparkpost": ("API_KEY",),
}
# Seconds to connect and to wait for an answer; together well below the lease of a claim.
_PATIENCE = (5, 15)


def mail(prefix: str, *, https_only: bool) -> dict:
    """How e-mail leaves: over SMTP, or by the API of the provider that `PREFIX_BACKEND` names.

    `PREFIX_CALLBACK_SECRET`, `name:password`: what the provider shows when it calls back.
    """
    name, secret = choice(f"{prefix}_BACKEND", ("smtp", *MAIL_PROVIDERS)), text(f"{prefix}_CALLBACK_SECRET", "")
    if secret and (":" not in secret or len(secret) < _LONG_ENOUGH):
        raise ImproperlyConfigured(
            f"{prefix}_CALLBACK_SECRET must look like name:password, with at least {_LONG_ENOUGH} characters."
        )
    if name == "smtp":
        return {
            "provider": "",
            "backend": "django.core.mail.backends.smtp.EmailBackend",
            "callback_secret": "",
            "anymail": {},
        }
    given = {f"{name.upper()}_{one}": text(f"{prefix}_{one}") for one in MAIL_PROVIDERS[name]}
    if url := text(f"{prefix}_API_URL", ""):
        if https_only and not url.startswith("https://"):
            raise ImproperlyConfigured(f"{prefix}_API_URL must start with https://.")
        given[f"{name.upper()}_API_URL"] = url
    return {
        "provider": name,
        "backend": f"anymail.backends.{name}.EmailBackend",
        # Without one nobody is let in who calls back.
        "callback_secret": secret,
        "anymail": given | {"REQUESTS_TIMEOUT": _PATIENCE, "WEBHOOK_SECRET": secret},
    }


NOTIFY = "casework.messaging.channels.NotifyChannel"
# The end of an API key of NotifyNL: the id of the service, a dash, the secret.
_UUID = 36


def notify(prefix: str, channels: dict[str, str], *, https_only: bool) -> dict | None:
    """NotifyNL, when a channel goes through it: then the API key is needed, and a template for each such channel.

    `PREFIX_CALLBACK_TOKEN`: what NotifyNL shows when it calls back.
    """
    through = [name for name, path in channels.items() if path == NOTIFY]
    if not through:
        return None
    url, key = text(f"{prefix}_URL", "https://api.notifynl.nl"), text(f"{prefix}_KEY")
    if https_only and not url.startswith("https://"):
        raise ImproperlyConfigured(f"{prefix}_URL must start with https://.")
    if len(key) < 2 * _UUID + 1:
        raise ImproperlyConfigured(f"{prefix}_KEY must be the whole API key, as NotifyNL gave it.")
    token = text(f"{prefix}_CALLBACK_TOKEN", "")
    if token and len(token) < _LONG_ENOUGH:
        raise ImproperlyConfigured(f"{prefix}_CALLBACK_TOKEN must have at least {_LONG_ENOUGH} characters.")
    return {
        "url": url,
        "service": key[-2 * _UUID - 1 : -_UUID - 1],
        "secret": key[-_UUID:],
        # Without one nobody is let in who calls back.
        "callback_token": token,
        "templates": {name: text(f"{prefix}_TEMPLATE_{name.upper()}") for name in through},
    }
