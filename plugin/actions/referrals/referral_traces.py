"""Keep what orders say of their buyers as keyed hashes, while referrals are on: the advocates of tomorrow, too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from plugin.actions.orders.judged_orders import Judged
from plugin.actions.orders.order_news import OrderNews, OrderSeen
from plugin.actions.work.rounds import InEveryShop
from plugin.actions.work.steps import in_steps
from plugin.actions.work.work import Work
from plugin.rules.referrals.referral_marks import KEPT_DAYS, marks
from plugin.store.referrals import referral_marks
from plugin.store.shops.shops import Shop


def keep(
    conn: Connection, shop: Shop, judged: Sequence[Judged], news: Iterable[OrderNews], key: bytes, now: datetime
) -> None:
    """Write the marks of these orders down, with whose they are. Without a key nothing is kept."""
    buyers = {one.order.order_id: one.order.member_id for one in judged if one.version.programme.referrals.enabled}
    if not buyers or not key:
        return
    found = {
        str(said.order_id): (buyers[said.order_id], marks(key, shop.id, said.traces))
        for said in news
        if isinstance(said, OrderSeen) and said.traces is not None and said.order_id in buyers
    }
    referral_marks.note(conn, shop.id, "order", found, now)


def _forget_old(work: Work, shop: Shop) -> int:
    before = work.clock() - timedelta(days=KEPT_DAYS)
    return in_steps(work.engine, shop.id, lambda conn, most: referral_marks.forget_old(conn, shop.id, before, most))


forget_old = InEveryShop("forget_marks", _forget_old, uninstalled_too=True)
"""What is kept of people as hashes ends after 90 days, in every shop; answers how many rows went."""
