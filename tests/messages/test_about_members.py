"""How the members of a batch stand: read together, and only what an email asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, event

from plugin.actions.tiers import watch_tiers
from plugin.actions.tiers.watch_tiers import ByHand
from plugin.messages.about_members import EVERYTHING, AboutMembers, with_facts
from plugin.messages.designs import default_of
from plugin.messages.reads import Reads
from plugin.messages.render import asks_of
from plugin.rules.emails.block_types import BlockType
from plugin.rules.emails.design import Block, Conditions, Design, Source
from plugin.rules.message_kinds import MessageKind
from plugin.rules.programme import Programme
from plugin.rules.rewards.next_reward import NextReward
from plugin.rules.words.translations import Translation
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.referrals import referrals
from plugin.store.shops import shops
from plugin.store.versions import own_names, programmes
from tests.conftest import ShopRow
from tests.messages.test_emails import WELCOME
from tests.messages.waiting import welcomes

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
PROGRAMME = Programme.model_validate(
    {
        "welcome_points": 25,
        "goals": [{"name": "Mug", "points": 20}, {"name": "Bag", "points": 100}],
        "referrals": {"enabled": True},
        "tiers": {
            "metric": "points",
            "levels": [
                {"key": "silver", "name": "Silver", "enter": "500"},
                {"key": "gold", "name": "Gold", "enter": "1000", "multiplier": "1.5", "perks": ["Cake"]},
                {"key": "top", "name": "Top", "enter": "2000"},
            ],
        },
    }
)


def about(conn: Connection, shop_id: int) -> tuple[AboutMembers, list[Any]]:
    """The batch of everybody there is."""
    rows = conn.exec_driver_sql("SELECT id FROM members ORDER BY id")
    people = members.by_ids(conn, shop_id, [row[0] for row in rows])
    reads = Reads(conn, shops.get(conn, shop_id), [], people.values(), NOW)
    return AboutMembers(reads), [people[key] for key in sorted(people)]


def asked(engine: Engine, step: Callable[[], object]) -> list[str]:
    """The statements that a step sends to the database."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    step()
    event.remove(engine, "before_cursor_execute", note)
    return seen


def test_everything_that_an_email_can_say_of_its_member(engine: Engine, shop: ShopRow) -> None:
    welcomes(engine, shop.id, ["ana@example.com", "ben@example.com"], NOW)
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, PROGRAMME, "test", "", NOW - timedelta(hours=1))
        known = shops.get(conn, shop.id)
        ana, ben = (row[0] for row in conn.exec_driver_sql("SELECT id FROM members ORDER BY id"))
        watch_tiers.set_tier(conn, known, ana, ByHand("gold"), "staff:1", NOW)
        referrals.add_link(conn, shop.id, ana, "anasword", NOW)
        found, people = about(conn, shop.id)
        facts = found.of(people[0], "en", EVERYTHING, "https://a.example/p", "https://a.example/u")
        other = found.of(people[1], "fil")
    base = known.storefront
    assert (facts.balance, facts.pending, facts.reward) == (25, 0, NextReward("Bag", 100, 75))
    assert facts.rewards_in_reach == ("Mug",)
    assert (facts.tier_key, facts.tier, facts.perks, facts.multiplier) == ("gold", "Gold", ("Cake",), "1.5")
    assert (facts.next_tier, facts.tier_missing) == ("Top", "2,000 points")
    assert facts.invitation_url == f"{base}/apps/suki/r/anasword"
    assert facts.rewards_url == f"{base}/apps/suki/rewards" and facts.account_url == f"{base}/account"
    assert (facts.preferences_url, facts.unsubscribe_url) == ("https://a.example/p", "https://a.example/u")
    assert facts.ways_to_earn and "point" in facts.ways_to_earn[0]
    assert (facts.guest, facts.first_order) == (False, False)
    assert (other.tier, other.next_tier, other.invitation_url) == ("", "Silver", "")
    assert other.ways_to_earn != facts.ways_to_earn


def test_a_batch_is_read_in_a_few_statements_however_many_there_are(engine: Engine, shop: ShopRow) -> None:
    welcomes(engine, shop.id, [f"ana{n}@example.com" for n in range(40)], NOW)
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, PROGRAMME, "test", "", NOW - timedelta(hours=1))
    with shop_transaction(engine, shop.id) as conn:
        found, people = about(conn, shop.id)
        first = asked(engine, lambda: found.of(people[0], "en"))
        rest = asked(engine, lambda: [found.of(one, "en") for one in people[1:]])
    assert len(first) <= 11
    assert rest == []


def test_nothing_is_read_that_no_email_asks_for(engine: Engine, shop: ShopRow) -> None:
    welcomes(engine, shop.id, ["ana@example.com"], NOW)
    asks = asks_of(MessageKind.CODE_READY, None, "en")
    assert asks is not None and "code" in asks
    with shop_transaction(engine, shop.id) as conn:
        found, people = about(conn, shop.id)
        assert asked(engine, lambda: found.of(people[0], "en", asks)) == []


def test_a_design_asks_for_what_its_blocks_print_and_depend_on() -> None:
    kind = MessageKind.CODE_READY
    when = Conditions(tiers=frozenset({"gold"}), first_order=True, has_balance=True)
    added = Block(id="b12345678", type=BlockType.INVITATION, when=when)
    asks = asks_of(kind, Design(blocks=(*default_of(kind).blocks, added)), "en")
    assert asks is not None
    assert {"tier_key", "first_order", "balance", "invitation_url"} <= asks
    assert "ways_to_earn" not in asks
    assert asks_of(kind, Source(subject="", preheader="", mjml="", text=""), "en") is None


def test_a_first_order_is_the_only_one_that_was_not_cancelled(engine: Engine, shop: ShopRow) -> None:
    welcomes(engine, shop.id, ["ana@example.com"], NOW)
    with shop_transaction(engine, shop.id) as conn:
        found, people = about(conn, shop.id)
        assert not found.of(people[0], "en").first_order
        for number, cancelled in ((1, None), (2, "2026-11-20T00:00:00Z")):
            _order(conn, shop.id, people[0].id, number, cancelled)
        found, people = about(conn, shop.id)
        assert found.of(people[0], "en").first_order
        _order(conn, shop.id, people[0].id, 3, None)
        found, people = about(conn, shop.id)
        assert not found.of(people[0], "en").first_order


def _order(conn: Connection, shop_id: int, member_id: int, number: int, cancelled: str | None) -> None:
    conn.exec_driver_sql(
        "INSERT INTO order_views (shop_id, order_id, member_id, view, placed_at)"
        " VALUES (%(shop)s, %(order)s, %(member)s, jsonb_build_object('cancelled_at', %(cancelled)s::text), %(now)s)",
        {"shop": shop_id, "order": number, "member": member_id, "cancelled": cancelled, "now": NOW},
    )


def test_an_email_is_told_how_its_member_stands() -> None:
    facts = replace(WELCOME.facts, tier="Gold")
    told = with_facts(WELCOME, facts)
    assert told.values()["tier"] == "Gold" and told.values()["balance"] == 50


def test_each_reader_of_a_batch_is_told_the_names_in_their_language(engine: Engine, shop: ShopRow) -> None:
    welcomes(engine, shop.id, ["ana@example.com"], NOW)
    with shop_transaction(engine, shop.id) as conn:
        programmes.add(conn, shop.id, PROGRAMME, "test", "", NOW - timedelta(hours=1))
        own_names.save(conn, shop.id, "th", [Translation("reward", "Mug", "แก้ว")], 0, "test", NOW)
        found, (ana,) = about(conn, shop.id)
        facts = {language: found.of(ana, language) for language in ("th", "en")}
    assert facts["th"].rewards_in_reach == ("แก้ว",) and facts["en"].rewards_in_reach == ("Mug",)
    assert facts["th"].reward is not None and facts["th"].reward.name == "Bag"
    assert facts["th"].next_tier == "ซิลเวอร์" and facts["en"].next_tier == "Silver"
