"""Every setting, read from the environment and refused when it is unsafe; docs/settings.md lists them."""

from __future__ import annotations

import hashlib
import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from clinic import content_policy, email_url, language_model
from clinic import environment as env
from clinic.admin_theme import UNFOLD as UNFOLD
from clinic.api_description import SPECTACULAR_SETTINGS as SPECTACULAR_SETTINGS
from clinic.core import logs

BASE_DIR = Path(__file__).resolve().parent.parent
CLINIC_ENV = env.mode()
PRODUCTION = CLINIC_ENV == "production"

DEBUG = env.flag("DEBUG")
DEMO = env.flag("DEMO") or CLINIC_ENV == "local"
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must not be on in production: unset DEBUG.")
if PRODUCTION and DEMO:
    raise ImproperlyConfigured("Demo data and demo passwords are not for production: unset DEMO.")

SECRET_KEY = env.secret("SECRET_KEY")
SECRET_KEY_FALLBACKS = env.secrets("SECRET_KEY_FALLBACKS")
IDENTITY_KEY = env.identity_key()
FIELD_KEYS = env.field_keys()
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost")
if PRODUCTION and not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the host names of the site, separated by commas.")
if PRODUCTION and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of the site: * would believe any.")
CSRF_FAILURE_VIEW = "clinic.portals.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")
# How many reverse proxies stand in front: their X-Forwarded-For entries are believed, no others.
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", 0)

CLINIC_TIME_ZONE = env.time_zone("CLINIC_TIME_ZONE", "Europe/Berlin")
TIME_ZONE = CLINIC_TIME_ZONE
USE_TZ = True
USE_I18N = True
LANGUAGES = [("en", "English"), ("de", "Deutsch")]
# What a browser gets that asks for none of them, and a mail to somebody whose language nobody knows.
LANGUAGE_CODE = env.choice("CLINIC_LANGUAGE", "en", [code for code, _ in LANGUAGES])
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["clinic.formats"]

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # the site is ours: clinic.admin_site
    "clinic.admin_site.ClinicAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",  # the docs page's scripts and styles
    "django_prometheus",
    "procrastinate.contrib.django",
    "clinic.core",
    "clinic.jobs",
    "clinic.history",
    "clinic.realtime",
    "clinic.accounts",
    "clinic.patients",
    "dentists",
    "availability",
    "appointments",
    "chatbot",
    "clinic.notifications",
    "clinic.privacy",
    "clinic.portals",
    "clinic.demo",
]

# What tells browsers how to treat an answer: before all else, so that files, redirects and errors carry it too.
HEADER_MIDDLEWARE = [
    "clinic.core.response_headers.BrowserFeatures",
    "clinic.core.response_headers.ContentPolicy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
]
MIDDLEWARE = [
    "clinic.core.request_log.RequestLog",
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    *HEADER_MIDDLEWARE,
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clinic.core.limits.RequestLimits",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "clinic.accounts.requests.ActorMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "clinic.urls"
ASGI_APPLICATION = "clinic.asgi.application"
WSGI_APPLICATION = "clinic.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["clinic.portals.templatetags.pictures", "clinic.portals.templatetags.rows"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clinic.core.context.clinic",
            ],
        },
    },
]

# How many requests one server process works on at a time; more wait in line. Each may need a database connection.
HTTP_THREADS = env.whole("HTTP_THREADS", 6, least=1)
HTTP_LINE = env.whole("HTTP_LINE", 400, least=1)  # whoever comes when so many wait is asked to come again

# How many sockets of live sync one server process keeps open for an account, and for an address without one.
SOCKETS_PER_ACCOUNT = env.whole("SOCKETS_PER_ACCOUNT", 20, least=1)
SOCKETS_PER_ADDRESS = env.whole("SOCKETS_PER_ADDRESS", 50, least=1)

# The owner migrates; requests and services have logins of their own that own nothing (docs/identity.md).
_OWNER_URL = os.environ.get("DATABASE_URL", "")
_POOL: dict[str, Any] = {
    "min_size": env.whole("DATABASE_POOL_MIN", 2),
    "max_size": env.whole("DATABASE_POOL_MAX", 12),
    # With a connection for every thread nobody waits for one: the database is away, and the others in line wait as well.
    "timeout": 3,
    "reset": env.cleaned,
}
if _POOL["max_size"] < HTTP_THREADS:
    raise ImproperlyConfigured("Set DATABASE_POOL_MAX to at least HTTP_THREADS: each request may need a connection.")
_WEB_URL = os.environ.get("DATABASE_WEB_URL", "")
_SERVICE_URL = os.environ.get("DATABASE_SERVICE_URL", "")
if not _OWNER_URL and not (_WEB_URL and _SERVICE_URL):
    raise ImproperlyConfigured("Set DATABASE_URL, or DATABASE_WEB_URL and DATABASE_SERVICE_URL, to PostgreSQL URLs.")
DATABASES = {
    "default": env.database(_WEB_URL, pool=_POOL)
    if _WEB_URL
    else env.database(
        _OWNER_URL, login="clinic_web", password=env.login_password(IDENTITY_KEY, "clinic_web"), pool=_POOL
    ),
    "service": env.database(_SERVICE_URL)
    if _SERVICE_URL
    else env.database(_OWNER_URL, login="clinic_service", password=env.login_password(IDENTITY_KEY, "clinic_service")),
}
if _OWNER_URL:
    DATABASES["owner"] = env.database(_OWNER_URL)
DATABASE_ROUTERS = ["clinic.core.db.CallerRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "clinic",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    },
    # What many ask in the same moment, for a fraction of a second and in this process alone.
    "rush": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "rush"},
}
CHANNEL_LAYERS = {
    "default": {"BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer", "CONFIG": {"hosts": [REDIS_URL]}},
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["clinic.accounts.sign_in.PasswordBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign-in"
LOGIN_REDIRECT_URL = "patient:dentists"
SESSION_ENGINE = "clinic.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
# With this prefix a browser takes a cookie from this host over TLS only: no other host of the domain can plant one.
COOKIE_PREFIX = "__Host-" if PRODUCTION else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
LANGUAGE_COOKIE_NAME, LANGUAGE_COOKIE_AGE = f"{COOKIE_PREFIX}language", 365 * 24 * 3600
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

SECURE_SSL_REDIRECT = PRODUCTION and not env.flag("INSECURE_HTTP")
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {"DIRECTIVES": content_policy.SITE}
DATA_UPLOAD_MAX_NUMBER_FILES = 0  # nothing here takes a file
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000  # a dentist with a full week and all treatments is one form in admin

STATIC_URL = "/static/"
_COLLECTS = PRODUCTION or env.flag("COLLECT_STATIC")  # elsewhere files are served from where they lie
STATIC_ROOT = BASE_DIR / "staticfiles" if _COLLECTS else None
STATICFILES_DIRS = [BASE_DIR / "clinic" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "clinic.core.static_files.StaticFiles"
        if _COLLECTS
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "clinic.accounts.bearer.BearerAuthentication",
        "clinic.accounts.bearer.BrowserAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["clinic.core.permissions.Declared"],
    "DEFAULT_THROTTLE_CLASSES": ["clinic.core.throttles.Requests"],
    "DEFAULT_RENDERER_CLASSES": ["clinic.core.formats.SafeJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["clinic.core.formats.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "clinic.core.formats.OneFormat",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "clinic.core.openapi.OperationSchema",
    "EXCEPTION_HANDLER": "clinic.core.api.answer_error",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
# How often, as (times, seconds), for an account or for a network address without one. Many people may share an address, so
# the general limits can be widened; outside production, where load is tried from one machine, they are wide.
_WIDER = env.whole("THROTTLE_FACTOR", 1 if PRODUCTION else 100)
THROTTLES = {
    "read": (1200 * _WIDER, 60),
    "write": (300 * _WIDER, 60),
    "anonymous_read": (600 * _WIDER, 60),
    "anonymous_write": (120 * _WIDER, 60),
    "anonymous_booking": (60 * _WIDER, 3600),
    "sign_in": (10, 300),  # for one account from one address
    "sign_in_address": (60, 300),
    # For one account from one address, and from everywhere: whoever gets that far knows the password.
    "second_factor": (10, 300),
    "second_factor_account": (30, 3600),
    "wrong_password": (20, 3600),  # for one account from everywhere; then a code by mail is asked besides
    "mailed_code": (5, 600),  # for one address of mail from one network address
    "register": (10, 3600),
    "reference": (20, 600),
    "conversation": (60 * _WIDER, 3600),  # begun from one address without an account
    "conversation_message": (60 * _WIDER, 60),  # reading one can take a tenth of a second
}
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=10),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    "SIGNING_KEY": hashlib.sha256(f"api-token-1:{SECRET_KEY}".encode()).hexdigest(),
}

# Mails are sent by the worker, from jobs in the same database (docs/messages.md).
SITE_URL = email_url.site_url(production=PRODUCTION)
_MAIL = email_url.mail_settings(production=PRODUCTION)
EMAIL_BACKEND = _MAIL.pop("EMAIL_BACKEND")
globals().update(_MAIL)
MAIL_FROM = DEFAULT_FROM_EMAIL = SERVER_EMAIL = email_url.sender(production=PRODUCTION)
# Where mails are kept that stay on this machine, for the page that shows them; in production there is neither.
LOCAL_MAILS = None if PRODUCTION else os.environ.get("MAIL_FOLDER") or BASE_DIR / "var" / "mails"
PROCRASTINATE_DATABASE_ALIAS = "service"

# How long events of live sync are kept for readers who were away; whoever was away longer fetches anew.
REALTIME_EVENTS_KEPT_HOURS = env.whole("REALTIME_EVENTS_KEPT_HOURS", 72, least=1)
# How long a conversation with the chatbot is kept after its last message.
CONVERSATIONS_KEPT_DAYS = env.whole("CONVERSATIONS_KEPT_DAYS", 30, least=1)
LANGUAGE_MODEL = language_model.configured(production=PRODUCTION)

PHONENUMBER_DEFAULT_REGION = os.environ.get("PHONE_REGION") or "DE"
# Whoever scrapes /metrics shows this; without it the page is there outside production only.
METRICS_TOKEN = env.secret("METRICS_TOKEN") if os.environ.get("METRICS_TOKEN") else ""
PROMETHEUS_EXPORT_MIGRATIONS = False

LOGGING_CONFIG = "clinic.core.logs.configure"
LOGGING = logs.config(
    level=env.choice("LOG_LEVEL", "INFO", logs.LEVELS),
    form=env.choice("LOG_FORMAT", "json" if PRODUCTION else "console", ["json"] if PRODUCTION else logs.FORMS),
)
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO  # a slot that was taken is nothing to be warned of
