"""Which reward somebody is nearest to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plugin.rules.programme import Goal


@dataclass(frozen=True, slots=True)
class NextReward:
    """The reward that is nearest, and how many points are missing (0 = it can be taken now)."""

    name: str
    cost_points: int
    missing_points: int


def next_reward(goals: Sequence[Goal], points: int) -> NextReward | None:
    """The cheapest reward still out of reach, or the dearest one when all are within it."""
    if not goals:
        return None
    ahead = [goal for goal in goals if goal.points > points]
    goal = min(ahead, key=lambda goal: goal.points) if ahead else max(goals, key=lambda goal: goal.points)
    return NextReward(goal.name, goal.points, max(0, goal.points - points))
