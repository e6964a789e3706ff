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
from plugin.store.database.db import shop_transaction, system_transaction
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


def get(client: FlaskClient, live: Settings, path: str, **query: str) -> TestResponse:
    token = {"Authorization": f"Bearer {id_token(live, DOMAIN)}"}
    return client.get(path, query_string={"shop": DOMAIN, **query}, headers=token)


def titles(sandbox: Running, *begin: str) -> list[tuple[int, str]]:
    """The sandbox's products whose names have a word that begins so, by name."""
    found = [(one["id"], one["title"]) for one in sandbox.shop(DOMAIN).product.values()
             if all(any(word.startswith(each) for word in one["title"].lower().split()) for each in begin)]  # fmt: skip
    return sorted(found, key=lambda one: one[1])


def test_products_are_found_by_the_beginning_of_any_word_of_their_name(
    client: FlaskClient, live: Settings, sandbox: Running
) -> None:
    for typed, begin in (
        ("rat", ["rat"]),
        ("RATTAN tr", ["rattan", "tr"]),
        ('"tray" OR (x:*', ["tray", "x"]),
        ("", []),
    ):
        answer = get(client, live, "/app/programme/choose/product", q=typed)
        assert answer.status_code == 200
        found = [(one["number"], one["title"]) for one in answer.json["goods"]]  # type: ignore[index]
        assert found == titles(sandbox, *begin)[:20], typed
    assert all(one["picture"].endswith(f"product-{one['number']}.png?v=1") for one in answer.json["goods"])  # type: ignore[index]


def test_collections_tags_and_vendors_are_the_shops_own(client: FlaskClient, live: Settings, sandbox: Running) -> None:
    shop = sandbox.shop(DOMAIN)
    collections = get(client, live, "/app/programme/choose/collection").json
    assert {one["title"] for one in collections["goods"]} == {one["title"] for one in shop.collection.values()}  # type: ignore[index]
    tags = get(client, live, "/app/programme/words/tag").json["words"]  # type: ignore[index]
    assert set(tags) == {tag for one in shop.product.values() for tag in one["tags"]}
    assert tags == sorted(tags, key=str.casefold)
    vendors = get(client, live, "/app/programme/words/vendor").json["words"]  # type: ignore[index]
    assert set(vendors) == {one["vendor"] for one in shop.product.values()}
    for path in ("choose/customer", "choose/Product", "words/price"):
        assert get(client, live, f"/app/programme/{path}").status_code == 404


def test_a_form_names_what_it_chose_also_while_shopify_does_not_answer(
    client: FlaskClient, live: Settings, sandbox: Running
) -> None:
    number, title = titles(sandbox)[0]
    assert save(client, live, product=str(number)).status_code == 303
    sandbox.web.stop()  # the name was kept when it was saved
    listed = get(client, live, "/app/programme/rewards").text
    (page,) = set(re.findall(r"/app/programme/rewards/(r\w+)", listed))
    shown = get(client, live, f"/app/programme/rewards/{page}").text
    assert f'<li data-number="{number}"><img src="' in shown
    assert f"<span data-title>{title}</span>" in shown


def test_what_the_shop_no_longer_has_keeps_its_name_and_is_marked(
    client: FlaskClient, live: Settings, sandbox: Running, engine: Engine
) -> None:
    number, title = titles(sandbox)[0]
    assert save(client, live, product=str(number)).status_code == 303
    sandbox.shop(DOMAIN).drop("product", number)
    with system_transaction(engine) as conn:
        shop_id = conn.exec_driver_sql("SELECT id FROM shops WHERE domain = %(d)s", {"d": DOMAIN}).scalar_one()
    with shop_transaction(engine, shop_id) as conn:
        conn.exec_driver_sql("UPDATE known_goods SET fetched_at = now() - interval '25 hours'")
    (page,) = set(re.findall(r"/app/programme/rewards/(r\w+)", get(client, live, "/app/programme/rewards").text))
    shown = get(client, live, f"/app/programme/rewards/{page}").text
    assert title in shown
    assert "Not in your shop anymore" in shown
