"""All settings. What differs per place comes from the environment, through the loud helpers in `environment`."""

from pathlib import Path

import pghistory
import structlog
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from etf import environment, logs

BASE_DIR = Path(__file__).resolve().parent.parent

# local: started by ./run. test: the test suite. production: a real server, where every secret must be given.
ETF_ENV = environment.choice("ETF_ENV", ("local", "test", "production"))
PRODUCTION = ETF_ENV == "production"

SECRET_KEY = environment.text("ETF_SECRET_KEY", None if PRODUCTION else "local-only-" + "x" * 50)
_LOCAL_KEY = "local:" + "bG9jYWwtb25seS1rZXktbm90LWEtc2VjcmV0LTMyYnk="
BSN_KEYS = environment.keys("ETF_BSN_KEYS", None if PRODUCTION else _LOCAL_KEY)
BSN_HMAC_KEY = environment.text("ETF_BSN_HMAC_KEY", None if PRODUCTION else "local-only-hmac")
DEBUG = environment.flag("ETF_DEBUG", False)
ALLOWED_HOSTS = environment.words("ETF_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
if PRODUCTION and not ALLOWED_HOSTS:
    environment.text("ETF_HOSTS")

# One frozen moment outside production (R: testability contract); see casework.core.clock.
ETF_NOW = "" if PRODUCTION else environment.text("ETF_NOW", "")

INSTALLED_APPS = [
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_structlog",
    "pgtrigger",
    "pghistory",
    "casework",
    "partners",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "casework.core.login.middleware.IdleMiddleware",
    "casework.core.network.NetworkMiddleware",
    "casework.core.login.middleware.LoginDoor",
    "allauth.account.middleware.AccountMiddleware",
    "casework.core.login.middleware.SecondFactorMiddleware",
    "casework.core.login.middleware.SentFormMiddleware",
    "casework.core.access.QuietRequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "casework.core.access.PrivateResponsesMiddleware",
    "casework.households.views.doors.MergedHouseholds",
]

ROOT_URLCONF = "etf.urls"
WSGI_APPLICATION = "etf.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "casework.core.access.frame",
                "casework.core.login.frame.session",
            ],
            "builtins": ["casework.templatetags.etf", "django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]

# Web processes share a small pool; Celery's prefork children must not inherit one (see etf.celery).
DATABASES = {"default": environment.database("DATABASE_URL", None if PRODUCTION else "postgresql:///etf")}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 0
if environment.flag("ETF_DB_POOL", False):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Changes are found by row and by transaction; `casework.history` names what else has an index.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

REDIS_URL = environment.text("REDIS_URL", None if PRODUCTION else "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        # Celery's name for a socket address is redis+socket://, redis-py's is unix://.
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://"),
        "KEY_PREFIX": f"etf-{ETF_ENV}",
    }
}

AUTH_USER_MODEL = "casework.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
CSRF_FAILURE_VIEW = "casework.core.views.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "today"
ACCOUNT_ADAPTER = "casework.core.login.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
# Failures are counted by casework.core.login.lockout, once and with the time until which the door stays shut.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None, "reauthenticate": None}
# Addresses are only to be believed from a proxy that we know of.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if environment.flag("ETF_BEHIND_PROXY", False) else 0

# From where a line of the audit trail says that somebody was in the office, such as 10.0.0.0/8.
ETF_OFFICE_NETWORKS = environment.networks("ETF_OFFICE_NETWORKS")

# Second factors: an app (TOTP), passkeys (also instead of a password) and recovery codes.
ETF_REQUIRE_SECOND_FACTOR = environment.flag("ETF_REQUIRE_SECOND_FACTOR", PRODUCTION)
MFA_ADAPTER = "casework.core.login.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "casework.core.login.forms.CodeForm",
    "reauthenticate": "casework.core.login.forms.ConfirmCodeForm",
    "activate_totp": "casework.core.login.forms.SetUpAppForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": None}
# A passkey needs https, except on one's own machine.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

# Login through the organisation: only when an issuer is given (docs/decisions/0030).
ETF_OIDC = environment.oidc("ETF_OIDC", https_only=PRODUCTION)
SOCIALACCOUNT_ADAPTER = "casework.core.login.oidc.SingleSignOnAdapter"
# A link, not a form: the content-security policy lets no form lead to another site.
SOCIALACCOUNT_LOGIN_ON_GET = True

# a session ends after 30 minutes without a request, with a warning after 28; and with the browser.
SESSION_IDLE_SECONDS, SESSION_IDLE_WARNING_SECONDS = 30 * 60, 28 * 60
# The row stays a little longer, so that the next request can say what happened.
SESSION_COOKIE_AGE = 2 * SESSION_IDLE_SECONDS
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION and environment.flag("ETF_SSL_REDIRECT", True)
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("ETF_BEHIND_PROXY", False) else None
CSRF_TRUSTED_ORIGINS = environment.words("ETF_ORIGINS")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Dutch")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "etf_language"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = None

STATIC_URL = "/static/"
STATIC_ROOT = Path(environment.text("ETF_STATIC_ROOT", str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
if PRODUCTION:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
# A city lays one CSS file of its own variables over the neutral theme: a path below STATICFILES_DIRS.
ETF_THEME_CSS = environment.text("ETF_THEME_CSS", "css/theme.css")

CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# Rows are the truth; Celery only wakes things up, so a lost or doubled wake-up does no harm.
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_TIME_LIMIT = 300
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "send-due-messages": {"task": "etf.send_due_messages", "schedule": 10.0, "options": {"expires": 60}},
    # Once per counsellor and working day whatever the clock does; from nine or what the city chose; later runs catch up.
    "flag-unrecorded": {"task": "etf.flag_unrecorded", "schedule": crontab(hour="6-20", minute=0)},
    # Attendance keeps these itself; the sweep catches up on deliveries and scenario files.
    "follow-up": {"task": "etf.follow_up", "schedule": crontab(minute="*/15"), "options": {"expires": 600}},
    "clear-logins": {"task": "etf.clear_logins", "schedule": crontab(minute=17)},
    # Once per local date; later runs catch up when nothing ran at six.
    "note-audit-chain": {"task": "etf.note_audit_chain", "schedule": crontab(hour="6-20", minute=5)},
    "recompute-terms": {"task": "etf.recompute_terms", "schedule": crontab(hour=5, minute=30)},
    # Daily; later runs catch up when nothing ran at four, what has ended is not found again (decision 0056).
    "end-past-waiting": {"task": "etf.end_past_waiting", "schedule": crontab(hour="4-7", minute=15)},
    # Several times, so that a night without a worker is made up for; what went is not found again.
    "retention": {"task": "etf.retention", "schedule": crontab(hour="2-4", minute=45)},
}

# The municipality that is responsible for every trajectory registered here (DDAS: gemeentecode).
MUNICIPALITY_CODE = environment.text("ETF_MUNICIPALITY_CODE", "0599")
# How residents reach the city; printed in messages and on cards.
MUNICIPALITY_PHONE = environment.text("ETF_PHONE", "14 010")
# What the window of an envelope shows of the sender: neutral, since it tells whoever picks up the letter (messages.md 4.3).
MUNICIPALITY_NAME = environment.text("ETF_MUNICIPALITY_NAME", "Gemeente Rotterdam")
MUNICIPALITY_RETURN_ADDRESS = environment.text("ETF_RETURN_ADDRESS", "Coolsingel 40, 3011 AD Rotterdam")
ADMINISTRATOR_PHONE = environment.text("ETF_ADMINISTRATOR_PHONE", "010 000 00 00")
# Where residents reach the page on which they cancel (decision 0067), such as https://etf.example.nl; no slash at the end.
ETF_ADDRESS = environment.text("ETF_ADDRESS", "").rstrip("/")
# Channels of casework.messaging: dotted paths. The default writes to a page that staff can read.
ETF_CHANNELS = {
    "sms": environment.text("ETF_CHANNEL_SMS", "casework.messaging.channels.DevelopmentOutbox"),
    "email": environment.text("ETF_CHANNEL_EMAIL", "casework.messaging.channels.DevelopmentOutbox"),
    # Letters are printed and posted by people, unless a provider does it.
    "letter": environment.text("ETF_CHANNEL_LETTER", "casework.messaging.channels.PrintBatch"),
}
ETF_NOTIFY = environment.notify("ETF_NOTIFY", ETF_CHANNELS, https_only=PRODUCTION)
ETF_MAIL = environment.mail("ETF_EMAIL", https_only=PRODUCTION)
EMAIL_BACKEND, ANYMAIL = ETF_MAIL["backend"], ETF_MAIL["anymail"]
EMAIL_HOST = environment.text("ETF_EMAIL_HOST", "localhost")
EMAIL_PORT = int(environment.text("ETF_EMAIL_PORT", "25"))
EMAIL_USE_TLS = environment.flag("ETF_EMAIL_TLS", False)
EMAIL_HOST_USER = environment.text("ETF_EMAIL_USER", "")
EMAIL_HOST_PASSWORD = environment.text("ETF_EMAIL_PASSWORD", "")
# Seconds, well below the lease of a claim.
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("ETF_EMAIL_FROM", "noreply@example.org")

_shared_processors = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
]
structlog.configure(
    processors=[*_shared_processors, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _shared_processors,
            "processors": [
                logs.failed_task_without_words,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                logs.traceback_without_words,
                structlog.processors.JSONRenderer(),
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": environment.text("ETF_LOG_LEVEL", "INFO")},
    # Parameters of a query hold personal data: never log them.
    "loggers": {"django.db.backends": {"level": "WARNING"}, "celery.app.trace": {"level": "WARNING"}},
}
