"""Staff write a mailing to members and plan it: what it says, to whom, to how many, and when; each gets it once.

Its emails are written down a page of members to a transaction, from where a run that stopped was. They are promotional:
consent, refusals, the cap and quiet hours are asked of each as it goes.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.emails.news import row, tell_now
from plugin.actions.work.work import Work
from plugin.errors import BadInput, NotFound
from plugin.rules.mailings import mailing as rules
from plugin.rules.mailings.mailing import Letter
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names.news import Mailed
from plugin.rules.words.catalogues import LANGUAGES
from plugin.rules.words.texts import Said
from plugin.store.database.db import shop_transaction
from plugin.store.emails import mailings
from plugin.store.emails.mailings import CANCELED, PLANNED, WRITTEN, Mailing
from plugin.store.reports.buyers import BOUGHT
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import activity_pages, jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job


def draft(conn: Connection, shop: Shop, asked: Letter, key: str, actor: str, now: datetime) -> int:
    """Keep a new one, once for each `key`; answers its number. Nobody is sent anything. BadInput by field."""
    letter = _checked(conn, shop, asked, now)
    number, is_new = mailings.add(conn, shop.id, letter, key, actor, now)
    if is_new:
        activity_pages.note_staff_act(conn, shop.id, actor, "draft_mailing", letter.name, {"mailing": number}, now)
    return number


def change(conn: Connection, shop: Shop, number: int, asked: Letter, actor: str, now: datetime) -> None:
    """Change a draft. BadInput by field, or because it is planned by now. NotFound."""
    letter = _checked(conn, shop, asked, now)
    one(conn, shop, number)
    if not mailings.change(conn, shop.id, number, letter):
        raise BadInput(Said("messages.mailing.error.planned"))
    activity_pages.note_staff_act(conn, shop.id, actor, "change_mailing", letter.name, {"mailing": number}, now)


def plan(conn: Connection, shop: Shop, number: int, send_at: datetime | None, actor: str, now: datetime) -> bool:
    """Have a draft sent at a time (None: now). False: it was planned before. BadInput, at `send_at`. NotFound."""
    at = rules.checked_time(send_at, now)
    name = one(conn, shop, number).letter.name
    done = mailings.plan(conn, shop.id, number, at)
    if done:
        jobs.queue(conn, shop.id, JobKind.MAILING, [number], at)
        detail = {"mailing": number, "at": at.isoformat()}
        activity_pages.note_staff_act(conn, shop.id, actor, "plan_mailing", name, detail, now)
    return done


def cancel(conn: Connection, shop: Shop, number: int, actor: str, now: datetime) -> bool:
    """Send no more of it: what was not handed over by then is left out. False: it was canceled before. NotFound."""
    found = one(conn, shop, number)
    done = mailings.end(conn, shop.id, number, CANCELED, now)
    if done:
        name = found.letter.name
        activity_pages.note_staff_act(conn, shop.id, actor, "cancel_mailing", name, {"mailing": number}, now)
    return done


def one(conn: Connection, shop: Shop, number: int) -> Mailing:
    """A mailing of this shop. NotFound."""
    found = mailings.by_ids(conn, shop.id, [number]).get(number)
    if found is None:
        raise NotFound(Said("messages.mailing.error.none"))
    return found


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Write its emails down, page by page, until its members or its number of them are through, or it is canceled."""
    after: int | None = int(job.payload.get("after", 0))
    while after is not None:
        with shop_transaction(work.engine, shop.id) as conn:
            after = _page(conn, shops.get(conn, shop.id), job.number, after, work.clock())
            if after is not None and not jobs.keep_place(conn, job, {"after": after}):
                return


def _page(conn: Connection, shop: Shop, number: int, after: int, now: datetime) -> int | None:
    """One page of members; answers the last of them, None when that was all."""
    mailing = mailings.by_ids(conn, shop.id, [number]).get(number)
    if mailing is None or mailing.state != PLANNED:
        return None
    letter = mailing.letter
    room = letter.most - mailing.written if letter.most else mailings.PAGE
    found = mailings.audience(conn, shop.id, letter, after, min(mailings.PAGE, room)) if room > 0 else []
    tell_now(conn, shop, [row(MessageKind.MAILING, member, Mailed(number, member)) for member in found], now)
    mailings.wrote(conn, shop.id, number, len(found))
    if not found:
        mailings.end(conn, shop.id, number, WRITTEN, now)
    return found[-1] if found else None


def _checked(conn: Connection, shop: Shop, asked: Letter, now: datetime) -> Letter:
    tiers = programmes.current(conn, shop.id, now).programme.tiers.levels
    return rules.checked(asked, tuple(LANGUAGES), BOUGHT, frozenset(level.key for level in tiers))
