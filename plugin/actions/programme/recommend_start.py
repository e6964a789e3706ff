"""What a shop is recommended to start with, priced by its own orders where there are enough of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.actions.programme import publish_programme
from plugin.actions.programme.edits import Edit
from plugin.rules.programme import Programme
from plugin.rules.versions.programme_cost import Cost, cost_of
from plugin.rules.versions.recommended_start import Answers, recommended, usual_order
from plugin.store.reports import typical_order
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes

ENOUGH: Final = 10
"""With fewer orders, what an order usually comes to is guessed by the currency."""


@dataclass(frozen=True, slots=True)
class Start:
    """The programme as it would be, and what it costs. `orders`: how many it was priced by; 0 for a guess."""

    programme: Programme
    cost: Cost
    orders: int


def order_amounts(conn: Connection, shop: Shop) -> tuple[list[int], int]:
    """What orders come to, in minor units, and by how many real ones that is known: the shop's newest, or three that
    stand for what is usual in its currency."""
    known = typical_order.newest_amounts(conn, shop.id, shop.currency)
    if len(known) >= ENOUGH:
        return known, len(known)
    usual = usual_order(shop.currency)
    return [usual // 2, usual, usual * 2], 0


def recommend(conn: Connection, shop: Shop, programme: Programme, answers: Answers, now: datetime) -> Start:
    """What these answers recommend in place of the programme. Writes nothing."""
    amounts, orders = order_amounts(conn, shop)
    usual = sorted(amounts)[len(amounts) // 2]
    made = recommended(programme, answers, shop.currency, usual)
    return Start(made, cost_of(made, shop.currency, amounts, now), orders)


def cost_now(conn: Connection, shop: Shop, programme: Programme, now: datetime) -> Cost:
    """What a programme as it stands costs this shop."""
    amounts, _ = order_amounts(conn, shop)
    return cost_of(programme, shop.currency, amounts, now)


def begin_with(conn: Connection, shop_id: int, answers: Answers, edit: Edit) -> int:
    """Store what they recommend as the next version, and answer its number; that of the newest one if it is just that.

    BadInput: somebody saved another one meanwhile.
    """
    shop = shops.get(conn, shop_id, lock=True)
    newest = programmes.versions(conn, shop_id)[-1]
    if programmes.same_rules(recommend(conn, shop, newest.programme, answers, edit.now).programme, newest.programme):
        return newest.number
    editing = publish_programme.begin(conn, shop_id, edit.based_on, edit.now)
    start = recommend(conn, editing.shop, editing.base.programme, answers, edit.now)
    return publish_programme.publish(conn, editing, start.programme, edit)
