"""Staff put the rewards into another order, in which members see them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.shops import show_programme
from plugin.errors import NotFound
from plugin.rules.rewards import kinds
from plugin.rules.rewards.display_order import SETTING, in_order, moved
from plugin.rules.words.texts import Said
from plugin.store.shops import shops
from plugin.store.versions import programmes
from plugin.store.work import activity_pages


def put_at(conn: Connection, shop_id: int, reward_id: str, to: int, actor: str, now: datetime) -> None:
    """Put a reward at a place; asking twice changes nothing more."""
    shop = shops.get(conn, shop_id, lock=True)
    rewards = programmes.current(conn, shop_id, now).programme.rewards
    one = kinds.find(rewards, reward_id)
    if one is None:
        raise NotFound(Said("frame.error.not_found"))
    before = [each.id for each in in_order(rewards, shop.settings.get(SETTING))]
    after = moved(before, reward_id, to)
    if after == before:
        return
    shops.merge_settings(conn, shop_id, {SETTING: after})
    activity_pages.note_staff_act(conn, shop_id, actor, "sort_rewards", one.name, {}, now)
    show_programme.want(conn, shop_id, now)
