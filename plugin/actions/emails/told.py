"""Whether members are told by email of what staff do by hand: what the choice at each act begins with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from plugin.rules.emails import kind_settings
from plugin.rules.message_kinds import MessageKind
from plugin.store.shops.shops import Shop

TELLS: Final[Mapping[str, MessageKind]] = {
    "points": MessageKind.POINTS_GIVEN,
    "tier": MessageKind.TIER_REACHED,
    "reward": MessageKind.REWARD_READY,
    "redemption": MessageKind.REWARD_READY,
    "import": MessageKind.POINTS_GIVEN,
}
"""By which kind of email each act is told."""


def told_at_first(shop: Shop, act: str) -> bool:
    """What the choice begins with: whether the shop sends the kind of email that tells of this act."""
    kind = TELLS.get(act)
    return kind is not None and kind_settings.switched_on(shop.settings, kind)
