"""Settings, read from the environment (`SENDMILL_…`), and Django's configuration made from them.

`Environment` is the one list of what an operator can set; everything below it follows.
"""

from __future__ import annotations

import math
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from sendmill.storage.postgres import Embedded, default_data_dir, django_database
from sendmill.storage.stamps.examination import Surroundings
from sendmill.storage.stamps.place import default_state_dir

LATE_REPORT_DAYS = 5  # for which a report still finds its message after that has expired


class Environment(BaseSettings):
    """What an operator can set; each field is the environment variable `SENDMILL_<FIELD>`."""

    model_config = SettingsConfigDict(env_prefix="SENDMILL_", extra="ignore", populate_by_name=True)

    data_dir: Path = Field(default_factory=default_data_dir, description="Folder of all data.")
    database_url: str = Field(
        default="",
        validation_alias=AliasChoices("DATABASE_URL", "SENDMILL_DATABASE_URL"),
        description="A PostgreSQL server of your own; empty: the embedded one.",
    )
    allow_unsafe_server: bool = Field(
        default=False,
        description="Start on a server with fsync or full_page_writes off: a power cut may then send twice.",
    )
    database_wait_seconds: int = Field(
        default=60, ge=0, description="How long a start waits for a server of your own, in seconds."
    )
    database_connections: int = Field(
        default=0,
        ge=0,
        description="Connections to the database of one sender at most; 0: a share of what the server allows.",
    )
    secret_key: str = Field(
        default="", description="Signs sessions; empty: made once, kept in the data folder."
    )
    state_dir: Path = Field(
        default_factory=default_state_dir,
        description="Folder of the marks that tell an older store; keep it outside of backups and of the data folder.",
    )
    second_state_dir: Path | None = Field(
        default=None,
        description="A second such folder, on another machine: it tells when this whole machine was rolled back.",
    )
    place: str = Field(
        default="", description="Names this machine; for containers, whose machine-id is no name."
    )
    debug: bool = Field(default=False, description="Show tracebacks in the browser. Never in production.")
    host: str = Field(default="127.0.0.1", description="Address the console listens on.")
    port: int = Field(default=8080, description="Port the console listens on.")
    allowed_hosts: str = Field(
        default="localhost,127.0.0.1,[::1]", description="Host names served, by comma."
    )
    https: bool = Field(
        default=False, description="The console is reached over HTTPS: cookies become secure."
    )
    language: Literal["en", "zh-hans"] = Field(default="en", description="Language before sign-in.")
    log_level: str = Field(default="info", description="debug, info, warning or error.")
    log_format: Literal["console", "json"] = Field(default="console", description="Form of log lines.")

    metrics_host: str = Field(
        default="127.0.0.1", description="Address of health and metrics of each process; empty: not served."
    )
    metrics_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="Port of health and metrics; 0: a free one, noted for `doctor`.",
    )

    max_file_mb: int = Field(default=12, ge=1, description="Largest recipient number file, in MB.")
    max_numbers: int = Field(default=1_000_000, ge=1, description="Most numbers in one file.")
    allow_chinese_file_names: bool = Field(
        default=False, description="Accept Chinese characters in file names."
    )
    schedule_days: int = Field(
        default=31, ge=1, description="How far ahead a task may be scheduled, in days."
    )
    cancel_minutes: int = Field(
        default=5, ge=0, description="A task can be canceled until this long before its time."
    )
    overdue_hours: int = Field(
        default=24, ge=1, description="A scheduled task not executed this long is canceled."
    )
    report_hours: int = Field(
        default=72, ge=1, description="Without a report for this long a message is EXPIRED."
    )
    failed_download_days: int = Field(
        default=3, ge=1, description="How long failed numbers can be downloaded."
    )
    direct_download_rows: int = Field(
        default=100_000, ge=0, description="A file with more rows is made in the background."
    )
    download_hours: int = Field(
        default=24, ge=1, description="How long a file made in the background is kept."
    )
    limit_verification_minute: int = Field(
        default=2, ge=0, description="Verification messages a mainland number gets in a minute; 0: no limit."
    )
    limit_verification_day: int = Field(
        default=50, ge=0, description="Verification messages a mainland number gets in 24 hours; 0: no limit."
    )
    limit_notification_minute: int = Field(
        default=10, ge=0, description="Notifications a mainland number gets in a minute; 0: no limit."
    )
    limit_notification_day: int = Field(
        default=50, ge=0, description="Notifications a mainland number gets in 24 hours; 0: no limit."
    )
    limit_promotion_hour: int = Field(
        default=4, ge=0, description="Promotions a mainland number gets in an hour; 0: no limit."
    )
    limit_promotion_day: int = Field(
        default=10, ge=0, description="Promotions a mainland number gets in 24 hours; 0: no limit."
    )
    limit_same_minute: int = Field(
        default=2, ge=0, description="Equal texts a mainland number gets in 59 seconds; 0: no limit."
    )
    limit_same_hour: int = Field(
        default=5, ge=0, description="Equal texts a mainland number gets in 59 minutes; 0: no limit."
    )
    carrier_response_seconds: float = Field(
        default=30.0, gt=0, description="How long a carrier may take to answer, in seconds."
    )
    carrier_enquire_seconds: float = Field(
        default=30.0, gt=0, description="After so many silent seconds a carrier is asked whether it is there."
    )
    failover_seconds: int = Field(
        default=60, ge=1, description="A carrier that was not bound this long is passed over, in seconds."
    )
    failover_messages: int = Field(
        default=200,
        ge=0,
        description="A carrier is passed over for its failures after this many results in 5 minutes; 0: never.",
    )
    retention_days: int = Field(
        default=90, ge=4, description="How long the messages of an ended task are kept, in days."
    )
    draft_days: int = Field(
        default=7,
        ge=1,
        description="How long a task that was never confirmed and its file are kept, in days.",
    )
    received_days: int = Field(
        default=90, ge=4, description="How long replies and reports without a message are kept, in days."
    )
    sign_in_days: int = Field(
        default=90, ge=1, description="How long sign-ins are kept beside the audit log, in days."
    )
    session_hours: int = Field(
        default=12, ge=1, description="A sign-in ends after this long without a click."
    )

    email_host: str = Field(
        default="", description="SMTP server of invitations and password links; empty: written to the log."
    )
    email_port: int = Field(default=587, description="Port of the SMTP server.")
    email_user: str = Field(default="", description="User name at the SMTP server.")
    email_password: str = Field(default="", repr=False, description="Password at the SMTP server.")
    email_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How mail is protected on its way: starttls, tls or none."
    )
    email_from: str = Field(default="Sendmill <sendmill@localhost>", description="Sender of mails.")

    @cached_property
    def secret(self) -> str:
        """The signing key: as set, else made once and kept in the data folder with mode 600."""
        if self.secret_key:
            return self.secret_key
        path = self.data_dir / "secret_key"
        try:
            return path.read_text()
        except FileNotFoundError:
            pass
        self.data_dir.mkdir(parents=True, exist_ok=True)
        key = secrets.token_urlsafe(48)
        draft = path.with_name(f"secret_key.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(key)
        try:
            os.link(draft, path)
        except FileExistsError:
            key = path.read_text()
        finally:
            draft.unlink()
        return key

    @property
    def submission_days(self) -> int:
        """How long the ids that carriers gave are kept: as long as reports are awaited, and for late ones longer."""
        return math.ceil(self.report_hours / 24) + LATE_REPORT_DAYS

    @cached_property
    def dsn(self) -> str:
        """Connection string of the database, whether it runs or not."""
        if self.database_url:
            return self.database_url
        return Embedded(self.data_dir).dsn

    @property
    def around(self) -> Surroundings:
        """Where this process is, for telling whether the store may be older than what was sent from it."""
        folders = (
            (self.state_dir,) if self.second_state_dir is None else (self.state_dir, self.second_state_dir)
        )
        embedded = self.database_url in ("", Embedded(self.data_dir).status().dsn)
        return Surroundings(folders, self.data_dir if embedded else None, self.place)


ENV = Environment()

SECRET_KEY = ENV.secret
DEBUG = ENV.debug
ALLOWED_HOSTS = [host.strip() for host in ENV.allowed_hosts.split(",") if host.strip()]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if host != "*"] if ENV.https else []
DATABASES = {
    "default": django_database(ENV.dsn) | {"CONN_MAX_AGE": 300, "CONN_HEALTH_CHECKS": True},
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
    "sendmill.storage",
    "sendmill.accounts",
    "sendmill.catalog",
    "sendmill.tasks",
    "sendmill.console",
]
MIDDLEWARE = [
    "sendmill.console.meters.RequestMetrics",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
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

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

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
AXES_LOCKOUT_CALLABLE = "sendmill.console.pages.people.locked_out"
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
LOCALE_PATHS = [Path(__file__).parent / "console" / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"

EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if ENV.email_host else 'console'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = ENV.email_host, ENV.email_port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENV.email_user, ENV.email_password
EMAIL_USE_TLS, EMAIL_USE_SSL = ENV.email_security == "starttls", ENV.email_security == "tls"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENV.email_from

STATIC_URL = "/static/"
MEDIA_ROOT = ENV.data_dir / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "sendmill.console.statics.Versioned"},
}
# Files are served from where they are; a file's address changes with it, so browsers may keep it for long.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 30 * 24 * 3600
FILE_UPLOAD_HANDLERS = [
    "sendmill.console.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "sendmill.console.uploads.OnDisk",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

LOGGING_CONFIG = None  # observe.configure_logging sets up logging for every process
