"""A tier that was lost: why, which tier follows, and what reaches the next one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from babel import Locale

from plugin.messages.head import account, head
from plugin.messages.kind import Kind, Occasion, SampleShop
from plugin.messages.tiers import named, told
from plugin.rules.formats import money, number, one_line, reader_locale
from plugin.rules.message_kinds import A_WHILE, MessageKind
from plugin.rules.messages import Common, common_values, optional_address
from plugin.rules.subjects import TierNews
from plugin.rules.tiers.tier_rules import Metric
from plugin.store.tiers import tiers
from plugin.store.work import messages


@dataclass(frozen=True, slots=True, kw_only=True)
class TierLostContext(Common):
    """The tier and the one that follows; `refunded` when an order no longer counts; `missing` to `reach` the next."""

    tier: str
    next_tier: str = ""
    refunded: bool = False
    metric: Metric = "spend"
    missing: int = 0
    reach: str = ""
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "tier": one_line(self.tier, 60),
            "next_tier": one_line(self.next_tier, 60),
            "refunded": self.refunded,
            "metric": self.metric,
            "missing": self._missing(locale) if self.missing > 0 and self.reach else "",
            "count": self.missing,
            "reach": one_line(self.reach, 60),
        }

    def _missing(self, locale: Locale) -> str:
        if self.metric == "spend":
            return money(self.missing, self.currency, locale)
        return str(self.amount(self.missing, locale)) if self.metric == "points" else number(self.missing, locale)


def build(occasion: Occasion) -> TierLostContext | None:
    """The loss of one tier; None when the member is in it again, or above it, or never heard that they reached it."""
    found = told(occasion)
    programme = occasion.programme
    if found is None or 0 <= programme.tiers.rank(found.tier.key) <= programme.tiers.rank(found.stands.held.tier):
        return None
    reached, since = TierNews.of_tier(found.tier.key), occasion.message.created_at - A_WHILE
    who = occasion.member.id
    if messages.did_not_go(occasion.conn, occasion.shop.id, who, MessageKind.TIER_REACHED, reached, since):
        return None
    stands = found.stands
    after = named(occasion, stands.held.tier) if stands.held.tier else None
    next_one = named(occasion, stands.reach.tier) if stands.reach else None
    return TierLostContext(
        **head(occasion.shop, occasion.member),
        points_name=programme.points_name,
        account_url=account(occasion.shop),
        tier=found.tier.name,
        next_tier=after.name if after else "",
        refunded=_why(occasion, found.tier.key) == "refund",
        metric=programme.tiers.metric,
        missing=stands.reach.missing if stands.reach else 0,
        reach=next_one.name if next_one else "",
    )


def _why(occasion: Occasion, tier: str) -> str:
    """Why the member lost the tier when it was last lost."""
    changes = tiers.changes(occasion.conn, occasion.shop.id, [occasion.member.id]).get(occasion.member.id, [])
    return next((each.because for each in reversed(changes) if each.from_tier == tier), "")


def samples(shop: SampleShop) -> tuple[TierLostContext, ...]:
    """With a tier that follows; after a refund, by orders, by points, and one that nothing brings back."""
    gold = shop.tier(0)
    spend = TierLostContext(
        **shop.head,
        points_name=shop.points_name,
        account_url=shop.account_url,
        tier=gold,
        next_tier=shop.tier(1),
        missing=80 * shop.unit,
        reach=gold,
    )
    return (
        spend,
        replace(spend, refunded=True, metric="orders", missing=2),
        replace(spend, metric="points", missing=50, first_name=""),
        replace(spend, next_tier="", missing=0, reach=""),
    )


MAIL = Kind(build, samples)
