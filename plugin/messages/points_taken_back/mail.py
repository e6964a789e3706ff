"""Points that were taken back: how many are missing as of now, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from typing import Final

from babel import Locale

from plugin.messages.head import account, head
from plugin.messages.kind import Kind, Occasion, SampleShop
from plugin.rules import explain
from plugin.rules.formats import one_line, reader_locale
from plugin.rules.messages import Common, common_values, optional_address, reward_values
from plugin.rules.points.losses import BY_HAND
from plugin.rules.rewards.next_reward import NextReward, next_reward
from plugin.rules.words.own_names import points_name
from plugin.rules.words.texts import text
from plugin.store.points import losses
from plugin.store.points.losses import Loss

SHOWN_LOSSES = 8
SHOWN_REASONS = 6
"""Of how many losses the email tells, and how many reasons of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsTakenBackContext(Common):
    """`points` that are missing, for what (`why`), and what is there now; below zero that is owed."""

    points: int
    why: Sequence[str] = ()
    balance_available: int = 0
    balance_pending: int = 0
    next_reward: NextReward | None = None
    account_url: str = ""
    by_staff: bool = False

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "taken": self.amount(max(0, self.points), locale),
            "by_staff": self.by_staff,
            "owed": self.amount(max(0, -self.balance_available), locale),
            "explain": [one_line(line, 300) for line in self.why],
            "balance": self.amount(self.balance_available, locale),
            "pending": self.amount(self.balance_pending, locale),
            "reward": reward_values(self.next_reward, self, locale),
        }


def build(occasion: Occasion) -> PointsTakenBackContext | None:
    """What one message tells of (`entry:ID`, and every entry that names it); None when nothing of it is missing."""
    lost = occasion.together("losses", losses.of_messages, losses.told_by)
    if not lost:
        return None
    programme, has = occasion.programme, occasion.balance
    about = head(occasion.shop, occasion.member)
    names = occasion.reads.names(reader_locale(about["locale"]))
    context = PointsTakenBackContext(
        **about,
        points_name=points_name(programme.points_name, names),
        points=sum(one.points for one in lost),
        by_staff=all(one.kind in BY_HAND for one in lost),
        balance_available=has.available,
        balance_pending=has.pending,
        next_reward=next_reward(programme.to_reach, has.available),
        account_url=account(occasion.shop),
    )
    return _told(context, lost)


def _told(context: PointsTakenBackContext, lost: Sequence[Loss]) -> PointsTakenBackContext:
    locale = reader_locale(context.locale)
    return replace(context, why=[line for one in lost[:SHOWN_LOSSES] for line in _why(one, context, locale)])


_SAID: Final = frozenset({"line_excluded", "adjusted"})
"""Reasons that the headline says already, or that are about a line of an order."""


def _why(loss: Loss, context: PointsTakenBackContext, locale: Locale) -> list[str]:
    """How many, for what; then the reasons, in the words in which the member's history has them."""
    points = str(context.amount(loss.points, locale))
    what = explain.headline(loss.kind, loss.reason, locale, context.points_name)
    said = [
        explain.words(each, locale, "shopper", points_name=context.points_name, currency=context.currency)
        for each in explain.reasons_of(loss.reason)
        if each.code not in _SAID and explain.known(each.code)
    ]
    first = text(locale, "points_taken_back.line", points=points, what=what)
    return [first, *said[:SHOWN_REASONS], *([loss.note] if loss.note else [])]


def samples(shop: SampleShop) -> tuple[PointsTakenBackContext, ...]:
    """A part of an order's points; a single one, more than was there, of somebody without a name; several; and points
    that staff took."""
    plain = PointsTakenBackContext(
        **shop.head,
        points_name=shop.points_name,
        points=50,
        balance_available=300,
        next_reward=next_reward(shop.programme.to_reach, 300),
        account_url=shop.account_url,
    )
    still = {"amount_minor": 25 * shop.unit, "original_minor": 75 * shop.unit, "currency": shop.currency}
    eligible = ["eligible", {**still, "rate_points": 1, "rate_amount": "1", "points": 25}]
    at = datetime.combine(shop.today, time(), UTC)
    order = Loss(50, "taken_back", at, {"order": "#1001", "reasons": [eligible]})
    milestone = Loss(1, "milestone_back", at, {})
    hand = Loss(30, "adjusted", at, {"reasons": [["adjusted", {"points": -30}]]})
    part, one, both = (_told(plain, lost) for lost in ([order], [milestone], [order, milestone]))
    taken = replace(_told(plain, [hand]), points=30, by_staff=True)
    owing = replace(one, first_name="", points=1, balance_available=-20, next_reward=None)
    return part, owing, replace(both, points=51), taken


MAIL = Kind(build, samples)
