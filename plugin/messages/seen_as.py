"""An email as one member would get it now: built from what is true of them, or a sample with their own figures."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Connection

from plugin.errors import SukiError
from plugin.messages.about_members import AboutMembers
from plugin.messages.head import head
from plugin.messages.kind import Occasion
from plugin.messages.kinds import KINDS
from plugin.messages.reads import Reads
from plugin.messages.sending.own_names import in_words
from plugin.rules.formats import reader_locale
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import MailContext
from plugin.rules.names.subject_grammar import BadSubject
from plugin.rules.sending.wishes import refusable
from plugin.rules.subjects import Order
from plugin.settings import Settings
from plugin.store.members.members import Member
from plugin.store.orders.orders import StoredOrder
from plugin.store.points import balances
from plugin.store.shops.shops import Shop
from plugin.store.work import messages
from plugin.store.work.messages import Message


@dataclass(frozen=True, slots=True)
class Seer:
    """Within a transaction of the shop, as of now."""

    conn: Connection
    shop: Shop
    settings: Settings
    now: datetime


def seen_as(
    by: Seer, kind: MessageKind, member: Member, sample: MailContext, order: StoredOrder | None, language: str
) -> MailContext:
    """What such an email about the order, else the newest such email to the member, would say now, in a language.

    Where there is none, the sample with their name and points. Its links to settings are the shop's own address: a
    preview lets nobody unsubscribe somebody else.
    """
    about = [str(Order(order.order_id))] if order is not None else []
    known = messages.of_member(by.conn, by.shop.id, member.id)
    about += [message.subject for message in known if message.kind == kind]
    built = (_built(by, kind, member, subject) for subject in about)
    found = next((one for one in built if one is not None), None) or _with_their_own(by, member, sample)
    message = Message(0, member.id, kind, "", "queued", "", "", "", by.now, None)
    people = AboutMembers(Reads(by.conn, by.shop, [message], [member], by.now))
    unsubscribe_url = by.shop.storefront if refusable(kind) else ""
    facts = people.of(member, language, preferences_url=by.shop.storefront, unsubscribe_url=unsubscribe_url)
    said = replace(cast(Any, found), locale=language, facts=facts)
    return cast(MailContext, in_words(said, people.reads.names(reader_locale(language))))


def as_sent(by: Seer, kind: MessageKind, member: Member, message: Message) -> MailContext | None:
    """What one message of the member says, from what is stored now; None where what it was about is gone since.

    In the language in which it went; nobody is unsubscribed by looking at it.
    """
    found = _built(by, kind, member, message.subject)
    if found is None:
        return None
    people = AboutMembers(Reads(by.conn, by.shop, [message], [member], by.now))
    language = message.language or found.locale
    unsubscribe_url = by.shop.storefront if refusable(kind) else ""
    facts = people.of(member, language, preferences_url=by.shop.storefront, unsubscribe_url=unsubscribe_url)
    said = replace(cast(Any, found), locale=language, facts=facts)
    return cast(MailContext, in_words(said, people.reads.names(reader_locale(language))))


def _built(by: Seer, kind: MessageKind, member: Member, subject: str) -> MailContext | None:
    message = Message(0, member.id, kind, subject, "queued", "", "", "", by.now, None)
    try:
        return KINDS[kind].build(Occasion.alone(by.conn, by.shop, member, message, by.settings, by.now))
    except (SukiError, BadSubject):
        return None


def _with_their_own(by: Seer, member: Member, sample: MailContext) -> MailContext:
    assert is_dataclass(sample)
    has = balances.of_one(by.conn, by.shop.id, member, by.now)
    own = {
        **head(by.shop, member, currency=str(getattr(sample, "currency", ""))),
        "balance_available": has.available,
        "balance_pending": has.pending,
        "is_guest": member.state == "guest",
    }
    known = {field.name for field in fields(sample)}
    return cast(MailContext, replace(cast(Any, sample), **{name: one for name, one in own.items() if name in known}))
