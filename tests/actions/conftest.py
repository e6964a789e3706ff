"""One sandbox and one webhook endpoint for the whole run; a shop and a clock of its own for each test."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import Engine
from werkzeug.serving import WSGIRequestHandler, make_server

from plugin.actions.codes import fill_codes
from plugin.actions.points.audit import audit
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.settings import Settings
from sandbox import run
from sandbox.run import Running
from tests.actions.stage import SECRET, Clock, Stage
from tests.actions.world import World, a_world
from tests.conftest import KEY, ShopRow, TestDatabase
from webhooks.receive import Intake


class Quiet(WSGIRequestHandler):
    """Says nothing about each request, and keeps connections."""

    protocol_version = "HTTP/1.1"

    def log(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="session")
def endpoint(database: TestDatabase) -> Iterator[str]:
    """The intake over HTTP."""
    settings = Settings(
        _env_file=None,
        app_url="https://loyalty.example.com",
        shopify_api_key="test-key",
        shopify_api_secret=SECRET,
        encryption_keys=KEY,
        smtp_host="127.0.0.1",
        mail_from="rewards@example.com",
    )
    intake = Intake(settings, lambda: database.url)
    server = make_server("127.0.0.1", 0, intake, threaded=True, request_handler=Quiet)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    intake.close()


@pytest.fixture(scope="session")
def town(endpoint: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The sandbox."""
    directory = tmp_path_factory.mktemp("sandbox")
    running = run.start(data_dir=directory, app_url=endpoint, api_key="test-key", api_secret=SECRET, time_factor=1000)
    yield running
    running.stop()


@pytest.fixture
def stage(town: Running, engine: Engine, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """A fresh shop that has just installed the app. Its Shopify is fast, so it is asked soon."""
    monkeypatch.setattr(fill_codes, "ASK_AGAIN_SECONDS", 0.01)
    ours = settings.model_copy(
        update={
            "shopify_api_secret": SecretStr(SECRET),
            "shopify_shop_url": town.shop_url,
            "shopify_files_url": town.url,
            "smtp_port": town.smtp_port,
            "http_timeout_seconds": 3.0,
            "smtp_timeout_seconds": 3.0,
        }
    )
    clock = Clock()
    with Mailer.from_settings(ours) as mailer:
        work = Work(engine, AdminClients.of(ours), mailer, clock)
        shop = town.shop(f"s{uuid.uuid4().hex[:12]}.myshopify.com", currency="USD", name="Kape at Tinapay")
        made = Stage(town, shop, engine, work, clock)
        made.open_app()
        yield made
        town.trouble.calm()
        town.box.dispatcher.wait_idle()
        town.box.post.clear()
        work.clients.admin.session.close()


@pytest.fixture
def world(
    request: pytest.FixtureRequest, engine: Engine, settings: Settings, shop: ShopRow, tmp_path: Path
) -> Iterator[World]:
    """A shop in a sandbox of its own, with the test file's PROGRAMME; the books agree at the end."""
    with a_world(engine, settings, shop.id, shop.domain, request.module.PROGRAMME, tmp_path) as made:
        yield made
        assert audit(engine) == []
