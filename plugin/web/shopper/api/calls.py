"""Every call of the surfaces, in one list."""

from __future__ import annotations

from flask import Flask

from plugin.web.shopper.api import description
from plugin.web.shopper.api.acts import after_order, for_customers, own, redeeming
from plugin.web.shopper.api.reads import activities, carts, history, invitations, me, orders, programme, rewards, staff

READS = (me, programme, rewards, carts, history, activities, invitations, orders, staff)
ACTS = (redeeming, own, after_order, for_customers)
CALLS = (*READS, *ACTS, description)


def register(app: Flask) -> None:
    """Add the routes."""
    for part in CALLS:
        part.register(app)
