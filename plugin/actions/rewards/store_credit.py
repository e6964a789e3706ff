"""Points swapped for store credit: a credit of the redemption's own, and the debit that takes it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.codes.issued_codes import record_issued
from plugin.actions.rewards import redeem_points, send_credits
from plugin.actions.rewards.use_rewards import used
from plugin.actions.work.work import Work
from plugin.errors import Refused
from plugin.rules import subjects
from plugin.rules.money import minor_digits, to_minor
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.rewards import credits, redemptions, reward_uses
from plugin.store.rewards.credits import Credit
from plugin.store.rewards.redemptions import Redemption
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind

CREDIT, DEBIT = 1, 2
"""The lines of a redemption's movements."""


def create(work: Work, shop: Shop, redemption: Redemption, member: Member) -> None:
    """Credit what the points bought, once; what Shopify refuses gives the points back."""
    with shop_transaction(work.engine, shop.id) as conn:
        credit = _written_down(conn, shop, redemption, CREDIT)
    if credit.state == "refused":
        return
    try:
        credit = send_credits.send(work, shop, credit.id)
    except Refused:
        if not redemption.points:  # nothing to give back: it stays among the failed jobs, for staff to see
            raise
        with shop_transaction(work.engine, shop.id) as conn:
            reward_uses.want_back(conn, shop.id, redemption.id, "creation_failed", "suki")
            _never_credited(conn, shop, redemption, credit, work.clock())
        return
    if credit.state == "sent":
        record_issued(work, shop, redemption, credit.shopify_id)


def _written_down(conn: Connection, shop: Shop, redemption: Redemption, line: int) -> Credit:
    """The movement of this line; added if it is not there yet."""
    currency = str(redemption.terms["currency"])
    amount = to_minor(str(redemption.terms["value"]), minor_digits(currency))
    subject = str(subjects.Redemption(redemption.id))
    row = {
        "shop_id": shop.id, "member_id": redemption.member_id, "subject": subject, "line": line,
        "amount_minor": amount if line == CREDIT else -amount, "currency": currency,
        "notify": line == CREDIT and bool(redemption.terms.get("notify")),
        "expires_at": redemption.expires_at if line == CREDIT else None,
        "reason": {"reward": redemption.title},
    }  # fmt: skip
    credits.add(conn, [row])
    return next(one for one in credits.of_subject(conn, shop.id, subject) if one.line == line)


def _never_credited(conn: Connection, shop: Shop, redemption: Redemption, credit: Credit | None, now: datetime) -> None:
    if credit is not None:
        credits.refuse(conn, shop.id, credit.id, now)
    redeem_points.release(conn, shop, redemption, now)


def take_back(work: Work, shop: Shop, redemption: Redemption, member: Member) -> None:
    """Debit the whole credit and give the points back, if the account holds as much; else it is spent.

    A credit that has expired is not debited: it gives the points back if nothing of it was spent.
    """
    with shop_transaction(work.engine, shop.id) as conn:
        lines = credits.of_subject(conn, shop.id, str(subjects.Redemption(redemption.id)))
    credit = send_credits.resolve(work, shop, lines[0]) if lines else None
    if credit is None or credit.state != "sent":
        with shop_transaction(work.engine, shop.id) as conn:
            _never_credited(conn, shop, redemption, credit, work.clock())
    elif redemption.ended_why == "expired":
        _end(work, shop, redemption, back=_untouched(work, shop, credit, member))
    else:
        with shop_transaction(work.engine, shop.id) as conn:
            debit = _written_down(conn, shop, redemption, DEBIT)
        _end(work, shop, redemption, back=send_credits.send(work, shop, debit.id).state == "sent")


def _untouched(work: Work, shop: Shop, credit: Credit, member: Member) -> bool:
    """Whether the expired credit was left whole; what cannot be told counts as spent."""
    if member.customer_id is None:
        return False
    account = send_credits.ask(work, shop, member.customer_id, credit.currency, credit.mark)
    left = [one.left_minor for one in account.transactions if one.id == credit.shopify_id]
    return left == [credit.amount_minor]


def _end(work: Work, shop: Shop, redemption: Redemption, *, back: bool) -> None:
    now = work.clock()
    with shop_transaction(work.engine, shop.id) as conn:
        if back:
            redeem_points.release(conn, shop, redemption, now)
        else:
            members.lock_kept(conn, shop.id, [redemption.member_id])
            if redemptions.spent(conn, shop.id, redemption.id, "created", now):
                used(conn, shop.id, [redemption], now)
            jobs.queue(conn, shop.id, JobKind.PUSH_MEMBER, [redemption.member_id], now)
