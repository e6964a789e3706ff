"""Every background task in one list: what it carries out, how often it is tried, and the schedule.

Effects wait in the `jobs` table, written in the transaction that calls for them; `run_due` carries them
out. Procrastinate keeps the clock: its periodic tasks only queue jobs, once, however many workers run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from plugin.actions import record_event
from plugin.actions.activities import celebrate
from plugin.actions.automation import send_webhooks, tell_endpoints
from plugin.actions.bulk import for_many
from plugin.actions.codes import code_pools, fill_codes
from plugin.actions.emails import by_the_day, carts_left, mailings, watch_checkouts
from plugin.actions.gifts import automatic
from plugin.actions.imports import undo_file
from plugin.actions.members import fetch_customers, list_members, privacy, push_members, push_profiles
from plugin.actions.orders import cashback, fetch_missing, lift_guesses, past_reading, reconcile
from plugin.actions.points import expire_points
from plugin.actions.privacy import empty_bodies, end_periods, index_stored, strip_bodies
from plugin.actions.programme import note_campaigns, publish_programme
from plugin.actions.referrals import ask_for_code, judge_referrals, referral_traces
from plugin.actions.reports import rebuild_facts, recount_facts, refresh_stats
from plugin.actions.rewards import carry_out_redemption, expire_redemptions, send_credits, turn_points
from plugin.actions.sending import check_domain, write_consent
from plugin.actions.shops import leaving, show_programme, tokens
from plugin.actions.tiers import tier_tags, watch_tiers
from plugin.actions.work import follow_events
from plugin.actions.work.job_outcomes import ATTEMPTS, Spared, TurnOver, record
from plugin.actions.work.rounds import InEveryShop
from plugin.actions.work.work import Work
from plugin.errors import SukiError, TokenRejected, Unavailable, UnknownOutcome
from plugin.messages.sending import send
from plugin.observe import get_logger, job_seconds
from plugin.store.database.db import dispatch_transaction, shop_transaction
from plugin.store.rewards.redemptions import NEXT_ORDER
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs, one_job
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job
from plugin.what_follows import WHAT_FOLLOWS
from webhooks import read_again

log = get_logger()
OUT_OF_REACH = (Unavailable, TokenRejected, UnknownOutcome)
LEFT_TO_OTHERS: Final = timedelta(seconds=1)
TURN_SECONDS: Final = 15.0
"""How long one kind of job of one shop goes on, before others get their turn."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One runner's time: whether it is still `alone` at its kind of job, and when others are to have a turn."""

    alone: Callable[[], bool]
    ends_at: float

    def over(self) -> bool:
        """Whether no more is to be begun."""
        return monotonic() >= self.ends_at


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of effect. `together` carries out a batch in one call, `side_by_side` too, for as long as its turn is
    not over; the rest go one by one, `parallel` at a time. After `attempts` tries a job stays as failed. After
    `turn_seconds` others get their turn."""

    one: Callable[[Work, Shop, Job], None] | None = None
    together: Callable[[Work, Shop, Sequence[Job]], dict[int, str]] | None = None
    side_by_side: Callable[[Work, Shop, Sequence[Job], Callable[[], bool]], dict[int, Exception]] | None = None
    batch: int = 20
    parallel: int = 1
    attempts: int = ATTEMPTS
    turn_seconds: float = TURN_SECONDS
    after_uninstall: bool = False


KINDS: Final[Mapping[str, Kind]] = {
    JobKind.CODE: Kind(carry_out_redemption.carry_out, parallel=4),
    JobKind.CASHBACK: Kind(cashback.carry_out),
    JobKind.SEND_CREDIT: Kind(send_credits.carry_out, parallel=4),
    JobKind.MAKE_CODES: Kind(fill_codes.carry_out, batch=1, turn_seconds=0),
    JobKind.FILL_POOL: Kind(fill_codes.carry_out, batch=1, turn_seconds=0),
    JobKind.LOOK_AT_POOLS: Kind(code_pools.look),
    JobKind.POST_REDEMPTION: Kind(expire_redemptions.post),
    JobKind.SEND_MESSAGE: Kind(side_by_side=send.carry_out_all, batch=send.AT_ONCE),
    JobKind.SHOW_PROGRAMME: Kind(show_programme.carry_out),
    JobKind.SHOW_EVERYONE: Kind(push_members.show_everyone),
    JobKind.PUSH_MEMBER: Kind(together=push_members.carry_out_all, batch=push_members.MEMBERS_PER_CALL),
    JobKind.FETCH_PRODUCT: Kind(together=fetch_missing.fetch_products, batch=fetch_missing.PRODUCTS_PER_CALL),
    JobKind.FETCH_VARIANT: Kind(together=fetch_missing.fetch_variants, batch=fetch_missing.VARIANTS_PER_CALL),
    JobKind.FETCH_CUSTOMER: Kind(together=fetch_customers.fetch_customers, batch=fetch_customers.CUSTOMERS_PER_CALL),
    JobKind.FOLLOW_EVENTS: Kind(follow_events.by(WHAT_FOLLOWS)),
    JobKind.LIMITS: Kind(together=fetch_missing.look_at_limits, batch=100),
    JobKind.FETCH_ORDER: Kind(fetch_missing.fetch_order),
    JobKind.PENDING_REFUND: Kind(fetch_missing.fetch_pending),
    JobKind.LIFT_GUESSES: Kind(lift_guesses.carry_out),
    JobKind.READ_AGAIN: Kind(read_again.carry_out),
    JobKind.IMPORT_MEMBERS: Kind(undo_file.go_on),
    JobKind.BULK_ACT: Kind(for_many.go_on),
    JobKind.PAST_ORDERS: Kind(past_reading.go_on),
    JobKind.SEND_WEBHOOKS: Kind(side_by_side=send_webhooks.carry_out_all, batch=send_webhooks.ENDPOINTS_AT_ONCE),
    JobKind.REPLAY_EVENTS: Kind(tell_endpoints.replay),
    JobKind.LIST_MEMBERS: Kind(list_members.carry_out),
    JobKind.EXPIRE_POINTS: Kind(expire_points.carry_out),
    JobKind.CELEBRATE: Kind(celebrate.carry_out),
    JobKind.DAILY_EMAILS: Kind(by_the_day.carry_out),
    JobKind.MAILING: Kind(mailings.carry_out),
    JobKind.WRITE_CONSENT: Kind(write_consent.carry_out),
    JobKind.CHECK_SENDER: Kind(check_domain.carry_out),
    JobKind.WATCH_CHECKOUTS: Kind(watch_checkouts.carry_out),
    JobKind.PUSH_PROFILE: Kind(together=push_profiles.carry_out_all, batch=push_profiles.MEMBERS_PER_CALL),
    JobKind.TIERS: Kind(watch_tiers.carry_out),
    JobKind.AUTOMATIC: Kind(automatic.carry_out),
    JobKind.TURN_POINTS: Kind(turn_points.carry_out),
    JobKind.FIND_TAGGED: Kind(tier_tags.carry_out),
    JobKind.TIER_TAG: Kind(watch_tiers.carry_out_tag, parallel=2),
    JobKind.PROGRAMME_BEGINS: Kind(publish_programme.carry_out),
    JobKind.REFERRAL: Kind(judge_referrals.carry_out),
    JobKind.CLAIM_REFERRAL: Kind(ask_for_code.carry_out),
    JobKind.RECONCILE: Kind(reconcile.carry_out, attempts=3),
    JobKind.REFRESH_STATS: Kind(refresh_stats.carry_out),
    JobKind.REBUILD_FACTS: Kind(rebuild_facts.carry_out),
    JobKind.RECOUNT_FACTS: Kind(recount_facts.carry_out),
    JobKind.INDEX_DELIVERIES: Kind(index_stored.carry_out, after_uninstall=True),
    JobKind.LEAVING: Kind(leaving.carry_out, after_uninstall=True),
    JobKind.EXPORT_CUSTOMER: Kind(privacy.carry_out_export, after_uninstall=True),
    JobKind.ERASE_CUSTOMER: Kind(privacy.carry_out_erasure, after_uninstall=True),
    JobKind.STRIP_BODIES: Kind(strip_bodies.carry_out, after_uninstall=True),
    JobKind.EMPTY_BODIES: Kind(empty_bodies.carry_out, after_uninstall=True),
    JobKind.END_PERIODS: Kind(end_periods.carry_out, after_uninstall=True),
    JobKind.ERASE_SHOP: Kind(privacy.carry_out_shop_erasure, after_uninstall=True),
}
ALWAYS: Final = [str(name) for name, kind in KINDS.items() if kind.after_uninstall]


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
    with work.guard_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as guard:
        session = jobs.session(guard)
        if not jobs.only_runner(guard, shop_id, kind):
            return 0, True
        turn = Turn(lambda: _alone(guard, session), monotonic() + KINDS[kind].turn_seconds)
        try:
            return _run_alone(work, shop_id, kind, turn)
        finally:
            if turn.alone():
                jobs.step_down(guard, shop_id, kind)


def _alone(guard: Connection, session: int) -> bool:
    """Whether the lock is still ours; a session that was lost took it along, and another runner may have begun."""
    try:
        return not guard.invalidated and jobs.session(guard) == session
    except DBAPIError:
        return False


def _run_alone(work: Work, shop_id: int, kind: str, turn: Turn) -> tuple[int, bool]:
    tried = 0
    while turn.alone():
        with shop_transaction(work.engine, shop_id) as conn:
            shop = shops.get(conn, shop_id)
            batch, others = _claim(conn, shop_id, kind, work.clock())
        if not batch and not others:
            break
        tried += len(batch)
        if batch and not _carry_out(work, shop, kind, batch, turn):
            return tried, False
        if turn.over():
            break
    return tried, True


def _claim(conn: Connection, shop_id: int, kind: str, now: datetime) -> tuple[list[Job], int]:
    """The next batch, and how many are left to a request that is at them (`carry_out_now`) for longer than it meant."""
    batch = jobs.claim(conn, shop_id, kind, KINDS[kind].batch, now)
    others = one_job.begun_elsewhere(conn, batch)
    for job in others:
        jobs.put_off(conn, job, now + LEFT_TO_OTHERS, job.last_error, counted=False)
    return [job for job in batch if job not in others], len(others)


def _carry_out(work: Work, shop: Shop, name: str, batch: Sequence[Job], turn: Turn) -> bool:
    """Carry out a batch and record each outcome; says whether it makes sense to go on at once."""
    kind = KINDS[name]
    started = work.clock()
    with job_seconds.labels(name).time():
        failures = _tried(work, shop, kind, batch, turn)
    record(work, shop, kind.attempts, batch, failures, alone=turn.alone())
    seconds = round((work.clock() - started).total_seconds(), 3)
    done = len(batch) - len(failures)
    log.info("jobs", shop=shop.domain, kind=name, done=done, failed=len(failures), seconds=seconds)
    return not any(isinstance(error, OUT_OF_REACH) for error in failures.values())


def _tried(work: Work, shop: Shop, kind: Kind, batch: Sequence[Job], turn: Turn) -> dict[int, Exception]:
    if kind.side_by_side:
        try:
            return kind.side_by_side(work, shop, batch, turn.over)
        except Exception as error:
            return {job.id: error for job in batch}
    return _together(work, shop, kind, batch) if kind.together else _each(work, shop, kind, batch, turn)


def _together(work: Work, shop: Shop, kind: Kind, batch: Sequence[Job]) -> dict[int, Exception]:
    assert kind.together is not None
    try:
        refused = kind.together(work, shop, batch)
    except Exception as error:
        return {job.id: error for job in batch}
    return {job_id: SukiError(message) for job_id, message in refused.items()}


def _each(work: Work, shop: Shop, kind: Kind, batch: Sequence[Job], turn: Turn) -> dict[int, Exception]:
    """One by one, or several at once; the first sign that the other side is out of reach spares the rest."""
    one = kind.one
    assert one is not None
    failures: dict[int, Exception] = {}

    def attempt(job: Job) -> None:
        gone = next((error for error in list(failures.values()) if isinstance(error, OUT_OF_REACH)), None)
        if gone is not None:
            failures[job.id] = Spared(gone.message)
            return
        if job is not batch[0] and turn.over():
            failures[job.id] = TurnOver("others wait for their turn")
            return
        try:
            one(work, shop, job)
        except Exception as error:
            failures[job.id] = error

    with ThreadPoolExecutor(min(kind.parallel, len(batch))) as pool:
        list(pool.map(attempt, batch))
    return failures


def _asks(kind: JobKind, subject: str, *, uninstalled_too: bool = False) -> InEveryShop:
    """Queue one look of this kind in every shop."""

    def step(work: Work, shop: Shop) -> None:
        with shop_transaction(work.engine, shop.id) as conn:
            jobs.queue(conn, shop.id, kind, [subject], work.clock())

    return InEveryShop(f"{kind}_{subject}", step, uninstalled_too)


queue_expiry = _asks(JobKind.EXPIRE_POINTS, "due")
queue_automatic = _asks(JobKind.AUTOMATIC, "due")
queue_pools = _asks(JobKind.LOOK_AT_POOLS, NEXT_ORDER)
announce_matured = InEveryShop("announce_matured", push_members.announce)
take_back_expired = InEveryShop("take_back_expired", expire_redemptions.take_back)


def queue_reconcile(work: Work, subject: str) -> None:
    """Queue one sweep for every installed shop."""
    _asks(JobKind.RECONCILE, subject)(work)


def _queue_tiers(work: Work, shop: Shop) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        watch_tiers.queue_daily(conn, shop, work.clock())
        tier_tags.queue_daily(conn, shop, work.clock())


def _queue_celebrations(work: Work, shop: Shop) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        celebrate.queue_hourly(conn, shop, work.clock())


def _queue_daily_emails(work: Work, shop: Shop) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        by_the_day.queue_hourly(conn, shop, work.clock())


def _queue_turning(work: Work, shop: Shop) -> None:
    with shop_transaction(work.engine, shop.id) as conn:
        turn_points.queue_hourly(conn, shop, work.clock())


def _refresh_idle(work: Work, shop: Shop) -> None:
    tokens.refresh_if_idle(work.engine, work.clients, shop.id, work.clock())


queue_tiers = InEveryShop("queue_tiers", _queue_tiers)
queue_celebrations = InEveryShop("queue_celebrations", _queue_celebrations)
queue_stripping = _asks(JobKind.STRIP_BODIES, "due", uninstalled_too=True)
queue_emptying = _asks(JobKind.EMPTY_BODIES, "due", uninstalled_too=True)
queue_periods = _asks(JobKind.END_PERIODS, "due", uninstalled_too=True)
index_deliveries = InEveryShop("index_deliveries", index_stored.queue, uninstalled_too=True)
erase_long_gone = InEveryShop("erase_long_gone", leaving.erase_long_gone, uninstalled_too=True)


def _follow(work: Work, shop: Shop) -> None:
    """Every reader goes on, so that none has far to go when something happens that it waits for."""
    with shop_transaction(work.engine, shop.id) as conn:
        names = record_event.reading(conn, shop.id, WHAT_FOLLOWS)
        jobs.queue(conn, shop.id, JobKind.FOLLOW_EVENTS, names, work.clock())


follow_everything = InEveryShop("follow_events", _follow)

SCHEDULE: Final[tuple[tuple[str, str, Callable[[Work], object]], ...]] = (
    ("* * * * *", "announce_matured", announce_matured),
    ("*/5 * * * *", "take_back_expired", take_back_expired),
    ("*/5 * * * *", "refresh_stats", InEveryShop("refresh_stats", refresh_stats.queue)),
    ("*/5 * * * *", "list_members", InEveryShop("list_members", list_members.queue)),
    ("*/15 * * * *", "reconcile_often", _asks(JobKind.RECONCILE, "often")),
    ("*/5 * * * *", "note_campaigns", InEveryShop("note_campaigns", note_campaigns.look)),
    ("*/10 * * * *", "remind_of_carts", InEveryShop("remind_of_carts", carts_left.remind)),
    ("1 * * * *", "celebrate", queue_celebrations),
    ("2 * * * *", "daily_emails", InEveryShop("daily_emails", _queue_daily_emails)),
    ("5 * * * *", "expire_points", queue_expiry),
    ("10 * * * *", "look_at_tiers", queue_tiers),
    ("15 * * * *", "look_at_pools", queue_pools),
    ("25 * * * *", "give_automatically", queue_automatic),
    ("28 * * * *", "turn_points", InEveryShop("turn_points", _queue_turning)),
    ("20 * * * *", "follow_events", follow_everything),
    ("*/15 * * * *", "strip_bodies", queue_stripping),
    ("35 * * * *", "index_deliveries", index_deliveries),
    ("45 * * * *", "lift_guesses", InEveryShop("lift_guesses", lift_guesses.queue)),
    ("50 * * * *", "read_again", InEveryShop("read_again", read_again.queue)),
    ("40 2 * * *", "keep_months", end_periods.keep_months),
    ("45 2 * * *", "end_periods", queue_periods),
    ("50 2 * * *", "empty_bodies", queue_emptying),
    ("10 3 * * *", "recount_facts", _asks(JobKind.RECOUNT_FACTS, "sample")),
    ("20 3 * * *", "reconcile_nightly", _asks(JobKind.RECONCILE, "nightly")),
    ("20 4 * * *", "show_programme", _asks(JobKind.SHOW_PROGRAMME, "shown")),
    ("30 4 * * *", "erase_long_gone", erase_long_gone),
    ("40 4 * * *", "refresh_idle_tokens", InEveryShop("refresh_idle_tokens", _refresh_idle)),
    ("15 5 * * *", "check_senders", InEveryShop("check_senders", check_domain.queue_daily)),
    ("25 5 * * *", "watch_checkouts", InEveryShop("watch_checkouts", watch_checkouts.queue_daily)),
    ("50 4 * * *", "forget_marks", referral_traces.forget_old),
)
"""What is done when (cron, in UTC), the most frequent first. What concerns shops is a step for each: see
`rounds`."""
