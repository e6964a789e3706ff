"""Staff approve and refuse referrals, and block whom they do not trust."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.errors import BadInput, NotFound
from plugin.rules import subjects
from plugin.rules.names import staff_log
from plugin.rules.words.texts import Said
from plugin.store.members import members
from plugin.store.referrals import referral_marks, referrals
from plugin.store.shops.shops import Shop
from plugin.store.work import activity_pages, jobs
from plugin.store.work.job_kinds import JobKind

DECISIONS = ("approved", "refused")
NOTE_LENGTH = 200
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")


def decide(conn: Connection, shop: Shop, ids: Sequence[int], what: str, note: str, actor: str, now: datetime) -> int:
    """Approve or refuse each of them, whatever was decided before; answers how many there were here."""
    if what not in DECISIONS:
        raise NotFound("We couldn't find that decision.")
    words, done = " ".join(note.split())[:NOTE_LENGTH], 0
    for number in sorted(set(ids)):
        if referrals.get(conn, shop.id, number, lock=True) is None:
            continue
        values = {"decision": what, "decided_by": actor, "note": words}
        referrals.change(conn, shop.id, number, values, now)
        activity_pages.note_staff_act(
            conn, shop.id, actor, "decide_referral", str(staff_log.Decision(number, what)), {"note": words}, now
        )
        jobs.queue(conn, shop.id, JobKind.REFERRAL, [number], now)
        done += 1
    return done


def block(conn: Connection, shop: Shop, text: str, note: str, actor: str, now: datetime) -> str:
    """Block a domain (`example.com`, `@example.com`) or a member, by their email address or number (`member:12`).

    Answers what is blocked now; BadInput when it is neither, or not of this shop.
    """
    value = _value(conn, shop, text.strip().casefold())
    words = " ".join(note.split())[:NOTE_LENGTH]
    if referral_marks.block(conn, shop.id, value, words, actor, now):
        activity_pages.note_staff_act(conn, shop.id, actor, "block_referrals", value, {"note": words}, now)
    return value


def _value(conn: Connection, shop: Shop, text: str) -> str:
    kind, number = subjects.told_apart(text)
    if kind == subjects.Member.WORD and number.isascii() and number.isdigit() and len(number) < 19:
        if members.get(conn, shop.id, int(number)) is None:
            raise BadInput(Said("programme.referrals.no_member"), {"value": Said("programme.referrals.no_member")})
        return str(subjects.Member(int(number)))
    person, at, domain = text.rpartition("@")
    if person and at:
        found = members.by_email(conn, shop.id, [members.email_key(text)])
        if not found:
            words = Said("programme.referrals.no_member_email", domain=domain)
            raise BadInput(Said("programme.referrals.no_member"), {"value": words})
        return str(subjects.Member(found[members.email_key(text)].id))
    if not _DOMAIN.fullmatch(domain) or len(domain) > 253:
        words = Said("programme.referrals.no_domain")
        raise BadInput(words, {"value": words})
    return str(subjects.Domain(domain))


def unblock(conn: Connection, shop: Shop, value: str, actor: str, now: datetime) -> None:
    """Take a block away. NotFound: there is none."""
    if not referral_marks.unblock(conn, shop.id, value):
        raise NotFound(Said("frame.error.not_found"))
    activity_pages.note_staff_act(conn, shop.id, actor, "unblock_referrals", value, {}, now)
