"""What Home says of thirty days, against numbers that were worked out by hand, however it is read."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine

from plugin.actions.points import adjust_points
from plugin.actions.points.adjust_points import Adjustment
from plugin.actions.reports import refresh_days
from plugin.actions.rewards import redeem_points
from plugin.rules.explain import KINDS
from plugin.rules.programme import NextOrderCode, Programme
from plugin.rules.retention.outcomes import COLUMNS, OF_KIND, Figures, Period, change, total, up_to
from plugin.rules.rewards.kinds import AmountOff
from plugin.rules.tiers.tier_rules import Tier, Tiers
from plugin.store.database.db import shop_transaction
from plugin.store.reports import outcomes
from plugin.store.reports.outcomes import People
from tests import payloads
from tests.actions.reports.town import Town
from tests.actions.test_audit_and_replay import merge

ANA, BEN, CORA = 1, 2, 3
TODAY = date(2026, 4, 2)
JOINED = {ANA: "2026-01-05T00:00:00Z", BEN: "2026-03-10T01:00:00Z", CORA: "2026-04-02T00:00:00Z"}
PROGRAMME = Programme(
    next_order_code=NextOrderCode(enabled=False),
    rewards=(AmountOff(id="r1", name="₱50 off", points=100, value=Decimal(50)),),
    tiers=Tiers(window="lifetime", validity="window", levels=(Tier(key="gold", name="Gold", enter=Decimal(1500)),)),
)


def order(number: int, customer: int | None, at: str, amount: int, off: int = 0, **more: Any) -> dict[str, Any]:
    """So many pesos, of which a code takes some off."""
    at, email = f"2026-{at}:00Z", f"{customer or 'guest'}@example.com"
    told = {
        "created_at": at, "processed_at": at, "updated_at": at, "currency": "PHP", "email": email,
        "customer": payloads.customer(customer, email=email, created_at=JOINED[customer]) if customer else None,
        "total_price": f"{amount - off}.00", "total_outstanding": "0.00",
    }  # fmt: skip
    line = payloads.line(number, f"{amount}.00", discount=f"{off}.00" if off else None)
    return payloads.order(number, [line], **told, **more)


def refunded(told: dict[str, Any], amount: int, status: str) -> dict[str, Any]:
    return told | {
        "refunds": [payloads.refund(told["id"] * 100, amount=f"{amount}.00")],
        "financial_status": status,
        "updated_at": "2026-04-01T02:00:00Z",
    }


FIRST, SECOND = order(1, ANA, "02-20T09:00", 1000), order(2, ANA, "03-05T09:00", 600)
ORDERS = [
    FIRST,
    SECOND,
    order(3, BEN, "03-09T09:00", 700),  # a day before he joined
    order(4, BEN, "03-10T10:00", 300),
    order(5, None, "03-15T09:00", 250),
    order(6, ANA, "04-01T15:59", 450),  # still 1 April in Manila
    order(8, ANA, "03-12T09:00", 5000, test=True),
    order(9, ANA, "03-13T09:00", 5000, cancelled_at="2026-03-14T09:00:00Z"),
    order(10, ANA, "03-03T15:59", 10),  # 3 March: the last day before the thirty
]
NOW_BY_HAND = Figures(
    orders=6, net_minor=309_900, member_orders=4, member_net_minor=214_900, code_orders=1, code_net_minor=99_900,
    joined=2, earned=3299, adjusted=40, reversed=-200, redeemed=-100,
)  # fmt: skip
"""Orders 2 to 7: 400 + 700 + 300 + 250 + 450 + 999, less 700 and 250 by members; Ben and Cora joined."""
BEFORE_BY_HAND = Figures(orders=2, net_minor=101_000, member_orders=2, member_net_minor=101_000, earned=1010)


@pytest.fixture
def town(engine: Engine) -> Town:
    """On 2 April, after Ana redeemed a reward and used its code just after midnight."""
    made = Town.new(engine, "Asia/Manila", "PHP", PROGRAMME)
    made.tell("orders/updated", *ORDERS)
    made.tell("orders/updated", refunded(SECOND, 200, "partially_refunded"))
    made.tell("customers/create", payloads.customer(CORA, email="3@example.com", created_at=JOINED[CORA]))
    with shop_transaction(engine, made.shop_id) as conn:
        used = redeem_points.redeem(conn, made.shop(), made.member(ANA), "r1", None, "k" * 32, "staff:1", made.now)
        asked = Adjustment(made.member(BEN), "a" * 32, "adjusted", 40, "", shown=False)
        adjust_points.adjust(conn, made.shop_id, asked, "staff:1", made.now)
    codes = [{"code": used.code, "amount": "50.00", "type": "fixed_amount"}]
    made.tell("orders/updated", order(7, ANA, "04-01T16:00", 1049, 50, discount_codes=codes))
    made.refresh()
    return made


def read(town: Town, period: Period) -> dict[date, Figures]:
    with shop_transaction(town.engine, town.shop_id) as conn:
        by = refresh_days.by_of(town.shop())
        return outcomes.read(conn, town.shop_id, period, by, up_to(TODAY, 2))


def kept(town: Town, period: Period) -> dict[date, Figures]:
    with shop_transaction(town.engine, town.shop_id) as conn:
        return outcomes.kept(conn, town.shop_id, period)


def test_thirty_days_are_as_they_were_worked_out_by_hand(town: Town) -> None:
    period = up_to(TODAY, 30)
    assert (period.first, period.before) == (date(2026, 3, 4), Period(date(2026, 2, 2), date(2026, 3, 3)))
    found, before = total(read(town, period).values()), total(read(town, period.before).values())
    assert found == NOW_BY_HAND
    assert before == BEFORE_BY_HAND
    assert (found.given, found.used, found.redemption_percent) == (3139, 100, Decimal("3.2"))
    assert found.member_percent == Decimal("69.3")
    assert change(found.net_minor, before.net_minor) == Decimal("206.8")
    assert (change(5, 10), change(5, 0)) == (Decimal("-50.0"), None)


def test_each_thing_is_on_its_own_day_of_the_shop(town: Town) -> None:
    days = read(town, up_to(TODAY, 30))
    assert sorted(days) == [date(2026, 3, 5), date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 15),
                            date(2026, 4, 1), TODAY]  # fmt: skip
    assert days[date(2026, 3, 10)] == Figures(1, 30_000, 1, 30_000, joined=1, earned=300)
    assert days[date(2026, 4, 1)] == Figures(1, 45_000, 1, 45_000, earned=450, reversed=-200)
    assert days[TODAY] == Figures(1, 99_900, 1, 99_900, 1, 99_900, joined=1, earned=999, adjusted=40, redeemed=-100)


def test_what_is_kept_is_what_is_counted_and_follows_a_refund_of_long_ago(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = Period(date(2026, 2, 2), TODAY)
    counted = read(town, both)
    assert kept(town, both) == counted
    monkeypatch.setattr(outcomes, "FEW", 0)
    assert read(town, both) == counted
    town.tell("orders/updated", refunded(FIRST, 1000, "refunded"))
    assert total(read(town, up_to(TODAY, 30).before).values()) == BEFORE_BY_HAND
    town.refresh()
    after = total(read(town, up_to(TODAY, 30).before).values())
    assert (after.orders, after.net_minor) == (1, 1_000)
    monkeypatch.setattr(outcomes, "FEW", 2_000)
    assert read(town, both) == kept(town, both)


def test_a_merge_and_another_zone_leave_nothing_behind(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    both = Period(date(2026, 2, 2), TODAY)
    town.tell("customers/merge", merge(kept=ANA, removed=BEN))
    town.describe(timezone="America/New_York")
    town.refresh()
    counted = read(town, both)
    monkeypatch.setattr(outcomes, "FEW", 0)
    assert read(town, both) == counted
    assert counted[date(2026, 4, 1)].orders == 2
    assert sum(each.joined for each in counted.values()) == 1


def test_orders_in_a_former_currency_are_counted_and_not_added(engine: Engine) -> None:
    town = Town.new(engine, "Asia/Tokyo", "JPY", PROGRAMME)
    yen = order(1, ANA, "04-01T09:00", 3000) | {"currency": "JPY", "total_price": "3000"}
    yen["line_items"] = [payloads.line(1, "3000")]
    town.tell("orders/updated", yen, order(2, ANA, "04-01T10:00", 70))
    town.refresh()
    found = total(read(town, up_to(TODAY, 7)).values())
    assert (found.orders, found.net_minor, found.member_net_minor) == (2, 3000, 3000)


def test_an_empty_shop_has_nothing_and_no_rates(engine: Engine) -> None:
    town = Town.new(engine, "UTC", "KWD")
    town.refresh()
    found = total(read(town, up_to(TODAY, 90)).values())
    assert found == Figures()
    assert (found.redemption_percent, found.member_percent) == (None, None)
    with shop_transaction(engine, town.shop_id) as conn:
        assert outcomes.people(conn, town.shop_id, {}) == People(0, 0, {})


def test_people_are_counted_by_state_and_tier(town: Town) -> None:
    with shop_transaction(town.engine, town.shop_id) as conn:
        found = outcomes.people(conn, town.shop_id, town.shop().settings)
    assert (found.members, found.guests, dict(found.tiers)) == (3, 1, {"gold": 1})
    kept_ones = town.shop().settings[outcomes.PEOPLE]
    assert kept_ones == {"members": 3, "guests": 1, "tiers": {"gold": 1}}


def test_days_that_nobody_can_look_at_are_forgotten(town: Town) -> None:
    town.now += timedelta(days=160)
    town.tell("orders/updated", order(20, ANA, "09-01T09:00", 100))
    town.refresh()
    assert town.rows("SELECT min(day) FROM shop_days") == [(date(2026, 3, 15),)]
    assert town.rows("SELECT count(*) FROM days_dirty") == [(0,)]


def test_every_kind_of_entry_is_counted_somewhere() -> None:
    assert sorted(OF_KIND) == sorted(KINDS)
    assert len(OF_KIND) == sum(len(kinds) for kinds in COLUMNS.values())
