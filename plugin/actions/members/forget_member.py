"""Forget one member: whatever says who they were goes, what was earned and spent stays as numbers."""

from __future__ import annotations

from sqlalchemy import Connection

from plugin.store import activities, activity_pages, corrections, erasure, members, profiles, referrals, tiers
from plugin.store.rewards import credits, fulfilments, redemptions


def forget(conn: Connection, shop_id: int, member_id: int) -> None:
    """Take the person out of every row that is about the member. Nobody finds them by a name afterwards."""
    erasure.scrub_orders(conn, shop_id, member_id)
    tiers.forget(conn, shop_id, member_id)
    fulfilments.forget(conn, shop_id, member_id)
    corrections.forget(conn, shop_id, member_id)
    credits.forget(conn, shop_id, member_id)
    redemptions.forget_secrets(conn, shop_id, member_id)
    activities.forget(conn, shop_id, member_id)
    profiles.forget(conn, shop_id, member_id)
    activity_pages.forget(conn, shop_id, member_id)
    referrals.forget(conn, shop_id, member_id)
    members.erase(conn, shop_id, member_id)
