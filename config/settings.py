"""Every setting, read once from the environment; .env.example says what each is for."""

from pathlib import Path
from typing import Any

import django_stubs_ext
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import env, language, mfa, storage, work
from screening import definitions

# Lets Field[…] and QuerySet[…] be written in annotations that run.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What this installation is -------------------------------------------------
BASE_URL = env.text("BASE_URL").rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", env.text("ALLOWED_HOSTS"))
HTTPS = env.boolean("HTTPS", default=BASE_URL.startswith("https://"))
DEBUG = env.only_here("DEBUG", https=HTTPS)
TRUSTED_PROXIES = env.whole("TRUSTED_PROXIES", 0)
COMPONENTS_PAGE = env.boolean("COMPONENTS_PAGE", default=False)
# Whose crisis lines "Get help now" shows to somebody without a session.
HELP_COUNTRY = env.text("HELP_COUNTRY", "US")
DEAD_MAN = env.boolean("DEAD_MAN", default=True)
MAINTENANCE = env.boolean("MAINTENANCE", default=False)
WEBHOOK_LOOPBACK = env.only_here("WEBHOOK_LOOPBACK", https=HTTPS)
PRODUCT_NAME = "Check-in"

if not BASE_URL.startswith("https://" if HTTPS else "http://"):
    raise ImproperlyConfigured(
        "Set BASE_URL to https:// when HTTPS=true, else http://."
    )
if not HTTPS and env.host(BASE_URL) not in env.THIS_MACHINE:
    raise ImproperlyConfigured("Set HTTPS=true: BASE_URL is not on this machine.")
if any("*" in name or name.startswith(".") for name in ALLOWED_HOSTS):
    raise ImproperlyConfigured(
        "Set ALLOWED_HOSTS to whole host names; * and a leading dot let others in."
    )

# --- Secrets -------------------------------------------------------------------
SECRET_KEY = env.text("SECRET_KEY")
FIELD_KEYS = env.key_ring("FIELD_KEYS")
INDEX_KEY = env.key("INDEX_KEY", env.text("INDEX_KEY"))

if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10:
    raise ImproperlyConfigured("Set SECRET_KEY to at least 50 random characters.")
if INDEX_KEY in FIELD_KEYS.values():
    raise ImproperlyConfigured("Set INDEX_KEY to a key that is not in FIELD_KEYS.")

# --- The house -----------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.HouseConfig",
    "core.apps.CoreConfig",
    "screening.apps.ScreeningConfig",
    "clinicians.apps.CliniciansConfig",
    "records.apps.RecordsConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "rest_framework",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.QuietHeaders",
    "csp.middleware.CSPMiddleware",
    "config.sessions.StaffPathsSession",
    "config.middleware.PatientLanguage",
    "config.maintenance.ShortBreak",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "config.sessions.StaffSession",
    "config.middleware.SignInFirst",
    "config.middleware.SecondFactor",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "config.shell.shell",
            ],
        },
    }
]
if env.boolean("TEMPLATE_STRICT", default=False):
    TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "MISSING TEMPLATE VARIABLE %s"

# --- Storage -------------------------------------------------------------------
DATABASES = {"default": env.database("DATABASE_URL")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Sign-in limits and used one-time codes live here: they must outlast Redis, and
# a cull must not forget them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "core_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_MANIFEST = env.boolean("STATIC_MANIFEST", default=not DEBUG)
STATIC_ROOT = BASE_DIR / "build" / "static" if STATIC_MANIFEST else None
WHITENOISE_USE_FINDERS = not STATIC_MANIFEST
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_MANIFEST
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
# Nothing is uploaded but a CSV of patients, which is read and dropped.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
# Its confirmation may tick every one of 5,000 lines.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_100
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]

# --- Time and language ---------------------------------------------------------
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [(one.code.lower(), one.name) for one in definitions.languages()]
LOCALE_PATHS = [BASE_DIR / "locale"]

# --- Sign-in -------------------------------------------------------------------
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/staff/home/"
LOGOUT_REDIRECT_URL = "account_login"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
ACCOUNT_ADAPTER = "config.signin.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator gives the address
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # the same time and text for any address
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
globals().update(mfa.settings(https=HTTPS, issuer=PRODUCT_NAME))
# NIST SP 800-63B asks for 12 hours and 30 minutes at most (its draft of 2023; the
# edition of 2025 allows more): both are held.
STAFF_IDLE_SECONDS = 30 * 60
STAFF_SESSION_SECONDS = 12 * 3600

# --- Cookies, headers, policy --------------------------------------------------
_HOST = "__Host-" if HTTPS else ""
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = f"{_HOST}staff"
SESSION_COOKIE_AGE = STAFF_SESSION_SECONDS
CSRF_COOKIE_NAME = f"{_HOST}csrf"
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
PATIENT_COOKIE_NAME = f"{_HOST}patient"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
# "no-referrer" would make Chromium send Origin: null and every plain form fail.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# A message may name a patient: it waits in the session, not in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE],
        **dict.fromkeys(("style-src", "img-src", "connect-src", "form-action"), [SELF]),
        **dict.fromkeys(("base-uri", "frame-ancestors", "object-src"), [NONE]),
    }
}

# --- Doors to the outside ------------------------------------------------------
globals().update(env.mail("EMAIL_URL", leaves=HTTPS))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL")
# Hosts of the clinic's own network that results may be sent to; others are public.
RECORDS_HOSTS = env.words("RECORDS_HOSTS")
# Where exports wait for whoever asked for them, and files for systems that read files.
RECORDS_FOLDER = env.text("RECORDS_FOLDER", str(BASE_DIR / "build" / "records"))
STORAGES["exports"] = storage.exports("RECORDS_STORAGE")
OPENAI_BASE_URL = env.private_address("OPENAI_BASE_URL")
OPENAI_API_KEY = env.text("OPENAI_API_KEY", "")
OPENAI_MODEL = env.text("OPENAI_MODEL", "")
LANGUAGE_ENABLED = env.boolean("LANGUAGE_ENABLED", default=bool(OPENAI_MODEL))
LANGUAGE_DEADLINE_SECONDS = env.seconds("LANGUAGE_DEADLINE_SECONDS", 3.5)
LANGUAGE_GENERATION_SECONDS = env.seconds("LANGUAGE_GENERATION_SECONDS", 60.0)
LANGUAGE_MAX_CONCURRENT = env.whole("LANGUAGE_MAX_CONCURRENT", 4, least=1)
LANGUAGE_TOKENS_PER_DAY = env.whole("LANGUAGE_TOKENS_PER_DAY", 500_000)
LANGUAGE_COST_PER_DAY = env.amount("LANGUAGE_COST_PER_DAY")
LANGUAGE_PRICE_IN = env.amount("LANGUAGE_PRICE_IN")
LANGUAGE_PRICE_OUT = env.amount("LANGUAGE_PRICE_OUT")
# A model for trying things out: the settings page and the patient's choice say so.
LANGUAGE_NOT_FOR_PATIENTS = env.boolean("LANGUAGE_NOT_FOR_PATIENTS", default=False)
language.check_model(
    enabled=LANGUAGE_ENABLED, model=OPENAI_MODEL, base_url=OPENAI_BASE_URL
)
language.check_generation(seconds=LANGUAGE_GENERATION_SECONDS)
language.check_prices(
    price_in=LANGUAGE_PRICE_IN,
    price_out=LANGUAGE_PRICE_OUT,
    limit=LANGUAGE_COST_PER_DAY,
)

REST_FRAMEWORK = {
    # A forgotten endpoint is closed: it knows no caller and lets none in.
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["config.closed.Closed"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "NUM_PROXIES": TRUSTED_PROXIES,  # a throttle counts what they saw, no claim
}

# --- Work that nothing safety-related rests on ---------------------------------
REDIS_URL = env.text("REDIS_URL", "redis://127.0.0.1:6379/0")
globals().update(work.settings(REDIS_URL))

LOG_LEVEL = env.one_of("LOG_LEVEL", "INFO", env.LOG_LEVELS)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"()": "config.logs.Discreet", "traces": DEBUG}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "level": LOG_LEVEL, "propagate": True},
        "fido2": {"level": "WARNING"},  # names every passkey
        "fontTools": {"level": "WARNING"},  # talks at every PDF
    },
}
