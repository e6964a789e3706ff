"""Which reward somebody is nearest to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel import Locale

from plugin.rules.programme import ToReach
from plugin.rules.rewards import reward_names
from plugin.rules.rewards.reward_names import Slide


@dataclass(frozen=True, slots=True)
class NextReward:
    """The reward that is nearest, and how many points are missing (0 = it can be taken now). Of a free amount `slide`
    says what points buy, and `has` is how many there are."""

    name: str
    cost_points: int
    missing_points: int
    slide: Slide | None = None
    has: int = 0

    def named(self, currency: str, locale: Locale) -> str:
        """What it is called within a sentence."""
        return reward_names.named(self.name, self.slide, self.has, currency, locale)


def next_reward(goals: Sequence[ToReach], points: int) -> NextReward | None:
    """The cheapest reward still out of reach, or the dearest one when all are within it: of a free amount, what the
    points buy of it."""
    if not goals:
        return None
    ahead = [goal for goal in goals if goal.points > points]
    goal = min(ahead, key=lambda goal: goal.points) if ahead else max(goals, key=lambda goal: _takes(goal, points))
    return NextReward(goal.name, goal.points, max(0, goal.points - points), goal.slide, points if goal.slide else 0)


def _takes(goal: ToReach, points: int) -> int:
    """How many of the points it takes."""
    return goal.points if goal.slide is None else reward_names.bought(goal.slide, points)
