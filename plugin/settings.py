"""Everything an operator can set: one frozen object, read from the environment and checked once.

Each setting is described in docs/operating/settings.md; a test compares the two.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from psycopg import Error as PsycopgError
from psycopg.conninfo import conninfo_to_dict
from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from plugin import settings_checks as checks
from plugin.errors import SettingsError

LONGEST_OLD_SECRET_DAYS = 30
Purpose = Literal["shopper forms", "access log", "second step", "history file"]
"""What keys of our own are derived for; each has one of its own, so that no signature passes for another."""
LOCAL_HOSTS = ("127.0.0.1", "localhost", "[::1]", "::1")
NEW_KEY_COMMAND = "`suki secrets new` prints a fresh one"


def _is_local(url: str) -> bool:
    return (urlsplit(url).hostname or "") in LOCAL_HOSTS


def _web_address(value: str) -> str:
    """An absolute http(s) address without a trailing slash; plain http only on this machine."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("must be a full address such as https://loyalty.example.com")
    if parts.scheme == "http" and not _is_local(value):
        raise ValueError("must start with https:// (http:// is for this machine only)")
    return value.rstrip("/")


def _base_address(value: str) -> str:
    address = _web_address(value)
    if urlsplit(address).path or urlsplit(address).query:
        raise ValueError("must be the bare address, without a path after the host name")
    return address


def _shop_address(value: str) -> str:
    if "{shop}" not in value:
        raise ValueError("must hold {shop}, the place of the shop's domain")
    return _web_address(value)


def _database_address(value: str) -> str:
    scheme = urlsplit(value).scheme
    if scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
        raise ValueError("must be a PostgreSQL address such as postgresql://user:password@host/database")
    address = "postgresql://" + value.split("://", 1)[1]
    try:
        conninfo_to_dict(address)
    except PsycopgError:
        raise ValueError("must be an address that PostgreSQL can read: write a space in it as %20") from None
    return address


def _is_safe_way(address: str) -> bool:
    """Whether a database is on this machine (a socket, or its own network), or its certificate is verified."""
    said = conninfo_to_dict(address)
    hosts = f"{said.get('host', '')},{said.get('hostaddr', '')}".split(",")
    local = all(not host or host in LOCAL_HOSTS or host.startswith(("/", "@")) for host in hosts)
    return (local and "service" not in said) or said.get("sslmode") == "verify-full"


def _keys(value: SecretStr) -> SecretStr:
    keys = split_keys(value)
    if not keys:
        raise ValueError(f"must hold at least one key; {NEW_KEY_COMMAND}")
    for place, key in enumerate(keys, start=1):
        try:
            Fernet(key)
        except ValueError:
            raise ValueError(f"key {place} is not a Fernet key; {NEW_KEY_COMMAND}") from None
    return value


def _api_version(value: str) -> str:
    if not re.fullmatch(r"\d{4}-(01|04|07|10)|unstable", value):
        raise ValueError("must be one of Shopify's quarterly versions, such as 2026-10")
    return value


def _mail_address(value: str) -> str:
    if not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", value):
        raise ValueError("must be a bare email address such as rewards@example.com")
    return value


def _derived(secret: str, purpose: Purpose) -> bytes:
    """HKDF (RFC 5869): 32 bytes that say nothing of the secret, nor of what is derived for another purpose."""
    return HKDF(algorithm=SHA256(), length=32, salt=b"suki", info=purpose.encode()).derive(secret.encode())


def split_keys(value: SecretStr) -> tuple[str, ...]:
    """The single keys of a comma list, newest first."""
    return tuple(key.strip() for key in value.get_secret_value().split(",") if key.strip())


Filled = Annotated[str, Field(min_length=1)]
FilledSecret = Annotated[SecretStr, Field(min_length=1)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """What the environment (or the file .env) says; each variable is named as the field, in capitals."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_file=".env", env_ignore_empty=True, hide_input_in_errors=True
    )

    database_url: Annotated[str, AfterValidator(_database_address)] | None = None
    database_owner_url: Annotated[str, AfterValidator(_database_address)] | None = None
    database_trust_network: bool = False
    database_pool_size: Annotated[int, Field(ge=1, le=200)] = 10
    data_dir: Filled = ".suki"

    app_url: Annotated[str, AfterValidator(_base_address)]
    port: Port = 8300
    web_workers: Annotated[int, Field(ge=1, le=64)] = 2
    webhook_max_bytes: Annotated[int, Field(ge=1024)] = 2_097_152
    trusted_hops: Annotated[int, Field(ge=1, le=9)] = 1

    shopify_api_key: Filled
    shopify_api_secret: FilledSecret
    shopify_api_secret_old: SecretStr | None = None
    shopify_api_secret_old_until: date | None = None
    shopify_api_version: Annotated[str, AfterValidator(_api_version)] = "2026-10"
    shopify_shop_url: Annotated[str, AfterValidator(_shop_address)] = "https://{shop}"
    shopify_admin_frame: Annotated[str, AfterValidator(_base_address)] = "https://admin.shopify.com"
    shopify_files_url: Annotated[str, AfterValidator(_base_address)] = "https://cdn.shopify.com"
    app_bridge_url: Annotated[str, AfterValidator(_web_address)] = "https://cdn.shopify.com/shopifycloud/app-bridge.js"
    polaris_url: Annotated[str, AfterValidator(_web_address)] = "https://cdn.shopify.com/shopifycloud/polaris-1.js"
    outgoing_trusted_hosts: Annotated[str, AfterValidator(checks.places)] | None = None
    http_timeout_seconds: Annotated[float, Field(gt=0, le=120)] = 10.0

    encryption_keys: Annotated[SecretStr, AfterValidator(_keys)]

    smtp_host: Filled
    smtp_port: Port = 587
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_timeout_seconds: Annotated[float, Field(gt=0, le=300)] = 20.0
    smtp_connections: Annotated[int, Field(ge=1, le=100)] = 8
    mail_from: Annotated[str, AfterValidator(_mail_address)]
    bounce_domain: Annotated[str, AfterValidator(checks.domain)] | None = None
    mail_provider: Literal["ses", "postmark", "mailgun", "sendgrid"] | None = None
    mail_provider_key: SecretStr | None = None
    dkim_selector: Annotated[str, AfterValidator(checks.selector)] | None = None
    dkim_record: Annotated[str, AfterValidator(checks.dkim_record)] | None = None
    spf_term: Annotated[str, AfterValidator(checks.spf_term)] | None = None
    dns_servers: Annotated[str, AfterValidator(checks.dns_servers)] | None = None

    erase_uninstalled_after_days: Annotated[int, Field(ge=2, le=3650)] = 60
    bodies_kept_days: Annotated[int, Field(ge=30, le=3650)] = 90

    log_level: Literal["debug", "info", "warning", "error"] = "info"
    metrics_token: SecretStr | None = None

    @model_validator(mode="after")
    def _verified_tls(self) -> Self:
        for name in ("database_url", "database_owner_url"):
            address = getattr(self, name)
            if address and not self.database_trust_network and not _is_safe_way(address):
                raise ValueError(
                    f"{name.upper()} names another machine: add sslmode=verify-full and sslrootcert (a file, or"
                    " system), or set DATABASE_TRUST_NETWORK=true where nobody else is on the way"
                )
        if self.database_owner_url and not self.database_url:
            raise ValueError("DATABASE_OWNER_URL is set, but not DATABASE_URL")
        return self

    @model_validator(mode="after")
    def _pairs(self) -> Self:
        if (self.smtp_user is None) != (self.smtp_password is None):
            raise ValueError("SMTP_USER and SMTP_PASSWORD: set both, or neither")
        self._check_provider()
        self._check_old_secret()
        if self.smtp_security == "none" and self.smtp_password and self.smtp_host not in LOCAL_HOSTS:
            raise ValueError("SMTP_SECURITY=none would send SMTP_PASSWORD in the clear; use starttls or tls")
        return self

    def _check_provider(self) -> None:
        if (self.mail_provider is None) != (self.mail_provider_key is None):
            raise ValueError("MAIL_PROVIDER and MAIL_PROVIDER_KEY: set both, or neither")
        if len({bool(one) for one in (self.dkim_selector, self.dkim_record, self.spf_term)}) > 1:
            raise ValueError("DKIM_SELECTOR, DKIM_RECORD and SPF_TERM: set all three, or none")
        key = self.mail_provider_key.get_secret_value() if self.mail_provider_key else ""
        if self.mail_provider and (wanted := checks.provider_key_wanted(self.mail_provider, key)):
            raise ValueError(f"MAIL_PROVIDER_KEY must be, for {self.mail_provider}, {wanted}")

    def _check_old_secret(self) -> None:
        until = self.shopify_api_secret_old_until
        if bool(self.shopify_api_secret_old) != (until is not None):
            raise ValueError(
                "SHOPIFY_API_SECRET_OLD and SHOPIFY_API_SECRET_OLD_UNTIL, the last day on which it is accepted: set"
                " both, or neither"
            )
        if until is not None and until > datetime.now(UTC).date() + timedelta(days=LONGEST_OLD_SECRET_DAYS):
            raise ValueError(
                f"SHOPIFY_API_SECRET_OLD_UNTIL must be a day within the next {LONGEST_OLD_SECRET_DAYS} days"
            )

    @property
    def is_local(self) -> bool:
        """Whether the app is reached from this machine only, as in a demo or while it is developed."""
        return _is_local(self.app_url)

    @property
    def own_domains(self) -> bool:
        """Whether shops may send from domains of their own: the relay has keys to sign with."""
        return bool(self.dkim_selector)

    @property
    def outgoing_places(self) -> frozenset[str]:
        """Where outgoing webhooks may go though it is no public address: `host:port` each."""
        return frozenset(filter(None, (self.outgoing_trusted_hosts or "").split(",")))

    @property
    def encryption_key_list(self) -> tuple[str, ...]:
        """The Fernet keys, newest first: the first one encrypts, all of them decrypt."""
        return split_keys(self.encryption_keys)

    def own_keys(self, purpose: Purpose) -> tuple[bytes, ...]:
        """The keys that our own signatures for this purpose are made with (the first) and known by (all of them)."""
        return tuple(_derived(key, purpose) for key in self.encryption_key_list)

    @property
    def access_key(self) -> bytes:
        """What searches are hashed with in the access log; a new first encryption key is a new one here, too."""
        return self.own_keys("access log")[0]

    @property
    def old_secret_ends(self) -> datetime | None:
        """From when on the old client secret is refused: the end of its last day, UTC; None without one."""
        until = self.shopify_api_secret_old_until
        if not self.shopify_api_secret_old or until is None:
            return None
        return datetime.combine(until + timedelta(days=1), time(), UTC)

    @property
    def api_secrets(self) -> tuple[str, ...]:
        """The app's client secrets that are accepted at this moment: one, or two during a rotation. Ask each time."""
        current, old, ends = self.shopify_api_secret, self.shopify_api_secret_old, self.old_secret_ends
        if old is None or ends is None or datetime.now(UTC) >= ends:
            return (current.get_secret_value(),)
        return (current.get_secret_value(), old.get_secret_value())

    def notices(self) -> tuple[str, ...]:
        """What is set and no longer does anything, in words; said at each start."""
        ends = self.old_secret_ends
        if ends is None or datetime.now(UTC) < ends:
            return ()
        return (
            f"SHOPIFY_API_SECRET_OLD is refused since {self.shopify_api_secret_old_until} is over: remove it, and"
            " SHOPIFY_API_SECRET_OLD_UNTIL",
        )


def load_settings() -> Settings:
    """The checked settings of this process; SettingsError names everything that is missing or wrong."""
    try:
        return Settings(**_from_shopify_cli())
    except ValidationError as error:
        problems = "\n".join(f"  - {_in_words(dict(problem))}" for problem in error.errors())
        raise SettingsError(f"Suki cannot start with these settings:\n{problems}") from None


def _from_shopify_cli() -> dict[str, Any]:
    """`shopify app dev` tells an app its public address as HOST."""
    host = os.environ.get("HOST", "")
    return {"app_url": host} if host.startswith("https://") and not os.environ.get("APP_URL") else {}


def _in_words(problem: dict[str, Any]) -> str:
    name = str(problem["loc"][0]).upper() if problem["loc"] else ""
    if problem["type"] == "missing":
        return f"{name} is not set"
    message = problem["msg"].removeprefix("Value error, ")
    return f"{name} {_as_predicate(message)}" if name else message


def _as_predicate(message: str) -> str:
    if message.startswith(("must ", "key ")):
        return message
    return f"is not usable: {message[:1].lower()}{message[1:]}"
