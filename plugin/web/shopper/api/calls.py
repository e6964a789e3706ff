"""Every call of the surfaces, in one list."""

from __future__ import annotations

from flask import Flask

from plugin.web.shopper.api.acts import after_order, for_customers, own, redeeming
from plugin.web.shopper.api.reads import activities, carts, history, invitations, me, orders, programme, rewards

READS = (me, programme, rewards, carts, history, activities, invitations, orders)
ACTS = (redeeming, own, after_order, for_customers)
CALLS = (*READS, *ACTS)


def register(app: Flask) -> None:
    """Add the routes."""
    for part in CALLS:
        part.register(app)
