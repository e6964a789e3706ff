"""Put many members into a tier, and give back what each held before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from plugin.actions.tiers.hold_tiers import hold
from plugin.actions.tiers.set_tiers import as_before, as_kept
from plugin.actions.tiers.tier_histories import Histories
from plugin.rules.message_kinds import MessageKind
from plugin.rules.tiers.placing import Held
from plugin.store.members.bulk_acts import BulkAct, Outcome
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.tiers import tier_batches
from plugin.store.versions import programmes

NO_TIER = "tier_gone"


def carry_out(conn: Connection, shop: Shop, act: BulkAct, people: Mapping[int, Member], now: datetime) -> list[Outcome]:
    """The members are locked."""
    version = programmes.current(conn, shop.id, now)
    tier = version.programme.tiers.named(str(act.terms["tier"]))
    if tier is None:
        return [Outcome(member_id, NO_TIER) for member_id in people]
    known = Histories(conn, shop, people)
    states = {member_id: known.state(member_id) for member_id in people}
    until = _until(act)
    held = Held(tier.key, shop.day(now), pinned=True, pinned_until=until)
    reasons = [["tier_set", {"tier": tier.name, "until": str(until or ""), "note": act.note}]]
    changes = {member_id: (state, held) for member_id, state in states.items()}
    untold = () if act.terms["tell"] else people
    hold(conn, shop, version, people, changes, reasons, MessageKind.TIER_REACHED, act.actor, now, untold=untold)
    return [Outcome(member_id, before=as_kept(state)) for member_id, state in states.items()]


def _until(act: BulkAct) -> date | None:
    return date.fromisoformat(act.terms["until"]) if act.terms.get("until") else None


def undo(
    conn: Connection, shop: Shop, act: BulkAct, people: Mapping[int, Member], before: Mapping[int, object],
    actor: str, now: datetime,
) -> int:  # fmt: skip
    """Give back what was held to everybody whose tier is still as this set it; answers to how many."""
    known = Histories(conn, shop, people)
    as_set = (act.terms["tier"], True, _until(act))
    back = {}
    for member_id in people:
        state, held = known.state(member_id), before[member_id]
        if (state.held.tier, state.held.pinned, state.held.pinned_until) == as_set and isinstance(held, list):
            back[member_id] = (state, as_before(held))
    unsent = tier_batches.skip_mails(conn, shop.id, back, str(act.terms["tier"]), now)
    reasons: list[object] = [["tier_set", {"tier": "", "until": "", "note": f"undone: {act.note}"}]]
    these = {member_id: people[member_id] for member_id in back}
    version, untold = programmes.current(conn, shop.id, now), unsent if act.terms["tell"] else set(back)
    hold(conn, shop, version, these, back, reasons, MessageKind.TIER_LOST, actor, now, untold=untold)
    return len(back)
