"""Keep the customers' metafields current: balance, tier, and the code for the next order.

Written twice: to the merchant-visible namespace `suki`, which Shopify's own mail templates can read, and
to the app's own (`$app`, defined in shopify.app.toml), which only our extensions and the shop's staff
read. Many changes of one member become one write; one call writes up to 25 metafields.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members.reached import reached
from plugin.actions.record_event import record
from plugin.actions.tiers.tier_histories import has_tiers
from plugin.actions.work.steps import in_steps
from plugin.actions.work.work import Work
from plugin.clients.shopify import queries
from plugin.clients.shopify.admin import user_errors
from plugin.rules import subjects
from plugin.rules.events import Event, PointsUsable
from plugin.rules.reach import Surface
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.points import balances, maturing
from plugin.store.rewards import redemptions
from plugin.store.shops import launches
from plugin.store.shops.shops import Shop
from plugin.store.tiers import tiers as store
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

NAMESPACE = "suki"
OWN = "$app"
PER_MEMBER = 8
MEMBERS_PER_CALL = 25 // PER_MEMBER


def carry_out_all(work: Work, shop: Shop, batch: Sequence[Job]) -> dict[int, str]:
    """Write the metafields of these members; answers the error of each job that Shopify refused."""
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        fields = _fields(conn, shop, [job.number for job in batch], now)
    flat = [(job.id, field) for job in batch for field in fields.get(job.number, ())]
    if not flat:
        return {}
    answer = work.execute(shop, queries.SET_METAFIELDS, {"metafields": [field for _, field in flat]})
    errors = user_errors(answer["metafieldsSet"])
    if not errors:
        return {}
    if len(batch) > 1:
        return _one_by_one(work, shop, batch)
    owner = str(flat[0][1]["ownerId"])
    return {batch[0].id: errors[0].message} if _exists(work, shop, owner) else {}


def announce(work: Work, shop: Shop) -> int:
    """Points whose pending window ended are usable: their members' metafields follow; answers how many lots."""
    now = work.clock()

    def step(conn: Connection, limit: int) -> int:
        found = maturing.announce(conn, shop.id, now, limit)
        usable = [
            Event(PointsUsable(lot, points), str(subjects.Expiry(lot)), member)
            for lot, member, points in found
            if points
        ]
        record(conn, shop.id, usable, now)
        jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, {member for _, member, _ in found}, now)
        return len(found)

    return in_steps(work.engine, shop.id, step)


def show_everyone(work: Work, shop: Shop, job: Job) -> None:
    """The programme is launched: whoever has something is shown it. Killed, it goes on where it was."""
    after = int(job.payload.get("after", 0))

    def step(conn: Connection, limit: int) -> int:
        nonlocal after
        found = launches.with_something(conn, shop.id, after, limit)
        after = found[-1] if found else after
        jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, found, work.clock())
        return len(found) if jobs.keep_place(conn, job, {"after": after}) else 0

    in_steps(work.engine, shop.id, step)


def _exists(work: Work, shop: Shop, customer: str) -> bool:
    """Whether Shopify still has the customer: of one deleted there, nothing is left to keep current."""
    return work.execute(shop, queries.CUSTOMER_EXISTS, {"id": customer})["customer"] is not None


def _one_by_one(work: Work, shop: Shop, batch: Sequence[Job]) -> dict[int, str]:
    """Shopify writes all of a call or nothing: a customer it no longer has must not hold up the others."""
    refused: dict[int, str] = {}
    for job in batch:
        refused |= carry_out_all(work, shop, [job])
    return refused


def _fields(conn: Connection, shop: Shop, member_ids: Sequence[int], now: datetime) -> dict[int, list[dict[str, str]]]:
    found = reached(shop, members.by_ids(conn, shop.id, member_ids).values(), Surface.METAFIELD)
    codes = redemptions.newest_codes(conn, shop.id, member_ids, now)
    have = balances.of(conn, shop.id, found.values(), now)
    tiers = _tiers(conn, shop, member_ids, now)
    fields = {}
    for member in found.values():
        has = have[member.id]
        code, expires_at = codes.get(member.id, ("", None))
        until = shop.last_day(expires_at) if expires_at else ""
        values = {"balance": has.available, "pending": has.pending, "next_code": code, "next_code_until": until}
        values |= {"tier": tiers.get(member.id, "")} if tiers is not None else {}
        fields[member.id] = _metafields(member, values)
    return fields


def _tiers(conn: Connection, shop: Shop, member_ids: Sequence[int], now: datetime) -> dict[int, str] | None:
    """The name of each member's tier; None for a shop that never had tiers."""
    versions = programmes.versions(conn, shop.id)
    if not has_tiers(versions):
        return None
    rules = programmes.at(versions, now).programme.tiers
    held = {member: rules.named(state.held.tier) for member, state in store.states(conn, shop.id, member_ids).items()}
    return {member: tier.name for member, tier in held.items() if tier is not None}


def _metafields(member: Member, values: Mapping[str, object]) -> list[dict[str, str]]:
    """A code that is gone is written as "-": a metafield cannot be empty, and the snippet knows it."""
    shown = [_metafield(member, NAMESPACE, key, str(value) or "-") for key, value in values.items()]
    own = [_metafield(member, OWN, key, str(values[key]) or "-") for key in ("balance", "next_code")]
    until = values["next_code_until"]
    return shown + own + ([_metafield(member, OWN, "next_code_until", str(until))] if until else [])


def _metafield(member: Member, namespace: str, key: str, value: str) -> dict[str, str]:
    kind = "number_integer" if key in ("balance", "pending") else "single_line_text_field"
    if namespace == OWN and key == "next_code_until":
        kind = "date"
    owner = f"gid://shopify/Customer/{member.customer_id}"
    return {"ownerId": owner, "namespace": namespace, "key": key, "type": kind, "value": value}
