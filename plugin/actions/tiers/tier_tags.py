"""Tiers that a customer's tag gives: who carries one, who carries it no more, and who carried it all along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from plugin.actions.work.work import Work
from plugin.clients.shopify import queries
from plugin.rules.tiers.tier_rules import Tiers
from plugin.store.database.db import shop_transaction
from plugin.store.members import customer_facts, members
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.tiers import tiers as store
from plugin.store.versions import programmes
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

QUIET_HOUR = 3


def ranks(
    conn: Connection,
    shop: Shop,
    tiers: Tiers,
    people: Mapping[int, Member],
    held: Mapping[int, str],
    now: datetime,
    *,
    ask: bool = True,
) -> dict[int, int]:
    """The step that each member's tags give; nobody where no tier has a tag, and then not one query is made.

    Of whom nothing is known the shop is asked, and meanwhile they keep what a tag gave them.
    """
    customers = {member.customer_id: key for key, member in people.items() if member.customer_id is not None}
    if not tiers.by_tag or not customers:
        return {}
    facts = customer_facts.at_hand(conn, shop.id, customers)
    unknown = sorted(customers.keys() - facts.keys())
    if ask and unknown:
        customer_facts.want(conn, shop.id, unknown, now)
    kept = {customers[key]: _kept(tiers, held.get(customers[key], "")) for key in unknown}
    return kept | {customers[key]: tiers.tagged(each.tags) for key, each in facts.items()}


def _kept(tiers: Tiers, key: str) -> int:
    tier = tiers.named(key)
    return tiers.rank(key) if tier is not None and tier.tag else -1


def watched(conn: Connection, shop: Shop, tags: Iterable[str], now: datetime) -> bool:
    """Whether one of the tags gives a tier."""
    return programmes.current(conn, shop.id, now).programme.tiers.tagged(tags) >= 0


def heard(conn: Connection, shop: Shop, customer_id: int, now: datetime) -> None:
    """The customer's tags may have changed: have the member looked at."""
    tiers = programmes.current(conn, shop.id, now).programme.tiers
    member = members.by_customers(conn, shop.id, [customer_id]).get(customer_id) if tiers.by_tag else None
    if member is None or member.state != "member":
        return
    held = store.states(conn, shop.id, [member.id]).get(member.id)
    key = held.held.tier if held else ""
    if tiers.tagged(_tags(conn, shop, customer_id)) < 0 and _kept(tiers, key) < 0:
        return
    store.look_at(conn, shop.id, [member.id], shop.day(now), "tag")
    jobs.queue(conn, shop.id, JobKind.TIERS, [store.DAILY], now)


def _tags(conn: Connection, shop: Shop, customer_id: int) -> frozenset[str]:
    known = customer_facts.at_hand(conn, shop.id, [customer_id]).get(customer_id)
    return known.tags if known else frozenset()


def look_for(conn: Connection, shop: Shop, tiers: Tiers, now: datetime) -> None:
    """Have everyone found who carries a tag of these tiers."""
    jobs.queue(conn, shop.id, JobKind.FIND_TAGGED, [tier.tag for tier in tiers.levels if tier.tag], now)


def queue_daily(conn: Connection, shop: Shop, now: datetime) -> None:
    """Once a day, for webhooks that were lost: asked every hour, it is the one after three in the night."""
    if now.astimezone(ZoneInfo(shop.timezone)).hour == QUIET_HOUR:
        look_for(conn, shop, programmes.current(conn, shop.id, now).programme.tiers, now)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Ask the shop for everyone who carries the tag, page by page; those we know too little of are fetched."""
    after = None
    quoted = job.subject.replace("\\", "\\\\").replace('"', '\\"')
    while True:
        asked = {"query": f'tag:"{quoted}"', "after": after}
        page = work.execute(shop, queries.CUSTOMERS_WITH_TAG, asked)["customers"]
        found = [int(str(node["id"]).rpartition("/")[2]) for node in page["nodes"]]
        with shop_transaction(work.engine, shop.id) as conn:
            known = customer_facts.at_hand(conn, shop.id, found)
            wanted = [key for key in found if key not in known or not _carries(known[key].tags, job.subject)]
            customer_facts.want(conn, shop.id, wanted, work.clock())
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            return


def _carries(tags: frozenset[str], tag: str) -> bool:
    return tag.casefold() in {each.casefold() for each in tags}
