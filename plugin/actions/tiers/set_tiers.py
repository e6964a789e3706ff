"""Staff put many members into a tier at once: looked at first, carried out once, and undone as a whole."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from plugin.actions.tiers.hold_tiers import hold
from plugin.actions.tiers.tier_histories import Histories
from plugin.actions.tiers.watch_tiers import ByHand, checked
from plugin.errors import BadInput
from plugin.rules.message_kinds import MessageKind
from plugin.rules.mistakes import NOT_RIGHT
from plugin.rules.names import staff_log
from plugin.rules.tiers.placing import Held
from plugin.rules.words.texts import Said
from plugin.store.members import members
from plugin.store.members.members import Member, email_key
from plugin.store.shops.shops import Shop
from plugin.store.tiers import tier_batches
from plugin.store.tiers.tier_batches import Batch
from plugin.store.tiers.tiers import TierState
from plugin.store.versions import programmes
from plugin.store.work import activity_pages

MOST = 1000
_CUSTOMER = re.compile(r"(?:.*/customers/|gid://shopify/Customer/)?([0-9]{1,18})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wish:
    """What staff ask for, checked: who, which tier, up to and including which day; whom nobody knows; and whether the
    members are told."""

    members: tuple[Member, ...]
    unknown: tuple[str, ...]
    tier: str
    tier_name: str
    until: date | None
    note: str
    tell: bool = True


def wish(conn: Connection, shop: Shop, asked: ByHand, who: Sequence[str], now: datetime) -> Wish:
    """What is asked for these people, each by address or customer; BadInput names the field. Nothing happens."""
    version = programmes.current(conn, shop.id, now)
    tier = version.programme.tiers.named(asked.tier)
    if tier is None:
        raise BadInput(NOT_RIGHT, {"tier": Said("members.error.tier")})
    until = checked(asked.until, shop.day(now))
    if not who or len(who) > MOST:
        wrong = Said("members.error.who_most", most=MOST, named=len(who)) if who else Said("members.error.who")
        raise BadInput(NOT_RIGHT, {"who": wrong})
    found, unknown = _people(conn, shop.id, who)
    return Wish(tuple(found.values()), tuple(unknown), tier.key, tier.name, until, asked.note, asked.tell)


def _people(conn: Connection, shop_id: int, words: Sequence[str]) -> tuple[dict[int, Member], list[str]]:
    ids = {word: int(match[1]) for word in words if (match := _CUSTOMER.fullmatch(word))}
    keys = {word: email_key(word) for word in words if word not in ids}
    by_id = members.by_customers(conn, shop_id, ids.values())
    by_email = members.guests_by_email(conn, shop_id, keys.values()) | members.by_email(conn, shop_id, keys.values())
    found: dict[int, Member] = {}
    unknown = []
    for word in words:
        member = by_id.get(ids[word]) if word in ids else by_email.get(keys[word])
        if member is None or member.state not in ("member", "guest"):
            unknown.append(word[:80])
        else:
            found[member.id] = member
    return found, unknown


def set_tiers(conn: Connection, shop: Shop, wish: Wish, key: str, actor: str, now: datetime) -> int:
    """Carry it out, once for each `key`; answers the number under which it can be undone."""
    if not wish.members:
        raise BadInput(NOT_RIGHT, {"who": Said("members.error.who_none")})
    ids = [member.id for member in wish.members]
    people = members.by_ids(conn, shop.id, ids, lock=True)
    before = Histories(conn, shop, ids)
    states = {member_id: before.state(member_id) for member_id in ids}
    row = Batch(0, wish.tier, wish.until, wish.note, actor, now, None, _kept(states), wish.tell)
    number, fresh = tier_batches.add(conn, shop.id, key, row)
    if not fresh:
        return number
    held = Held(wish.tier, shop.day(now), pinned=True, pinned_until=wish.until)
    reasons = [["tier_set", {"tier": wish.tier_name, "until": str(wish.until or ""), "note": wish.note}]]
    changes = {key: (state, held) for key, state in states.items()}
    version = programmes.current(conn, shop.id, now)
    untold = () if wish.tell else people
    hold(conn, shop, version, people, changes, reasons, MessageKind.TIER_REACHED, actor, now, untold=untold)
    activity_pages.note_staff_act(
        conn, shop.id, actor, "set_tiers", str(staff_log.Batch(number)), {"members": len(ids)}, now
    )
    return number


def _kept(states: Mapping[int, TierState]) -> dict[str, list[str | bool | None]]:
    return {str(key): as_kept(each) for key, each in states.items()}


def as_kept(state: TierState) -> list[str | bool | None]:
    """What a member held, as JSON: tier, since, set by staff, until."""
    held = state.held
    return [held.tier, _day(held.since), held.pinned, _day(held.pinned_until)]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def undo(conn: Connection, shop: Shop, number: int, actor: str, now: datetime) -> int:
    """Give back what was held before to everyone whose tier is still as this set it; answers to how many."""
    batch = tier_batches.get(conn, shop.id, number, lock=True)
    if batch is None or batch.undone_at is not None:
        return 0
    people = members.by_ids(conn, shop.id, [int(key) for key in batch.before], lock=True)
    known = Histories(conn, shop, people)
    back = {
        key: (known.state(key), as_before(batch.before[str(key)]))
        for key in people
        if _as_set(known.state(key).held, batch) and people[key].state in ("member", "guest")
    }
    tier_batches.mark_undone(conn, shop.id, number, now)
    unsent = tier_batches.skip_mails(conn, shop.id, back, batch.tier, now)
    reasons: list[object] = [["tier_set", {"tier": "", "until": "", "note": f"undone: {batch.note}"}]]
    version, these = programmes.current(conn, shop.id, now), {key: people[key] for key in back}
    untold = unsent if batch.tell else set(back)
    hold(conn, shop, version, these, back, reasons, MessageKind.TIER_LOST, actor, now, untold=untold)
    activity_pages.note_staff_act(
        conn, shop.id, actor, "undo_tiers", str(staff_log.Batch(number)), {"members": len(back)}, now
    )
    return len(back)


def _as_set(held: Held, batch: Batch) -> bool:
    return (held.tier, held.pinned, held.pinned_until) == (batch.tier, True, batch.until)


def as_before(kept: Sequence[str | bool | None]) -> Held:
    """What `as_kept` wrote down."""
    tier, since, pinned, until = kept
    days = [date.fromisoformat(str(day)) if day else None for day in (since, until)]
    return Held(str(tier), days[0], pinned=bool(pinned), pinned_until=days[1])
