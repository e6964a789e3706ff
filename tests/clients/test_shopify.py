"""Calls to the Admin API end as what they mean, over real sockets, whatever the other side does."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from plugin.clients.shopify import queries
from plugin.clients.shopify.admin import Admin, endpoint, missing_scopes, refuse_user_errors, user_errors
from plugin.errors import Refused, TokenRejected, Unavailable, UnknownOutcome
from tests.clients.scripted import OTHER_SHOP, SHOP, Drip, Drop, Hang, Say, Server, serving

TOKEN = "shpat_0123456789abcdef"
QUERY, MUTATION = queries.INSTALL, queries.TAGS_ADD
DATA = {"shop": {"name": "Amihan"}}


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as running:
        yield running


@pytest.fixture
def admin(server: Server) -> Admin:
    return Admin(server.settings())


def ask(admin: Admin, document: str = QUERY, shop: str = SHOP) -> dict[str, Any]:
    return admin.execute(shop, TOKEN, document, {"id": "gid://shopify/Customer/1", "tags": ["jo@example.com"]})


def status(available: float, *, requested: float = 10, restore: float = 50, maximum: float = 1000) -> dict[str, Any]:
    throttle = {"maximumAvailable": maximum, "currentlyAvailable": available, "restoreRate": restore}
    return {"cost": {"requestedQueryCost": requested, "actualQueryCost": 1, "throttleStatus": throttle}}


def throttled(available: float, *, requested: float = 10, restore: float = 50) -> Say:
    error = {"message": "Throttled", "extensions": {"code": "THROTTLED"}}
    extensions = status(available, requested=requested, restore=restore)
    return Say({"errors": [error], "extensions": extensions})


def test_an_answer_is_its_data_and_the_request_is_what_shopify_documents(server: Server, admin: Admin) -> None:
    server.will(Say({"data": DATA, "extensions": status(990)}))
    assert ask(admin) == DATA
    (asked,) = server.asked
    assert asked["path"] == f"/shops/{SHOP}/admin/api/2026-10/graphql.json"
    assert asked["headers"]["X-Shopify-Access-Token"] == TOKEN
    assert asked["json"]["query"] == QUERY
    assert asked["json"]["variables"]["tags"] == ["jo@example.com"]


def test_a_compressed_answer_is_read(server: Server, admin: Admin) -> None:
    body = gzip.compress(orjson.dumps({"data": {"shop": {"name": "x" * 300_000}}}))
    server.will(Say(body, headers={"Content-Encoding": "gzip"}))
    assert len(ask(admin)["shop"]["name"]) == 300_000


def test_connections_are_kept_and_cookies_are_not(server: Server, admin: Admin) -> None:
    server.will(Say({"data": DATA}, headers={"Set-Cookie": "who=me; Path=/"}))
    ask(admin)
    ask(admin)
    assert "Cookie" not in server.asked[1]["headers"]
    pool = next(iter(admin.session.adapters["http://"].poolmanager.pools._container.values()))
    assert pool.num_connections == 1


def test_a_token_goes_only_to_a_shop(server: Server) -> None:
    for domain in (
        "evil.example.com",
        "amihan.myshopify.com.evil.com",
        "x/../amihan.myshopify.com",
        "",
        "a@b",
    ):
        with pytest.raises(Refused):
            endpoint(server.settings(), domain)


@pytest.mark.parametrize(
    ("answer", "document", "error"),
    [
        (Say(status=401), QUERY, TokenRejected),
        (Say(status=402), QUERY, Refused),
        (Say(status=403), MUTATION, Refused),
        (Say(status=404), QUERY, Refused),
        (Say(status=400), MUTATION, Refused),
        (Say(status=301, headers={"Location": "https://evil.example.com/"}), QUERY, Refused),
        (Say(status=423), QUERY, Unavailable),
        (Say(status=429), MUTATION, Unavailable),
        (Say(status=503), MUTATION, Unavailable),
        (Say(status=500), QUERY, Unavailable),
        (Say(status=500), MUTATION, UnknownOutcome),
        (Say(status=502), MUTATION, UnknownOutcome),
        (Say(status=504), MUTATION, UnknownOutcome),
        (Say(b"<html>"), QUERY, Unavailable),
        (Say(b"<html>"), MUTATION, UnknownOutcome),
        (Say({"data": None}), MUTATION, UnknownOutcome),
        (
            Say(b'{"data": {}', headers={"Content-Length": "400", "Connection": "close"}),
            MUTATION,
            UnknownOutcome,
        ),
        (Say(b"1" * 9_000_000), QUERY, Unavailable),
        (Hang(), QUERY, Unavailable),
        (Hang(), MUTATION, UnknownOutcome),
        (Drop(), QUERY, Unavailable),
        (Drop(), MUTATION, UnknownOutcome),
        (Drip(), QUERY, Unavailable),
        (Drip(), MUTATION, UnknownOutcome),
    ],
    ids=lambda value: getattr(value, "__name__", None) or f"{type(value).__name__}{getattr(value, 'status', '')}",
)
def test_each_failure_says_whether_it_may_be_repeated(
    server: Server, admin: Admin, answer: object, document: str, error: type[Exception]
) -> None:
    server.will(answer)
    began = time.monotonic()
    with pytest.raises(error) as caught:
        ask(admin, document)
    assert caught.type is error
    assert len(server.asked) == 1
    assert time.monotonic() - began < 2
    assert TOKEN not in str(caught.value) and "127.0.0.1" not in str(caught.value)


def test_a_mutation_that_was_never_sent_may_be_repeated() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = Server(f"http://127.0.0.1:{unused.getsockname()[1]}")
    with pytest.raises(Unavailable):
        ask(Admin(closed.settings()), MUTATION)


@pytest.mark.parametrize(("header", "seconds"), [("7", 7), ("2.0", 2), ("soon", 2), ("999999", 3600), ("-1", 2)])
def test_the_wish_of_shopify_to_wait_is_passed_on(server: Server, admin: Admin, header: str, seconds: float) -> None:
    server.will(Say(status=429, headers={"Retry-After": header}))
    with pytest.raises(Unavailable) as caught:
        ask(admin)
    assert caught.value.retry_after_seconds == seconds


@pytest.mark.parametrize(
    ("errors", "document", "error", "code"),
    [
        ([{"message": "No", "extensions": {"code": "ACCESS_DENIED"}}], MUTATION, Refused, "ACCESS_DENIED"),
        (
            [{"message": "Too dear", "extensions": {"code": "MAX_COST_EXCEEDED"}}],
            QUERY,
            Refused,
            "MAX_COST_EXCEEDED",
        ),
        ([{"message": "Field 'x' doesn't exist"}], QUERY, Refused, ""),
        ("Not for you", QUERY, Refused, ""),
        ([{"message": "Oops", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}], QUERY, Unavailable, None),
        (
            [{"message": "Oops", "extensions": {"code": "INTERNAL_SERVER_ERROR"}}],
            MUTATION,
            UnknownOutcome,
            None,
        ),
    ],
)
def test_errors_in_a_200_are_errors(
    server: Server, admin: Admin, errors: object, document: str, error: type[Exception], code: str | None
) -> None:
    server.will(Say({"errors": errors, "data": None}))
    with pytest.raises(error) as caught:
        ask(admin, document)
    assert getattr(caught.value, "code", None) == code


def test_what_shopify_says_is_shown_without_addresses_and_tokens(server: Server, admin: Admin) -> None:
    server.will(Say({"errors": [{"message": f"Bad value jo@example.com for {TOKEN}"}]}))
    with pytest.raises(Refused) as caught:
        ask(admin, MUTATION)
    assert caught.value.message == "Shopify refused TagsAdd: Bad value … for …"


def test_a_throttled_call_waits_as_long_as_the_bucket_needs_and_goes_through(server: Server, admin: Admin) -> None:
    server.will(throttled(0, requested=10, restore=50), Say({"data": DATA, "extensions": status(990)}))
    began = time.monotonic()
    assert ask(admin, MUTATION) == DATA
    assert 0.2 <= time.monotonic() - began < 1
    assert len(server.asked) == 2


def test_a_shop_without_budget_does_not_hold_the_caller(server: Server, admin: Admin) -> None:
    server.will(throttled(0, requested=500, restore=50))
    began = time.monotonic()
    with pytest.raises(Unavailable) as caught:
        ask(admin, MUTATION)
    assert time.monotonic() - began < 0.5
    assert 9 < caught.value.retry_after_seconds <= 10
    with pytest.raises(Unavailable):
        ask(admin, MUTATION)
    assert len(server.asked) == 1  # the second call was not even sent
    server.will(Say({"data": DATA}))
    assert ask(admin, MUTATION, OTHER_SHOP) == DATA


def test_throttling_that_tells_no_budget_is_not_repeated_at_once(server: Server, admin: Admin) -> None:
    server.will(Say({"errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}]}))
    with pytest.raises(Unavailable) as caught:
        ask(admin)
    assert caught.value.retry_after_seconds == 2
    assert len(server.asked) == 1


def test_a_call_that_does_not_fit_waits_before_it_is_sent(server: Server, admin: Admin) -> None:
    server.will(Say({"data": DATA, "extensions": status(10, requested=40, restore=100)}), Say({"data": DATA}))
    ask(admin)
    began = time.monotonic()
    ask(admin)
    assert 0.25 <= time.monotonic() - began < 0.9


def test_how_it_waits_for_the_budget_is_the_callers_choice(server: Server) -> None:
    waited: list[float] = []
    admin = Admin(server.settings(), wait=waited.append)
    server.will(Say({"data": DATA, "extensions": status(0, restore=50)}), Say({"data": DATA}))
    ask(admin)
    ask(admin)
    [seconds] = waited
    assert 0.0 < seconds <= 10 / 50 * 1.1


def test_many_threads_share_one_budget(server: Server, admin: Admin) -> None:
    server.will(Say({"data": DATA, "extensions": status(100, requested=100, restore=1)}))
    ask(admin)
    results: list[str] = []

    def call() -> None:
        try:
            results.append(str(ask(admin)))
        except Unavailable:
            results.append("later")

    server.will(Say({"data": DATA}))
    threads = [threading.Thread(target=call) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("later") == 7
    assert len(server.asked) == 2


def test_user_errors_are_read_from_the_payload() -> None:
    said = {"userErrors": [{"field": ["basicCodeDiscount", "code"], "code": "TAKEN", "message": "is taken"}]}
    (error,) = user_errors(said)
    assert (error.field, error.code, error.message) == ("basicCodeDiscount.code", "TAKEN", "is taken")
    with pytest.raises(Refused) as caught:
        refuse_user_errors(said)
    assert caught.value.code == "TAKEN"
    refuse_user_errors({"userErrors": []})
    assert user_errors({"userErrors": [{"field": None, "message": "No"}]})[0].code == ""


def test_write_includes_read_among_scopes() -> None:
    assert missing_scopes(["write_customers"], ["read_customers", "write_customers"]) == frozenset()
    assert missing_scopes(["read_orders", "odd"], ["read_orders", "write_discounts"]) == {"write_discounts"}
