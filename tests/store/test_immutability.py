"""What the database itself refuses: a changed past, a fact twice, a number that cannot be."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, Table, insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.tables import (
    delivery_ids,
    entries,
    jobs,
    lot_draws,
    lots,
    members,
    messages,
    metadata,
    order_views,
    privacy_requests,
    programme_versions,
    redemptions,
    shops,
    tier_changes,
)
from tests.conftest import ShopRow, TestDatabase
from tests.store.test_row_level_security import AT, row

FROZEN = pytest.mark.parametrize(
    "table", [entries, lot_draws, programme_versions, tier_changes], ids=lambda table: table.name
)
CHANGES = pytest.mark.parametrize(
    "change", ["UPDATE {} SET shop_id = shop_id", "DELETE FROM {}", "TRUNCATE {}", "TRUNCATE {} CASCADE"]
)


def add(engine: Engine, shop: ShopRow, table: Table, **values: Any) -> None:
    with shop_transaction(engine, shop.id) as conn:
        conn.execute(insert(table).values(row(table, shop.id) | values))


@FROZEN
@CHANGES
def test_the_past_is_not_changed_by_the_app_which_owns_the_table(
    engine: Engine, shop: ShopRow, table: Table, change: str
) -> None:
    add(engine, shop, table)
    with system_transaction(engine) as conn:
        owner = text("SELECT tableowner = current_user FROM pg_tables WHERE tablename = :name")
        assert conn.execute(owner, {"name": table.name}).scalar_one() is True
    with pytest.raises(IntegrityError, match="never changed or removed"), shop_transaction(engine, shop.id) as conn:
        conn.execute(text(change.format(table.name)))


@FROZEN
@CHANGES
def test_the_past_is_not_changed_by_a_superuser_either(
    engine: Engine, shop: ShopRow, database: TestDatabase, table: Table, change: str
) -> None:
    add(engine, shop, table)
    with psycopg.connect(database.superuser_url, autocommit=True) as keeper:
        with pytest.raises(psycopg.IntegrityError, match="never changed or removed"):
            keeper.execute(change.format(table.name))  # type: ignore[arg-type]
        assert keeper.execute(f"SELECT count(*) FROM {table.name}").fetchone() == (1,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("table", "words", "nothing"), [(programme_versions, "note", "''"), (tier_changes, "reasons", "'[]'")]
)
def test_of_the_past_only_words_of_staff_can_be_emptied(
    engine: Engine, shop: ShopRow, table: Table, words: str, nothing: str
) -> None:
    add(engine, shop, table, **{words: ["said"] if words == "reasons" else "said"})
    more = "actor" if words == "reasons" else "author"
    for change in (f"{words} = '[1]'", f"{words} = {nothing}, {more} = 'somebody else'", f"{words} = {words}"):
        with pytest.raises(IntegrityError, match="never changed"), shop_transaction(engine, shop.id) as conn:
            conn.execute(text(f"UPDATE {table.name} SET {change}"))
    with shop_transaction(engine, shop.id) as conn:
        conn.execute(text(f"UPDATE {table.name} SET {words} = {nothing}"))
    with pytest.raises(IntegrityError, match="never changed"), shop_transaction(engine, shop.id) as conn:
        conn.execute(text(f"UPDATE {table.name} SET {words} = {nothing}"))


def test_of_an_entry_only_the_words_of_its_explanation_can_go(engine: Engine, shop: ShopRow) -> None:
    said = {"order": "#1001", "reasons": [["line_excluded", {"title": "Cake for Ana"}]], "of": "order:1"}
    add(engine, shop, entries, reason=said)
    for change in ("reason = '{}'", 'reason = \'{"of": "order:2"}\'', "points = 2", "reason = reason || '{\"a\": 1}'"):
        with pytest.raises(IntegrityError, match="never changed"), shop_transaction(engine, shop.id) as conn:
            conn.execute(text(f"UPDATE entries SET {change}"))
    with shop_transaction(engine, shop.id) as conn:
        conn.execute(text("UPDATE entries SET reason = reason - 'reasons' - 'order'"))
        assert conn.execute(text("SELECT reason FROM entries")).scalar_one() == {"of": "order:1"}


@pytest.mark.parametrize(
    ("table", "first", "second"),
    [
        (delivery_ids, {"webhook_id": "w"}, {"webhook_id": "w", "received_at": AT}),
        (entries, {"subject": "order:1", "line": 1}, {"subject": "order:1", "line": 1, "points": 9}),
        (members, {"customer_id": 7}, {"customer_id": 7, "email": "b@example.com"}),
        (members, {"email_key": "a@example.com", "state": "guest"}, {"email_key": "a@example.com", "state": "guest"}),
        (messages, {"kind": "k", "subject": "order:1"}, {"kind": "k", "subject": "order:1", "member_id": 2}),
        (redemptions, {"reward": "r", "subject": "s", "code": "A"}, {"reward": "r", "subject": "s", "code": "B"}),
        (redemptions, {"subject": "s", "code": "SUKI-a"}, {"subject": "t", "code": "suki-A"}),
        (jobs, {"kind": "code", "subject": "1"}, {"kind": "code", "subject": "1"}),
        (order_views, {"order_id": 1}, {"order_id": 1}),
        (programme_versions, {"number": 1}, {"number": 1}),
        (privacy_requests, {"kind": "k", "subject": "1"}, {"kind": "k", "subject": "1"}),
    ],
)
def test_one_fact_is_there_once_in_a_shop_and_once_in_another(
    engine: Engine, shop: ShopRow, other_shop: ShopRow, table: Table, first: dict[str, Any], second: dict[str, Any]
) -> None:
    add(engine, shop, table, **first)
    add(engine, other_shop, table, **first)
    with pytest.raises(IntegrityError, match="duplicate key"):
        add(engine, shop, table, **second)


def test_two_claimed_members_may_share_an_address_and_two_shops_may_not_share_a_domain(
    engine: Engine, shop: ShopRow
) -> None:
    add(engine, shop, members, customer_id=1, email_key="a@example.com")
    add(engine, shop, members, customer_id=2, email_key="a@example.com")
    with pytest.raises(IntegrityError, match="duplicate key"), system_transaction(engine) as conn:
        conn.execute(insert(shops).values(domain=shop.domain))


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (entries, {"points": 0}),
        (entries, {"line": 0}),
        (lots, {"points": 0, "points_left": 0}),
        (lots, {"points": 5, "points_left": 6}),
        (lots, {"points": 5, "points_left": -1}),
        (lot_draws, {"points": 0}),
        (members, {"debt": -1}),
        (members, {"state": "gone"}),
        (messages, {"state": "lost"}),
        (jobs, {"state": "done"}),
        (redemptions, {"state": "wanted"}),
        (redemptions, {"points": -1}),
    ],
)
def test_a_number_or_a_word_that_cannot_be_is_refused(
    engine: Engine, shop: ShopRow, table: Table, values: dict[str, Any]
) -> None:
    with pytest.raises(IntegrityError, match="check constraint"):
        add(engine, shop, table, **values)


@pytest.mark.parametrize(
    "domain", ["demo.example.com", "DEMO.myshopify.com", "a b.myshopify.com", "x.myshopify.com.evil"]
)
def test_only_a_myshopify_domain_is_a_shop(engine: Engine, domain: str) -> None:
    with pytest.raises(IntegrityError, match="check constraint"), system_transaction(engine) as conn:
        conn.execute(insert(shops).values(domain=domain))


def test_a_whole_batch_is_refused_for_one_bad_entry(engine: Engine, shop: ShopRow) -> None:
    rows = [row(entries, shop.id) | {"line": line} for line in (1, 2, 1)]
    with pytest.raises(DBAPIError), shop_transaction(engine, shop.id) as conn:
        conn.execute(insert(entries), rows)
    with shop_transaction(engine, shop.id) as conn:
        assert conn.execute(text("SELECT count(*) FROM entries")).scalar_one() == 0


def test_the_migrated_schema_is_the_one_in_tables(engine: Engine) -> None:
    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and str(name).startswith(("procrastinate_", "alembic_", "deliveries_", "events_")))

    def compared(thing: object, _name: str | None, kind: str, *_: object) -> bool:
        """No two numbers of a sequence are equal; a computed column can't be compared, as PostgreSQL words it anew."""
        return not (kind == "column" and str(thing) in ("email_drafts.revision", "member_facets.who"))

    options = {"compare_type": True, "compare_server_default": True, "include_name": ours, "include_object": compared}
    with engine.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn, opts=options), metadata) == []
        made = "SELECT table_name, column_name FROM information_schema.columns WHERE is_generated = 'ALWAYS'"
        assert conn.exec_driver_sql(made).all() == [("member_facets", "who")]
