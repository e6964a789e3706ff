"""BON. Its help names what a file for it needs; the columns of its own export are on no public page that was found.

Sources: bonloyalty.com/docs, “Import data” (Shopify Customer IDs, Customer Emails, Points) and “Moving from other
loyalty apps” (Email, Points Balance, Shopify ID).
"""

from __future__ import annotations

from plugin.rules.imports.meanings import Meaning, names
from plugin.rules.imports.source import Source

SOURCE = Source(
    "bon",
    "BON",
    tells=names("shopify customer ids, customer emails, shopify status, excluded"),
    all_of=(
        names("email, points balance, shopify id"),
        names("customer email, customer name, current points"),
        names("shopify customer id, customer email, points"),
    ),
    columns={
        Meaning.CUSTOMER_ID: (names("shopify customer ids, shopify id"),),
        Meaning.EMAIL: (names("customer emails"),),
    },
    others=names("shopify status"),
)
