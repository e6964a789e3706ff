"""A page of a shop's theme with one of our blocks on it, as the sandbox's Liquid renders it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from liquid import Environment

from sandbox.storefront.extension import Extension

FOLDER = Path(__file__).parents[3] / "extensions" / "theme-loyalty"
EXTENSION = Extension(FOLDER)
ANA = 7001
FIGURES: dict[str, Any] = {
    "live": True, "currency": "USD", "name": "", "rate": {"points": 1, "per": 1}, "rounding": "floor", "tiers": [],
    "tier_rates": [], "rules": [], "per_item": 0, "per_order": 0, "stacking": "best", "rewards": [],
}  # fmt: skip
"""A plain programme: one point for each dollar."""


def value(said: Any) -> dict[str, Any]:
    """As a metafield holds it."""
    return {"value": said}


def app(figures: dict[str, Any] | None = None, page: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """What the app keeps for its blocks; None for an app that has written nothing yet."""
    if figures is None:
        return {"metafields": {}}
    kept = {"available": True, "programme": {**FIGURES, **figures}, "proxy": "/apps/suki", **more}
    if page is not None:
        kept["page"] = kept["page_en"] = page
    return {"metafields": {"suki": {key: value(said) for key, said in kept.items()}}}


def member(balance: int = 1045, tier: str = "", name: str = "Ana", tags: tuple[str, ...] = ()) -> dict[str, Any]:
    """A customer who is a member, with the metafields that the app pushes."""
    shown = {"balance": value(balance), "pending": value(0), "tier": value(tier or "-")}
    return {
        "id": ANA, "first_name": name, "tags": list(tags),
        "metafields": {"suki": shown, "$app": {"balance": value(balance), "next_code": value("-")}},
    }  # fmt: skip


def variant(price: float, number: int = 1, before: float | None = None) -> dict[str, Any]:
    """A variant at a price in hundredths."""
    return {"id": number, "price": price, "compare_at_price": before, "title": f"Size {number}"}


def product(*variants: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A product, its first variant selected."""
    return {
        "id": 42, "title": "Mug", "vendor": "Vigan Pottery", "tags": [], "collections": [], "gift_card?": False,
        "variants": list(variants), "selected_or_first_available_variant": variants[0], **more,
    }  # fmt: skip


def cart(*items: dict[str, Any], currency: str = "USD", total: float | None = None) -> dict[str, Any]:
    """A cart of such lines."""
    whole = sum(item["final_line_price"] for item in items)
    return {
        "items": list(items), "item_count": len(items), "items_subtotal_price": whole,
        "total_price": whole if total is None else total, "currency": {"iso_code": currency},
        "original_total_price": whole,
    }  # fmt: skip


def line(of: dict[str, Any], quantity: int = 1, price: float | None = None) -> dict[str, Any]:
    """A line of a cart with the selected variant of a product."""
    chosen = of["selected_or_first_available_variant"]
    each = chosen["price"] if price is None else price
    return {
        "product": of, "variant": chosen, "quantity": quantity, "final_line_price": each * quantity,
        "original_line_price": chosen["price"] * quantity, "gift_card": of["gift_card?"],
    }  # fmt: skip


@cache
def liquid(language: str, currency: str) -> Environment:
    """Liquid in a language and a currency, its snippets read once."""
    return EXTENSION.environment(language, currency, "/files")


def show(block: str, *, language: str = "en", currency: str = "USD", settings: Any = None, **page: Any) -> str:
    """The block's HTML on such a page, for a guest unless the page has a customer."""
    root = "/"
    known: dict[str, Any] = {
        "app": app({"currency": currency}), "customer": None, "cart": cart(currency=currency), "shop": {"name": "Nena"},
        "request": {"locale": {"iso_code": language}, "page_type": "index", "design_mode": False},
        "routes": {"root_url": root, "storefront_login_url": "/customer_authentication/login?return_to=%2F",
                   "cart_url": "/cart"},
    }  # fmt: skip
    return str(EXTENSION.render(block, liquid(language, currency), settings or {}, **known | page))
