"""What decides about rewards for one member, gathered once for as many rewards as a page shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.actions.programme.needed_scopes import not_allowed
from plugin.rules.rewards.kinds import Reward
from plugin.rules.rewards.own_rewards import PartnerCode
from plugin.rules.rewards.redemption import Standing, period_began
from plugin.store.codes import partner_codes
from plugin.store.members.members import Member
from plugin.store.orders import orders
from plugin.store.points import balances
from plugin.store.rewards import reward_uses
from plugin.store.shops.shops import Shop
from plugin.store.tiers import tiers as tiers_store
from plugin.store.versions.programmes import Version


def standings(
    conn: Connection,
    shop: Shop,
    member: Member,
    version: Version,
    rewards: Sequence[Reward],
    now: datetime,
    channel: str = "",
) -> dict[str, Standing]:
    """What the rules have to know of the member for each of these rewards, by its id. One query for each fact,
    however many rewards there are; none for a fact that no reward asks for."""
    has = balances.of_one(conn, shop.id, member, now)
    today = now.astimezone(ZoneInfo(shop.timezone))
    began = {one.id: period_began(one.per_member_every, today) for one in rewards}
    used = reward_uses.counts_of_member(conn, shop.id, member.id, began)
    limited = [one.id for one in rewards if one.in_total is not None]
    in_total = reward_uses.counts(conn, shop.id, limited) if limited else {}
    pools = [one.id for one in rewards if isinstance(one, PartnerCode)]
    codes = partner_codes.left(conn, shop.id, pools) if pools else {}
    tier = tier_of(conn, shop.id, member.id) if any(one.tiers or one.prices for one in rewards) else ""
    currency = orders.paid_in(conn, shop.id, member.id) if any(one.currency_prices for one in rewards) else ""
    levels = version.programme.tiers.levels
    tier_names = {level.key: level.name for level in levels if not (channel and level.hidden)}
    return {
        one.id: Standing(
            available=has.available,
            pending=has.pending,
            used=used.get(one.id, 0),
            used_in_total=in_total.get(one.id, 0),
            has_account=member.customer_id is not None,
            tier=tier if one.tiers or one.prices else "",
            channel=channel,
            codes_left=codes.get(one.id, 0) if one.id in pools else None,
            tier_names=tier_names,
            forbidden=bool(not_allowed(shop, one.kind)),
            currency=currency if one.currency_prices else "",
        )
        for one in rewards
    }


def tier_of(conn: Connection, shop_id: int, member_id: int) -> str:
    """The key of the tier in which the member stands; empty for none."""
    state = tiers_store.states(conn, shop_id, [member_id]).get(member_id)
    return state.held.tier if state else ""
