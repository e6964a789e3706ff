"""A customer's tag in Shopify puts the member into a tier, and keeps them there as long as it stands."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from plugin.actions.programme.edits import Edit
from plugin.actions.programme.save_programme import save_part
from plugin.rules.tiers.tier_rules import Tier, problems
from plugin.store.database.db import shop_transaction
from plugin.store.versions import programmes
from sandbox.state import Record
from tests.actions.stage import Stage

VIP: dict[str, Any] = {"key": "vip", "name": "VIP", "tag": "Vip Club", "multiplier": "2"}
GOLD: dict[str, Any] = {"key": "gold", "name": "Gold", "enter": "1000", "bonus": 50}


@pytest.fixture
def ana(stage: Stage) -> Record:
    order = stage.buy()
    stage.settle()
    return stage.shop.customer[order["customer_id"]]


def ladder(stage: Stage, *levels: dict[str, Any], **more: Any) -> None:
    """Staff save it, so that all that follows from it follows."""
    with shop_transaction(stage.engine, stage.shop_id) as conn:
        now = stage.clock()
        newest = programmes.current(conn, stage.shop_id, now).number
        save_part(conn, stage.shop_id, "tiers", {"levels": list(levels), **more}, Edit(newest, "staff:1", now))
    stage.settle(seconds=5)


def tier(stage: Stage) -> list[tuple[Any, ...]]:
    return stage.rows("SELECT tier FROM member_tiers WHERE tier <> ''")


def events(stage: Stage) -> list[tuple[Any, ...]]:
    return stage.rows("SELECT from_tier, to_tier, because FROM tier_changes ORDER BY id")


def test_who_carries_the_tag_already_is_found_when_the_tier_is_made(stage: Stage, ana: Record) -> None:
    stage.town.box.tag_customer(stage.shop, ana, add=["vip club"])
    stage.buy("juan@example.com")
    stage.settle()
    ladder(stage, GOLD, VIP)
    assert tier(stage) == [("vip",)]
    assert [to for _, to, _ in events(stage)] == ["vip"]


def test_a_tag_that_comes_later_is_heard_and_multiplies_from_then_on(stage: Stage, ana: Record) -> None:
    ladder(stage, GOLD, VIP)
    assert tier(stage) == []
    stage.town.box.tag_customer(stage.shop, ana, add=["VIP CLUB"])
    stage.settle(seconds=5)
    assert tier(stage) == [("vip",)]
    assert events(stage) == [("", "vip", "tag")]
    assert stage.rows("SELECT kind, state FROM messages WHERE kind LIKE 'tier%'") == [("tier_reached", "sent")]
    assert stage.rows("SELECT * FROM entries WHERE kind LIKE 'tier%'") == []


def test_a_tag_of_somebody_else_is_nobodys_business(stage: Stage, ana: Record) -> None:
    ladder(stage, GOLD, VIP)
    stage.town.box.tag_customer(stage.shop, ana, add=["newsletter"])
    stage.hear()
    assert stage.waiting("tiers") == []
    stage.settle()
    assert (tier(stage), events(stage)) == ([], [])


def test_when_the_tag_goes_the_tier_goes_after_a_warning(stage: Stage, ana: Record) -> None:
    stage.town.box.tag_customer(stage.shop, ana, add=["Vip Club"])
    stage.settle()
    ladder(stage, GOLD, VIP, grace_days=3)
    stage.town.box.tag_customer(stage.shop, ana, remove=["Vip Club"])
    stage.settle(seconds=5)
    assert tier(stage) == [("vip",)]
    assert stage.rows("SELECT kind FROM messages WHERE kind LIKE 'tier%' ORDER BY id")[-1] == ("tier_ending",)
    for _ in range(5):
        stage.clock.ahead += timedelta(days=1)
        with shop_transaction(stage.engine, stage.shop_id) as conn:
            conn.exec_driver_sql(
                "INSERT INTO jobs (shop_id, kind, subject, not_before) VALUES (%(s)s, 'tiers', 'daily', now())",
                {"s": stage.shop_id},
            )
        stage.settle()
    assert tier(stage) == []


def test_what_was_done_counts_beside_the_tag(stage: Stage, ana: Record) -> None:
    stage.town.box.tag_customer(stage.shop, ana, add=["starter"])
    stage.settle()
    ladder(stage, GOLD | {"enter": "20"}, GOLD | {"key": "up", "name": "Up", "enter": "5000", "tag": "starter"})
    assert tier(stage) == [("up",)]


@pytest.mark.parametrize(
    ("levels", "field"),
    [
        ((Tier.model_construct(key="a", name="A", enter=None, tag=""),), "0.enter"),
        ((Tier(key="a", name="A", tag="x"), Tier(key="b", name="B", enter=Decimal(5))), "1.enter"),
        ((Tier(key="a", name="A", tag="x"), Tier(key="b", name="B", tag="X")), "1.tag"),
    ],
)
def test_a_ladder_with_tags_that_cannot_be_is_refused_at_the_field(levels: tuple[Tier, ...], field: str) -> None:
    assert list(problems(dict(enumerate(levels)), "spend", "PHP")) == [field]


@pytest.mark.parametrize(
    ("wrong", "field"), [({"tag": "suki-tier:A"}, "tag"), ({"tag": "one, two"}, "tag"), ({"keep": 5}, "keep")]
)
def test_a_tier_that_cannot_be_is_refused_at_the_field(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Tier.model_validate({"key": "a", "name": "A", "tag": "x"} | wrong)
    assert [problem["loc"] for problem in refused.value.errors()] == [(field,)]
