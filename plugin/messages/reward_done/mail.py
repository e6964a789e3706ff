"""Something that staff fulfil: it is done, or it could not be."""

from __future__ import annotations

from dataclasses import dataclass, replace

from plugin.messages.head import account, head
from plugin.messages.kind import Kind, Occasion, SampleShop
from plugin.rules import subjects
from plugin.rules.formats import one_line, reader_locale
from plugin.rules.messages import Common, common_values, optional_address
from plugin.store.rewards import fulfilments, redemptions
from plugin.store.work.messages import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardDoneContext(Common):
    """The reward, and what staff wrote to the member; `points_back` of one that was cancelled."""

    reward: str
    told: str = ""
    cancelled: bool = False
    points_back: int = 0
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "reward_name": one_line(self.reward, 80),
            "told": one_line(self.told, 500),
            "cancelled": self.cancelled,
            "points_back": self.amount(max(0, self.points_back), locale),
        }


def build(occasion: Occasion) -> RewardDoneContext | None:
    """The news of one redemption (`redemption:ID`); None when it is neither done nor cancelled."""
    shop = occasion.shop
    made = occasion.together("redemption", redemptions.by_ids, _redemption_id)
    todo = occasion.together("fulfilment", fulfilments.by_ids, _redemption_id)
    if made is None or todo is None or todo.state == "open":
        return None
    cancelled = todo.state == "cancelled"
    return RewardDoneContext(
        **head(shop, occasion.member),
        points_name=occasion.programme.points_name,
        reward=made.title,
        told=todo.told,
        cancelled=cancelled,
        points_back=made.points if cancelled else 0,
        account_url=account(shop),
    )


def _redemption_id(message: Message) -> int:
    return subjects.Redemption.parse(message.subject).redemption_id


def samples(shop: SampleShop) -> tuple[RewardDoneContext, ...]:
    """One that is done; then one that was cancelled."""
    done = RewardDoneContext(
        **shop.head,
        points_name=shop.points_name,
        reward=shop.said("tasting"),
        told=shop.said("told"),
        account_url=shop.account_url,
    )
    return done, replace(done, cancelled=True, points_back=50, told="", first_name="")


MAIL = Kind(build, samples)
