"""What a guest's order brought waits for an account: how to get it, sent to the order's own address."""

from __future__ import annotations

from dataclasses import dataclass

from plugin.messages.head import account, head
from plugin.messages.kind import Kind, Occasion, SampleShop
from plugin.rules.formats import reader_locale, web_address
from plugin.rules.messages import Common, common_values


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimContext(Common):
    """What waits, pending points included, and where one signs in."""

    waiting: int
    account_url: str

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "waiting": self.amount(self.waiting, locale),
            "link": web_address(self.account_url),
        }


def build(occasion: Occasion) -> ClaimContext | None:
    """What a guest has by now (`order:ID`); None where they have an account by now, or nothing waits."""
    shop, member, has = occasion.shop, occasion.member, occasion.balance
    if member.state != "guest" or has.available + has.pending <= 0:
        return None
    return ClaimContext(
        **head(shop, member, occasion.message.locale),
        points_name=occasion.programme.points_name,
        waiting=has.available + has.pending,
        account_url=account(shop),
    )


def samples(shop: SampleShop) -> tuple[ClaimContext, ...]:
    """Somebody with 120 points."""
    return (ClaimContext(**shop.head, points_name=shop.points_name, waiting=120, account_url=shop.account_url),)


MAIL = Kind(build, samples)
