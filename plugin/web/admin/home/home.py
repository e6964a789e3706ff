"""Home: is everything working, and what happened today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, Response
from sqlalchemy import Connection

from plugin.actions.reports import recount_facts
from plugin.actions.shops import api_keys
from plugin.actions.shops.install_shop import WANTED_SCOPES
from plugin.clients.shopify.admin import missing_scopes
from plugin.errors import NotFound
from plugin.store.referrals import referrals
from plugin.store.reports import reports
from plugin.store.reports.reports import Queue, Works
from plugin.store.rewards import fulfilments
from plugin.store.shops import api_keys as stored_keys
from plugin.store.versions import programmes
from plugin.store.work import activity_pages
from plugin.web import shown
from plugin.web.admin.frame.layout import page
from plugin.web.admin.settings.launch import PARTS
from plugin.web.auth import caller
from plugin.web.current import now, parts, shop, transaction
from plugin.web.words import t

SLOW = timedelta(minutes=5)
QUIET = timedelta(days=3)
REFUSED_SHOWN = timedelta(days=7)
RECOUNTS_SHOWN = timedelta(days=7)


@dataclass(frozen=True)
class Check:
    """One line of "is everything working": how it stands, in words, and what to do about it."""

    name: str
    tone: str  # success | info | warning | critical
    state: str
    words: str
    link: str = ""
    action: str = ""


def register(app: Flask) -> None:
    """Add the route, at the app's own address and at the one in shopify.app.toml."""
    app.add_url_rule("/app", "home", home)
    app.add_url_rule("/", "root", home)
    app.add_url_rule("/app/<path:anything>", view_func=nowhere)


@caller("session", reads="nothing")
def home() -> Response:
    """Status, then today's figures."""
    with transaction() as conn:
        works = reports.works(conn, shop().id, now())
        today = reports.figures(conn, shop().id, shown.midnight())
        version = programmes.current(conn, shop().id, now())
        todo = _todo(conn)
    checks = [_access(), _webhooks(works), _queue("Deliveries", works.inbox, "deliveries"), *_jobs_and_mail(works)]
    checks += [*_paused(), *todo]
    wrong = [check for check in checks if check.tone in ("warning", "critical")]
    return page(
        "admin/home/home.html",
        works=works,
        today=today,
        version=version,
        checks=checks,
        wrong=wrong,
        since=shown.midnight(),
    )


@caller("session", reads="nothing")
def nowhere(anything: str) -> Response:
    """An address of the panel that does not exist: said in the admin's frame, with a way back."""
    raise NotFound(f"The panel has no page /app/{anything[:100]}.")


def _todo(conn: Connection) -> list[Check]:
    """What waits for staff, where something does."""
    held = referrals.counts(conn, shop().id).get("held", 0)
    foreign = activity_pages.refused_since(conn, shop().id, now() - REFUSED_SHOWN)
    open_ones = fulfilments.counts(conn, shop().id).get("open", 0)
    found = []
    if foreign:
        words = f"{shown.number(foreign)} were meant for another shop, in the last 7 days. Nothing was done with them."
        found.append(Check("Deliveries of another shop", "warning", "Refused", words, "deliveries", "See them"))
    if held:
        words = f"{shown.number(held)} look unusual. Their reward waits until somebody decides."
        found.append(Check("Referrals", "warning", "For review", words, "review_referrals", "Review"))
    if open_ones:
        words = f"{shown.number(open_ones)} redeemed, and still to be done or sent by staff."
        found.append(Check("Rewards by staff", "warning", "To do", words, "fulfilments", "See what to do"))
    if old := sum(api_keys.is_old(key, now()) for key in stored_keys.all_of(conn, shop().id)):
        words = f"{shown.number(old)} of the API's keys {'is' if old == 1 else 'are'} over a year old. Replace them."
        found.append(Check("API keys", "warning", "Old", words, "automation", "See the keys"))
    return found + _figures_differed()


def _figures_differed() -> list[Check]:
    """What the nightly check of a sample found wrong, for a week."""
    last = recount_facts.found_wrong_since(shop(), now() - RECOUNTS_SHOWN)
    if last is None:
        return []
    wrong, looked = last.wrong_orders + last.wrong_members, last.orders + last.members
    words = f"{shown.number(wrong)} of {shown.number(looked)} in the nightly check were wrong and have been corrected."
    return [Check("Figures for reports", "warning", "Corrected", f"{words} All others are computed again.")]


def _paused() -> list[Check]:
    """What staff have paused, so that nobody forgets it."""
    return [
        Check(t(part.name), "warning", t("settings.launch.paused"), t(part.stops), "launch", t(part.resume))
        for what, part in PARTS.items()
        if what in shop().paused
    ]


def _access() -> Check:
    if shop().needs_reopen:
        words = "Shopify no longer takes the app's access. It was renewed just now if you can read this twice."
        return Check("Access to Shopify", "critical", "Refused", words, "home", "Reload")
    if missing := sorted(missing_scopes(shop().scopes, WANTED_SCOPES)):
        words = f"The app may not do everything it needs: {', '.join(missing)}. Open it from Apps and accept."
        return Check("Access to Shopify", "critical", "Permissions missing", words)
    return Check("Access to Shopify", "success", "Working", "Tokens renew themselves.")


def _webhooks(works: Works) -> Check:
    last = works.last_delivery
    if last is None:
        words = "Nothing has come in yet. Place a test order: it shows here within seconds."
        return Check("Webhooks from Shopify", "info", "Waiting for the first", words)
    words = f"Last: {works.last_topic}, {shown.ago(last)}."
    if now() - last > QUIET:
        words += " If the shop had orders since, look at the app's webhooks in the Dev Dashboard."
        return Check("Webhooks from Shopify", "warning", "Quiet", words)
    return Check("Webhooks from Shopify", "success", "Arriving", words)


def _queue(name: str, queue: Queue, link: str) -> Check:
    if queue.failed:
        words = f"{shown.number(queue.failed)} could not be processed. Read why, then try again."
        return Check(name, "critical", "Failed", words, link, "See what failed")
    if queue.oldest is not None and now() - queue.oldest > SLOW:
        since = shown.moment(queue.oldest)
        words = f"{shown.number(queue.waiting)} wait, the oldest since {since}. Is a worker running?"
        return Check(name, "warning", "Behind", words, link, "See what waits")
    words = f"{shown.number(queue.waiting)} in work." if queue.waiting else "Nothing is waiting."
    return Check(name, "success", "Up to date", words)


def _jobs_and_mail(works: Works) -> list[Check]:
    return [_queue("Codes and other jobs", works.jobs, "jobs"), _mail(works), *_orders_waiting(works)]


def _mail(works: Works) -> Check:
    if works.failed_mails:
        words = f"{shown.number(works.failed_mails)} could not be sent."
        return Check("Mail", "critical", "Failed", words, "mails", "See the messages")
    if works.unknown_mails:
        words = f"{shown.number(works.unknown_mails)} were handed over without an answer; they are not sent twice."
        return Check("Mail", "warning", "Unsure", words, "mails", "See the messages")
    sender = f"Sent through {parts().settings.smtp_host}."
    if works.last_mail is None:
        return Check("Mail", "info", "Nothing sent yet", sender)
    return Check("Mail", "success", "Working", f"Last sent {shown.ago(works.last_mail)}. {sender}")


def _orders_waiting(works: Works) -> list[Check]:
    if not works.orders_waiting:
        return []
    words = f"{shown.number(works.orders_waiting)} wait for product or payment facts from Shopify."
    return [Check("Orders", "info", "Waiting", words)]
