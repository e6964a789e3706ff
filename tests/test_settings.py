"""Settings are checked at once, in words, and never shown."""

from __future__ import annotations

import base64
import hmac
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
import time_machine
from cryptography.fernet import Fernet
from pydantic import ValidationError

from plugin.errors import SettingsError
from plugin.settings import Purpose, Settings, load_settings

PLUGIN = Path(__file__).parents[1] / "plugin"
PAGE = Path(__file__).parents[1] / "docs" / "operating" / "settings.md"
KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()  # the same in every worker: it is in test names
GOOD = {
    "APP_URL": "https://loyalty.example.com",
    "SHOPIFY_API_KEY": "key",
    "SHOPIFY_API_SECRET": "hush-hush",
    "ENCRYPTION_KEYS": KEY,
    "SMTP_HOST": "smtp.example.com",
    "MAIL_FROM": "rewards@example.com",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """The environment of a correct start, in a directory without .env."""
    monkeypatch.chdir(tmp_path)
    for name in (*Settings.model_fields, "host"):
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def problems() -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return [line.strip().removeprefix("- ") for line in caught.value.message.splitlines()[1:]]


def test_a_start_without_anything_names_everything_that_is_needed(environment: pytest.MonkeyPatch) -> None:
    for name in GOOD:
        environment.delenv(name)
    assert sorted(problems()) == sorted(f"{name} is not set" for name in GOOD)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        (
            "APP_URL",
            "http://loyalty.example.com",
            "APP_URL must start with https:// (http:// is for this machine only)",
        ),
        ("APP_URL", "loyalty", "APP_URL must be a full address such as https://loyalty.example.com"),
        (
            "APP_URL",
            "https://example.com/app",
            "APP_URL must be the bare address, without a path after the host name",
        ),
        (
            "ENCRYPTION_KEYS",
            f"{KEY},short",
            "ENCRYPTION_KEYS key 2 is not a Fernet key; `suki secrets new` prints a fresh one",
        ),
        (
            "SHOPIFY_API_VERSION",
            "2026-11",
            "SHOPIFY_API_VERSION must be one of Shopify's quarterly versions, such as 2026-10",
        ),
        (
            "SHOPIFY_SHOP_URL",
            "https://shop",
            "SHOPIFY_SHOP_URL must hold {shop}, the place of the shop's domain",
        ),
        (
            "MAIL_FROM",
            "Suki <a@b.example>",
            "MAIL_FROM must be a bare email address such as rewards@example.com",
        ),
        (
            "DATABASE_URL",
            "mysql://x/y",
            "DATABASE_URL must be a PostgreSQL address such as postgresql://user:password@host/database",
        ),
        ("PORT", "80000", "PORT is not usable: input should be less than or equal to 65535"),
        ("SMTP_SECURITY", "ssl", "SMTP_SECURITY is not usable: input should be 'starttls', 'tls' or 'none'"),
        ("SMTP_USER", "ann", "SMTP_USER and SMTP_PASSWORD: set both, or neither"),
    ],
)
def test_a_wrong_value_is_refused_in_words_that_help(
    environment: pytest.MonkeyPatch, name: str, value: str, problem: str
) -> None:
    environment.setenv(name, value)
    assert problems() == [problem]


@pytest.mark.parametrize(("address", "safe"), [
    ("postgresql://suki:pw@localhost/suki", True), ("postgresql://suki@127.0.0.1:5432/suki", True),
    ("postgresql://suki@[::1]/suki", True), ("postgresql:///suki", True),
    ("postgresql://suki@/suki?host=/run/pg", True),
    ("postgresql://suki:pw@db.example/suki?sslmode=verify-full&sslrootcert=/ca.pem", True),
    ("postgresql://suki:pw@db.example/suki", False), ("postgresql://suki:pw@db.example/suki?sslmode=require", False),
    ("postgresql://suki:pw@db.example/suki?sslmode=verify-ca", False),
    ("postgresql://suki@localhost,db.example/x", False),
    ("postgresql://suki@localhost/suki?hostaddr=10.0.0.5", False), ("postgresql:///suki?service=main", False),
    ("postgresql://suki@/suki?host=db.example", False),
])  # fmt: skip
def test_a_database_on_another_machine_needs_a_verified_certificate(
    environment: pytest.MonkeyPatch, address: str, safe: bool
) -> None:
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        environment.setenv("DATABASE_URL", "postgresql://suki@localhost/suki")
        environment.setenv(name, address)
        environment.delenv("DATABASE_TRUST_NETWORK", raising=False)
        if safe:
            load_settings()
        else:
            [problem] = problems()
            assert problem.startswith(f"{name} names another machine: add sslmode=verify-full and sslrootcert")
            environment.setenv("DATABASE_TRUST_NETWORK", "true")
            load_settings()
        environment.delenv(name)


def test_an_owner_alone_is_no_database(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_OWNER_URL", "postgresql://owner@localhost/suki")
    assert problems() == ["DATABASE_OWNER_URL is set, but not DATABASE_URL"]


def test_an_address_that_cannot_be_read_is_refused(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("DATABASE_URL", "postgresql://suki@/suki?host=/my data/pg")
    assert problems() == ["DATABASE_URL must be an address that PostgreSQL can read: write a space in it as %20"]


def test_several_wrong_values_are_named_in_one_go(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("PORT", "ninety")
    environment.setenv("MAIL_FROM", "nobody")
    environment.delenv("SMTP_HOST")
    assert len(problems()) == 3


def test_a_password_is_never_sent_in_the_clear_to_another_machine(environment: pytest.MonkeyPatch) -> None:
    for name, value in {"SMTP_USER": "ann", "SMTP_PASSWORD": "pw", "SMTP_SECURITY": "none"}.items():
        environment.setenv(name, value)
    assert problems() == ["SMTP_SECURITY=none would send SMTP_PASSWORD in the clear; use starttls or tls"]


def test_an_error_and_a_print_of_the_settings_show_no_secret(environment: pytest.MonkeyPatch) -> None:
    assert "hush-hush" not in repr(load_settings()) and KEY not in str(load_settings())
    environment.setenv("ENCRYPTION_KEYS", "not-a-key-but-secret")
    assert "not-a-key-but-secret" not in "".join(problems())


@pytest.mark.usefixtures("environment")
def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().port = 1  # type: ignore[misc]


def test_the_address_that_the_shopify_cli_gives_is_taken(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("APP_URL")
    environment.setenv("HOST", "https://tunnel.example.dev")
    assert load_settings().app_url == "https://tunnel.example.dev"


def test_a_host_that_is_no_address_is_left_alone(environment: pytest.MonkeyPatch) -> None:
    environment.delenv("APP_URL")
    environment.setenv("HOST", "my-laptop")
    assert problems() == ["APP_URL is not set"]


def test_every_way_to_write_a_postgres_address_is_taken(environment: pytest.MonkeyPatch) -> None:
    for scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        environment.setenv("DATABASE_URL", f"{scheme}://u:p@localhost/suki")
        assert load_settings().database_url == "postgresql://u:p@localhost/suki"


def today() -> date:
    return datetime.now(UTC).date()


@pytest.mark.parametrize(("old", "until", "problem"), [
    ("before", None, "set both, or neither"), (None, 5, "set both, or neither"),
    ("before", 31, "SHOPIFY_API_SECRET_OLD_UNTIL must be a day within the next 30 days"),
])  # fmt: skip
def test_an_old_secret_has_a_last_day_and_it_is_near(
    environment: pytest.MonkeyPatch, old: str | None, until: int | None, problem: str
) -> None:
    if old:
        environment.setenv("SHOPIFY_API_SECRET_OLD", old)
    if until:
        environment.setenv("SHOPIFY_API_SECRET_OLD_UNTIL", (today() + timedelta(days=until)).isoformat())
    assert [words.endswith(problem) for words in problems()] == [True]


def test_an_old_secret_ends_with_its_last_day_while_the_process_runs_and_the_next_start_says_so(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("SHOPIFY_API_SECRET_OLD", "before")
    environment.setenv("SHOPIFY_API_SECRET_OLD_UNTIL", "2026-11-30")
    with time_machine.travel(datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), tick=False) as clock:
        running = load_settings()
        assert (running.api_secrets, running.notices()) == (("hush-hush", "before"), ())
        clock.shift(1)
        assert running.api_secrets == ("hush-hush",)
        assert load_settings().notices() == (
            "SHOPIFY_API_SECRET_OLD is refused since 2026-11-30 is over: remove it, and SHOPIFY_API_SECRET_OLD_UNTIL",
        )


def test_our_own_keys_are_one_for_each_purpose_and_encryption_key_and_none_of_the_client_secret(
    environment: pytest.MonkeyPatch,
) -> None:
    older = Fernet.generate_key().decode()
    first = {purpose: load_settings().own_keys(purpose) for purpose in get_args(Purpose)}
    assert len({key for keys in first.values() for key in keys}) == len(first)
    environment.setenv("SHOPIFY_API_SECRET", "another")
    environment.setenv("ENCRYPTION_KEYS", f"{older},{KEY}")
    for purpose, keys in first.items():
        assert load_settings().own_keys(purpose)[1:] == keys
    expected = hmac.digest(b"suki", KEY.encode(), "sha256")  # RFC 5869, by hand: extract, then one block of expand
    assert first["shopper forms"] == (hmac.digest(expected, b"shopper forms\x01", "sha256"),)


def test_the_client_secret_is_read_only_where_shopify_signs() -> None:
    reading = [
        path.relative_to(PLUGIN.parent).as_posix()
        for path in [*PLUGIN.rglob("*.py"), *(PLUGIN.parent / "webhooks").rglob("*.py")]
        if re.search(r"api_secrets?\b", path.read_text())
    ]
    assert sorted(reading) == [
        "plugin/clients/shopify/tokens.py", "plugin/observe.py", "plugin/settings.py", "plugin/web/auth.py",
        "plugin/web/shopper/proxy.py", "webhooks/receive.py",
    ]  # fmt: skip


def test_two_secrets_and_several_keys_are_in_force_during_a_rotation(environment: pytest.MonkeyPatch) -> None:
    older = Fernet.generate_key().decode()
    environment.setenv("SHOPIFY_API_SECRET_OLD", "before")
    environment.setenv("SHOPIFY_API_SECRET_OLD_UNTIL", today().isoformat())
    environment.setenv("ENCRYPTION_KEYS", f"{KEY}, {older}")
    assert load_settings().api_secrets == ("hush-hush", "before")
    assert load_settings().encryption_key_list == (KEY, older)


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    documented = re.findall(r"^\| `([A-Z_]+)` \|", PAGE.read_text(), flags=re.MULTILINE)
    assert sorted(documented) == sorted(name.upper() for name in Settings.model_fields)


def test_the_documented_defaults_are_the_real_ones() -> None:
    rows = re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \|", PAGE.read_text(), flags=re.MULTILINE)
    shown = {name: text.strip(" `") for name, text in rows}
    for name, field in Settings.model_fields.items():
        expected = "required" if field.is_required() else "none" if field.default is None else str(field.default)
        assert shown[name.upper()] == expected, name
