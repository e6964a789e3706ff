"""What the three emails to the advocate of a referral have in common: how it went, and what it brings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from plugin.messages.head import account, head, insist_on_code
from plugin.messages.kind import Occasion
from plugin.rules import subjects
from plugin.rules.formats import long_date, reader_locale
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import Common, common_values, optional_address, own_code
from plugin.rules.referrals.news import NEWS
from plugin.store.referrals import referrals
from plugin.store.referrals.referrals import Referral
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.versions import programmes
from plugin.store.work import messages

End = Literal["refused", "reversed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvocateContext(Common):
    """How a referral went. `points` or `code` is the reward; `due_on` when it is expected."""

    points: int = 0
    code: str = ""
    due_on: date | None = None
    ended: End | Literal[""] = ""
    taken_back: bool = False
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "points": self.amount(self.points, locale),
            "code": own_code(self.code) if self.code else None,
            "due_on": long_date(self.due_on, locale) if self.due_on else "",
            "ended": self.ended,
            "taken_back": self.taken_back,
        }


def build(occasion: Occasion) -> AdvocateContext | None:
    """How one referral goes (`referral:ID:N`); None when it has gone on. NotYet, NotFound: its code is not made."""
    conn, shop, kind = occasion.conn, occasion.shop, occasion.message.kind
    found = referrals.get(conn, shop.id, subjects.Referral.parse(occasion.message.subject).referral_id)
    if found is None or NEWS.get(found.state) != kind:
        return None
    gift = redemptions.get(conn, shop.id, found.gift_id) if found.gift_id else None
    if kind == MessageKind.REFERRAL_ENDED and not _taken_back(found, gift) and not _heard(occasion, found):
        return None
    version = programmes.versions(conn, shop.id)[found.version - 1].programme
    if gift is not None and kind == MessageKind.REFERRAL_PAID and gift.code_state == "wanted":
        insist_on_code(occasion.message, occasion.now)
    return AdvocateContext(
        **head(shop, occasion.member, occasion.message.locale),
        points_name=version.points_name,
        points=version.referrals.advocate.points if version.referrals.advocate.kind == "points" else 0,
        code=gift.code if gift else "",
        due_on=shop.day(found.due_at) if found.due_at and kind == MessageKind.REFERRAL_ORDERED else None,
        ended=found.state if found.state == "refused" or found.state == "reversed" else "",
        taken_back=kind == MessageKind.REFERRAL_ENDED and _taken_back(found, gift),
        account_url=account(shop),
    )


def _taken_back(found: Referral, gift: Redemption | None) -> bool:
    return found.line > 0 or (gift is not None and gift.state != "captured")


def _heard(occasion: Occasion, found: Referral) -> bool:
    """Whether the advocate heard of the order before it came to nothing; a message of it that did not go is no word."""
    told = messages.by_subject(
        occasion.conn, occasion.shop.id, MessageKind.REFERRAL_ORDERED, str(subjects.Referral(found.id))
    )
    return told is None or told.state not in ("queued", "skipped") or told.part_of is not None
