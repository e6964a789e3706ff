"""Mails to members: each is written down once, and sent unless it does not reach its member now; then it says why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from plugin.actions.members.reached import reached
from plugin.actions.sending import mail_readers
from plugin.actions.sending.reader_zones import reader_zones
from plugin.rules import reach
from plugin.rules.emails import kind_settings, one_mail
from plugin.rules.message_kinds import NOT_TOLD, kind_of
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


def mail_of(kind: str, settings: Mapping[str, Any], programme: Programme | None = None) -> Mail:
    """What of the kind decides whether it goes, in a shop with these settings; with a programme, whether that sends
    such mails. UnknownKind."""
    known = kind_of(kind)
    silent = programme is not None and not known.goes_with(programme.confirmation)
    about = known.about
    promotional = about.nature == "promotional"
    off = not kind_settings.switched_on(settings, known)
    return Mail(kind, always=about.always, silent=silent, off=off, optional=about.optional, promotional=promotional)


def write(
    conn: Connection,
    shop: Shop,
    rows: Iterable[Mapping[str, object]],
    now: datetime,
    programme: Programme | None = None,
) -> list[tuple[int, str, str]]:
    """Write each mail (member_id, kind, subject) down once; answers (id, kind, subject) of those that are to be sent.
    `cause` names the order that brought it about, where one did. `untold`: staff chose not to tell them.

    One that does not go is written down as left out, with the reason. Before the launch nothing is written down, but
    for test members; and nothing of a kind that the shop switched off.
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
    mail = mail_of(str(row["kind"]), shop.settings, programme)
    verdict = reach.ask(shop.launch, people[int(str(row["member_id"]))], Surface.MAIL, mail)
    if verdict.before_launch or (verdict.why is not None and verdict.why.code == reach.KIND_OFF):
        return None
    said = {"shop_id": shop.id, **{name: value for name, value in row.items() if name != "untold"}}
    if row.get("untold"):
        return {**said, "state": "skipped", "last_error": NOT_TOLD}
    goes = verdict.why is None or verdict.why.code in ASKED_AT_SENDING or waits(str(row["kind"]), verdict.why)
    error = "" if goes or verdict.why is None else reach_words.left_out(verdict.why)
    return {**said, "state": "queued" if goes else "skipped", "last_error": error}


def waits(kind: str, why: Reason) -> bool:
    """Whether an email that may not go for this reason is kept until it may: a warning, while emails are paused."""
    return why.code == PAUSED and kind_of(kind).about.guards


def send(conn: Connection, shop: Shop, made: Sequence[tuple[int, str, str]], at: datetime) -> None:
    """Have what was written down sent, not before this moment, and each as long after it as its kind waits; what comes
    with a day, at its hour of it."""
    dated = [number for number, kind, _ in made if kind_of(kind).about.clock]
    readers = {one.id: one.member_id for one in messages.by_ids(conn, shop.id, dated).values()} if dated else {}
    zones = reader_zones(conn, shop, readers.values())
    due = {
        number: kind_settings.due(
            shop.settings, kind_of(kind), shop.day(at), shop.zone, zones.get(readers.get(number, 0), shop.zone), at
        )
        for number, kind, _ in made
    }
    jobs.queue_each(conn, shop.id, JobKind.SEND_MESSAGE, due)


def send_together(conn: Connection, shop: Shop, made: Sequence[tuple[int, str, str]], now: datetime) -> None:
    """Have what an order caused sent: in the email that leads, if that goes before, else after five minutes."""
    waits = {kind: kind_settings.wait(shop.settings, kind_of(kind)) for _, kind, _ in made}
    due = {number: one_mail.due(kind_of(kind), now, waits[kind]) for number, kind, _ in made}
    jobs.queue_each(conn, shop.id, JobKind.SEND_MESSAGE, due)


def tell(
    conn: Connection, shop: Shop, programme: Programme, rows: Iterable[Mapping[str, object]], now: datetime
) -> None:
    """Write down and send what the programme does of itself: nothing of it goes where it sends no such mails.

    Which kinds that silences says `rules/message_kinds.py`, and which of them need the member's consent, which is asked
    for in Shopify. The email itself is built when it is sent.
    """
    known = list(rows)
    causes = {(row["kind"], row["subject"]) for row in known if row.get("cause")}
    made = write(conn, shop, known, now, programme)
    send(conn, shop, [one for one in made if (one[1], one[2]) not in causes], now)
    send_together(conn, shop, [one for one in made if (one[1], one[2]) in causes], now)
    _ask_consent(conn, shop, known, now)


def _ask_consent(conn: Connection, shop: Shop, said: Sequence[Mapping[str, object]], now: datetime) -> None:
    ids = {int(str(row["member_id"])) for row in said if kind_of(str(row["kind"])).about.nature == "promotional"}
    people = members.by_ids(conn, shop.id, ids).values() if ids else ()
    due = reached(shop, people, Surface.MAIL)
    customer_facts.want(conn, shop.id, (one.customer_id for one in due.values() if one.customer_id is not None), now)
