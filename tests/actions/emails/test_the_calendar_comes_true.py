"""Whatever happened in a shop before: what the calendar says of each member's next days is what then becomes of them
when nothing happens but time, to the minute; nothing else goes, and nothing that was said is missing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

import pytest
from sqlalchemy import Engine

from plugin.actions.emails import carts_left, mailings
from plugin.actions.emails.coming.forecast import forecast
from plugin.actions.members import keep_profile
from plugin.rules.emails.kind_settings import figure, switched_on
from plugin.rules.mailings.checkout_left import CheckoutLine, CheckoutSeen
from plugin.rules.mailings.mailing import Letter, MailingText
from plugin.rules.message_kinds import KIND_OFF, MessageKind
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.work import jobs as stored_jobs
from plugin.store.work.job_kinds import JobKind
from tests import payloads
from tests.actions.emails.year_of_six import NAMES, Year, opened
from tests.conftest import ShopRow

DAYS: Final = 6
SWITCHED: Final = ("statement", "reward_in_reach", "win_back", "cart_left")
"""Kinds that are off until a shop turns them on."""
Became = tuple[str, str, str, datetime]
"""Whose, of which kind, what became of it, and when."""


@pytest.fixture(params=range(4))
def world(engine: Engine, shop: ShopRow, settings: Settings, request: Any) -> Iterator[tuple[Year, random.Random]]:
    with opened(engine, shop.id, settings) as (year, _):
        yield year, random.Random(request.param)


def buys(year: Year, customer: int, number: int, price: str) -> None:
    at, name = year.now.isoformat(), NAMES[customer]
    who = payloads.customer(customer, email=f"{name}@example.com", first_name=name.title(), created_at=at)
    body = payloads.order(
        number, [payloads.line(number, price)], customer=who, email=f"{name}@example.com", total_price=price,
        created_at=at, processed_at=at, updated_at=at,
    )  # fmt: skip
    year.orders[number] = body
    year.hear(body, run=False)


def passes(year: Year, until: datetime) -> None:
    """The rounds of each day, and whatever is due, each at its moment."""
    while True:
        day = year.now.astimezone(UTC).date()
        end = min(until, datetime.combine(day, time(23, 59), UTC))
        while (due := next_due(year)) is not None and due <= end:
            year.now = max(year.now, due)
            with shop_transaction(year.engine, year.shop_id) as conn:
                shop = shops.get(conn, year.shop_id)
            carts_left.remind(year.work, shop)
            year.at(year.now.date(), year.now.timetz())
        year.now = end
        if end == until:
            return
        year.begin(day + timedelta(days=1))


def next_due(year: Year) -> datetime | None:
    """When a job is to be carried out, or a checkout was left long enough ago."""
    with shop_transaction(year.engine, year.shop_id) as conn:
        settings = shops.get(conn, year.shop_id).settings
    hours = figure(settings, MessageKind.CART_LEFT, "hours")
    on = switched_on(settings, MessageKind.CART_LEFT)
    left = year.rows("SELECT min(updated_at) FROM checkouts_left WHERE looked_at IS NULL AND ended_at IS NULL")
    carts = [left[0][0] + timedelta(hours=hours)] if on and left[0][0] else []
    return min([*carts, *(each for each in [year.next_due()] if each)], default=None)


def switch(year: Year, kinds: dict[str, dict[str, object]]) -> None:
    with shop_transaction(year.engine, year.shop_id) as conn:
        shops.merge_settings(conn, year.shop_id, {"emails": kinds})


def settings_of(dice: random.Random) -> dict[str, dict[str, object]]:
    hours: dict[str, dict[str, object]] = {
        kind: {"hour": dice.randrange(1, 24)} for kind in ("birthday", "anniversary")
    }
    on: dict[str, dict[str, object]] = {kind: {"on": dice.random() < 0.7} for kind in SWITCHED}
    on["win_back"] |= {"days": dice.randrange(7, 12), "again_days": 7}
    on["statement"] |= {"hour": dice.randrange(1, 24)}
    on["cart_left"] |= {"hours": dice.randrange(1, 20)}
    return hours | on


def happens(year: Year, dice: random.Random, day: date, number: int) -> None:
    """A day of orders, birthdays and a mailing, at some hour."""
    passes(year, datetime.combine(day, time(dice.randrange(1, 22), dice.randrange(60)), UTC))
    for customer in NAMES:
        if dice.random() < 0.25:
            buys(year, customer, number * 10 + customer, f"{dice.choice((20, 60, 130))}.00")
    with shop_transaction(year.engine, year.shop_id) as conn:
        stored_jobs.queue(conn, year.shop_id, JobKind.REFRESH_STATS, ["due"], year.now)
        shop = shops.get(conn, year.shop_id)
        for member in members.by_customers(conn, shop.id, list(NAMES)).values():
            if dice.random() < 0.2:
                born = shop.day(year.now + timedelta(days=dice.randrange(-2, 12)))
                keep_profile.set_birthday(conn, shop, member.id, (born.month, born.day), "staff:1", year.now)
    passes(year, year.now + timedelta(minutes=30))


def leaves_checkouts(year: Year, dice: random.Random) -> None:
    """Two of those who are members leave a checkout, one an hour after the other."""
    with shop_transaction(year.engine, year.shop_id) as conn:
        shop = shops.get(conn, year.shop_id)
        for customer in dice.sample(sorted(NAMES), 2):
            carts_left.hear(conn, shop, [checkout(customer, year.now)], year.now)


def checkout(customer: int, now: datetime) -> CheckoutSeen:
    return CheckoutSeen(
        token=f"t{customer}", cart_token=f"c{customer}", customer_id=customer, email="", url="", locale="en",
        currency="USD", prices_known=True, subtotal=Decimal(20), codes=(), source="web",
        lines=(CheckoutLine("Tray", 1, Decimal(20)),), more_lines=0, started_at=now, updated_at=now, ended=False,
    )  # fmt: skip


def forgets_the_day(year: Year) -> None:
    """Nobody has written down yet what comes with this day, as in a shop that was installed on it."""
    with shop_transaction(year.engine, year.shop_id) as conn:
        shops.merge_settings(conn, year.shop_id, {"emails_done_until": ""})


def plans_mailing(year: Year, dice: random.Random) -> None:
    words = MailingText(subject="News", title="News", body="New things.")
    with shop_transaction(year.engine, year.shop_id) as conn:
        shop = shops.get(conn, year.shop_id)
        letter = Letter(name="News", language="en", texts={"en": words})
        number = mailings.draft(conn, shop, letter, "", "staff:1", year.now)
        at = year.now + timedelta(hours=dice.randrange(1, 100))
        mailings.plan(conn, shop, number, at.replace(second=0, microsecond=0), "staff:1", year.now)


def foretold(year: Year, until: datetime) -> set[Became]:
    found: set[Became] = set()
    with shop_transaction(year.engine, year.shop_id) as conn:
        shop = shops.get(conn, year.shop_id)
        programme = programmes.current(conn, shop.id, year.now).programme
        for customer, member in members.by_customers(conn, shop.id, list(NAMES)).items():
            for one in forecast(conn, shop, programme, member, year.now).coming:
                if one.at <= until and (one.waits or one.why != KIND_OFF):
                    found.add((NAMES[customer], one.kind.value, one.why or "sent", one.at))
    return found


def outcomes(year: Year) -> dict[int, Became]:
    """What became of each message by now."""
    rows = year.rows(
        "SELECT m.id, p.customer_id, m.kind, m.state, m.last_error, m.outcome_at FROM messages m JOIN members p"
        " ON p.shop_id = m.shop_id AND p.id = m.member_id WHERE m.outcome_at IS NOT NULL"
    )
    return {row[0]: (NAMES[row[1]], row[2], row[3] if row[3] == "sent" else row[4], row[5]) for row in rows}


def dated(found: set[Became]) -> list[tuple[str, str, str, str]]:
    """To the minute; one that isn't sent is left out on its day, at its hour or as it is written down."""
    return sorted(
        (who, kind, what, f"{at.astimezone(UTC):%F %H:%M}" if what == "sent" else f"{at.astimezone(UTC):%F}")
        for who, kind, what, at in found
    )


def test_what_is_foretold_is_what_then_becomes_of_it(world: tuple[Year, random.Random]) -> None:
    year, dice = world
    month = date(2027, dice.randrange(2, 12), 1)
    first = month - timedelta(days=dice.randrange(8, 14))
    year.now = datetime.combine(first, time(0, 0), UTC)
    before, after = settings_of(dice), settings_of(dice)
    switch(year, before)
    year.begin(first)
    for number, n in enumerate(sorted(dice.sample(range(12), 4)), start=10):
        happens(year, dice, first + timedelta(days=n), number)
    if dice.random() < 0.5:
        passes(year, max(year.now, datetime.combine(month, time(6, dice.randrange(60)), UTC)))
    if dice.random() < 0.5:
        forgets_the_day(year)
    switch(year, after)
    plans_mailing(year, dice)
    leaves_checkouts(year, dice)
    until = year.now + timedelta(days=DAYS)
    before_now, said = outcomes(year), dated(foretold(year, until))
    year.rounds()
    passes(year, until)
    became = dated({one for number, one in outcomes(year).items() if number not in before_now})
    assert [one for one in became if one not in said] == [one for one in said if one not in became] == []
    assert said
