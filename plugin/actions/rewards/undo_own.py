"""Take back what needs nothing from Shopify: a donation that is not paid out, something that staff have not done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.rules.rewards import own_rewards
from plugin.rules.types import Reason
from plugin.store.rewards import donations, fulfilments, own_redemptions
from plugin.store.rewards.redemptions import Redemption

SHOPPER = "shopper"


def refusal(conn: Connection, shop_id: int, made: Redemption, actor: str, now: datetime) -> Reason | None:
    """Why this actor cannot take it back now; nothing when they can."""
    paid_out = made.kind == "donation" and donations.paid_out(conn, shop_id, made.id)
    by_staff = actor != SHOPPER
    return own_rewards.undo_refusal(
        made.terms, made.state, made.created_at, now, by_staff=by_staff, paid_out=paid_out
    )  # fmt: skip


def take_back(conn: Connection, shop_id: int, made: Redemption, why: str, actor: str, now: datetime) -> None:
    """End it; the points are the caller's to settle."""
    own_redemptions.release(conn, shop_id, made.id, why, actor, now)
    if made.kind == "custom":
        fulfilments.end(conn, shop_id, made.id, "cancelled", actor, now)
