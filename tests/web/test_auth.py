"""Who is let in by which token: pure, without a shop or a database."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, ClassVar

import jwt
import pytest
from flask import Flask, Request, Response
from pydantic import SecretStr
from shopify_app import ShopifyApp
from shopify_app.types import RequestInput, ResultWithExchangeableIdToken
from werkzeug.test import EnvironBuilder

from plugin.errors import NotFound, SukiError, Unauthorized
from plugin.settings import Settings
from plugin.web import auth
from plugin.web.auth import Declared, caller, declared_by, declared_caller, shop_of, staff_behind
from plugin.web.current import Staff

SECRET, OLD, SHOP = (
    "shpss_0123456789abcdef0123456789abcdef",
    "shpss_old_0123456789abcdef0123456789",
    "demo.myshopify.com",
)
HOME: dict[str, Any] = {
    "iss": f"https://{SHOP}/admin", "dest": f"https://{SHOP}", "aud": "test-key", "sub": "88000123", "jti": "1",
    "sid": "2",
}  # fmt: skip


class Rotating:
    """Settings in the middle of a rotation."""

    shopify_api_key = "test-key"

    def __init__(self, *secrets: str) -> None:
        self.api_secrets = secrets


def token(secret: str = SECRET, *, at: int | None = None, **claims: Any) -> str:
    """An ID token as Shopify signs it; a claim given as None is left out."""
    now = int(time.time()) if at is None else at
    said = {**HOME, "exp": now + 60, "nbf": now - 1, "iat": now - 1, **claims}
    return jwt.encode({name: value for name, value in said.items() if value is not None}, secret, algorithm="HS256")


def ask(path: str = "/", method: str = "GET", **headers: str) -> Request:
    builder = EnvironBuilder(path, method=method, headers=headers, base_url="https://loyalty.example.com")
    return Request(builder.get_environ())


def behind(asked: Request, *secrets: str) -> Staff | Response:
    return staff_behind(asked, Rotating(*(secrets or (SECRET,))))  # type: ignore[arg-type]


def test_a_token_in_the_header_is_a_member_of_staff() -> None:
    given = token()
    found = behind(ask(Authorization=f"Bearer {given}"))
    assert found == Staff(SHOP, "88000123", given)
    assert behind(ask(Authorization=f"Bearer {given}", method="POST")) == found


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_first_load_of_a_page_may_carry_it_in_the_address_and_nothing_else_may(method: str) -> None:
    given = token()
    address = f"/?id_token={given}&shop={SHOP}&embedded=1"
    assert behind(ask(address, method=method)) == Staff(SHOP, "88000123", given)
    assert refusal(behind(ask(address, method="POST"))) == 401
    assert refusal(behind(ask(address, method="POST", Authorization=" "))) == 401


class Shopifys(ShopifyApp):
    """Shopify's package, which notes what it is asked, and answers with these changes."""

    asked: ClassVar[list[RequestInput]] = []
    changes: ClassVar[dict[str, Any]] = {}

    def verify_app_home_req(
        self, request: RequestInput, app_home_patch_id_token_path: str = ""
    ) -> ResultWithExchangeableIdToken:
        self.asked.append(request)
        return replace(super().verify_app_home_req(request, app_home_patch_id_token_path), **self.changes)


@pytest.fixture
def package(monkeypatch: pytest.MonkeyPatch) -> type[Shopifys]:
    monkeypatch.setattr(auth, "ShopifyApp", Shopifys)
    monkeypatch.setattr(Shopifys, "asked", [])
    monkeypatch.setattr(Shopifys, "changes", {})
    return Shopifys


def test_shopifys_package_sees_the_request_without_its_body(package: type[Shopifys]) -> None:
    given = f"Bearer {token()}"
    assert isinstance(behind(ask("/app?x=1", method="POST", Authorization=given, Accept="text/html")), Staff)
    said = {"Authorization": given, "Accept": "text/html", "Host": "loyalty.example.com"}
    assert package.asked == [
        {"method": "POST", "headers": said, "url": "https://loyalty.example.com/app?x=1", "body": ""}
    ]


def test_an_empty_header_is_not_shown_to_it(package: type[Shopifys]) -> None:
    behind(ask(f"/?id_token={token()}&shop={SHOP}&embedded=1", Authorization=" ", Accept="text/html"))
    [said] = package.asked
    assert said["headers"] == {"Accept": "text/html", "Host": "loyalty.example.com"}


def test_a_fresh_token_is_asked_for_as_by_a_page_without_one(package: type[Shopifys], settings: Settings) -> None:
    app = Flask(__name__)
    with app.test_request_context(f"/app?shop={SHOP}&id_token=abc", base_url="https://loyalty.example.com"):
        assert auth.fresh_token_wanted(settings).status_code in (302, 401)
    assert package.asked == [
        {"method": "GET", "headers": {}, "url": f"https://loyalty.example.com/app?shop={SHOP}&", "body": ""}
    ]


@pytest.mark.parametrize("changes", [{"ok": False}, {"id_token": None}, {"ok": False, "id_token": None}])
def test_an_answer_of_the_package_that_is_not_wholly_good_lets_nobody_in(
    package: type[Shopifys], changes: dict[str, Any]
) -> None:
    package.changes.update(changes)
    assert refusal(behind(ask(Authorization=f"Bearer {token()}"))) == 401


def test_a_shop_without_its_scheme_is_none_whoever_issued_the_token(package: type[Shopifys]) -> None:
    for dest, issuer in ((SHOP, f"{SHOP}/admin"), (SHOP, f"https://{SHOP}/admin"), (f"http://{SHOP}", SHOP)):
        assert auth._staff({**HOME, "exp": 1, "nbf": 1, "dest": dest, "iss": issuer}, "x") is None
    assert auth._staff({**HOME, "exp": 1, "nbf": 1}, "x") == Staff(SHOP, "88000123", "x")


def refusal(found: Staff | Response) -> int:
    assert isinstance(found, Response)
    if found.status_code == 401:
        assert found.headers["X-Shopify-Retry-Invalid-Session-Request"] == "1"
        assert (found.get_data(as_text=True), found.mimetype) == ("Unauthorized", "text/plain")
    return found.status_code


def test_both_secrets_of_a_rotation_prove_staff_and_another_none() -> None:
    for signed_with, held in (("SECRET", (SECRET,)), ("OLD", (SECRET, OLD)), ("SECRET", (SECRET, OLD))):
        given = token({"SECRET": SECRET, "OLD": OLD}[signed_with])
        assert isinstance(behind(ask(Authorization=f"Bearer {given}"), *held), Staff)
    assert refusal(behind(ask(Authorization=f"Bearer {token(OLD)}"))) == 401


@pytest.mark.parametrize(
    "wrong",
    [
        {"exp": None}, {"nbf": None}, {"dest": SHOP}, {"dest": None}, {"dest": "https://evil.example.com"},
        {"dest": f"https://https://{SHOP}"}, {"iss": None}, {"iss": f"https://{SHOP}"}, {"sub": None}, {"sub": "x"},
        {"iss": "https://other.myshopify.com/admin"}, {"sub": "gid://shopify/Customer/7"}, {"sub": "8" * 21},
        {"sub": ""},
        {"aud": "other"}, {"exp": 1}, {"nbf": 2**40}, {"dest": "", "iss": "/admin"}, {"dest": "https://",
        "iss": "https:///admin"},
    ],
    ids=str,
)  # fmt: skip
def test_what_is_no_token_of_staff_proves_nobody(wrong: dict[str, Any]) -> None:
    assert refusal(behind(ask(Authorization=f"Bearer {token(**wrong)}"))) == 401


@pytest.mark.parametrize("sub", ["8", "8" * 20])
def test_staff_have_numbers_of_up_to_twenty_digits(sub: str) -> None:
    found = behind(ask(Authorization=f"Bearer {token(sub=sub)}"))
    assert isinstance(found, Staff)
    assert found.user_id == sub


def test_a_page_without_a_token_is_sent_to_fetch_one_with_its_own_query() -> None:
    found = behind(ask(f"/members?shop={SHOP}&embedded=1&q=ana"))
    assert isinstance(found, Response)
    path, _, query = found.headers["Location"].partition("?")
    assert (found.status_code, path) == (302, "/session-token")
    assert f"shop={SHOP}" in query
    assert "shopify-reload=" in query
    assert "id_token" not in query


def test_an_address_to_which_it_leads_is_relative() -> None:
    answer = auth.redirect_to_patch("https://loyalty.example.com/session-token?a=1&b=2")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/session-token?a=1&b=2")
    assert answer.get_data() == b""


def test_a_token_that_ended_on_the_way_is_fetched_anew() -> None:
    settings = Rotating(SECRET)
    app = Flask(__name__)
    with app.test_request_context(headers={"Authorization": "Bearer x"}):
        assert refusal(auth.fresh_token_wanted(settings)) == 401  # type: ignore[arg-type]
    with app.test_request_context(f"/members?shop={SHOP}&id_token=used&embedded=1"):
        found = auth.fresh_token_wanted(settings)  # type: ignore[arg-type]
    assert found.status_code == 302
    assert found.headers["Location"].startswith("/session-token?")
    assert "used" not in found.headers["Location"]


@pytest.mark.parametrize(
    ("url", "without"),
    [
        ("https://a/?id_token=x", "https://a/?"), ("https://a/?id_token=x&b=1", "https://a/?&b=1"),
        ("https://a/?b=1&id_token=x&c=2", "https://a/?b=1&&c=2"), ("https://a/?my_id_token=x",
        "https://a/?my_id_token=x"),
    ],
)  # fmt: skip
def test_a_token_is_taken_out_of_an_address(url: str, without: str) -> None:
    assert auth._without_token(url) == without


@pytest.mark.parametrize("domain", [SHOP, "a.myshopify.com", "0-9.myshopify.com", "a" * 61 + ".myshopify.com"])
def test_a_shops_domain(domain: str) -> None:
    assert shop_of(domain) == domain


@pytest.mark.parametrize(
    "other",
    [
        "",
        "myshopify.com",
        ".myshopify.com",
        "-a.myshopify.com",
        "A.myshopify.com",
        "a.b.myshopify.com",
        "amyshopify.com",
    ]
    + ["a.myshopify.com\n", " a.myshopify.com", "a" * 62 + ".myshopify.com", "a.myshopifyxcom", "é.myshopify.com"],
)
def test_what_is_no_shops_domain(other: str) -> None:
    assert shop_of(other) == ""


def test_a_view_says_who_may_call_it_and_one_that_says_nothing_says_so() -> None:
    @caller("session", role="owner", scope="read_members", reads="members")
    def told() -> None: ...

    def untold() -> None: ...

    assert declared_by(told) == Declared("session", "owner", "read_members", "members")
    assert (declared_caller(told), declared_caller(untold), declared_by(untold)) == ("session", None, None)


def operator(settings: Settings, address: str = "127.0.0.1", **headers: str) -> SukiError | None:
    asked = Request(EnvironBuilder("/metrics", headers=headers, environ_base={"REMOTE_ADDR": address}).get_environ())
    try:
        auth.prove_operator(asked, settings)
    except (Unauthorized, NotFound) as refused:
        return refused
    return None


def test_with_a_token_for_metrics_it_alone_decides() -> None:
    held = Settings.model_construct(metrics_token=SecretStr("a token"), app_url="http://127.0.0.1:8400")
    assert operator(held, Authorization="Bearer a token") is None
    assert operator(held, "203.0.113.9", Authorization="a token") is None
    for given in ({}, {"Authorization": "Bearer another"}, {"Authorization": ""}, {"Authorization": "Bearer a token "}):
        refused = operator(held, **given)
        assert isinstance(refused, Unauthorized)
        assert refused.message == "To read the metrics, send the token in METRICS_TOKEN"


@pytest.mark.parametrize(
    ("app_url", "address", "headers", "passes"),
    [
        ("http://127.0.0.1:8400", "127.0.0.1", {}, True),
        ("http://127.0.0.1:8400", "::1", {}, True),
        ("http://127.0.0.1:8400", "203.0.113.9", {}, False),
        ("http://127.0.0.1:8400", "127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, False),
        ("https://loyalty.example.com", "127.0.0.1", {}, False),
    ],
)
def test_without_one_only_this_machine_sees_the_metrics_of_an_app_on_it(
    app_url: str, address: str, headers: dict[str, str], passes: bool
) -> None:
    refused = operator(Settings.model_construct(metrics_token=None, app_url=app_url), address, **headers)
    assert (refused is None) == passes
    assert passes or isinstance(refused, NotFound)
