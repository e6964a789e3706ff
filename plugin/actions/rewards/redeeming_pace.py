"""How often a member redeems by themselves: each redemption makes a code in the shop, and undoing it unmakes one.

What a cart did not take and was given back does not count, for its member has nothing of it. That a cart did not take
it is what the surface says, and nobody can look: so no more than so many an hour are believed, and of one member no
more codes are made and unmade than both together allow. Whoever undoes for another reason has used up a turn.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from plugin.rules.names import turns
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops import paces

REDEMPTIONS_AN_HOUR: Final = 10
REFUSALS_AN_HOUR: Final = 10
NOT_TAKEN: Final = "not_taken"


def take(conn: Connection, shop_id: int, member_id: int, now: datetime) -> bool:
    """Count a redemption; False where there were too many within the hour."""
    return paces.take(conn, shop_id, [(str(turns.Redeeming(member_id)), REDEMPTIONS_AN_HOUR)], now)


def give_back(conn: Connection, shop_id: int, made: Redemption, why: str, actor: str, now: datetime) -> None:
    """Count one less where a cart of the member's own did not take what they redeemed within the hour. Call it once for
    each redemption."""
    if why != NOT_TAKEN or actor != "shopper" or made.created_at <= now - paces.WINDOW:
        return
    if paces.take(conn, shop_id, [(str(turns.Refused(made.member_id)), REFUSALS_AN_HOUR)], now):
        paces.give_back(conn, shop_id, str(turns.Redeeming(made.member_id)))
