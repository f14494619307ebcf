"""Django's configuration, made from the settings of Sendmill (`runtime.settings`) and the database they name."""

from __future__ import annotations

from pathlib import Path

from sendmill.postgres.address import django_database
from sendmill.postgres.embedded.server import database_dsn
from sendmill.runtime.settings import ENV

CONSOLE = Path(__file__).parent / "console"

SECRET_KEY = ENV.secret
DEBUG = ENV.debug
ALLOWED_HOSTS = [host.strip() for host in ENV.allowed_hosts.split(",") if host.strip()]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"] if ENV.https else []
DATABASES = {
    "default": django_database(database_dsn(ENV)) | {"CONN_MAX_AGE": 300, "CONN_HEALTH_CHECKS": True},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "procrastinate.contrib.django",
    "sendmill.message_store",
    "sendmill.accounts",
    "sendmill.billing",
    "sendmill.alarms",
    "sendmill.catalog",
    "sendmill.tasks",
    "sendmill.console",
]
MIDDLEWARE = [
    "sendmill.console.metrics.RequestMetrics",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sendmill.console.middleware.CompressedPages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "sendmill.console.middleware.ContentSecurityPolicy",
    "sendmill.console.middleware.AccountTimeZone",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "sendmill.console.urls"
WSGI_APPLICATION = "sendmill.console.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "sendmill.console.navigation.navigation",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.Member"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "console:sign-in"
LOGIN_REDIRECT_URL = "console:tasks"
LOGOUT_REDIRECT_URL = "console:sign-in"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code"]
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "sendmill.console.pages.sign_in.locked_out"
OTP_TOTP_ISSUER = "Sendmill"

SESSION_COOKIE_AGE = ENV.session_hours * 3600
SESSION_SAVE_EVERY_REQUEST = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.https
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

LANGUAGE_CODE = ENV.language
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [CONSOLE / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if ENV.email_host else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = ENV.email_host, ENV.email_port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENV.email_user, ENV.email_password
EMAIL_USE_TLS, EMAIL_USE_SSL = ENV.email_security == "starttls", ENV.email_security == "tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENV.email_from


def static_is_collected(sources: Path, manifest: Path) -> bool:
    """Whether the collected static files are there and none of their sources, which no wheel has, is newer."""
    return manifest.exists() and all(
        path.stat().st_mtime <= manifest.stat().st_mtime for path in sources.rglob("*") if path.is_file()
    )


# Collected when Sendmill is built: under names with a hash, which browsers keep for ever, and compressed. In a source
# tree where they are not, or where a source was changed since, the sources are served as they are, and never kept.
STATIC_COLLECTED = static_is_collected(CONSOLE / "static", CONSOLE / "static_collected/staticfiles.json")
STATIC_ROOT = CONSOLE / "static_collected" if STATIC_COLLECTED else None
STATIC_URL = "/static/"
MEDIA_ROOT = ENV.data_dir / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not STATIC_COLLECTED
WHITENOISE_MAX_AGE = 0  # of names without a hash
FILE_UPLOAD_HANDLERS = [
    "sendmill.console.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "sendmill.console.uploads.OnDisk",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOGGING_CONFIG = None  # runtime.logs sets up logging for every process
