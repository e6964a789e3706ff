"""Move money to or from a customer's store credit, as a row of `credits` says; never twice.

Shopify has no key for it: the newest transaction of the account is written down, then the money is moved. An
unknown outcome is resolved by reading what came after. One movement of a customer at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from plugin.actions.work.work import Work
from plugin.clients.shopify import queries_money as queries
from plugin.clients.shopify.admin import refuse_user_errors, user_errors
from plugin.clients.shopify.credit_account import Account, account_in, money_input
from plugin.errors import NotFound, NotYet, Refused, SukiError, UnknownOutcome
from plugin.rules import reach, subjects
from plugin.rules.names import turns
from plugin.rules.reach import Surface
from plugin.rules.rewards import credits as rules
from plugin.rules.rewards.credits import Mark, Transaction
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.rewards import credits
from plugin.store.rewards.credits import Credit
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

BUSY_PAUSE = timedelta(seconds=2)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Carry out one movement of cashback. One that points bought follows its redemption (`store_credit`)."""
    send(work, shop, job.number)


def send(work: Work, shop: Shop, credit_id: int) -> Credit:
    """Bring the movement to its end and answer it: sent, refused, or wanted still for who has no account.

    Refused: Shopify says no, nothing was moved, it is wanted still. NotYet, UnknownOutcome: try again later.
    """
    with _alone(work, shop, _get(work, shop, credit_id).member_id):
        credit = _get(work, shop, credit_id)  # as it is now that nobody else is at it
        with shop_transaction(work.engine, shop.id) as conn:
            member = members.get(conn, shop.id, credit.member_id)
        if credit.state in ("sent", "refused") or member is None or member.customer_id is None:
            return credit
        if credit.state == "wanted" and credit.amount_minor > 0 and not _reaches(shop, member, Surface.CODE):
            return credit
        account = ask(work, shop, member.customer_id, credit.currency, credit.mark)
        if credit.state == "sending" and not _resolved(work, shop, credit, account):
            credit = _get(work, shop, credit_id)
        if credit.state == "wanted":
            told = replace(credit, notify=credit.notify and _reaches(shop, member, Surface.MAIL))
            _begin(work, shop, told, member.customer_id, account)
        return _get(work, shop, credit_id)


def _reaches(shop: Shop, member: Member, surface: Surface) -> bool:
    return reach.ask(shop.launch, member.person, surface).reaches


def resolve(work: Work, shop: Shop, credit: Credit) -> Credit:
    """Find out what became of a movement whose outcome is unknown; it is not begun again."""
    if credit.state != "sending":
        return credit
    with _alone(work, shop, credit.member_id):
        with shop_transaction(work.engine, shop.id) as conn:
            member = members.get(conn, shop.id, credit.member_id)
        if member is not None and member.customer_id is not None:
            account = ask(work, shop, member.customer_id, credit.currency, credit.mark)
            _resolved(work, shop, credit, account)
        return _get(work, shop, credit.id)


@contextmanager
def _alone(work: Work, shop: Shop, member_id: int) -> Iterator[None]:
    """What else is moved meanwhile could not be told from ours."""
    name = str(turns.CreditOfMember(member_id))
    with work.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
        if not jobs.only_runner(guard, shop.id, name):
            raise NotYet(
                "Another store credit transaction for this customer is in progress", BUSY_PAUSE.total_seconds()
            )
        try:
            yield
        finally:
            jobs.step_down(guard, shop.id, name)


def _get(work: Work, shop: Shop, credit_id: int) -> Credit:
    with shop_transaction(work.engine, shop.id) as conn:
        found = credits.get(conn, shop.id, credit_id)
    if found is None:
        raise NotFound("This store credit transaction doesn't exist")
    return found


def ask(work: Work, shop: Shop, customer_id: int, currency: str, back_to: Mark | None = None) -> Account:
    """The customer's account now, with its transactions back to the mark; only the newest ones without it."""
    wanted = {"customer": f"gid://shopify/Customer/{customer_id}", "currency": f"currency_code:{currency}"}
    balance, found, after = 0, list[Transaction](), None
    while True:
        account = account_in(work.execute(shop, queries.STORE_CREDIT, {**wanted, "after": after}), currency)
        if account is None:
            raise Refused("The customer no longer exists in the shop", "OWNER_NOT_FOUND")
        balance, after = account.balance_minor if not found else balance, account.after
        found += account.transactions
        if after is None or back_to is None or (back_to.at and found[-1].created_at < back_to.at):
            return Account(balance, tuple(found), after)


def _resolved(work: Work, shop: Shop, credit: Credit, account: Account) -> bool:
    """Whether the lost movement was carried out; when it was not, it is wanted again."""
    now, moved = work.clock(), credit.moved_minor or 0
    with shop_transaction(work.engine, shop.id) as conn:
        taken = credits.claimed(conn, shop.id, [one.id for one in account.transactions])
        mine = rules.ours(account.transactions, moved, credit.mark, taken)
        if mine is not None:
            credits.done(conn, shop.id, credit.id, moved, mine.id, now, found=True)
            return True
        waited = now - (credit.began_at or now)
        if waited < rules.KNOWN_AFTER:
            left = (rules.KNOWN_AFTER - waited).total_seconds()
            raise NotYet("Shopify didn't respond. We check again before repeating anything", left)
        credits.not_done(conn, shop.id, credit.id)
    return False


def _begin(work: Work, shop: Shop, credit: Credit, customer_id: int, account: Account) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        moving = _moving(credit, account, credits.owed(conn, shop.id, credit.member_id, credit.currency))
        if moving is None:
            credits.refuse(conn, shop.id, credit.id, work.clock())
        elif not moving:
            credits.done(conn, shop.id, credit.id, 0, "", work.clock())
        else:
            credits.begin(conn, shop.id, credit.id, moving, rules.mark(account.transactions), work.clock())
    if moving:
        _move(work, shop, credit, customer_id, moving)


def _moving(credit: Credit, account: Account, owed_minor: int) -> int | None:
    """By how much the account is to be moved; None when it cannot be done as it must be."""
    if credit.amount_minor > 0:
        return rules.to_credit(credit.amount_minor, owed_minor if credit.is_cashback else 0)
    taken = rules.to_debit(-credit.amount_minor, account.balance_minor, in_full=not credit.is_cashback)
    return None if taken is None else -taken


def _move(work: Work, shop: Shop, credit: Credit, customer_id: int, moving: int) -> None:
    """Act, then record. Whatever says that nothing was done puts it back to wanted."""
    try:
        transaction = _execute(work, shop, credit, customer_id, moving)
    except UnknownOutcome:
        raise
    except SukiError:
        with shop_transaction(work.engine, shop.id) as conn:
            credits.not_done(conn, shop.id, credit.id)
        raise
    with shop_transaction(work.engine, shop.id) as conn:
        credits.done(conn, shop.id, credit.id, moving, transaction, work.clock())


def _execute(work: Work, shop: Shop, credit: Credit, customer_id: int, moving: int) -> str:
    amount, owner = money_input(abs(moving), credit.currency), f"gid://shopify/Customer/{customer_id}"
    if moving > 0:
        asked: dict[str, object] = {"creditAmount": amount, "notify": credit.notify}
        if credit.expires_at is not None:
            asked["expiresAt"] = credit.expires_at.isoformat()
        answer = work.execute(shop, queries.CREDIT_STORE_CREDIT, {"id": owner, "input": asked})
        payload = answer["storeCreditAccountCredit"]
    else:
        answer = work.execute(shop, queries.DEBIT_STORE_CREDIT, {"id": owner, "input": {"debitAmount": amount}})
        payload = answer["storeCreditAccountDebit"]
    if any(error.code == "INSUFFICIENT_FUNDS" for error in user_errors(payload)):
        raise NotYet("The store credit was spent in the meantime", BUSY_PAUSE.total_seconds())
    refuse_user_errors(payload)
    return str(payload["storeCreditAccountTransaction"]["id"])


def give_what_waited(conn: Connection, shop: Shop, member_ids: Iterable[int], now: datetime) -> None:
    """These members have an account now: what waited for it is due."""
    waiting = credits.waiting_of(conn, shop.id, member_ids)
    jobs.queue(conn, shop.id, JobKind.SEND_CREDIT, [one.id for one in waiting if one.is_cashback], now)
    bought = [subjects.Redemption.parse(one.subject).redemption_id for one in waiting if not one.is_cashback]
    jobs.queue(conn, shop.id, JobKind.CODE, bought, now)
