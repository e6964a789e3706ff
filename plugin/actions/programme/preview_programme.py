"""What saving a draft would change, on the newest stored orders and the members seen last. Writes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from plugin.actions.orders import order_knowledge
from plugin.actions.tiers import tier_tags
from plugin.actions.tiers.tier_histories import Histories
from plugin.rules.programme import Programme
from plugin.rules.tiers.placing import Done, Held
from plugin.rules.tiers.tier_rules import Tiers
from plugin.rules.versions import preview
from plugin.rules.versions.preview import Case, Move, OrdersPreview
from plugin.store.members import members
from plugin.store.orders import orders
from plugin.store.orders.orders import StoredOrder
from plugin.store.shops.shops import Shop
from plugin.store.versions.programmes import Version

ORDERS = 1000
MEMBERS = 1000
FEWER = 500
"""Members who are placed while somebody types."""
NAMED = 5
ANY_AGE = datetime(2000, 1, 1, tzinfo=UTC)
"""What was once fetched of products and customers is good enough for a look."""


@dataclass(frozen=True, slots=True)
class TierMove:
    """A member by name, and the tiers by name (empty: none)."""

    member_id: int
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What would change. `left_out` orders cannot be judged without asking Shopify first."""

    orders: OrdersPreview
    left_out: int
    looked_at: int
    up: int
    down: int
    moves: tuple[TierMove, ...]


def preview_programme(conn: Connection, shop: Shop, before: Programme, after: Programme, now: datetime) -> Preview:
    """Compare the draft with the programme that it would replace."""
    found, left_out = _orders(conn, shop, before, after)
    looked_at, moved = _moved(conn, shop, before, after, now)
    up = [move for move in moved if preview.goes_up(move, before.tiers, after.tiers)]
    down = [move for move in moved if move not in up]
    names = members.by_ids(conn, shop.id, [move.member_id for move in (*up[:NAMED], *down[:NAMED])])
    named = tuple(
        TierMove(move.member_id, names[move.member_id].name, _name(before, move.before), _name(after, move.after))
        for move in (*up[:NAMED], *down[:NAMED])
    )
    return Preview(found, left_out, looked_at, len(up), len(down), named)


def _name(programme: Programme, key: str) -> str:
    tier = programme.tiers.named(key)
    return tier.name if tier else key


def _orders(conn: Connection, shop: Shop, before: Programme, after: Programme) -> tuple[OrdersPreview, int]:
    stored = orders.recent(conn, shop.id, ORDERS)
    versions = [Version(0, ANY_AGE, each) for each in (before, after)]
    known = order_knowledge.gather(conn, shop, versions, [order.effective for order in stored], ANY_AGE)
    cases, left_out = [], 0
    for order in stored:
        view = order.effective
        if view is None:
            continue
        if any(known.missing(view, version, None) for version in versions):
            left_out += 1
        else:
            cases.append(Case(view, known.of(view), _tier(order)))
    return preview.judged(cases, before, after, known.products, shop.counts_from), left_out


def _tier(order: StoredOrder) -> str:
    return (order.snapshot.tier or "") if order.snapshot else ""


def _moved(
    conn: Connection, shop: Shop, before: Programme, after: Programme, now: datetime
) -> tuple[int, Sequence[Move]]:
    if before.tiers == after.tiers:
        return 0, ()
    people = _people(conn, shop, after.tiers, MEMBERS, now)
    return len(people), preview.moves(people, before.tiers, after.tiers, shop.currency, shop.day(now))


def tier_counts(conn: Connection, shop: Shop, before: Tiers, after: Tiers, now: datetime) -> tuple[int, dict[str, int]]:
    """Of the members seen last, at most FEWER: how many were looked at, and how many each tier of the draft would
    hold, by its key."""
    people = _people(conn, shop, after, FEWER, now)
    placed = preview.stands(people, before, after, shop.currency, shop.day(now))
    return len(people), Counter(then for _, then in placed.values() if then)


def _people(
    conn: Connection, shop: Shop, tiers: Tiers, most: int, now: datetime
) -> Sequence[tuple[int, Held, Sequence[Done], int]]:
    ids = members.seen_last(conn, shop.id, most)
    known = Histories(conn, shop, ids)
    held = {key: known.state(key).held for key in ids}
    tiers_held = {key: each.tier for key, each in held.items()}
    tagged = tier_tags.ranks(conn, shop, tiers, members.by_ids(conn, shop.id, ids), tiers_held, now, ask=False)
    return [(key, held[key], known.done(key, tiers), tagged.get(key, -1)) for key in ids]
