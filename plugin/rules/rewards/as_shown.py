"""A reward as somebody was shown it: what they agreed to is what is taken, or nothing is."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from plugin.rules.rewards.kinds import Reward
from plugin.rules.rewards.reward_settings import RewardSettings, Sliding

_NOT_BROUGHT = frozenset(RewardSettings.model_fields) - {"id", "name", "back_on_refund"} | {
    "most",
    "prefix",
    "warn_below",
}
"""Who may have it, when and for how much: these refuse by themselves, and the price is compared as a number."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What stood on the button: the price in points (of a slider the points that were chosen), and the offer."""

    price: int
    offer: str


def offer(reward: Reward) -> str:
    """What its points bring, and on what terms, as 16 characters that change when any of that does."""
    brought = reward.model_dump(mode="json", exclude=set(_NOT_BROUGHT))
    said = json.dumps({name: _in_order(value) for name, value in brought.items()}, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _in_order(value: Any) -> Any:
    """Sets of goods and countries have no order of their own."""
    return sorted(value, key=str) if isinstance(value, list) else value


def shown(reward: Reward, points: int | None = None) -> Shown:
    """How the reward is shown, at the member's price; `points` are those chosen on a slider."""
    return Shown(points if points is not None and isinstance(reward, Sliding) else reward.points, offer(reward))


def is_changed(reward: Reward, points: int, seen: Shown) -> bool:
    """Whether so many points for this reward are not what was shown."""
    return Shown(points, offer(reward)) != seen
