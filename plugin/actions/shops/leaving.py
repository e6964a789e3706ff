"""The merchant removed the app, says a webhook. Ask Shopify before anything is taken away.

The one answer that counts is a refresh of the shop's tokens, asked after the webhook came, that Shopify refuses
with invalid grant. A refresh that succeeds shows that the app is there. Anything else says nothing.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection

from plugin.actions.members import privacy
from plugin.actions.shops import install_shop
from plugin.actions.shops.tokens import refused_pair
from plugin.actions.work.work import Work
from plugin.errors import NotYet, Refused, SukiError
from plugin.observe import get_logger, leavings
from plugin.rules.leaving import asked_again_after, erased_from
from plugin.store.database.db import shop_transaction, system_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

REMOVED, ERASE = "app/uninstalled", "shop/redact"
log = get_logger()


def heard(conn: Connection, shop: Shop, topic: str, delivery_id: int, now: datetime) -> None:
    """A webhook says that the app was removed, or that the shop is to be erased: a job asks, nothing is done yet."""
    if shop.state == "installed":
        jobs.queue(conn, shop.id, JobKind.LEAVING, [topic], now, {"heard_at": now.isoformat(), "delivery": delivery_id})
    elif topic == ERASE:
        _erase(conn, shop, str(delivery_id), now)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Ask Shopify. Gone: the shop is uninstalled, and erased later if that was asked. There: nothing is done."""
    now = work.clock()
    heard_at = datetime.fromisoformat(str(job.payload["heard_at"]))
    with system_transaction(work.engine) as conn:
        shop = shops.get(conn, shop.id)  # the job before this one may have settled it
    if shop.state == "installed" and (heard_at < shop.installed_at or not _gone(work, shop, heard_at, now)):
        return
    if job.subject == ERASE:
        with shop_transaction(work.engine, shop.id) as conn:
            _erase(conn, shops.get(conn, shop.id, lock=True), str(job.payload["delivery"]), now)


def known_to_have_left(conn: Connection, shop: Shop, now: datetime) -> bool:
    """Whoever runs the app knows it for certain, and Shopify gives no clear answer; False where it is not installed."""
    if shop.state != "installed" or not install_shop.uninstall(conn, shop.id, now):
        return False
    jobs.drop(conn, shop.id, JobKind.LEAVING, REMOVED)
    asked = jobs.one(conn, shop.id, JobKind.LEAVING, ERASE)
    if asked is not None:
        jobs.queue(conn, shop.id, JobKind.LEAVING, [ERASE], now, asked.payload)
    log.warning("removal_decided", shop=shop.domain)
    return True


def _gone(work: Work, shop: Shop, heard_at: datetime, now: datetime) -> bool:
    """Whether the app was removed; if so the shop is uninstalled since then. NotYet, Refused: no clear answer."""
    try:
        pair = refused_pair(work.engine, work.clients, shop.id)
    except SukiError as error:
        raise _no_answer(shop, error, heard_at, now) from error
    if pair is None:
        leavings.labels("app is there").inc()
        log.warning("removal_not_true", shop=shop.domain)
        return False
    with shop_transaction(work.engine, shop.id) as conn:
        gone = install_shop.uninstall(conn, shop.id, heard_at, pair)
    if gone:
        leavings.labels("removed").inc()
        log.info("app_removed", shop=shop.domain)
    return gone


def _no_answer(shop: Shop, error: SukiError, heard_at: datetime, now: datetime) -> SukiError:
    pause = asked_again_after(heard_at, now)
    if pause is not None:
        words = f"Shopify hasn't confirmed yet whether the app was removed: {error.message}"
        return NotYet(words, pause.total_seconds())
    leavings.labels("no answer").inc()
    log.error("removal_unclear", shop=shop.domain, error=error.message)
    return Refused(
        f"Shopify didn't confirm within 48 hours that the app was removed, so the shop is kept. {error.message}"
    )


def _erase(conn: Connection, shop: Shop, subject: str, now: datetime) -> None:
    """Ask for the erasure of a shop that is gone, 48 hours after it went."""
    if shop.state == "uninstalled" and shop.uninstalled_at is not None:
        privacy.erase_shop(conn, shop, subject, now, not_before=max(now, erased_from(shop.uninstalled_at)))


def erase_long_gone(work: Work, shop: Shop) -> int:
    """Ask for the erasure of a shop that is gone for so long that shop/redact will not come; answers whether it is."""
    if shop.state != "uninstalled":
        return 0
    before = work.clock() - timedelta(days=work.clients.settings.erase_uninstalled_after_days)
    with shop_transaction(work.engine, shop.id) as conn:
        shop = shops.get(conn, shop.id, lock=True)
        if shop.state != "uninstalled" or shop.uninstalled_at is None or shop.uninstalled_at > before:
            return 0
        _erase(conn, shop, f"uninstalled {shop.uninstalled_at.isoformat()}", work.clock())
        privacy.resume_shop_erasure(conn, shop.id, work.clock())
    return 1
