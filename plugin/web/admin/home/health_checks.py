"""Whether everything works, a line each: access, webhooks, queues, emails, and what was found wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from plugin.actions.reports import recount_facts
from plugin.actions.shops import api_keys
from plugin.actions.shops.install_shop import WANTED_SCOPES
from plugin.clients.shopify.admin import missing_scopes
from plugin.messages.sending.letters import BROKEN
from plugin.messages.shopify_snippet.current import out_of_date
from plugin.rules.message_kinds import kind_of
from plugin.rules.sending.sender import Sender
from plugin.store.automation import endpoints
from plugin.store.emails import versions
from plugin.store.referrals import referrals
from plugin.store.reports.reports import Queue, Works
from plugin.store.rewards import fulfilments
from plugin.store.shops import api_keys as stored_keys
from plugin.store.versions import programmes
from plugin.store.work import activity_pages, message_log
from plugin.web import shown
from plugin.web.admin.settings.launch import PARTS
from plugin.web.current import now, parts, shop
from plugin.web.words import counted, t

SLOW = timedelta(minutes=5)
QUIET = timedelta(days=3)
REFUSED_SHOWN = timedelta(days=7)
RECOUNTS_SHOWN = timedelta(days=7)
OWN_EMAILS_SHOWN = timedelta(days=7)


@dataclass(frozen=True)
class Check:
    """One line of "is everything working": how it stands, in words, and what to do about it.

    `failed`: its page is to show what failed.
    """

    name: str
    tone: str  # success | info | warning | critical
    state: str
    words: str
    link: str = ""
    action: str = ""
    failed: bool = False

    @property
    def wrong(self) -> bool:
        """Whether somebody should look at it."""
        return self.tone in ("warning", "critical")


def all_checks(conn: Connection, works: Works) -> list[Check]:
    """Every line, what is paused and what was found wrong last."""
    queues = [_queue(t("frame.tab.deliveries"), works.inbox, "deliveries"), *_jobs_and_mail(works)]
    found_wrong = [*_foreign(conn), *_old_keys(conn), *_own_emails(conn), *_endpoints(conn), *_sender()]
    found_wrong += [*_figures_differed(), *_snippets(conn)]
    return [_access(), _webhooks(works), *queues, *_paused(), *found_wrong]


def _endpoints(conn: Connection) -> list[Check]:
    """Endpoints of other programs that were given up."""
    off = [one for one in endpoints.all_of(conn, shop().id) if one.off_because in ("gave_up", "gone")]
    name, state = t("frame.tab.endpoints"), t("webhooks.switch.off_now")
    return [
        Check(name, "critical", state, t(f"webhooks.list.{one.off_because}", name=one.name), "endpoints", name)
        for one in off
    ]


def waiting(conn: Connection) -> list[Check]:
    """What waits for staff, where something does."""
    held = referrals.counts(conn, shop().id).get("held", 0)
    open_ones = fulfilments.counts(conn, shop().id).get("open", 0)
    found = []
    if held:
        words = counted("home.check.held", held)
        name, act = t("frame.tab.referrals"), t("home.check.review_referrals")
        found.append(Check(name, "warning", t("home.check.for_review"), words, "review_referrals", act))
    if open_ones:
        words = counted("home.check.open", open_ones)
        name, act = t("home.check.manual"), t("home.check.see_todo")
        found.append(Check(name, "warning", t("frame.tab.fulfilments"), words, "fulfilments", act))
    return found


def _foreign(conn: Connection) -> list[Check]:
    foreign = activity_pages.refused_since(conn, shop().id, now() - REFUSED_SHOWN)
    if not foreign:
        return []
    words = counted("home.check.foreign", foreign)
    name, act = t("home.check.foreign_name"), t("home.check.see_deliveries")
    return [Check(name, "warning", t("home.check.refused"), words, "deliveries", act)]


def _old_keys(conn: Connection) -> list[Check]:
    old = sum(api_keys.is_old(key, now()) for key in stored_keys.all_of(conn, shop().id))
    if not old:
        return []
    words = counted("home.check.old_keys", old)
    return [Check(t("home.check.keys"), "warning", t("home.check.old"), words, "automation", t("home.check.see_keys"))]


def _own_emails(conn: Connection) -> list[Check]:
    """Of which kinds the shop's own version could not be sent since it was published: another went in its place."""
    failed = message_log.noted_since(conn, shop().id, BROKEN, now() - OWN_EMAILS_SHOWN)
    published = versions.newest(conn, shop().id) if failed else {}
    still = [kind for kind, (_, last) in failed.items() if kind in published and published[kind].created_at <= last]
    if not still:
        return []
    names = ", ".join(sorted(kind_of(kind).about.label for kind in still))
    words = counted("home.check.own_email", sum(failed[kind][0] for kind in still), names=names)
    name, act = t("home.check.own_emails"), t("home.check.see_emails")
    return [Check(name, "warning", t("home.check.failed"), words, "emails", act)]


def _sender() -> list[Check]:
    """That a domain of the shop's was right once and no longer is: emails come from the shared address meanwhile."""
    sender = Sender.read(shop().settings)
    if sender is None or sender.broken_at is None:
        return []
    words = t("home.check.sender_broken", shared=parts().settings.mail_from, address=sender.address)
    name, act = t("home.check.sender_domain"), t("home.check.see_sender")
    return [Check(name, "warning", t("home.check.failed"), words, "sender_domain", act)]


def _figures_differed() -> list[Check]:
    """What the nightly check of a sample found wrong, for a week."""
    last = recount_facts.found_wrong_since(shop(), now() - RECOUNTS_SHOWN)
    if last is None:
        return []
    wrong, looked = last.wrong_orders + last.wrong_members, last.orders + last.members
    words = counted("home.check.figures", wrong, checked=looked)
    return [Check(t("home.check.figures_name"), "warning", t("home.check.corrected"), words)]


def _snippets(conn: Connection) -> list[Check]:
    """Which of Shopify's own emails still hold a snippet of an older programme."""
    old = out_of_date(shop(), programmes.current(conn, shop().id, now()).programme)
    name, state, act = t("frame.tab.shopify_mail"), t("home.check.old_snippet"), t("home.check.see_snippet")
    named = [t(f"messages.shopify_mail.kind.{kind}") for kind in old]
    words = [t("home.check.snippet", email=one) for one in named]
    return [Check(name, "warning", state, said, "shopify_mail", act) for said in words]


def _paused() -> list[Check]:
    """What staff have paused, so that nobody forgets it."""
    return [
        Check(t(part.name), "warning", t("settings.launch.paused"), t(part.stops), "launch", t(part.resume))
        for what, part in PARTS.items()
        if what in shop().paused
    ]


def _access() -> Check:
    name = t("home.check.access")
    if shop().needs_reopen:
        words = t("home.check.reopen")
        return Check(name, "critical", t("home.check.refused"), words, "home", t("home.check.reload"))
    if missing := sorted(missing_scopes(shop().scopes, WANTED_SCOPES)):
        words = t("home.check.missing", permissions=", ".join(missing))
        return Check(name, "critical", t("home.check.missing_state"), words)
    return Check(name, "success", t("home.check.working"), t("home.check.tokens"))


def _webhooks(works: Works) -> Check:
    last, name = works.last_delivery, t("home.check.webhooks")
    if last is None:
        words = t("home.check.no_webhook")
        return Check(name, "info", t("home.check.first_webhook"), words)
    words = t("home.check.last_webhook", topic=works.last_topic, ago=shown.ago(last))
    if now() - last > QUIET:
        words += " " + t("home.check.quiet_hint")
        return Check(name, "warning", t("home.check.quiet"), words)
    return Check(name, "success", t("home.check.arriving"), words)


def _queue(name: str, queue: Queue, link: str) -> Check:
    if queue.failed:
        words = counted("home.check.failed_count", queue.failed)
        return Check(name, "critical", t("home.check.failed"), words, link, t("home.check.see_failed"), failed=True)
    if queue.oldest is not None and now() - queue.oldest > SLOW:
        since = shown.inside(queue.oldest)
        words = counted("home.check.behind_count", queue.waiting, date=since)
        return Check(name, "warning", t("home.check.behind"), words, link, t("home.check.see_waiting"))
    words = counted("home.check.in_progress", queue.waiting) if queue.waiting else t("home.check.none_waiting")
    return Check(name, "success", t("home.check.up_to_date"), words)


def _jobs_and_mail(works: Works) -> list[Check]:
    return [_queue(t("home.check.jobs"), works.jobs, "jobs"), _mail(works), *_orders_waiting(works)]


def _mail(works: Works) -> Check:
    name, see = t("home.check.email"), t("home.check.see_messages")
    if works.failed_mails:
        words = counted("home.check.email_failed", works.failed_mails)
        return Check(name, "critical", t("home.check.failed"), words, "mails", see, failed=True)
    if works.unknown_mails:
        words = counted("home.check.email_unknown", works.unknown_mails)
        return Check(name, "warning", t("home.check.unsure"), words, "mails", see)
    sender = t("home.check.sender", host=parts().settings.smtp_host)
    if works.last_mail is None:
        return Check(name, "info", t("home.check.none_sent"), sender)
    last = t("home.check.last_sent", ago=shown.ago(works.last_mail))
    return Check(name, "success", t("home.check.working"), f"{last} {sender}")


def _orders_waiting(works: Works) -> list[Check]:
    if not works.orders_waiting:
        return []
    words = counted("home.check.orders_waiting", works.orders_waiting)
    return [Check(t("home.orders"), "info", t("home.check.waiting"), words)]
