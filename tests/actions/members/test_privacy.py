"""Who asks to see their data gets all of it; who asks to be forgotten is: looked for in every table."""

from __future__ import annotations

from collections.abc import Iterator

import orjson
import psycopg
import pytest
import zstandard

from plugin.actions.audit import audit
from plugin.store import deliveries
from plugin.store.database.db import shop_transaction, system_transaction
from tests.actions.stage import Stage
from tests.conftest import TestDatabase
from webhooks.replay import compare

ANA = ("ana@example.com", "Anastacia", "Reyes-Cruz")


@pytest.fixture
def keeper(database: TestDatabase) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        yield connection


def everything(keeper: psycopg.Connection) -> str:
    """Every row of every table as text, the deliveries' bodies unpacked."""
    names = keeper.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    rows = [
        f"{name}: {row[0]}"
        for (name,) in names
        for row in keeper.execute(f"SELECT t::text FROM {name} t")  # type: ignore[arg-type]
    ]
    unpack = zstandard.ZstdDecompressor().decompress
    bodies = [unpack(row[0], 2**24).decode(errors="replace") for row in keeper.execute("SELECT body FROM deliveries")]
    return "\n".join(rows + [f"body: {body}" for body in bodies])


def traces(keeper: psycopg.Connection, *words: object) -> list[str]:
    """Where one of the words still stands."""
    lines = everything(keeper).splitlines()
    return [line[:200] for line in lines if any(str(word).casefold() in line.casefold() for word in words)]


def busy(stage: Stage) -> dict[str, object]:
    """Ana bought, was refunded, used a code; Ben bought as well. Answers Ana's customer."""
    first = stage.buy()
    stage.buy("ben@example.com")
    stage.settle()
    stage.town.box.refund(stage.shop, first, amount=500)
    stage.buy(codes=[stage.code(first)])
    stage.settle(seconds=3)
    return dict(stage.shop.customer[first["customer_id"]])


def request_result(stage: Stage, kind: str) -> dict[str, object]:
    ((done, result),) = stage.rows("SELECT done_at, result FROM privacy_requests WHERE kind = :kind", kind=kind)
    assert done is not None
    return dict(result)


def test_an_export_holds_everything_that_is_kept_of_the_customer_and_of_nobody_else(stage: Stage) -> None:
    ana = busy(stage)
    stage.town.box.ask_for_data(stage.shop, ana)
    stage.settle()
    (member,) = request_result(stage, "customers/data_request")["members"]  # type: ignore[misc]
    assert (member["customer_id"], member["email"], member["first_name"]) == (ana["id"], "ana@example.com", "Anastacia")
    assert member["balance"] == sum(entry["points"] for entry in member["entries"])
    counted = {part: len(member[part]) for part in ("entries", "orders", "codes", "messages")}
    assert counted == {"entries": 3, "orders": 2, "codes": 2, "messages": 2}
    assert b"ben@example.com" not in orjson.dumps(member)


def test_an_erased_customer_leaves_no_trace_but_anonymous_sums(
    stage: Stage, keeper: psycopg.Connection, database: TestDatabase
) -> None:
    ana = busy(stage)
    sums = stage.sums()
    assert traces(keeper, *ANA, ana["id"])
    stage.town.box.redact(stage.shop, ana)
    stage.settle()
    assert traces(keeper, *ANA, ana["id"]) == []
    assert stage.sums() == sums
    assert traces(keeper, "ben@example.com")
    assert audit(stage.engine) == []
    assert compare(stage.engine, database.url) == []


def test_a_forgotten_customer_is_not_remembered_by_a_late_delivery(stage: Stage, keeper: psycopg.Connection) -> None:
    ana = busy(stage)
    stage.town.box.redact(stage.shop, ana)
    stage.settle()
    order = next(iter(stage.shop.order.values()))
    stage.town.box.fulfil(stage.shop, order)
    stage.settle(days=1)
    assert traces(keeper, *ANA, ana["id"]) == []
    assert audit(stage.engine) == []


def test_a_request_of_somebody_unknown_is_answered_and_changes_nothing(stage: Stage) -> None:
    """Of them there are only the two requests themselves."""
    busy(stage)
    before = stage.rows("SELECT id, email, balance FROM members ORDER BY id")
    stranger = {"id": 7000000000099, "email": "stranger@example.com"}
    stage.town.box.ask_for_data(stage.shop, stranger)
    stage.town.box.redact(stage.shop, stranger)
    stage.settle()
    assert request_result(stage, "customers/data_request") == {"members": []}
    assert request_result(stage, "customers/redact") == {"members": 0, "deliveries": 2}
    assert stage.rows("SELECT id, email, balance FROM members ORDER BY id") == before


def test_whoever_has_a_longer_address_or_number_is_somebody_else(stage: Stage, keeper: psycopg.Connection) -> None:
    """dana@example.com holds ana@example.com, and 71 holds 7."""
    for number, email in ((7, "ana@example.com"), (71, "dana@example.com"), (177, "ana@example.com.ph")):
        body = {"id": number, "email": email, "first_name": f"Of{number}", "last_name": "", "created_at": None}
        stage.town.box.dispatcher.publish(stage.shop, "customers/create", body, stage.clock())
    escaped = b'{"id":7,"email":"ana\\u0040example.com","first_name":"Of7"}'
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        deliveries.add(conn, stage.shop_id, "escaped", "customers/update", stage.clock(), escaped)
    stage.town.box.redact(stage.shop, {"id": 7, "email": "ana@example.com"})
    stage.settle()
    assert traces(keeper, 'Of7"', "u0040") == []
    assert len(traces(keeper, 'body: {"id":71,', 'body: {"id":177,')) == 2


def test_a_guest_is_forgotten_by_the_address_alone(stage: Stage, keeper: psycopg.Connection) -> None:
    stage.buy("Guest@Example.com", as_customer=False)
    stage.settle()
    body = {"customer": {"id": None, "email": "guest@example.com"}}
    stage.town.box.dispatcher.publish(stage.shop, "customers/redact", body, stage.clock())
    stage.settle()
    assert traces(keeper, "guest@example.com") == []


def test_an_erased_shop_leaves_nothing_but_numbers(stage: Stage, keeper: psycopg.Connection) -> None:
    ana = busy(stage)
    entries = keeper.execute("SELECT count(*) FROM entries").fetchone()
    stage.town.box.uninstall(stage.shop)
    stage.settle()
    stage.town.box.redact_shop(stage.shop)
    stage.settle(days=2)
    found = traces(
        keeper, *ANA, ana["id"], "ben@example.com", stage.shop.settings["email"], stage.shop.settings["name"]
    )
    assert found == []
    assert keeper.execute("SELECT count(*) FROM entries").fetchone() == entries
    with system_transaction(stage.engine) as conn:
        assert conn.exec_driver_sql("SELECT state FROM shops").scalar_one() == "redacted"


def test_a_shop_that_comes_back_before_its_erasure_keeps_everything(stage: Stage) -> None:
    busy(stage)
    sums = stage.sums()
    stage.town.box.uninstall(stage.shop)
    stage.settle()
    stage.open_app()
    stage.town.box.redact_shop(stage.shop)
    stage.settle(days=2)
    assert stage.sums() == sums
    assert stage.rows("SELECT count(*) FROM members WHERE email <> ''") == [(2,)]
    stage.buy("new@example.com")
    stage.settle(seconds=3)
    assert len(stage.sums()) == len(sums) + 1


def test_the_jobs_of_a_shop_that_removed_the_app_wait_but_its_privacy_requests_do_not(stage: Stage) -> None:
    ana = busy(stage)
    order = stage.buy("carla@example.com")
    stage.hear()
    stage.town.box.uninstall(stage.shop)
    stage.hear()
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM shop_tokens").scalar_one() == 0
    body = {"customer": {"id": ana["id"], "email": ana["email"]}, "orders_to_redact": []}
    stage.shop.settings["installed"] = True
    stage.town.box.dispatcher.publish(stage.shop, "customers/redact", body, stage.clock())
    stage.shop.settings["installed"] = False
    stage.settle(days=1)
    assert request_result(stage, "customers/redact")["members"] == 1
    assert stage.redemption(order) == ("reserved", "wanted", None)
    assert {state for _, state, _, _ in stage.waiting("code")} == {"queued"}
