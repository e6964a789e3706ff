"""Mails to members: each is written down once, and sent unless it does not reach its member now; then it says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from plugin.actions.members.reached import reached
from plugin.actions.sending import mail_readers
from plugin.rules import reach
from plugin.rules.emails.kind_settings import switched_on
from plugin.rules.message_kinds import MessageKind, kind_of
from plugin.rules.programme import Programme
from plugin.rules.reach import Mail, Person, Surface
from plugin.rules.types import Reason
from plugin.rules.words import reach_words
from plugin.store.members import customer_facts, members
from plugin.store.shops.shops import Shop
from plugin.store.work import jobs, messages
from plugin.store.work.job_kinds import JobKind

ASKED_AT_SENDING = frozenset({"no_address", "suppressed"})
"""An address may still come, or be good again, before the mail goes."""
PAUSED = "mails_paused"


def mail_of(kind: str, programme: Programme | None = None) -> Mail:
    """What of the kind decides whether it goes; with a programme, whether that sends such mails. UnknownKind."""
    known = kind_of(kind)
    silent = programme is not None and not known.goes_with(programme.confirmation)
    about = known.about
    promotional = about.nature == "promotional"
    return Mail(kind, always=about.always, silent=silent, optional=about.optional, promotional=promotional)


def write(
    conn: Connection,
    shop: Shop,
    rows: Iterable[Mapping[str, object]],
    now: datetime,
    programme: Programme | None = None,
) -> list[tuple[int, str, str]]:
    """Write each mail (member_id, kind, subject) down once; answers (id, kind, subject) of those that are to be sent.

    One that does not go is written down as left out, with the reason. Before the launch nothing is written down, but
    for test members.
    """
    known = list(rows)
    people = members.by_ids(conn, shop.id, {int(str(row["member_id"])) for row in known}) if known else {}
    asked = mail_readers.readers(conn, shop.id, people.values()) if people else {}
    written = [row for row in (_written(shop, asked, row, programme) for row in known) if row is not None]
    left_out = {(row["kind"], row["subject"]) for row in written if row["state"] != "queued"}
    return [one for one in messages.queue(conn, written, now) if (one[1], one[2]) not in left_out]


def _written(
    shop: Shop, people: Mapping[int, Person], row: Mapping[str, object], programme: Programme | None
) -> dict[str, object] | None:
    mail = mail_of(str(row["kind"]), programme)
    verdict = reach.ask(shop.launch, people[int(str(row["member_id"]))], Surface.MAIL, mail)
    if verdict.before_launch:
        return None
    goes = verdict.why is None or verdict.why.code in ASKED_AT_SENDING or waits(str(row["kind"]), verdict.why)
    error = "" if goes or verdict.why is None else reach_words.left_out(verdict.why)
    return {"shop_id": shop.id, **row, "state": "queued" if goes else "skipped", "last_error": error}


def waits(kind: str, why: Reason) -> bool:
    """Whether an email that may not go for this reason is kept until it may: a warning, while emails are paused."""
    return why.code == PAUSED and kind_of(kind).about.guards


def send(conn: Connection, shop: Shop, made: Sequence[tuple[int, str, str]], at: datetime) -> None:
    """Have what was written down sent, not before this moment."""
    jobs.queue(conn, shop.id, JobKind.SEND_MESSAGE, (number for number, *_ in made), at)


def tell(
    conn: Connection, shop: Shop, programme: Programme, rows: Iterable[Mapping[str, object]], now: datetime
) -> None:
    """Write down and send what the programme does of itself: nothing of it goes where it sends no such mails.

    Which kinds that silences says `rules/message_kinds.py`, and which of them need the member's consent, which is asked
    for in Shopify. Nothing is written down of a kind that the shop switched off. The email itself is built when it is
    sent, which is as long after `now` as its kind waits.
    """
    known = [row for row in rows if goes_out(shop, kind_of(str(row["kind"])))]
    made = write(conn, shop, known, now, programme)
    for kind in sorted({one[1] for one in made}):
        send(conn, shop, [one for one in made if one[1] == kind], now + kind_of(kind).about.waits)
    _ask_consent(conn, shop, known, now)


def goes_out(shop: Shop, kind: MessageKind) -> bool:
    """Whether the shop sends this kind. A warning is written down where it does not, for the loss waits for it."""
    return kind.about.guards or switched_on(shop.settings, kind)


def _ask_consent(conn: Connection, shop: Shop, said: Sequence[Mapping[str, object]], now: datetime) -> None:
    ids = {int(str(row["member_id"])) for row in said if kind_of(str(row["kind"])).about.nature == "promotional"}
    people = members.by_ids(conn, shop.id, ids).values() if ids else ()
    due = reached(shop, people, Surface.MAIL)
    customer_facts.want(conn, shop.id, (one.customer_id for one in due.values() if one.customer_id is not None), now)
