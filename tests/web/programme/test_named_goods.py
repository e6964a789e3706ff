"""A reward names products of the shop: Shopify is asked whether they are there, when staff save it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from plugin.app import create_app
from plugin.settings import Settings
from sandbox import run
from sandbox.run import Running
from tests.web.session import id_token

DOMAIN = "goods.myshopify.com"
FREE = {"kind": "free_product", "name": "A jar", "points": "50", "value": "5", "valid_days": "30", "based_on": "1",
        "channels.pos": "yes", "per_member_every": "ever", "back_on_refund": "full", "deduct": "redeemed"}  # fmt: skip


@pytest.fixture
def sandbox(settings: Settings, tmp_path: Path) -> Iterator[Running]:
    """A local Shopify."""
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
    """A browser in whose shop the app was opened."""
    found = create_app(live, engine).test_client(use_cookies=False)
    found.get("/app", query_string={"shop": DOMAIN, "id_token": id_token(live, DOMAIN), "embedded": "1"})
    return found


def save(client: FlaskClient, live: Settings, **more: str) -> TestResponse:
    token = {"Authorization": f"Bearer {id_token(live, DOMAIN)}"}
    return client.post("/app/programme/rewards", data=FREE | more, headers=token)


def test_a_product_that_the_shop_does_not_have_is_refused(
    client: FlaskClient, live: Settings, sandbox: Running
) -> None:
    there = next(iter(sandbox.shop(DOMAIN).product))
    wrong = save(client, live, product="999999999", name="")
    assert wrong.status_code == 422
    found = dict(re.findall(r'name="([^"]+)"[^>]*? error="([^"]+)"', wrong.text))
    assert found == {"product": "Your shop has no product with the ID 999999999.", "name": "Enter a value."}
    right = save(client, live, product=str(there))
    assert (right.status_code, "done=saved&" in right.location + "&") == (303, True)


def test_when_shopify_does_not_answer_it_is_saved_and_said(
    client: FlaskClient, live: Settings, sandbox: Running
) -> None:
    sandbox.web.stop()
    saved = save(client, live, product="999999999")
    assert (saved.status_code, "done=saved_unasked" in saved.location) == (303, True)
    address, _, query = saved.location.partition("?")
    token = {"Authorization": f"Bearer {id_token(live, DOMAIN)}"}
    shown = client.get(address, query_string=query, headers=token)
    assert "We couldn&#39;t check these products with Shopify." in shown.text
