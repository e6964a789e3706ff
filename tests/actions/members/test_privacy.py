"""Who asks to see their data gets all of it; who asks to be forgotten is: looked for in every table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import psycopg
import pytest
import zstandard
from sqlalchemy import Connection

from plugin import jobs
from plugin.actions.imports import upload_file
from plugin.actions.points.audit import audit
from plugin.actions.tiers import set_tiers, watch_tiers
from plugin.actions.tiers.watch_tiers import ByHand
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.work import deliveries
from plugin.store.work.job_kinds import JobKind
from plugin.web.forms.members import tier_by_hand
from tests.actions.stage import Stage
from tests.conftest import TestDatabase
from webhooks.replay import compare

ANA = ("ana@example.com", "Anastacia", "Reyes-Cruz")
TIERS = {
    "levels": [{"key": name.lower(), "name": name, "enter": least} for name, least in (("Silver", 200), ("Gold", 300))]
}


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


def ids_by_email(conn: Connection) -> dict[str, int]:
    """The members' ids."""
    return {row[1]: row[0] for row in conn.exec_driver_sql("SELECT id, email FROM members")}


def request_result(stage: Stage, kind: str) -> dict[str, object]:
    ((done, result),) = stage.rows("SELECT done_at, result FROM privacy_requests WHERE kind = :kind", kind=kind)
    assert done is not None
    return dict(result)


def exported(stage: Stage) -> dict[str, list[Any]]:
    """The newest export, section by section."""
    found: dict[str, list[Any]] = {}
    for (body,) in stage.rows("SELECT body FROM export_parts ORDER BY request_id, number"):
        part = orjson.loads(zstandard.ZstdDecompressor().decompress(body))
        found.setdefault(part["section"], []).extend(part["rows"])
    return found


def test_an_export_holds_everything_that_is_kept_of_the_customer_and_of_nobody_else(stage: Stage) -> None:
    ana = busy(stage)
    stage.town.box.ask_for_data(stage.shop, ana)
    stage.settle()
    told = exported(stage)
    (member,) = told["members"]
    assert (member["customer_id"], member["email"], member["first_name"]) == (ana["id"], "ana@example.com", "Anastacia")
    assert member["balance"] == sum(entry["points"] for entry in told["entries"])
    counted = {part: len(told[part]) for part in ("entries", "orders", "rewards", "mails")}
    assert counted == {"entries": 3, "orders": 2, "rewards": 2, "mails": 3}
    assert {lot["earned_at"][:4] for lot in told["lots"]} == {str(stage.clock().year)}
    topics = {one["topic"] for one in told["deliveries"]}
    assert {"customers/create", "orders/create", "refunds/create"} <= topics
    assert b"ben@example.com" not in orjson.dumps(told)


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
    assert request_result(stage, "customers/data_request") == {"parts": 0, "rows": 0, "known": False}
    assert exported(stage) == {}
    assert request_result(stage, "customers/redact") == {
        "members": 0,
        "orders": 0,
        "deliveries": 0,
        "known": False,
    }
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


def test_whoever_was_merged_is_shown_and_forgotten_with_the_one_who_stayed(
    stage: Stage, keeper: psycopg.Connection
) -> None:
    """Also customers of three mergers, asked for by the one that was kept."""
    people = []
    for email in ("ana@example.com", "second@example.com", "third@example.com"):
        people.append(dict(stage.shop.customer[stage.buy(email)["customer_id"]]))
        stage.settle()
    first, second, third = people
    stage.town.box.merge(stage.shop, stage.shop.customer[second["id"]], stage.shop.customer[third["id"]])
    stage.settle()
    stage.town.box.merge(stage.shop, stage.shop.customer[first["id"]], stage.shop.customer[second["id"]])
    stage.settle()
    sums = stage.sums()
    stage.town.box.ask_for_data(stage.shop, first)
    stage.settle()
    assert {member["customer_id"] for member in exported(stage)["members"]} == {one["id"] for one in people}
    stage.town.box.redact(stage.shop, first)
    stage.settle()
    assert traces(keeper, *ANA, "second@example.com", "third@example.com", *(one["id"] for one in people)) == []
    assert stage.sums() == sums
    assert audit(stage.engine) == []


def test_what_staff_wrote_about_a_member_is_forgotten_with_them(stage: Stage, keeper: psycopg.Connection) -> None:
    """In a tier that they set, alone and for many, and in a file with somebody who is no member yet."""
    ana = busy(stage)
    stage.programme(tiers=TIERS)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, people = shops.get(conn, stage.shop_id), ids_by_email(conn)
        for name, words in (("ana", "the baker of Cebu"), ("ben", "a good neighbour")):
            form = {"tier": "gold", "note": words}
            watch_tiers.set_tier(
                conn, shop, people[f"{name}@example.com"], tier_by_hand.read(form), "staff:7", stage.clock()
            )
        wish = set_tiers.wish(conn, shop, ByHand("silver", note="bakers"), ["ana@example.com"], stage.clock())
        set_tiers.set_tiers(conn, shop, wish, "key", "staff:7", stage.clock())
    assert len(traces(keeper, "bake")) == 4
    stage.town.box.ask_for_data(stage.shop, ana)
    stage.settle()
    assert str(exported(stage)).count("bake") == 3, "they may read it before"
    stage.town.box.redact(stage.shop, ana)
    stage.settle()
    assert traces(keeper, "bake") == []
    assert len(traces(keeper, "a good neighbour")) == 2
    assert stage.rows("SELECT count(*) FROM tier_changes WHERE actor = 'staff:7'") == [(3,)]


def test_a_file_that_waits_is_dropped_for_it_may_name_whoever_is_forgotten(
    stage: Stage, keeper: psycopg.Connection
) -> None:
    """Also somebody who is no member yet."""
    content = b"email,customer id,points,note\nnobody@example.com,,5,Of the bazaar\nnobody(at)example.com,,5,\n"
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop = shops.get(conn, stage.shop_id)
        upload_file.upload(conn, shop, "points.csv", content, "", stage.clock(), shown=False, actor="staff:7")
    stage.town.box.redact(stage.shop, {"id": 7000000000099, "email": "nobody@example.com"})
    stage.settle()
    assert traces(keeper, "nobody", "bazaar") == []


def test_a_guest_is_forgotten_by_the_address_alone(stage: Stage, keeper: psycopg.Connection) -> None:
    stage.buy("Guest@Example.com", as_customer=False)
    stage.settle()
    body = {"customer": {"id": None, "email": "guest@example.com"}}
    stage.town.box.dispatcher.publish(stage.shop, "customers/redact", body, stage.clock())
    stage.settle()
    assert traces(keeper, "guest@example.com") == []


def test_the_jobs_of_a_shop_that_removed_the_app_wait_but_its_privacy_requests_do_not(stage: Stage) -> None:
    ana = busy(stage)
    order = stage.buy("carla@example.com")
    stage.hear()
    stage.town.box.uninstall(stage.shop)
    stage.hear()
    jobs.run(stage.work, stage.shop_id, JobKind.LEAVING)
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
