"""Points for consenting to marketing mails: once for each member, when Shopify tells that they consented."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.activities import record_activity
from plugin.actions.members import add_members
from plugin.actions.work.work import Work
from plugin.errors import Denied
from plugin.rules import subjects
from plugin.rules.activities.activity_rules import Newsletter
from plugin.rules.programme import Programme
from plugin.rules.types import SUBSCRIBED, Buyer
from plugin.store.database.db import shop_transaction
from plugin.store.members import customer_facts, members
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.versions.programmes import Version

BATCH = 200


def consent_told(
    conn: Connection, shop: Shop, customer_id: int, consent: str, at: datetime | None, now: datetime
) -> None:
    """Give the points where they are due. `at` None: nobody knows since when; then it counts as new only for a
    member who joined after it was offered. Consent from before counts where the activity says so."""
    versions = programmes.versions(conn, shop.id)
    if consent != SUBSCRIBED or not any(_offer(version.programme) for version in versions):
        return
    member = _member(conn, shop, customer_id, at or now, now)
    if member is None or member.state not in ("member", "guest"):
        return
    known = at if at is not None else now if _joined_later(versions, member) else None
    when = known if known is not None and _offer(_rules(versions, shop, known)) else None
    today = _offer(_rules(versions, shop, now))
    if when is None and today is not None and today.existing:
        when = now
    offer = _offer(_rules(versions, shop, when)) if when is not None else None
    if when is not None and offer is not None:
        _give(conn, shop, member.id, offer, when, now)


def catch_up(work: Work, shop: Shop) -> None:
    """Where consents from before count, give the points to everyone of whom we know one, a batch at a time."""
    after = 0
    while (last := _step(work, shop, after)) is not None:
        after = last


def _step(work: Work, shop: Shop, after: int) -> int | None:
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        offer = _offer(_rules(programmes.versions(conn, shop.id), shop, now))
        if offer is None or not offer.existing or not offer.active:
            return None
        ids = customer_facts.consenting_without(conn, shop.id, offer.kind, after, BATCH)
        for member_id in ids:
            _give(conn, shop, member_id, offer, now, now)
    return ids[-1] if ids else None


def _give(conn: Connection, shop: Shop, member_id: int, offer: Newsletter, when: datetime, now: datetime) -> None:
    with suppress(Denied):  # paused, over, or earned before
        key = str(subjects.Member(member_id))
        record_activity.record(conn, shop, member_id, offer.id, key, when, "suki", now, kinds=(offer.kind,))


def _offer(programme: Programme) -> Newsletter | None:
    return next((one for one in programme.activities if isinstance(one, Newsletter)), None)


def _rules(versions: list[Version], shop: Shop, moment: datetime) -> Programme:
    return programmes.at(versions, moment, shop.past_version).programme


def _joined_later(versions: list[Version], member: Member) -> bool:
    """Whether the member joined when it was offered already: then the consent cannot be older than the offer."""
    return member.joined_at >= min(one.effective_from for one in versions if _offer(one.programme))


def _member(conn: Connection, shop: Shop, customer_id: int, since: datetime, now: datetime) -> Member | None:
    """The member behind the customer; one we have not heard of yet is noted, for webhooks come in any order."""
    found = members.by_customers(conn, shop.id, [customer_id])
    if customer_id not in found:
        buyer = Buyer(customer_id=customer_id)
        add_members.add(conn, shop.id, [buyer], {buyer: since}, now)
        found = members.by_customers(conn, shop.id, [customer_id])
    one = found[customer_id]
    return members.get(conn, shop.id, one.merged_into) if one.merged_into is not None else one
