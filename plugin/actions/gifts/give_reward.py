"""A reward is given for nothing: a redemption without points, once for what it is given for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members.reached import reached
from plugin.actions.record_event import record
from plugin.actions.rewards.begin_redemptions import begin
from plugin.actions.rewards.redeem_points import reservation
from plugin.actions.rewards.use_rewards import used_at_once
from plugin.errors import NotFound
from plugin.rules import subjects
from plugin.rules.events import Event, RewardGiven
from plugin.rules.reach import Surface
from plugin.rules.rewards.kinds import Reward
from plugin.rules.types import Reason
from plugin.store.database.bulk import next_ids
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.rewards import redemptions
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.shops import Shop
from plugin.store.tables import redemptions as redemptions_table


@dataclass(frozen=True, slots=True)
class ToGive:
    """One reward for one member. `subject` is what it is given for: a reward and a subject meet once in a shop.

    `points`: on a slider, how many its worth stands for; its least where nothing is said.
    """

    member_id: int
    reward: Reward
    subject: str
    why: Reason
    points: int | None = None


def give_reward(
    conn: Connection, shop: Shop, member_id: int, reward: Reward, subject: str, why: Reason, actor: str, now: datetime
) -> Redemption:
    """Give the reward and answer the redemption; asked twice, it answers the same one.

    What a reward asks of buyers (price, limits, dates) does not bind the one who gives.
    NotFound: no such member here. Locks the member: give to several by `give_all`.
    """
    found = give_all(conn, shop, [ToGive(member_id, reward, subject, why)], actor, now)
    if not found:
        raise NotFound("We couldn't find that member.")
    return found[0]


def give_all(conn: Connection, shop: Shop, gifts: Sequence[ToGive], actor: str, now: datetime) -> list[Redemption]:
    """Give each gift once; answers the redemptions, also those there were, without members who are gone."""
    to = _receivers(conn, shop, gifts)
    due = [gift for gift in gifts if gift.member_id in to]
    there = _there(conn, shop.id, due)
    fresh = [gift for gift in due if (gift.reward.id, gift.subject) not in there]
    numbers = next_ids(conn, redemptions_table, len(fresh))
    rows = [
        _row(shop, to[gift.member_id], gift, number, actor, now) for gift, number in zip(fresh, numbers, strict=True)
    ]
    begin(conn, shop.id, rows, now)
    made = _there(conn, shop.id, fresh)
    given = [(gift, made[gift.reward.id, gift.subject]) for gift in fresh]
    record(conn, shop.id, [_event(gift, one) for gift, one in given if one.state != "released"], now)
    used_at_once(conn, shop.id, made.values(), now)
    there |= made
    return [there[gift.reward.id, gift.subject] for gift in due]


def _event(gift: ToGive, made: Redemption) -> Event:
    return Event(RewardGiven(made.id, made.reward, gift.why.code), str(subjects.Redemption(made.id)), made.member_id)


def _there(conn: Connection, shop_id: int, gifts: Sequence[ToGive]) -> dict[tuple[str, str], Redemption]:
    """The redemptions of these gifts that exist, by reward and subject."""
    found: dict[tuple[str, str], Redemption] = {}
    for reward in {gift.reward.id for gift in gifts}:
        subjects = [gift.subject for gift in gifts if gift.reward.id == reward]
        rows = redemptions.by_subjects(conn, shop_id, reward, subjects)
        found |= {(reward, subject): row for subject, row in rows.items()}
    return found


def _receivers(conn: Connection, shop: Shop, gifts: Sequence[ToGive]) -> dict[int, Member]:
    """Who gets the gifts, locked: for a member who was merged, the one who was kept. Before the launch test members."""
    found = members.lock_kept(conn, shop.id, {gift.member_id for gift in gifts})
    there = reached(shop, found.values(), Surface.SETTLING)
    return {key: one for key, one in found.items() if one.id in there and one.state in ("member", "guest")}


def _row(shop: Shop, member: Member, gift: ToGive, number: int, actor: str, now: datetime) -> dict[str, object]:
    points = gift.points or gift.reward.points
    row = reservation(shop, member, gift.reward, points, number, gift.subject, now)
    given = {"why": [gift.why.code, dict(gift.why.values)], "by": actor}
    return row | {"points": 0, "terms": {**row["terms"], "given": given}}
