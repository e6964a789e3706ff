"""What the one who runs the app may ask, and nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import Engine

from plugin.app import create_app
from plugin.settings import Settings
from plugin.store.database.db import create_engine
from tests.conftest import TestDatabase
from tests.web.session import Browser


@pytest.fixture
def client(browser: Browser) -> FlaskClient:
    """A client that proves nothing by itself."""
    return browser.client


class TestReady:
    def test_a_process_with_its_database_is_ready_and_says_nothing_else(self, client: FlaskClient) -> None:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json) == (200, {"ready": True, "problems": []})

    def test_one_that_may_too_much_or_finds_nobody_is_not(
        self, settings: Settings, database: TestDatabase, tmp_path: Path
    ) -> None:
        for url, why in (
            (database.superuser_url, "is a superuser"),
            (f"postgresql://s@/s?host={tmp_path}", "not answer"),
        ):
            engine = create_engine(settings.model_copy(update={"database_url": url}))
            answer = create_app(settings, engine).test_client().get("/readyz")
            assert answer.status_code == 503
            assert why in str(answer.json)
            engine.dispose()


class TestMetrics:
    @pytest.fixture
    def here(self, settings: Settings, engine: Engine) -> FlaskClient:
        """An app that is reached from this machine only."""
        return create_app(settings.model_copy(update={"app_url": "http://127.0.0.1:8300"}), engine).test_client()

    def test_this_machine_may_ask_where_the_app_is_of_this_machine(self, here: FlaskClient) -> None:
        answer = here.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"})
        assert answer.status_code == 200
        assert "suki_intake" in answer.text

    def test_others_may_not_even_through_a_proxy_on_this_machine(self, here: FlaskClient) -> None:
        assert here.get("/metrics", environ_base={"REMOTE_ADDR": "10.1.2.3"}).status_code == 404
        through = here.get(
            "/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}, headers={"X-Forwarded-For": "10.1.2.3"}
        )
        assert through.status_code == 404

    def test_a_public_app_shows_them_to_nobody_without_a_token(self, client: FlaskClient) -> None:
        """A proxy on the same machine need not say whom it asks for."""
        assert client.get("/metrics", environ_base={"REMOTE_ADDR": "127.0.0.1"}).status_code == 404

    def test_with_a_token_set_only_the_token_counts(self, settings: Settings, engine: Engine) -> None:
        app = create_app(settings.model_copy(update={"metrics_token": SecretStr("of metrics")}), engine)
        ask = app.test_client().get
        assert ask("/metrics").status_code == 401
        assert ask("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert ask("/metrics", headers={"Authorization": "Bearer of metrics"}).status_code == 200
