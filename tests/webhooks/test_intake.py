"""The door for webhooks by itself: what it takes in, and what it does when what is behind it fails, hangs or floods."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
import zstandard
from greenlet import GreenletExit
from prometheus_client import REGISTRY
from sqlalchemy import Engine, text
from structlog.testing import capture_logs

from plugin.settings import Settings
from plugin.store.database import sessions
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.work import deliveries
from plugin.store.work.deliveries import Arrival
from tests import payloads
from tests.conftest import ShopRow, TestDatabase
from tests.web.server import Door
from webhooks import committer, strangers
from webhooks.committer import LATER
from webhooks.receive import Intake

SECRET = "test-secret"
BODY = payloads.dumps(payloads.order())


@pytest.fixture
def intake(settings: Settings, database: TestDatabase) -> Iterator[Intake]:
    made = Intake(settings, lambda: database.url)
    yield made
    made.close()


def send(intake: Intake, body: bytes = BODY, **headers: str) -> tuple[str, bytes]:
    """Status and text for one webhook, as a WSGI server asks."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "HTTP_X_SHOPIFY_HMAC_SHA256": payloads.signed(SECRET, body),
        "HTTP_X_SHOPIFY_SHOP_DOMAIN": "demo.myshopify.com",
        "HTTP_X_SHOPIFY_TOPIC": "orders/paid",
        "HTTP_X_SHOPIFY_WEBHOOK_ID": "w1",
        **{f"HTTP_X_SHOPIFY_{name.upper()}": value for name, value in headers.items()},
    }
    said: list[str] = []
    text = b"".join(intake(environ, lambda status, _headers: said.append(status)))
    return said[0], text


def stored(engine: Engine, shop: ShopRow) -> list[str]:
    """The webhook ids of what was stored."""
    with shop_transaction(engine, shop.id) as conn:
        return list(conn.execute(text("SELECT webhook_id FROM deliveries ORDER BY webhook_id")).scalars())


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("suki_intake_total", {"outcome": outcome}) or 0.0


NO_OBJECTS = {
    "the signed part of an ID token": b"eyJhbGciOiJIUzI1NiJ9.eyJkZXN0IjoiaHR0cHM6Ly9kZW1vLm15c2hvcGlmeS5jb20ifQ",
    "a launch address": b"embedded=1&host=YWRtaW4&shop=demo.myshopify.com&timestamp=1764460800",
    "a launch address that is JSON, too": b' {"id":1,"q":"&embedded=1&shop=demo.myshopify.com"}',
    "an OAuth callback": b"code=1&host=YWRtaW4&shop=demo.myshopify.com&state=%7B%22id%22%3A1%7D&timestamp=1764460800",
    "a query of the app proxy": b"logged_in_customer_id=7path_prefix=/apps/sukishop=demo.myshopify.comtimestamp=1",
    "a list": b"[]",
    "a list of what would do": b'[{"id":1}]',
    "nothing": b"",
    "a space": b" ",
    "a text": b'"{}"',
    "a number": b"1",
    "null": b"null",
    "a mark of the byte order": b"\xef\xbb\xbf{}",
    "no text": b"\x00{}",
}


@pytest.mark.parametrize("topic", ["orders/paid", "app/uninstalled", "shop/redact", "products/update"])
@pytest.mark.parametrize("body", NO_OBJECTS.values(), ids=NO_OBJECTS.keys())
def test_what_is_signed_and_no_json_object_is_another_message_and_refused_like_a_bad_signature(
    intake: Intake, engine: Engine, shop: ShopRow, body: bytes, topic: str
) -> None:
    before = counted("not a webhook")
    assert send(intake, body, topic=topic) == ("401 Unauthorized", b"bad signature")
    assert (counted("not a webhook"), stored(engine, shop)) == (before + 1, [])
    with system_transaction(engine) as conn:
        assert conn.execute(text("SELECT count(*) FROM intake_counters")).scalar_one() == 0


def test_what_is_not_signed_is_a_bad_signature_whatever_it_is(intake: Intake) -> None:
    before = counted("not a webhook")
    for body in (b"e30.e30", b"{}"):
        assert send(intake, body, hmac_sha256="bm90IGl0") == ("401 Unauthorized", b"bad signature")
    assert counted("not a webhook") == before


def break_once(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """The next batch meets this error."""
    errors, real = [error], deliveries.record

    def record(*arguments: Any) -> Any:
        if errors:
            raise errors.pop()
        return real(*arguments)

    monkeypatch.setattr(deliveries, "record", record)


ODD = {
    "of ours": RuntimeError("a bug"),
    "of the memory": MemoryError(),
    "of the packing": zstandard.ZstdError("full"),
    "an assertion": AssertionError(),
    "of the database": psycopg.OperationalError("gone"),
    "of the system": OSError("gone"),
    "that ends the thread": SystemExit(),
    "that ends a greenlet": GreenletExit(),
}


@pytest.mark.parametrize("error", ODD.values(), ids=ODD.keys())
def test_no_error_ends_the_intake_unseen_and_the_next_webhook_is_stored(
    intake: Intake, engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    break_once(monkeypatch, error)
    assert send(intake, webhook_id="meanwhile")[0] == LATER
    assert send(intake, webhook_id="after")[0] == "200 OK"
    assert send(intake, webhook_id="meanwhile")[0] == "200 OK"
    assert stored(engine, shop) == ["after", "meanwhile"]


def test_a_log_that_fails_ends_no_intake(
    intake: Intake, engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        def __getattr__(self, _level: str) -> Any:
            raise RuntimeError("the disk is full")

    monkeypatch.setattr(committer, "log", Broken())
    assert send(intake, webhook_id="first")[0] == LATER  # stored, and not known to be
    monkeypatch.undo()
    assert send(intake, webhook_id="second")[0] == "200 OK"
    assert send(intake, webhook_id="first")[0] == "200 OK"
    assert stored(engine, shop) == ["first", "second"]


def test_a_thread_that_died_is_begun_anew_and_counted(
    intake: Intake, engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counted("thread died")
    with monkeypatch.context() as at_first:
        at_first.setattr(committer.Committer, "_run", lambda _self: None)
        at_first.setattr(committer, "WAIT_SECONDS", 0.1)
        assert send(intake, webhook_id="lost")[0] == LATER
    assert send(intake, webhook_id="after")[0] == "200 OK"
    assert stored(engine, shop) == ["after"]
    assert counted("thread died") == before + 1


class Hung:
    """A database that says nothing until it is let go; `entered` says that somebody waits for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.entered, self.let_go = threading.Event(), threading.Event()
        real = deliveries.record

        def record(*arguments: Any) -> Any:
            self.entered.set()
            assert self.let_go.wait(30)
            return real(*arguments)

        monkeypatch.setattr(deliveries, "record", record)


def test_a_flood_before_a_hung_database_is_told_to_come_again_and_holds_no_more_than_its_share(
    intake: Intake, engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committer, "MOST_WAITING", 8)
    monkeypatch.setattr(committer, "WAIT_SECONDS", 1.5)
    hung = Hung(monkeypatch)
    full, late = counted("queue full"), counted("waited too long")
    with ThreadPoolExecutor(31) as pool:
        first = pool.submit(send, intake, webhook_id="first")
        assert hung.entered.wait(10)
        flood = [pool.submit(send, intake, webhook_id=f"w{number:02}") for number in range(30)]
        assert {answer.result()[0] for answer in [first, *flood]} == {LATER}
    assert counted("queue full") == full + 22
    assert len(intake._committer._queue) == 8
    hung.let_go.set()
    monkeypatch.setattr(committer, "WAIT_SECONDS", 10.0)
    assert [send(intake, webhook_id=name)[0] for name in ("after", "first")] == ["200 OK", "200 OK"]
    assert counted("waited too long") == late + 8
    assert stored(engine, shop) == ["after", "first"]


def test_the_queue_ends_by_bytes_too_and_one_large_body_alone_has_its_place(
    intake: Intake, engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committer, "MOST_BYTES", len(BODY) // 2)
    assert send(intake, webhook_id="alone")[0] == "200 OK"
    monkeypatch.setattr(committer, "WAIT_SECONDS", 1.5)
    hung = Hung(monkeypatch)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(send, intake, webhook_id="first")
        assert hung.entered.wait(10)
        before = counted("queue full")
        both = [pool.submit(send, intake, webhook_id=name) for name in ("second", "third")]
        assert {answer.result()[0] for answer in [first, *both]} == {LATER}
    assert counted("queue full") == before + 1
    hung.let_go.set()


def test_a_connection_that_says_nothing_is_given_up_and_made_anew(
    settings: Settings, database: TestDatabase, engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that is stopped, or a pooler that hangs: its socket stays open, and nothing comes."""
    door = Door(database.url)
    intake = Intake(settings, lambda: door.url)
    try:
        assert send(intake, webhook_id="before")[0] == "200 OK"
        monkeypatch.setattr(sessions, "ANSWER_SECONDS", 0.3)
        door.hold()
        assert send(intake, webhook_id="meanwhile")[0] == LATER
        door.let_go()
        monkeypatch.undo()
        assert send(intake, webhook_id="after")[0] == "200 OK"
    finally:
        intake.close()
        door.remove()
    assert {"before", "after"} <= set(stored(engine, shop)) <= {"before", "meanwhile", "after"}


def test_shops_that_are_not_here_are_named_once_a_minute_and_told_apart(
    intake: Intake, engine: Engine, shop: ShopRow
) -> None:
    with system_transaction(engine) as conn:
        conn.execute(text("UPDATE shops SET state = 'uninstalled'"))
    unknown, left = counted("unknown shop"), counted("shop left")
    with capture_logs() as said:
        for number in range(3):
            for domain in ("demo.myshopify.com", "stranger.myshopify.com"):
                assert send(intake, webhook_id=f"w{number}", shop_domain=domain)[0] == "200 OK"
    named = [(line["event"], line["shop"], line["log_level"]) for line in said if "shop" in line]
    assert named == [
        ("intake_shop_left", "demo.myshopify.com", "info"),
        ("intake_unknown_shop", "stranger.myshopify.com", "error"),
    ]
    assert (counted("unknown shop"), counted("shop left")) == (unknown + 3, left + 3)
    assert stored(engine, shop) == []


def test_whoever_invents_shops_without_end_fills_no_log() -> None:
    time = [0.0]
    seen = strangers.Strangers(lambda: time[0])
    arrival = Arrival("a.myshopify.com", "w", "orders/paid", "", "", datetime.now(UTC), b"")
    with capture_logs() as said:
        for number in range(2 * strangers.MOST_NAMES):
            seen.note(strangers.UNKNOWN, replace(arrival, domain=f"s{number}.myshopify.com"))
        assert len(said) == strangers.MOST_NAMES
        seen.note(strangers.UNKNOWN, replace(arrival, domain="s0.myshopify.com"))
        time[0] = strangers.AGAIN_SECONDS
        seen.note(strangers.UNKNOWN, arrival)
    assert [(line["event"], line["shop"]) for line in said[strangers.MOST_NAMES :]] == [
        ("intake_more_of", "s0.myshopify.com"),
        ("intake_unknown_shop", "a.myshopify.com"),
    ]
