"""Staff plan a mailing to members: what it says, to whom, to how many at most, and when; each gets it once.

Its emails are written down a page of members to a transaction, from where a run that stopped was. They are promotional:
consent, refusals, the cap and quiet hours are asked of each as it goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from plugin.actions.emails.news import row, tell_now
from plugin.actions.work.work import Work
from plugin.errors import BadInput, NotFound
from plugin.rules import mistakes
from plugin.rules.message_kinds import MessageKind
from plugin.rules.names.news import Mailed
from plugin.rules.words.texts import Said
from plugin.store.database.db import shop_transaction
from plugin.store.emails import mailings
from plugin.store.reports.buyers import BOUGHT
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.work import activity_pages, jobs
from plugin.store.work.job_kinds import JobKind
from plugin.store.work.jobs import Job

LONGEST_LINE: Final = 200
LONGEST_BODY: Final = 5_000
LONGEST_CODE: Final = 64
FURTHEST: Final = timedelta(days=365)
MOST: Final = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What staff ask for. `bought` is a filter of the list of members ("never", "once", "again"; empty: all of them);
    `most`: to so many at most, 0 for all; `code`: a discount code of their own, if any; `send_at` None: now."""

    subject: str
    title: str
    body: str
    code: str = ""
    bought: str = ""
    most: int = 0
    send_at: datetime | None = None


def plan(conn: Connection, shop: Shop, asked: Plan, actor: str, now: datetime) -> int:
    """Have it sent at its time; answers its number. BadInput by field."""
    said = _checked(asked, now)
    at = asked.send_at or now
    number = mailings.add(conn, shop.id, said, asked.bought, asked.most, actor, at, now)
    jobs.queue(conn, shop.id, JobKind.MAILING, [number], at)
    activity_pages.note_staff_act(conn, shop.id, actor, "plan_mailing", said[0], {"mailing": number}, now)
    return number


def cancel(conn: Connection, shop: Shop, number: int, actor: str, now: datetime) -> bool:
    """Send no more of it: what was not handed over by then is left out. False: it was canceled before. NotFound."""
    found = mailings.by_ids(conn, shop.id, [number]).get(number)
    if found is None:
        raise NotFound(Said("messages.mailing.error.none"))
    done = mailings.end(conn, shop.id, number, "canceled", now)
    if done:
        activity_pages.note_staff_act(conn, shop.id, actor, "cancel_mailing", found.subject, {"mailing": number}, now)
    return done


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
    if mailing is None or mailing.state != "planned":
        return None
    room = mailing.most - mailing.written if mailing.most else mailings.PAGE
    found = mailings.audience(conn, shop.id, mailing.bought, after, min(mailings.PAGE, room)) if room > 0 else []
    tell_now(conn, shop, [row(MessageKind.MAILING, one, Mailed(number, one)) for one in found], now)
    mailings.wrote(conn, shop.id, number, len(found))
    if not found:
        mailings.end(conn, shop.id, number, "written", now)
    return found[-1] if found else None


def _checked(asked: Plan, now: datetime) -> tuple[str, str, str, str]:
    """Subject, title, body and code, without the space around them."""
    subject, title, body, code = (each.strip() for each in (asked.subject, asked.title, asked.body, asked.code))
    wrong: dict[str, str] = {}
    lines = (("subject", subject, LONGEST_LINE), ("title", title, LONGEST_LINE), ("body", body, LONGEST_BODY))
    for name, value, most in lines:
        if not value and name != "subject":
            wrong[name] = Said("messages.mailing.error.empty")
        elif len(value) > most:
            wrong[name] = Said("messages.mailing.error.too_long", most=str(most))
    if len(code) > LONGEST_CODE or any(sign.isspace() for sign in code):
        wrong["code"] = Said("messages.mailing.error.code")
    if asked.bought and asked.bought not in BOUGHT:
        wrong["bought"] = Said("messages.mailing.error.audience")
    if not 0 <= asked.most <= MOST:
        wrong["most"] = Said("messages.mailing.error.most")
    if asked.send_at is not None and not now - timedelta(minutes=5) <= asked.send_at <= now + FURTHEST:
        wrong["send_at"] = Said("messages.mailing.error.send_at")
    if wrong:
        raise BadInput(mistakes.NOT_RIGHT, wrong)
    return subject, title, body, code
