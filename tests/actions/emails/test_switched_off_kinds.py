"""A kind of email that the shop switched off reaches nobody: neither what happens now, nor what waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from plugin.actions.emails.save_kind_settings import save_kind_settings
from plugin.rules.emails.kind_settings import KindSettings
from plugin.rules.message_kinds import KIND_OFF, MessageKind
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction
from tests.actions.stage import Stage

GOLD = Tiers(levels=(Tier(key="gold", name="Gold", enter=Decimal(1)),))


def switch(stage: Stage, kind: MessageKind, on: bool) -> None:
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        save_kind_settings(conn, stage.shop_id, kind, KindSettings(on, {}), "staff:1", stage.clock())


def written(stage: Stage) -> list[tuple[str, str, str]]:
    return stage.rows("SELECT kind, state, last_error FROM messages ORDER BY id")


def test_nothing_is_written_down_of_a_kind_that_is_off_and_all_of_the_others(stage: Stage) -> None:
    stage.programme(confirmation="ours", tiers=GOLD)
    switch(stage, MessageKind.TIER_REACHED, on=False)
    stage.buy()
    stage.settle()
    assert written(stage) == [("order_confirmation", "sent", "")]
    assert len(stage.mails()) == 1


def test_what_waits_is_left_out_with_the_reason_and_staff_may_send_it_later(stage: Stage) -> None:
    stage.programme(confirmation="ours", next_order_code={"enabled": False})
    stage.buy()
    stage.hear()
    switch(stage, MessageKind.ORDER_CONFIRMATION, on=False)
    stage.settle()
    assert written(stage) == [("order_confirmation", "skipped", KIND_OFF)]
    assert stage.mails() == []


def test_a_kind_that_waits_goes_after_its_time_and_not_before(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    about = replace(MessageKind.TIER_REACHED.about, waits=timedelta(minutes=30))
    monkeypatch.setattr(MessageKind.TIER_REACHED, "about", about)
    stage.programme(confirmation="ours", tiers=GOLD)
    stage.buy()
    stage.settle()
    assert [kind for kind, state, _ in written(stage) if state == "queued"] == ["tier_reached"]
    stage.settle(minutes=29)
    assert len(stage.mails()) == 1
    stage.settle(minutes=2)
    assert [state for _, state, _ in written(stage)] == ["sent", "sent"]
