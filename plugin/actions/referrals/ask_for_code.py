"""A friend asks for the code of a link: written down by the page, which says the same to everybody, and looked at here.

Whether an address may have the code tells whether somebody buys here. So the page neither asks nor waits: it writes
one row whatever the address is, and the code, if there is one, goes to that address by mail.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.privacy.remembered import who_stays_forgotten
from plugin.actions.referrals import claim_referral
from plugin.actions.referrals.claim_referral import Invitation
from plugin.actions.work.work import Work
from plugin.errors import Denied, NotFound
from plugin.observe import get_logger
from plugin.rules.names import turns
from plugin.rules.referrals.referral_marks import Marks
from plugin.store.database.db import shop_transaction
from plugin.store.referrals import referral_claims
from plugin.store.referrals.referral_claims import Asked
from plugin.store.shops import paces
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

ADDRESS_AN_HOUR, LINK_AN_HOUR, SHOP_AN_HOUR = 10, 20, 500
UNKNOWN = "unknown"
log = get_logger()


def may_try(conn: Connection, shop: Shop, invited: Invitation, seen: str, now: datetime) -> bool:
    """Count a try, whatever comes of it, by address, by link and in the shop; says whether it may be made.

    `seen` is the visitor's address as a mark; all whose address nobody knows count as one.
    """
    limits = (
        (str(turns.ClaimsFrom(seen or UNKNOWN)), ADDRESS_AN_HOUR),
        (str(turns.ClaimsOfAdvocate(invited.link.member_id)), LINK_AN_HOUR),
        ("claim:shop", SHOP_AN_HOUR),
    )
    return paces.take(conn, shop.id, limits, now)


def ask(conn: Connection, shop: Shop, nonce: str, asked: Asked, now: datetime) -> None:
    """Write it down; the same form again is the same question."""
    number = referral_claims.add(conn, shop.id, nonce, asked, now)
    jobs.queue(conn, shop.id, JobKind.CLAIM_REFERRAL, [number] if number is not None else [], now)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Look at one: the code and its mail for whoever may have it; for others nothing happens."""
    number = job.number
    try:
        with shop_transaction(work.engine, shop.id) as conn:
            asked = referral_claims.get(conn, shop.id, number)
            if asked is not None:
                _claim(conn, shop, asked, work.forgetting_key, work.clock())
                referral_claims.remove(conn, shop.id, number)
    except (Denied, NotFound) as error:
        log.info("claim_refused", shop=shop.domain, why=getattr(error, "code", "over"))
        with shop_transaction(work.engine, shop.id) as conn:
            referral_claims.remove(conn, shop.id, number)


def _claim(conn: Connection, shop: Shop, asked: Asked, forgetting: bytes, now: datetime) -> None:
    if who_stays_forgotten(conn, shop.id, [(None, asked.email)], forgetting):
        raise Denied("This address was forgotten.", "claimed_before")
    marks = Marks(net=asked.net, ip=asked.ip)
    claim_referral.claim(conn, shop, asked.word, asked.email, marks, asked.customer_id, asked.locale, now)
