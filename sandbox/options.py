"""What a sandbox is started with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_SCOPES = (
    "read_orders", "read_all_orders", "write_customers", "write_discounts", "read_products", "write_gift_cards",
    "read_store_credit_accounts", "write_store_credit_account_transactions", "read_files", "read_locales",
)  # fmt: skip
# Seconds until each of Shopify's eight repeats, about four hours together.
RETRY_SECONDS = (10, 60, 300, 900, 1800, 3000, 3900, 4400)
# Bucket size and points restored a second, by the shop's plan.
PLANS = {"standard": (2000, 100), "advanced": (4000, 200), "plus": (20000, 1000)}


@dataclass
class Options:
    """Addresses, keys and speeds of one sandbox. What is particular to an app is here, and nowhere else."""

    data_dir: Path
    app_url: str = "http://127.0.0.1:8300"
    api_key: str = "sandbox-key"
    api_secret: str = "sandbox-secret-of-at-least-32-bytes"
    host: str = "127.0.0.1"
    port: int = 9300
    smtp_port: int = 9325
    api_version: str = "2026-10"
    app_path: str = "/app"
    app_handle: str = "suki"
    app_name: str = "Suki"
    webhook_path: str = "/webhooks"
    proxy_path: str = "/proxy"
    proxy_subpath: str = "suki"
    app_toml: Path | None = None
    extensions_dir: Path | None = None  # folders of UI extensions that were built
    theme_extension: Path | None = None
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    token_seconds: int = 3600
    refresh_seconds: int = 90 * 24 * 3600
    id_token_seconds: int = 60
    retry_seconds: tuple[float, ...] = RETRY_SECONDS
    time_factor: float = 60.0
    senders: int = 8
    connect_timeout_seconds: float = 1.0
    answer_timeout_seconds: float = 5.0
    seed: int = 1
    bucket: tuple[int, int] | None = None
    bulk_seconds: float = 0.3  # how long Shopify works on 250 codes
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the sandbox is reached."""
        return f"http://{self.host}:{self.port}"
