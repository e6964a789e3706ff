"""Points that become a reward by themselves once a member has enough of them, as a full stamp card does."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from plugin.actions.rewards.redeem_points import redeem
from plugin.actions.work.work import Work
from plugin.errors import Denied, NotFound
from plugin.rules.programme import Programme
from plugin.rules.rewards.kinds import Reward
from plugin.store.database.db import shop_transaction
from plugin.store.rewards import turned_points
from plugin.store.rewards.turned_points import Turned
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

ACTOR: Final = "suki"
SOON: Final = timedelta(minutes=1)
"""How long the look waits for what else an order brings."""
MOST_AT_ONCE: Final = 50
"""So many times for one member in one look; the next look goes on."""


def by_themselves(programme: Programme) -> list[Reward]:
    """The rewards that points become by themselves, in the order of the programme."""
    return [reward for reward in programme.rewards if reward.active and reward.by_itself]


def look(conn: Connection, shop: Shop, programme: Programme, at: datetime) -> None:
    """Have it looked at, where the programme has such a reward."""
    if by_themselves(programme):
        jobs.queue(conn, shop.id, JobKind.TURN_POINTS, ["due"], at)


def queue_hourly(conn: Connection, shop: Shop, now: datetime) -> None:
    """Look for what nothing else led to: pending points that became available, a pause that is over, a new period."""
    if any(by_themselves(version.programme) for version in programmes.versions(conn, shop.id)):
        jobs.queue(conn, shop.id, JobKind.TURN_POINTS, ["due"], now)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Turn the points of everybody who has enough, each member in a transaction; done twice, it finds nothing more."""
    with shop_transaction(work.engine, shop.id) as conn:
        programme = programmes.at(programmes.versions(conn, shop.id), work.clock()).programme
    for reward in by_themselves(programme):
        after = 0
        while found := _page(work, shop, reward, after):
            after = found[-1][0]
            for member_id, before in found:
                if not before.given_back:
                    _turn(work, shop, reward, member_id, before.times)


def _page(work: Work, shop: Shop, reward: Reward, after: int) -> list[tuple[int, Turned]]:
    least = min([reward.points, *reward.prices.values(), *reward.currency_prices.values()])
    with shop_transaction(work.engine, shop.id) as conn:
        ids = turned_points.with_enough(conn, shop.id, least, after)
        before = turned_points.turned(conn, shop.id, reward.id, _key(reward), ids)
    return [(each, before.get(each, Turned())) for each in ids]


def _turn(work: Work, shop: Shop, reward: Reward, member_id: int, times: int) -> None:
    """As often as it goes: whether they may have it, and how often, is what a redemption asks anyway."""
    for number in range(times + 1, times + 1 + MOST_AT_ONCE):
        try:
            with shop_transaction(work.engine, shop.id) as conn:
                redeem(conn, shop, member_id, reward.id, None, f"{_key(reward)}{number}", ACTOR, work.clock())
        except (Denied, NotFound):
            return


def _key(reward: Reward) -> str:
    return f"by-itself.{reward.id}."
