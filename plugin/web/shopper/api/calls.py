"""Every call of the surfaces, in one list."""

from __future__ import annotations

from flask import Flask

from plugin.web.shopper.api.acts import for_customers, own, redeeming
from plugin.web.shopper.api.reads import activities, carts, history, invitations, me, programme, rewards

CALLS = (me, programme, rewards, carts, history, activities, invitations, redeeming, own, for_customers)


def register(app: Flask) -> None:
    """Add the routes."""
    for part in CALLS:
        part.register(app)
