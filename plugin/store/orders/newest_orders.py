"""What a shop's newest orders say of those to come: the rate of a currency, the tax in prices, the channels."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

LOOKED_AT = 200
"""So many of the newest; an older rate is none to go by."""
LEARNED_FROM = 25
"""So many of them, in the currency that is asked about: tax is much the same in all."""
MOST_LINES = 200
MOST_SOURCES_OF = 1000
_LEARN = """
SELECT (view->>'taxes_included')::boolean AS included, view->'rate' AS rate,
  quantity * price_minor - coalesce(discount_minor, 0) AS cost, coalesce(tax_minor, 0) AS tax
FROM (
  SELECT placed_at, view FROM (
    SELECT placed_at, view FROM order_views WHERE shop_id = %(shop)s AND placed_at IS NOT NULL AND view IS NOT NULL
      AND NOT deleted ORDER BY placed_at DESC LIMIT %(looked_at)s
  ) AS newest
  WHERE coalesce(nullif(view->>'presented_currency', ''), view->>'currency') = %(currency)s LIMIT %(learned_from)s
) AS told
LEFT JOIN LATERAL (
  SELECT * FROM jsonb_to_recordset(view->'lines') AS line (
    quantity bigint, price_minor bigint, discount_minor bigint, tax_minor bigint, gift_card boolean, tip boolean)
  WHERE gift_card IS NOT TRUE AND tip IS NOT TRUE LIMIT 20
) AS goods ON true
ORDER BY placed_at DESC LIMIT %(most_lines)s
"""
"""A view does not keep what is nothing. Of an order with many lines some are enough."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the newest orders in one currency say.

    `included`: whether their prices include tax (None: there are none). `rate`: minor units of the shop's currency, and
    of this one for the same things, as Shopify converted them last (None: never). `lines`: what each of their goods
    cost after discounts, and its tax, in minor units.
    """

    included: bool | None = None
    rate: tuple[int, int] | None = None
    lines: tuple[tuple[int, int], ...] = ()


def told(conn: Connection, shop_id: int, currency: str) -> Told:
    """What is known of the currency that buyers see; by one read."""
    rows = conn.exec_driver_sql(
        _LEARN,
        {"shop": shop_id, "currency": currency, "looked_at": LOOKED_AT, "learned_from": LEARNED_FROM,
         "most_lines": MOST_LINES},
    ).all()  # fmt: skip
    if not rows:
        return Told()
    rates = (_rate(row.rate) for row in rows)
    lines = tuple((row.cost, row.tax) for row in rows if row.cost is not None)
    return Told(bool(rows[0].included), next(filter(None, rates), None), lines)


def _rate(kept: object) -> tuple[int, int] | None:
    if not isinstance(kept, list):
        return None
    shops, buyers = int(kept[0]), int(kept[1])
    return (shops, buyers) if shops > 0 and buyers > 0 else None


def sources(conn: Connection, shop_id: int) -> frozenset[str]:
    """The `source_name` of each of the newest orders."""
    rows = conn.exec_driver_sql(
        "SELECT DISTINCT view->>'source' FROM (SELECT view FROM order_views WHERE shop_id = %(shop)s"
        " AND placed_at IS NOT NULL AND view IS NOT NULL AND NOT deleted ORDER BY placed_at DESC LIMIT %(looked_at)s)"
        " AS newest",
        {"shop": shop_id, "looked_at": MOST_SOURCES_OF},
    )
    return frozenset(row[0] for row in rows if row[0])
