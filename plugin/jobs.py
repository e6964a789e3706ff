"""Every background task in one list: what it carries out, how often it is tried, and the schedule.

Effects wait in the `jobs` table, written in the transaction that calls for them; `run_due` carries them
out. Procrastinate keeps the clock: its periodic tasks only queue jobs, once, however many workers run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from plugin.actions import send_messages
from plugin.actions.activities import celebrate
from plugin.actions.codes import code_pools, codes, fill_codes
from plugin.actions.gifts import automatic
from plugin.actions.members import fetch_customers, privacy, push_members, push_profiles
from plugin.actions.orders import allowances, cashback, fetch_facts, reconcile
from plugin.actions.points import expire_points
from plugin.actions.programme import publish_programme
from plugin.actions.referrals import settle_referrals
from plugin.actions.retention import end_periods, strip_bodies
from plugin.actions.rewards import expire_redemptions, send_credits
from plugin.actions.tiers import tier_tags, watch_tiers
from plugin.actions.work import Work
from plugin.errors import NotYet, SukiError, TokenRejected, Unavailable, UnderWay, UnknownOutcome
from plugin.observe import get_logger, job_outcomes, job_seconds
from plugin.store import jobs, ledger, shops
from plugin.store.database.db import dispatch_transaction, shop_transaction, system_transaction
from plugin.store.jobs import Job
from plugin.store.rewards.redemptions import NEXT_ORDER
from plugin.store.shops import Shop

log = get_logger()
NEEDS_REOPEN_PAUSE = timedelta(minutes=30)
SPARED_PAUSE = timedelta(seconds=10)
OUT_OF_REACH = (Unavailable, TokenRejected, UnknownOutcome)
ROUNDS: Final = 25
"""Batches of one kind of one shop in a row, before others get their turn."""


class Spared(SukiError):
    """Not tried: another job of the batch found the other side out of reach."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of effect. `together` carries out a batch in one call; the rest go one by one,
    `parallel` at a time. After `attempts` tries a job stays as failed. After `rounds` batches others get
    their turn."""

    one: Callable[[Work, Shop, Job], None] | None = None
    together: Callable[[Work, Shop, Sequence[Job]], dict[int, str]] | None = None
    batch: int = 20
    parallel: int = 1
    attempts: int = 10
    rounds: int = ROUNDS
    after_uninstall: bool = False


KINDS: Final[dict[str, Kind]] = {
    "code": Kind(codes.carry_out, parallel=4),
    cashback.KIND: Kind(cashback.carry_out),
    send_credits.SEND: Kind(send_credits.carry_out, parallel=4),
    "make_codes": Kind(fill_codes.carry_out, batch=1, rounds=1),
    "fill_pool": Kind(fill_codes.carry_out, batch=1, rounds=1),
    "look_at_pools": Kind(code_pools.look),
    "settle_redemption": Kind(expire_redemptions.settle),
    "send_message": Kind(send_messages.carry_out, parallel=4),
    "push_member": Kind(together=push_members.carry_out_all, batch=push_members.MEMBERS_PER_CALL),
    "fetch_product": Kind(together=fetch_facts.fetch_products, batch=fetch_facts.PRODUCTS_PER_CALL),
    "fetch_variant": Kind(together=fetch_facts.fetch_variants, batch=fetch_facts.VARIANTS_PER_CALL),
    "fetch_customer": Kind(together=fetch_customers.fetch_customers, batch=fetch_customers.CUSTOMERS_PER_CALL),
    allowances.KIND: Kind(together=fetch_facts.look_at_limits, batch=100),
    "fetch_order": Kind(fetch_facts.fetch_order),
    "expire_points": Kind(expire_points.carry_out),
    "celebrate": Kind(celebrate.carry_out),
    "push_profile": Kind(together=push_profiles.carry_out_all, batch=push_profiles.MEMBERS_PER_CALL),
    "tiers": Kind(watch_tiers.carry_out),
    "automatic": Kind(automatic.carry_out),
    tier_tags.FIND: Kind(tier_tags.carry_out),
    "tier_tag": Kind(watch_tiers.carry_out_tag, parallel=2),
    publish_programme.BEGINS: Kind(publish_programme.carry_out),
    "referral": Kind(settle_referrals.carry_out),
    "reconcile": Kind(reconcile.carry_out, attempts=3),
    "export_customer": Kind(privacy.carry_out_export, after_uninstall=True),
    "erase_customer": Kind(privacy.carry_out_erasure, after_uninstall=True),
    strip_bodies.KIND: Kind(strip_bodies.carry_out, after_uninstall=True),
    end_periods.KIND: Kind(end_periods.carry_out, after_uninstall=True),
    "erase_shop": Kind(privacy.carry_out_shop_erasure, after_uninstall=True),
}
ALWAYS: Final = [name for name, kind in KINDS.items() if kind.after_uninstall]


def due(work: Work) -> list[tuple[int, str]]:
    """(shop, kind) pairs that have something to carry out now."""
    with dispatch_transaction(work.engine) as conn:
        return jobs.shops_due(conn, work.clock(), ALWAYS)


def seconds_until_due(work: Work) -> float:
    """How long until the next job that waits for its time becomes due."""
    now = work.clock()
    with dispatch_transaction(work.engine) as conn:
        at = jobs.next_due(conn, now)
    return (at - now).total_seconds() if at else float("inf")


def run_due(work: Work) -> int:
    """Carry out what is due, pair after pair; answers how many jobs were tried."""
    return sum(run(work, shop_id, kind) for shop_id, kind in due(work))


def run(work: Work, shop_id: int, kind: str) -> int:
    """Carry out one kind of job of one shop, unless another worker is at it; answers how many were tried."""
    return run_reaching(work, shop_id, kind)[0]


def run_reaching(work: Work, shop_id: int, kind: str) -> tuple[int, bool]:
    """The same; says, too, whether the other side was within reach, so that more makes sense at once."""
    with work.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
        if not jobs.only_runner(guard, shop_id, kind):
            return 0, True
        try:
            return _run_alone(work, shop_id, kind)
        finally:
            jobs.step_down(guard, shop_id, kind)


def _run_alone(work: Work, shop_id: int, kind: str) -> tuple[int, bool]:
    tried = 0
    for _ in range(KINDS[kind].rounds):
        with shop_transaction(work.engine, shop_id) as conn:
            shop = shops.get(conn, shop_id)
            batch = jobs.claim(conn, shop_id, kind, KINDS[kind].batch, work.clock())
        if not batch:
            break
        tried += len(batch)
        if not _carry_out(work, shop, kind, batch):
            return tried, False
    return tried, True


def _carry_out(work: Work, shop: Shop, name: str, batch: Sequence[Job]) -> bool:
    """Carry out a batch and record each outcome; says whether it makes sense to go on at once."""
    kind = KINDS[name]
    started = work.clock()
    with job_seconds.labels(name).time():
        failures = _together(work, shop, kind, batch) if kind.together else _each(work, shop, kind, batch)
    finished = [job for job in batch if job.id not in failures]
    with shop_transaction(work.engine, shop.id) as conn:
        jobs.done(conn, shop.id, finished)
        for job in batch:
            if job.id in failures:
                _record_failure(conn, work, job, kind, failures[job.id])
    job_outcomes.labels(name, "done").inc(len(finished))
    seconds = round((work.clock() - started).total_seconds(), 3)
    log.info("jobs", shop=shop.domain, kind=name, done=len(finished), failed=len(failures), seconds=seconds)
    return not any(isinstance(error, OUT_OF_REACH) for error in failures.values())


def _together(work: Work, shop: Shop, kind: Kind, batch: Sequence[Job]) -> dict[int, Exception]:
    assert kind.together is not None
    try:
        refused = kind.together(work, shop, batch)
    except Exception as error:
        return {job.id: error for job in batch}
    return {job_id: SukiError(message) for job_id, message in refused.items()}


def _each(work: Work, shop: Shop, kind: Kind, batch: Sequence[Job]) -> dict[int, Exception]:
    """One by one, or several at once; the first sign that the other side is out of reach spares the rest."""
    one = kind.one
    assert one is not None
    failures: dict[int, Exception] = {}

    def attempt(job: Job) -> None:
        gone = next((error for error in list(failures.values()) if isinstance(error, OUT_OF_REACH)), None)
        if gone is not None:
            failures[job.id] = Spared(gone.message)
            return
        try:
            one(work, shop, job)
        except Exception as error:
            failures[job.id] = error

    with ThreadPoolExecutor(min(kind.parallel, len(batch))) as pool:
        list(pool.map(attempt, batch))
    return failures


def _record_failure(conn: Connection, work: Work, job: Job, kind: Kind, error: Exception) -> None:
    text = error.message if isinstance(error, SukiError) else f"{type(error).__name__} in our own code"
    if not isinstance(error, SukiError):
        log.error("job_bug", kind=job.kind, job=job.id, exc_info=error)
    now = work.clock()
    if isinstance(error, TokenRejected):
        jobs.put_off(conn, job, now + NEEDS_REOPEN_PAUSE, text, counted=False)
    elif isinstance(error, Spared):
        jobs.put_off(conn, job, now + SPARED_PAUSE, text, counted=False)
    elif isinstance(error, Unavailable | NotYet) and error.retry_after_seconds:
        shown = "" if isinstance(error, UnderWay) else text
        jobs.put_off(conn, job, now + timedelta(seconds=error.retry_after_seconds), shown, counted=False)
    elif job.attempts < kind.attempts and (not isinstance(error, SukiError) or error.retriable):
        jobs.put_off(conn, job, now + back_off(job.attempts), text)
    elif jobs.fail(conn, job, text):
        job_outcomes.labels(job.kind, "failed").inc()
        log.warning("job_failed", kind=job.kind, job=job.id, error=text)


def back_off(attempts: int) -> timedelta:
    """5 s, 10 s, 20 s … up to an hour."""
    return timedelta(seconds=min(3600, 5 * 2 ** (attempts - 1)))


def queue_reconcile(work: Work, subject: str) -> None:
    """Queue one sweep for every installed shop."""
    _queue_everywhere(work, "reconcile", subject)


def queue_expiry(work: Work) -> None:
    """Queue a look at the points that end, for every installed shop."""
    _queue_everywhere(work, "expire_points", "due")


def queue_automatic(work: Work) -> None:
    """Queue a look at what rules give by themselves, for every installed shop."""
    _queue_everywhere(work, "automatic", "due")


def queue_pools(work: Work) -> None:
    """Queue a look at the pools of codes, for every installed shop."""
    _queue_everywhere(work, code_pools.LOOK, NEXT_ORDER)


def queue_stripping(work: Work) -> None:
    """Queue a look at the webhooks that were processed and are still whole, for every shop there is data of."""
    _queue_everywhere(work, strip_bodies.KIND, "due", also_uninstalled=True)


def queue_periods(work: Work) -> None:
    """Queue a look at what has been kept long enough, for every shop there is data of."""
    _queue_everywhere(work, end_periods.KIND, "due", also_uninstalled=True)


def _queue_everywhere(work: Work, kind: str, subject: str, *, also_uninstalled: bool = False) -> None:
    with system_transaction(work.engine) as conn:
        found = shops.everyone(conn) if also_uninstalled else shops.installed(conn)
    for shop_id in [shop.id for shop in found if shop.state != "redacted"]:
        with shop_transaction(work.engine, shop_id) as conn:
            jobs.queue(conn, shop_id, kind, [subject], work.clock())


def announce_matured(work: Work) -> int:
    """Points whose pending window ended are usable: bring the metafields of their members up to date."""
    now = work.clock()
    with system_transaction(work.engine) as conn:
        installed = [shop.id for shop in shops.installed(conn)]
    return sum(_announce(work, shop_id, now) for shop_id in installed)


def _announce(work: Work, shop_id: int, now: datetime) -> int:
    with shop_transaction(work.engine, shop_id) as conn:
        members = ledger.announce(conn, shop_id, now)
        jobs.queue(conn, shop_id, "push_member", members, now)
    return len(members)


def take_back_expired(work: Work) -> int:
    """What points bought and nobody used in time: ask the shops, and give the points back."""
    with system_transaction(work.engine) as conn:
        installed = [shop.id for shop in shops.installed(conn)]
    return sum(expire_redemptions.take_back(work, shop_id) for shop_id in installed)


def queue_tiers(work: Work) -> None:
    """Queue a look at the tiers of every shop in which the day brings a change to somebody."""
    with system_transaction(work.engine) as conn:
        installed = shops.installed(conn)
    for shop in installed:
        with shop_transaction(work.engine, shop.id) as conn:
            watch_tiers.queue_daily(conn, shop, work.clock())
            tier_tags.queue_daily(conn, shop, work.clock())


def queue_celebrations(work: Work) -> None:
    """Queue a look at birthdays and anniversaries, in every shop whose programme has them."""
    with system_transaction(work.engine) as conn:
        installed = shops.installed(conn)
    for shop in installed:
        with shop_transaction(work.engine, shop.id) as conn:
            celebrate.queue_hourly(conn, shop, work.clock())
