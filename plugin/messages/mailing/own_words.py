"""A mailing's own words, over whatever the shop made of the kind's design."""

from __future__ import annotations

from plugin.messages.designs import default_of
from plugin.messages.mailing.mail import MailingContext
from plugin.rules.emails.design import Content, Source
from plugin.rules.formats import reader_locale
from plugin.rules.mailings.mailing import over
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import MailContext


def content_of(content: Content | None, context: MailContext) -> Content | None:
    """What an email is rendered from: for a mailing, with what was written for it. A source prints it by itself."""
    if not isinstance(context, MailingContext) or isinstance(content, Source):
        return content
    design = default_of(MessageKind.MAILING) if content is None else content
    return over(design, context.written, reader_locale(context.locale).language)
