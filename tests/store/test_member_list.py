"""The list of members against a plain filter over what was made: every combination, sort and page, both ways."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from plugin.rules.types import Buyer, CustomerFacts
from plugin.store.database.db import shop_transaction
from plugin.store.members import customer_facts, member_list, members, wishes
from plugin.store.members.member_list import BOUGHT, CONSENTS, NO_TIER, SORTS, SOURCES, UNKNOWN, WHO, Place, Wanted
from tests.conftest import ShopRow

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NEVER = date(1970, 1, 1)
TIERS, LANGUAGES = ("", "silver", "gold"), {"": "", "en": "en", "en-PH": "en", "pt_BR": "pt", "fil": "fil"}


@dataclass(frozen=True)
class Made:
    """One member as they were made."""

    id: int
    state: str
    source: str
    tier: str
    language: str
    consent: str
    points: int
    orders: int
    ordered: date
    active: datetime

    @property
    def who(self) -> str:
        return "invited" if (self.state, self.source, self.orders) == ("guest", "invited", 0) else self.state


def make(conn: Connection, shop_id: int, count: int, dice: random.Random) -> list[Made]:
    """Members of every kind, each table written by the code that writes it in the product, or as it is stored."""
    made = []
    for number in range(count):
        guest, source, locale = dice.random() < 0.3, dice.choice(("", *SOURCES)), dice.choice(list(LANGUAGES))
        email = f"m{number}@example.com"
        buyer = Buyer(None if guest else 1000 + number, email, locale="" if guest else locale)
        [(member_id, _)] = members.add(conn, shop_id, [buyer], {buyer: NOW - timedelta(days=number % 9)}, source)
        made.append(_furnished(conn, shop_id, member_id, buyer, source, dice))
    return made


def _furnished(conn: Connection, shop_id: int, member_id: int, buyer: Buyer, source: str, dice: random.Random) -> Made:
    state = "guest" if buyer.customer_id is None else dice.choice(("member", "member", "left"))
    tier, consent = dice.choice(TIERS), dice.choice(("", *CONSENTS)) if buyer.customer_id else ""
    points, orders = dice.randint(-20, 60), dice.choice((0, 0, 1, 2, 5))
    ordered = NOW.date() - timedelta(days=dice.randint(0, 60)) if orders else NEVER
    active = NOW - timedelta(hours=dice.randint(0, 30))
    run = conn.exec_driver_sql
    run(
        "UPDATE members SET balance = %s, last_activity_at = %s, state = %s WHERE id = %s",
        (points, active, state, member_id),
    )
    if tier:
        run("INSERT INTO member_tiers (shop_id, member_id, tier) VALUES (%s, %s, %s)", (shop_id, member_id, tier))
    run("INSERT INTO member_stats (shop_id, member_id, orders, last_day) VALUES (%s, %s, %s, %s)",
        (shop_id, member_id, orders, ordered if orders else None))  # fmt: skip
    if consent and buyer.customer_id:
        customer_facts.save(conn, shop_id, {buyer.customer_id: CustomerFacts(frozenset(), consent, orders)}, NOW)
    language = LANGUAGES[buyer.locale]
    if dice.random() < 0.2:
        wishes.choose_language(conn, shop_id, member_id, "de-AT")
        language = "de"
    return Made(member_id, state, source, tier, language, consent, points, orders, ordered, active)


def chosen(dice: random.Random) -> Wanted:
    """Any combination of filters."""

    def maybe(make: Callable[[], Any], empty: Any, odds: float = 0.35) -> Any:
        return make() if dice.random() < odds else empty

    day = lambda: NOW.date() - timedelta(days=dice.randint(0, 60))  # noqa: E731
    return Wanted(
        who=maybe(lambda: dice.choice(WHO), "", 0.6),
        tier=maybe(lambda: dice.choice(("silver", "gold", NO_TIER)), ""),
        points_from=maybe(lambda: dice.randint(-25, 40), None),
        points_to=maybe(lambda: dice.randint(-10, 70), None),
        ordered_from=maybe(day, None, 0.2),
        ordered_to=maybe(day, None, 0.2),
        bought=maybe(lambda: dice.choice(list(BOUGHT)), ""),
        source=maybe(lambda: dice.choice((*SOURCES, UNKNOWN)), ""),
        language=maybe(lambda: dice.choice(("en", "de", "fil", UNKNOWN)), ""),
        consent=maybe(lambda: dice.choice((*CONSENTS, UNKNOWN)), ""),
    )


def fits(one: Made, wanted: Wanted) -> bool:
    """The same in plain words, without the database."""
    bought = {"never": one.orders == 0, "once": one.orders == 1, "again": one.orders >= 2}
    plain = {name: "" if value in (UNKNOWN, NO_TIER) else value
             for name in ("tier", "source", "language", "consent") if (value := getattr(wanted, name))}  # fmt: skip
    return (
        wanted.who in ("", one.who)
        and all(getattr(one, name) == value for name, value in plain.items())
        and (wanted.points_from is None or one.points >= wanted.points_from)
        and (wanted.points_to is None or one.points <= wanted.points_to)
        and (wanted.ordered_from is None or one.ordered >= wanted.ordered_from)
        and (wanted.ordered_to is None or NEVER < one.ordered <= wanted.ordered_to)
        and bought.get(wanted.bought, True)
        and (wanted.up_to is None or one.id <= wanted.up_to)
    )


def key(sort: str) -> Callable[[Made], tuple[Any, int]]:
    """What a sort compares."""
    of = {"activity": lambda one: one.active, "points": lambda one: one.points,
          "ordered": lambda one: one.ordered, "joined": lambda one: one.id}  # fmt: skip
    return lambda one: (of[sort](one), one.id)


def walked(conn: Connection, shop_id: int, wanted: Wanted, sort: str, **way: bool) -> tuple[list[int], list[int]]:
    """Everybody from the first page to the last, and from the last back to the first."""
    there: list[tuple[Place, int]] = []
    beyond, more = None, True
    while more:
        page = member_list.page(conn, shop_id, wanted, sort, beyond, **way)
        more = len(page) > member_list.PAGE
        there += [(place, one.id) for place, one in page[: member_list.PAGE]]
        beyond = there[-1][0] if there else None
    back: list[int] = []
    more = bool(there)
    while more:
        page = member_list.page(conn, shop_id, wanted, sort, beyond, back=True, **way)
        more = len(page) > member_list.PAGE
        back += [one.id for _, one in page[: member_list.PAGE]]
        beyond = page[: member_list.PAGE][-1][0] if page else None
    return [number for _, number in there], back


def test_every_combination_of_filters_lists_counts_and_pages_whom_a_plain_filter_finds(
    engine: Engine, shop: ShopRow, other_shop: ShopRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(member_list, "PAGE", 7)
    dice = random.Random(12)
    with shop_transaction(engine, other_shop.id) as conn:
        make(conn, other_shop.id, 30, dice)
    with shop_transaction(engine, shop.id) as conn:
        made = make(conn, shop.id, 150, dice)
        assert member_list.newest(conn, shop.id) == max(one.id for one in made)
        found = 0
        for _ in range(60):
            wanted, sort, rising = chosen(dice), dice.choice(list(SORTS)), dice.random() < 0.5
            expected = sorted((one for one in made if fits(one, wanted)), key=key(sort), reverse=not rising)
            numbers = [one.id for one in expected]
            few = dice.random() < 0.5
            there, back = walked(conn, shop.id, wanted, sort, rising=rising, few=few)
            assert (wanted, there) == (wanted, numbers)
            assert back == numbers[:-1][::-1]
            assert member_list.count(conn, shop.id, wanted) == len(numbers)
            assert member_list.numbers(conn, shop.id, wanted, 0, 1000) == sorted(numbers)
            found += bool(numbers)
        assert found > 20


def test_a_count_stops_one_beyond_its_bound(engine: Engine, shop: ShopRow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(member_list, "COUNTED_UP_TO", 10)
    with shop_transaction(engine, shop.id) as conn:
        make(conn, shop.id, 12, random.Random(1))
        assert member_list.count(conn, shop.id, Wanted()) == 11


def test_members_from_before_are_listed_as_the_triggers_would_have(engine: Engine, shop: ShopRow) -> None:
    columns = "member_id, customer_id, state, source, tier, language, consent, points, orders, last_order_on, who"
    with shop_transaction(engine, shop.id) as conn:
        make(conn, shop.id, 40, random.Random(3))
        assert member_list.is_complete(conn, shop.id)
        kept = {
            table: conn.exec_driver_sql(f"SELECT {what} FROM {table} ORDER BY {what}").fetchall()
            for table, what in {"member_facets": columns, "member_names": "name, member_id"}.items()
        }
        conn.exec_driver_sql("DELETE FROM member_facets")
        conn.exec_driver_sql("DELETE FROM member_names")
        assert not member_list.is_complete(conn, shop.id)
        before, steps = None, 0
        while (lowest := member_list.add_older(conn, shop.id, before, 15)) is not None:
            assert not (steps == 0 and member_list.is_complete(conn, shop.id))
            before, steps = lowest, steps + 1
        assert steps == 3
        assert member_list.is_complete(conn, shop.id)
        assert kept == {
            "member_facets": conn.exec_driver_sql(f"SELECT {columns} FROM member_facets ORDER BY {columns}").fetchall(),
            "member_names": conn.exec_driver_sql(
                "SELECT name, member_id FROM member_names ORDER BY name, member_id"
            ).fetchall(),
        }


def test_what_is_gone_no_longer_counts_and_a_claimed_guest_has_the_customers_consent(
    engine: Engine, shop: ShopRow
) -> None:
    with shop_transaction(engine, shop.id) as conn:
        guest = Buyer(None, "g@example.com")
        [(member_id, _)] = members.add(conn, shop.id, [guest], {guest: NOW}, "invited")
        customer_facts.save(conn, shop.id, {7: CustomerFacts(frozenset(), "subscribed", 0)}, NOW)
        assert member_list.numbers(conn, shop.id, Wanted(who="invited"), 0, 9) == [member_id]
        members.claim(conn, shop.id, {member_id: Buyer(7, "g@example.com")})
        assert member_list.numbers(conn, shop.id, Wanted(who="member", consent="subscribed"), 0, 9) == [member_id]
        conn.exec_driver_sql(
            "INSERT INTO member_tiers (shop_id, member_id, tier) VALUES (%s, %s, 'gold')", (shop.id, member_id)
        )
        assert member_list.numbers(conn, shop.id, Wanted(tier="gold"), 0, 9) == [member_id]
        conn.exec_driver_sql("DELETE FROM member_tiers")
        customer_facts.forget(conn, shop.id, [7])
        assert member_list.numbers(conn, shop.id, Wanted(tier="gold"), 0, 9) == []
        assert member_list.numbers(conn, shop.id, Wanted(consent="subscribed"), 0, 9) == []
        members.erase(conn, shop.id, member_id)
        assert member_list.numbers(conn, shop.id, Wanted(), 0, 9) == []
