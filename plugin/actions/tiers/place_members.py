"""Put members into the tier in which they stand: change, bonus, warning, message and tag, written together.

No tier is lost without a recorded message: where time takes it, a warning named the day, and it is known what became
of that, or seven days have passed since; what a refund takes is taken back at once, and told in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

from sqlalchemy import Connection

from plugin.actions.members.reached import reached
from plugin.actions.members.tell_members import tell
from plugin.actions.points import write_points
from plugin.actions.record_event import record
from plugin.actions.tiers import tier_tags
from plugin.actions.tiers.note_tier_changes import note
from plugin.actions.tiers.tier_histories import Histories
from plugin.rules.events import Event, TierAtRisk
from plugin.rules.message_kinds import MessageKind
from plugin.rules.reach import Surface
from plugin.rules.subjects import Order, Tier, TierBonus, TierNews
from plugin.rules.tiers import placing as rules
from plugin.rules.tiers import tier_warnings
from plugin.rules.tiers.placing import Standing
from plugin.rules.tiers.tier_rules import Tiers
from plugin.rules.tiers.tier_warnings import Warned
from plugin.rules.tiers.tier_warnings import standing as told_first
from plugin.store.members.members import Member
from plugin.store.points.ledger import Entry, Ledger
from plugin.store.shops.shops import Shop
from plugin.store.tiers import tiers as store
from plugin.store.tiers.tiers import TierChange, TierState
from plugin.store.versions.programmes import Version
from plugin.store.work import jobs, messages
from plugin.store.work.job_kinds import JobKind

BONUS, BONUS_BACK = "tier_bonus", "tier_bonus_back"
TAG = "suki-tier:"


@dataclass(frozen=True, slots=True)
class Placed:
    """One member after looking: the state to keep, what changed and why, and which warning is due."""

    member: Member
    before: TierState
    state: TierState
    found: Standing
    because: str = ""
    warning: int | None = None

    @property
    def changed(self) -> bool:
        """Whether the member stands in another tier than before."""
        return self.state.held.tier != self.before.held.tier


def place(
    conn: Connection,
    shop: Shop,
    version: Version,
    people: Mapping[int, Member],
    known: Histories,
    now: datetime,
    because: str = "order",
    quiet: Collection[int] = (),
    by_order: Mapping[int, int] | None = None,
) -> list[Placed]:
    """Look at these members, locked by the caller, and write down everything that follows.

    Those in `quiet` are not congratulated: what lifted them is from long ago. `by_order`: whose order it was.
    """
    today = shop.day(now)
    tiers = version.programme.tiers
    tagged = tier_tags.ranks(conn, shop, tiers, people, {key: known.state(key).held.tier for key in people}, now)
    placed = []
    for member_id in sorted(people):
        before, rank = known.state(member_id), tagged.get(member_id, -1)
        refund = because == "order" and member_id in known.fell and not _ends_anyway(before, today)
        warned = before.warned(shop.zone)
        done = known.done(member_id, tiers)
        stand = rules.standing if refund else partial(told_first, warned=warned)
        found = stand(done, tiers, shop.currency, today, before.held, rank)
        by_time = because == "order" and found.change == "lowered"
        why = "refund" if refund else before.look_why or ("time" if by_time else because)
        placed.append(_placed(people[member_id], before, found, warned, tiers, today, why))
    placed = _tell(conn, shop, version, placed, today, now, by_order or {})
    store.save(conn, shop.id, [one.state for one in placed if one.state != one.before])
    note(conn, shop.id, tiers, [_change(one, version, now) for one in placed if one.changed], now, quiet, by_order)
    record(conn, shop.id, _at_risk(placed), now)
    _give_bonuses(conn, shop, version, placed, today, now)
    _show(conn, shop, tiers, placed, now)
    return placed


def _ends_anyway(before: TierState, today: date) -> bool:
    """Whether time takes the tier, so that a refund meanwhile changes nothing about the warning."""
    return before.kept_until is not None or (before.lost_on is not None and before.lost_on <= today)


def _placed(
    member: Member, before: TierState, found: Standing, warned: Warned, tiers: Tiers, today: date, because: str
) -> Placed:
    look = tier_warnings.after(found, warned, today)
    warning, told, same = look.warning, look.told, look.same
    state = TierState(
        member_id=member.id,
        held=found.held,
        lost_on=found.lost_on,
        look_on=tier_warnings.next_look(found, tiers, today, told),
        warned_days=told,
        warned_on=today if warning else before.warned_on if same else None,
        tagged=before.tagged,
        warned_for=found.lost_on if warning else before.warned_for if same else None,
        warned_by=before.warned_by if same and not warning else None,
        kept_until=found.kept_until,
    )
    return Placed(member, before, state, found, because, 0 if found.change == "lowered" else warning)


def _at_risk(placed: Sequence[Placed]) -> list[Event]:
    """Who is warned now that the tier ends."""
    return [
        Event(
            TierAtRisk(one.state.held.tier, one.state.lost_on, one.warning),
            str(Tier(one.state.held.tier)),
            one.member.id,
        )
        for one in placed
        if one.warning and one.state.lost_on and not one.changed
    ]


def _change(one: Placed, version: Version, now: datetime) -> TierChange:
    reasons = [[reason.code, dict(reason.values)] for reason in one.found.reasons]
    return TierChange(
        one.member.id, now, one.before.held.tier, one.state.held.tier, one.because, "suki", version.number, reasons
    )


def _give_bonuses(
    conn: Connection, shop: Shop, version: Version, placed: Sequence[Placed], today: date, now: datetime
) -> None:
    """The bonus of every tier passed, once per member, tier and cycle; a refund takes it back."""
    tiers = version.programme.tiers
    earning = reached(shop, (one.member for one in placed), Surface.SETTLING)
    wanted = {
        (one.member.id, bonus_subject(tiers, key, today)): (points, one)
        for one in placed
        if one.changed and one.because in ("order", "refund") and one.member.id in earning
        for key, points in _passed(tiers, one).items()
    }
    if not wanted:
        return
    given = store.bonuses(conn, shop.id, (m for m, _ in wanted), (s for _, s in wanted))
    batch = []
    for (member_id, subject), (points, one) in wanted.items():
        have, line = given.get((member_id, subject), (0, 0))
        if points != have and (points > 0) != (have > 0):
            batch.append(_bonus_entry(one, tiers, subject, points - have, line + 1, version, now))
    accounts = Ledger(conn, shop.id, {entry.member_id for entry in batch})
    accounts.post(batch, now)
    write_points.write(accounts, now)


def _passed(tiers: Tiers, one: Placed) -> dict[str, int]:
    """What each tier between the two is to have given: its bonus on the way up, nothing after a refund."""
    was, now_at = tiers.rank(one.before.held.tier), tiers.rank(one.state.held.tier)
    if now_at > was:
        return {tier.key: tier.bonus for tier in tiers.levels[was + 1 : now_at + 1] if tier.bonus}
    return {tier.key: 0 for tier in tiers.levels[now_at + 1 : was + 1]} if one.because == "refund" else {}


def bonus_subject(tiers: Tiers, key: str, today: date) -> str:
    """How the ledger names a tier's bonus: once for ever, or once a calendar year."""
    return str(TierBonus(key, "once" if tiers.window == "lifetime" else str(today.year)))


def _bonus_entry(
    one: Placed, tiers: Tiers, subject: str, points: int, line: int, version: Version, now: datetime
) -> Entry:
    key = TierBonus.parse(subject).tier
    tier = tiers.named(key)
    values = {"tier": tier.name if tier else key, "points": abs(points)}
    return Entry(
        member_id=one.member.id,
        kind=BONUS if points > 0 else BONUS_BACK,
        points=points,
        subject=subject,
        line=line,
        effective_at=now,
        actor="suki",
        programme_version=version.number,
        reason={"reasons": [["tier_bonus" if points > 0 else "tier_bonus_back", values]], **values},
    )


def _tell(
    conn: Connection,
    shop: Shop,
    version: Version,
    placed: Sequence[Placed],
    today: date,
    now: datetime,
    by_order: Mapping[int, int],
) -> list[Placed]:
    """Nobody loses a tier without a message that is written down with the loss; a tier reached is told by its event.
    Answers the same, each warning with the number of its message."""
    about = {one.member.id: news for one in placed if (news := _loss(one, version.programme.tiers, today))}
    rows = [
        {"member_id": key, "kind": _kind(news), "subject": str(news), "cause": _cause(news, by_order.get(key))}
        for key, news in about.items()
    ]
    tell(conn, shop, version.programme, rows, now)
    warnings = {str(news): key for key, news in about.items() if news.days_before}
    made = messages.numbers(conn, shop.id, MessageKind.TIER_ENDING, warnings) if warnings else {}
    numbers = {warnings[subject]: number for subject, number in made.items()}
    return [
        replace(one, state=replace(one.state, warned_by=numbers.get(one.member.id)))
        if one.member.id in numbers
        else one
        for one in placed
    ]


def _cause(news: TierNews, order_id: int | None) -> str:
    """The order whose refund took the tier; no order brings about a warning."""
    return str(Order(order_id)) if order_id is not None and not news.days_before else ""


def _kind(news: TierNews) -> MessageKind:
    return MessageKind.TIER_ENDING if news.days_before else MessageKind.TIER_LOST


def _loss(one: Placed, tiers: Tiers, today: date) -> TierNews | None:
    """What a message of a loss, or of one to come, is about: member, tier, day, and days before."""
    new, old = one.state.held.tier, one.before.held.tier
    if one.changed and tiers.rank(new) > tiers.rank(old):
        return None
    if one.changed and old:
        return TierNews(one.member.id, old, today, 0)
    if one.warning and one.state.lost_on:
        return TierNews(one.member.id, new, one.state.lost_on, one.warning)
    return None


def _show(conn: Connection, shop: Shop, tiers: Tiers, placed: Sequence[Placed], now: datetime) -> None:
    """Metafields and tags of customers follow."""
    people = [one.member for one in placed]
    shown, tagged = reached(shop, people, Surface.METAFIELD), reached(shop, people, Surface.TAG)
    changed = [one.member.id for one in placed if one.changed and one.member.id in shown]
    jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, changed, now)
    stale = [
        one.member.id
        for one in placed
        if one.member.id in tagged and tag_of(tiers, one.state.held.tier) != one.state.tagged
    ]
    jobs.queue(conn, shop.id, JobKind.TIER_TAG, stale, now)


def tag_of(tiers: Tiers, key: str) -> str:
    """The tag that customers of this tier carry in Shopify; empty for none."""
    tier = tiers.named(key)
    return TAG + tier.name if tier else ""
