"""Bring a referral to what its facts say: its state, its advocate's reward, and who is told.

As with orders: what is deserved less what was given is given or taken. A job does it, one referral at a
time, whenever something about it may have changed; done twice, it changes nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.actions.members import forget_member
from plugin.actions.orders.judged_orders import Settled
from plugin.actions.record_event import record
from plugin.actions.referrals import referral_reward
from plugin.actions.referrals.claim_referral import LATE
from plugin.actions.referrals.referral_evidence import Facts, evidence, friends_order, waits_for_customer
from plugin.actions.referrals.tell_advocate import tell
from plugin.actions.work.work import Work
from plugin.rules import reach, subjects
from plugin.rules.events import Event, Payload, ReferralOrdered, ReferralPaid, ReferralRefused
from plugin.rules.reach import Surface
from plugin.rules.referrals import judging as rules
from plugin.rules.referrals.judging import Case, Verdict
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.orders import orders
from plugin.store.referrals import referrals
from plugin.store.referrals.referrals import Referral
from plugin.store.rewards import redemptions
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

_NO_ORDER_YET, _UNDER_WAY = ("claimed", "expired"), ("ordered", "held", "approved")
LOOK_AGAIN = timedelta(seconds=30)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Judge one referral again."""
    with shop_transaction(work.engine, shop.id) as conn:
        judge(conn, shop, job.number, work.clock())


def heard_orders(conn: Connection, shop: Shop, settled: Settled, now: datetime) -> None:
    """Orders of friends: their referrals are judged again, also for another order than the one with the code."""
    if not any(each.programme.referrals.enabled for each in settled.versions):
        return
    heard = [one.order for one in settled.reached]
    buyers = {order.member_id for order in heard if order.member_id is not None}
    with_codes = [order.order_id for order in heard if order.view is None or order.view.discount_codes]
    touched = set(referrals.by_orders(conn, shop.id, with_codes)) | set(referrals.of_buyers(conn, shop.id, buyers))
    jobs.queue(conn, shop.id, JobKind.REFERRAL, touched, now)


def judge(conn: Connection, shop: Shop, referral_id: int, now: datetime) -> None:
    """Look at everything that is known of the referral, and settle it."""
    facts = _facts(conn, shop, referral_id)
    if facts is None or not reach.ask(shop.launch, facts.advocate.person, Surface.SETTLING).reaches:
        return
    found = facts.referral
    signs, score = _suspicion(conn, shop, facts)
    case = Case(
        rules=facts.rules,
        at=now,
        order=friends_order(conn, shop, facts, now),
        code_over=_code_over(facts, now),
        score=score,
        decision=found.decision,
        were_paid=found.posted > 0 or found.gift_id is not None,
        advocate_left=facts.advocate.state == "left",
    )
    first = rules.verdict(case)
    over_cap = _over_cap(conn, shop, facts, case) if first.counts else ""
    verdict = rules.verdict(rules.capped(case, over_cap))
    paid = referral_reward.give_or_take_back(conn, shop, facts, verdict, now)
    _save(conn, shop, facts, case, verdict, {"signs": sorted(signs), "score": score, **paid}, now)
    tell(conn, shop, facts, verdict, now)
    if verdict.state == "expired" and referrals.is_only_a_friend(conn, shop.id, found.friend_id):
        forget_member.forget(conn, shop.id, found.friend_id, now)  # an address typed in, and used by nobody
    _look_again(conn, shop, facts, case, now)


def _facts(conn: Connection, shop: Shop, referral_id: int) -> Facts | None:
    """The referral with both people, its order and its rules; None when it or its advocate is gone.

    Locks the people, then the referral, as merging customers does.
    """
    seen = referrals.get(conn, shop.id, referral_id)
    people = members.lock_kept(conn, shop.id, [seen.member_id, seen.friend_id]) if seen else {}
    found = referrals.get(conn, shop.id, referral_id, lock=True)
    advocate = people.get(found.member_id) if found else None
    if found is None or advocate is None or advocate.state == "erased":
        return None
    code = redemptions.get(conn, shop.id, found.redemption_id) if found.redemption_id else None
    used_by = code.captured_by_order if code else None
    order = orders.get(conn, shop.id, used_by) if used_by else None
    version = programmes.versions(conn, shop.id)[found.version - 1]
    return Facts(found, advocate, people.get(found.friend_id), code, order, version)


def _suspicion(conn: Connection, shop: Shop, facts: Facts) -> tuple[frozenset[str], int]:
    """Signs add up while the referral is open; what was paid, decided or forgotten is not searched again."""
    found = facts.referral
    settled = found.posted > 0 or found.gift_id is not None or found.decision or not found.friend_key
    if settled or facts.order is None:
        return found.signs, found.score
    signs = found.signs | rules.signs(evidence(conn, shop, facts))
    return signs, rules.score(signs)


def _code_over(facts: Facts, now: datetime) -> bool:
    """Whether the friend's code can no longer be used."""
    code = facts.code
    if code is None or code.state == "released":
        return True
    return code.expires_at is not None and code.expires_at + LATE <= now


def _over_cap(conn: Connection, shop: Shop, facts: Facts, case: Case) -> str:
    """Which cap of the advocate the earlier referrals fill: those whose orders came first count first."""
    order, found = facts.order, facts.referral
    assert order is not None
    assert order.view is not None
    mine = (order.view.placed_at, found.id)
    others = [(at, number) for number, at in referrals.counting(conn, shop.id, facts.advocate.id) if number != found.id]
    earlier = [at for at, number in others if (at, number) < mine]
    zone = ZoneInfo(shop.timezone)
    month = [at for at in earlier if _month(at, zone) == _month(mine[0], zone)]
    if case.rules.in_total is not None and len(earlier) >= case.rules.in_total:
        return "total"
    return "month" if case.rules.per_month is not None and len(month) >= case.rules.per_month else ""


def _month(at: datetime, zone: ZoneInfo) -> tuple[int, int]:
    local = at.astimezone(zone)
    return local.year, local.month


def _save(
    conn: Connection, shop: Shop, facts: Facts, case: Case, verdict: Verdict, values: dict[str, Any], now: datetime
) -> None:
    found, view = facts.referral, facts.order.view if facts.order else None
    after = {
        "member_id": facts.advocate.id,
        "state": verdict.state,
        "why": referrals.as_json(verdict.why),
        "order_id": facts.order.order_id if facts.order else None,
        "ordered_at": view.placed_at if view else None,
        "due_at": case.order.due_at if case.order else None,
        "counts": verdict.counts,
        **values,
    }
    happened = [Event(each, str(subjects.Referral(found.id)), facts.advocate.id) for each in _news(facts, verdict)]
    record(conn, shop.id, happened, now)
    if any(_differs(found, name, value) for name, value in after.items()):
        referrals.change(conn, shop.id, found.id, after, now)
    if (found.counts, found.ordered_at) != (verdict.counts, after["ordered_at"]):
        others = [number for number, _ in referrals.counting(conn, shop.id, facts.advocate.id) if number != found.id]
        jobs.queue(conn, shop.id, JobKind.REFERRAL, others, now)


def _news(facts: Facts, verdict: Verdict) -> list[Payload]:
    """What a new state of the referral means: its order came, it was paid, or it does not count."""
    found, order = facts.referral, facts.order
    news: list[Payload] = []
    if verdict.state == found.state:
        return news
    if verdict.state in ("refused", "reversed"):
        news.append(ReferralRefused(found.id, found.friend_id, verdict.why.code if verdict.why else verdict.state))
    came = found.state in _NO_ORDER_YET if verdict.state == "paid" else verdict.state in _UNDER_WAY
    if order is not None and came and found.state not in _UNDER_WAY:
        news.append(ReferralOrdered(found.id, found.friend_id, order.order_id))
    if order is not None and verdict.pays:
        news.append(ReferralPaid(found.id, found.friend_id, order.order_id))
    return news


def _differs(found: Referral, name: str, value: object) -> bool:
    """Whether the value differs from what is stored."""
    stored: object = getattr(found, name)
    if name == "why":
        stored = referrals.as_json(found.why)
    return (sorted(found.signs) if name == "signs" else stored) != value


def _look_again(conn: Connection, shop: Shop, facts: Facts, case: Case, now: datetime) -> None:
    """The next moment at which time alone changes something."""
    times = []
    if case.order is not None:
        times.append(case.order.due_at)
        if waits_for_customer(conn, shop, facts, now):
            times.append(now + LOOK_AGAIN)
    elif facts.code is not None and facts.code.expires_at is not None:
        times.append(facts.code.expires_at + LATE)
    if later := [moment for moment in times if moment > now]:
        jobs.queue(conn, shop.id, JobKind.REFERRAL, [facts.referral.id], min(later))
