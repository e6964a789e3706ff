"""A shop that is erased: what goes, what stays, and a merchant who comes back before."""

from __future__ import annotations

import psycopg

from plugin.actions.tiers import watch_tiers
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.privacy import erasure
from plugin.store.shops import shops
from plugin.store.tables import SHOP_TABLES
from plugin.store.versions import programmes
from plugin.web.forms.members import tier_by_hand
from tests.actions.members.test_privacy import ANA, TIERS, busy, ids_by_email, traces
from tests.actions.stage import Stage


def test_of_every_table_it_is_said_what_an_erased_shop_leaves() -> None:
    stay = (
        "entries lots lot_draws credits members member_names tier_changes programme_versions programme_withdrawals"
        " privacy_requests jobs"
    ).split()
    assert sorted([*erasure.DELETED_WITH_SHOP, *stay]) == sorted(table.name for table in SHOP_TABLES)


def test_an_erased_shop_leaves_no_export_no_job_and_no_word_of_staff(stage: Stage, keeper: psycopg.Connection) -> None:
    ana = busy(stage)
    stage.programme(tiers=TIERS)
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        shop, people = shops.get(conn, stage.shop_id), ids_by_email(conn)
        form = {"tier": "gold", "note": "the baker of Cebu"}
        watch_tiers.set_tier(conn, shop, people["ana@example.com"], tier_by_hand.read(form), "staff:7", stage.clock())
        programmes.add(conn, stage.shop_id, Programme(), "staff:7", "As the baker wished", stage.clock())
        conn.exec_driver_sql("INSERT INTO variants VALUES (%(shop)s, 5, true)", {"shop": stage.shop_id})
    stage.town.box.ask_for_data(stage.shop, ana)
    stage.settle()
    stage.town.box.uninstall(stage.shop)
    stage.hear()
    stage.town.box.redact_shop(stage.shop)
    stage.settle(days=2)
    assert traces(keeper, *ANA, "bake") == []
    assert [row[1] for row in stage.rows("SELECT kind, result FROM privacy_requests ORDER BY id")][0] == {}
    assert stage.rows("SELECT count(*) FROM variants") == [(0,)]
    assert stage.rows("SELECT count(*) FROM jobs") == [(0,)]


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
