"""In which order rewards are shown. It is no rule and changes nobody's points, so sorting makes no version."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from plugin.rules.rewards.kinds import Reward

SETTING = "reward_order"
"""What the list of ids is called among a shop's settings."""


def in_order(rewards: Iterable[Reward], order: object) -> list[Reward]:
    """The rewards as they are listed; those that the list does not name come last, as they were added."""
    known = [str(each) for each in order] if isinstance(order, list) else []
    places = {reward_id: place for place, reward_id in enumerate(known)}
    return sorted(rewards, key=lambda one: places.get(one.id, len(places)))


def moved(ids: Sequence[str], one_id: str, to: int) -> list[str]:
    """The ids with one of them at a place (0 is the first, and what is beyond the end counts as the last)."""
    others = [each for each in ids if each != one_id]
    place = max(0, min(to, len(others)))
    return [*others[:place], one_id, *others[place:]]
