"""Give one reward to many members for nothing, and take back what of it was not used."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.gifts.give_reward import ToGive, give_all
from plugin.actions.members.tell_members import tell
from plugin.rules import subjects
from plugin.rules.message_kinds import MessageKind
from plugin.rules.rewards import kinds
from plugin.rules.types import Reason
from plugin.store.members.bulk_acts import BulkAct, Outcome
from plugin.store.members.members import Member
from plugin.store.rewards import redemption_pages
from plugin.store.rewards.redemption_pages import Wanted
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

NO_REWARD, NOT_GIVEN = "reward_gone", "not_given"


def carry_out(conn: Connection, shop: Shop, act: BulkAct, people: Mapping[int, Member], now: datetime) -> list[Outcome]:
    """The members are locked. Guests get none: they have no account to use it with."""
    programme = programmes.current(conn, shop.id, now).programme
    reward = kinds.find(programme.rewards, str(act.terms["reward"]))
    if reward is None:
        return [Outcome(member_id, NO_REWARD) for member_id in people]
    why = Reason("given")
    gifts = [
        ToGive(member_id, reward, str(subjects.Asked(member_id, f"bulk-{act.id}")), why)
        for member_id, member in people.items()
        if member.state == "member"
    ]
    made = {one.member_id: one for one in give_all(conn, shop, gifts, act.actor, now)}
    untold = not act.terms["tell"]
    rows = [
        {"member_id": one.member_id, "kind": MessageKind.REWARD_READY,
         "subject": str(subjects.Redemption(one.id)), "untold": untold}
        for one in made.values()
    ]  # fmt: skip
    tell(conn, shop, programme, rows, now)
    return [
        Outcome(member_id, before=made[member_id].id) if member_id in made else Outcome(member_id, NOT_GIVEN)
        for member_id in people
    ]


def undo(
    conn: Connection, shop: Shop, act: BulkAct, people: Mapping[int, Member], before: Mapping[int, object],
    actor: str, now: datetime,
) -> int:  # fmt: skip
    """Ask for every unused one to be taken back; a code that was used stays used."""
    ids = [number for number in before.values() if isinstance(number, int)]
    chosen = redemption_pages.want_back(conn, shop.id, Wanted(), ids, actor) if ids else []
    jobs.queue(conn, shop.id, JobKind.CODE, chosen, now)
    return len(chosen)
