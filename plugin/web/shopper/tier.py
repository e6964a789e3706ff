"""The member's own tier on the shopper's page: what it brings, and what keeps it or reaches the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale
from sqlalchemy import Connection

from plugin.actions.tiers import watch_tiers
from plugin.rules import explain
from plugin.rules.explain import Audience
from plugin.rules.tiers.placing import Aim, Standing, marks
from plugin.rules.types import Reason
from plugin.rules.words import tiers as tiers_in_words
from plugin.rules.words.programme_page import brings
from plugin.web.current import now, shop
from plugin.web.shopper.page import Shopper
from plugin.web.shopper.say import Say


@dataclass(frozen=True)
class Goal:
    """A tier to reach or to keep: what is missing, how much of the threshold is there in %, and a sentence."""

    tier: str
    missing: str
    share: int
    text: str


@dataclass(frozen=True)
class TierShown:
    """`name` is empty for somebody in no tier; `until` is the last day of one that nothing keeps."""

    name: str
    brings: Sequence[str]
    keep: Goal | None
    reach: Goal | None
    ends: Sequence[str] = ()
    until: date | None = None

    @property
    def news(self) -> Sequence[str]:
        """What is missing, or until when the tier is there."""
        return (*(goal.text for goal in (self.keep, self.reach) if goal is not None), *self.ends)


def shown(conn: Connection, shopper: Shopper, locale: Locale, audience: Audience = "shopper") -> TierShown | None:
    """Where the member stands, for them or for staff; None while the programme has no tiers. A hidden tier is named to
    those in it only."""
    tiers = shopper.programme.tiers
    found = watch_tiers.stands(conn, shop(), shopper.member, now()) if tiers.levels else None
    if found is None:
        return None
    tier = tiers.named(found.held.tier)
    keep, reach = (_goal(shopper, goal, locale, keep=goal is found.keep) for goal in (found.keep, found.reach))
    last = _last(found)
    if tier is None and keep is None and reach is None and not last:
        return None
    ends = [explain.words(each, locale, audience, points_name=shopper.points_name) for each in last]
    until = date.fromisoformat(str(last[0].values["until"])) if last else None
    say = Say(locale, audience == "staff")
    return TierShown(tier.name if tier else "", brings(tier, say, locale) if tier else (), keep, reach, ends, until)


def _goal(shopper: Shopper, goal: Aim | None, locale: Locale, *, keep: bool) -> Goal | None:
    tiers = shopper.programme.tiers
    tier = tiers.named(goal.tier) if goal is not None else None
    if goal is None or tier is None:
        return None
    name, currency, metric = shopper.points_name, shop().currency, tiers.metric
    missing = tiers_in_words.amount(goal.missing, metric, currency, locale, name)
    text = tiers_in_words.aim(goal, tier.name, metric, currency, locale, keep=keep, points_name=name)
    enter, kept = marks(tiers, currency)[tiers.rank(goal.tier)]
    return Goal(tier.name, missing, _share(kept if keep else enter, goal.missing), text)


def _share(mark: int, missing: int) -> int:
    """How much of the threshold is there, in %: not what counts today, for some of it may no longer count by then."""
    return max(0, mark - missing) * 100 // max(1, mark)


def _last(found: Standing) -> list[Reason]:
    """Until when a tier is there that nothing keeps."""
    if found.keep is not None:
        return []
    return [each for each in found.reasons if each.code in ("tier_until", "tier_pinned_until")]
