"""How the members of a batch stand, for whatever their emails print or depend on: each thing is read once for all of
them, and only where an email of the batch asks for it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import cache, cached_property
from typing import Any, Final, TypeVar

from babel import Locale

from plugin.actions.tiers import watch_tiers
from plugin.messages.head import account
from plugin.messages.reads import Reads
from plugin.rules.activities.activity_rules import Birthday
from plugin.rules.emails.member_facts import MemberFacts
from plugin.rules.formats import decimal, reader_locale
from plugin.rules.rewards import reward_names
from plugin.rules.rewards.next_reward import next_reward
from plugin.rules.tiers.placing import Standing
from plugin.rules.tiers.tier_rules import Tier
from plugin.rules.words import tiers as tiers_in_words
from plugin.rules.words.programme_page import Reader, ways_to_earn
from plugin.store.members.members import Member
from plugin.store.orders import orders
from plugin.store.referrals import referrals

Context = TypeVar("Context")
EVERYTHING: Final = frozenset(MemberFacts.__dataclass_fields__)
_TIER: Final = frozenset({"tier", "tier_key", "perks", "multiplier", "next_tier", "tier_missing"})
_BALANCE: Final = frozenset({"balance", "pending", "reward", "rewards_in_reach"})


def with_facts(context: Context, facts: MemberFacts) -> Context:
    """The same email, with how its member stands."""
    known: Any = context
    told: Context = replace(known, facts=facts)
    return told


class AboutMembers:
    """The members of one batch."""

    def __init__(self, reads: Reads) -> None:
        self.reads = reads
        self._ways = cache(self._ways_in)
        self._in = cache(reads.programme_in)

    def of(
        self,
        member: Member,
        locale: str,
        asks: Collection[str] = EVERYTHING,
        preferences_url: str = "",
        unsubscribe_url: str = "",
    ) -> MemberFacts:
        """How one of them stands, in the language of the email. `asks`: the names that its design asks for."""
        shop, reader = self.reads.shop, reader_locale(locale)
        wanted = EVERYTHING.intersection(asks)
        facts: dict[str, Any] = {}
        if wanted & _BALANCE:
            facts |= self._balance(member, reader)
        if wanted & _TIER:
            facts |= self._tier(member, reader)
        if "first_order" in wanted:
            facts["first_order"] = self._placed.get(member.id, 0) == 1
        if "invitation_url" in wanted and member.id in self._words:
            facts["invitation_url"] = f"{shop.storefront}/apps/suki/r/{self._words[member.id]}"
        if "ways_to_earn" in wanted:
            facts["ways_to_earn"] = self._ways(reader, self._tier_of(member) if self._by_tier else "")
        return MemberFacts(
            guest=member.state == "guest",
            rewards_url=f"{shop.storefront}/apps/suki/rewards",
            account_url=account(shop),
            preferences_url=preferences_url,
            unsubscribe_url=unsubscribe_url,
            **facts,
        )

    def _balance(self, member: Member, reader: Locale) -> dict[str, Any]:
        has = self.reads.balances[member.id]
        currency = self.reads.shop.currency
        goals = sorted(self._in(reader).to_reach, key=lambda goal: goal.points)
        return {
            "balance": has.available,
            "pending": has.pending,
            "reward": next_reward(goals, has.available),
            "rewards_in_reach": tuple(
                reward_names.named(goal.name, goal.slide, has.available, currency, reader)
                for goal in goals
                if goal.points <= has.available
            ),
        }

    def _tier(self, member: Member, locale: Locale) -> dict[str, Any]:
        stands = self._standing.get(member.id)
        if stands is None:
            return {}
        rules = self._in(locale).tiers
        held = rules.named(stands.held.tier)
        after = rules.named(stands.reach.tier) if stands.reach else None
        missing = stands.reach.missing if stands.reach else 0
        name = self._in(locale).points_name
        said = tiers_in_words.amount(missing, rules.metric, self.reads.shop.currency, locale, name)
        return {
            "tier_key": held.key if held else "",
            "tier": held.name if held else "",
            "perks": held.perks if held else (),
            "multiplier": _multiplier(held, locale),
            "next_tier": after.name if after else "",
            "tier_missing": said if after and missing > 0 else "",
        }

    @cached_property
    def _standing(self) -> Mapping[int, Standing]:
        reads = self.reads
        return watch_tiers.all_stand(reads.conn, reads.shop, reads.people, reads.now)

    @cached_property
    def _placed(self) -> Mapping[int, int]:
        return orders.placed_by(self.reads.conn, self.reads.shop.id, self.reads.people)

    @cached_property
    def _words(self) -> Mapping[int, str]:
        """The links of those who have one; none where nobody can invite."""
        reads = self.reads
        if not reads.programme.referrals.enabled:
            return {}
        return referrals.words_of(reads.conn, reads.shop.id, reads.people)

    @cached_property
    def _by_tier(self) -> bool:
        """Whether what an activity brings depends on the tier."""
        return any(isinstance(one, Birthday) and one.tier_points for one in self.reads.programme.activities)

    def _tier_of(self, member: Member) -> str:
        standing = self._standing.get(member.id)
        return standing.held.tier if standing else ""

    def _ways_in(self, locale: Locale, tier: str) -> tuple[str, ...]:
        """What brings points to those in a tier, a sentence each, as the programme's page says it."""
        shop, programme = self.reads.shop, self._in(locale)
        name = shop.name or shop.domain
        reader = Reader(programme, name, shop.currency, shop.zone, locale, self.reads.now)
        return ways_to_earn(reader, tier)


def _multiplier(tier: Tier | None, locale: Locale) -> str:
    return decimal(tier.multiplier, locale) if tier is not None and tier.multiplier > Decimal(1) else ""
