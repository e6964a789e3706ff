"""Makes the letter of one message: rendered as the shop designed its kind, with its links, and the marks by which it is
known again.

What a merchant published was checked; if it fails all the same, the version before it is sent, else the email as it
comes with the app, and the message says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from plugin.clients.smtp import tracing
from plugin.clients.smtp.provider import Letter
from plugin.errors import BadInput
from plugin.messages.about_members import EVERYTHING, AboutMembers, with_facts
from plugin.messages.apart import rendered
from plugin.messages.mailing.own_words import content_of
from plugin.messages.render import Piece, asks_of, render_piece
from plugin.messages.sending.own_names import in_words
from plugin.messages.texts import Texts
from plugin.observe import get_logger
from plugin.rules.brand import Brand
from plugin.rules.emails.design import Content, Source
from plugin.rules.emails.style_sheets import Rule
from plugin.rules.emails.unsubscribe_link import sheets_of, with_link
from plugin.rules.formats import reader_locale
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import MailContext, RenderedMail
from plugin.rules.sending.counting import Counting, counted
from plugin.rules.sending.sender import sender_of
from plugin.rules.sending.signed_links import EmailLinks, Links
from plugin.settings import Settings
from plugin.store.members.members import Member
from plugin.store.shops.shops import Shop
from plugin.store.work.messages import Message

log = get_logger()
BROKEN: Final = "your own version of this email couldn't be sent"
"""What is noted at a message for which an older version, or the default, was sent instead."""
Versions = Callable[[MessageKind], Sequence[Content | None]]
"""The published contents of a kind before the newest one, newest first."""


@dataclass(frozen=True, slots=True)
class Part:
    """A message that goes in another one, and what it says there."""

    message: Message
    piece: Piece


@dataclass(frozen=True, slots=True)
class Written:
    """A letter that is ready to go, and what there is to note at its message."""

    letter: Letter
    note: str = ""


@dataclass(slots=True)
class Letters:
    """What a whole batch has in common. `published` is what the shop made of its kinds."""

    settings: Settings
    shop: Shop
    brand: Brand
    links: EmailLinks
    published: Mapping[str, Content]
    before: Versions
    _sender: tuple[str, str] = ("", "")
    _counting: Counting = Counting()
    _broken: dict[MessageKind, Content | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shop = self.shop
        self._sender = sender_of(shop.settings, shop.brand, shop.name or shop.domain, "")
        self._counting = Counting.read(shop.settings)

    def told(
        self, about: AboutMembers, kind: MessageKind, message: Message, reader: Member, context: MailContext
    ) -> MailContext:
        """What the email says, with how its member stands, as far as the shop's design asks for it."""
        links = self._links(kind, message, reader)
        asks = self._asks(kind, context)
        facts = about.of(reader, context.locale, asks, links.preferences_url, links.unsubscribe_url)
        return with_facts(in_words(context, about.reads.names(reader_locale(context.locale))), facts)

    def piece(self, kind: MessageKind, context: MailContext) -> Piece:
        """What an email says within another one. BadInput: it can't be rendered."""
        content = self.published.get(kind)
        if isinstance(content, Source):
            raise BadInput("This email is written as source code, and can't be part of another.")
        return render_piece(kind, context, self.brand, content)

    def write(
        self,
        kind: MessageKind,
        message: Message,
        reader: Member,
        context: MailContext,
        parts: Sequence[Part] = (),
        *,
        promotional: bool,
    ) -> Written:
        """One letter. BadInput: not even the email that comes with the app can be rendered."""
        mail, note = self._rendered(kind, context, [each.piece for each in parts])
        shop, ref = self.shop, self.links.ref(self.shop.id, message.id)
        address, name = self._sender
        unsubscribe = self._links(kind, message, reader).unsubscribe_url if promotional else ""
        if unsubscribe and kind in self.published:
            words = Texts(reader_locale(context.locale)).text("footer.unsubscribe")
            mail = with_link(mail, unsubscribe, words, self._trusted(kind, context))
        mail = counted(mail, self.links, self._counting, kind, shop.id, message.id)
        letter = Letter(
            message.id,
            replace(mail, from_name=name, unsubscribe_url=unsubscribe),
            reader.email,
            message_id(shop, message),
            sender=address,
            returns_to=tracing.envelope(self.settings.bounce_domain, ref, self.settings.mail_from),
            headers={**tracing.headers(self.settings.mail_provider, ref), "Feedback-ID": self._feedback(kind)},
        )
        return Written(letter, note)

    def _links(self, kind: MessageKind, message: Message, reader: Member) -> Links:
        return self.links.links(self.shop.id, reader.id, kind, message.created_at)

    def _asks(self, kind: MessageKind, context: MailContext) -> Collection[str]:
        """The names that the email prints; everything, where that is not known or it can't be rendered anyway."""
        try:
            found = asks_of(kind, content_of(self.published.get(kind), context), context.locale)
        except BadInput:
            return EVERYTHING
        return EVERYTHING if found is None else found

    def _rendered(self, kind: MessageKind, context: MailContext, pieces: Sequence[Piece]) -> tuple[RenderedMail, str]:
        content = content_of(self.published.get(kind), context)
        if content is None:
            return rendered(kind, context, self.brand, None, pieces), ""
        if kind not in self._broken:
            try:
                return rendered(kind, context, self.brand, content, pieces), ""
            except BadInput as error:
                log.warning("own_email_broken", shop=self.shop.domain, kind=kind, error=error.message)
        return self._instead(kind, context, pieces), BROKEN

    def _instead(self, kind: MessageKind, context: MailContext, pieces: Sequence[Piece]) -> RenderedMail:
        """By the newest older version that can be rendered, else as it comes with the app."""
        older = [self._broken[kind]] if kind in self._broken else self.before(kind)
        for content in older:
            try:
                mail = rendered(kind, context, self.brand, content, pieces)
            except BadInput:
                continue
            self._broken[kind] = content
            return mail
        self._broken[kind] = None
        return rendered(kind, context, self.brand, None, pieces)

    def _trusted(self, kind: MessageKind, context: MailContext) -> frozenset[Rule] | None:
        """Of a merchant's own source, the rules of style that are those of the email as it comes with the app; of
        blocks nothing, for all of theirs are."""
        if not isinstance(self.published[kind], Source):
            return None
        return sheets_of(rendered(kind, context, self.brand, None).html).rules

    def _feedback(self, kind: MessageKind) -> str:
        """What mailbox providers report complaints by (Gmail's Feedback-ID): kind, shop, and last who sends."""
        return f"{kind}:{self.shop.id}::suki-loyalty"


def message_id(shop: Shop, message: Message) -> str:
    """The Message-ID: the same for every try, so that a mail server that looks can drop a repeat; another one where
    staff had it sent again after it had been sent."""
    again = f".{message.sent_at:%Y%m%d%H%M%S}" if message.sent_at is not None else ""
    return f"<suki.{shop.id}.{message.id}{again}@{shop.domain}>"
