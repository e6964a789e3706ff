"""A checkout that a member began and left: what lies in it, the way back, and what the order would earn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal

from plugin.actions.emails import carts_left
from plugin.actions.emails.carts_left import KIND
from plugin.actions.orders import estimate_cart
from plugin.actions.orders.estimate_cart import Estimated
from plugin.errors import HeldBack
from plugin.messages.head import head
from plugin.messages.kind import Kind, Occasion, SampleShop, sample_facts
from plugin.rules.emails.kind_settings import figure
from plugin.rules.formats import money, number, one_line, reader_locale
from plugin.rules.mailings.checkout_left import CheckoutLine, read_line
from plugin.rules.messages import Common, common_values, optional_address
from plugin.rules.money import minor_digits, to_minor
from plugin.rules.names.news import Checkout
from plugin.rules.orders.cart import Cart, CartLine
from plugin.store.emails import checkouts_left
from plugin.store.emails.checkouts_left import CheckoutLeft
from plugin.store.orders import orders
from plugin.store.versions import programmes
from plugin.store.work.messages import Message

How = Literal["", "exact", "about", "up_to"]
"""How the points are said; not at all where nobody knows them."""
MOST_SHOWN = 20
NO_SUMS = {"discount": "", "shipping": "", "tax": "", "tax_included": False, "total": ""}
"""What is known only of an order."""
IN_USE = "the checkout was used again meanwhile"


@dataclass(frozen=True, slots=True)
class LeftLine:
    """One line; `total_minor` None: nobody knows in which currency the buyer saw it."""

    title: str
    quantity: int
    variant: str = ""
    total_minor: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLeftContext(Common):
    """What was left behind. `subtotal_minor` is before shipping; `more_lines` are not among the lines."""

    lines: tuple[LeftLine, ...]
    more_lines: int = 0
    subtotal_minor: int | None = None
    checkout_url: str = ""
    points: int = 0
    how: How = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)

        def shown(minor: int | None) -> str:
            return "" if minor is None else money(minor, self.currency, locale)

        lines = [
            {
                "title": one_line(line.title, 255),
                "variant": one_line(line.variant, 255),
                "quantity": number(line.quantity, locale),
                "total": shown(line.total_minor),
                "points": None,
                "note": None,
            }
            for line in self.lines[:MOST_SHOWN]
        ]
        return {
            **common_values(self, locale),
            "lines": lines,
            "more_lines": max(0, len(self.lines) - MOST_SHOWN) + self.more_lines,
            "totals": {**NO_SUMS, "subtotal": shown(self.subtotal_minor)},
            "order_url": "",
            "checkout_url": optional_address(self.checkout_url),
            "earned": self.amount(self.points, locale),
            "how": self.how if self.points > 0 else "",
        }


def build(occasion: Occasion) -> CartLeftContext | None:
    """One checkout (`checkout:ID`); None when it ended or its member has ordered. HeldBack: it is used again."""
    left = occasion.together("checkout", checkouts_left.by_ids, _checkout_id)
    ordered = occasion.together("last order placed", orders.last_placed, lambda one: one.member_id)
    if left is None or carts_left.is_over(left, ordered):
        return None
    _insist_on_rest(occasion, left)
    kept = left.kept
    known = bool(kept["prices_known"])
    currency = str(kept["currency"])
    points, how = _points(occasion, left)
    return CartLeftContext(
        **head(occasion.shop, occasion.member, str(kept["locale"]), currency),
        points_name=occasion.programme.points_name,
        lines=tuple(_line(line, currency, known) for line in map(read_line, kept["lines"])),
        more_lines=int(kept["more_lines"]),
        subtotal_minor=_minor(kept["subtotal"], currency) if known and kept["subtotal"] is not None else None,
        checkout_url=str(kept["url"]) or f"{occasion.shop.storefront}/cart",
        points=points,
        how=how,
    )


def _checkout_id(message: Message) -> int:
    return Checkout.parse(message.subject).checkout_id


def _insist_on_rest(occasion: Occasion, left: CheckoutLeft) -> None:
    rests_at = left.updated_at + timedelta(hours=figure(occasion.shop.settings, KIND, "hours"))
    if rests_at > occasion.now:
        raise HeldBack(IN_USE, (rests_at - occasion.now).total_seconds())


def _line(line: CheckoutLine, currency: str, known: bool) -> LeftLine:
    variant = "" if line.variant == "Default Title" else line.variant
    return LeftLine(line.title, line.quantity, variant, _minor(line.price, currency) * line.quantity if known else None)


def _minor(amount: object, currency: str) -> int:
    return to_minor(amount, minor_digits(currency))


def _points(occasion: Occasion, left: CheckoutLeft) -> tuple[int, How]:
    """What the order would earn by the rules in force, where all of its lines and their currency are known."""
    kept = left.kept
    if kept["more_lines"] or not kept["prices_known"] or kept["subtotal"] is None:
        return 0, ""
    cart, version = _cart(kept), programmes.at(occasion.versions, occasion.now)
    found = estimate_cart.known(occasion.conn, occasion.shop, cart, occasion.member, occasion.now)
    said = estimate_cart.estimate(occasion.conn, occasion.shop, version, found, occasion.member, occasion.now)
    return (0, "") if said.why or said.sign_in or said.points <= 0 else (said.points, _how(said))


def _how(said: Estimated) -> How:
    if said.about:
        return "about"
    return "up_to" if said.up_to else "exact"


def _cart(kept: Any) -> Cart:
    lines = tuple(
        CartLine(line.quantity, line.price, line.product_id, line.variant_id, line.vendor, line.gift_card)
        for line in map(read_line, kept["lines"])
    )
    return Cart(str(kept["currency"]), lines, Decimal(kept["subtotal"]), tuple(kept["codes"]), str(kept["source"]))


def samples(shop: SampleShop) -> tuple[CartLeftContext, ...]:
    """A checkout whose points are known; about; at most; and one of which hardly anything is."""
    unit = shop.unit
    first = CartLeftContext(
        **shop.head,
        points_name=shop.points_name,
        facts=sample_facts(shop),
        lines=(
            LeftLine(shop.said("shirt"), 1, shop.said("variant"), 45 * unit),
            LeftLine(shop.said("socks"), 2, total_minor=15 * unit),
        ),
        subtotal_minor=60 * unit,
        checkout_url=f"{shop.shop_url}/1/checkouts/abc/recover?key=def",
        points=60,
        how="exact",
    )
    bare = replace(
        first,
        lines=(LeftLine(shop.said("socks"), 2),) * (MOST_SHOWN + 1),
        subtotal_minor=None,
        points=0,
        how="",
        first_name="",
    )
    return first, replace(first, how="about"), replace(first, how="up_to"), bare


MAIL = Kind(build, samples)
