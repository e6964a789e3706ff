"""One email as its member got it: its subject line as it was sent, and its text, built again from what is stored."""

from __future__ import annotations

from flask import Flask, Response
from sqlalchemy import Connection

from plugin.actions.members.tell_members import mail_of
from plugin.errors import BadInput, UnknownKind
from plugin.messages.apart import preview
from plugin.messages.seen_as import Seer, as_sent
from plugin.rules import reach
from plugin.rules.emails.design import Content
from plugin.rules.message_kinds import LABELS, MessageKind, kind_of
from plugin.rules.messages import MailContext, RenderedMail
from plugin.rules.reach import Surface
from plugin.rules.words import reach_words
from plugin.store.emails import versions
from plugin.store.members import members
from plugin.store.members.members import Member
from plugin.store.work import messages
from plugin.store.work.messages import Message
from plugin.web.admin.frame.layout import found, page, row_id
from plugin.web.admin.messages import own_kinds
from plugin.web.admin.messages.mails import STATES, WENT, language_name, why
from plugin.web.auth import caller
from plugin.web.current import now, parts, reading, shop, transaction
from plugin.web.noted import noted
from plugin.web.words import t


def register(app: Flask) -> None:
    """Add the route."""
    app.add_url_rule("/app/messages/<int:message_id>", "letter", letter)


@caller("session", reads="messages")
def letter(message_id: int) -> Response:
    """Whom it went to, when, what became of it, what it says, and a button that sends it again."""
    with transaction() as conn:
        message = found(messages.get(conn, shop().id, row_id(message_id)))
        member = found(members.get(conn, shop().id, message.member_id))
        context = _context(conn, message, member)
        content = versions.published(conn, shop().id).get(message.kind)
        reading("messages", 1, about=f"member {member.id}")
    again, not_again = _again(message, member)
    shown = _shown(kind_of(message.kind), context, content) if context is not None else None
    return page(
        "admin/messages/letter.html",
        message=message,
        member=member,
        mail=shown,
        kinds=LABELS,
        states={each: t(f"messages.mails.state.{each}") for each in STATES},
        why=why(message),
        spoken=language_name(message.language) if message.language else "",
        again=again,
        not_again=not_again,
        went=message.state in WENT,
    )


def _context(conn: Connection, message: Message, member: Member) -> MailContext | None:
    try:
        kind: MessageKind = kind_of(message.kind)
    except UnknownKind:
        return None
    if kind.about.always:  # its link proves who somebody is
        return None
    return as_sent(Seer(conn, shop(), parts().settings, now()), kind, member, message)


def _shown(kind: MessageKind, context: MailContext, content: Content | None) -> RenderedMail | None:
    """The email in the shop's design of today; None where that cannot be rendered for this member."""
    try:
        return preview(kind, context, own_kinds.brand(), own_kinds.content_or_default(kind, content))
    except BadInput:
        return None


def _again(message: Message, member: Member) -> tuple[bool, str]:
    """Whether sending it again makes sense: it is not on its way, and the member may be written to; else why not, where
    that is not plain to see."""
    if message.state in ("queued", "sending") or message.part_of is not None:
        return False, ""
    try:
        mail = mail_of(message.kind, shop().settings)
    except UnknownKind:
        return False, ""
    why = reach.ask(shop().launch, member.person, Surface.MAIL, mail).why
    return why is None, noted(reach_words.left_out(why)) if why else ""
