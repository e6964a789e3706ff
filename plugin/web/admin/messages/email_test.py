"""A test of an email, to whoever works on it, from the address that the real one comes from: it counts as no message,
and stands in no member's log."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Final

from plugin.clients.smtp.mail import Mailer
from plugin.errors import BadInput, TooMany
from plugin.rules.emails.design import Content
from plugin.rules.formats import one_line
from plugin.rules.message_kinds import MessageKind
from plugin.rules.messages import RenderedMail
from plugin.rules.names.turns import TestEmails
from plugin.rules.sending.sender import sender_of
from plugin.rules.words.texts import Said
from plugin.store.shops import paces
from plugin.web.admin.messages import email_preview
from plugin.web.current import account, now, parts, shop, transaction

AN_HOUR: Final = 30
"""Of one person of the staff."""


def send(kind: MessageKind, content: Content, language: str, who: str) -> None:
    """Send it to the address that Shopify gave for this account, its subject marked as a test.

    BadInput: there is no address. TooMany. What the mail server says: Refused, NotYet, Unavailable, UnknownOutcome.
    """
    insist_on_address()
    send_mail(email_preview.rendered(kind, content, email_preview.context_for(kind, language, who)))


def insist_on_address() -> str:
    """Where it goes. BadInput: Shopify gave no address for this account."""
    if not account().email:
        raise BadInput(Said("messages.test.no_address"))
    return account().email


def send_mail(mail: RenderedMail) -> None:
    """Send what was rendered; raises as `send` does."""
    address = insist_on_address()
    with transaction() as conn:
        if not paces.take(conn, shop().id, [(str(TestEmails(account().id)), AN_HOUR)], now()):
            raise TooMany(Said("messages.test.too_many", count=AN_HOUR), 3600)
    marked = replace(
        mail, subject=one_line(str(Said("messages.test.subject", subject=mail.subject))), unsubscribe_url=""
    )
    sender, shown = sender_of(shop().settings, shop().brand, shop().name, parts().settings.mail_from)
    name = f"<suki.{shop().id}.test.{secrets.token_hex(8)}@{shop().domain}>"
    with Mailer.from_settings(parts().settings) as mailer:  # rare: no connection is kept for it
        mailer.send(replace(marked, from_name=shown), address, name, sender=sender)
