"""Settings, all from the environment. `.env.example` explains each variable; a missing secret stops the start."""
import os
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from redis.backoff import NoBackoff
from redis.retry import Retry

from dentalogic.lib.crypto import Ring

BASE_DIR = Path(__file__).resolve().parent.parent


def env(name, default=None):
    """The variable, or what the file that NAME_FILE points at holds, or the default; without one it must be set."""
    path = os.environ.get(f"{name}_FILE")
    value = Path(path).read_text().strip() if path else os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"{name} is not set; .env.example explains it")
    return default


def env_list(name, default=""):
    return [item.strip() for item in env(name, default).split(",") if item.strip()]


def env_int(name, default):
    return int(env(name, str(default)))


def env_prices(name):
    found = {}
    for line in env_list(name):
        model, _equals, price = line.partition("=")
        try:
            given, answered = map(Decimal, price.split("/"))
        except (ArithmeticError, ValueError):
            raise ImproperlyConfigured(f"{name}: {line!r} is not model=given/answered") from None
        if not (given.is_finite() and answered.is_finite() and given >= 0 <= answered):
            raise ImproperlyConfigured(f"{name}: {line!r} has no such price")
        found[model.strip()] = (given, answered)
    return found


def env_price(name):
    """US dollars, or None where nobody said."""
    text = env(name, "")
    try:
        price = Decimal(text) if text else None
    except ArithmeticError:
        raise ImproperlyConfigured(f"{name}: {text!r} is no price") from None
    if price is not None and not (price.is_finite() and price >= 0):
        raise ImproperlyConfigured(f"{name}: {text!r} is no price")
    return price


ENVIRONMENT = env("DENTALOGIC_ENV", "production")
if ENVIRONMENT not in {"development", "test", "production"}:
    raise ImproperlyConfigured(f"DENTALOGIC_ENV is development, test or production, not {ENVIRONMENT!r}")
DEVELOPMENT = ENVIRONMENT == "development"
PRODUCTION = ENVIRONMENT == "production"
BENCH = env("BENCH", "") == "1"  # limits are off and the floor of the figures is served
DEBUG = False

SECRET_KEY = env("DJANGO_SECRET_KEY")
VAULT_KEYS = env_list("DENTALOGIC_VAULT_KEYS")  # "id:base64 of 32 bytes", newest first
FERNET_KEYS = env_list("DENTALOGIC_FERNET_KEYS")  # of an earlier installation: they only read
if not VAULT_KEYS:
    raise ImproperlyConfigured("DENTALOGIC_VAULT_KEYS is not set; credentials are never kept in clear")
try:
    Ring(VAULT_KEYS, FERNET_KEYS)
except ValueError as fault:
    raise ImproperlyConfigured(f"DENTALOGIC_VAULT_KEYS, DENTALOGIC_FERNET_KEYS: {fault}") from None  # never the key
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver" if not PRODUCTION else "")
ORIGINS = env_list("ORIGINS")  # front ends on other origins: CORS, CSRF and Socket.IO
DATA_DIR = Path(env("DENTALOGIC_DATA", str(BASE_DIR / ".data")))

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "clinics.apps.AdminConfig",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "template_partials",
    "channels",
    "clinics",
    "clinics.patients",
    "agenda",
    "accounting",
    "messaging",
    "messaging.leads",
]
SIMULATOR = DEVELOPMENT or ENVIRONMENT == "test"

MIDDLEWARE = [
    "clinics.security.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clinics.security.OriginsMiddleware",
    "clinics.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "agenda.calendars.asking.LiveMiddleware",  # Google is asked before the door's transaction begins
    "clinics.auth.door.RequestDoor",
    "clinics.limits.LimitsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "dentalogic.urls"
WSGI_APPLICATION = "dentalogic.wsgi.application"
ASGI_APPLICATION = "dentalogic.asgi.application"
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
                "clinics.shell.shell",
            ],
            "builtins": ["clinics.templatetags.dentalogic", "django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]


def database(url, **options):
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "TEST": {"NAME": os.environ.get("TEST_DATABASE_NAME")},
    }


# The application's role owns nothing and cannot bypass row level security; migrations run as the owner.
OWNER_COMMANDS = {"migrate", "makemigrations", "sqlmigrate", "showmigrations", "seed_demo_empty"}
AS_OWNER = env("DENTALOGIC_AS_OWNER", "") == "1" or (len(sys.argv) > 1 and sys.argv[1] in OWNER_COMMANDS)
WEB_THREADS = env_int("WEB_THREADS", 20)
POOL = {"min_size": 2, "max_size": WEB_THREADS + 2, "timeout": 10}
DATABASES = {
    "default": database(
        env("DATABASE_OWNER_URL" if AS_OWNER else "DATABASE_URL"),
        **({} if ENVIRONMENT == "test" or AS_OWNER else {"pool": POOL}),
    )
}
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": env("TEST_DATABASE_NAME", "dl"),
        # one try: by itself the client tries for seconds when the server is away
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2, "retry": Retry(NoBackoff(), 0)},
    },
    # what holds in each process while Redis is away
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "process",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # what is published is heard under every database number: two installations on one server are kept apart here
        "CONFIG": {"hosts": [REDIS_URL], "prefix": f"live{urlsplit(REDIS_URL).path}"},
    }
}

AUTH_USER_MODEL = "clinics.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if ENVIRONMENT == "test":
    PASSWORD_HASHERS.insert(0, "django.contrib.auth.hashers.MD5PasswordHasher")  # argon2 is slow on purpose
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "clinics.auth.words.OwnWordsValidator"},
]
LOGIN_URL = "/login"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # seconds that any mailed link lives; each kind says less (auth/links.py)
SIMPLE_JWT = {
    "ALGORITHM": "HS256",
    "SIGNING_KEY": env("JWT_SECRET"),
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=14),
    "UPDATE_LAST_LOGIN": False,
}
if PRODUCTION and min(len(SECRET_KEY), len(SIMPLE_JWT["SIGNING_KEY"])) < 32:
    raise ImproperlyConfigured(
        "DJANGO_SECRET_KEY and JWT_SECRET have 32 characters or more: whoever guesses one logs in as anybody")
COOKIE_PREFIX = "__Host-" if PRODUCTION else ""
ACCESS_COOKIE = f"{COOKIE_PREFIX}dl_access"
REFRESH_COOKIE = f"{COOKIE_PREFIX}dl_refresh"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_FAILURE_VIEW = "clinics.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = ORIGINS
SESSION_COOKIE_SECURE = PRODUCTION  # no sessions are used; the check wants it said
SECURE_SSL_REDIRECT = PRODUCTION and env("SSL_REDIRECT", "1") == "1"
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
PROXIES = env_int("PROXIES", 0)  # of our own in front, each adding to X-Forwarded-For; they end TLS and say so
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
SECURE_HSTS_SECONDS = 0 if DEVELOPMENT else 2 * 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
RATELIMIT_ENABLE = not BENCH
RATELIMIT_FAIL_OPEN = True
API_MAX_BYTES = 1_000_000  # of a request's JSON
# E410: the admin uses the product's own session (RequestDoor), not Django's. Ratelimit does not know Django's Redis
# cache.
SILENCED_SYSTEM_CHECKS = [
    "admin.E410", "django_ratelimit.E003", "django_ratelimit.W001",
]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["clinics.auth.door.DoorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["clinics.access.NamedCapability"],
    "DEFAULT_THROTTLE_CLASSES": ["clinics.limits.ListThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["dentalogic.lib.bodies.JSONBody"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "dentalogic.lib.refusals.api_answer",
    "PAGE_SIZE": 50,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Dentalogic",
    "DESCRIPTION": "API of a dental clinic: agenda, patients, conversations and cash.",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["clinics.openapi.without_aliases"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums", "clinics.openapi.with_what_is_always_possible"],
    "ENUM_NAME_OVERRIDES": {
        "AppointmentStatus": "agenda.models.appointment.Status",
        "PatientStatus": "clinics.patients.models.patient.Patient.Status",
        "LeadSource": "messaging.leads.models.Source",
    },
}

LANGUAGE_CODE = "es-ar"
LANGUAGES = [("es-ar", "Español (Argentina)"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = PRODUCTION
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "dentalogic" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_AUTOREFRESH = DEVELOPMENT and not BENCH
MEDIA_ROOT = DATA_DIR / "media"  # no address leads there: files are served after a look at who asks
FILE_UPLOAD_HANDLERS = ["dentalogic.lib.bodies.Capped", "django.core.files.uploadhandler.TemporaryFileUploadHandler"]
UPLOAD_MAX_BYTES = 18_000_000  # of a form with a file
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700

# smtp://, smtp+tls:// (STARTTLS) or smtps://, with user:password@host:port. None: no page offers what needs mail
_MAIL = urlsplit(env("EMAIL_URL", ""))
if _MAIL.scheme not in ("", "smtp", "smtp+tls", "smtps"):
    raise ImproperlyConfigured("EMAIL_URL begins with smtp://, smtp+tls:// or smtps://")
EMAIL_HOST = _MAIL.hostname or ""
EMAIL_PORT = _MAIL.port or {"smtps": 465, "smtp+tls": 587}.get(_MAIL.scheme, 25)
EMAIL_HOST_USER = unquote(_MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(_MAIL.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.scheme == "smtp+tls", _MAIL.scheme == "smtps"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", None if EMAIL_HOST else "Dentalogic <nobody@localhost>")
# Where mailed links lead: said here, for what a request says of its host is the asker's
PUBLIC_URL = env(
    "PUBLIC_URL", f"https://{ALLOWED_HOSTS[0]}" if PRODUCTION and ALLOWED_HOSTS else "http://localhost:8000"
)

YCLOUD_API_BASE = env("YCLOUD_API_BASE", "https://api.ycloud.com/v2")
YCLOUD_MEDIA_HOSTS = env_list("YCLOUD_MEDIA_HOSTS")  # besides the API's own; exact, none of them gets the key
META_API_BASE = env("META_API_BASE", "https://graph.facebook.com")
META_API_VERSION = env("META_API_VERSION", "v23.0")
META_MEDIA_HOSTS = env_list("META_MEDIA_HOSTS", "lookaside.fbsbx.com")  # exact; they want the channel's token
# One Meta app of the installation for many clinics, at /webhooks/meta. Without a secret nobody is let in there
META_APP_SECRET = env("META_APP_SECRET", "")
META_VERIFY_TOKEN = env("META_VERIFY_TOKEN", "")
WEBHOOK_MAX_BYTES = env_int("WEBHOOK_MAX_BYTES", 1_000_000)
WEBHOOK_MAX_AGE = env_int("WEBHOOK_MAX_AGE", 6 * 3600)  # seconds; longer than the provider's retries
# Google Calendar: an OAuth client of the installation; each professional's grant is in the clinic's vault
GOOGLE_API_BASE = env("GOOGLE_API_BASE", "https://www.googleapis.com/calendar/v3/")
GOOGLE_OAUTH_AUTH = env("GOOGLE_OAUTH_AUTH", "https://accounts.google.com/o/oauth2/v2/auth")
GOOGLE_OAUTH_TOKEN = env("GOOGLE_OAUTH_TOKEN", "https://oauth2.googleapis.com/token")
GOOGLE_OAUTH_REVOKE = env("GOOGLE_OAUTH_REVOKE", "https://oauth2.googleapis.com/revoke")
GOOGLE_OAUTH_CLIENT_ID = env("GOOGLE_OAUTH_CLIENT_ID", "")
GOOGLE_OAUTH_CLIENT_SECRET = env("GOOGLE_OAUTH_CLIENT_SECRET", "")
GOOGLE_LIVE_MILLISECONDS = env_int("GOOGLE_LIVE_MILLISECONDS", 1500)  # for every calendar of one question together
GOOGLE_LIVE_FRESH = env_int("GOOGLE_LIVE_FRESH", 10)  # seconds an answer is still live: a conversation asks in bursts
GOOGLE_PULL_SECONDS = env_int("GOOGLE_PULL_SECONDS", 120)  # between pulls of a calendar that nobody watches
OPENAI_API_KEY = env("OPENAI_API_KEY", "")
OPENAI_BASE_URL = env("OPENAI_BASE_URL", "https://api.openai.com/v1")
OPENAI_MODEL = env("OPENAI_MODEL", "gpt-6-luna")
# What a model costs, in US dollars a million tokens, given/answered: `gpt-6-luna=0.5/2,other=1/4`. None is assumed
MODEL_PRICES = env_prices("MODEL_PRICES")
# Voice notes: OpenAI's server with the clinic's key, or another that speaks its protocol, with this key and no other
TRANSCRIPTION_BASE_URL = env("TRANSCRIPTION_BASE_URL", "")
TRANSCRIPTION_API_KEY = env("TRANSCRIPTION_API_KEY", "")
TRANSCRIPTION_MODEL = env("TRANSCRIPTION_MODEL", "gpt-transcribe")
TRANSCRIPTION_PRICE = env_price("TRANSCRIPTION_PRICE")  # US dollars a minute; none is assumed
TRANSCRIPTION_TIMEOUT = env_int("TRANSCRIPTION_TIMEOUT", 20)  # seconds
TRANSCRIPTION_LONGEST = env_int("TRANSCRIPTION_LONGEST", 600)  # seconds of a recording that is listened to
TRANSCRIPTION_LARGEST = env_int("TRANSCRIPTION_LARGEST", 8_000_000)  # and its bytes
MEDIA_DEADLINE = env_int("MEDIA_DEADLINE", 20)  # seconds that a turn waits for what was said in a recording
MEDIA_LINK_SECONDS = env_int("MEDIA_LINK_SECONDS", 120)
TURN_DEADLINE = env_int("TURN_DEADLINE", 45)  # seconds for the model's turn; then the offline receptionist answers
MODEL_TIMEOUT = env_int("MODEL_TIMEOUT", 20)  # seconds for one call of the model
QUIET_SECONDS = env_int("QUIET_SECONDS", 0)  # 0: each clinic's own setting
# seconds until a dead worker's turn is taken again: longer than a turn, which waits for recordings; a model's is long
TURN_LEASE = env_int("TURN_LEASE", MEDIA_DEADLINE + TURN_DEADLINE + 30)
OUTBOX_DOUBT = env_int("OUTBOX_DOUBT", 60)  # seconds a send without an answer waits for the provider's report
UPLOAD_SECONDS = env_int("UPLOAD_SECONDS", 60)  # that a file may take to the provider before: added to them
# messages a second of one number, below what the provider passes on; templates slower, for Meta watches their sender
OUTBOX_PACE = {"ycloud": env_int("YCLOUD_PACE", 60), "meta": env_int("META_PACE", 80)}
OUTBOX_TEMPLATE_PACE = env_int("TEMPLATE_PACE", 20)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {
        "()": "dentalogic.lib.faults.QuietFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "WARNING" if BENCH else "INFO")},
    "loggers": {"django.request": {"level": "ERROR"}, "httpx2": {"level": "WARNING"}},
}
