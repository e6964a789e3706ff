"""Points that expired: how many, and which day was their last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from plugin.messages.head import account, head
from plugin.messages.kind import Kind, Occasion, SampleShop
from plugin.rules.formats import long_date, reader_locale
from plugin.rules.messages import Common, common_values, optional_address, reward_values
from plugin.rules.rewards.next_reward import NextReward, next_reward
from plugin.store.points import losses


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsExpiredContext(Common):
    """`points` whose `last_day` has passed."""

    points: int
    last_day: date
    balance_available: int = 0
    balance_pending: int = 0
    next_reward: NextReward | None = None
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "expired": self.amount(max(0, self.points), locale),
            "last_day": long_date(self.last_day, locale),
            "balance": self.amount(self.balance_available, locale),
            "pending": self.amount(self.balance_pending, locale),
            "reward": reward_values(self.next_reward, self, locale),
        }


def build(occasion: Occasion) -> PointsExpiredContext | None:
    """What one message tells of (`entry:ID`, and every entry that names it); None when all of it came back."""
    lost = occasion.together("losses", losses.of_messages, losses.told_by)
    if not lost:
        return None
    programme, has = occasion.programme, occasion.balance
    return PointsExpiredContext(
        **head(occasion.shop, occasion.member),
        points_name=programme.points_name,
        points=sum(one.points for one in lost),
        last_day=occasion.shop.last_day(max(one.at for one in lost)),
        balance_available=has.available,
        balance_pending=has.pending,
        next_reward=next_reward(programme.to_reach, has.available),
        account_url=account(occasion.shop),
    )


def samples(shop: SampleShop) -> tuple[PointsExpiredContext, ...]:
    """Some of the points; then the only one, of somebody without a name."""
    some = PointsExpiredContext(
        **shop.head,
        points_name=shop.points_name,
        points=120,
        last_day=shop.today - timedelta(days=1),
        balance_available=300,
        next_reward=next_reward(shop.programme.to_reach, 300),
        account_url=shop.account_url,
    )
    return some, replace(some, first_name="", points=1, balance_available=0, next_reward=None)


MAIL = Kind(build, samples)
