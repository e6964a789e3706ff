"""Where everything of one demo is, and what its processes are given."""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from dotenv import dotenv_values

from demo import names, processes
from demo.processes import Child, DemoStopped
from plugin.settings import Settings
from sandbox import clock

EXTENSIONS = Path(__file__).parents[1] / "extensions"
SHOP = "suki-demo.myshopify.com"
CURRENCY = "PHP"
OWN_WISHES = ("database_url", "database_pool_size", "web_workers", "log_level")


@dataclass(frozen=True)
class Plan:
    """One demo."""

    data_dir: Path
    port: int
    sandbox_port: int
    smtp_port: int

    @property
    def app_url(self) -> str:
        """The app."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        """The local Shopify."""
        return f"http://127.0.0.1:{self.sandbox_port}"

    @property
    def logs(self) -> Path:
        """What the processes write."""
        return self.data_dir / "logs"

    @property
    def addresses(self) -> dict[str, str]:
        """What a person opens."""
        return {
            "The merchant's panel": f"{self.sandbox_url}/shops/{SHOP}/admin",
            "The shop": f"{self.sandbox_url}/shops/{SHOP}/",
            "All surfaces": f"{self.sandbox_url}/shops/{SHOP}/surfaces",
            "Stories": f"{self.sandbox_url}/shops/{SHOP}/stories",
            "The mails": f"{self.sandbox_url}/mailbox",
            "The sandbox": f"{self.sandbox_url}/",
        }

    @property
    def sandbox_options(self) -> tuple[str, ...]:
        """The command line of the sandbox; key, secret and app come by the environment."""
        given = {"port": self.sandbox_port, "smtp-port": self.smtp_port, "data-dir": self.data_dir / "sandbox",
                 "extensions-dir": EXTENSIONS, "theme-extension": EXTENSIONS / "theme-loyalty"}  # fmt: skip
        options = [word for name, value in given.items() for word in (f"--{name}", str(value))]
        return (*options, "--shop", f"{SHOP},{CURRENCY}")

    @cached_property
    def environment(self) -> dict[str, str]:
        """What every process is given: nothing of this machine's own Shopify or mail settings."""
        settings = {name.upper() for name in Settings.model_fields if name not in OWN_WISHES}
        kept = {name: value for name, value in os.environ.items() if name not in settings and value}
        return kept | self._secrets() | self._addresses_of_parts()

    def _addresses_of_parts(self) -> dict[str, str]:
        return {
            "APP_URL": self.app_url,
            "PORT": str(self.port),
            "DATA_DIR": str(self.data_dir),
            "SHOPIFY_SHOP_URL": f"{self.sandbox_url}/shops/{{shop}}",
            "SHOPIFY_ADMIN_FRAME": self.sandbox_url,
            "APP_BRIDGE_URL": f"{self.sandbox_url}/cdn/app-bridge.js",
            "SHOPIFY_FILES_URL": self.sandbox_url,
            "POLARIS_URL": f"{self.sandbox_url}/cdn/polaris.js",
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.smtp_port),
            "SMTP_SECURITY": "none",
            "MAIL_FROM": f"rewards@{names.RELAY}",
            "DNS_SERVERS": f"127.0.0.1:{self.smtp_port}",
            "OUTGOING_TRUSTED_HOSTS": f"127.0.0.1:{self.sandbox_port}",
            **names.SETTINGS,
            clock.FILE: str(self.data_dir / "clock.json"),
            "PYTHONUNBUFFERED": "1",
        }

    def _secrets(self) -> dict[str, str]:
        """Random, made once, kept beside the data that they encrypt."""
        file = self.data_dir / "demo.env"
        if not file.exists():
            made = {
                "SHOPIFY_API_KEY": secrets.token_hex(16),
                "SHOPIFY_API_SECRET": secrets.token_hex(32),
                "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            }
            file.touch(mode=0o600)
            file.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
        return {name: value for name, value in dotenv_values(file).items() if value}

    def settings(self) -> Settings:
        """All settings of the app, as its processes read them."""
        told = {name: self.environment.get(name.upper()) for name in Settings.model_fields}
        given: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
        return Settings(**{"_env_file": None, **given})

    def write_settings(self) -> Path:
        """All settings of the app in a file, for `suki --env`."""
        file = self.data_dir / "settings.env"
        file.touch(mode=0o600)
        wanted = {name.upper() for name in Settings.model_fields}
        rows = [f"{name}={_quoted(value)}\n" for name, value in sorted(self.environment.items()) if name in wanted]
        file.write_text("".join(rows))
        return file

    def child(self, name: str, *module: str) -> Child:
        """Start one of the processes."""
        return processes.start(name, list(module), self.environment, self.logs)

    def remember_database(self, url: str) -> None:
        """The sandbox's orders and the app's points belong together: one data directory, one database."""
        file, mark = self.data_dir / "demo.database", hashlib.sha256(url.encode()).hexdigest()
        if file.exists() and file.read_text() != mark:
            raise DemoStopped(
                f"{self.data_dir} belongs to another database. Use that one, or another directory: "
                "make demo ARGS='--data-dir .suki-2'"
            )
        file.write_text(mark)


def _quoted(value: str) -> str:
    """As a file of settings takes it, whatever is in it: a space and a # would begin a remark."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
