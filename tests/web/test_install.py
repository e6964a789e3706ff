"""Opening the app installs the shop, and its access stays fresh: against the sandbox, over HTTP."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from cryptography.fernet import Fernet
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import Engine
from structlog.testing import capture_logs
from werkzeug.test import TestResponse

from plugin.actions.shops import install_shop, tokens
from plugin.actions.shops.tokens import AdminClients, access_token
from plugin.actions.work.work import Work
from plugin.app import create_app
from plugin.clients.smtp.mail import Mailer
from plugin.errors import TokenRejected
from plugin.jobs import SCHEDULE
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.shops.seal import Seal, of_token
from plugin.store.shops.shops import Shop, StoredTokens
from plugin.store.versions import programmes
from sandbox import run
from sandbox.run import Running
from sandbox.tokens import revoke_all
from tests.web.session import id_token

DOMAIN = "fresh.myshopify.com"


@pytest.fixture
def sandbox(settings: Settings, tmp_path: Path) -> Iterator[Running]:
    """A local Shopify with one shop in Manila."""
    secret = settings.shopify_api_secret.get_secret_value()
    running = run.start(data_dir=tmp_path / "sandbox", api_key=settings.shopify_api_key, api_secret=secret)
    running.shop(DOMAIN, currency="PHP")
    yield running
    running.stop()


@pytest.fixture
def live(settings: Settings, sandbox: Running) -> Settings:
    """Settings that point to the sandbox."""
    return settings.model_copy(update={"shopify_shop_url": sandbox.shop_url, "http_timeout_seconds": 3.0})


@pytest.fixture
def client(live: Settings, engine: Engine) -> FlaskClient:
    return create_app(live, engine).test_client(use_cookies=False)


def open_app(client: FlaskClient, settings: Settings, path: str = "/app") -> TestResponse:
    """Open the app as the admin does."""
    query = {"shop": DOMAIN, "id_token": id_token(settings, DOMAIN), "locale": "fil", "embedded": "1"}
    return client.get(path, query_string=query)


def stored(engine: Engine) -> tuple[Shop, StoredTokens | None]:
    with system_transaction(engine) as conn:
        shop = shops.by_domain(conn, DOMAIN)
    assert shop is not None
    with shop_transaction(engine, shop.id) as conn:
        return shop, shops.tokens(conn, shop.id)


def test_opening_the_app_installs_the_shop(client: FlaskClient, live: Settings, engine: Engine) -> None:
    answer = open_app(client, live)
    assert answer.status_code == 200
    assert "is ready" in answer.text
    shop, pair = stored(engine)
    assert (shop.state, shop.currency, shop.locale, shop.needs_reopen) == ("installed", "PHP", "fil", False)
    assert set(install_shop.WANTED_SCOPES) <= set(shop.scopes)
    assert len(shop.code_salt) == 64
    assert pair is not None
    assert timedelta(minutes=59) < pair.access_expires_at - datetime.now(UTC) <= timedelta(minutes=60)
    with shop_transaction(engine, shop.id) as conn:
        versions = programmes.versions(conn, shop.id)
    assert [(version.number, version.author) for version in versions] == [(1, "Suki")]


def test_tokens_are_stored_encrypted_and_keys_rotate(client: FlaskClient, live: Settings, engine: Engine) -> None:
    open_app(client, live)
    shop, pair = stored(engine)
    assert pair is not None
    assert b"shpat_" not in pair.access_token
    assert b"shprt_" not in pair.refresh_token
    keys = f"{Fernet.generate_key().decode()},{live.encryption_keys.get_secret_value()}"
    rotated = live.model_copy(update={"encryption_keys": SecretStr(keys)})
    assert Seal.of(rotated).open(pair.access_token, of_token("access_token", shop.id)).startswith(b"shpat_")


def test_a_second_opening_asks_shopify_nothing(
    client: FlaskClient, live: Settings, engine: Engine, sandbox: Running
) -> None:
    open_app(client, live)
    shop, pair = stored(engine)
    sandbox.web.stop()
    assert open_app(client, live, "/app/members").status_code == 200
    assert stored(engine) == (shop, pair)


def test_many_opening_at_once_install_once(live: Settings, engine: Engine, sandbox: Running) -> None:
    app = create_app(live, engine)
    answers: list[int] = []
    threads = [
        threading.Thread(target=lambda: answers.append(open_app(app.test_client(), live).status_code)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 4
    shop, _ = stored(engine)
    with shop_transaction(engine, shop.id) as conn:
        assert len(programmes.versions(conn, shop.id)) == 1


def test_when_shopify_refuses_the_id_token_a_fresh_one_is_asked_for(client: FlaskClient, live: Settings) -> None:
    stale = id_token(live, DOMAIN, exp=int(time.time()) - 7)  # within our leeway, beyond Shopify's
    answer = client.get("/app", query_string={"shop": DOMAIN, "id_token": stale})
    assert (answer.status_code, stale in answer.headers["Location"]) == (302, False)
    assert answer.headers["Location"].startswith("/session-token?")
    answer = client.get("/app", headers={"Authorization": f"Bearer {stale}"})
    assert (answer.status_code, answer.headers["X-Shopify-Retry-Invalid-Session-Request"]) == (401, "1")


def test_an_unreachable_shopify_is_said_so(client: FlaskClient, live: Settings, sandbox: Running) -> None:
    sandbox.web.stop()
    answer = open_app(client, live)
    assert answer.status_code == 503
    assert "shpat" not in answer.text


def test_after_uninstalling_opening_again_brings_everything_back(
    client: FlaskClient, live: Settings, engine: Engine
) -> None:
    open_app(client, live)
    before, _ = stored(engine)
    with shop_transaction(engine, before.id) as conn:
        assert install_shop.uninstall(conn, before.id, datetime.now(UTC) + timedelta(seconds=1))
    gone, pair = stored(engine)
    assert (gone.state, pair) == ("uninstalled", None)
    assert open_app(client, live).status_code == 200
    after, pair = stored(engine)
    assert after.state == "installed"
    assert pair is not None
    assert (after.id, after.code_salt, after.counts_from) == (before.id, before.code_salt, before.counts_from)


def test_an_uninstall_that_comes_late_does_not_undo_a_reinstall(
    client: FlaskClient, live: Settings, engine: Engine
) -> None:
    left_at = datetime.now(UTC) - timedelta(minutes=1)
    open_app(client, live)
    shop, _ = stored(engine)
    with shop_transaction(engine, shop.id) as conn:
        assert not install_shop.uninstall(conn, shop.id, left_at)
    assert stored(engine)[0].state == "installed"


def test_scopes_that_the_merchant_takes_away_are_missed(client: FlaskClient, live: Settings, engine: Engine) -> None:
    open_app(client, live)
    shop, _ = stored(engine)
    with shop_transaction(engine, shop.id) as conn:
        missing = install_shop.scopes_changed(conn, shop.id, ["read_orders", "write_customers"], datetime.now(UTC))
    assert missing == {"read_products", "write_discounts"}
    assert "Permissions missing" in open_app(client, live).text


class TestAccess:
    @pytest.fixture
    def clients(self, client: FlaskClient, live: Settings) -> AdminClients:
        """Of an app that has been opened."""
        open_app(client, live)
        return AdminClients.of(live)

    def expire(self, engine: Engine, minutes: float) -> Shop:
        shop, _ = stored(engine)
        with shop_transaction(engine, shop.id) as conn:
            conn.exec_driver_sql(
                "UPDATE shop_tokens SET access_expires_at = now() + make_interval(secs => %(s)s)",
                {"s": minutes * 60},
            )
        return shop

    def test_a_token_that_lives_long_enough_is_used(self, clients: AdminClients, engine: Engine) -> None:
        shop = self.expire(engine, 6)
        before = stored(engine)[1]
        assert access_token(engine, clients, shop.id).startswith("shpat_")
        assert stored(engine)[1] == before

    def test_one_that_ends_soon_is_replaced_with_its_pair(self, clients: AdminClients, engine: Engine) -> None:
        shop = self.expire(engine, 4)
        old = stored(engine)[1]
        token = access_token(engine, clients, shop.id)
        new = stored(engine)[1]
        assert old is not None and new is not None
        assert new.refresh_token != old.refresh_token
        assert Seal.of(clients.settings).open(new.access_token, of_token("access_token", shop.id)).decode() == token
        assert new.access_expires_at - datetime.now(UTC) > timedelta(minutes=55)

    def test_only_one_of_many_refreshes(self, clients: AdminClients, engine: Engine, sandbox: Running) -> None:
        shop = self.expire(engine, 1)
        before = len(sandbox.shop(DOMAIN).token)
        found: list[str] = []
        threads = [
            threading.Thread(target=lambda: found.append(access_token(engine, clients, shop.id))) for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 6
        assert len(set(found)) == 1
        assert len(sandbox.shop(DOMAIN).token) == before + 1

    def test_when_refreshing_is_refused_the_merchant_must_open_the_app(
        self, clients: AdminClients, engine: Engine, sandbox: Running, client: FlaskClient, live: Settings
    ) -> None:
        shop = self.expire(engine, 1)
        revoke_all(sandbox.shop(DOMAIN))
        with pytest.raises(TokenRejected):
            access_token(engine, clients, shop.id)
        assert stored(engine)[0].needs_reopen
        assert open_app(client, live).status_code == 200
        assert not stored(engine)[0].needs_reopen
        assert access_token(engine, clients, shop.id).startswith("shpat_")

    def test_a_token_encrypted_with_a_lost_key_asks_for_opening(
        self, clients: AdminClients, engine: Engine, live: Settings
    ) -> None:
        shop, _ = stored(engine)
        lost = live.model_copy(update={"encryption_keys": SecretStr(Fernet.generate_key().decode())})
        with pytest.raises(TokenRejected):
            access_token(engine, AdminClients.of(lost), shop.id)

    def test_a_shop_without_tokens_is_rejected(self, clients: AdminClients, engine: Engine) -> None:
        shop, _ = stored(engine)
        with shop_transaction(engine, shop.id) as conn:
            shops.drop_tokens(conn, shop.id)
        with pytest.raises(TokenRejected):
            access_token(engine, clients, shop.id)

    def test_only_idle_pairs_are_refreshed_ahead_of_their_end(self, clients: AdminClients, engine: Engine) -> None:
        before = stored(engine)[1]
        now = datetime.now(UTC)
        tokens.refresh_if_idle(engine, clients, stored(engine)[0].id, now + timedelta(days=59))
        assert stored(engine)[1] == before
        tokens.refresh_if_idle(engine, clients, stored(engine)[0].id, now + timedelta(days=61))
        assert stored(engine)[1] != before

    def test_a_shop_that_cannot_be_refreshed_is_passed_over_and_named(
        self, clients: AdminClients, engine: Engine, sandbox: Running
    ) -> None:
        shop, _ = stored(engine)
        revoke_all(sandbox.shop(DOMAIN))
        work = Work(engine, clients, cast(Mailer, None), lambda: datetime.now(UTC) + timedelta(days=61))
        [task] = [task for _, name, task in SCHEDULE if name == "refresh_idle_tokens"]
        with capture_logs() as logs:
            assert task(work) == 0
        [passed] = [line for line in logs if line["event"] == "shop_passed_over"]
        assert (passed["round"], passed["shop_id"]) == ("refresh_idle_tokens", shop.id)
