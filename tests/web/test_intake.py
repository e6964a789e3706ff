"""The webhook endpoint as Shopify meets it: gunicorn with the production settings, and a real database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text, update

from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.tables import shops
from plugin.store.work import deliveries
from tests import payloads
from tests.actions.orders.test_settle_orders import start_programme
from tests.conftest import ShopRow, TestDatabase
from tests.web.server import LIMIT_BYTES, OLD_SECRET, SECRET, Answer, Door, WebProcess, web_process
from webhooks.inbox import ATTEMPTS, process_waiting
from webhooks.topics import COMPLIANCE

BODY = payloads.dumps(payloads.order())
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def web(database: TestDatabase, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    with web_process(database.url, tmp_path_factory.mktemp("web")) as process:
        yield process


def headers(body: bytes = BODY, *, secret: str = SECRET, **more: str | None) -> dict[str, str]:
    """As Shopify sends them; `Webhook_Id="x"` changes one, None leaves it out."""
    named = {
        "Hmac_Sha256": payloads.signed(secret, body),
        "Shop_Domain": "demo.myshopify.com",
        "Topic": "orders/paid",
        "Webhook_Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
        "Event_Id": "98880550-7158-44d4-b7cd-2c97c8a091b5",
        "API_Version": "2026-10",
        "Triggered_At": "2026-11-20T02:00:00.123456789Z",
        **more,
    }
    return {f"X-Shopify-{name.replace('_', '-')}": value for name, value in named.items() if value is not None}


def stored(engine: Engine, shop: ShopRow) -> list[deliveries.Delivery]:
    """What waits in the shop's inbox."""
    with shop_transaction(engine, shop.id) as conn:
        return deliveries.claim(conn, shop.id, 1000, datetime.now(UTC) + timedelta(days=1))


def refused_by_counter(engine: Engine) -> dict[str, int]:
    with system_transaction(engine) as conn:
        found = conn.execute(text("SELECT reason, seen FROM intake_counters")).all()
        return {row.reason: row.seen for row in found}


def test_a_webhook_is_stored_to_the_byte_before_it_is_acknowledged(
    web: WebProcess, engine: Engine, shop: ShopRow
) -> None:
    body = payloads.dumps(payloads.order(note="mañana \x01" + "é" * 9000)) + b" \n"
    assert web.send(body, headers(body)) == Answer(200, "")
    (delivery,) = stored(engine, shop)
    assert (delivery.body, delivery.topic) == (body, "orders/paid")


def test_the_nanoseconds_of_shopify_are_read_to_the_microsecond(web: WebProcess, engine: Engine, shop: ShopRow) -> None:
    assert web.send(BODY, headers()).status == 200
    assert stored(engine, shop)[0].triggered_at == datetime(2026, 11, 20, 2, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    "moment", [None, "", "soon", "2026-13-01", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_a_moment_that_no_clock_can_show_stops_neither_the_intake_nor_the_inbox(
    web: WebProcess, engine: Engine, shop: ShopRow, moment: str | None
) -> None:
    before = datetime.now(UTC)
    assert web.send(BODY, headers(Triggered_At=moment)).status == 200
    assert web.send(BODY, headers(Webhook_Id="next")).status == 200
    assert [before <= found.triggered_at for found in stored(engine, shop)] == [True, False]


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_both_secrets_are_taken_while_one_replaces_the_other(
    web: WebProcess, engine: Engine, shop: ShopRow, secret: str
) -> None:
    assert web.send(BODY, headers(secret=secret)).status == 200
    assert len(stored(engine, shop)) == 1


RIGHT = payloads.signed(SECRET, BODY)
FORGED = {
    "of another body": payloads.signed(SECRET, b"{}"),
    "by another secret": payloads.signed("guess", BODY),
    "by no secret": payloads.signed("", BODY),
    "empty": "",
    "missing": None,
    "cut": RIGHT[:-4],
    "without padding": RIGHT.rstrip("="),
    "with a tail": RIGHT + "AAAA",
    "with a space": RIGHT[:9] + " " + RIGHT[9:],
    "not base64": "!" * 44,
    "hex": "00" * 32,
    "not ascii": "\xe9" * 44,
}


@pytest.mark.parametrize("forgery", FORGED.values(), ids=FORGED.keys())
def test_a_signature_that_is_not_shopifys_is_refused(
    web: WebProcess, engine: Engine, shop: ShopRow, forgery: str | None
) -> None:
    assert web.send(BODY, headers(Hmac_Sha256=forgery)).status == 401
    assert stored(engine, shop) == []


def test_a_body_that_was_changed_on_the_way_is_refused(web: WebProcess, engine: Engine, shop: ShopRow) -> None:
    assert web.send(BODY.replace(b"49.95", b"99.95"), headers()).status == 401
    assert web.send(BODY[:-1], headers()).status == 401
    assert stored(engine, shop) == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_post_is_taken(web: WebProcess, engine: Engine, shop: ShopRow, method: str) -> None:
    assert web.send(b"", headers(), method).status == 405
    assert stored(engine, shop) == []


@pytest.mark.parametrize("size", [LIMIT_BYTES, LIMIT_BYTES + 1])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_too_large_with_and_without_a_length(
    web: WebProcess, engine: Engine, shop: ShopRow, size: int, chunked: bool
) -> None:
    body = b'{"id":1}'.ljust(size)
    sent = [body[:1000], body[1000:]] if chunked else body
    expected = 200 if size == LIMIT_BYTES else 413
    assert web.send(sent, headers(body)).status == expected
    assert len(stored(engine, shop)) == (expected == 200)


def test_a_body_that_breaks_off_is_not_taken(web: WebProcess, engine: Engine, shop: ShopRow) -> None:
    sent = "".join(f"{name}: {value}\r\n" for name, value in headers().items())
    request = f"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY) + 9}\r\n{sent}\r\n".encode() + BODY
    assert b"200" not in web.send_raw(request)
    assert stored(engine, shop) == []


@pytest.mark.parametrize("missing", ["Shop_Domain", "Topic", "Webhook_Id"])
@pytest.mark.parametrize("value", [None, "", "x" * 200, "two words", "\xe9"])
def test_a_header_that_is_missing_or_odd_is_a_bad_request(
    web: WebProcess, engine: Engine, shop: ShopRow, missing: str, value: str | None
) -> None:
    assert web.send(BODY, headers(**{missing: value})).status == 400
    assert (stored(engine, shop), refused_by_counter(engine)) == ([], {})


@pytest.mark.parametrize(
    "domain",
    [
        "example.com",
        "demo.myshopify.com.evil.example",
        "-demo.myshopify.com",
        "DEMO.myshopify.com",
        "demo_.myshopify.com",
        "'; --.myshopify.com",
    ],
)
def test_a_domain_that_no_shop_can_have_is_a_bad_request(
    web: WebProcess, engine: Engine, shop: ShopRow, domain: str
) -> None:
    assert web.send(BODY, headers(Shop_Domain=domain)).status == 400
    assert stored(engine, shop) == []


def test_an_unknown_shop_leaves_nothing_but_a_count(web: WebProcess, engine: Engine, shop: ShopRow) -> None:
    for number in range(3):
        sent = headers(Shop_Domain="stranger.myshopify.com", Webhook_Id=f"w{number}")
        assert web.send(BODY, sent) == Answer(200, "")
    assert (stored(engine, shop), refused_by_counter(engine)) == ([], {"unknown shop": 3})


@pytest.mark.parametrize("topic", ["orders/paid", "customers/update", "app/uninstalled", "shop/update"])
def test_an_uninstalled_shop_leaves_nothing_but_a_count(
    web: WebProcess, engine: Engine, shop: ShopRow, topic: str
) -> None:
    set_state(engine, shop, "uninstalled")
    assert web.send(BODY, headers(Topic=topic)).status == 200
    assert (stored(engine, shop), refused_by_counter(engine)) == ([], {"unknown shop": 1})


@pytest.mark.parametrize(("state", "kept"), [("uninstalled", 1), ("redacted", 0)])
@pytest.mark.parametrize("topic", COMPLIANCE)
def test_privacy_requests_are_taken_until_the_shop_is_erased(
    web: WebProcess, engine: Engine, shop: ShopRow, topic: str, state: str, kept: int
) -> None:
    set_state(engine, shop, state)
    assert web.send(BODY, headers(Topic=topic)).status == 200
    assert len(stored(engine, shop)) == kept


def set_state(engine: Engine, shop: ShopRow, state: str) -> None:
    with system_transaction(engine) as conn:
        conn.execute(update(shops).where(shops.c.id == shop.id).values(state=state))


def test_a_topic_nobody_asked_for_is_acknowledged_and_not_kept(web: WebProcess, engine: Engine, shop: ShopRow) -> None:
    assert web.send(BODY, headers(Topic="products/update")).status == 200
    assert web.send(BODY, headers(Topic="suki/order")).status == 200
    assert stored(engine, shop) == []


def test_a_repeated_webhook_is_stored_once(web: WebProcess, engine: Engine, shop: ShopRow) -> None:
    assert [web.send(BODY, headers()).status for _ in range(3)] == [200] * 3
    assert len(stored(engine, shop)) == 1


def test_fifty_at_once_of_one_webhook_are_stored_once(web: WebProcess, engine: Engine, shop: ShopRow) -> None:
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: web.send(BODY, headers()).status, range(50)))
    assert (answers, len(stored(engine, shop))) == ([200] * 50, 1)


def test_fifty_webhooks_at_once_are_all_stored(web: WebProcess, engine: Engine, shop: ShopRow) -> None:
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda key: web.send(BODY, headers(Webhook_Id=f"w{key}")).status, range(50)))
    assert answers == [200] * 50
    assert sorted(found.webhook_id for found in stored(engine, shop)) == sorted(f"w{key}" for key in range(50))


def test_the_same_webhook_id_of_another_shop_is_another_webhook(
    web: WebProcess, engine: Engine, shop: ShopRow, other_shop: ShopRow
) -> None:
    for domain in (shop.domain, other_shop.domain):
        assert web.send(BODY, headers(Shop_Domain=domain)).status == 200
    assert (len(stored(engine, shop)), len(stored(engine, other_shop))) == (1, 1)


@pytest.mark.parametrize("body", [b'{"id": 1', b'{"id":1,"name":"\x00"}', b"{}}", b"{\xff}"])
def test_a_body_that_cannot_be_read_is_kept_and_in_the_end_shown_as_failed(
    web: WebProcess, engine: Engine, shop: ShopRow, body: bytes
) -> None:
    start_programme(engine, shop.id, Programme())
    assert web.send(body, headers(body)).status == 200
    assert web.send(BODY, headers(Webhook_Id="good")).status == 200
    later = (datetime.now(UTC) + timedelta(hours=number) for number in range(ATTEMPTS))
    assert [process_waiting(engine, lambda at=at: at) for at in later] == [2] + [1] * (ATTEMPTS - 1)  # type: ignore[misc]
    with shop_transaction(engine, shop.id) as conn:
        kept = conn.execute(text("SELECT state, attempts, last_error <> '' FROM inbox")).all()
    assert kept == [("failed", ATTEMPTS, True)]


@pytest.fixture
def door(database: TestDatabase) -> Iterator[Door]:
    made = Door(database.url)
    yield made
    made.remove()


@pytest.fixture
def web_behind_door(door: Door, tmp_path: Path) -> Iterator[WebProcess]:
    with web_process(door.url, tmp_path) as process:
        yield process


def test_without_the_database_shopify_is_told_to_repeat_and_nothing_is_lost(
    web_behind_door: WebProcess, door: Door, engine: Engine, shop: ShopRow
) -> None:
    assert web_behind_door.send(BODY, headers(Webhook_Id="before")).status == 200
    door.shut()
    for _ in range(2):
        started = time.monotonic()
        assert web_behind_door.send(BODY, headers(Webhook_Id="meanwhile")).status == 503
        assert time.monotonic() - started < 3
    door.open()
    assert web_behind_door.send(BODY, headers(Webhook_Id="meanwhile")).status == 200
    assert [found.webhook_id for found in stored(engine, shop)] == ["before", "meanwhile"]
