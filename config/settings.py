"""Django's settings, derived from one typed object (config/env.py).

No secret and no address is written here; every mode differs only by its environment.
"""

import os
import secrets
from base64 import b64encode
from pathlib import Path
from urllib.parse import unquote, urlsplit

from config import databases, policies, schedule, sign_in
from config.env import Portal, load
from config.logs import log_settings
from config.oidc import oidc_provider
from config.static_headers import static_headers

BASE_DIR = Path(__file__).resolve().parent.parent


def _stand_ins() -> dict[str, str]:
    """Values that the demo and the tests make for themselves; production has none."""
    if os.environ.get("PORTAL_MODE") not in ("demo", "test"):
        return {}
    return {
        "SECRET_KEY": secrets.token_urlsafe(48),
        "AUDIT_KEY": secrets.token_urlsafe(48),
        "VAULT_KEYS": "made-at-start:" + b64encode(secrets.token_bytes(32)).decode(),
        "BASE_URL": "http://localhost:8000",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver,[::1]",
        "DATABASE_URL": f"sqlite:///{BASE_DIR / '.demo' / 'portal.sqlite3'}",
        "REDIS_URL": "memory://",
        "EMAIL_URL": "memory://" if os.environ.get("PORTAL_MODE") == "test" else "console://",
    }


PORTAL: Portal = load(_stand_ins())
PRODUCTION = PORTAL.mode == "production"
HTTPS = PORTAL.base_url.startswith("https://")

SECRET_KEY = PORTAL.secret_key.get_secret_value()
DEBUG = False
ALLOWED_HOSTS = list(PORTAL.allowed_hosts) or [urlsplit(PORTAL.base_url).hostname or ""]
CSRF_TRUSTED_ORIGINS = [PORTAL.base_url]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "csp",
    "django_htmx",
    "onboarding.people",
    "onboarding.audit",
    "onboarding.notifications",
    "onboarding.periodic",
    "onboarding.journey",
    "onboarding.handover",
    "onboarding.questions",
    "onboarding.team",
    "onboarding.dashboards",
    "onboarding.clients",
    "onboarding.ops",
    "onboarding.help",
    "onboarding.ui",
    "onboarding.conversion",
    "onboarding.seeding",
    "certs",
    "certs.doctor",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "onboarding.dashboards.security_middleware.SecurityLogMiddleware",
    "onboarding.people.middleware.KnownBrowserMiddleware",
    "onboarding.people.middleware.LastPersonMiddleware",
    "onboarding.people.middleware.SessionLimitMiddleware",
    "onboarding.people.middleware.HeldRequestMiddleware",
    "onboarding.journey.middleware.SignInMiddleware",
    "onboarding.journey.middleware.SecondFactorMiddleware",
    "onboarding.journey.middleware.RefusalMiddleware",
    "onboarding.dashboards.board.middleware.OwnChangesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "onboarding.ui.middleware.NoStoreMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "onboarding.ui.context_processors.portal_context",
            ],
        },
    },
]
FORM_RENDERER = "onboarding.ui.form_renderer.FormRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("govuk",)
CRISPY_TEMPLATE_PACK = "govuk"
CRISPY_FAIL_SILENTLY = False

DATABASES = {"default": databases.describe_database(PORTAL)}
ON_REDIS = PORTAL.redis_url.startswith(("redis", "rediss", "unix"))
CACHES = {
    "default": (
        {"BACKEND": "config.cache.JsonRedisCache", "LOCATION": PORTAL.redis_url}
        if ON_REDIS
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}
# For so many seconds the ops board is kept for all of ops; the demo and the tests draw it for each answer.
BOARD_SECONDS = 10 if PRODUCTION else 0
# Truth lives in the database: Redis may be wiped at any moment and nobody is signed out.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"

CELERY_BROKER_URL = PORTAL.broker_url
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 900} if ON_REDIS else {"polling_interval": 0.05}
CELERY_TASK_IGNORE_RESULT = CELERY_TASK_ACKS_LATE = True
# A task that ended its worker is not put back: it would end the next one at once. Leases in the database bring back,
# within minutes, what was cut short by chance (docs/operations.md).
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 100
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
# JSON only, in both directions: a message in Redis must not be able to run code here.
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = CELERY_EVENT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = CELERY_RESULT_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"  # in memory: beat keeps nothing
CELERY_BEAT_SCHEDULE = schedule.build_beat_schedule(PORTAL.poll_speed)
PERIODIC_JOBS = schedule.build_periodic_jobs(PORTAL.poll_speed)

# Sign-in by email (django-allauth). Accounts are made by invitation or by ops, never by signing up.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "onboarding.people.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the owner is written to when a password changes
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "onboarding.people.reset_links.ResetTokenGenerator"  # noqa: S105
ACCOUNT_RATE_LIMITS = sign_in.RATE_LIMITS
ALLAUTH_RATE_LIMIT_IPV6_PREFIX = sign_in.IPV6_PREFIX
ACCOUNT_FORMS = {
    "change_password": "onboarding.people.account_forms.OwnPasswordForm",
    "reset_password": "onboarding.people.account_forms.ForgottenPasswordForm",
}
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds that a confirmed password counts as fresh
ALLAUTH_TRUSTED_PROXY_COUNT = int(PORTAL.trust_proxy)  # whose X-Forwarded-For counts for rate limits
ACCOUNT_SESSION_REMEMBER = SOCIALACCOUNT_STORE_TOKENS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
LOGIN_URL = "account_login"

# The second factor: a code app, a passkey or security key, and codes for the day on which these are lost.
MFA_ADAPTER = "onboarding.people.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "onboarding.people.factor_forms.CodeAppForm",
    "authenticate": "onboarding.people.factor_forms.CodeForm",
    "reauthenticate": "onboarding.people.factor_forms.AskAgainForm",
    "add_webauthn": "onboarding.people.factor_forms.AddKeyForm",
    "login_webauthn": "onboarding.people.factor_forms.KeySignInForm",
    "authenticate_webauthn": "onboarding.people.factor_forms.KeyForm",
    "reauthenticate_webauthn": "onboarding.people.factor_forms.KeyAgainForm",
}
MFA_RATE_LIMITS = sign_in.MFA_RATE_LIMITS
MFA_PASSKEY_LOGIN_ENABLED = MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Certificate onboarding"
MFA_TOTP_TOLERANCE = 1  # telephones' clocks are up to half a minute wrong
MFA_ALLOW_UNVERIFIED_EMAIL = True  # nobody signs up: an admin or ops wrote to the address
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow it on localhost only

# The organisation's own sign-in (OpenID Connect). It says who somebody is; who may come in is said by invitations.
SOCIALACCOUNT_ADAPTER = "onboarding.people.oidc.OrganisationAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # form-action would have to name every address on the provider's way
SOCIALACCOUNT_PROVIDERS = {"openid_connect": oidc_provider(PORTAL)}
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "onboarding.people.breached_passwords.BreachedPasswordValidator"},
]

_MAIL = urlsplit(PORTAL.email_url)
EMAIL_BACKEND = {
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
    "smtps": "django.core.mail.backends.smtp.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "memory": "django.core.mail.backends.locmem.EmailBackend",
}[_MAIL.scheme]
EMAIL_HOST = _MAIL.hostname or "localhost"
EMAIL_PORT = _MAIL.port or 25
EMAIL_HOST_USER = unquote(_MAIL.username or "")
EMAIL_HOST_PASSWORD = unquote(_MAIL.password or "")
EMAIL_USE_SSL = _MAIL.scheme == "smtps"
EMAIL_USE_TLS = _MAIL.scheme == "smtp" and "tls" in _MAIL.query
EMAIL_FILE_PATH = _MAIL.path or None
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = SERVER_EMAIL = PORTAL.email_from

LANGUAGE_CODE = "en-gb"
TIME_ZONE = PORTAL.time_zone
USE_TZ, USE_I18N = True, False
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles" if PRODUCTION else None  # collected in the image only
STATICFILES_DIRS = [(BASE_DIR / "static" / "build")] if (BASE_DIR / "static" / "build").is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if PRODUCTION
            else "django.contrib.staticfiles.storage.StaticFilesStorage"
        )
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_ADD_HEADERS_FUNCTION = static_headers

# Uploads are held in memory, never in a temporary file: a wrong upload may be a private key.
UPLOAD_LIMIT = 1024 * 1024  # bytes
FILE_UPLOAD_HANDLERS = ["onboarding.ui.uploads.MemoryOnlyUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * UPLOAD_LIMIT
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = sign_in.LIFETIME
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = sign_in.cookie_name("sessionid", https=HTTPS)
CSRF_COOKIE_NAME = sign_in.cookie_name("csrftoken", https=HTTPS)
MESSAGE_COOKIE_NAME = sign_in.cookie_name("messages", https=HTTPS)
KNOWN_BROWSER_COOKIE_NAME = sign_in.cookie_name("known_browser", https=HTTPS)
LAST_PERSON_COOKIE_NAME = sign_in.cookie_name("last_person", https=HTTPS)
MESSAGE_STORAGE = "onboarding.ui.message_storage.MessageStorage"
CSRF_FAILURE_VIEW = "onboarding.people.csrf_failure.csrf_failure"
SECURE_SSL_REDIRECT = PRODUCTION and HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION and HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION and HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
if PORTAL.trust_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = policies.CONTENT_SECURITY
PERMISSIONS_POLICY = policies.PERMISSIONS

LOGGING = log_settings(PORTAL.log_level)
