"""What only a shop can have that allows the app more than the rest needs: money, by kind of reward."""

from __future__ import annotations

from plugin.clients.shopify.admin import missing_scopes
from plugin.errors import BadInput
from plugin.rules.rewards.money_rewards import NEEDS
from plugin.rules.words.texts import Said
from plugin.store.shops.shops import Shop


def not_allowed(shop: Shop, kind: str) -> list[str]:
    """The scopes that this kind of reward needs and the shop has not granted."""
    return sorted(missing_scopes(shop.scopes, NEEDS.get(kind, ()))) if shop.scopes else []


def check_allowed(shop: Shop, kind: str) -> None:
    """BadInput while the shop does not allow what this kind of reward needs."""
    if missing := not_allowed(shop, kind):
        raise BadInput(Said("frame.wrong.not_allowed", scopes=", ".join(missing)))
