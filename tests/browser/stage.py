"""A whole small world in one process: a local Shopify with its admin frame, the app over HTTP, and its worker."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from werkzeug.serving import make_server

from plugin import app, jobs
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import launches, shops
from sandbox import run
from sandbox.run import Running
from sandbox.shop import orders
from sandbox.state import Record
from webhooks.inbox import process_waiting

THEME = Path(__file__).parents[2] / "extensions" / "theme-loyalty"
DOMAIN = "casa-ana.myshopify.com"


@dataclass
class Stage:
    """What a test can do besides looking."""

    engine: Engine
    sandbox: Running
    work: Work
    app_url: str

    @property
    def admin(self) -> str:
        """The app within the shop's admin."""
        return f"{self.sandbox.url}/shops/{DOMAIN}/admin/apps/{self.sandbox.options.app_handle}"

    @property
    def shop_id(self) -> int:
        """The installed shop."""
        with system_transaction(self.engine) as conn:
            found = shops.by_domain(conn, DOMAIN)
        assert found is not None
        return found.id

    def buy(self, first_name: str, last_name: str, at: datetime | None = None, **wish: Any) -> Record:
        """An order of the first article, by a customer of that name, now or at that moment."""
        shop = self.sandbox.shop(DOMAIN)
        variant = next(v["id"] for product in shop.product.values() for v in product["variants"])
        email = f"{first_name}.{last_name}@example.com".lower()
        asked = orders.Wish(lines=[(variant, 2)], email=email, **wish)
        return self.sandbox.box.place(shop, asked, at, first_name=first_name, last_name=last_name)

    def settle(self) -> None:
        """Wait until every webhook has arrived, and work until nothing is left to do."""
        assert self.sandbox.box.dispatcher.wait_idle(20), "webhooks are still under way"
        while process_waiting(self.engine, self.work.clock) or jobs.run_due(self.work):
            pass

    def execute(self, statement: str) -> None:
        """Change something in the shop's rows."""
        with shop_transaction(self.engine, self.shop_id) as conn:
            conn.exec_driver_sql(statement)


@contextmanager
def opened(settings: Settings, engine: Engine, folder: Path) -> Iterator[Stage]:
    """Start everything on free ports, and stop it."""
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    app_url = f"http://127.0.0.1:{server.server_port}"
    sandbox = _sandbox(settings, folder, app_url)
    placed = settings.model_copy(update=_addresses(sandbox, app_url))
    server.app = app.front(placed, engine)  # each side had to know the other's address first
    threading.Thread(target=server.serve_forever, daemon=True).start()
    assert sandbox.box.install(sandbox.shop(DOMAIN)) == 200
    with Mailer.from_settings(placed) as mailer:
        yield _launched(Stage(engine, sandbox, Work(engine, AdminClients.of(placed), mailer, _soon), app_url))
    server.shutdown()
    server.server_close()
    sandbox.stop()


def _launched(stage: Stage) -> Stage:
    """With a programme that reaches shoppers."""
    with system_transaction(stage.engine) as conn:
        launches.launch(conn, stage.shop_id, datetime.now(UTC))
    return stage


def _sandbox(settings: Settings, folder: Path, app_url: str) -> Running:
    key, secret = settings.shopify_api_key, settings.shopify_api_secret.get_secret_value()
    sandbox = run.start(
        data_dir=folder / "sandbox", app_url=app_url, api_key=key, api_secret=secret, theme_extension=THEME
    )
    sandbox.shop(DOMAIN, currency="PHP")
    return sandbox


def _soon() -> datetime:
    """The worker's clock stands ahead, so that nothing has to be waited for that is put off for a moment."""
    return datetime.now(UTC) + timedelta(minutes=2)


def _addresses(sandbox: Running, app_url: str) -> dict[str, object]:
    return {
        "app_url": app_url,
        "shopify_shop_url": sandbox.shop_url,
        "shopify_admin_frame": sandbox.url,
        "app_bridge_url": f"{sandbox.url}/cdn/app-bridge.js",
        "shopify_files_url": sandbox.url,
        "polaris_url": f"{sandbox.url}/cdn/polaris.js",
        "smtp_port": sandbox.smtp_port,
    }
