"""A tier reached, with what it brings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from plugin.messages.head import account, head
from plugin.messages.kind import Kind, Occasion, SampleShop
from plugin.messages.tiers import DAY, told
from plugin.rules.formats import decimal, long_date, one_line, reader_locale
from plugin.rules.messages import Common, common_values, optional_address


@dataclass(frozen=True, slots=True, kw_only=True)
class TierReachedContext(Common):
    """The tier, what it brings, and until when it is sure (None: no last day)."""

    tier: str
    perks: tuple[str, ...] = ()
    multiplier: Decimal = Decimal(1)
    last_day: date | None = None
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "tier": one_line(self.tier, 60),
            "perks": [one_line(perk, 200) for perk in self.perks],
            "multiplier": decimal(self.multiplier, locale) if self.multiplier > 1 else "",
            "last_day": long_date(self.last_day, locale) if self.last_day else "",
        }


def build(occasion: Occasion) -> TierReachedContext | None:
    """The tier and its perks; None when the member is no longer in it."""
    found = told(occasion)
    if found is None or found.stands.held.tier != found.tier.key:
        return None
    lost_on = found.stands.lost_on
    return TierReachedContext(
        **head(occasion.shop, occasion.member),
        points_name=occasion.programme.points_name,
        account_url=account(occasion.shop),
        tier=found.tier.name,
        perks=found.tier.perks,
        multiplier=found.tier.multiplier,
        last_day=lost_on - DAY if lost_on else None,
    )


def samples(shop: SampleShop) -> tuple[TierReachedContext, ...]:
    """The shop's highest tier, or Gold; then one that has no perks and no last day."""
    best = shop.programme.tiers.levels[-1] if shop.programme.tiers.levels else None
    full = TierReachedContext(
        **shop.head,
        points_name=shop.points_name,
        account_url=shop.account_url,
        tier=shop.tier(0),
        perks=best.perks if best else (shop.said("wrapping"),),
        multiplier=best.multiplier if best else Decimal("1.5"),
        last_day=shop.today + timedelta(days=365),
    )
    return full, replace(full, perks=(), multiplier=Decimal(1), last_day=None, first_name="")


MAIL = Kind(build, samples)
