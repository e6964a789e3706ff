"""A tier about to be lost: by when, and what keeps it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from babel import Locale

from plugin.messages.head import account, head
from plugin.messages.kind import Kind, Occasion, SampleShop
from plugin.messages.tiers import DAY, told
from plugin.rules.formats import long_date, money, number, one_line, reader_locale
from plugin.rules.messages import Common, common_values, optional_address
from plugin.rules.tiers.tier_rules import Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class TierEndingContext(Common):
    """The tier, its last day, and what keeps it."""

    tier: str
    last_day: date
    metric: Metric = "spend"
    missing: int = 0
    keep_by: date | None = None
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "tier": one_line(self.tier, 60),
            "last_day": long_date(self.last_day, locale),
            "metric": self.metric,
            "missing": self._missing(locale) if self.missing > 0 else "",
            "count": self.missing,
            "keep_by": long_date(self.keep_by, locale) if self.keep_by else "",
        }

    def _missing(self, locale: Locale) -> str:
        if self.metric == "spend":
            return money(self.missing, self.currency, locale)
        return str(self.amount(self.missing, locale)) if self.metric == "points" else number(self.missing, locale)


def build(occasion: Occasion) -> TierEndingContext | None:
    """The tier and its last day; None when the member has done enough meanwhile, or it is lost already.

    One that is sent late names the day until which the tier is kept for it.
    """
    found = told(occasion)
    if found is None:
        return None
    stands, programme = found.stands, occasion.programme
    if stands.held.tier != found.tier.key or stands.lost_on is None:
        return None
    if stands.lost_on != found.day and stands.kept_until is None:
        return None
    return TierEndingContext(
        **head(occasion.shop, occasion.member),
        points_name=programme.points_name,
        account_url=account(occasion.shop),
        tier=found.tier.name,
        last_day=stands.lost_on - DAY,
        metric=programme.tiers.metric,
        missing=stands.keep.missing if stands.keep else 0,
        keep_by=stands.keep.by if stands.keep else None,
    )


def samples(shop: SampleShop) -> tuple[TierEndingContext, ...]:
    """One that more spending keeps; by orders, by points, and one that nothing keeps."""
    day = shop.today + timedelta(days=28)
    spend = TierEndingContext(
        **shop.head,
        points_name=shop.points_name,
        account_url=shop.account_url,
        tier=shop.tier(0),
        last_day=day,
        missing=80 * shop.unit,
        keep_by=day,
    )
    return (
        spend,
        replace(spend, metric="orders", missing=2),
        replace(spend, metric="points", missing=50, first_name=""),
        replace(spend, missing=0, keep_by=None),
    )


MAIL = Kind(build, samples)
