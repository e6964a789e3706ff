"""New tiers for everybody come in steps: publishing touches nobody, and a run that is killed goes on where it was."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

import pytest
from sqlalchemy import Connection, Engine, text

from plugin import jobs
from plugin.actions.shops.tokens import AdminClients
from plugin.actions.tiers import watch_tiers
from plugin.actions.work.work import Work
from plugin.clients.smtp.mail import Mailer
from plugin.rules.programme import Programme
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.tiers import tiers as tiers_store
from plugin.store.versions import programmes
from plugin.store.work import jobs as stored
from tests import payloads
from tests.actions.orders.test_settle_orders import NOW, START, settle, start_programme
from tests.conftest import ShopRow

SILVER = Tiers(levels=(Tier(key="silver", name="Silver", enter=Decimal(1)),))
BUYERS = 13


class Killed(BaseException):
    """As a kill: nothing of ours catches it."""


def filled(engine: Engine, shop: ShopRow) -> None:
    """Thirteen buyers, and tiers published after they bought."""
    start_programme(engine, shop.id, Programme())
    people = [{"id": number, "email": f"p{number}@example.com"} for number in range(1, BUYERS + 1)]
    events = [("orders/paid", payloads.order(each["id"], customer=each)) for each in people]
    settle(engine, shop.id, *events)
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, Programme(tiers=SILVER), "test", "", START)
        watch_tiers.rules_changed(conn, shops.get(conn, shop.id), NOW)


def tiers(engine: Engine, shop: ShopRow) -> list[tuple[Any, ...]]:
    asked = (
        "SELECT m.customer_id, t.tier, t.since, t.look_on, t.look_why, (SELECT count(*) FROM tier_changes e"
        " WHERE e.member_id = m.id) FROM members m LEFT JOIN member_tiers t ON t.member_id = m.id ORDER BY 1"
    )
    with shop_transaction(engine, shop.id) as conn:
        return [tuple(row) for row in conn.execute(text(asked))]


def work_of(engine: Engine) -> Work:
    return Work(engine, cast(AdminClients, None), cast(Mailer, None), lambda: NOW)


def test_publishing_writes_one_job_and_no_member(engine: Engine, shop: ShopRow) -> None:
    filled(engine, shop)
    assert all(row[1] is None for row in tiers(engine, shop))
    with shop_transaction(engine, shop.id) as conn:
        assert stored.one(conn, shop.id, "tiers", watch_tiers.RULES) is not None


def test_a_run_that_is_killed_after_every_step_places_everybody_as_an_unbroken_one(
    engine: Engine, shop: ShopRow, other_shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_tiers, "BATCH", 4)
    filled(engine, shop)
    filled(engine, other_shop)
    jobs.run(work_of(engine), other_shop.id, "tiers")
    keep, places = stored.keep_place, []

    def dies(conn: Connection, job: Any, place: Any) -> bool:
        if places and places[-1] < place["after"]:
            places.append(place["after"])
            raise Killed
        if not places:
            places.append(place["after"])
        return keep(conn, job, place)

    monkeypatch.setattr(stored, "keep_place", dies)
    deaths = 0
    while True:
        try:
            jobs.run(work_of(engine), shop.id, "tiers")
            break
        except Killed:
            deaths += 1
    assert deaths == 3
    assert len(set(places)) == len(places) == 4
    assert tiers(engine, shop) == tiers(engine, other_shop)
    assert [row[1] for row in tiers(engine, shop)] == ["silver"] * BUYERS


def test_rules_that_change_again_meanwhile_are_looked_at_from_the_beginning(
    engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch_tiers, "BATCH", 4)
    filled(engine, shop)
    look, begun = tiers_store.look_at_next, []

    def again(conn: Connection, shop_id: int, after: int, *args: Any) -> tuple[int, int]:
        begun.append(after)
        if len(begun) == 2:
            with shop_transaction(engine, shop.id) as other:
                watch_tiers.rules_changed(other, shops.get(other, shop.id), NOW)
        return look(conn, shop_id, after, *args)

    monkeypatch.setattr(tiers_store, "look_at_next", again)
    assert jobs.run(work_of(engine), shop.id, "tiers") == 2
    assert (begun[0], begun[2], len(begun)) == (0, 0, 6)
    assert [row[1] for row in tiers(engine, shop)] == ["silver"] * BUYERS
