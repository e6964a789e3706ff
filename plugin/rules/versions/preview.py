"""What a draft of the programme would change: the same orders judged by both, the same members placed by both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from plugin.rules.orders import earning
from plugin.rules.orders.earning import Snapshot
from plugin.rules.programme import Programme
from plugin.rules.tiers import placing
from plugin.rules.tiers.placing import Done, Held
from plugin.rules.tiers.tier_rules import Tiers
from plugin.rules.types import Known, OrderView, ProductFacts, Reason

EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Case:
    """One stored order, with what is known beside it and the tier in which its buyer stood."""

    view: OrderView
    known: Known
    tier: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """One order under both programmes."""

    order_id: int
    name: str
    before: int
    after: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class OrdersPreview:
    """The sums, and the orders that differ most."""

    orders: int
    before: int
    after: int
    examples: tuple[Points, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """A member who would stand in another tier (empty: none). Down comes after a warning and grace days."""

    member_id: int
    before: str
    after: str


def judged(
    cases: Iterable[Case],
    before: Programme,
    after: Programme,
    facts: Mapping[int, ProductFacts],
    counts_from: datetime | None,
) -> OrdersPreview:
    """Every order anew under both; what limits a member over a period is left out."""
    rows = [_points(case, before, after, facts, counts_from) for case in cases]
    moved = sorted((row for row in rows if row.before != row.after), key=lambda row: -abs(row.after - row.before))
    return OrdersPreview(
        len(rows), sum(row.before for row in rows), sum(row.after for row in rows), tuple(moved[:EXAMPLES])
    )


def _points(
    case: Case, before: Programme, after: Programme, facts: Mapping[int, ProductFacts], counts_from: datetime | None
) -> Points:
    old, new = (
        earning.deserved(case.view, each, _snapshot(case, each), facts, counts_from, case.known)
        for each in (before, after)
    )
    return Points(case.view.order_id, case.view.name, old.points, new.points, new.reasons)


def _snapshot(case: Case, programme: Programme) -> Snapshot:
    tier = programme.tiers.named(case.tier)
    return Snapshot(0, tier=tier.key if tier else "", multiplier=tier.multiplier if tier else Decimal(1))


People = Iterable[tuple[int, Held, Sequence[Done], int]]
"""Members by id, of each what they held and did, and the step that their tags give."""


def stands(people: People, before: Tiers, after: Tiers, currency: str, today: date) -> dict[int, tuple[str, str]]:
    """Of every member the tier they are in, and the one the draft puts them in: up at once, or the tier that is left
    when they can no longer keep theirs."""
    found = {}
    for member_id, held, done, tagged in people:
        now_in = held.tier if before.named(held.tier) else ""
        then = placing.standing(done, after, currency, today, held, tagged)
        target = then.held.tier
        if then.held.below_since is not None and held.below_since is None and not held.pinned:
            steps = placing.marks(after, currency)
            rank = max(tagged, placing.earned(done, after, steps, today))
            target = after.levels[rank].key if rank >= 0 else ""
        found[member_id] = (now_in, target)
    return found


def moves(people: People, before: Tiers, after: Tiers, currency: str, today: date) -> list[Move]:
    """The members who would go up at once, or could no longer keep their tier."""
    placed = stands(people, before, after, currency, today)
    return [Move(member_id, was, then) for member_id, (was, then) in placed.items() if was != then]


def goes_up(move: Move, before: Tiers, after: Tiers) -> bool:
    """Whether the move is upwards: on the new ladder, or, from a tier that it no longer has, on the old one."""
    if after.named(move.before) or not move.before:
        return after.rank(move.after) > after.rank(move.before)
    return before.rank(move.after) > before.rank(move.before)
