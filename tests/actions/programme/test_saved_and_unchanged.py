"""Who saves what was there already has done nothing: no version, and no line in the staff log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine

from plugin.actions.programme import save_activities, save_automatic, save_order_rules, save_rewards
from plugin.actions.programme.edits import Draft, Edit
from plugin.rules.programme import Programme
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.web.forms import activities, automatic, order_rules, rewards
from tests.actions.orders.test_settle_orders import start_programme
from tests.conftest import ShopRow

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
ZONE = ZoneInfo("UTC")
Save = Callable[[Connection, Shop, Draft, Edit], int]
Read = Callable[[Mapping[str, str], Programme], Draft]
REWARD = {"kind": "percent_off", "name": "Ten off", "value": "10.50", "points": "100"}
FIFTY = {"points": "50"}
FIFTH = {"name": "Fifth order", "at": "5", "points": "50"}
RULE = {"name": "Half more", "effect": "multiplier", "multiplier": "1.50", "minimum_order": "10.00"}


def _change(save: Any, read: Read, form_of: Callable[[Programme], dict[str, str]], form: Mapping[str, str]) -> Any:
    return pytest.param(save, read, form_of, form, id=save.__module__.rpartition(".")[2])


@pytest.mark.parametrize(
    ("save", "read", "form_of", "form"),
    [
        _change(save_rewards.save_reward, lambda form, _: rewards.read(form, "USD", ZONE),
                lambda now: rewards.form_of(now.rewards[0], ZONE), rewards.blank("percent_off") | REWARD),
        _change(save_activities.save_activity, lambda form, _: activities.read(form, ZONE),
                lambda now: activities.form_of(now.activities[0], ZONE), activities.blank("birthday") | FIFTY),
        _change(save_automatic.save_rule, lambda form, now: automatic.read(form, next(iter(now.milestones), None)),
                lambda now: automatic.form_of(now.milestones[0]), automatic.blank("milestone") | FIFTH),
        _change(save_order_rules.save_rule, lambda form, _: order_rules.read(form, ZONE),
                lambda now: order_rules.form_of(now.orders.rules[0], ZONE), RULE),
    ],
)  # fmt: skip
def test_a_form_saved_as_it_was_shown_changes_nothing(
    engine: Engine,
    shop: ShopRow,
    save: Save,
    read: Read,
    form_of: Callable[[Programme], dict[str, str]],
    form: dict[str, str],
) -> None:
    start_programme(engine, shop.id, Programme())
    with shop_transaction(engine, shop.id) as conn:
        ours = shops.get(conn, shop.id)
        number = save(conn, ours, read(form, Programme()), Edit(1, "staff:1", NOW))
        before = conn.exec_driver_sql("SELECT action FROM staff_log ORDER BY id").fetchall()
        saved = programmes.current(conn, shop.id, NOW).programme
        again = read(form_of(saved), saved)
        assert save(conn, ours, again, Edit(number, "staff:1", NOW)) == number == 2
        assert conn.exec_driver_sql("SELECT action FROM staff_log ORDER BY id").fetchall() == before
    assert len(before) == 1
