"""What time and staff do to tiers: warnings, losses, new rules, and tiers set by hand until a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from plugin.actions.tiers import tier_tags
from plugin.actions.tiers.hold_tiers import hold
from plugin.actions.tiers.note_tier_changes import note
from plugin.actions.tiers.place_members import place, tag_of
from plugin.actions.tiers.tier_histories import Histories, has_tiers
from plugin.actions.work.steps import in_steps
from plugin.actions.work.work import Work
from plugin.clients.shopify import queries
from plugin.clients.shopify.admin import user_errors
from plugin.errors import BadInput, Refused
from plugin.rules import reach
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names import staff_log
from plugin.rules.reach import Surface
from plugin.rules.tiers import tier_warnings
from plugin.rules.tiers.placing import Held, Standing
from plugin.rules.words.texts import Said
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.tiers import tiers as store
from plugin.store.tiers.tiers import TierChange
from plugin.store.versions import programmes
from plugin.store.work import activity_pages, jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

BATCH = 500
RULES = "rules"


def queue_daily(conn: Connection, shop: Shop, now: datetime) -> bool:
    """Queue the shop's run if anybody is due; says whether somebody is."""
    due = bool(store.due(conn, shop.id, shop.day(now), 1))
    if due:
        jobs.queue(conn, shop.id, JobKind.TIERS, [store.DAILY], now)
    return due


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Look at everyone who is due, a batch in a transaction; a run that stops goes on where it was."""
    if job.subject == RULES:
        _mark_everyone(work, shop, job)
    while _batch(work, shop):
        pass


def _batch(work: Work, shop: Shop) -> bool:
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        due = store.due(conn, shop.id, shop.day(now), BATCH)
        if due:
            people = members.by_ids(conn, shop.id, due, lock=True)
            version = programmes.at(programmes.versions(conn, shop.id), now)
            place(conn, shop, version, people, Histories(conn, shop, people), now, "time")
    return bool(due)


def _mark_everyone(work: Work, shop: Shop, job: Job) -> None:
    """Whoever the new rules may concern is to be looked at: member by member, with the place kept in the job."""
    after = int(job.payload.get("after", 0))

    def step(conn: Connection, most: int) -> int:
        nonlocal after
        found, last = store.look_at_next(conn, shop.id, after, shop.day(work.clock()), most)
        after = max(after, last)
        return found if jobs.keep_place(conn, job, {"after": after}) else 0

    in_steps(work.engine, shop.id, step, BATCH)


def rules_changed(conn: Connection, shop: Shop, now: datetime) -> None:
    """Everyone is placed by the new rules: quietly upwards, and downwards only after a warning."""
    jobs.queue(conn, shop.id, JobKind.TIERS, [RULES], now)


def stands(conn: Connection, shop: Shop, member: Member, now: datetime) -> Standing | None:
    """Where the member stands today, with what is missing, and with a tier that is kept until its warning has an
    outcome; None where the programme has no tiers."""
    return all_stand(conn, shop, {member.id: member}, now).get(member.id)


def all_stand(conn: Connection, shop: Shop, people: Mapping[int, Member], now: datetime) -> dict[int, Standing]:
    """The same for several members, read together; nobody where the programme has no tiers."""
    versions = programmes.versions(conn, shop.id)
    if not has_tiers(versions) or not people:
        return {}
    known, tiers, today = Histories(conn, shop, people), programmes.at(versions, now).programme.tiers, shop.day(now)
    held = {number: known.state(number).held.tier for number in people}
    tagged = tier_tags.ranks(conn, shop, tiers, people, held, now, ask=False)
    found = {}
    for number in people:
        state = known.state(number)
        done, warned = known.done(number, tiers), state.warned(shop.zone)
        rank = tagged.get(number, -1)
        found[number] = tier_warnings.standing(done, tiers, shop.currency, today, state.held, rank, warned)
    return found


@dataclass(frozen=True, slots=True)
class ByHand:
    """What staff ask for: which tier (none: the rules decide again), up to and including which day, and why;
    whether the member is told."""

    tier: str
    until: date | None = None
    note: str = ""
    tell: bool = True


def set_tier(conn: Connection, shop: Shop, member_id: int, asked: ByHand, actor: str, now: datetime) -> None:
    """Staff put a member into a tier until the end of a day, or give the tier back to the rules.

    BadInput names the field. The member is told of a tier reached; there is no bonus for it.
    """
    version = programmes.at(programmes.versions(conn, shop.id), now)
    key, today = asked.tier, shop.day(now)
    tier = version.programme.tiers.named(key)
    if key and tier is None:
        raise BadInput(Said("members.error.no_tier"), {"tier": Said("members.error.tier")})
    until = checked(asked.until, today) if key else None
    people = members.by_ids(conn, shop.id, [member_id], lock=True)
    if people[member_id].state not in ("member", "guest"):
        raise BadInput(Said("members.error.left"), {"tier": Said("members.error.left")})
    before = Histories(conn, shop, [member_id]).state(member_id)
    held = Held(key, today, pinned=True, pinned_until=until) if key else _unpinned(before.held)
    detail = {"tier": key, "until": until.isoformat() if until else "", "note": asked.note}
    activity_pages.note_staff_act(conn, shop.id, actor, "set_tier", str(staff_log.Member(member_id)), detail, now)
    reasons = [["tier_set", {"tier": tier.name, "until": detail["until"], "note": asked.note}]] if tier else []
    changes, untold = {member_id: (before, held)}, () if asked.tell else (member_id,)
    hold(conn, shop, version, people, changes, reasons, MessageKind.TIER_REACHED, actor, now, untold=untold)


def _unpinned(held: Held) -> Held:
    """As it is, but no longer by staff: the rules take over."""
    return replace(held, pinned=False, pinned_until=None)


def checked(until: date | None, today: date) -> date | None:
    """The last day of a tier that staff set; BadInput for one that cannot be."""
    if until is None:
        return None
    if not today <= until <= today.replace(year=today.year + 10, day=min(today.day, 28)):
        raise BadInput(Said("members.error.until_wrong"), {"until": Said("members.error.until_reach")})
    return until


def merged(conn: Connection, shop: Shop, *, kept: int, removed: int, now: datetime) -> None:
    """Two members are one: the higher tier stays, and both sums are looked at together."""
    versions = programmes.versions(conn, shop.id)
    if not has_tiers(versions):
        return
    version = programmes.at(versions, now)
    tiers = version.programme.tiers
    both = store.states(conn, shop.id, [kept, removed])
    rank = {member: tiers.rank(state.held.tier) for member, state in both.items()}
    more = kept not in both or (removed in both and rank[removed] > rank[kept])
    store.merge(conn, shop.id, kept, removed, shop.day(now), take_over=more)
    old, new = (both[key].held.tier if key in both else "" for key in (kept, removed))
    if more and old != new:
        note(conn, shop.id, tiers, [TierChange(kept, now, old, new, "merge", "suki", version.number)], now)
    jobs.queue(conn, shop.id, JobKind.TIERS, [store.DAILY], now)


def carry_out_tag(work: Work, shop: Shop, job: Job) -> None:
    """Give the customer the tag of the tier, and take those of all others; a second run changes nothing."""
    member_id = job.number
    with shop_transaction(work.engine, shop.id) as conn:
        member = members.get(conn, shop.id, member_id)
        versions = programmes.versions(conn, shop.id)
        held = store.states(conn, shop.id, [member_id]).get(member_id)
    if member is None or not reach.ask(shop.launch, member.person, Surface.TAG).reaches:
        return
    wanted = tag_of(programmes.at(versions, work.clock()).programme.tiers, held.held.tier if held else "")
    known = {tag_of(v.programme.tiers, tier.key) for v in versions for tier in v.programme.tiers.levels}
    gone = sorted((known | ({held.tagged} if held else set())) - {wanted, ""})
    gid = f"gid://shopify/Customer/{member.customer_id}"
    if gone:
        _change(work, shop, queries.TAGS_REMOVE, "tagsRemove", gid, gone)
    if wanted:
        _change(work, shop, queries.TAGS_ADD, "tagsAdd", gid, [wanted])
    with shop_transaction(work.engine, shop.id) as conn:
        store.tagged(conn, shop.id, member_id, wanted)


def _change(work: Work, shop: Shop, document: str, name: str, gid: str, tags: list[str]) -> None:
    errors = user_errors(work.execute(shop, document, {"id": gid, "tags": tags})[name])
    if errors:
        raise Refused(errors[0].message)
