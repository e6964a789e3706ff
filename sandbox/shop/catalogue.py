"""Opening a shop, with a small range of goods."""

from __future__ import annotations

from decimal import Decimal

from sandbox.options import DEFAULT_SCOPES
from sandbox.shop import files, money
from sandbox.state import Record, Shop, World, iso, now

COLLECTIONS = ("Coffee", "Kitchen", "Skin care", "Gifts", "Sale")
# title, kind, vendor, price in US dollars, grams, tags, collections, variants
GOODS = (
    (
        "Barako coffee beans",
        "Coffee",
        "Batangas Roasters",
        "11.50",
        250,
        "bestseller",
        "Coffee",
        "250 g|1 kg",
    ),
    ("Benguet arabica", "Coffee", "Cordillera Coffee", "13.90", 250, "single-origin", "Coffee", "250 g|1 kg"),
    ("Tablea drinking chocolate", "Coffee", "Davao Cacao", "7.25", 200, "vegan", "Coffee,Gifts", ""),
    ("Rattan tray", "Home", "Cebu Weavers", "24.00", 700, "handmade", "Kitchen", "Small|Large"),
    ("Capiz tea light", "Home", "Iloilo Craft", "9.80", 150, "handmade", "Gifts", ""),
    ("Stoneware mug", "Home", "Vigan Pottery", "14.40", 380, "new", "Kitchen,Gifts", "Sand|Indigo"),
    ("Coconut oil soap", "Beauty", "Quezon Botanics", "4.60", 120, "vegan", "Skin care", ""),
    ("Calamansi body wash", "Beauty", "Quezon Botanics", "8.95", 320, "vegan", "Skin care", ""),
    ("Moringa face oil", "Beauty", "Quezon Botanics", "19.50", 60, "bestseller,vegan", "Skin care", ""),
    ("Abaca tote bag", "Bags", "Bicol Abaca", "32.00", 400, "handmade", "Gifts", "Natural|Black"),
    ("Mango jam, end of season", "Food", "Guimaras Farms", "5.10", 300, "sale,no-points", "Sale", ""),
    ("Gift card", "Gift card", "", "25.00", 0, "", "Gifts", "25|50|100"),
)
REDUCED = {"Mango jam, end of season": "6.80", "Calamansi body wash": "11.20"}
"""What some goods cost before, in US dollars: the price that theirs is compared with."""
RATES = {"USD": "1", "EUR": "0.92", "GBP": "0.79", "PHP": "56", "JPY": "150", "KWD": "0.31", "AUD": "1.5"}
SHOWN = ("PHP", "USD", "JPY")
"""The currencies that a buyer can pay in, beside the shop's own."""
COUNTRIES = {"PHP": ("PH", "Philippines"), "JPY": ("JP", "Japan"), "GBP": ("GB", "United Kingdom"),
             "EUR": ("DE", "Germany"), "KWD": ("KW", "Kuwait"), "AUD": ("AU", "Australia")}  # fmt: skip


def open_shop(world: World, domain: str, **wishes: object) -> Shop:
    """A new shop with goods in it; an existing one is returned as it is."""
    domain = domain if "." in domain else f"{domain}.myshopify.com"
    if domain in world.shops:
        return world.shops[domain]
    shop = world.add(_settings(world, domain, dict(wishes)))
    _fill(shop)
    return shop


def _settings(world: World, domain: str, wishes: Record) -> Record:
    currency = wishes.get("currency", "USD")
    code, country = COUNTRIES.get(currency, ("US", "United States"))
    handle = domain.split(".")[0]
    settings: Record = {
        "domain": domain, "shop_id": next(world.ids), "name": handle.replace("-", " ").title(),
        "currency": currency, "timezone": "Asia/Manila" if currency == "PHP" else "America/New_York",
        "locale": "en", "country_code": code, "country": country, "email": f"owner@{handle}.example",
        "taxes_included": currency in ("PHP", "EUR", "GBP", "JPY", "AUD"), "tax_rate": "0.12",
        "tax_title": "VAT", "plan": "standard", "colour": "#7a2e1f", "accent": "#f2c14e", "logo": "",
        "created_at": iso(now()), "next_order_number": 1001, "installed": False,
        "scopes": list(DEFAULT_SCOPES),
    }  # fmt: skip
    settings.update({key: value for key, value in wishes.items() if value not in (None, "")})
    return settings


def _fill(shop: Shop) -> None:
    collections = {}
    for title in COLLECTIONS:
        handle = title.lower().replace(" ", "-")
        collections[title] = shop.save("collection", {"id": shop.next_id(), "title": title, "handle": handle})["id"]
    for row in GOODS:
        shop.save("product", _product(shop, row, collections))
    files.fill(shop)


def _product(shop: Shop, row: tuple[str, str, str, str, int, str, str, str], where: dict[str, int]) -> Record:
    title, kind, vendor, price, grams, tags, collections, options = row
    stamp = iso(now())
    product: Record = {
        "id": shop.next_id(), "title": title, "type": kind, "vendor": vendor or shop.settings["name"],
        "handle": title.lower().replace(",", "").replace(" ", "-"), "tags": [t for t in tags.split(",") if t],
        "gift_card": kind == "Gift card", "collections": [where[name] for name in collections.split(",")],
        "grams": grams, "created_at": stamp, "updated_at": stamp, "variants": [],
    }  # fmt: skip
    for place, option in enumerate(options.split("|")):
        product["variants"].append(
            {
                "id": shop.next_id(),
                "title": option or "Default Title",
                "sku": f"{kind[:2].upper()}-{product['id'] % 1000:03d}-{place + 1}",
                "price": _price(shop, price, option, place, product["gift_card"]),
                "compare_at": _price(shop, REDUCED[title], option, place, False) if title in REDUCED else None,
            }  # fmt: skip
        )
    return product


def _price(shop: Shop, dollars: str, option: str, place: int, gift_card: bool) -> int:
    rate = Decimal(RATES.get(shop.currency, "1"))
    if gift_card:
        return money.to_minor(Decimal(option) * (rate.quantize(Decimal(1)) or rate), shop.currency)
    amount = Decimal(dollars) * rate * (Decimal("2.8") if option == "1 kg" else 1 + Decimal(place) / 5)
    if rate > 20:
        amount = amount.quantize(Decimal(1))
    return money.to_minor(amount, shop.currency)


def usual_shipping(shop: Shop) -> int:
    """What sending costs unless the buyer says otherwise."""
    return {"PHP": 8500, "JPY": 600, "KWD": 1500}.get(shop.currency, 495)


def currencies(shop: Shop) -> list[str]:
    """What a buyer can pay in, the shop's own currency first."""
    return [shop.currency, *(one for one in SHOWN if one != shop.currency)]


def presentment(shop: Shop, currency: str) -> tuple[str, str] | None:
    """The currency that the buyer pays in, with its fixed rate; None for the shop's own."""
    if currency in ("", shop.currency):
        return None
    if currency not in currencies(shop):
        raise ValueError(f"Nobody can pay in {currency} here")
    rate = Decimal(RATES[currency]) / Decimal(RATES.get(shop.currency, "1"))
    return currency, f"{rate.quantize(Decimal('0.000001')):f}"
