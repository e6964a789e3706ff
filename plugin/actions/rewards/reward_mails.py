"""What the mail about something that staff fulfil says, as of when it is sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.mail_heads import account, head
from plugin.rules import subjects
from plugin.rules.rewards.reward_mails import RewardDoneContext
from plugin.store.members.members import Member
from plugin.store.rewards import fulfilments, redemptions
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes


def reward_done(conn: Connection, shop: Shop, member: Member, subject: str, now: datetime) -> RewardDoneContext | None:
    """The mail of one redemption (`redemption:ID`); None when it is neither done nor cancelled."""
    number = subjects.Redemption.parse(subject).redemption_id
    made = redemptions.get(conn, shop.id, number)
    todo = fulfilments.by_ids(conn, shop.id, [number]).get(number)
    if made is None or todo is None or todo.state == "open":
        return None
    cancelled = todo.state == "cancelled"
    return RewardDoneContext(
        **head(shop, member),
        points_name=programmes.current(conn, shop.id, now).programme.points_name,
        reward=made.title,
        told=todo.told,
        cancelled=cancelled,
        points_back=made.points if cancelled else 0,
        account_url=account(shop),
    )
