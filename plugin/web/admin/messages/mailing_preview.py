"""A mailing as its readers get it, and a test of it to whoever works on it."""

from __future__ import annotations

from plugin.errors import BadInput, SukiError
from plugin.messages.about_members import with_facts
from plugin.messages.kind import preview_facts
from plugin.messages.mailing.mail import sample
from plugin.messages.mailing.own_words import content_of
from plugin.rules.mailings.mailing import Letter, text_for
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import RenderedMail
from plugin.store.emails import versions
from plugin.web.admin.messages import email_preview, email_test, own_kinds
from plugin.web.admin.messages.email_preview import Seen
from plugin.web.current import shop, transaction
from plugin.web.words import said


def seen(letter: Letter, language: str) -> Seen:
    """What a reader of this language gets; what can't be shown says why."""
    try:
        mail = _rendered(letter, language)
    except SukiError as error:
        words = next(iter(error.fields.values()), error.message) if isinstance(error, BadInput) else error.message
        return Seen(wrong=said(words))
    return Seen(mail.subject, mail.html)


def send_test(letter: Letter, language: str) -> None:
    """Send it to the address that Shopify gave for this account; raises as `email_test.send` does."""
    email_test.send_mail(_rendered(letter, language))


def _rendered(letter: Letter, language: str) -> RenderedMail:
    with transaction() as conn:
        published = versions.published(conn, shop().id).get(MessageKind.MAILING)
    written = text_for(letter.texts, letter.language, language)
    made_for = own_kinds.sample_shop(language)
    known = with_facts(sample(made_for, written, letter.code), preview_facts(made_for))
    content = content_of(own_kinds.content_or_default(MessageKind.MAILING, published), known)
    assert content is not None
    return email_preview.rendered(MessageKind.MAILING, content, known)
