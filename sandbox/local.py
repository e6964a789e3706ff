"""The parts of one running sandbox, and what a person can make happen in it."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

import requests

from sandbox import tokens
from sandbox.admin_api.calls import Calls
from sandbox.mailbox import Post
from sandbox.options import Options
from sandbox.shop import catalogue, orders, people, refunds
from sandbox.shop.carts import Carts
from sandbox.signing import load_url
from sandbox.state import Record, Shop, World, iso, now
from sandbox.surfaces import checkouts
from sandbox.trouble import Trouble
from sandbox.webhooks import happenings
from sandbox.webhooks.dispatcher import Dispatcher


class Sandbox:
    """Shops, webhooks, API, mails and trouble."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.world = World(options.data_dir)
        self.trouble = Trouble(options.seed)
        self.dispatcher = Dispatcher(options, self.world.rows, self.trouble)
        self.calls = Calls(options, self.trouble.strikes)
        self.calls.collecting = partial(happenings.tell_collected, self.dispatcher)
        self.post = Post(self.world.rows)
        self.carts = Carts()
        self.stopping = threading.Event()

    def open_shop(self, domain: str, **wishes: Any) -> Shop:
        """A shop by name, made when it is new."""
        return catalogue.open_shop(self.world, domain, **wishes)

    def shop(self, domain: str) -> Shop:
        """A shop that exists; KeyError otherwise."""
        return self.world.shops[domain]

    def install(self, shop: Shop, timeout_seconds: float = 20.0) -> int:
        """Open the app once as the owner does, which installs it; the HTTP status of its home page."""
        url = load_url(self.options, shop, self.options.app_path)
        answer = requests.get(url, timeout=timeout_seconds, headers={"Accept": "text/html"})
        return answer.status_code

    def place(self, shop: Shop, wish: orders.Wish, at: datetime | None = None, *, first_name: str = "",
              last_name: str = "", as_customer: bool = True) -> Record:  # fmt: skip
        """Place an order; a customer who is new is made first, a guest is not."""
        moment = at or now()
        customer = shop.customer.get(wish.customer_id) or people.by_email(shop, wish.email)
        fresh = False
        if customer is None and wish.email and as_customer:
            customer = people.enrol(
                shop, moment, first_name=first_name, last_name=last_name, email=wish.email, locale=wish.locale,
                state="disabled",
            )  # fmt: skip
            fresh = True
        if customer and as_customer:
            wish.customer_id, wish.email = customer["id"], wish.email or customer["email"]
        try:
            order, happened = orders.place(shop, wish, moment)
        except (ValueError, KeyError):
            if fresh and customer:
                shop.drop("customer", customer["id"])
            raise
        if fresh and customer:
            happenings.tell_customer(self.dispatcher, shop, "customers/create", customer, moment)
        happenings.tell(self.dispatcher, shop, order, happened, moment)
        if customer and as_customer and not fresh:
            people.change(shop, customer, moment)
            happenings.tell_customer(self.dispatcher, shop, "customers/update", customer, moment)
        return order

    def begin_checkout(self, shop: Shop, lines: list[tuple[int, int]], at: datetime | None = None,
                       **more: object) -> Record:  # fmt: skip
        """A buyer begins a checkout."""
        checkout = checkouts.start(shop, lines, at or now(), **more)
        self.tell_checkout(shop, checkout, at)
        return checkout

    def tell_checkout(self, shop: Shop, checkout: Record, at: datetime | None = None) -> None:
        """A checkout was begun, changed or paid: shops that subscribed hear of it."""
        happenings.tell_checkout(self.dispatcher, shop, checkout, at or now())

    def drop_checkout(self, shop: Shop, checkout: Record) -> None:
        """A checkout is deleted."""
        happenings.tell_checkout_gone(self.dispatcher, shop, checkout, now())
        shop.drop("checkout", checkout["id"])

    def pay(self, shop: Shop, order: Record) -> None:
        """The money of a pending order came."""
        self._tell(shop, order, orders.mark_paid(shop, order, now()))

    def fulfil(self, shop: Shop, order: Record) -> None:
        """The goods were sent."""
        self._tell(shop, order, orders.fulfil(shop, order, now()))

    def edit(self, shop: Shop, order: Record, quantities: dict[int, int],
             added: list[tuple[int, int]] | None = None, shipping: int | None = None) -> None:  # fmt: skip
        """Change quantities, add products, ship at another price."""
        self._tell(shop, order, orders.edit(shop, order, quantities, now(), added, shipping))

    def refund(self, shop: Shop, order: Record, **what: Any) -> Record | None:
        """Give back lines, shipping, duties or an amount, or take goods back without money; see refunds.Back."""
        refund, happened = orders.refund(shop, order, now(), **what)
        self._tell(shop, order, happened)
        return refund

    def refund_owed(self, shop: Shop, order: Record) -> None:
        """Give back what an edit left owed."""
        self._tell(shop, order, refunds.refund_owed(shop, order, now()))

    def settle_refund(
        self, shop: Shop, order: Record, refund_id: int, *, arrives: bool = True, told: bool = True
    ) -> None:
        """Money that was on its way arrives, or does not; Shopify may tell nobody of it."""
        happened = refunds.settle(shop, order, refund_id, now(), arrives=arrives)
        self._tell(shop, order, happened if told else [])

    def refund_all(self, shop: Shop, order: Record) -> None:
        """Give back everything."""
        self._tell(shop, order, refunds.refund_all(shop, order, now()))

    def cancel(self, shop: Shop, order: Record, with_refund: bool = True) -> None:
        """Cancel the order."""
        self._tell(shop, order, orders.cancel(shop, order, now(), with_refund=with_refund))

    def reopen(self, shop: Shop, order: Record) -> None:
        """Take a cancellation back."""
        self._tell(shop, order, orders.reopen(shop, order, now()))

    def delete(self, shop: Shop, order: Record) -> None:
        """Delete the order."""
        self._tell(shop, order, orders.delete(shop, order))

    def attach(self, shop: Shop, order: Record, customer_id: int) -> None:
        """Give an order of a guest to a customer."""
        order["customer_id"], order["updated_at"] = customer_id, iso(now())
        shop.save("order", order)
        self._tell(shop, order, [("orders/updated", {})])

    def _tell(self, shop: Shop, order: Record, happened: orders.Happened) -> None:
        happenings.tell(self.dispatcher, shop, order, happened, now())

    def enrol(self, shop: Shop, **who: str) -> Record:
        """A new customer."""
        customer = people.enrol(shop, now(), **who)
        happenings.tell_customer(self.dispatcher, shop, "customers/create", customer, now())
        return customer

    def change_customer(self, shop: Shop, customer: Record, **fields: object) -> None:
        """New values for a customer."""
        people.change(shop, customer, now(), **fields)
        happenings.tell_customer(self.dispatcher, shop, "customers/update", customer, now())

    def tag_customer(
        self, shop: Shop, customer: Record, *, add: Iterable[str] = (), remove: Iterable[str] = ()
    ) -> None:
        """Give a customer tags, or take some away."""
        added, removed = sorted(set(add) - set(customer["tags"])), sorted(set(remove) & set(customer["tags"]))
        kept = {*customer["tags"], *added} - set(removed)
        self.change_customer(shop, customer, tags=sorted(kept))
        for topic, tags in (("customer.tags_added", added), ("customer.tags_removed", removed)):
            if tags:
                self.dispatcher.publish(shop, topic, people.tags_body(customer, tags, now()), now())

    def set_consent(self, shop: Shop, customer: Record, state: str) -> None:
        """The customer says whether they want marketing mails: SUBSCRIBED, UNSUBSCRIBED …"""
        self.change_customer(shop, customer, marketing=state)
        topic = "customers_email_marketing_consent/update"
        self.dispatcher.publish(shop, topic, people.consent_body(customer, now()), now())

    def merge(self, shop: Shop, kept: Record, gone: Record) -> None:
        """One customer takes over another's orders."""
        self.dispatcher.publish(shop, "customers/merge", people.merge(shop, kept, gone, now()), now())

    def delete_customer(self, shop: Shop, customer: Record) -> None:
        """Remove a customer."""
        happenings.tell_customer(self.dispatcher, shop, "customers/delete", customer, now())
        shop.drop("customer", customer["id"])

    def change_shop(self, shop: Shop, fields: Record) -> None:
        """New settings of the shop."""
        shop.settings.update({**fields, "updated_at": iso(now())})
        shop.save_settings()
        self.dispatcher.publish(shop, "shop/update", people.shop_body(shop), now())

    def ask_for_data(self, shop: Shop, customer: Record) -> None:
        """The customer wants to see what is stored."""
        body = people.privacy_body(shop, customer, shop.next_id())
        self.dispatcher.publish(shop, "customers/data_request", body, now())

    def redact(self, shop: Shop, customer: Record) -> None:
        """The customer wants to be forgotten; Shopify forgets as well."""
        body = people.privacy_body(shop, customer, None)
        self.dispatcher.publish(shop, "customers/redact", body, now())
        with shop.lock:
            for order in people.orders_of(shop, customer["id"]):
                order["customer_id"], order["email"] = None, ""
                shop.save("order", order)
            shop.drop("customer", customer["id"])

    def uninstall(self, shop: Shop) -> None:
        """The merchant removes the app: its tokens are dead."""
        shop.settings["installed"] = False
        shop.save_settings()
        tokens.revoke_all(shop)
        for number in [one["id"] for one in shop.subscription.values()]:
            shop.drop("subscription", number)
        self.dispatcher.publish(shop, "app/uninstalled", people.shop_body(shop), now())

    def redact_shop(self, shop: Shop) -> None:
        """48 hours after the app was removed."""
        body = {"shop_id": shop.settings["shop_id"], "shop_domain": shop.domain}
        self.dispatcher.publish(shop, "shop/redact", body, now())

    def set_scopes(self, shop: Shop, scopes: Iterable[str]) -> None:
        """The merchant grants other scopes."""
        previous = shop.settings["scopes"]
        shop.settings["scopes"] = sorted({one.strip() for one in scopes if one.strip()})
        shop.save_settings()
        self.dispatcher.publish(shop, "app/scopes_update", happenings.scopes_body(shop, previous, now()), now())

    def close(self) -> None:
        """Stop sending and close the file."""
        self.stopping.set()
        self.dispatcher.stop()
        self.world.close()
