"""The links at the foot of every email, signed with a key that outlives ENCRYPTION_KEYS: mails are kept for years."""

from __future__ import annotations

from sqlalchemy import Connection

from plugin.actions.shops.own_keys import EMAIL_LINKS, key_on
from plugin.rules.sending.signed_links import EmailLinks
from plugin.settings import Settings
from plugin.store.shops.seal import Seal


def email_links(conn: Connection, settings: Settings) -> EmailLinks:
    """What makes and knows the links; read once for a whole batch of emails."""
    return EmailLinks(settings.app_url, key_on(conn, Seal.of(settings), EMAIL_LINKS))
