"""The welcome points of a new member."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from plugin.messages.head import account, head
from plugin.messages.kind import Kind, Occasion, SampleShop
from plugin.rules.formats import reader_locale
from plugin.rules.messages import Common, common_values, optional_address, reward_values
from plugin.rules.rewards.next_reward import NextReward, next_reward
from plugin.rules.subjects import Welcome
from plugin.store.points import balances


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomeContext(Common):
    """Welcome points for a new member."""

    points_earned: int
    balance_available: int
    next_reward: NextReward | None = None
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "earned": self.amount(max(0, self.points_earned), locale),
            "balance": self.amount(self.balance_available, locale),
            "pending": self.amount(0, locale),
            "reward": reward_values(self.next_reward, self, locale),
        }


def build(occasion: Occasion) -> WelcomeContext | None:
    """What they begin with (`member:ID`); None when the points were taken back."""
    shop, member = occasion.shop, occasion.member
    points = occasion.together("points", _welcomed, lambda message: message.member_id) or 0
    if points <= 0:
        return None
    programme = occasion.programme
    available = occasion.balance.available
    return WelcomeContext(
        **head(shop, member),
        points_name=programme.points_name,
        points_earned=points,
        balance_available=available,
        next_reward=next_reward(programme.to_reach, available),
        account_url=account(shop),
    )


def _welcomed(conn: Connection, shop_id: int, member_ids: list[int]) -> dict[int, int]:
    return balances.sums_of(conn, shop_id, member_ids, str(Welcome()))


def samples(shop: SampleShop) -> tuple[WelcomeContext, ...]:
    """The welcome points of the shop's rules, or fifty; then for somebody without a name."""
    points = shop.programme.welcome_points or 50
    named = WelcomeContext(
        **shop.head,
        points_name=shop.points_name,
        points_earned=points,
        balance_available=points,
        next_reward=next_reward(shop.programme.to_reach, points),
        account_url=shop.account_url,
    )
    return named, replace(named, first_name="")


MAIL = Kind(build, samples)
