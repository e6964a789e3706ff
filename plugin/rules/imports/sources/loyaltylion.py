"""LoyaltyLion. Merchants choose and rename the columns of its exports; these are the names of its API.

Sources: developers.loyaltylion.com, headless API (`merchant_id` is the customer's number in the shop; `points_approved`
can be spent, `points_pending` not yet); SDK, “Customer points” (lifetime = approved, pending, spent and expired);
help.loyaltylion.com, “Export” (each column can be left out and renamed: no list of them is public).
"""

from __future__ import annotations

from plugin.rules.imports.meanings import Meaning, names
from plugin.rules.imports.source import Source

SOURCE = Source(
    "loyaltylion",
    "LoyaltyLion",
    tells=names("points approved, points pending, merchant id, points lifetime, enrolled at"),
    columns={
        Meaning.CUSTOMER_ID: (names("merchant id"),),
        Meaning.POINTS: (names("points approved"),),
        Meaning.LIFETIME: (names("points lifetime"),),
        Meaning.JOINED: (names("enrolled at"),),
        Meaning.EXCLUDED: (names("blocked"),),
        Meaning.TIER: (names("loyalty tier membership loyalty tier name"),),
    },
    others=names("state"),
    dates="md",
)
