"""The shop as its staff sees it: orders and what can be done to them, and discount codes."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, abort, render_template, request

from sandbox import discounts, graph_discounts, money, orders, payloads, sums
from sandbox.local import Sandbox
from sandbox.order_lines import presented
from sandbox.state import Record, Shop, now
from sandbox.store_pages import back, shop_or_404

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
        rows = [(one, discounts.status(one, now()), graph_discounts.summary(shop, one)) for one in newest]
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
    received, refunded = sums.received(order), sums.refunded(order)
    return render_template(
        "order.html", shop=shop, options=box.options, order=order, here=f"/shops/{shop.domain}/orders/{order['id']}",
        status=sums.financial_status(order), placed=sums.totals(order, original=True), left=sums.totals(order),
        lines=[(line, sums.current(line)) for line in order["lines"]], outstanding=sums.outstanding(order),
        received=received, refunded=refunded, refundable=received > refunded, show=_shower(shop),
        seen=lambda minor: money.show(*presented(order, minor)),
        plan=next((line["selling_plan"] for line in order["lines"] if line.get("selling_plan")), ""),
        names={line["id"]: line["name"] for line in order["lines"]},
        customer=shop.customer.get(order["customer_id"]), customers=list(shop.customer.values())[-100:],
        body=json.dumps(payloads.order_body(shop, order), indent=1, ensure_ascii=False),
    )  # fmt: skip


def _act(box: Sandbox, shop: Shop, order: Record, action: str) -> str:
    form = request.form
    if action == "lines":
        return _lines(box, shop, order, form)
    if action == "refund-amount":
        amount = orders.from_form(shop, form.get("amount"))
        if amount <= 0:
            raise ValueError("Give an amount above zero")
        box.refund(shop, order, amount=amount)
        return f"{money.show(amount, shop.currency)} refunded."
    if action == "attach":
        box.attach(shop, order, int(form["customer"]))
        return "Customer attached."
    simple: dict[str, tuple[Any, str]] = {
        "pay": (lambda: box.pay(shop, order), "Marked as paid."),
        "fulfil": (lambda: box.fulfil(shop, order), "Marked as sent."),
        "refund-all": (lambda: box.refund_all(shop, order), "Everything refunded."),
        "cancel": (lambda: box.cancel(shop, order), "Cancelled and refunded."),
        "cancel-only": (lambda: box.cancel(shop, order, with_refund=False), "Cancelled."),
        "delete": (lambda: box.delete(shop, order), f"Order {order['name']} is deleted."),
    }
    if action not in simple:
        abort(404)
    simple[action][0]()
    return simple[action][1]


def _lines(box: Sandbox, shop: Shop, order: Record, form: Any) -> str:
    if form.get("do") == "edit":
        wanted = {int(key[1:]): int(form[key]) for key in form if key[0] == "q" and form[key].isdigit()}
        box.edit(shop, order, wanted)
        return "Order edited."
    chosen = {int(key[1:]): int(form[key]) for key in form if key[0] == "r" and form[key].isdigit()}
    shipping = sums.shipping_left(order) if form.get("shipping") else 0
    if not any(chosen.values()) and not shipping:
        raise ValueError("Give the number of items to refund")
    box.refund(shop, order, lines=chosen, shipping=shipping)
    return "Refunded."
