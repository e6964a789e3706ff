"""How each way to earn is done, in a sentence: nothing is offered anywhere without it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from plugin.rules.activities.activity_rules import NETWORKS, Activity, Profile, Social

HOW: Final[Mapping[str, str]] = {
    "newsletter": "shopper.earn.subscribe",
    "birthday": "shopper.api.birthday_missing",
    "anniversary": "shopper.earn.each_year",
    "social": "shopper.earn.how.follow",
    "visit": "shopper.earn.look_for_link",
    "profile": "shopper.earn.how.questions",
    "review": "shopper.earn.how.review",
    "survey": "shopper.earn.how.survey",
    "custom": "shopper.earn.how.custom",
}
"""By kind; a test holds it and the kinds together."""


def how(activity: Activity, say: Callable[..., str]) -> str:
    """What to do for it, or that it comes by itself; `say` puts a text into the reader's language."""
    if isinstance(activity, Social):
        return say(f"shopper.earn.how.{activity.deed}", network=NETWORKS[activity.network])
    if isinstance(activity, Profile) and not activity.questions:
        return say(HOW["birthday"])
    return say(HOW[activity.kind])
