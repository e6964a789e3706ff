"""Send one message, once, whatever happens.

The message is marked as being handed over just before the server gets the last byte, and as sent after
it answered. A crash in between leaves it `sending`; whoever finds it so marks it `unknown` and never
sends it again by itself: staff decide. Source of the limit: SMTP has no way to ask (RFC 5321, 4.5.4).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from plugin.actions.members.tell_members import mail_of, waits
from plugin.actions.work.work import Work
from plugin.errors import BadInput, LeftOut, NotFound, NotYet, Refused, Unavailable, UnknownKind, UnknownOutcome
from plugin.messages.consent import insist_on_consent
from plugin.messages.kind import Occasion
from plugin.messages.kinds import KINDS
from plugin.messages.render import render
from plugin.observe import mail_outcomes
from plugin.rules import reach
from plugin.rules.brand import Brand
from plugin.rules.message_kinds import NO_ADDRESS, MessageKind, kind_of
from plugin.rules.messages import MailContext, RenderedMail
from plugin.rules.names.subject_grammar import BadSubject
from plugin.rules.reach import Surface
from plugin.rules.words import reach_words
from plugin.store.database.db import shop_transaction
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.work import messages
from plugin.store.work.jobs import Job
from plugin.store.work.messages import Message

PAUSED_SECONDS: Final = 3600.0
"""After how long a warning is tried again while emails are paused."""


def carry_out(work: Work, shop: Shop, job: Job) -> None:
    """Send the job's message, unless it was sent, or has nobody to go to.

    UnknownKind, BadSubject, BadInput: it is of a kind that is not in the list, about nothing that its kind can be
    about, or its template is wrong; it stays as failed, for all to see.
    """
    message, member = _load(work, shop, job.number)
    if message.state == "sending":
        _move(work, shop, message, "unknown", "sending", "the worker stopped while the email was handed over")
    if message.state != "queued":
        return
    try:
        kind, reader = kind_of(message.kind), _reader(shop, message, member)
        mail = render(kind, _context(work, shop, kind, message, reader), _brand(shop))
    except LeftOut as error:
        _move(work, shop, message, "skipped", "queued", error.message)
    except (UnknownKind, BadSubject, BadInput) as error:
        _move(work, shop, message, "failed", "queued", str(error))
        raise
    else:
        _send(work, shop, message, reader, mail)


def _load(work: Work, shop: Shop, message_id: int) -> tuple[Message, Member | None]:
    with shop_transaction(work.engine, shop.id) as conn:
        message = messages.get(conn, shop.id, message_id)
        if message is None:
            raise NotFound("this message no longer exists")
        return message, members.get(conn, shop.id, message.member_id)


def _reader(shop: Shop, message: Message, member: Member | None) -> Member:
    """Whom it goes to; LeftOut when there is nobody, or it does not reach them now. NotYet: it waits for the end of a
    pause, for something is lost only once it has gone."""
    if member is None:
        raise LeftOut(NO_ADDRESS)
    if (why := reach.ask(shop.launch, member.person, Surface.MAIL, mail_of(message.kind)).why) is not None:
        if waits(message.kind, why):
            raise NotYet(reach_words.left_out(why), PAUSED_SECONDS)
        raise LeftOut(reach_words.left_out(why))
    return member


def _context(work: Work, shop: Shop, kind: MessageKind, message: Message, reader: Member) -> MailContext:
    """What the mail says, as of now; LeftOut when what it is about no longer stands, or it may not go."""
    with shop_transaction(work.engine, shop.id) as conn:
        occasion = Occasion.alone(conn, shop, reader, message, work.clients.settings, work.clock())
        if kind.about.nature == "promotional":
            insist_on_consent(occasion)
        context = KINDS[kind].build(occasion)
    if context is None:
        raise LeftOut(kind.about.gone)
    return context


def _send(work: Work, shop: Shop, message: Message, reader: Member, mail: RenderedMail) -> None:
    def before_handover() -> None:
        if not _move(work, shop, message, "sending", "queued", subject=mail.subject):
            raise Refused("the message was taken back while it was being sent")

    try:
        work.mailer.send(mail, reader.email, message_id(shop, message), before_handover)
    except UnknownOutcome as error:
        _move(work, shop, message, "unknown", "sending", error.message)
    except Unavailable:
        _move(work, shop, message, "queued", "sending")
        raise
    except Refused as error:
        for state in ("queued", "sending"):
            _move(work, shop, message, "failed", state, error.message)
    else:
        _move(work, shop, message, "sent", "sending")


def _brand(shop: Shop) -> Brand:
    return replace(Brand(sender_name=shop.name), **dict(shop.brand)) if shop.brand else Brand(sender_name=shop.name)


def message_id(shop: Shop, message: Message) -> str:
    """The Message-ID: the same for every try, so that a mail server that looks can drop a repeat."""
    return f"<suki.{shop.id}.{message.id}@{shop.domain}>"


def _move(
    work: Work, shop: Shop, message: Message, state: str, expected: str, error: str = "", *, subject: str = ""
) -> bool:
    with shop_transaction(work.engine, shop.id) as conn:
        moved = messages.move_to(
            conn, shop.id, message.id, state, work.clock(), expected=expected, error=error, subject=subject
        )
    if moved:
        mail_outcomes.labels(message.kind, state).inc()
    return moved
