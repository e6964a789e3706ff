"""A tier shows in Shopify and in the mail: tags, metafield and messages, through a running sandbox."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from plugin.actions.tiers import watch_tiers
from plugin.actions.tiers.tier_mails import tier_mail
from plugin.clients.mail_templates import render
from plugin.rules.brand import Brand
from plugin.rules.formats import LANGUAGES
from plugin.rules.programme import Programme
from plugin.rules.tiers.tier_mails import TierEndingContext, TierReachedContext
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from plugin.store.work import messages
from tests.actions.world import World

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
        watch_tiers.set_tier(conn, shop, member, {"tier": "gold"}, "staff:1", world.now)
    world.run()
    assert [tag for tag in customer["tags"] if tag.startswith("suki-tier:")] == ["suki-tier:Gold"]
    assert metafield(world, customer, "tier") == "Gold"
    assert world.waiting("tier_tag") == []


def test_the_mail_names_the_tier_and_its_perks_as_of_now(world: World) -> None:
    member, customer = world.member(10)
    world.buy(customer)
    with shop_transaction(world.engine, world.shop_id) as conn:
        shop, someone = shops.get(conn, world.shop_id), members.get(conn, world.shop_id, member)
        assert someone is not None
        reached = next(m for m in messages.of_member(conn, shop.id, member) if m.kind == "tier_reached")
        context = tier_mail(conn, shop, someone, reached, world.now)
        assert isinstance(context, TierReachedContext)
        assert (context.tier, context.perks) == ("First", ("Free wrapping", "A card"))
        watch_tiers.set_tier(conn, shop, member, {"tier": "gold"}, "staff:1", world.now)
        assert tier_mail(conn, shop, someone, reached, world.now) is None


def test_a_warning_is_not_sent_once_the_member_has_done_enough(world: World) -> None:
    member, customer = world.member(10)
    world.buy(customer)
    last = date(world.now.year + 1, 12, 31)
    with shop_transaction(world.engine, world.shop_id) as conn:
        shop, someone = shops.get(conn, world.shop_id), members.get(conn, world.shop_id, member)
        assert someone is not None
        subject = f"tier:{member}:first:{last + timedelta(days=1)}:28"
        row = {"shop_id": shop.id, "member_id": member, "kind": "tier_ending", "subject": subject}
        ((number, *_),) = messages.queue(conn, [row], world.now)
        message = messages.get(conn, shop.id, number)
        assert message is not None
        context = tier_mail(conn, shop, someone, message, world.now)
        assert isinstance(context, TierEndingContext)
        assert (context.last_day, context.keep_by, context.missing) == (last, last, 100)
    world.pass_time(days=366)
    world.buy(customer)
    with shop_transaction(world.engine, world.shop_id) as conn:
        assert tier_mail(conn, shop, someone, message, world.now) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mails_are_whole_in_every_language(language: str) -> None:
    day = date(2026, 12, 31)
    ending = {"tier": "Gold", "last_day": day, "locale": language, **SHOP}
    hostile = "<b>{{ 7 | times: 7 }}</b>"
    mails = [
        ("tier_reached", TierReachedContext(tier=hostile, perks=(hostile,), multiplier=Decimal("1.50"), **SHOP)),
        ("tier_reached", TierReachedContext(tier="Gold", last_day=day, first_name="Ana", locale=language, **SHOP)),
        ("tier_ending", TierEndingContext(missing=8_000, keep_by=day, **ending)),
        ("tier_ending", TierEndingContext(missing=2, keep_by=day, metric="orders", **ending)),
        ("tier_ending", TierEndingContext(missing=50, keep_by=day, metric="points", **ending)),
        ("tier_ending", TierEndingContext(ended=True, next_tier="Silver", **ending)),
        ("tier_ending", TierEndingContext(**ending)),
    ]
    for kind, context in mails:
        mail = render(kind, context, Brand())
        assert mail.subject
        assert "<b>" not in mail.html.replace("</b>", "")
        assert "%{" not in mail.subject + mail.text + mail.html
    assert "₱80.00" in render(*mails[2], Brand()).text


def test_one_that_is_missing_is_one_and_a_tier_without_perks_promises_none() -> None:
    day = date(2026, 12, 31)
    for metric, said in (("orders", "Place one more order by"), ("points", "Earn another 1 point by")):
        ending = TierEndingContext(tier="Gold", last_day=day, missing=1, keep_by=day, metric=metric, **SHOP)
        assert said in render("tier_ending", ending, Brand()).text
    plain = render("tier_reached", TierReachedContext(tier="Gold", **SHOP), Brand())
    rich = render("tier_reached", TierReachedContext(tier="Gold", perks=("Cake",), **SHOP), Brand())
    for body, full in ((plain.text, rich.text), (plain.html, rich.html)):
        assert "You have reached Gold." in body and "brings" not in body
        assert "You have reached Gold. This is what it brings:" in full
