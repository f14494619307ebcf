"""Settings, read from the environment (`SENDMILL_…`). `Environment` is the one list of what an operator can set."""

from __future__ import annotations

import math
import os
import secrets
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from sendmill.runtime.folders import default_data_dir, default_state_dir

LATE_REPORT_DAYS = 5  # after a message has expired, for which a report still finds it


class Environment(BaseSettings):
    """The settings of an operator; each field is the environment variable `SENDMILL_<FIELD>`."""

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
        default=72,
        ge=1,
        description="Without a report for this long a message is EXPIRED; one with a delivered part is Successful.",
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
    failover_seconds: int = Field(
        default=60, ge=1, description="A carrier that was not bound this long is passed over, in seconds."
    )
    failover_messages: int = Field(
        default=200,
        ge=0,
        description="A carrier is passed over for its failures after this many results in 5 minutes; 0: never.",
    )
    breaker_refusals: int = Field(
        default=50,
        ge=0,
        description="So many equal refusals in a row stop a task on a carrier (ten times as many where they name the "
        "message or its number); 0: never.",
    )
    breaker_probe_seconds: float = Field(
        default=60.0,
        gt=0,
        description="After so many seconds one message is tried over a carrier that takes nothing of a task.",
    )
    breaker_longest_seconds: float = Field(
        default=900.0,
        gt=0,
        description="The longest wait between two such tries; each that fails doubles it.",
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
        """The signing key: the one that was set, else one that is created once in the data folder, with mode 600."""
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
        """How many days carriers' message ids are kept: as long as reports are awaited, and longer for late ones."""
        return math.ceil(self.report_hours / 24) + LATE_REPORT_DAYS


ENV = Environment()
