"""The shop as its staff sees it: orders and what can be done to them, and discount codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, render_template, request

from sandbox.admin_api import code_discounts
from sandbox.local import Sandbox
from sandbox.pages.store_pages import back, shop_or_404
from sandbox.shop import discounts, money, orders, sums
from sandbox.state import Record, Shop, now
from sandbox.webhooks import payloads

PAGE = 50


def blueprint(box: Sandbox) -> Blueprint:
    """Routes of orders and codes."""
    routes = Blueprint("order_pages", __name__)

    @routes.get("/shops/<domain>/orders")
    def listing(domain: str) -> Any:
        shop = shop_or_404(box, domain)
        page = max(1, request.args.get("page", 1, int))
        newest = sorted(shop.order.values(), key=lambda one: one["created_at"], reverse=True)
        chosen = newest[(page - 1) * PAGE : page * PAGE]
        rows = [(o, sums.totals(o, original=True), sums.totals(o), sums.financial_status(o)) for o in chosen]
        return render_template(
            "orders.html", shop=shop, options=box.options, orders=rows, page=page, more=len(newest) > page * PAGE,
            show=_shower(shop),
        )  # fmt: skip

    @routes.get("/shops/<domain>/orders/<int:number>")
    def details(domain: str, number: int) -> Any:
        shop = shop_or_404(box, domain)
        return _details(box, shop, _order(shop, number))

    @routes.post("/shops/<domain>/orders/<int:number>/<action>")
    def act(domain: str, number: int, action: str) -> Any:
        shop = shop_or_404(box, domain)
        here = f"/shops/{domain}/orders/{number}"
        try:
            said = _act(box, shop, _order(shop, number), action)
        except ValueError as error:
            return back(here, error=str(error))
        return back(f"/shops/{domain}/orders" if action == "delete" else here, said)

    @routes.get("/shops/<domain>/discounts")
    def codes(domain: str) -> Any:
        shop = shop_or_404(box, domain)
        newest = sorted(shop.discount.values(), key=lambda one: -one["id"])[:200]
        rows = [(one, discounts.status(one, now()), code_discounts.summary(shop, one)) for one in newest]
        return render_template(
            "discounts.html", shop=shop, options=box.options, discounts=rows, count=len(shop.discount),
            show=_shower(shop),
        )  # fmt: skip

    return routes


def _order(shop: Shop, number: int) -> Record:
    return shop.order.get(number) or abort(404)


def _shower(shop: Shop) -> Any:
    return lambda minor: money.show(minor, shop.currency)


def _details(box: Sandbox, shop: Shop, order: Record) -> str:
    return render_template(
        "order.html", shop=shop, options=box.options, order=order, here=f"/shops/{shop.domain}/orders/{order['id']}",
        lines=[(line, sums.current(line)) for line in order["lines"]], show=_shower(shop), **_money_of(order),
        variants=[(one, product) for product in shop.product.values() for one in product["variants"]],
        seen=lambda minor: money.show(*sums.presented(order, minor)),
        plan=next((line["selling_plan"] for line in order["lines"] if line.get("selling_plan")), ""),
        names={line["id"]: line["name"] for line in order["lines"]},
        customer=shop.customer.get(order["customer_id"]), customers=list(shop.customer.values())[-100:],
        body=json.dumps(payloads.order_body(shop, order), indent=1, ensure_ascii=False),
    )  # fmt: skip


def _money_of(order: Record) -> Record:
    """What the page says of the order's money."""
    return {
        "status": sums.financial_status(order), "placed": sums.totals(order, original=True), "left": sums.totals(order),
        "received": sums.received(order), "refunded": sums.refunded(order), "refundable": sums.refundable(order) > 0,
        "outstanding": sums.outstanding(order), "owed": max(0, -sums.balance(order)), "parcels": sums.parcels(order),
        "charges": [(name, sums.charge_left(order, name)) for name in ("duties", "fees", "tip")],
    }  # fmt: skip


def _act(box: Sandbox, shop: Shop, order: Record, action: str) -> str:
    form = request.form
    told: dict[str, Callable[[], str]] = {
        "lines": lambda: _lines(box, shop, order, form),
        "add": lambda: _add(box, shop, order, form),
        "refund-amount": lambda: _refund_amount(box, shop, order, form),
        "refund-charges": lambda: _refund_charges(box, shop, order),
        "settle": lambda: _settle(box, shop, order, form),
        "attach": lambda: _attach(box, shop, order, form),
    }
    if action in told:
        return told[action]()
    simple: dict[str, tuple[Any, str]] = {
        "pay": (lambda: box.pay(shop, order), "Marked as paid."),
        "fulfil": (lambda: box.fulfil(shop, order), "Marked as sent."),
        "refund-owed": (lambda: box.refund_owed(shop, order), "What was owed is refunded."),
        "refund-all": (lambda: box.refund_all(shop, order), "Everything refunded."),
        "cancel": (lambda: box.cancel(shop, order), "Cancelled and refunded."),
        "cancel-only": (lambda: box.cancel(shop, order, with_refund=False), "Cancelled."),
        "reopen": (lambda: box.reopen(shop, order), "Open again."),
        "delete": (lambda: box.delete(shop, order), f"Order {order['name']} is deleted."),
    }
    if action not in simple:
        abort(404)
    simple[action][0]()
    return simple[action][1]


def _attach(box: Sandbox, shop: Shop, order: Record, form: Any) -> str:
    box.attach(shop, order, int(form["customer"]))
    return "Customer attached."


def _refund_amount(box: Sandbox, shop: Shop, order: Record, form: Any) -> str:
    amount = orders.from_form(shop, form.get("amount"))
    if amount <= 0:
        raise ValueError("Give an amount above zero")
    box.refund(shop, order, amount=amount, pending=bool(form.get("pending")))
    return f"{money.show(amount, shop.currency)} refunded."


def _refund_charges(box: Sandbox, shop: Shop, order: Record) -> str:
    box.refund(shop, order, duties=sums.charge_left(order, "duties"), fees=sums.charge_left(order, "fees"),
               tip=bool(order.get("tip_line")))  # fmt: skip
    return "Duties, fees and a tip of its own line are refunded."


def _settle(box: Sandbox, shop: Shop, order: Record, form: Any) -> str:
    arrives, told = form.get("do") != "fails", form.get("do") != "arrives-untold"
    box.settle_refund(shop, order, int(form["refund"]), arrives=arrives, told=told)
    return "The money arrived." if arrives else "The money did not arrive."


def _add(box: Sandbox, shop: Shop, order: Record, form: Any) -> str:
    added = [(int(form["variant"]), int(form["quantity"]))] if form.get("quantity", "").isdigit() else []
    shipping = orders.from_form(shop, form["shipping"]) if form.get("shipping") else None
    if not added and shipping is None:
        raise ValueError("Give a quantity, or the price of another way of shipping")
    box.edit(shop, order, {}, added=added, shipping=shipping)
    return "Order edited."


def _lines(box: Sandbox, shop: Shop, order: Record, form: Any) -> str:
    do = form.get("do")
    if do == "edit":
        wanted = {int(key[1:]): int(form[key]) for key in form if key[0] == "q" and form[key].isdigit()}
        box.edit(shop, order, wanted)
        return "Order edited."
    chosen = {int(key[1:]): int(form[key]) for key in form if key[0] == "r" and form[key].isdigit()}
    shipping = sums.shipping_left(order) if form.get("shipping") else 0
    if not any(chosen.values()) and not shipping:
        raise ValueError("Give the number of items")
    amount = orders.from_form(shop, form["amount"]) if form.get("amount") else None
    which = "gone" if do == "name" else "lines"
    made = box.refund(shop, order, **{which: chosen}, shipping=shipping, amount=amount, move_money=do != "return",
                      pending=bool(form.get("pending")))  # fmt: skip
    if made is None:
        raise ValueError("Nothing of this can be refunded")
    return "Returned, no money moved." if do == "return" else "Refunded."
