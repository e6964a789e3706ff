"""Check the domain that a shop wants to send from, and keep what was found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine

from plugin.actions.sending.email_links import email_links
from plugin.actions.work.work import Work
from plugin.clients.dns.lookups import Dns
from plugin.errors import Refused
from plugin.observe import get_logger
from plugin.rules.sending import domain_check, spf
from plugin.rules.sending.domain_check import Finding, Walk
from plugin.rules.sending.sender import SETTING, Sender
from plugin.settings import Settings
from plugin.store.database.db import shop_transaction
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import activity_pages, jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

FARTHEST = 30
"""Records of others that are followed at most: whatever needs more than ten lookups is wrong already."""
log = get_logger()


def find(dns: Dns, settings: Settings, domain: str, mark: str) -> list[Finding]:
    """What DNS says of the domain. Refused: this installation has no keys for domains of shops."""
    selector, record, ours = settings.dkim_selector, settings.dkim_record, settings.spf_term
    if not (selector and record and ours):
        raise Refused("This installation sends from its own address only", "no_own_domains")
    return [
        domain_check.owner(domain, mark, dns.txt(f"{domain_check.OWNER_NAME}.{domain}")),
        domain_check.dkim(domain, selector, record, dns.txt(f"{selector}._domainkey.{domain}")),
        domain_check.of_spf(domain, ours, walk(dns, domain, ours)),
        domain_check.dmarc(domain, dns.texts(domain_check.dmarc_names(domain))),
    ]


def walk(dns: Dns, domain: str, ours: str) -> Walk:
    """Follow an SPF record as whoever receives an email does."""
    answer = dns.txt(domain)
    records = tuple(text for text in answer.texts if spf.is_spf(text))
    if answer.state == "later" or len(records) != 1:
        return Walk(records, later=answer.state == "later")
    followed = _Followed(dns, ours)
    followed.follow(records[0], top=True)
    return Walk(records, followed.lookups, followed.ours, followed.everybody, followed.broken, followed.later)


class _Followed:
    """What was met on the way."""

    def __init__(self, dns: Dns, ours: str) -> None:
        self._dns, self._ours = dns, ours
        self.lookups, self.ours, self.everybody, self.broken, self.later = 0, False, False, "", False

    def follow(self, record: str, *, top: bool) -> None:
        """This record, and those that it brings in."""
        try:
            terms = spf.terms(record)
        except ValueError as error:
            self.broken = self.broken or str(error)
            return
        for term in terms:
            self.ours = self.ours or spf.same(term, self._ours)
            self.everybody = self.everybody or (top and term.name == "all" and term.qualifier == "+")
            self.lookups += term.asks
            if term.leads_to and self.lookups <= FARTHEST and not self.broken:
                self._bring_in(term)

    def _bring_in(self, term: spf.Term) -> None:
        answer = self._dns.txt(term.leads_to)
        records = [text for text in answer.texts if spf.is_spf(text)]
        if answer.state == "later":
            self.later = True
        elif len(records) != 1:
            self.broken = self.broken or term.text
        else:
            self.follow(records[0], top=term.name == "redirect")


def mark_of(conn: Connection, settings: Settings, shop_id: int, domain: str) -> str:
    """The text that proves a domain, for this shop alone."""
    return email_links(conn, settings).domain_mark(shop_id, domain)


def save_wanted(conn: Connection, shop: Shop, sender: Sender | None, actor: str, now: datetime) -> None:
    """Keep the address that the shop wants, None for the shared one; a new one has to be checked first."""
    before = Sender.read(shop.settings)
    if before is not None and sender is not None and before.address == sender.address:
        return
    if before is not None and sender is not None and before.domain == sender.domain:
        sender = Sender(sender.address, before.standing, before.checked_at, before.broken_at, before.findings)
    shops.merge_settings(conn, shop.id, {SETTING: sender.stored() if sender else None})
    detail = {"address": sender.address if sender else ""}
    activity_pages.note_staff_act(conn, shop.id, actor, "save_sender", "", detail, now)


def keep(conn: Connection, shop_id: int, sender: Sender, findings: Sequence[Finding], now: datetime) -> Sender | None:
    """Keep what was found, unless the shop wants another address by now; answers how it stands then."""
    shop = shops.get(conn, shop_id, lock=True)
    current = Sender.read(shop.settings)
    if current is None or current.domain != sender.domain:
        return current
    after = current.after(findings, now)
    shops.merge_settings(conn, shop_id, {SETTING: after.stored()})
    if current.used and not after.used:
        log.warning("sender_domain_broke", shop=shop.domain, domain=after.domain)
    return after


def check(work: Work, shop: Shop, dns: Dns | None = None) -> Sender | None:
    """Look now; None where the shop wants no address of its own."""
    settings, sender = work.clients.settings, Sender.read(shop.settings)
    if sender is None:
        return None
    with shop_transaction(work.engine, shop.id) as conn:
        mark = mark_of(conn, settings, shop.id, sender.domain)
    findings = find(dns or Dns.of(settings), settings, sender.domain, mark)
    with shop_transaction(work.engine, shop.id) as conn:
        return keep(conn, shop.id, sender, findings, work.clock())


def as_stored(engine: Engine, shop_id: int) -> Shop:
    """The shop as it is now: the request's own is from its beginning."""
    with shop_transaction(engine, shop_id) as conn:
        return shops.get(conn, shop_id)


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """The daily look."""
    check(work, shop)


def queue_daily(work: Work, shop: Shop) -> None:
    """Have a shop's domain looked at, where it has one and this installation signs for it."""
    if Sender.read(shop.settings) is None or not work.clients.settings.dkim_selector:
        return
    with shop_transaction(work.engine, shop.id) as conn:
        jobs.queue(conn, shop.id, JobKind.CHECK_SENDER, ["due"], work.clock())
