"""What a form or a surface sends back of a reward that it showed."""

from __future__ import annotations

from plugin.rules.rewards import as_shown
from plugin.rules.rewards.kinds import Reward


def form(reward: Reward, points: int | None = None) -> dict[str, str]:
    """As the fields of a form."""
    seen = as_shown.shown(reward, points)
    return {"price": str(seen.price), "offer": seen.offer}


def body(reward: Reward, points: int | None = None) -> dict[str, object]:
    """As JSON; the points themselves are there on a slider."""
    seen = as_shown.shown(reward, points)
    chosen = {} if points is None else {"points": points}
    return {"reward": reward.id, "price": seen.price, "offer": seen.offer, **chosen}
