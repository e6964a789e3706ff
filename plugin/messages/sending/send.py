"""Send messages, each once, whatever happens; a batch of a shop's together.

What they say is read for all of them at once. Each is marked as being handed over just before the server gets the last
byte, and as sent after it answered, those of several connections in one transaction. A crash in between leaves it
`sending`; whoever finds it so marks it `unknown` and never sends it again by itself: staff decide. Source of the limit:
SMTP has no way to ask (RFC 5321, 4.5.4).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy.exc import DBAPIError

from plugin.actions.sending.email_links import email_links
from plugin.actions.work.work import Work
from plugin.errors import BadInput, HeldBack, LeftOut, NoDatabase, NotFound, UnknownKind
from plugin.messages import promotional
from plugin.messages.about_members import AboutMembers
from plugin.messages.kind import Occasion
from plugin.messages.kinds import KINDS
from plugin.messages.may_go import insist_on_reach
from plugin.messages.reads import Reads
from plugin.messages.sending import end_messages
from plugin.messages.sending.handing_over import HandingOver, Ready
from plugin.messages.sending.letters import Letters
from plugin.messages.sending.together import Families, parts_of
from plugin.observe import mail_outcomes
from plugin.rules.brand import Brand
from plugin.rules.emails.design import Content
from plugin.rules.message_kinds import MessageKind, kind_of
from plugin.rules.names.subject_grammar import BadSubject
from plugin.store.database.db import shop_transaction
from plugin.store.database.waits import is_wait
from plugin.store.emails import versions
from plugin.store.members import customer_facts, members
from plugin.store.shops.shops import Shop
from plugin.store.work import messages
from plugin.store.work.jobs import Job
from plugin.store.work.messages import Message, Outcome

AT_ONCE: Final = 100
"""How many emails are read and written together."""
OLDER: Final = 6
"""How many versions of a shop's own email are tried before the one that comes with the app is sent."""
STOPPED: Final = "the worker stopped while the email was handed over"


@dataclass(slots=True)
class Read:
    """What a batch comes to before anything is sent: what is ready, what becomes of others, and what keeps jobs."""

    ready: list[Ready] = field(default_factory=list)
    outcomes: list[tuple[str, Outcome]] = field(default_factory=list)
    failures: dict[int, Exception] = field(default_factory=dict)

    def end(self, message: Message, state: str, why: str) -> None:
        """Nothing is sent of this one."""
        self.outcomes.append((message.kind, Outcome(message.id, state, why)))


def carry_out_all(work: Work, shop: Shop, batch: Sequence[Job], over: Callable[[], bool]) -> dict[int, Exception]:
    """Send the messages of these jobs, unless they were sent, or have nobody to go to; answers what kept which job.

    No new one is begun when the turn is `over`. UnknownKind, BadSubject, BadInput: it is of a kind that is not in the
    list, about nothing that its kind can be about, or its template is wrong; it stays as failed, for all to see.
    """
    try:
        letters = _letters(work, shop)
    except (DBAPIError, NoDatabase) as error:
        return {job.id: error for job in batch}
    found = _read(work, shop, letters, batch)
    if not found.ready:
        return found.failures
    handing, broken = HandingOver(work, shop, found.ready, letters, over), None
    try:
        work.mailer.send_all(handing)
    except Exception as error:
        broken = error
    handing.finish(broken)
    return found.failures | handing.failures


def _letters(work: Work, shop: Shop) -> Letters:
    """What all emails of the batch have in common."""
    settings = work.clients.settings

    def before(kind: MessageKind) -> list[Content | None]:
        with shop_transaction(work.engine, shop.id) as conn:
            return [one.content for one in versions.of_kind(conn, shop.id, kind)[1:OLDER]]

    with shop_transaction(work.engine, shop.id) as conn:
        links, published = email_links(conn, settings), versions.published(conn, shop.id)
    return Letters(settings, shop, _brand(shop), links, published, before)


def _read(work: Work, shop: Shop, letters: Letters, batch: Sequence[Job]) -> Read:
    """In one transaction; where the database refuses something of one of them, each in a transaction of its own."""
    try:
        return _read_together(work, shop, letters, batch)
    except (DBAPIError, NoDatabase) as error:
        if len(batch) == 1 or isinstance(error, NoDatabase) or is_wait(error):
            return Read(failures={job.id: error for job in batch})
    found = Read()
    for job in batch:
        one = _read(work, shop, letters, [job])
        found.ready += one.ready
        found.failures |= one.failures
    return found


def _read_together(work: Work, shop: Shop, letters: Letters, batch: Sequence[Job]) -> Read:
    now, found = work.clock(), Read()
    numbers = _numbers(batch, found)
    with shop_transaction(work.engine, shop.id) as conn:
        stored = messages.by_ids(conn, shop.id, list(numbers.values()))
        waiting = [one for one in stored.values() if one.state == "queued"]
        people = members.by_ids(conn, shop.id, {one.member_id for one in waiting})
        families = Families.read(conn, shop, waiting, now)
        told_of = [*waiting, *families.others(waiting)]
        about = AboutMembers(Reads(conn, shop, told_of, people.values(), now))
        for job in batch:
            if job.id in numbers:
                _look(about, letters, families, job, stored.get(numbers[job.id]), found)
        if about.reads.to_ask:
            customer_facts.want(conn, shop.id, about.reads.to_ask, now)
        written = end_messages.end(conn, shop.id, [one for _, one in found.outcomes], now)
    for kind, one in found.outcomes:
        if one.message_id in written and one.state != "queued":
            mail_outcomes.labels(kind, one.state).inc()
    return found


def _numbers(batch: Sequence[Job], found: Read) -> dict[int, int]:
    """The message that each job is about."""
    numbers = {}
    for job in batch:
        try:
            numbers[job.id] = job.number
        except ValueError as error:
            found.failures[job.id] = error
    return numbers


def _look(
    about: AboutMembers, letters: Letters, families: Families, job: Job, message: Message | None, found: Read
) -> None:
    """What one message says, or what becomes of it instead."""
    if message is None:
        found.failures[job.id] = NotFound("this message no longer exists")
    elif message.state == "sending":
        found.end(message, "unknown", STOPPED)
    elif message.state == "queued":
        try:
            found.ready.append(_ready(about, letters, families, job, message))
        except LeftOut as error:
            found.end(message, "skipped", error.message)
        except (UnknownKind, BadSubject, BadInput) as error:
            found.end(message, "failed", str(error))
            found.failures[job.id] = error
        except HeldBack as error:
            found.end(message, "queued", error.message)
            found.failures[job.id] = error
        except DBAPIError:
            raise
        except Exception as error:
            found.failures[job.id] = error


def _ready(about: AboutMembers, letters: Letters, families: Families, job: Job, message: Message) -> Ready:
    """LeftOut: there is nobody whom it reaches, what it is about no longer stands, or it may not go."""
    reads, kind, number = about.reads, kind_of(message.kind), message.member_id
    reader = insist_on_reach(reads.shop, message, reads.people.get(number), reads.persons.get(number))
    occasion = Occasion(reads, reader, message, letters.settings)
    if kind.about.nature == "promotional":
        promotional.insist(occasion)
    context = KINDS[kind].build(occasion)
    if context is None:
        raise LeftOut(kind.about.gone)
    told = letters.told(about, kind, message, reader, context)
    parts = parts_of(families, about, letters, message, reader, told)
    return Ready(job, kind, message, reader, told, message.id in reads.promotional, parts)


def _brand(shop: Shop) -> Brand:
    return replace(Brand(sender_name=shop.name), **dict(shop.brand)) if shop.brand else Brand(sender_name=shop.name)
