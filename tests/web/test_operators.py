"""What the one who runs the app may ask, and nobody else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import Engine

from plugin.app import create_app
from plugin.settings import Settings
from tests.web.session import Browser


@pytest.fixture
def client(browser: Browser) -> FlaskClient:
    """A client that proves nothing by itself."""
    return browser.client


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
