"""Give an advocate what a referral deserves, or take it back: points, or a code of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions.gifts.give_reward import give_reward
from plugin.actions.points import write_points
from plugin.actions.referrals.referral_evidence import Facts
from plugin.rules import subjects
from plugin.rules.referrals.judging import Verdict
from plugin.rules.referrals.referral_rules import ADVOCATES_REWARD
from plugin.rules.types import Reason
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.rewards import redemptions, reward_uses
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

THANKS_NAME = "A thank-you for a referral"


def give_or_take_back(conn: Connection, shop: Shop, facts: Facts, verdict: Verdict, now: datetime) -> dict[str, Any]:
    """Post or give the difference; answers what the referral's row must say of it."""
    if facts.rules.advocate.kind == "code":
        return _code(conn, shop, facts, verdict, now)
    return _points(conn, shop, facts, verdict, now)


def _points(conn: Connection, shop: Shop, facts: Facts, verdict: Verdict, now: datetime) -> dict[str, Any]:
    found = facts.referral
    target = facts.rules.advocate.points if verdict.pays else 0
    change = target - found.posted
    if not change:
        return {}
    accounts = Ledger(conn, shop.id, [facts.advocate.id])
    owed = accounts.debt(facts.advocate.id)
    accounts.post([_entry(facts, verdict, change, now)], now)
    forgiven = _forgive(accounts, facts, change, owed, now)
    write_points.write(accounts, now)
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, [facts.advocate.id], now)
    return {"posted": target, "line": found.line + 1, "forgiven": forgiven}


def _entry(facts: Facts, verdict: Verdict, change: int, now: datetime) -> Entry:
    why = verdict.why or Reason("referral")
    return Entry(
        member_id=facts.advocate.id,
        kind="referral" if change > 0 else "referral_back",
        points=change,
        subject=str(subjects.Referral(facts.referral.id)),
        line=facts.referral.line + 1,
        effective_at=now,
        actor="suki",
        programme_version=facts.version.number,
        reason={"reasons": [[why.code, {**why.values, "points": abs(change)}]]},
    )


def _forgive(accounts: Ledger, facts: Facts, change: int, owed: int, now: datetime) -> int:
    """Where balances are clamped at zero: what could not be taken is forgiven, and set off when it is paid again."""
    found, advocate = facts.referral, facts.advocate.id
    clamps = facts.version.programme.below_zero == "clamp"
    more = (accounts.debt(advocate) - owed if clamps else 0) if change < 0 else -min(found.forgiven, change)
    if more:
        kind, subject = "forgiven" if more > 0 else "set_off", subjects.forgiven(subjects.Referral(found.id))
        accounts.post([Entry(advocate, kind, more, subject, found.line + 1, now, "suki", facts.version.number)], now)
    return found.forgiven + more


def _code(conn: Connection, shop: Shop, facts: Facts, verdict: Verdict, now: datetime) -> dict[str, Any]:
    """A code is given once; one that was taken back unused is given anew. What was used stays used."""
    found = facts.referral
    gift = redemptions.get(conn, shop.id, found.gift_id, lock=True) if found.gift_id else None
    good = gift is not None and (gift.state == "captured" or gift.code_state in ("wanted", "created"))
    if verdict.pays and not good:
        number = found.gifts + 1
        subject = str(subjects.Referral(found.id, number if number > 1 else None))
        reward = facts.rules.advocate.code.as_reward(ADVOCATES_REWARD, THANKS_NAME, facts.rules.minimum_order * 0)
        given = give_reward(conn, shop, facts.advocate.id, reward, subject, Reason("referral"), "suki", now)
        return {"gift_id": given.id, "gifts": number}
    if not verdict.pays and gift is not None and good and gift.state == "reserved":
        reward_uses.want_back(conn, shop.id, gift.id, "referral_lost", "suki")
        jobs.queue(conn, shop.id, JobKind.CODE, [gift.id], now)
    return {}
