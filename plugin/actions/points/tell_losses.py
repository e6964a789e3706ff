"""Nobody loses points without a word: what takes them names the email that says so, whatever becomes of it.

All that is taken from a member within a few minutes is one email. It is built when it is sent, from what is still
missing then: what was given again meanwhile is not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members.tell_members import send, write
from plugin.rules import subjects
from plugin.rules.message_kinds import MessageKind
from plugin.rules.points import losses
from plugin.store.points.accounts import PostedEntry
from plugin.store.shops import shops
from plugin.store.shops.shops import Shop
from plugin.store.versions import programmes
from plugin.store.work import messages

Loss = tuple[int, MessageKind]
"""Whose it is, and what tells of it."""


def tell(conn: Connection, shop_id: int, posted: Sequence[PostedEntry], now: datetime) -> dict[int, int]:
    """Write down what tells of these entries, before they are written themselves; answers each one's message.

    Before the launch there is none.
    """
    lost = [(one, kind) for one in posted if (kind := _told_by(one)) is not None]
    if not lost:
        return {}
    shop = shops.get(conn, shop_id)
    about: dict[Loss, int] = {}
    for one, kind in lost:
        about.setdefault((one.entry.member_id, kind), one.id)
    causes = {one.id: one.entry.subject for one, _ in lost if one.entry.subject.startswith(subjects.Order.prefix())}
    told = _messages(conn, shop, about, causes, now)
    named = {one.id: told[one.entry.member_id, kind] for one, kind in lost if (one.entry.member_id, kind) in told}
    return named | _made_up(posted, told)


def _told_by(one: PostedEntry) -> MessageKind | None:
    return losses.told_by(one.entry.kind, one.entry.points, one.entry.subject)


def _made_up(posted: Iterable[PostedEntry], told: Mapping[Loss, int]) -> dict[int, int]:
    """What makes up for a clawback belongs to its message, too."""
    kind = MessageKind.POINTS_TAKEN_BACK
    makes_up = (one for one in posted if one.entry.kind in losses.MAKES_UP)
    return {one.id: told[one.entry.member_id, kind] for one in makes_up if (one.entry.member_id, kind) in told}


def _messages(
    conn: Connection, shop: Shop, about: Mapping[Loss, int], causes: Mapping[int, str], now: datetime
) -> dict[Loss, int]:
    """The message of each loss: one that waits, or a new one. `causes` are the orders of entries, as subjects."""
    found: dict[Loss, int] = {}
    for kind in {kind for _, kind in about}:
        entries = {member_id: entry for (member_id, of), entry in about.items() if of is kind}
        waiting = messages.waiting_since(conn, shop.id, kind, entries, now - losses.JOINS_FOR)
        fresh = {key: entry for key, entry in entries.items() if key not in waiting}
        made = _write(conn, shop, kind, fresh, causes, now)
        found |= {(key, kind): number for key, number in (waiting | made).items()}
    return found


def _write(
    conn: Connection,
    shop: Shop,
    kind: MessageKind,
    entries: Mapping[int, int],
    causes: Mapping[int, str],
    now: datetime,
) -> dict[int, int]:
    if not entries:
        return {}
    about = {key: str(subjects.Entry(entry)) for key, entry in entries.items()}
    programme = programmes.current(conn, shop.id, now).programme
    rows = [
        {"member_id": key, "kind": kind, "subject": about[key], "cause": causes.get(entry, "")}
        for key, entry in entries.items()
    ]
    at = now if kind is MessageKind.POINTS_EXPIRED else now + losses.TOLD_AFTER
    send(conn, shop, write(conn, shop, rows, now, programme), at)
    numbers = messages.numbers(conn, shop.id, kind, about.values())
    return {key: numbers[subject] for key, subject in about.items() if subject in numbers}
