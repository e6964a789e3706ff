"""What leads from one kind of thing to another in the GraphQL API: each shows the other, so neither can know it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import GraphQLResolveInfo, default_field_resolver

from sandbox.admin_api.scopes import check
from sandbox.admin_api.views.connections import OF, connection, search
from sandbox.admin_api.views.customers import customer_view
from sandbox.admin_api.views.kept_money import account_view
from sandbox.admin_api.views.orders import order_view
from sandbox.shop import people
from sandbox.state import Record, Shop


def _buyer(shop: Shop, record: Record) -> Record | None:
    """Of an order, or of a gift card."""
    return customer_view(shop, shop.customer.get(record["customer_id"]))


def _orders(shop: Shop, customer: Record, query: str | None = None, sortKey: str = "", **page: Any) -> Record:
    return connection(people.orders_of(shop, customer["id"]), lambda one: order_view(shop, one), **page)


def _last_order(shop: Shop, customer: Record) -> Record | None:
    orders = people.orders_of(shop, customer["id"])
    return order_view(shop, orders[-1]) if orders else None


def _accounts(shop: Shop, customer: Record, query: str | None = None, **page: Any) -> Record:
    check(shop, "storeCreditAccounts", "read_store_credit_accounts")
    mine = [one for one in shop.credit_account.values() if one["customer_id"] == customer["id"]]
    found = search(mine, query, {"currency_code": lambda one: one["currency"], "id": lambda one: one["id"]})
    return connection(found, lambda one: account_view(shop, one), **page)


LINKS: dict[tuple[str, str], Callable[..., Record | None]] = {
    ("Order", "customer"): _buyer,
    ("Refund", "order"): order_view,
    ("GiftCard", "customer"): _buyer,
    ("Customer", "orders"): _orders,
    ("Customer", "lastOrder"): _last_order,
    ("Customer", "storeCreditAccounts"): _accounts,
}
"""Type and field, and what gives it: of the shop, the record that is shown, and the field's arguments."""


def resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    """A link where the field is one, otherwise what the view says. The shop is the call's context."""
    link = LINKS.get((info.parent_type.name, info.field_name))
    if link is None:
        return default_field_resolver(source, info, **arguments)
    return link(info.context, source[OF], **arguments)
