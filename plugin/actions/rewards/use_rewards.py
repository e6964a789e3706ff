"""Rewards are used: by the order that names their code, because their money was spent, or as staff have done them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.record_event import record
from plugin.rules import subjects
from plugin.rules.events import Event, RewardUsed
from plugin.rules.types import OrderView
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption


def codes_on(views: Iterable[OrderView]) -> set[str]:
    """The codes that orders name, in any case."""
    return {code for view in views for code in view.discount_codes}


def owners(conn: Connection, shop_id: int, views: Iterable[OrderView]) -> set[int]:
    """The members whose rewards these orders use; they are to be locked before the order is settled."""
    codes = codes_on(views)
    found = redemptions.by_codes(conn, shop_id, codes).values() if codes else ()
    return {one.member_id for one in found if one.is_reward}


def used(
    conn: Connection, shop_id: int, found: Iterable[Redemption], now: datetime, orders: Mapping[int, int] | None = None
) -> None:
    """These rewards are used from now on: `orders` has the order of each redemption, where one used it.

    Their members are locked. The code for the next order is no reward.
    """
    happened = [
        Event(
            RewardUsed(one.id, one.reward, (orders or {}).get(one.id)), str(subjects.Redemption(one.id)), one.member_id
        )
        for one in found
        if one.is_reward
    ]
    record(conn, shop_id, happened, now)


def used_at_once(conn: Connection, shop_id: int, made: Iterable[Redemption], now: datetime) -> None:
    """Of new redemptions, those with nothing left to do: a donation, a partner's code."""
    used(conn, shop_id, [one for one in made if one.state == "captured"], now)
