"""Who gets in: only a session that Shopify proved, for its own shop, and nothing is kept in the browser."""

from __future__ import annotations

import base64
import json
import re
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from plugin.app import create_app
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.web import surfaces
from plugin.web.auth import declared_caller
from tests.conftest import ShopRow
from tests.web.conftest import make_open
from tests.web.session import Browser, id_token

UNSETTLED = Settings.model_construct(shopify_api_key="key", shopify_api_secret=SecretStr("x" * 40))
RETRY = "X-Shopify-Retry-Invalid-Session-Request"


@pytest.fixture
def client(browser: Browser) -> FlaskClient:
    """A client that proves nothing by itself."""
    return browser.client


def test_every_route_declares_its_caller(app: Flask) -> None:
    undeclared = [
        rule.rule for rule in app.url_map.iter_rules() if not declared_caller(app.view_functions[rule.endpoint])
    ]
    assert undeclared == []


def test_only_these_routes_answer_without_a_session(app: Flask) -> None:
    open_to_others = {
        rule.rule: declared_caller(app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        if declared_caller(app.view_functions[rule.endpoint]) != "session" and not surfaces.asked(rule.rule)
    }
    assert open_to_others == {
        "/healthz": "public",
        "/readyz": "public",
        "/metrics": "operator",
        "/session-token": "public",
        "/static/<mark>/<name>": "public",
        **dict.fromkeys(("/proxy", "/proxy/", "/proxy/rewards"), "proxy"),
        "/proxy/rewards/<reward_id>": "proxy",
        "/proxy/redemptions/<int:number>": "proxy",
        "/proxy/earn": "proxy",
        "/proxy/history": "proxy",
        "/proxy/shopper.js": "proxy",
        "/proxy/<path:rest>": "proxy",
        "/proxy/earn/birthday": "proxy",
        "/proxy/earn/profile": "proxy",
        "/proxy/earn/<name>": "proxy",
        "/proxy/friends": "proxy",
        "/proxy/r/<word>": "proxy",
        "/proxy/own": "proxy",
        **dict.fromkeys((f"/proxy/own/{name}" for name in ("data", "profiling", "emails", "back")), "proxy"),
        "/proxy/own/link/<purpose>": "proxy",
        "/proxy/own/code/<int:number>": "proxy",
        "/proxy/step/<int:number>/<mark>": "proxy",
        "/api/v1/activities": "key",
        "/api/v1/members/<int:customer_id>": "key",
        "/api/v1/members/<int:customer_id>/entries": "key",
        "/api/v1/members/<int:customer_id>/rewards": "key",
        "/api/v1/orders/<int:order_id>": "key",
        "/api/v1/openapi.json": "public",
        "/shopper/history.csv": "public",
        **dict.fromkeys(("/email/<token>", "/email/<token>/unsubscribe"), "link"),
        **dict.fromkeys(("/link/<named>/<packed>", "/seen/<named>.gif"), "public"),
    }


def test_a_view_that_declares_nothing_answers_nobody(app: Flask, browser: Browser) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert browser.get("/forgotten").status_code == 401


def test_a_document_opens_with_the_token_in_its_address(client: FlaskClient, settings: Settings, shop: ShopRow) -> None:
    answer = client.get("/app", query_string={"shop": shop.domain, "id_token": id_token(settings, shop.domain)})
    assert answer.status_code == 200
    assert "Home" in answer.text


def test_a_document_without_a_token_goes_where_app_bridge_gets_one(client: FlaskClient, shop: ShopRow) -> None:
    answer = client.get("/app/members", query_string={"shop": shop.domain, "q": "ana"})
    where = urlsplit(answer.headers["Location"])
    assert (answer.status_code, where.path, where.netloc) == (302, "/session-token", "")
    assert parse_qs(where.query)["shopify-reload"] == [f"/app/members?shop={shop.domain}&q=ana"]


def test_an_expired_token_is_not_repeated_in_the_redirect(
    client: FlaskClient, settings: Settings, shop: ShopRow
) -> None:
    old = id_token(settings, shop.domain, exp=int(time.time()) - 60)
    answer = client.get("/app", query_string={"id_token": old, "shop": shop.domain})
    assert answer.status_code == 302
    assert old not in answer.headers["Location"]
    assert "id_token" not in answer.headers["Location"]


def _wrong(settings: Settings, domain: str) -> dict[str, str]:
    moment = int(time.time())
    good = id_token(settings, domain).split(".")
    unsigned = base64.urlsafe_b64encode(json.dumps({"alg": "none", "typ": "JWT"}).encode()).rstrip(b"=").decode()
    return {
        "forged": id_token(settings, domain, secret="x" * 40),
        "unsigned": f"{unsigned}.{good[1]}.",
        "signed otherwise": id_token(settings, domain, algorithm="HS512"),
        "expired": id_token(settings, domain, exp=moment - 60),
        "from the future": id_token(settings, domain, nbf=moment + 120),
        "for another app": id_token(settings, domain, aud="another-app"),
        "for several apps": id_token(settings, domain, aud=[settings.shopify_api_key, "another-app"]),
        "issued by another shop": id_token(settings, domain, iss="https://other.myshopify.com/admin"),
        "issued elsewhere in the shop": id_token(settings, domain, iss=f"https://{domain}/account"),
        "issued by the bare shop": id_token(settings, domain, iss=f"https://{domain}"),
        "issued over plain http": id_token(settings, domain, iss=f"http://{domain}/admin"),
        "issued by nobody": id_token(settings, domain, iss=None),
        "for a shop without https": id_token(settings, domain, dest=domain),
        "for a path of a shop": id_token(settings, domain, dest=f"https://{domain}/", iss=f"https://{domain}//admin"),
        "of a customer": id_token(settings, domain, sub="gid://shopify/Customer/5"),
        "of a member of staff by address": id_token(settings, domain, sub="gid://shopify/StaffMember/5"),
        "of somebody in other digits": id_token(settings, domain, sub="٨٨"),
        "of a number that is no text": id_token(settings, domain, sub=0),
        "not a shop": id_token(settings, "demo.myshopify.com.evil.example"),
        "with a port": id_token(settings, f"{domain}:8080"),
        "with a user": id_token(settings, f"x@{domain}"),
        "plain http": id_token(settings, domain, dest=f"http://{domain}"),
        "without an end": id_token(settings, domain, exp=None),
        "without a beginning": id_token(settings, domain, nbf=None),
        "without a person": id_token(settings, domain, sub=None),
        "without a shop": id_token(settings, domain, dest=None),
        "nonsense": "nonsense",
        "not text": "Zażółć",
        "empty": "",
    }


@pytest.mark.parametrize("kind", sorted(_wrong(UNSETTLED, "demo.myshopify.com")))
def test_a_wrong_token_opens_nothing(client: FlaskClient, settings: Settings, shop: ShopRow, kind: str) -> None:
    token = _wrong(settings, shop.domain)[kind]
    header = {"Authorization": f"Bearer {token}".encode().decode("latin-1")}
    for answer in (client.get("/app", headers=header), client.post("/app/programme", headers=header)):
        assert answer.status_code == 401
        assert answer.headers[RETRY] == "1"
        assert answer.text == "Unauthorized"


def test_a_token_signed_with_the_old_secret_opens_until_its_last_day_is_over(
    engine: Engine, settings: Settings, shop: ShopRow
) -> None:
    make_open(engine, settings, shop)
    old = settings.shopify_api_secret
    rotated = settings.model_copy(
        update={"shopify_api_secret": SecretStr("shpss_new" + "0" * 30), "shopify_api_secret_old": old}
    )
    today = datetime.now(UTC).date()
    for until, opened in ((today, 200), (today - timedelta(days=1), 401), (None, 401)):
        app = create_app(rotated.model_copy(update={"shopify_api_secret_old_until": until}), engine)
        for secret, status in ((old.get_secret_value(), opened), ("shpss_new" + "0" * 30, 200)):
            token = id_token(rotated, shop.domain, secret=secret)
            answer = app.test_client().get("/app", headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == status, (until, secret)


def test_a_form_is_not_taken_with_the_token_in_the_address(
    client: FlaskClient, settings: Settings, shop: ShopRow
) -> None:
    answer = client.post("/app/settings", query_string={"id_token": id_token(settings, shop.domain)})
    assert (answer.status_code, answer.headers[RETRY]) == (401, "1")


@pytest.mark.parametrize("empty", ["", " ", "\t"])
def test_an_empty_header_is_no_header(client: FlaskClient, settings: Settings, shop: ShopRow, empty: str) -> None:
    address = {"id_token": id_token(settings, shop.domain), "shop": shop.domain}
    posted = client.post("/app/settings", query_string=address, headers={"Authorization": empty})
    assert (posted.status_code, posted.headers[RETRY]) == (401, "1")
    assert client.get("/app", query_string=address, headers={"Authorization": empty}).status_code == 200
    bare = client.get("/app", query_string={"shop": shop.domain}, headers={"Authorization": empty})
    assert (bare.status_code, urlsplit(bare.headers["Location"]).path) == (302, "/session-token")


def test_no_address_leads_to_another_but_a_page_to_where_it_gets_a_token(app: Flask, client: FlaskClient) -> None:
    """A redirect would repeat what is signed, or the token, to whoever it is answered to."""
    assert [rule.rule for rule in app.url_map.iter_rules() if rule.rule.endswith("/")] == ["/", "/proxy/"]
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "1", rule.rule)
        for other in (path, path.replace("/", "//"), f"{path}/", f"{path}//"):
            for method in ("GET", "POST", "PUT", "OPTIONS"):
                answer = client.open(other, method=method, query_string={"signature": "secret-of-somebody"})
                to_token = path in ("/", "/app") or path.startswith("/app/")
                assert to_token or answer.status_code // 100 != 3, (method, other)
                assert answer.headers.get("Location", "/session-token?").startswith("/session-token?"), (method, other)


def test_the_tokens_shop_counts_and_not_the_one_in_the_address(browser: Browser, other_shop: ShopRow) -> None:
    answer = browser.get("/app/settings", shop=other_shop.domain)
    assert f"https://{browser.domain} " in answer.headers["Content-Security-Policy"]
    assert other_shop.domain not in answer.text


def _policy(answer: TestResponse) -> dict[str, list[str]]:
    rules = [rule.split() for rule in answer.headers["Content-Security-Policy"].split("; ")]
    return {rule[0]: rule[1:] for rule in rules}


def test_a_page_may_be_framed_by_its_own_shops_admin_alone(browser: Browser) -> None:
    answer = browser.get("/app")
    policy = _policy(answer)
    assert policy["frame-ancestors"] == [f"https://{browser.domain}", "https://admin.shopify.com"]
    assert policy["script-src"] == ["'self'", "https://cdn.shopify.com/shopifycloud/"]
    assert policy["img-src"] == ["'self'", "data:", "https://cdn.shopify.com", f"https://{browser.domain}"]
    assert policy["default-src"] == ["'none'"]
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/readyz"])
def test_nothing_outside_the_panel_may_be_framed(client: FlaskClient, path: str) -> None:
    assert _policy(client.get(path))["frame-ancestors"] == ["'none'"]


def test_a_page_runs_no_inline_script(browser: Browser) -> None:
    for path in ("/app", "/app/programme", "/app/messages/brand"):
        text = browser.get(path).text
        scripts = [part for part in text.split("<script")[1:] if " src=" not in part.partition(">")[0]]
        assert scripts == []


def test_no_answer_sets_a_cookie(browser: Browser, settings: Settings) -> None:
    answers = [
        browser.get("/app"),
        browser.post("/app/settings", counts_from="2026-01-01"),
        browser.client.get("/session-token?shopify-reload=/app"),
        browser.client.get("/app"),
        browser.client.get("/healthz"),
    ]
    assert [answer.headers.getlist("Set-Cookie") for answer in answers] == [[]] * 5


class TestThePageThatGetsAToken:
    def test_it_only_loads_app_bridge(self, client: FlaskClient, shop: ShopRow, settings: Settings) -> None:
        answer = client.get("/session-token", query_string={"shop": shop.domain, "shopify-reload": "/app"})
        assert answer.status_code == 200
        assert answer.text.count("<script") == 1
        assert settings.app_bridge_url in answer.text
        assert _policy(answer)["frame-ancestors"][0] == f"https://{shop.domain}"

    @pytest.mark.parametrize(
        "asked", ["", "evil.example", "x.myshopify.com; script-src *", "x.myshopify.com\nSet-Cookie: a=b"]
    )
    def test_a_wrong_shop_does_not_reach_the_policy(self, client: FlaskClient, asked: str) -> None:
        answer = client.get("/session-token", query_string={"shop": asked, "shopify-reload": "/app"})
        assert _policy(answer)["frame-ancestors"] == ["https://admin.shopify.com"]
        assert _policy(answer)["script-src"] == ["'self'", "https://cdn.shopify.com/shopifycloud/"]

    @pytest.mark.parametrize(
        "target", ["", "https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil"]
    )
    def test_it_leads_nowhere_else(self, client: FlaskClient, shop: ShopRow, target: str) -> None:
        answer = client.get("/session-token", query_string={"shop": shop.domain, "shopify-reload": target})
        assert answer.status_code == 400

    def test_it_leads_back_to_the_apps_own_full_address(
        self, client: FlaskClient, settings: Settings, shop: ShopRow
    ) -> None:
        query = {"shop": shop.domain, "shopify-reload": f"{settings.app_url}/app"}
        assert client.get("/session-token", query_string=query).status_code == 200


@pytest.mark.parametrize(("logo", "host"), [
    ("https://pictures.example/logo.png", ["https://pictures.example"]), ("", []), ("https://a;b/x", []),
    ("http://plain.example/logo.png", []), ("https://[broken/x", []), ("https://x.example'/y", []),
])  # fmt: skip
def test_pictures_come_from_shopifys_files_the_store_and_the_logos_host_alone(
    browser: Browser, engine: Engine, shop: ShopRow, logo: str, host: list[str]
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        shops.set_brand(conn, shop.id, {"logo_url": logo})
    shown = _policy(browser.get("/app/settings"))["img-src"]
    assert shown[:3] == ["'self'", "data:", "https://cdn.shopify.com"]
    assert sorted(shown[3:]) == sorted([f"https://{browser.domain}", *host])
