"""What a rule gives: points and a reward, once for each occasion, with a mail; and how it is taken back.

The row of the gift says what stands; entries and redemption follow it in the same transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.emails import tell_of_rewards
from plugin.actions.emails.news import Row, row
from plugin.actions.gifts import give_reward
from plugin.actions.members.reached import reached
from plugin.actions.members.tell_members import tell
from plugin.actions.points import write_points
from plugin.actions.rewards import redeem_points
from plugin.errors import Denied
from plugin.rules import subjects
from plugin.rules.gifts.automatic_rules import Frequent, Giving, Lapsed, Milestone, TierEntry
from plugin.rules.message_kinds import MessageKind
from plugin.rules.reach import Surface
from plugin.rules.rewards import kinds
from plugin.rules.types import Reason
from plugin.store.gifts import gifts
from plugin.store.gifts.gifts import Gift
from plugin.store.members import customer_facts, members
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.rewards import redemptions
from plugin.store.shops.shops import Shop
from plugin.store.tiers import tiers
from plugin.store.versions.programmes import Version
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

BY_ORDERS = Milestone, TierEntry, Frequent
"""Rules that follow orders, of which each says itself whether it was placed while earning was paused."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a member is to get now: the occasion, when it happened, why, from when points are usable, and the order that
    brought it about, where one did."""

    member_id: int
    occasion: str
    at: datetime
    why: Reason
    available_at: datetime | None = None
    order: int | None = None


def can_give(rule: Giving, version: Version) -> bool:
    """Whether there still is something that the rule gives: its points, where its reward is gone."""
    return rule.points > 0 or kinds.find(version.programme.rewards, rule.reward or "") is not None


def hand_out(
    conn: Connection, shop: Shop, version: Version, rule: Giving, due: Sequence[Due], now: datetime
) -> list[Gift]:
    """Give what is due to members whom it reaches, each occasion once; answers what was new.

    Locks the members in ascending order.
    """
    if not due or not can_give(rule, version):
        return []
    found = members.by_ids(conn, shop.id, {one.member_id for one in due}, lock=True)
    people = reached(shop, found.values(), Surface.SETTLING if isinstance(rule, BY_ORDERS) else Surface.EARNING)
    today = shop.day(now)
    rows = [
        {"shop_id": shop.id, "member_id": one.member_id, "rule": rule.id, "occasion": one.occasion, "at": one.at,
         "day": today, "terms": rule.model_dump(mode="json"), "why": [one.why.code, one.why.values], "changed_at": now}
        for one in due if one.member_id in people and people[one.member_id].state in ("member", "guest")
    ]  # fmt: skip
    made = gifts.add(conn, rows)
    _give(conn, shop, version, rule, made, {(one.member_id, one.occasion): one for one in due}, now)
    return made


def give_again(
    conn: Connection, shop: Shop, version: Version, rule: Giving, back: Gift, now: datetime, order: int | None
) -> int:
    """What was taken back is deserved again, by an order; answers how many are given now.

    A reward that is gone since then is left out; a gift that was nothing else stays taken back.
    """
    if not can_give(rule, version):
        return 0
    again = replace(back, state="given", round=back.round + 1, changed_at=now)
    due = Due(back.member_id, back.occasion, back.at, back.why, order=order)
    _give(conn, shop, version, rule, [again], {(back.member_id, back.occasion): due}, now)
    return 1


def _give(
    conn: Connection,
    shop: Shop,
    version: Version,
    rule: Giving,
    fresh: Sequence[Gift],
    due: Mapping[tuple[int, str], Due],
    now: datetime,
) -> None:
    if not fresh:
        return
    accounts = Ledger(conn, shop.id, {one.member_id for one in fresh})
    if rule.points:
        lines = _Lines(conn, shop.id, fresh)
        entries = [
            replace(entry, available_at=due[one.member_id, one.occasion].available_at)
            for one in fresh
            for entry in _credits(one, rule, lines, version, now)
        ]
        accounts.post(entries, now)
        write_points.write(accounts, now)
    gifts.save(conn, shop.id, [replace(one, points=rule.points, forgiven=0) for one in fresh])
    if reward := kinds.find(version.programme.rewards, rule.reward or ""):
        wanted = [give_reward.ToGive(one.member_id, reward, one.subject, one.why) for one in fresh]
        give_reward.give_all(conn, shop, wanted, "suki", now)
    if rule.mail:
        tell(conn, shop, version.programme, [_mail(one, due[one.member_id, one.occasion]) for one in fresh], now)
        tell_of_rewards.gifts_untold(conn, shop, fresh, now)
    if rule.mail and isinstance(rule, Lapsed):
        people = members.by_ids(conn, shop.id, {one.member_id for one in fresh}).values()
        customer_facts.want(conn, shop.id, (one.customer_id for one in people if one.customer_id is not None), now)
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, (one.member_id for one in fresh), now)


def _mail(one: Gift, due: Due) -> Row:
    cause = subjects.Order(due.order) if due.order is not None else None
    return row(MessageKind.REWARD_GIVEN, one.member_id, subjects.Gift(one.id, one.round), cause)


class _Lines:
    """The next free line of each member's subject."""

    def __init__(self, conn: Connection, shop_id: int, about: Iterable[Gift]) -> None:
        keys = [(one.member_id, one.entry_subject) for one in about]
        both = [each for _, subject in keys for each in (subject, subjects.forgiven(subject))]
        found = tiers.bonuses(conn, shop_id, (member for member, _ in keys), both)
        self._used = {key: line for key, (_, line) in found.items()}

    def next(self, member_id: int, subject: str) -> int:
        key = (member_id, subject)
        self._used[key] = self._used.get(key, 0) + 1
        return self._used[key]


def _credits(one: Gift, rule: Giving, lines: _Lines, version: Version, now: datetime) -> list[Entry]:
    """The points; what was forgiven when they were taken back is set off first."""
    given = _entry(one, rule.points, lines, version, now)
    if not one.forgiven:
        return [given]
    subject = subjects.forgiven(one.entry_subject)
    off = -min(one.forgiven, rule.points)
    line = lines.next(one.member_id, subject)
    return [given, replace(given, kind="set_off", points=off, subject=subject, line=line, reason={})]


def _entry(one: Gift, points: int, lines: _Lines, version: Version, now: datetime) -> Entry:
    values = {**one.why.values, "points": abs(points)}
    return Entry(
        member_id=one.member_id,
        kind=one.entry_kind if points > 0 else f"{one.entry_kind}_back",
        points=points,
        subject=one.entry_subject,
        line=lines.next(one.member_id, one.entry_subject),
        effective_at=now,
        actor="suki",
        programme_version=version.number,
        reason={"reasons": [[one.why.code, values]], "gift": one.terms.get("name", "")},
    )


def take_back(
    conn: Connection, shop: Shop, version: Version, lost: Sequence[tuple[Gift, Reason]], now: datetime
) -> None:
    """The points go back, and the reward if nobody used it; below zero, as the programme says."""
    if not lost:
        return
    accounts = Ledger(conn, shop.id, {one.member_id for one, _ in lost})
    lines = _Lines(conn, shop.id, [one for one, _ in lost])
    done = []
    for one, why in lost:
        told = replace(one, why=why)
        forgiven = _debit(accounts, told, lines, version, now) if one.points else 0
        done.append(replace(one, state="back", points=0, forgiven=forgiven, changed_at=now))
    write_points.write(accounts, now)
    gifts.save(conn, shop.id, done)
    _undo_rewards(conn, shop, lost, now)
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, (one.member_id for one, _ in lost), now)


def _debit(accounts: Ledger, one: Gift, lines: _Lines, version: Version, now: datetime) -> int:
    """Take the points; answers what of them was forgiven because the programme stops at zero."""
    owed = accounts.debt(one.member_id)
    entry = _entry(one, -one.points, lines, version, now)
    accounts.post([entry], now)
    missing = accounts.debt(one.member_id) - owed
    if not missing or version.programme.below_zero != "clamp":
        return 0
    subject = subjects.forgiven(one.entry_subject)
    line = lines.next(one.member_id, subject)
    accounts.post([replace(entry, kind="forgiven", points=missing, subject=subject, line=line, reason={})], now)
    return missing


def _undo_rewards(conn: Connection, shop: Shop, lost: Sequence[tuple[Gift, Reason]], now: datetime) -> None:
    for one, why in lost:
        reward = str(one.terms.get("reward") or "")
        if not reward:
            continue
        made = redemptions.by_subjects(conn, shop.id, reward, [one.subject]).get(one.subject)
        if made is not None and made.state == "reserved" and made.code_state not in ("unwanted", "disabled"):
            with suppress(Denied):  # what staff have begun to fulfil stays
                redeem_points.undo(conn, shop, made.id, why.code, "suki", now)
