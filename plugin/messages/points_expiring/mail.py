"""The warning of points that expire: how many, as of now, and which day is their last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from plugin.messages.head import account, head
from plugin.messages.kind import Kind, Occasion, SampleShop
from plugin.rules import subjects
from plugin.rules.formats import long_date, reader_locale
from plugin.rules.messages import Common, common_values, optional_address, reward_values
from plugin.rules.points import expiry as rules
from plugin.rules.points.expiry import Held
from plugin.rules.rewards.next_reward import NextReward, next_reward
from plugin.store.points import expiry
from plugin.store.points.expiry import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsExpiringContext(Common):
    """`points` that can be used up to and including `last_day`."""

    points: int
    last_day: date
    balance_available: int
    balance_pending: int = 0
    next_reward: NextReward | None = None
    account_url: str = ""

    def values(self) -> dict[str, object]:
        """The template's variables."""
        locale = reader_locale(self.locale)
        return {
            **common_values(self, locale),
            "account_url": optional_address(self.account_url),
            "expiring": self.amount(max(0, self.points), locale),
            "last_day": long_date(self.last_day, locale),
            "balance": self.amount(self.balance_available, locale),
            "pending": self.amount(self.balance_pending, locale),
            "reward": reward_values(self.next_reward, self, locale),
        }


def build(occasion: Occasion) -> PointsExpiringContext | None:
    """The warning of one end (`lot:ID:END:NUMBER`); None when nothing expires then any more."""
    conn, shop, member, now = occasion.conn, occasion.shop, occasion.member, occasion.now
    end = subjects.LotEnding.parse(occasion.message.subject).ends_at
    calendar = expiry.calendar(conn, shop.id, now)
    held = occasion.together("lots", _held, lambda message: message.member_id) or []
    kept = [(lot.left, last) for lot in held if (last := _last_moment(lot, end, calendar, now)) is not None]
    if not kept:
        return None
    points, ends_at = sum(left for left, _ in kept), max(last for _, last in kept)
    programme = occasion.programme
    has = occasion.balance
    return PointsExpiringContext(
        **head(shop, member),
        points_name=programme.points_name,
        points=points,
        last_day=rules.last_day(ends_at, calendar.zone),
        balance_available=has.available,
        balance_pending=has.pending,
        next_reward=next_reward(programme.to_reach, has.available),
        account_url=account(shop),
    )


def _last_moment(lot: Held, end: datetime, calendar: Calendar, now: datetime) -> datetime | None:
    """Until when points last of which a warning says that they end then; None where they don't, or where another
    warning is due that names a later day."""
    by = calendar.policy, calendar.zone
    if rules.ends_at(lot, *by) != end:
        return None
    verdict = rules.judge(lot, *by, now)
    return verdict.ends_at if verdict.act == "wait" or verdict.act == "warn" and verdict.ends_at == end else None


def _held(conn: Connection, shop_id: int, member_ids: list[int]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = {}
    for lot in expiry.held(conn, shop_id, member_ids):
        found.setdefault(lot.member_id, []).append(lot)
    return found


def samples(shop: SampleShop) -> tuple[PointsExpiringContext, ...]:
    """Some of the points in a month; then a single point of somebody without a name."""
    some = PointsExpiringContext(
        **shop.head,
        points_name=shop.points_name,
        points=120,
        last_day=shop.today + timedelta(days=30),
        balance_available=300,
        next_reward=next_reward(shop.programme.to_reach, 300),
        account_url=shop.account_url,
    )
    return some, replace(some, first_name="", points=1, next_reward=None, balance_pending=10)


MAIL = Kind(build, samples)
