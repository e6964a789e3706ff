"""A tier shows in Shopify and in the mail: tags, metafield and messages, through a running sandbox."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from html import unescape
from typing import Any

from plugin.actions.tiers import watch_tiers
from plugin.actions.tiers.watch_tiers import ByHand
from plugin.messages.render import render
from plugin.messages.tier_ending.mail import TierEndingContext
from plugin.messages.tier_reached.mail import TierReachedContext
from plugin.rules.brand import Brand
from plugin.rules.message_kinds import MessageKind
from plugin.rules.programme import Programme
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.work import messages
from tests.actions.events.looking import follow
from tests.actions.world import World
from tests.messages.said import said

TIERS = Tiers(
    levels=(
        Tier(key="first", name="First", enter=Decimal(1), perks=("Free wrapping", "A card")),
        Tier(key="gold", name="Gold", enter=Decimal(100_000), multiplier=Decimal("1.5")),
    )
)
SHOP: dict[str, Any] = {"shop_name": "Aling Nena", "shop_url": "https://nena.example", "currency": "PHP"}
PROGRAMME = Programme(tiers=TIERS)


def metafield(world: World, customer: dict[str, Any], key: str) -> str:
    found = world.shopify.records["metafield"].values()
    owner = f"gid://shopify/Customer/{customer['id']}"
    return next(
        str(one["value"]) for one in found if one["owner"] == owner and (one["namespace"], one["key"]) == ("suki", key)
    )


def test_the_customer_carries_the_tag_and_the_metafield_of_the_tier(world: World) -> None:
    member, customer = world.member(10)
    world.buy(customer)
    world.run()
    assert [tag for tag in customer["tags"] if tag.startswith("suki-tier:")] == ["suki-tier:First"]
    assert metafield(world, customer, "tier") == "First"
    with shop_transaction(world.engine, world.shop_id) as conn:
        shop = shops.get(conn, world.shop_id)
        watch_tiers.set_tier(conn, shop, member, ByHand("gold"), "staff:1", world.now)
    world.run()
    assert [tag for tag in customer["tags"] if tag.startswith("suki-tier:")] == ["suki-tier:Gold"]
    assert metafield(world, customer, "tier") == "Gold"
    assert world.waiting("tier_tag") == []


def test_the_mail_names_the_tier_and_its_perks_as_of_now(world: World) -> None:
    member, customer = world.member(10)
    world.buy(customer)
    follow(world.engine, world.shop_id, world.now)
    with shop_transaction(world.engine, world.shop_id) as conn:
        shop = shops.get(conn, world.shop_id)
        reached = next(m for m in messages.of_member(conn, shop.id, member) if m.kind == "tier_reached")
        context = said(conn, shop, reached, world.work.clients.settings, world.now)
        assert isinstance(context, TierReachedContext)
        assert (context.tier, context.perks) == ("First", ("Free wrapping", "A card"))
        watch_tiers.set_tier(conn, shop, member, ByHand("gold"), "staff:1", world.now)
        assert said(conn, shop, reached, world.work.clients.settings, world.now) is None


def test_a_warning_is_not_sent_once_the_member_has_done_enough(world: World) -> None:
    member, customer = world.member(10)
    world.buy(customer)
    last = date(world.now.year + 1, 12, 31)
    with shop_transaction(world.engine, world.shop_id) as conn:
        shop = shops.get(conn, world.shop_id)
        subject = f"tier:{member}:first:{last + timedelta(days=1)}:28"
        row = {"shop_id": shop.id, "member_id": member, "kind": "tier_ending", "subject": subject}
        ((number, *_),) = messages.queue(conn, [row], world.now)
        message = messages.get(conn, shop.id, number)
        assert message is not None
        context = said(conn, shop, message, world.work.clients.settings, world.now)
        assert isinstance(context, TierEndingContext)
        assert (context.last_day, context.keep_by, context.missing) == (last, last, 100)
    world.pass_time(days=366)
    world.buy(customer)
    with shop_transaction(world.engine, world.shop_id) as conn:
        assert said(conn, shop, message, world.work.clients.settings, world.now) is None


def test_one_that_is_missing_is_one_and_a_tier_without_perks_promises_none() -> None:
    day = date(2026, 12, 31)
    for metric, words in (("orders", "Place one more order by"), ("points", "Earn another 1 point by")):
        ending = TierEndingContext(tier="Gold", last_day=day, missing=1, keep_by=day, metric=metric, **SHOP)
        assert words in render(MessageKind.TIER_ENDING, ending, Brand()).text
    spend = TierEndingContext(tier="Gold", last_day=day, missing=8_000, keep_by=day, **SHOP)
    assert "Spend ₱80.00 more by" in render(MessageKind.TIER_ENDING, spend, Brand()).text
    plain = render(MessageKind.TIER_REACHED, TierReachedContext(tier="Gold", **SHOP), Brand())
    rich = render(MessageKind.TIER_REACHED, TierReachedContext(tier="Gold", perks=("Cake",), **SHOP), Brand())
    for body, full in ((plain.text, rich.text), (plain.html, rich.html)):
        assert "You have reached Gold." in body and "brings" not in body
        assert "You have reached Gold. Here's what you get:" in unescape(full)
