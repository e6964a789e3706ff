"""What a file says of members beside their points: birthday, join date, names, language, code, tier, whether they take
part. What a member said here, or Shopify says, is never replaced."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions.imports.check_file import Part, tier_of
from plugin.actions.members import leave_programme
from plugin.actions.tiers.hold_tiers import hold
from plugin.actions.tiers.place_members import place
from plugin.actions.tiers.tier_histories import Histories
from plugin.rules.imports.lines import Row
from plugin.rules.message_kinds import MessageKind
from plugin.rules.reach import Pause
from plugin.rules.tiers.placing import Held
from plugin.store.imports import people
from plugin.store.imports.files import Import
from plugin.store.members import member_origins, members, profiles
from plugin.store.members.members import Member
from plugin.store.referrals import referral_aliases
from plugin.store.reports import member_stats
from plugin.store.shops.shops import Shop
from plugin.store.tiers import tier_batches
from plugin.store.tiers.tiers import TierState
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

Before = dict[int, dict[str, Any]]


def bring(
    conn: Connection,
    shop: Shop,
    file: Import,
    found: Part,
    who: Mapping[int, Member],
    added: set[int],
    joined: Mapping[int, datetime],
    told: Collection[int],
    actor: str,
    now: datetime,
) -> Before:
    """Keep what the lines say; answers what of each member was otherwise before, so that it can be undone.

    The caller has locked the members. Of a tier nobody hears who was `told` of the file, or is not to be.
    """
    before: Before = {}
    for member_id, was in _complete(conn, shop, found, who, added, joined).items():
        before.setdefault(member_id, {})["row"] = was
    _birthdays(conn, shop, found, who, before, now)
    words = {row.referral: who[row.line].id for row in found.rows if row.referral}
    if words:
        referral_aliases.add(conn, shop.id, words, file.id, now)
    lifetime = {who[row.line].id: row.lifetime for row in found.rows if row.lifetime}
    if lifetime:
        member_origins.add(conn, shop.id, lifetime, found.chosen.source, file.id, now)
    _tiers(conn, shop, found, who, before, told, actor, now)
    for row in found.rows:
        if row.excluded and leave_programme.leave(conn, shop, who[row.line].id, now):
            before.setdefault(who[row.line].id, {})["left"] = True
    return before


def _complete(
    conn: Connection,
    shop: Shop,
    found: Part,
    who: Mapping[int, Member],
    added: set[int],
    joined: Mapping[int, datetime],
) -> dict[int, dict[str, Any]]:
    """Names, language and join date of those who were here before the file."""
    rows = [
        {"id": who[row.line].id, "first_name": row.first_name, "last_name": row.last_name, "locale": row.language,
         "joined_at": joined.get(row.line) if _earlier(row, who[row.line], shop) else None}
        for row in found.rows
        if who[row.line].id not in added and (row.first_name or row.last_name or row.language or row.line in joined)
    ]  # fmt: skip
    changed = people.complete(conn, shop.id, rows) if rows else {}
    member_stats.mark(conn, shop.id, list(changed))
    return changed


def _earlier(row: Row, member: Member, shop: Shop) -> bool:
    """A file says days, of the shop or of Greenwich: the day on which somebody joined is not before that moment."""
    return row.joined is not None and row.joined < min(
        shop.day(member.joined_at), member.joined_at.astimezone(UTC).date()
    )


def _birthdays(
    conn: Connection, shop: Shop, found: Part, who: Mapping[int, Member], before: Before, now: datetime
) -> None:
    born = {who[row.line].id: row.birthday for row in found.rows if row.birthday}
    fresh = profiles.bring_birthdays(conn, shop.id, born, now) if born else set()
    for member_id in fresh:
        before.setdefault(member_id, {})["born"] = list(born[member_id])
    jobs.queue(conn, shop.id, JobKind.PUSH_PROFILE, fresh, now)


def _tiers(
    conn: Connection, shop: Shop, found: Part, who: Mapping[int, Member], before: Before, told: Collection[int],
    actor: str, now: datetime,
) -> None:  # fmt: skip
    """Who has another tier now than the file says gets that one, until the chosen day; who has it keeps it as it is.

    Lifetime points count for tiers: who brought some is looked at, too.
    """
    wanted = {
        who[row.line].id: tier
        for row in found.rows
        if row.tier and (tier := tier_of(row.tier, found.chosen, found.tiers)) and not row.excluded
    }
    looked_at = set(wanted) | {who[row.line].id for row in found.rows if row.lifetime and found.tiers.levels}
    if not looked_at:
        return
    current = members.by_ids(conn, shop.id, looked_at, lock=True)
    known = Histories(conn, shop, looked_at)
    changes: dict[int, tuple[TierState, Held]] = {}
    for member_id, tier in wanted.items():
        state = known.state(member_id)
        if state.held.tier != tier and current[member_id].state in ("member", "guest"):
            until = found.chosen.keep_tiers_until
            changes[member_id] = (state, Held(tier, shop.day(now), pinned=True, pinned_until=until))
            held = state.held
            before.setdefault(member_id, {})["tier"] = [
                held.tier, _day(held.since), held.pinned, _day(held.pinned_until), tier, _day(until),
            ]  # fmt: skip
    _hold(conn, shop, {key: current[key] for key in changes}, changes, told, actor, now)
    _look(conn, shop, {key: one for key, one in current.items() if key not in changes}, now)


def _look(conn: Connection, shop: Shop, these: Mapping[int, Member], now: datetime, *, fell: bool = False) -> None:
    """Points of a lifetime may lift these, or no longer do (`fell`); nobody is told."""
    living = {key: one for key, one in these.items() if one.state in ("member", "guest")}
    if living:
        silent = replace(shop, paused=(*shop.paused, str(Pause.MAILS)))
        known = Histories(conn, shop, living)
        known.fell |= set(living) if fell else set()
        place(conn, silent, programmes.current(conn, shop.id, now), living, known, now, quiet=living)


def _hold(
    conn: Connection,
    shop: Shop,
    these: Mapping[int, Member],
    changes: Mapping[int, tuple[TierState, Held]],
    untold: Collection[int],
    actor: str,
    now: datetime,
    note: str = "",
) -> None:
    version = programmes.current(conn, shop.id, now)
    named = {tier.key: tier.name for tier in version.programme.tiers.levels}
    by_tier: dict[str, dict[int, tuple[TierState, Held]]] = {}
    for member_id, change in changes.items():
        by_tier.setdefault(change[1].tier, {})[member_id] = change
    for tier, some in by_tier.items():
        until = next(iter(some.values()))[1].pinned_until
        reasons: list[object] = [["tier_set", {"tier": named.get(tier, ""), "until": str(until or ""), "note": note}]]
        whose = {key: these[key] for key in some}
        hold(conn, shop, version, whose, some, reasons, MessageKind.TIER_REACHED, actor, now, untold=untold)


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def take_back(
    conn: Connection,
    shop: Shop,
    import_id: int,
    before: Mapping[int, Mapping[str, Any]],
    current: Mapping[int, Member],
    actor: str,
    now: datetime,
) -> None:
    """Undo it for these members, locked by the caller, as far as nobody changed it since; nobody is told."""
    people.put_back(conn, shop.id, {key: was["row"] for key, was in before.items() if key in current and "row" in was})
    born = {key: (was["born"][0], was["born"][1]) for key, was in before.items() if key in current and "born" in was}
    forgotten = profiles.take_birthdays(conn, shop.id, born) if born else set()
    jobs.queue(conn, shop.id, JobKind.PUSH_PROFILE, forgotten, now)
    referral_aliases.remove(conn, shop.id, import_id, current)
    lifted = member_origins.remove(conn, shop.id, import_id, current)
    for member_id, was in before.items():
        if was.get("left") and member_id in current:
            leave_programme.come_back(conn, shop, member_id, now)
    _take_tiers_back(
        conn, shop, {key: was["tier"] for key, was in before.items() if "tier" in was}, current, actor, now
    )
    _look(conn, shop, {key: current[key] for key in lifted}, now, fell=True)
    member_stats.mark(conn, shop.id, list(before))


def _take_tiers_back(
    conn: Connection, shop: Shop, was: Mapping[int, Any], current: Mapping[int, Member], actor: str, now: datetime
) -> None:
    """Whose tier is still as the file set it has the one from before."""
    theirs = {key: current[key] for key in was if key in current and current[key].state in ("member", "guest")}
    known = Histories(conn, shop, theirs)
    changes = {}
    for member_id in theirs:
        tier, since, pinned, until, given, given_until = was[member_id]
        state = known.state(member_id)
        if (state.held.tier, state.held.pinned, _day(state.held.pinned_until)) == (given, True, given_until):
            days = [date.fromisoformat(day) if day else None for day in (since, until)]
            changes[member_id] = (state, Held(tier, days[0], pinned=pinned, pinned_until=days[1]))
    for tier in {state.held.tier for state, _ in changes.values()}:
        tier_batches.skip_mails(conn, shop.id, changes, tier, now)
    _hold(conn, shop, theirs, changes, theirs, actor, now, "undone")
