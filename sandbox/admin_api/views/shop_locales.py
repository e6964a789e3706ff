"""The languages that a shop is written in and published in, as Shopify lists them."""

from __future__ import annotations

from sandbox.state import Record, Shop

NAMES = {"en": "English", "fil": "Filipino", "th": "Thai", "sv": "Swedish", "pt-BR": "Portuguese (Brazil)"}


def shop_locales(shop: Shop, published: bool) -> list[Record]:
    """All of them, or those that shoppers can choose; the first is the shop's own."""
    own = str(shop.settings["locale"]).partition("-")[0]
    tags = [own, *(tag for tag in NAMES if tag != own)]
    found = [
        {"locale": tag, "name": NAMES.get(tag, tag), "primary": tag == own, "published": tag != "sv"} for tag in tags
    ]
    return [one for one in found if one["published"] or not published]
