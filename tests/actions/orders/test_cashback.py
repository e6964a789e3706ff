"""A share of each order as store credit: paid out once after the window, taken back as far as it is there."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from plugin.actions.members.merge_members import merge_customers
from plugin.actions.orders.cashback import write_cashback_down
from plugin.clients.shopify.credit_account import Account, account_in, money_input
from plugin.rules.orders.cashback_rules import Cashback
from plugin.rules.programme import NextOrderCode, Programme
from plugin.store.database.db import shop_transaction
from plugin.store.rewards import credits
from plugin.store.rewards.credits import Credit
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.work import deliveries, jobs
from sandbox.shop import kept_money, orders
from sandbox.state import Record
from tests.actions.world import World
from webhooks.inbox import process_waiting

RULES = Cashback(enabled=True, percent=Decimal(10), after_days=14)
PROGRAMME = Programme(cashback=RULES, next_order_code=NextOrderCode(enabled=False), confirmation="none")


def moves(world: World) -> list[int]:
    return [one["amount"] for one in world.shopify.credit.values() if one["event"] == "ADJUSTMENT"]


def balance(world: World) -> int:
    return sum(account["balance"] for account in world.shopify.credit_account.values())


def lines(world: World, order: Record) -> list[Credit]:
    with shop_transaction(world.engine, world.shop_id) as conn:
        return credits.of_subject(conn, world.shop_id, f"order:{order['id']}")


def sent(world: World, order: Record) -> list[tuple[int, int | None, str]]:
    return [(one.amount_minor, one.moved_minor, one.state) for one in lines(world, order)]


def due(order: Record) -> int:
    return sum(line["price"] * line["quantity"] for line in order["lines"]) // 10


def spend(world: World, minor: int) -> None:
    (account,) = world.shopify.credit_account.values()
    kept_money.move_credit(world.shopify, account, -minor, datetime.now(UTC), event="ORDER_PAYMENT")


def give_back(world: World, order: Record, units: int) -> None:
    orders.refund(world.shopify, order, datetime.now(UTC), lines={order["lines"][0]["id"]: units})
    world.pass_time(minutes=5)
    world.tell(order)
    world.pass_time(minutes=5)
    world.run()


def paid_out(world: World) -> tuple[Record, Record]:
    _, customer = world.member(1)
    order = world.buy(customer)
    world.run()
    assert moves(world) == []
    world.pass_time(days=15)
    world.run()
    return customer, order


def test_it_is_paid_out_once_after_the_window_and_explains_itself(world: World) -> None:
    _, order = paid_out(world)
    world.tell(order)
    world.pass_time(days=1)
    world.run()
    assert moves(world) == [due(order)]
    (line,) = lines(world, order)
    assert (line.reason["order"], line.reason["reasons"][0][0]) == (order["name"], "cashback")


def test_a_refund_before_the_window_ends_reduces_it_before_anything_moves(world: World) -> None:
    _, customer = world.member(1)
    order = world.buy(customer)
    give_back(world, order, 1)
    assert moves(world) == []
    world.pass_time(days=15)
    world.run()
    assert moves(world) == [due(order) * 2 // 3]


def test_a_cancelled_order_brings_nothing(world: World) -> None:
    _, customer = world.member(1)
    order = world.buy(customer)
    world.box.box.cancel(world.shopify, order)
    world.tell(order)
    world.pass_time(days=15)
    world.run()
    assert (moves(world), lines(world, order)) == ([], [])


def test_a_refund_after_it_takes_its_share_back(world: World) -> None:
    _, order = paid_out(world)
    give_back(world, order, 1)
    give_back(world, order, 2)
    assert (sum(moves(world)), balance(world)) == (0, 0)
    assert moves(world)[:2] == [due(order), due(order) * 2 // 3 - due(order)]


def test_what_is_spent_is_owed_and_set_off_against_the_next(world: World) -> None:
    customer, order = paid_out(world)
    spend(world, due(order) - 5)
    give_back(world, order, 3)
    assert sent(world, order)[1] == (-due(order), -5, "sent")
    assert balance(world) == 0
    second = world.buy(customer)
    world.pass_time(days=15)
    world.run()
    assert sent(world, second) == [(due(second), 5, "sent")]
    third = world.buy(customer)
    world.pass_time(days=15)
    world.run()
    assert sent(world, third) == [(due(third), due(third), "sent")]
    assert balance(world) == due(third) + 5


@pytest.mark.parametrize("trouble", ["graphql_lost_write", "graphql_never_came", "graphql_5xx", "graphql_throttle"])
def test_in_trouble_it_is_paid_out_exactly_once(world: World, trouble: str) -> None:
    _, customer = world.member(1)
    order = world.buy(customer)
    world.run()
    world.box.trouble.set(**{trouble: 1})
    world.pass_time(days=15)
    world.run()
    world.pass_time(minutes=1)
    world.run()
    world.box.trouble.calm()
    world.pass_time(minutes=30)
    world.run()
    world.pass_time(minutes=30)
    world.run()
    assert (moves(world), [line.state for line in lines(world, order)]) == ([due(order)], ["sent"])


def test_without_the_permission_it_waits_as_a_failed_job_and_is_paid_when_it_is_granted(world: World) -> None:
    _, customer = world.member(1)
    order = world.buy(customer)
    granted, world.shopify.settings["scopes"] = world.shopify.settings["scopes"], ["write_discounts"]
    world.pass_time(days=15)
    world.run()
    assert ([line.state for line in lines(world, order)], world.waiting("send_credit")[0][0]) == (["wanted"], "failed")
    world.shopify.settings["scopes"] = granted
    world.tell(order)
    with shop_transaction(world.engine, world.shop_id) as conn:
        jobs.retry(
            conn, world.shop_id, [one.id for one in jobs.page(conn, world.shop_id, "failed", None, 9)], world.now
        )
    world.run()
    assert moves(world) == [due(order)]


def test_the_rules_of_the_order_count_and_not_todays(world: World) -> None:
    _, customer = world.member(1)
    order = world.buy(customer)
    world.run()
    with shop_transaction(world.engine, world.shop_id) as conn:
        changed = PROGRAMME.model_copy(update={"cashback": Cashback()})
        programmes.add(conn, world.shop_id, changed, "test", "", world.now)
    world.pass_time(days=15)
    world.run()
    later = world.buy(customer)
    world.pass_time(days=15)
    world.run()
    assert (moves(world), lines(world, later)) == ([due(order)], [])


def test_what_a_deleted_order_brought_is_taken_back_though_cashback_is_off_by_now(world: World) -> None:
    _, order = paid_out(world)
    with shop_transaction(world.engine, world.shop_id) as conn:
        changed = PROGRAMME.model_copy(update={"cashback": Cashback()})
        programmes.add(conn, world.shop_id, changed, "test", "", world.now)
        deliveries.add(conn, world.shop_id, "gone", "orders/delete", world.now, f'{{"id": {order["id"]}}}'.encode())
    process_waiting(world.engine, lambda: world.now)
    world.pass_time(minutes=5)
    world.run()
    assert moves(world) == [due(order), -due(order)]


def test_settling_twice_and_in_any_order_writes_the_same_down(world: World) -> None:
    _, customer = world.member(1)
    order = world.buy(customer)
    with shop_transaction(world.engine, world.shop_id) as conn:
        shop = shops.get(conn, world.shop_id)
        made = [write_cashback_down(conn, shop, order["id"], world.now) for _ in range(3)]
        assert [len(each) for each in made] == [1, 0, 0]
        assert write_cashback_down(conn, shop, 404, world.now) == []


def test_it_follows_a_merged_customer(world: World) -> None:
    one, customer = world.member(1)
    _, kept = world.member(1)
    order = world.buy(customer)
    world.run()
    with shop_transaction(world.engine, world.shop_id) as conn:
        shop = shops.get(conn, world.shop_id)
        write_cashback_down(conn, shop, order["id"], world.now)
        merge_customers(conn, shop, kept=kept["id"], removed=customer["id"], now=world.now)
        assert {line.member_id for line in credits.of_subject(conn, shop.id, f"order:{order['id']}")} != {one}
    world.run()
    (account,) = world.shopify.credit_account.values()
    assert (account["customer_id"], account["balance"]) == (kept["id"], due(order))


@pytest.mark.parametrize(("currency", "amount"), [("JPY", "1234"), ("KWD", "1.234"), ("USD", "12.34")])
def test_amounts_go_out_and_come_back_in_the_currencys_own_decimals(currency: str, amount: str) -> None:
    assert money_input(1234, currency) == {"amount": amount, "currencyCode": currency}
    balance = {"amount": amount, "currencyCode": currency}
    node = {"balance": balance, "transactions": {"nodes": [], "pageInfo": {"hasNextPage": False, "endCursor": None}}}
    account = account_in({"customer": {"storeCreditAccounts": {"nodes": [node]}}}, currency)
    assert account == Account(1234)
    assert account_in({"customer": None}, currency) is None


def test_a_guest_gets_it_once_there_is_an_account(world: World) -> None:
    email = f"guest{world.shopify.next_id()}@example.com"
    variant = next(iter(world.shopify.product.values()))["variants"][0]["id"]
    wish = orders.Wish(lines=[(variant, 3)], email=email)
    order = world.box.box.place(world.shopify, wish, world.now, as_customer=False)
    world.tell(order)
    world.pass_time(days=15)
    world.run()
    assert (moves(world), [line.state for line in lines(world, order)]) == ([], ["wanted"])
    customer = world.box.box.enrol(world.shopify, first_name="Gia", last_name="Cruz", email=email, locale="en")
    world.buy(customer)
    world.run()
    assert (moves(world), [line.state for line in lines(world, order)]) == ([due(order)], ["sent"])
