"""What a shop is recommended to start with, priced by its own orders where there are enough of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.actions.programme import publish_programme
from plugin.actions.programme.edits import Edit
from plugin.errors import BadInput
from plugin.rules.mistakes import NOT_RIGHT
from plugin.rules.programme import Programme
from plugin.rules.versions.programme_cost import Cost, cost_of
from plugin.rules.versions.recommended_start import Answers, recommended, taken_away, usual_order
from plugin.rules.words.texts import Said
from plugin.store.reports import typical_order
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes

ENOUGH: Final = 10
"""With fewer orders, what an order usually comes to is guessed by the currency."""


@dataclass(frozen=True, slots=True)
class Start:
    """The programme as it would be, and what it costs. `orders`: how many it was priced by; 0 for what staff say, or a
    guess. `usual_minor`: what an order usually comes to."""

    programme: Programme
    cost: Cost
    orders: int
    usual_minor: int


def order_amounts(conn: Connection, shop: Shop, said_minor: int | None = None) -> tuple[list[int], int]:
    """What orders come to, in minor units, and by how many real ones that is known: the shop's newest, or three that
    stand for what staff say is usual, or for what is in its currency. What staff say goes before what is known."""
    known = typical_order.newest_amounts(conn, shop.id, shop.currency)
    if len(known) >= ENOUGH and said_minor in (None, _middle(known)):
        return known, len(known)
    usual = said_minor or usual_order(shop.currency)
    return [usual // 2, usual, usual * 2], 0


def _middle(amounts: list[int]) -> int:
    return sorted(amounts)[len(amounts) // 2]


def recommend(
    conn: Connection, shop: Shop, programme: Programme, answers: Answers, now: datetime, said_minor: int | None = None
) -> Start:
    """What these answers recommend in place of the programme; `said_minor`: what staff say an order usually comes to.

    Writes nothing.
    """
    amounts, orders = order_amounts(conn, shop, said_minor)
    usual = _middle(amounts)
    made = recommended(programme, answers, shop.currency, usual)
    return Start(made, cost_of(made, shop.currency, amounts, now), orders, usual)


def usual(conn: Connection, shop: Shop) -> int:
    """What an order usually comes to as far as we know, in minor units: the answer that the form begins with."""
    return _middle(order_amounts(conn, shop)[0])


def cost_now(conn: Connection, shop: Shop, programme: Programme, now: datetime) -> Cost:
    """What a programme as it stands costs this shop."""
    amounts, _ = order_amounts(conn, shop)
    return cost_of(programme, shop.currency, amounts, now)


def begin_with(
    conn: Connection, shop_id: int, answers: Answers, edit: Edit, said_minor: int | None = None, *, sure: bool = False
) -> int:
    """Store what they recommend as the next version, and answer its number; that of the newest one if it is just that.

    BadInput: somebody saved another one meanwhile; or it takes away what the shop has, and nobody is `sure` of it.
    """
    shop = shops.get(conn, shop_id, lock=True)
    newest = programmes.versions(conn, shop_id)[-1]
    wanted = recommend(conn, shop, newest.programme, answers, edit.now, said_minor).programme
    if programmes.same_rules(wanted, newest.programme):
        return newest.number
    editing = publish_programme.begin(conn, shop_id, edit.based_on, edit.now)
    start = recommend(conn, editing.shop, editing.base.programme, answers, edit.now, said_minor)
    if not sure and taken_away(editing.base.programme, start.programme):
        raise BadInput(NOT_RIGHT, {"sure": Said("home.start.not_sure")})
    return publish_programme.publish(conn, editing, start.programme, edit)
