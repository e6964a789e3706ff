"""Milestones follow members' orders: given when they are reached, taken back when they no longer are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from plugin.actions.gifts import hand_out
from plugin.actions.gifts.hand_out import Due
from plugin.rules.gifts import milestones
from plugin.rules.gifts.automatic_rules import Giving, Milestone
from plugin.rules.gifts.milestones import Placed
from plugin.rules.money import minor_digits
from plugin.rules.types import Reason
from plugin.store.gifts import gift_occasions, gifts
from plugin.store.gifts.gifts import Gift
from plugin.store.members import members
from plugin.store.orders import orders
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

BATCH = 500
ONCE = "once"
SOON = timedelta(minutes=2)
"""How long the look at other rules waits for more orders."""


def concern(versions: Sequence[Version]) -> bool:
    """Whether any version gives something for orders; without, nothing here is asked of the database."""
    return any(version.programme.milestones or version.programme.automatic for version in versions)


def give_or_take_back(
    conn: Connection, shop: Shop, people: Iterable[int], versions: Sequence[Version], now: datetime
) -> None:
    """Bring what these members have of milestones to what their stored orders deserve. They are locked already."""
    ids = sorted(set(people))
    if not ids or not concern(versions):
        return
    version = programmes.at(versions, now)
    if any(rule.trigger in ("tier", "frequent") for rule in version.programme.automatic if rule.active):
        jobs.queue(conn, shop.id, JobKind.AUTOMATIC, ["due"], now + SOON)
    given = [one for one in gifts.of_members(conn, shop.id, ids) if one.rule.startswith("m")]
    rules = [rule for rule in version.programme.milestones if rule.active]
    if not rules and not given:
        return
    placed = _placed(conn, shop.id, ids)
    _judge_given(conn, shop, version, given, placed, now)
    have = {(one.member_id, one.rule) for one in given}
    for rule in rules:
        due = [_due(conn, shop, version, rule, key, placed) for key in ids if (key, rule.id) not in have]
        hand_out.hand_out(conn, shop, version, rule, [one for one in due if one], now)


def _placed(conn: Connection, shop_id: int, ids: Sequence[int]) -> Mapping[int, list[Placed]]:
    found = gift_occasions.placed(conn, shop_id, ids)
    return {key: found.get(key, []) for key in ids}


def _due(
    conn: Connection, shop: Shop, version: Version, rule: Milestone, member_id: int,
    placed: Mapping[int, list[Placed]],
) -> Due | None:  # fmt: skip
    by = milestones.reached(placed[member_id], rule, minor_digits(shop.currency))
    if by is None:
        return None
    usable = by.at + timedelta(days=version.programme.earning.pending_days)
    return Due(member_id, ONCE, by.at, _why(conn, shop, rule, by), usable, by.order_id)


def _why(conn: Connection, shop: Shop, rule: Milestone, by: Placed) -> Reason:
    order = orders.get(conn, shop.id, by.order_id)
    name = order.view.name if order and order.view else str(by.order_id)
    if rule.metric == "orders":
        return Reason("milestone_orders", {"name": rule.name, "count": int(rule.at), "order": name})
    minor = int(rule.at.scaleb(minor_digits(shop.currency)))
    values = {"name": rule.name, "amount_minor": minor, "currency": shop.currency, "order": name}
    return Reason("milestone_spend", values)


def _judge_given(
    conn: Connection, shop: Shop, version: Version, given: Sequence[Gift], placed: Mapping[int, list[Placed]],
    now: datetime,
) -> None:  # fmt: skip
    """What was given stands or falls by the rule as it was then, never by today's."""
    lost, again = [], []
    for one in given:
        rule = rule_of(one)
        by = milestones.reached(placed[one.member_id], rule, minor_digits(shop.currency))
        if one.state == "given" and by is None:
            lost.append((one, Reason("milestone_lost", {"name": rule.name})))
        elif one.state == "back" and by is not None:
            again.append((rule, one, by.order_id))
    hand_out.take_back(conn, shop, version, lost, now)
    for rule, one, order in again:
        hand_out.give_again(conn, shop, version, rule, one, now, order)


def rule_of(one: Gift) -> Milestone:
    """The milestone as it was when it was given."""
    return Milestone.model_validate(one.terms)


def catch_up(conn: Connection, shop: Shop, rule: Milestone, now: datetime) -> int:
    """Give a milestone to a batch of those whose orders reached it before it was there; answers how many."""
    mark = int(rule.at) if rule.metric == "orders" else int(rule.at.scaleb(minor_digits(shop.currency)))
    gifts.alone(conn, shop.id)
    version = programmes.at(programmes.versions(conn, shop.id), now)
    ids = gift_occasions.past_milestones(conn, shop.id, rule, mark, BATCH)
    members.by_ids(conn, shop.id, ids, lock=True)
    placed = _placed(conn, shop.id, ids)
    due = [_due(conn, shop, version, rule, key, placed) for key in ids]
    return len(hand_out.hand_out(conn, shop, version, rule, [one for one in due if one], now))


def merged(conn: Connection, shop: Shop, *, kept: int, removed: int, now: datetime) -> None:
    """One person gets what a rule gives for an occasion once: where both did, the later one is taken back, in whichever
    order several become one. Both are locked."""
    both = gifts.of_members(conn, shop.id, [kept, removed])
    if not both:
        return
    first: dict[tuple[str, str], Gift] = {}
    twice = []
    for one in both:  # in the order in which they were given
        if one.state == "given" and first.setdefault((one.rule, one.occasion), one) is not one:
            twice.append((one, _twice(one)))
    version = programmes.at(programmes.versions(conn, shop.id), now)
    hand_out.take_back(conn, shop, version, twice, now)
    gifts.move(conn, shop.id, removed, kept)


def _twice(one: Gift) -> Reason:
    code = "milestone_twice" if one.rule.startswith("m") else "automatic_twice"
    return Reason(code, {"name": str(one.terms.get("name", ""))})


def gives_something(rule: Giving, version: Version) -> bool:
    """Whether the rule can be carried out today."""
    return rule.active and hand_out.can_give(rule, version)
